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
        ("2026-11-20T14:30", "2026-11-20T06:30", "2026-11-20T06:30"),
        ("2026-11-20 14:30:05", "2026-11-20T06:30:05", "2026-11-20T06:30:05"),
        ("2026-11-20T14:30:05.250+01:00", "2026-11-20T13:30:05.250", "2026-11-20T13:30:05.250"),
        ("2026-11-20T14:30Z", "2026-11-20T14:30", "2026-11-20T14:30"),
        ("now", "2026-11-25T07:30", "2026-11-25T07:30"),
        ("14:30", "2026-11-25T06:30", "2026-11-25T06:30"),
        ("at 3pm yesterday", "2026-11-24T07:00", "2026-11-24T07:00"),
        ("昨天下午三点", "2026-11-24T07:00", "2026-11-24T07:00"),
        ("yesterday", "2026-11-23T16:00", "2026-11-24T16:00"),
        ("on the 20th.", "2026-11-19T16:00", "2026-11-20T16:00"),
        ("2 hours ago", "2026-11-25T05:15", "2026-11-25T05:45"),
        ("since Monday", "2026-11-22T16:00", "2026-11-25T07:30"),
    ],
)
def test_an_argument_is_a_time(text: str, start: str, end: str) -> None:
    """A date is its whole local day, an instant an interval of no length, a phrase its interval."""
    assert parse_when(text, NOW, SHANGHAI) == Interval(utc(start), utc(end))


@pytest.mark.parametrize(
    "text", ["", "soon", "the invoice of yesterday", "2026-02-31", "2026-11-20T25:00", "昨天的发票", "12345"]
)
def test_what_is_no_time_is_wrong_usage(text: str) -> None:
    """The sentence names what was given and what could be given."""
    with pytest.raises(WrongUsage, match="not understood as a time; give ISO 8601"):
        parse_when(text, NOW, SHANGHAI)


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("2026-11-20T14:30Z", "2026-11-20T14:30"),
        ("at 3pm yesterday", "2026-11-24T07:00"),
        ("2 hours ago", "2026-11-25T05:30"),
        ("yesterday", "2026-11-24T04:00"),
    ],
)
def test_an_instant_is_the_time_named_or_the_middle(text: str, at: str) -> None:
    """A picture is asked for at one instant."""
    assert parse_instant(text, NOW, SHANGHAI) == utc(at)
