"""Making segments smaller: the same frames at the same times, readable at every instant, whole after any kill."""

from __future__ import annotations

import signal
import subprocess
import sys
import threading

import numpy as np
import pytest

from tests.support.room import little_room
from tests.support.segments import NAME, SIZE, files, page, record
from tests.support.stores import NOON_US, SECOND_US, StoreUnderTest
from timeline.errors import DiskFull
from timeline.keys import derive
from timeline.likeness import least_likeness
from timeline.model import Segment
from timeline.pictures import Pictures
from timeline.reencoding import LEAST_LIKENESS, Reencoding, small_name, sweep
from timeline.video import SegmentReader, SegmentWriter

NEVER = threading.Event()
LATER_US = NOON_US + 3600 * SECOND_US


def reencoding(store: StoreUnderTest) -> Reencoding:
    """Return what makes the segments of a store smaller."""
    return Reencoding(store.home, store.key, store.writer, store.reader)


def opened(store: StoreUnderTest, segment: Segment) -> SegmentReader:
    """Return a reader of a segment's file."""
    return SegmentReader(store.home.video / segment.name, derive(store.key, "video"), *SIZE)


def test_a_segment_becomes_smaller_and_keeps_its_frames(store):
    """The same number of frames at the same times, each showing the same; the old file is gone."""
    segment = record(store)
    before = (store.home.video / segment.name).stat().st_size
    with opened(store, segment) as old:
        assert reencoding(store).step(LATER_US, NEVER)
        after = store.reader.segment(segment.id)
        assert (after.name, after.pixels) == (small_name(NAME), "re-encoded")
        assert files(store.home) == [small_name(NAME)]
        assert (store.home.video / after.name).stat().st_size < 0.95 * before
        with opened(store, after) as new:
            assert new.times() == old.times()
            assert min(least_likeness(old.picture(t), new.picture(t)) for t in old.times()) >= LEAST_LIKENESS


def test_readers_go_on_through_the_swap(store):
    """Pictures that held the old file find the new one."""
    segment = record(store)
    frame_ids = store.reader.frame_ids(0, 100)
    with Pictures(store.home, store.key, store.reader) as pictures:
        pictures.bgr(store.reader.frame(frame_ids[0]))
        assert reencoding(store).step(LATER_US, NEVER)
        assert all(pictures.bgr(store.reader.frame(one)).shape == (360, 640, 3) for one in frame_ids)
    assert store.reader.segment(segment.id).pixels == "re-encoded"


def test_what_was_done_is_not_done_again(store):
    """One step a segment, then none is left."""
    record(store)
    record(store, name="2025-11-22/130000-m0-0000000b.mp4.sealed", start_s=60)
    chore = reencoding(store)
    assert [chore.step(LATER_US, NEVER) for _ in range(3)] == [True, True, False]
    assert chore.saved_bytes > 0


def test_a_segment_that_does_not_become_smaller_keeps_its_file(store):
    """It is marked as done all the same: it would not become smaller tomorrow."""
    segment = record(store, frames=1, crf=45)
    before = (store.home.video / NAME).read_bytes()
    chore = reencoding(store)
    assert chore.step(LATER_US, NEVER)
    assert (store.home.video / NAME).read_bytes() == before
    assert files(store.home) == [NAME]
    assert (store.reader.segment(segment.id).pixels, chore.saved_bytes) == ("re-encoded", 0)


def test_a_copy_that_lost_a_word_is_thrown_away(store, monkeypatch):
    """Whatever the encoder does: one tile of one frame is enough."""
    segment = record(store)

    def lossy(self: SegmentWriter, picture: np.ndarray, at_us: int) -> int:
        changed = picture.copy()
        if at_us == 3 * SECOND_US:
            changed[160:200, 300:420] = 255
        return written(self, changed, at_us)

    written = SegmentWriter.write
    monkeypatch.setattr(SegmentWriter, "write", lossy)
    assert reencoding(store).step(LATER_US, NEVER)
    assert files(store.home) == [NAME]
    assert store.reader.segment(segment.id).name == NAME


def test_young_open_and_unread_segments_are_left_alone(store):
    """Text is read from the best pixels there are."""
    segment = record(store)
    chore = reencoding(store)
    assert not chore.step(NOON_US, NEVER)
    store.writer.db.execute("UPDATE segments SET closed = 0 WHERE id = ?", [segment.id])
    assert not chore.step(LATER_US, NEVER)
    store.writer.close_segment(segment.id)
    store.writer.db.execute("UPDATE jobs SET state = 'waiting' WHERE frame_id = 1")
    assert not chore.step(LATER_US, NEVER)


