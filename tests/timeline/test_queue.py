"""The reading jobs and the spool entries they need."""

from __future__ import annotations

import os
import time
from collections.abc import Callable

import numpy as np
import pytest

from tests.support.stores import StoreUnderTest, lines
from timeline.errors import StoreUnusable
from timeline.queue import MOST_CRASHES, MOST_FAILURES, MOST_KILLS, Job, Queue
from timeline.readings import Readings
from timeline.spool import Spool


def test_frames_are_read_in_the_order_they_were_committed(store: StoreUnderTest) -> None:
    """The oldest waiting frame comes first."""
    ids = [store.writer.add_frame(store.new_frame(second)) for second in range(3)]
    queue = Queue(store.writer)
    assert [queue.take(), queue.take(), queue.take(), queue.take()] == [*(Job(one) for one in ids), None]


def test_a_lease_of_a_killed_worker_is_given_back(store: StoreUnderTest) -> None:
    """What was taken and never finished waits again at the next start."""
    frame_id = store.writer.add_frame(store.new_frame(0))
    Queue(store.writer).take()
    restarted = Queue(store.writer)
    restarted.recover()
    assert restarted.take() == Job(frame_id)


def test_a_frame_that_kills_its_reader_is_set_aside(store: StoreUnderTest) -> None:
    """After six deaths the frame is left, and counted as failed."""
    store.writer.add_frame(store.new_frame(0))
    queue = Queue(store.writer)
    for _ in range(MOST_KILLS):
        assert queue.take() is not None
        queue.recover()
    assert queue.take() is None
    assert store.reader.counts().failed == 1


def test_a_frame_on_which_its_reader_crashes_is_set_aside_sooner(store: StoreUnderTest) -> None:
    """After three crashes, with the reason that `status` tells."""
    store.writer.add_frame(store.new_frame(0))
    queue = Queue(store.writer)
    for _ in range(MOST_CRASHES):
        assert queue.take() is not None
        queue.recover(crashed=True)
    assert queue.take() is None
    assert store.reader.failures() == {"the reader was killed by it": 1}


def test_a_frame_that_fails_is_tried_again(store: StoreUnderTest) -> None:
    """One failure is not the end of a frame."""
    frame_id = store.writer.add_frame(store.new_frame(0))
    queue = Queue(store.writer)
    job = queue.take()
    assert job is not None
    queue.fail(job, "ValueError")
    assert queue.take() == Job(frame_id)


def test_a_frame_that_cannot_be_read_is_set_aside(store: StoreUnderTest) -> None:
    """After three failures of its own."""
    store.writer.add_frame(store.new_frame(0))
    queue = Queue(store.writer)
    for _ in range(MOST_FAILURES):
        job = queue.take()
        assert job is not None
        queue.fail(job, "ValueError")
    assert queue.take() is None
    assert store.reader.counts().failed == 1


def test_kills_do_not_count_as_failures(store: StoreUnderTest) -> None:
    """A frame whose reader was killed twice still has all its tries."""
    frame_id = store.writer.add_frame(store.new_frame(0))
    queue = Queue(store.writer)
    for _ in range(2):
        queue.take()
        queue.recover()
    job = queue.take()
    assert job is not None
    queue.fail(job, "ValueError")
    assert queue.take() == Job(frame_id)


def test_a_job_given_back_has_lost_nothing(store: StoreUnderTest) -> None:
    """A full disk is not the frame's fault, however often it is met."""
    frame_id = store.writer.add_frame(store.new_frame(0))
    queue = Queue(store.writer)
    for _ in range(2 * MOST_KILLS):
        job = queue.take()
        assert job is not None
        queue.give_back(job)
    queue.recover()
    assert queue.take() == Job(frame_id)


@pytest.mark.parametrize(
    "work",
    [Queue.take, Queue.recover, Queue.finish_read],
)
def test_looking_at_the_queue_never_walks_all_jobs(store: StoreUnderTest, work: Callable[[Queue], object]) -> None:
    """The worker looks twice a second: a scan would cost a tenth of a core at a million frames."""
    statements: list[str] = []
    store.writer.db.conn.set_trace_callback(statements.append)
    work(Queue(store.writer))
    store.writer.db.conn.set_trace_callback(None)
    updates = [one for one in statements if one.startswith("UPDATE")]
    plans = [store.writer.db.execute(f"EXPLAIN QUERY PLAN {one}").fetchall() for one in updates]
    assert updates
    assert [row for plan in plans for row in plan if row[3].startswith("SCAN jobs") and "INDEX" not in row[3]] == []


def test_a_frame_that_was_read_needs_no_spool(store: StoreUnderTest) -> None:
    """The newest of a segment as well: it is on the disk there before it is committed."""
    for second, name in ((0, "aa"), (1, "bb")):
        frame_id = store.writer.add_frame(store.new_frame(second, spool_name=name))
        Readings(store.writer).keep_reading(frame_id, lines("words"))
    assert Queue(store.writer).release_spooled() == ["aa", "bb"]


def test_an_unread_frame_keeps_its_spool_entry(store: StoreUnderTest) -> None:
    """Nothing is let go before it was read."""
    store.writer.add_frame(store.new_frame(0, spool_name="aa"))
    store.writer.close_segment(store.segment_id)
    assert Queue(store.writer).release_spooled() == []


def test_the_spool_gives_back_the_exact_pixels(store: StoreUnderTest) -> None:
    """A picture of any shape comes back as it went in."""
    picture = np.random.default_rng(1).integers(0, 256, (37, 53, 3), dtype=np.uint8)
    spool = Spool(store.home, store.key)
    again = spool.get(spool.put(picture))
    assert again is not None
    assert (again == picture).all()


def test_the_spool_holds_no_plain_pixels(store: StoreUnderTest) -> None:
    """An entry is sealed: a flat picture compresses to a pattern that must not be seen."""
    import zlib

    spool = Spool(store.home, store.key)
    name = spool.put(np.full((64, 64, 3), 7, dtype=np.uint8))
    entry = (store.home.spool / name).read_bytes()
    assert zlib.compress(bytes([7]) * (64 * 64 * 3), 1)[2:20] not in entry


def test_a_damaged_spool_entry_is_told(store: StoreUnderTest) -> None:
    """A changed byte is noticed, never shown as a picture."""
    spool = Spool(store.home, store.key)
    path = store.home.spool / spool.put(np.zeros((8, 8, 3), dtype=np.uint8))
    data = bytearray(path.read_bytes())
    data[-1] ^= 1
    path.write_bytes(bytes(data))
    with pytest.raises(StoreUnusable):
        spool.get(path.name)


def test_only_old_orphans_are_swept(store: StoreUnderTest) -> None:
    """An entry that no frame names may belong to a commit under way, unless it is old."""
    spool = Spool(store.home, store.key)
    picture = np.zeros((8, 8, 3), dtype=np.uint8)
    needed, young, old = (spool.put(picture) for _ in range(3))
    past = time.time() - 3600
    for name in (needed, old):
        os.utime(store.home.spool / name, (past, past))
    spool.sweep({needed})
    assert sorted(path.name for path in store.home.spool.iterdir()) == sorted([needed, young])
