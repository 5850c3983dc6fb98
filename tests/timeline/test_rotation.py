"""Another key for everything: all is readable with it, nothing with the old one, also when it was killed anywhere."""

from __future__ import annotations

import random
import shutil
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

from tests.support.stores import StoreUnderTest
from timeline.database import open_database, transaction
from timeline.errors import AlreadyRunning, KeyUnavailable, StoreUnusable
from timeline.home import Home, write_private
from timeline.keys import Key, derive, load_key, seal, unseal
from timeline.reader import Reader
from timeline.safekeeping import unlocking
from timeline.safekeeping.custody import set_passphrase
from timeline.safekeeping.key_file import KeyFile, Raw, read_key_file, write_key_file
from timeline.safekeeping.rotation import rotate
from timeline.sealed_file import SealedReader, SealedWriter
from timeline.spool import Spool

ROOT = Path(__file__).parents[2]
PICTURE = np.arange(48, dtype=np.uint8).reshape(4, 4, 3)
PARTS = [bytes([number]) * 50_000 for number in range(4)]


def _segment(home: Home, key: Key, name: str, *, closed: bool = True) -> Path:
    path = home.video / "2025-11-22" / name
    path.parent.mkdir(mode=0o700, exist_ok=True)
    writer = SealedWriter.create(path, derive(key, "video"))
    for part in PARTS:
        writer.append(part)
    if closed:
        writer.close()
    writer.abandon()
    return path


@pytest.fixture
def filled(store: StoreUnderTest) -> tuple[Home, Key, str]:
    """A store with text, segments, a spooled picture and a vector cache; its key and the name of the spooled one."""
    for number in range(60):
        store.frame(number, [f"line {number} of a page about harbours"])
    home, key = store.home, store.key
    _segment(home, key, "120000-m0-a.mp4.sealed")
    _segment(home, key, "120500-m0-b.mp4.sealed", closed=False)
    spooled = Spool(home, key).put(PICTURE)
    write_private(home.vectors, seal(derive(key, "vectors.index"), b"vectors"))
    store.close()
    return home, key, spooled


def _assert_whole(home: Home, spooled: str) -> None:
    key = load_key(home)
    with Reader.open(home, key) as reader:
        assert (reader.counts().frames, reader.db.execute("PRAGMA integrity_check").fetchone()) == (60, ("ok",))
    for path, closed in zip(sorted(home.video.rglob("*.sealed")), (True, False), strict=True):
        with SealedReader(path, derive(key, "video")) as segment:
            assert [segment.record(number) for number in range(len(segment))] == PARTS
            assert segment.complete is closed
    found = Spool(home, key).get(spooled)
    assert found is not None
    assert (found == PICTURE).all()
    assert unseal(derive(key, "vectors.index"), home.vectors.read_bytes()) == b"vectors"


def test_everything_is_readable_with_the_new_key_and_nothing_with_the_old(filled: tuple[Home, Key, str]) -> None:
    """Database, segments (closed or not), spool and vector cache."""
    home, old, spooled = filled
    rotated = rotate(home, lambda done, total: None)
    assert (rotated.files, rotated.damaged) == (5, 0)
    assert load_key(home).raw != old.raw
    _assert_whole(home, spooled)
    with pytest.raises(StoreUnusable):
        open_database(home.database, old, read_only=True)
    with pytest.raises(StoreUnusable):
        SealedReader(home.video / "2025-11-22" / "120000-m0-a.mp4.sealed", derive(old, "video"))


def test_progress_ends_at_the_whole(filled: tuple[Home, Key, str]) -> None:
    """And never goes back."""
    steps: list[tuple[int, int]] = []
    rotate(filled[0], lambda done, total: steps.append((done, total)))
    assert steps[-1][0] == steps[-1][1]
    assert steps == sorted(steps)


def test_a_change_that_is_under_way_is_told(filled: tuple[Home, Key, str]) -> None:
    """No command takes one of two keys for the only one."""
    home, old, _ = filled
    write_key_file(home, KeyFile(Raw(old.raw), Raw(bytes(32))))
    with pytest.raises(KeyUnavailable, match="dayreel key rotate"):
        load_key(home)


def test_what_reads_the_store_holds_it_up(filled: tuple[Home, Key, str]) -> None:
    """An open interface would else lose its store under it; afterwards it goes on."""
    home, old, spooled = filled
    with Reader.open(home, old) as reader:
        reader.counts()
        with pytest.raises(AlreadyRunning, match="close the terminal interface"):
            rotate(home, lambda done, total: None)
    rotate(home, lambda done, total: None)
    _assert_whole(home, spooled)


