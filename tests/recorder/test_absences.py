"""Absences as the timeline tells of them: while they last, when they end, and after a crash in the middle."""

from __future__ import annotations

import pytest

from recorder.absences import Absences
from tests.support.room import little_room
from tests.support.stores import NOON_US, SECOND_US, StoreUnderTest
from timeline.errors import DiskFull
from timeline.model import ALL_TIME, Gap
from timeline.standing import SIZE_BYTES, Standing


def at(seconds: float) -> int:
    """The instant so many seconds after noon."""
    return NOON_US + round(seconds * SECOND_US)


def told(store: StoreUnderTest) -> list[tuple[float, float, str]]:
    """The gaps of the timeline, in seconds after noon."""
    return [
        ((gap.start_us - NOON_US) / SECOND_US, (gap.end_us - NOON_US) / SECOND_US, gap.reason)
        for gap in store.reader.gaps(ALL_TIME)
    ]


@pytest.fixture
def absences(store: StoreUnderTest) -> Absences:
    """Nobody is absent yet."""
    return Absences(store.writer)


def test_looks_with_one_reason_are_one_gap(store: StoreUnderTest, absences: Absences) -> None:
    """From the first look to the one that finds the user back."""
    for second in (10, 15, 20):
        absences.begin(at(second), "idle")
    absences.end(at(24))
    assert told(store) == [(10, 24, "idle")]
    assert absences.reason is None


def test_another_reason_is_another_gap(store: StoreUnderTest, absences: Absences) -> None:
    """One ends where the other begins."""
    absences.begin(at(10), "idle")
    absences.begin(at(15), "locked")
    absences.end(at(20))
    assert told(store) == [(10, 15, "idle"), (15, 20, "locked")]


def test_a_gap_is_known_while_it_lasts(store: StoreUnderTest, absences: Absences) -> None:
    """It is written at the second look and lengthened once a minute."""
    seen = []
    for second in (0, 5, 30, 64, 65, 100, 125):
        absences.begin(at(second), "idle")
        seen.append(told(store)[-1][1] if told(store) else None)
    assert seen == [None, 5, 5, 5, 65, 65, 125]


def test_a_recorder_killed_in_an_absence_leaves_its_reason(store: StoreUnderTest, absences: Absences) -> None:
    """Until when it was last written; the rest is not known."""
    store.writer.begin_recording(at(0))
    store.writer.add_frame(store.new_frame(1), at(8))
    for second in (10, 20, 50):
        absences.begin(at(second), "idle")
    store.writer.begin_recording(at(90))
    assert told(store) == [(10, 20, "idle"), (20, 90, "the recorder was killed")]


def test_a_recorder_killed_after_an_absence_was_killed_then(store: StoreUnderTest, absences: Absences) -> None:
    """A frame after the absence is the last that is known."""
    store.writer.begin_recording(at(0))
    absences.begin(at(10), "idle")
    absences.end(at(20))
    store.writer.add_frame(store.new_frame(20), at(25))
    store.writer.begin_recording(at(90))
    assert told(store) == [(10, 20, "idle"), (25, 90, "the recorder was killed")]


def test_a_stretch_of_no_length_is_no_gap(store: StoreUnderTest, absences: Absences) -> None:
    """Seen and over at the same instant."""
    absences.begin(at(10), "idle")
    absences.end(at(10))
    assert told(store) == []


def test_a_sleep_in_an_absence_parts_it(store: StoreUnderTest, absences: Absences) -> None:
    """Who locked the screen and closed the lid finds all three stretches."""
    absences.begin(at(10), "locked")
    absences.insert(at(20), at(500), "suspended")
    absences.begin(at(500), "locked")
    absences.end(at(510))
    assert told(store) == [(10, 20, "locked"), (20, 500, "suspended"), (500, 510, "locked")]


def test_a_sleep_that_was_announced_is_one_gap(store: StoreUnderTest, absences: Absences) -> None:
    """From the announcement to the look that found the user back."""
    absences.begin(at(20), "suspended")
    absences.insert(at(20), at(500), "suspended")
    absences.begin(at(500), "suspended")
    absences.end(at(501))
    assert told(store) == [(20, 501, "suspended")]


def test_a_sleep_of_somebody_at_work_is_a_gap(store: StoreUnderTest, absences: Absences) -> None:
    """It is written at once, and recording goes on."""
    absences.insert(at(20), at(500), "suspended")
    assert told(store) == [(20, 500, "suspended")]
    assert absences.reason is None


def test_a_clock_that_is_set_back_in_an_absence_leaves_no_negative_gap(
    store: StoreUnderTest, absences: Absences
) -> None:
    """What was before keeps its length; what comes after begins at the new time."""
    absences.begin(at(1000), "idle")
    absences.begin(at(1010), "idle")
    absences.insert(at(1010), at(10), "the clock was changed")
    absences.begin(at(10), "idle")
    absences.end(at(30))
    assert told(store) == [(10, 30, "idle"), (1000, 1010, "idle")]


def test_a_clock_that_goes_back_unseen_leaves_no_negative_gap(store: StoreUnderTest, absences: Absences) -> None:
    """Also when nobody told of the leap."""
    absences.begin(at(1000), "idle")
    absences.begin(at(1010), "idle")
    absences.begin(at(10), "idle")
    absences.end(at(5))
    assert told(store) == [(1000, 1010, "idle")]


def test_without_room_a_gap_is_kept_until_it_can_be_written(
    store: StoreUnderTest, absences: Absences, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Beginning never fails, ending says so, and nothing is lost or told twice."""

    def no_room(_: Gap) -> int:
        raise DiskFull("no room")

    with monkeypatch.context() as full:
        full.setattr(store.writer, "add_gap", no_room)
        for second in (10, 40, 70):
            absences.begin(at(second), "disk full")
        absences.begin(at(100), "locked")
        with pytest.raises(DiskFull):
            absences.end(at(110))
    assert told(store) == []
    absences.end(at(110))
    absences.end(at(120))
    assert told(store) == [(10, 100, "disk full"), (100, 110, "locked")]


def test_while_there_is_no_room_the_absence_is_told_beside_the_timeline(store: StoreUnderTest) -> None:
    """In a file that is written over in place; it is clear again once the gap is in the timeline."""
    standing = Standing(store.home)
    standing.make()
    absences = Absences(store.writer, standing)
    with little_room(SIZE_BYTES):
        for second in (10, 40, 70):
            absences.begin(at(second), "disk full")
        assert told(store) == []
        assert Standing(store.home).gap(at(75)) == Gap(at(10), at(75), "disk full")
    absences.end(at(110))
    assert told(store) == [(10, 110, "disk full")]
    assert Standing(store.home).gap(at(120)) is None
