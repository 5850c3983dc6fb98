"""English time phrases, said on Wednesday 2026-11-25 at 15:30 in Shanghai."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from timeline.clock import to_us
from timeline.phrases import parse_time

ZONE = ZoneInfo("Asia/Shanghai")
NOW = datetime(2026, 11, 25, 15, 30, tzinfo=ZONE)


def at(local: str) -> int:
    """Return the instant of a local time."""
    return to_us(datetime.fromisoformat(local).replace(tzinfo=ZONE))


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        ("what did I do yesterday afternoon?", "2026-11-24 12:00", "2026-11-24 18:00"),
        ("today", "2026-11-25 00:00", "2026-11-25 15:30"),
        ("the day before yesterday", "2026-11-23 00:00", "2026-11-24 00:00"),
        ("this morning", "2026-11-25 06:00", "2026-11-25 12:00"),
        ("last night", "2026-11-24 18:00", "2026-11-25 06:00"),
        ("tonight", "2026-11-25 18:00", "2026-11-26 00:00"),
        ("this evening", "2026-11-25 18:00", "2026-11-26 00:00"),
        ("noon", "2026-11-25 11:30", "2026-11-25 13:30"),
        ("around noon", "2026-11-25 11:30", "2026-11-25 13:30"),
        ("just now", "2026-11-25 15:15", "2026-11-25 15:30"),
        ("last 20 minutes", "2026-11-25 15:10", "2026-11-25 15:30"),
        ("in the last 2 hours", "2026-11-25 13:30", "2026-11-25 15:30"),
        ("the last hour", "2026-11-25 14:30", "2026-11-25 15:30"),
        ("2 hours ago", "2026-11-25 13:15", "2026-11-25 13:45"),
        ("three days ago", "2026-11-22 00:00", "2026-11-23 00:00"),
        ("two weeks ago", "2026-11-09 21:30", "2026-11-13 09:30"),
        ("the past week", "2026-11-18 15:30", "2026-11-25 15:30"),
        ("last 3 months", "2026-08-25 15:30", "2026-11-25 15:30"),
        ("a year ago", "2025-10-11 00:30", "2026-01-10 06:30"),
        ("Monday", "2026-11-23 00:00", "2026-11-24 00:00"),
        ("on Friday morning", "2026-11-20 06:00", "2026-11-20 12:00"),
        ("Wednesday", "2026-11-25 00:00", "2026-11-25 15:30"),
        ("Wednesday evening", "2026-11-18 18:00", "2026-11-19 00:00"),
        ("last Wednesday", "2026-11-18 00:00", "2026-11-19 00:00"),
        ("this Monday", "2026-11-23 00:00", "2026-11-24 00:00"),
        ("last Tuesday afternoon", "2026-11-17 12:00", "2026-11-17 18:00"),
        ("between 2 and 4pm last Tuesday", "2026-11-17 14:00", "2026-11-17 16:00"),
        ("between 2 and 4", "2026-11-25 14:00", "2026-11-25 15:30"),
        ("from 9 to 5 yesterday", "2026-11-24 09:00", "2026-11-24 17:00"),
        ("this week", "2026-11-23 00:00", "2026-11-25 15:30"),
        ("last week", "2026-11-16 00:00", "2026-11-23 00:00"),
        ("last week on Monday", "2026-11-16 00:00", "2026-11-17 00:00"),
        ("Monday last week", "2026-11-16 00:00", "2026-11-17 00:00"),
        ("the week before last", "2026-11-09 00:00", "2026-11-16 00:00"),
        ("this month", "2026-11-01 00:00", "2026-11-25 15:30"),
        ("last month", "2026-10-01 00:00", "2026-11-01 00:00"),
        ("last year", "2025-01-01 00:00", "2026-01-01 00:00"),
        ("since Monday", "2026-11-23 00:00", "2026-11-25 15:30"),
        ("since yesterday afternoon", "2026-11-24 12:00", "2026-11-25 15:30"),
        ("since 9am", "2026-11-25 09:00", "2026-11-25 15:30"),
        ("before 10am", "2026-11-25 00:00", "2026-11-25 10:00"),
        ("before 10am yesterday", "2026-11-24 00:00", "2026-11-24 10:00"),
        ("after 3pm", "2026-11-25 15:00", "2026-11-25 15:30"),
        ("after Monday", "2026-11-24 00:00", "2026-11-25 15:30"),
        ("before Monday", "1970-01-01 08:00", "2026-11-23 00:00"),
        ("at 3pm", "2026-11-25 14:45", "2026-11-25 15:15"),
        ("at 3", "2026-11-25 14:45", "2026-11-25 15:15"),
        ("at 3:30 yesterday", "2026-11-24 15:15", "2026-11-24 15:45"),
        ("yesterday at 15:42", "2026-11-24 15:27", "2026-11-24 15:57"),
        ("yesterday morning at 9", "2026-11-24 08:45", "2026-11-24 09:15"),
        ("last night at 11", "2026-11-24 22:45", "2026-11-24 23:15"),
        ("at 10 at night", "2026-11-24 21:45", "2026-11-24 22:15"),
        ("3 o'clock in the afternoon", "2026-11-25 14:45", "2026-11-25 15:15"),
        ("half past three", "2026-11-25 15:15", "2026-11-25 15:30"),
        ("quarter to four yesterday", "2026-11-24 15:30", "2026-11-24 16:00"),
        ("on 5 March", "2026-03-05 00:00", "2026-03-06 00:00"),
        ("March 5", "2026-03-05 00:00", "2026-03-06 00:00"),
        ("March 5th, 2025", "2025-03-05 00:00", "2025-03-06 00:00"),
        ("5th of March 2025", "2025-03-05 00:00", "2025-03-06 00:00"),
        ("on the 20th", "2026-11-20 00:00", "2026-11-21 00:00"),
        ("2026-11-20", "2026-11-20 00:00", "2026-11-21 00:00"),
        ("2026/11/20 14:00", "2026-11-20 13:45", "2026-11-20 14:15"),
        ("2026-11-20T14:00", "2026-11-20 13:45", "2026-11-20 14:15"),
        ("in October", "2026-10-01 00:00", "2026-11-01 00:00"),
        ("last October", "2025-10-01 00:00", "2025-11-01 00:00"),
        ("October 2025", "2025-10-01 00:00", "2025-11-01 00:00"),
        ("in early October", "2026-10-01 00:00", "2026-10-11 00:00"),
        ("in 2025", "2025-01-01 00:00", "2026-01-01 00:00"),
        ("last weekend", "2026-11-21 00:00", "2026-11-23 00:00"),
        ("this weekend", "2026-11-21 00:00", "2026-11-23 00:00"),
        ("over the weekend", "2026-11-21 00:00", "2026-11-23 00:00"),
        ("from Monday to Wednesday", "2026-11-23 00:00", "2026-11-25 15:30"),
        ("Monday and Tuesday", "2026-11-23 00:00", "2026-11-25 00:00"),
        ("between Monday and now", "2026-11-23 00:00", "2026-11-25 15:30"),
        ("since last week", "2026-11-16 00:00", "2026-11-25 15:30"),
        ("yesterday's meeting", "2026-11-24 00:00", "2026-11-25 00:00"),
        ("the morning of 5 March", "2026-03-05 06:00", "2026-03-05 12:00"),
        ("on the morning of March 5", "2026-03-05 06:00", "2026-03-05 12:00"),
        ("in the morning", "2026-11-25 06:00", "2026-11-25 12:00"),
        ("at night", "2026-11-24 18:00", "2026-11-25 06:00"),
        ("Monday night", "2026-11-23 18:00", "2026-11-24 06:00"),
        ("until noon", "2026-11-25 00:00", "2026-11-25 12:00"),
        ("yesterday until noon", "2026-11-24 00:00", "2026-11-24 12:00"),
        ("on Sat", "2026-11-21 00:00", "2026-11-22 00:00"),
        ("since Mon", "2026-11-23 00:00", "2026-11-25 15:30"),
        ("tomorrow", "2026-11-26 00:00", "2026-11-27 00:00"),
        ("12:05", "2026-11-25 11:50", "2026-11-25 12:20"),
        ("at midnight", "2026-11-24 23:45", "2026-11-25 00:15"),
        ("from 11 to 1", "2026-11-25 11:00", "2026-11-25 13:00"),
        ("11am-1pm", "2026-11-25 11:00", "2026-11-25 13:00"),
        ("10:30-12:00 on Monday", "2026-11-23 10:30", "2026-11-23 12:00"),
        ("earlier today", "2026-11-25 00:00", "2026-11-25 15:30"),
        ("in the evening", "2026-11-24 18:00", "2026-11-25 00:00"),
        ("late yesterday evening", "2026-11-24 18:00", "2026-11-25 00:00"),
        ("last Friday's notes", "2026-11-20 00:00", "2026-11-21 00:00"),
        ("what did I read on Monday about the Friday report", "2026-11-23 00:00", "2026-11-24 00:00"),
        ("1am to 3", "2026-11-25 01:00", "2026-11-25 03:00"),
        ("9am to 5", "2026-11-25 09:00", "2026-11-25 15:30"),
        ("at 10 at night yesterday", "2026-11-24 21:45", "2026-11-24 22:15"),
        ("yesterday after 3pm", "2026-11-24 15:00", "2026-11-25 00:00"),
        ("on Monday before noon", "2026-11-23 00:00", "2026-11-23 12:00"),
        ("2026-11-20 14:00:05", "2026-11-20 13:45:05", "2026-11-20 14:15:05"),
        ("what stood there on march 10", "2026-03-10 00:00", "2026-03-11 00:00"),
        ("notes of may 5?", "2026-05-05 00:00", "2026-05-06 00:00"),
        ("meeting march 10 at 9am", "2026-03-10 08:45", "2026-03-10 09:15"),
        ("the mail of 10.03.2026", "2026-03-10 00:00", "2026-03-11 00:00"),
        ("in the past 45 minutes", "2026-11-25 14:45", "2026-11-25 15:30"),
        ("a couple of hours ago", "2026-11-25 13:15", "2026-11-25 13:45"),
        ("the year before last", "2024-01-01 00:00", "2025-01-01 00:00"),
        ("last Sunday evening", "2026-11-22 18:00", "2026-11-23 00:00"),
    ],
)
def test_a_phrase_means_its_interval(text: str, start: str, end: str) -> None:
    """A phrase is understood as the half-open local interval that is written beside it."""
    phrase = parse_time(text, NOW, ZONE)
    assert phrase is not None
    assert (phrase.interval.start_us, phrase.interval.end_us) == (at(start), at(end))


@pytest.mark.parametrize(
    "text",
    [
        "march of the penguins",
        "may I open it",
        "the second page",
        "where I sat with Sun employees",
        "art of the 20th century",
        "the good morning message",
        "Black Friday deals",
        "USA Today",
        "ratio 4:3",
        "5 may be enough",
        "may 5 people join",
        "we march 10 km",
        "release 10.03.20261",
        "version 1.10.03.2026",
        "what I may do",
        "my last 5 emails",
        "May's email",
        "the Monday.com page",
        "Wednesday Addams trailer",
        "Sunday Times article",
        "version 3.11.7",
        "room 2025",
        "the last page of the contract",
        "meeting minutes",
        "a minute of silence",
        "night mode setting",
        "port 8080",
        "needed by Friday",
        "High Noon",
        "half the budget",
    ],
)
def test_what_only_looks_like_a_time_is_none(text: str) -> None:
    """Names, quantities and ordinary words are no times."""
    assert parse_time(text, NOW, ZONE) is None