def test_the_new_key_is_guarded_by_the_same_passphrase(
    filled: tuple[Home, Key, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is asked for, since the login remembers the key only."""
    home, old, spooled = filled
    monkeypatch.setattr(unlocking, "_asks", [lambda why: "a good passphrase"])
    monkeypatch.setattr(unlocking, "_known", {})
    set_passphrase(home, old, "a good passphrase")
    rotate(home, lambda done, total: None)
    assert read_key_file(home).new is None
    monkeypatch.setattr(unlocking, "_known", {})
    assert load_key(home).kept_in == "passphrase"
    assert load_key(home).raw != old.raw
    _assert_whole(home, spooled)


def test_a_half_written_key_file_is_not_left(filled: tuple[Home, Key, str]) -> None:
    """It may hold the key in clear, and nobody would look for it."""
    home, old, _ = filled
    left = home.root / "key.123.new"
    left.write_text(f"raw {old.raw.hex()}")
    rotate(home, lambda done, total: None)
    assert not left.exists()


def test_a_damaged_segment_keeps_what_can_be_read(filled: tuple[Home, Key, str]) -> None:
    """One altered record of four; a file that no reader opens stays as it is."""
    home, _, _ = filled
    path = home.video / "2025-11-22" / "120500-m0-b.mp4.sealed"
    data = bytearray(path.read_bytes())
    data[60_000] ^= 1
    path.write_bytes(data)
    assert rotate(home, lambda done, total: None).damaged == 1
    with SealedReader(path, derive(load_key(home), "video")) as segment:
        assert [segment.record(number) for number in range(len(segment))] == [PARTS[0], *PARTS[2:]]


def test_what_a_killed_writer_left_in_the_log_goes_over(store: StoreUnderTest, tmp_path: Path) -> None:
    """Committed, but not yet in the database itself."""
    store.frame(0, ["words in the log alone"])
    home = Home(tmp_path / "copy")  # as a kill leaves it: nothing was closed
    shutil.copytree(store.home.root, home.root)
    assert (home.root / "timeline.db-wal").stat().st_size > 0
    rotate(home, lambda done, total: None)
    with Reader.open(home, load_key(home)) as reader:
        assert reader.counts().frames == 1
        assert reader.db.execute("SELECT count(*) FROM lines").fetchone() == (1,)


def test_a_damaged_timeline_is_told_before_anything_changes(filled: tuple[Home, Key, str]) -> None:
    """Half-way the store could neither be read nor be finished."""
    home, old, _ = filled
    data = bytearray(home.database.read_bytes())
    data[-100] ^= 1
    home.database.write_bytes(data)
    with pytest.raises(StoreUnusable, match="was not changed"):
        rotate(home, lambda done, total: None)
    assert load_key(home).raw == old.raw


def test_a_damaged_index_does_not_hold_it_up(filled: tuple[Home, Key, str]) -> None:
    """It is derived data, which the worker makes anew."""
    home, _, spooled = filled
    home.index_database.write_bytes(bytes(range(256)) * 32)
    assert rotate(home, lambda done, total: None).damaged == 1
    _assert_whole(home, spooled)


_RUN = (
    "import sys; from pathlib import Path; from timeline.home import Home\n"
    "from timeline.safekeeping.rotation import rotate\n"
    "print('go', flush=True); rotate(Home(Path(sys.argv[1])), lambda done, total: None)"
)


@pytest.mark.crash
def test_killed_anywhere_it_goes_on(filled: tuple[Home, Key, str]) -> None:
    """Thirty kills at random instants, each followed by another run; then all is there with one key."""
    home, _, spooled = filled
    db = open_database(home.database, load_key(home))
    db.execute("CREATE TABLE filler (data)")  # 8 MB, so that most kills fall into the database's transaction
    with transaction(db):
        for _ in range(400):
            db.conn.execute("INSERT INTO filler VALUES (randomblob(20000))")
    db.close()
    chance, killed = random.Random(4), 0
    for _ in range(30):
        command = [sys.executable, "-c", _RUN, str(home.root)]
        with subprocess.Popen(command, stdout=subprocess.PIPE, cwd=ROOT) as process:
            assert process.stdout is not None
            process.stdout.readline()
            time.sleep(chance.uniform(0, 0.2))
            process.kill()
            killed += process.wait() != 0
    assert killed > 0
    if read_key_file(home).new is not None:
        rotate(home, lambda done, total: None)
    _assert_whole(home, spooled)
    assert [path for path in home.root.rglob("*") if path.name.endswith((".new", "-journal"))] == []
