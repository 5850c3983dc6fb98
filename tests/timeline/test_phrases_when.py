"""Times as arguments of commands: ISO 8601, phrases, and what is neither."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from timeline.clock import to_us
from timeline.errors import WrongUsage
from timeline.model import Interval
from timeline.phrases import parse_instant, parse_when

SHANGHAI = ZoneInfo("Asia/Shanghai")
NOW = datetime(2026, 11, 25, 15, 30, tzinfo=SHANGHAI)


def utc(text: str) -> int:
    return to_us(datetime.fromisoformat(text).replace(tzinfo=UTC))


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        ("2026-11-20", "2026-11-19T16:00", "2026-11-20T16:00"),
        ("20261120", "2026-11-19T16:00", "2026-11-20T16:00"),
        ("2026-11-20T14:30", "2026-11-20T06:30", "2026-11-20T06:31"),
        ("2026-11-20 14:30:05", "2026-11-20T06:30:05", "2026-11-20T06:30:06"),
        ("2026-11-20T14:30:05.250+01:00", "2026-11-20T13:30:05.250", "2026-11-20T13:30:05.250"),
        ("2026-11-20T14:30Z", "2026-11-20T14:30", "2026-11-20T14:31"),
        ("now", "2026-11-25T07:30", "2026-11-25T07:30"),
        ("14:30", "2026-11-25T06:30", "2026-11-25T06:31"),
        ("9:30", "2026-11-25T01:30", "2026-11-25T01:31"),
        ("10:41:30", "2026-11-25T02:41:30", "2026-11-25T02:41:31"),
        ("9:41:30", "2026-11-25T01:41:30", "2026-11-25T01:41:31"),
        ("yesterday 10:41", "2026-11-24T02:41", "2026-11-24T02:42"),
        ("yesterday 10:41:30", "2026-11-24T02:41:30", "2026-11-24T02:41:31"),
        ("昨天10点41分30秒", "2026-11-24T02:41:30", "2026-11-24T02:41:31"),
        ("昨天下午3:05:20", "2026-11-24T07:05:20", "2026-11-24T07:05:21"),
        ("昨晚十点五分二十秒", "2026-11-24T14:05:20", "2026-11-24T14:05:21"),
        ("from 10:41:30 to 10:42:10 yesterday", "2026-11-24T02:41:30", "2026-11-24T02:42:10"),
        ("march 10", "2026-03-09T16:00", "2026-03-10T16:00"),
        ("mar 10", "2026-03-09T16:00", "2026-03-10T16:00"),
        ("may 5", "2026-05-04T16:00", "2026-05-05T16:00"),
        ("5 may", "2026-05-04T16:00", "2026-05-05T16:00"),
        ("may 5 afternoon", "2026-05-05T04:00", "2026-05-05T10:00"),
        ("2026-03", "2026-02-28T16:00", "2026-03-31T16:00"),
        ("2026", "2025-12-31T16:00", "2026-12-31T16:00"),
        ("10.03.2026", "2026-03-09T16:00", "2026-03-10T16:00"),
        ("10.03.2026 14:30", "2026-03-10T06:30", "2026-03-10T06:31"),
        ("weekend", "2026-11-20T16:00", "2026-11-22T16:00"),
        ("2026-W11-2", "2026-03-09T16:00", "2026-03-10T16:00"),
        ("2026-W11", "2026-03-08T16:00", "2026-03-15T16:00"),
        ("at 3pm yesterday", "2026-11-24T07:00", "2026-11-24T07:01"),
        ("昨天下午三点", "2026-11-24T07:00", "2026-11-24T07:01"),
        ("yesterday", "2026-11-23T16:00", "2026-11-24T16:00"),
        ("on the 20th.", "2026-11-19T16:00", "2026-11-20T16:00"),
        ("2 hours ago", "2026-11-25T05:15", "2026-11-25T05:45"),
        ("since Monday", "2026-11-22T16:00", "2026-11-25T07:30"),
    ],
)
def test_an_argument_is_a_time(text: str, start: str, end: str) -> None:
    """A date is its whole local day, a clock time the minute or second it names, a phrase its interval."""
    assert parse_when(text, NOW, SHANGHAI) == Interval(utc(start), utc(end))


@pytest.mark.parametrize(
    "text",
    [
        *("", "soon", "the invoice of yesterday", "2026-02-31", "2026-11-20T25:00", "昨天的发票", "12345", "5", "1030"),
        *("2026-13", "31.02.2026", "2026-W60-1", "10:41:75", "may i", "march of the penguins"),
        *("999999999999999999999 hours ago", "9" * 400 + " hours ago", "9" * 30 + " years ago", "9" * 30 + "天前"),
    ],
)
def test_what_is_no_time_is_wrong_usage(text: str) -> None:
    """The sentence names what was given and what could be given."""
    with pytest.raises(WrongUsage, match="not understood as a time; give ISO 8601"):
        parse_when(text, NOW, SHANGHAI)


@pytest.mark.parametrize(
    "text", ["0001-01-01T00:00+14:00", "9999-12-31T23:59-12:00", "1066-10-14", "0001-W01-1", "2200-01-02"]
)
def test_a_time_that_no_screen_was_recorded_at_is_wrong_usage(text: str) -> None:
    """Before 1970 and from 2200 on, local time cannot always be told."""
    with pytest.raises(WrongUsage, match="lies outside the years 1970 to 2199"):
        parse_when(text, NOW, SHANGHAI)


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("2026-11-20T14:30Z", "2026-11-20T14:30"),
        ("at 3pm yesterday", "2026-11-24T07:00"),
        ("yesterday 10:41", "2026-11-24T02:41"),
        ("yesterday 10:41:30", "2026-11-24T02:41:30"),
        ("2 hours ago", "2026-11-25T05:30"),
        ("yesterday", "2026-11-24T04:00"),
    ],
)
def test_an_instant_is_the_time_named_or_the_middle(text: str, at: str) -> None:
    """A picture is asked for at one instant."""
    assert parse_instant(text, NOW, SHANGHAI) == utc(at)


def test_what_began_before_the_first_instant_begins_with_it() -> None:
    """The last hundred years are those since 1970."""
    assert parse_when("last 100 years", NOW, SHANGHAI) == Interval(0, to_us(NOW))
