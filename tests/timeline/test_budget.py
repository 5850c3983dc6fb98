"""How much room recording may take: the spool's bound, the home's budget; frames without pixels."""

from __future__ import annotations

import os
import time

import numpy as np
import pytest

from recorder.segments import Segments
from tests.support.stores import NOON_US, StoreUnderTest, lines
from timeline.budget import HOME_MEASURED_S, SPOOL_MEASURED_S, Budget, SpoolBound
from timeline.clock import FixedClock
from timeline.errors import UnreadablePicture
from timeline.pictures import Pictures
from timeline.queue import Queue
from timeline.spool import Spool
from timeline.usage import SETTLED_S, Usage


def put(store: StoreUnderTest, name: str, size: int) -> None:
    """Make a file of a size somewhere below the home."""
    path = store.home.root / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(bytes(size))


def test_a_spool_without_a_limit_admits_all(store):
    """An empty setting is no limit."""
    put(store, "spool/a", 1_000_000)
    assert SpoolBound(store.home, None, FixedClock(0)).admits()


def test_a_full_spool_admits_nothing_until_the_worker_has_read(store):
    """What the worker read is seen within seconds."""
    clock = FixedClock(0)
    bound, spool = SpoolBound(store.home, 10_000, clock), Spool(store.home, store.key)
    name = spool.put(np.random.default_rng(1).integers(0, 255, (100, 100, 3), np.uint8))
    assert not bound.admits()
    spool.remove(name)
    clock.advance(SPOOL_MEASURED_S)
    assert bound.admits()


def test_each_admission_counts_at_once(store):
    """A burst within the seconds between two measurements does not go far beyond the bound."""
    put(store, "spool/a", 4000)
    bound = SpoolBound(store.home, 10_000, FixedClock(0))
    assert [bound.admits() for _ in range(4)] == [True, True, False, False]


def test_the_spool_is_not_listed_for_each_frame(store, monkeypatch):
    """Between two measurements only what was put is counted."""
    clock = FixedClock(0)
    bound = SpoolBound(store.home, 1_000_000, clock)
    assert bound.admits()
    monkeypatch.setattr("timeline.budget.folder_bytes", lambda folder: pytest.fail("listed again"))
    clock.advance(SPOOL_MEASURED_S / 2)
    assert bound.admits()


def test_a_home_takes_what_its_files_take(store):
    """Video of all days, databases, the spool."""
    before = Usage(store.home).measure()
    put(store, "video/2025-11-22/a.mp4.sealed", 3000)
    put(store, "video/2025-11-23/b.mp4.sealed", 2000)
    put(store, "spool/x", 70)
    put(store, "thumbnails.db", 500)
    put(store, "vectors.index", 11)
    after = Usage(store.home).measure()
    assert (after.video, after.spool, after.thumbnails, after.index - before.index) == (5000, 70, 500, 11)
    assert after.total == before.total + 5581
    assert before.database >= store.home.database.stat().st_size > 0


def test_a_journal_is_no_part_of_what_a_budget_counts(store):
    """It is written over again and again, and gone when the home is left alone."""
    before = Usage(store.home).measure()
    put(store, "index.db-wal", 4_000_000)
    after = Usage(store.home).measure()
    assert (after.total, after.journals) == (before.total, before.journals + 4_000_000)


def test_a_day_that_is_over_is_measured_once_until_its_folder_changes(store, monkeypatch):
    """A year of segments costs one look at each day."""
    put(store, "video/2025-11-22/a.mp4.sealed", 3000)
    day = store.home.video / "2025-11-22"
    long_ago = time.time() - 2 * SETTLED_S
    os.utime(day, (long_ago, long_ago))
    usage = Usage(store.home)
    assert usage.measure().video == 3000
    with monkeypatch.context() as patched:
        patched.setattr("timeline.usage.file_bytes", lambda path: 0 if "a.mp4" in str(path) else 1)
        assert usage.measure().video == 3000
    (day / "a.mp4.sealed").unlink()
    assert usage.measure().video == 0


def test_a_segment_that_grows_is_measured_again(store):
    """Its folder does not change while it grows."""
    put(store, "video/2025-11-22/a.mp4.sealed", 3000)
    usage = Usage(store.home)
    usage.measure()
    put(store, "video/2025-11-22/a.mp4.sealed", 4000)
    assert usage.measure().video == 4000


def test_pixels_are_allowed_until_the_budget_is_taken(store):
    """The home is measured once a minute."""
    clock = FixedClock(0)
    taken = Usage(store.home).measure().total
    budget = Budget(store.home, taken + 5000, clock)
    assert budget.pixels_allowed()
    put(store, "video/2025-11-22/a.mp4.sealed", 6000)
    assert budget.pixels_allowed()
    clock.advance(HOME_MEASURED_S)
    assert not budget.pixels_allowed()
    (store.home.video / "2025-11-22/a.mp4.sealed").unlink()
    clock.advance(HOME_MEASURED_S)
    assert budget.pixels_allowed()


def test_without_a_budget_pixels_are_always_allowed(store):
    """An empty setting is no limit."""
    assert Budget(store.home, None, FixedClock(0)).pixels_allowed()


def test_a_frame_without_pixels_is_read_from_the_spool_and_then_has_no_picture(store):
    """Its text is kept; the spool entry goes when it was read."""
    picture = np.full((1080, 1920, 3), 200, np.uint8)
    segment_id = Segments(store.home, store.key, store.writer).without_pixels(0, (1080, 1920), NOON_US, 0)
    spool = Spool(store.home, store.key)
    frame_id = store.writer.add_frame(
        store.new_frame(0, segment_id=segment_id, pts_us=0, spool_name=spool.put(picture))
    )
    with Pictures(store.home, store.key, store.reader) as pictures:
        assert np.array_equal(pictures.bgr(store.reader.frame(frame_id)), picture)
        store.read(frame_id, lines("what was said"))
        [name] = Queue(store.writer).release_spooled()
        spool.remove(name)
        with pytest.raises(UnreadablePicture):
            pictures.bgr(store.reader.frame(frame_id))
    assert [line.text for line in store.reader.lines(frame_id)] == ["what was said"]
