"""The processes behind `record` and `start`: what is started again, what ends, what is said."""

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from dayreel import background, supervisor
from dayreel.cli import main
from dayreel.locks import holder
from dayreel.settings import Settings
from dayreel.supervisor import Child, Supervisor
from dayreel.worker import Worker
from ocr.picture_file import load_picture
from recorder.segments import Segments
from tests.support.stores import NOON_US, StoreUnderTest
from timeline.errors import DayreelError, PartMissing
from timeline.home import Home
from timeline.queue import Queue
from timeline.spool import Spool
from timeline.thumbnails import Thumbnails

NO_MODEL = Settings()


class Deaths(Supervisor):
    """A supervisor whose children are small programs that end as told."""

    def __init__(self, home: Home, recorder: str, worker: str) -> None:
        super().__init__(home)
        self.starts: list[str] = []
        self._programs = {self._recorder.module: recorder, self._worker.module: worker}

    def _start(self, child: Child) -> subprocess.Popen[bytes]:
        self.starts.append(child.module)
        return subprocess.Popen([sys.executable, "-c", self._programs[child.module]], stdin=subprocess.PIPE)


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(supervisor, "LOOK_S", 0.01)
    monkeypatch.setattr(supervisor, "RESTART_WAIT_S", 0.0)


UNTIL_TOLD = "import sys; sys.stdin.read()"


def test_a_recorder_that_cannot_record_ends_the_recording(tmp_path: Path) -> None:
    """Its exit code is that of `dayreel record`; it is not tried again."""
    watched = Deaths(Home(tmp_path), "raise SystemExit(4)", UNTIL_TOLD)
    assert watched.run(threading.Event()) == 4
    assert watched.starts.count("dayreel.recorder_process") == 1


def test_a_recorder_that_dies_is_started_again_but_not_for_ever(tmp_path: Path) -> None:
    """Five deaths in a short while are enough."""
    watched = Deaths(Home(tmp_path), "import os; os.kill(os.getpid(), 9)", UNTIL_TOLD)
    assert watched.run(threading.Event()) == 1
    assert watched.starts.count("dayreel.recorder_process") == supervisor.MOST_DEATHS


@pytest.mark.parametrize("death", ["import os; os.kill(os.getpid(), 9)", "raise SystemExit(9)"])
def test_a_worker_that_dies_never_ends_the_recording(tmp_path: Path, death: str) -> None:
    """It is started again some times, then left alone for a while; the recorder goes on."""
    stop = threading.Event()
    watched = Deaths(Home(tmp_path), UNTIL_TOLD, death)
    threading.Timer(3.0, stop.set).start()
    assert watched.run(stop) == 0
    assert watched.starts.count("dayreel.worker_process") == supervisor.MOST_DEATHS
    assert watched.starts.count("dayreel.recorder_process") == 1


def test_no_child_outlives_its_supervisor(tmp_path: Path) -> None:
    """The pipe to its supervisor closes when that is killed, and the child ends by itself."""
    script = (
        "import subprocess, sys, time\n"
        "child = subprocess.Popen([sys.executable, '-m', 'dayreel.worker_process', '--home', sys.argv[1]],"
        " stdin=subprocess.PIPE)\nprint(child.pid, flush=True)\ntime.sleep(60)"
    )
    home = StoreUnderTest.make(tmp_path / "home")
    home.close()
    with subprocess.Popen([sys.executable, "-c", script, str(tmp_path / "home")], stdout=subprocess.PIPE) as parent:
        assert parent.stdout is not None
        child = int(parent.stdout.readline())
        parent.kill()
        parent.wait()
    assert _ends(child)


def _ends(process: int) -> bool:
    waited = threading.Event()
    for _ in range(100):
        if not Path(f"/proc/{process}").exists():
            return True
        waited.wait(0.2)
    return False


def test_starting_without_a_screen_says_so(tmp_path: Path) -> None:
    """`dayreel start` waits until something records; the recorder's own sentence and code come back."""
    with pytest.raises(DayreelError, match="DISPLAY") as caught:
        background.start(Home(tmp_path / "home"))
    assert caught.value.exit_code == 4
    assert holder(Home(tmp_path / "home"), "recorder") is None


@pytest.mark.parametrize("command", ["start", "doctor"])
def test_a_bad_pattern_in_the_settings_is_told_with_its_name(
    tmp_path: Path, command: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """By what would record and by what checks."""
    (tmp_path / "config.toml").write_text('[privacy]\ntitles = ["("]\n')
    assert main(["--home", str(tmp_path), command]) != 0
    told = capsys.readouterr()
    assert "privacy.titles holds '(', which is no regular expression" in told.out + told.err


def test_stopping_what_does_not_run_is_no_error(tmp_path: Path) -> None:
    """It says that nothing ran."""
    assert background.stop(Home(tmp_path / "home")) is False


@pytest.fixture
def waiting(store: StoreUnderTest) -> Iterator[Worker]:
    """A worker before a store with three waiting frames whose pictures are nowhere."""
    for second in range(3):
        store.writer.add_frame(store.new_frame(second))
    with Worker(store.home, NO_MODEL) as worker:
        yield worker


def test_a_missing_engine_costs_no_frame(
    store: StoreUnderTest, waiting: Worker, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is not installed today may be installed tomorrow: every frame still waits."""

    def missing(*chosen: object) -> None:
        raise PartMissing("No OCR engine is installed.")

    monkeypatch.setattr("dayreel.reading.choose_engine", missing)
    with pytest.raises(PartMissing):
        waiting.work_until_idle(threading.Event())
    assert (store.reader.counts().pending, store.reader.counts().failed) == (3, 0)


def test_frames_without_a_picture_are_set_aside(store: StoreUnderTest, waiting: Worker) -> None:
    """They never stop the others, and the worker comes to an end."""
    waiting.work_until_idle(threading.Event())
    assert (store.reader.counts().pending, store.reader.counts().failed) == (0, 3)


def test_a_worker_told_to_stop_leaves_the_rest_waiting(store: StoreUnderTest, waiting: Worker) -> None:
    """What is unread stays as jobs."""
    stop = threading.Event()
    stop.set()
    waiting.work_until_idle(stop)
    assert Queue(store.writer).take() is not None


@pytest.mark.parametrize("spooled", [True, False])
def test_a_frame_is_read_from_the_spool_or_from_the_video(store: StoreUnderTest, spooled: bool) -> None:
    """Beyond the spool's bound a frame has no entry: the worker decodes it; it gets its thumbnail either way."""
    picture = load_picture(Path(__file__).parents[1] / "ocr" / "pictures" / "english.png")
    height, width = picture.shape[:2]
    with closing(Segments(store.home, store.key, store.writer)) as segments:
        segment_id, pts_us = segments.write(0, picture, NOON_US, 0)
        spool_name = Spool(store.home, store.key).put(picture) if spooled else None
        frame_id = store.writer.add_frame(
            store.new_frame(0, segment_id=segment_id, pts_us=pts_us, width=width, height=height, spool_name=spool_name)
        )
        assert store.reader.unspooled() == (0 if spooled else 1)
        with Worker(store.home, NO_MODEL) as worker:
            assert worker.work_until_idle(threading.Event()) == 1
    assert sum(len(line.words) for line in store.reader.lines(frame_id)) > 20
    frame = store.reader.frame(frame_id)
    assert frame is not None
    with Thumbnails(store.home, store.key) as thumbnails:
        assert thumbnails.of(frame) is not None