def test_a_missing_segment_does_not_stop_the_others(store):
    """It is left, and the next one comes."""
    record(store)
    record(store, name="2025-11-22/130000-m0-0000000b.mp4.sealed", start_s=60)
    (store.home.video / NAME).unlink()
    chore = reencoding(store)
    assert [chore.step(LATER_US, NEVER) for _ in range(3)] == [True, True, False]
    assert files(store.home) == ["2025-11-22/130000-m0-0000000b-small.mp4.sealed"]


def test_a_stop_leaves_everything_as_it_was(store):
    """Between two frames."""
    segment, stop = record(store), threading.Event()
    stop.set()
    assert not reencoding(store).step(LATER_US, stop)
    assert files(store.home) == [NAME]
    assert store.reader.segment(segment.id).pixels == "recorded"


@pytest.mark.crash
@pytest.mark.parametrize(
    "killed_in",
    [
        *("SegmentWriter.write", "least_likeness", "Path.replace", "sync_folder"),
        *("Writer.change_pixels", "Path.unlink"),
    ],
)
def test_a_kill_anywhere_costs_nothing(store, killed_in):
    """Killed before each step of the swap, every frame is readable, and the next run finishes."""
    segment = record(store)
    done = subprocess.run(
        [sys.executable, "-c", KILLED, str(store.home.root), killed_in, str(LATER_US)], check=False, timeout=60
    )
    assert done.returncode == -signal.SIGKILL
    with Pictures(store.home, store.key, store.reader) as pictures:
        for one in store.reader.frame_ids(0, 100):
            pictures.bgr(store.reader.frame(one))
    sweep(store.home, store.reader)
    reencoding(store).step(LATER_US, NEVER)
    assert files(store.home) == [small_name(NAME)]
    assert store.reader.segment(segment.id).pixels == "re-encoded"


KILLED = """
import os, signal, sys, threading
from pathlib import Path
import timeline.reencoding as module
from timeline.home import Home
from timeline.keys import load_key
from timeline.reader import Reader
from timeline.writer import Writer

def killed(*given, **named):
    if given and isinstance(given[0], Path) and not {"replace", "unlink"}.isdisjoint({name}):
        wanted = given[0].name.endswith(".new") if name == "replace" else given[0].name.endswith("a.mp4.sealed")
        if not wanted:
            return real(*given, **named)
    os.kill(os.getpid(), signal.SIGKILL)

home, where, before_us = Home(Path(sys.argv[1])), sys.argv[2], int(sys.argv[3])
owner, _, name = where.rpartition(".")
holder = {"": module, "Path": Path, "SegmentWriter": module.SegmentWriter, "Writer": Writer}[owner]
key = load_key(home)
with Writer.open(home, key, durable=True) as writer, Reader.open(home, key) as reader:
    chore = module.Reencoding(home, key, writer, reader)
    real = getattr(holder, name)
    setattr(holder, name, killed)
    chore.step(before_us, threading.Event())
"""


def test_a_sweep_leaves_what_is_needed(store):
    """Unfinished copies and files that no row needs go; segments being written and foreign files stay."""
    record(store)
    day = store.home.video / "2025-11-22"
    for name in (f"{small_name('x.mp4.sealed')}.new", "foreign.mp4.sealed", "sealing.mp4.sealed.new"):
        (day / name).write_bytes(b"1")
    store.writer.db.execute("INSERT INTO segments (name, monitor, start_us, width, height, closed, pixels)"
                            " VALUES ('2025-11-22/gone.mp4.sealed', 0, 0, 1, 1, 1, 'gone')")  # fmt: skip
    (day / "gone.mp4.sealed").write_bytes(b"1")
    assert sweep(store.home, store.reader) == 2
    assert files(store.home) == [NAME, "2025-11-22/foreign.mp4.sealed", "2025-11-22/sealing.mp4.sealed.new"]


def test_a_lost_word_is_seen_and_coarser_shading_is_not():
    """The measure of likeness, on a page with a faint word."""
    old = page(1, *SIZE)
    old[100:110, 200:260:3] = 215
    lost = old.copy()
    lost[96:114, 196:264] = 255
    coarse = np.clip(old.astype(int) + np.random.default_rng(1).integers(-6, 7, old.shape), 0, 255).astype(np.uint8)
    assert least_likeness(old, lost) < LEAST_LIKENESS < 0.6 < least_likeness(old, coarse)
    assert least_likeness(old, old) == pytest.approx(1)


def test_a_full_disk_changes_nothing(store):
    """Nothing is left behind, and it is tried again."""
    segment = record(store)
    with little_room(2000), pytest.raises(DiskFull):
        reencoding(store).step(LATER_US, NEVER)
    assert files(store.home) == [NAME]
    assert store.reader.segment(segment.id).pixels == "recorded"
    assert reencoding(store).step(LATER_US, NEVER)
    assert files(store.home) == [small_name(NAME)]
