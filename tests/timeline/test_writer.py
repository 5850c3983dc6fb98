"""Frames, moments, gaps and recordings as the writer commits them."""

from __future__ import annotations

import pytest

from tests.support.stores import NOON_US, SECOND_US, StoreUnderTest
from timeline.model import Gap, Interval, Window

DAY = Interval(NOON_US - 12 * 3600 * SECOND_US, NOON_US + 12 * 3600 * SECOND_US)


def test_a_committed_frame_waits_to_be_read(store: StoreUnderTest) -> None:
    """Frame and job are one transaction."""
    store.writer.add_frame(store.new_frame(0))
    assert (store.reader.counts().frames, store.reader.counts().pending) == (1, 1)


def test_a_frame_ends_where_the_next_begins(store: StoreUnderTest) -> None:
    """A frame's first span is a guess of one second; the next frame corrects it."""
    first = store.writer.add_frame(store.new_frame(0))
    store.writer.add_frame(store.new_frame(0.4))
    frame = store.reader.frame(first)
    assert frame is not None
    assert frame.end_us == NOON_US + 400_000


def test_extending_a_frame_never_shortens_it(store: StoreUnderTest) -> None:
    """A late message of an earlier end changes nothing."""
    frame_id = store.writer.add_frame(store.new_frame(0))
    store.writer.extend_frame(frame_id, NOON_US + 9 * SECOND_US)
    store.writer.extend_frame(frame_id, NOON_US + 3 * SECOND_US)
    frame = store.reader.frame(frame_id)
    assert frame is not None
    assert frame.end_us == NOON_US + 9 * SECOND_US


def test_one_window_is_one_moment(store: StoreUnderTest) -> None:
    """Frames of one window that follow each other share their moment."""
    for second in range(3):
        store.writer.add_frame(store.new_frame(second))
    [moment] = store.reader.moments(DAY)
    assert (moment.first_frame, moment.last_frame) == (1, 3)


def test_another_window_begins_another_moment(store: StoreUnderTest) -> None:
    """Going back to a window begins a third moment: a moment is continuous."""
    for second, title in enumerate(("a", "b", "a")):
        store.writer.add_frame(store.new_frame(second, Window("xterm", title)))
    assert [moment.window.title for moment in store.reader.moments(DAY)] == ["a", "b", "a"]


def test_a_pause_of_the_recorder_begins_another_moment(store: StoreUnderTest) -> None:
    """A stretch of over 30 s that nothing saw belongs to no moment."""
    store.writer.add_frame(store.new_frame(0))
    store.writer.add_frame(store.new_frame(60))
    assert len(store.reader.moments(DAY)) == 2


def test_pictures_taken_in_share_a_moment_for_five_minutes(store: StoreUnderTest) -> None:
    """Where no window is known a moment ends after 5 minutes without a new picture."""
    for second in (0, 200, 600):
        store.writer.add_frame(store.new_frame(second, Window(), source="import"))
    assert len(store.reader.moments(DAY)) == 2


def test_a_recorder_that_was_killed_leaves_a_gap_with_that_reason(store: StoreUnderTest) -> None:
    """The gap begins where the last frame ended and ends where the next recorder starts."""
    store.writer.begin_recording(NOON_US)
    store.writer.add_frame(store.new_frame(5), NOON_US + 8 * SECOND_US)
    store.writer.begin_recording(NOON_US + 100 * SECOND_US)
    expected = Gap(NOON_US + 8 * SECOND_US, NOON_US + 100 * SECOND_US, "the recorder was killed")
    assert store.reader.gaps(DAY) == [expected]


def test_a_recorder_that_was_stopped_leaves_a_gap_with_its_reason(store: StoreUnderTest) -> None:
    """What the recorder said when it ended is what the gap says."""
    recording = store.writer.begin_recording(NOON_US)
    store.writer.end_recording(recording, NOON_US + 10 * SECOND_US, "stopped")
    store.writer.begin_recording(NOON_US + 20 * SECOND_US)
    assert store.reader.gaps(DAY) == [Gap(NOON_US + 10 * SECOND_US, NOON_US + 20 * SECOND_US, "stopped")]


def test_a_frame_whose_rest_was_forgotten_stays_cut(store: StoreUnderTest) -> None:
    """What still stands on the screen does not claim the time that was to go."""
    frame_id = store.writer.add_frame(store.new_frame(0), NOON_US + 300 * SECOND_US)
    store.writer.add_gap(Gap(NOON_US + 300 * SECOND_US, NOON_US + 600 * SECOND_US, "forgotten"))
    store.writer.extend_frame(frame_id, NOON_US + 605 * SECOND_US)
    frame = store.reader.frame(frame_id)
    assert frame is not None
    assert frame.end_us == NOON_US + 300 * SECOND_US


def test_a_frame_that_stands_is_found_beside_a_busy_monitor(store: StoreUnderTest) -> None:
    """However many frames another monitor has had since."""
    still = store.writer.add_frame(store.new_frame(0, monitor=1, active=False), NOON_US + 3600 * SECOND_US)
    for second in range(30):
        store.writer.add_frame(store.new_frame(second))
    frame = store.reader.frame_at(NOON_US + 1800 * SECOND_US)
    assert frame is not None
    assert frame.id == still


def test_an_imported_file_is_remembered_with_its_frame(store: StoreUnderTest) -> None:
    """The digest is part of the frame's own transaction."""
    store.writer.add_frame(store.new_frame(0, Window(), source="import"), digest=b"x" * 16)
    assert store.writer.imported(b"x" * 16)


def test_a_transaction_that_fails_stores_nothing(store: StoreUnderTest) -> None:
    """A frame of an unknown segment is refused whole: no frame, no job, no moment."""
    from timeline.database import DatabaseError

    with pytest.raises(DatabaseError):
        store.writer.add_frame(store.new_frame(0, segment_id=999))
    assert store.reader.counts().frames == 0
    assert store.reader.moments(DAY) == []
