"""A change of the key is refused before anything is written when something would stop it half-way."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.support.stores import StoreUnderTest
from timeline.database import open_database
from timeline.errors import AlreadyRunning, KeyUnavailable, StoreUnusable
from timeline.home import Home
from timeline.keys import derive, load_key
from timeline.reader import Reader
from timeline.safekeeping import exclusive, rotation
from timeline.safekeeping.key_file import KeyFile, Raw, read_key_file, write_key_file
from timeline.safekeeping.rotation import rotate
from timeline.sealed_file import SealedReader, SealedWriter

ROOT = Path(__file__).parents[2]
_READER = (
    "import sys; from pathlib import Path; from timeline.home import Home; from timeline.keys import load_key\n"
    "from timeline.database import open_database; home = Home(Path(sys.argv[1]))\n"
    "db = open_database(home.root / sys.argv[2], load_key(home), read_only=True)\n"
    "print('open', flush=True); sys.stdin.read()"
)


def _quietly(done: int, total: int) -> None:
    del done, total


@pytest.fixture
def home(store: StoreUnderTest) -> Home:
    """A store with a timeline, an index, thumbnails and a segment."""
    store.frame(0, ["harbour lights"])
    for path in (store.home.index_database, store.home.thumbnails):
        db = open_database(path, store.key)
        db.conn.execute("CREATE TABLE filler (data)")
        db.conn.execute("INSERT INTO filler VALUES (randomblob(200000))")
        db.close()
    path = store.home.video / "2025-11-22" / "120000-m0-a.mp4.sealed"
    path.parent.mkdir(mode=0o700)
    with SealedWriter.create(path, derive(store.key, "video")) as writer:
        writer.append(b"pixels")
    store.close()
    return store.home


@contextmanager
def _reader(home: Home, name: str) -> Iterator[int]:
    """Have another process hold a database open; give its number."""
    command = [sys.executable, "-c", _READER, str(home.root), name]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=ROOT) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"open\n"
        yield process.pid
        process.terminate()


def _all(home: Home) -> dict[Path, bytes]:
    return {
        path: path.read_bytes()
        for path in home.root.rglob("*")
        if path.is_file() and not path.name.endswith(("-shm", "-wal"))
    }


def _assert_whole(home: Home) -> None:
    key = load_key(home)
    with Reader.open(home, key) as reader:
        assert reader.counts().frames == 1
    for path in (home.index_database, home.thumbnails):
        db = open_database(path, key, read_only=True)
        assert db.conn.execute("SELECT length(data) FROM filler").fetchone() == (200_000,)
        db.close()
    (segment,) = home.video.rglob("*.sealed")
    with SealedReader(segment, derive(key, "video")) as sealed:
        assert sealed.record(0) == b"pixels"


@pytest.mark.parametrize("name", ["timeline.db", "index.db", "thumbnails.db"])
def test_an_open_reader_refuses_it_with_nothing_changed(home: Home, name: str) -> None:
    """Whichever database it reads; it is said who it is, and everything can be read meanwhile and afterwards."""
    before = _all(home)
    with _reader(home, name) as process:
        with pytest.raises(AlreadyRunning, match=rf"{name} is open in process {process}: close .* Nothing was changed"):
            rotate(home, _quietly)
        assert _all(home) == before
        _assert_whole(home)
    rotate(home, _quietly)
    _assert_whole(home)


def test_nothing_opens_a_database_while_it_is_held(home: Home) -> None:
    """Between the proof and the change."""
    with exclusive.held_alone(home, (load_key(home),)) as databases:
        assert [held.path.name for held in databases.held] == ["index.db", "thumbnails.db", "timeline.db"]
        refused = subprocess.run(
            [sys.executable, "-c", _READER, str(home.root), "timeline.db"],
            cwd=ROOT, stdin=subprocess.DEVNULL, capture_output=True, check=False, timeout=60,
        )  # fmt: skip
        assert refused.returncode != 0
    _assert_whole(home)


def test_databases_have_their_log_again_afterwards(home: Home) -> None:
    """Also when it was refused."""
    write_key_file(home, KeyFile(read_key_file(home).entry))
    with _reader(home, "timeline.db"), pytest.raises(AlreadyRunning):
        rotate(home, _quietly)
    rotate(home, _quietly)
    for path in home.root.glob("*.db"):
        db = open_database(path, load_key(home), read_only=True)
        assert db.conn.execute("PRAGMA journal_mode").fetchone() == ("wal",)
        db.close()


@pytest.mark.parametrize("name", ["timeline.db", "index.db", "thumbnails.db"])
def test_a_damaged_page_is_told_before_anything_changes(home: Home, name: str) -> None:
    """It could never be finished, and nothing could be read until it was."""
    path = home.root / name
    data = bytearray(path.read_bytes())
    data[-100] ^= 1
    path.write_bytes(data)
    with pytest.raises(StoreUnusable, match=f"{name} is damaged: the key was not changed"):
        rotate(home, _quietly)
    assert read_key_file(home).new is None


def test_a_page_damaged_half_way_does_not_hold_it_up_for_ever(home: Home) -> None:
    """What is derived from the timeline is made anew."""
    write_key_file(home, KeyFile(read_key_file(home).entry, Raw(bytes(32))))
    data = bytearray(home.index_database.read_bytes())
    data[-100] ^= 1
    home.index_database.write_bytes(data)
    assert rotate(home, _quietly).damaged == 1
    assert load_key(home).raw == bytes(32)


def test_a_folder_in_the_spool_does_not_hold_it_up(home: Home) -> None:
    """Nor a spool that is not there."""
    (home.spool / "lost+found").mkdir()
    rotate(home, _quietly)
    (home.spool / "lost+found").rmdir()
    home.spool.rmdir()
    rotate(home, _quietly)
    _assert_whole(home)


@pytest.mark.skipif(os.geteuid() == 0, reason="nothing is closed to root")
def test_a_folder_that_cannot_be_written_is_told_before_anything_changes(home: Home) -> None:
    """Half-way it would be too late."""
    (folder,) = home.video.iterdir()
    folder.chmod(0o500)
    try:
        with pytest.raises(StoreUnusable, match="the key was not changed"):
            rotate(home, _quietly)
    finally:
        folder.chmod(0o700)
    assert read_key_file(home).new is None


def test_a_segment_that_no_key_opens_keeps_the_old_one(home: Home) -> None:
    """One that is mended later (from a backup, by hand) is of that key."""
    old = load_key(home).raw
    (segment,) = home.video.rglob("*.sealed")
    data = bytearray(segment.read_bytes())
    data[-1] ^= 1
    segment.write_bytes(data)
    rotated = rotate(home, _quietly)
    assert rotated.put_aside is not None
    assert rotated.put_aside.stat().st_mode & 0o777 == 0o600
    assert read_key_file(home, rotated.put_aside) == KeyFile(Raw(old))
    assert [path.name for path in segment.parent.iterdir()] == [segment.name]


def test_a_copy_that_the_disk_gives_back_otherwise_stops_it(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    """The whole segment stays as it is, and its key with it; the next run goes on."""
    close = SealedWriter.close

    def altered(writer: SealedWriter) -> None:
        close(writer)
        (beside,) = home.video.rglob("*.new")
        data = bytearray(beside.read_bytes())
        data[-1] ^= 1
        beside.write_bytes(data)

    with monkeypatch.context() as bad:
        bad.setattr(SealedWriter, "close", altered)
        with pytest.raises(KeyUnavailable, match=r"stopped half-way.*dayreel key rotate"):
            rotate(home, _quietly)
    assert read_key_file(home).new is not None
    rotate(home, _quietly)
    _assert_whole(home)


def test_a_disk_that_fills_half_way_is_told_with_what_to_run(home: Home) -> None:
    """The files of this process may not grow: what is written is kept, and the next run goes on."""
    write_key_file(home, KeyFile(read_key_file(home).entry, Raw(bytes(32))))
    run = (
        "import resource, signal, sys; from pathlib import Path; from timeline.home import Home\n"
        "from timeline.errors import DiskFull; from timeline.safekeeping.rotation import rotate\n"
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[2]), int(sys.argv[2])))\n"
        "try: rotate(Home(Path(sys.argv[1])), lambda done, total: None)\n"
        "except DiskFull as error: print(error)"
    )
    told = subprocess.run(
        [sys.executable, "-c", run, str(home.root), "30"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout
    assert "dayreel key rotate" in told
    rotate(home, _quietly)
    _assert_whole(home)


def test_an_interrupted_change_is_told_by_every_reading(home: Home) -> None:
    """What happened, that nothing is lost, and what to run."""
    write_key_file(home, KeyFile(read_key_file(home).entry, Raw(bytes(32))))
    with pytest.raises(KeyUnavailable, match=r"was interrupted. Nothing is lost.*run `dayreel key rotate`"):
        load_key(home)


def test_a_change_under_way_is_told_with_who_makes_it(home: Home) -> None:
    """Nobody starts a second one for it."""
    write_key_file(home, KeyFile(read_key_file(home).entry, Raw(bytes(32))))
    held = (
        "import sys; from pathlib import Path; from dayreel.locks import hold; from timeline.home import Home\n"
        "with hold(Home(Path(sys.argv[1])), 'key'): print('held', flush=True); sys.stdin.read()"
    )
    command = [sys.executable, "-c", held, str(home.root)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=ROOT) as process:
        assert process.stdout is not None
        process.stdout.readline()
        with pytest.raises(KeyUnavailable, match=f"being changed by process {process.pid}: wait"):
            load_key(home)
        process.terminate()


def test_databases_go_over_before_segments(home: Home) -> None:
    """What others may have open is done with first."""
    order: list[str] = []
    segment = rotation._Files._segment
    with pytest.MonkeyPatch.context() as watched:
        watched.setattr(exclusive.Held, "give", lambda held, key: order.append(held.path.name))
        watched.setattr(rotation._Files, "_segment", lambda files, path: (order.append(path.name), segment)[0])
        rotate(home, _quietly)
    assert order == ["index.db", "thumbnails.db", "timeline.db", "120000-m0-a.mp4.sealed"]
