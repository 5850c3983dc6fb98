"""What the interface asks of the timeline beside a day: the year, and when a line was seen."""

from __future__ import annotations

from datetime import timedelta

from tests.support.stores import NOON_US, StoreUnderTest
from timeline.model import ALL_TIME, Interval, Window


def test_the_days_of_a_store_with_their_time(store: StoreUnderTest) -> None:
    """Each local day that has moments, none of the others."""
    store.frame(0, ["One"], Window("Chromium", "A"))
    store.frame(86_400, ["Two"], Window("Chromium", "A"))
    days = store.reader.active_days(ALL_TIME)
    one, other = sorted(days)
    assert other - one == timedelta(days=1)
    before = Interval(0, NOON_US)
    assert store.reader.active_days(before) == {}


def test_a_line_that_is_in_no_passage_was_never_seen(store: StoreUnderTest) -> None:
    """What is unread is not known."""
    frame_id = store.frame(0, ["One"], Window("Chromium", "A"))
    assert store.reader.sighting(frame_id, "Nobody wrote this") is None


def test_a_line_was_seen_from_its_first_day_to_its_last(store: StoreUnderTest) -> None:
    """In windows of the same name, on whatever day; not in another window."""
    words = ["The churn report is due on Friday"]
    store.frame(0, words, Window("Chromium", "A"))
    store.frame(86_400, words, Window("xterm", "B"))
    newest = store.frame(2 * 86_400, words, Window("Chromium", "A"))
    seen = store.reader.sighting(newest, words[0])
    assert seen == Interval(NOON_US, NOON_US + (2 * 86_400 + 1) * 1_000_000)
