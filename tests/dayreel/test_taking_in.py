"""`dayreel import`: what is said, what is refused, and when it is done."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from dayreel import taking_in
from dayreel.cli import main
from dayreel.locks import hold
from dayreel.settings import Settings
from tests.support.stores import StoreUnderTest, lines
from tests.support.taking_in import paint
from timeline.errors import AlreadyRunning
from timeline.home import Home
from timeline.model import Interval
from timeline.queue import Queue
from timeline.reader import Reader
from timeline.readings import Readings

ROOT = Path(__file__).resolve().parents[2]
Output = pytest.CaptureFixture[str]


def nothing(_done: int, _total: int) -> None:
    """Show no progress."""


@contextmanager
def worker_elsewhere(home: Home) -> Iterator[threading.Event]:
    """Hold the worker's lock in another thread until the event is set."""
    held, end = threading.Event(), threading.Event()

    def work() -> None:
        with hold(home, "worker"):
            held.set()
            end.wait(10)

    thread = threading.Thread(target=work)
    thread.start()
    held.wait(10)
    yield end
    end.set()
    thread.join()


def test_a_refused_file_is_told_after_the_report(tmp_path: Path, capsys: Output) -> None:
    """Exit code 5; what was taken in is on stdout, what was left out and refused on stderr."""
    paint(tmp_path / "2023-01-20_16-04-00.png", 10)
    (tmp_path / "2023-01-20_16-04-20.png").write_bytes(b"damaged")
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder" / "notes.txt").touch()
    named = ["2023-01-20_16-04-00.png", "2023-01-20_16-04-20.png", "folder"]
    command = ["--home", str(tmp_path / "home"), "--json", "import", "--no-wait"]
    assert main([*command, *(str(tmp_path / name) for name in named)]) == 5
    shown = capsys.readouterr()
    assert json.loads(shown.out) == {"added": 1, "extended": 0, "known": 0}
    assert "notes.txt" in shown.err
    assert "2023-01-20_16-04-20.png" in shown.err.splitlines()[-1]


def test_a_second_import_at_the_same_time_is_refused(tmp_path: Path, capsys: Output) -> None:
    """Exit code 9; otherwise both would take the same files in."""
    paint(tmp_path / "2023-01-20_16-04-00.png", 10)
    home = Home(tmp_path / "home")
    command = ["--home", str(home.root), "import", "--no-wait", str(tmp_path / "2023-01-20_16-04-00.png")]
    with hold(home, "import"):
        assert main(command) == AlreadyRunning.exit_code
    assert "Another import" in capsys.readouterr().err
    assert main(command) == 0


def test_the_segments_of_a_killed_import_are_closed_by_the_next(store: StoreUnderTest, tmp_path: Path) -> None:
    """Nothing else would, where no recorder ever runs."""
    store.writer.close_segment(store.segment_id)
    paint(tmp_path / "shots" / "2023-01-20_16-04-00.png", 10)
    killing = [sys.executable, "-m", "tests.support.taking_in", str(store.home.root), str(tmp_path / "shots"), "1"]
    assert subprocess.run(killing, cwd=ROOT, check=False).returncode == -signal.SIGKILL
    assert len(store.writer.open_segments()) == 1
    assert taking_in.take_in(store.home, [tmp_path / "shots"], nothing).known == 1
    assert store.writer.open_segments() == []
    assert len(store.reader.frames(Interval(0, 2**62))) == 1


def test_the_segments_of_a_running_recorder_stay_open(store: StoreUnderTest, tmp_path: Path) -> None:
    """They are its own to close."""
    (tmp_path / "shots").mkdir()
    with hold(store.home, "recorder"):
        taking_in.take_in(store.home, [tmp_path / "shots"], nothing)
    assert [segment.id for segment in store.writer.open_segments()] == [store.segment_id]


def test_what_a_worker_leaves_behind_is_read_here(store: StoreUnderTest, monkeypatch: pytest.MonkeyPatch) -> None:
    """A worker that ends while it is waited for has not read all: then this process does."""
    monkeypatch.setattr(taking_in, "LOOK_S", 0.01)
    frame_id = store.writer.add_frame(store.new_frame(0), None)

    def read(*_arguments: object) -> None:
        Readings(store.writer).keep_reading(frame_id, lines("words"))
        Queue(store.writer).finish_read()

    monkeypatch.setattr(taking_in, "_read", read)
    with worker_elsewhere(store.home) as end:
        threading.Timer(0.7, end.set).start()
        taking_in.read_what_waits(store.home, Settings(), nothing)
    assert taking_in.pending(store.home) == 0


def test_waiting_keeps_one_reader_open(store: StoreUnderTest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Opening one derives keys; a wait of minutes looks hundreds of times, and ends at once when all is read."""
    monkeypatch.setattr(taking_in, "LOOK_S", 0.01)
    frame_id = store.writer.add_frame(store.new_frame(0), None)
    opened = 0
    open_reader = Reader.open

    def counting(*arguments: object) -> Reader:
        nonlocal opened
        opened += 1
        return open_reader(*arguments)  # type: ignore[arg-type]  # passed on as they came

    monkeypatch.setattr(Reader, "open", counting)
    with worker_elsewhere(store.home):
        threading.Timer(0.3, lambda: store.read(frame_id, lines("words"))).start()
        taking_in.wait_for_worker(store.home)
    assert opened == 1
