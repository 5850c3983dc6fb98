"""What holds for time phrases of both languages: the rest, now, instants, week starts, and both DST nights."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from timeline.clock import to_us
from timeline.model import Interval
from timeline.phrases import TimePhrase, parse_time

BERLIN = ZoneInfo("Europe/Berlin")
NEW_YORK = ZoneInfo("America/New_York")
NOW = datetime(2026, 11, 25, 15, 30, tzinfo=UTC)
HOUR_US = 3_600_000_000


def parsed(text: str, now: datetime = NOW, zone: ZoneInfo | None = None, **options: object) -> TimePhrase:
    phrase = parse_time(text, now, zone or now.tzinfo, **options)  # type: ignore[arg-type]  # week_start, looks_ahead
    assert phrase is not None
    return phrase


def utc(text: str) -> int:
    return to_us(datetime.fromisoformat(text).replace(tzinfo=UTC))


def hours(interval: Interval) -> float:
    return (interval.end_us - interval.start_us) / HOUR_US


@pytest.mark.parametrize(
    ("text", "matched", "rest"),
    [
        ("What did I do yesterday afternoon?", "yesterday afternoon", "What did I do?"),
        ("what did I read at 3pm in the browser on Monday", "at 3pm on Monday", "what did I read in the browser"),
        ("yesterday's meeting notes", "yesterday", "meeting notes"),
        ("昨天下午我在看什么文档", "昨天下午", "我在看什么文档"),
        ("我上周三下午三点看的网页", "上周三下午三点", "我看的网页"),
        ("asyncio since last week", "since last week", "asyncio"),
        ("周一以来的邮件", "周一以来", "邮件"),
    ],
)
def test_the_words_of_a_phrase_are_taken_out_of_the_question(text: str, matched: str, rest: str) -> None:
    """What is left is what to search for."""
    phrase = parsed(text)
    assert (phrase.matched, phrase.rest) == (matched, rest)


def test_full_width_figures_are_read() -> None:
    """３点 is 3点."""
    assert parsed("昨天下午３点").at_us == utc("2026-11-24T15:00")


def test_traditional_characters_are_read() -> None:
    """上週三 is 上周三."""
    assert parsed("上週三").interval == parsed("上周三").interval


def test_an_interval_that_holds_now_ends_there() -> None:
    """Today ends now."""
    assert parsed("today").interval == Interval(utc("2026-11-25"), utc("2026-11-25T15:30"))


def test_whoever_looks_ahead_gets_the_whole_day() -> None:
    """Nothing is cut when the caller looks ahead."""
    assert parsed("today", looks_ahead=True).interval == Interval(utc("2026-11-25"), utc("2026-11-26"))


def test_a_phrase_that_begins_after_now_looks_ahead() -> None:
    """Tonight, said in the afternoon, is not cut."""
    assert parsed("tonight").interval == Interval(utc("2026-11-25T18:00"), utc("2026-11-26"))


def test_a_bare_part_of_the_day_is_the_newest_that_has_begun() -> None:
    """In the evening, said in the afternoon, was yesterday."""
    assert parsed("in the evening").interval == Interval(utc("2026-11-24T18:00"), utc("2026-11-25"))


def test_a_clock_time_is_an_instant_with_a_reach() -> None:
    """At 3pm reaches a quarter of an hour to each side and names the instant."""
    phrase = parsed("yesterday at 3pm")
    assert phrase.at_us == utc("2026-11-24T15:00")
    assert phrase.interval == Interval(utc("2026-11-24T14:45"), utc("2026-11-24T15:15"))


def test_ago_reaches_an_eighth_to_each_side() -> None:
    """2 hours ago, said at 12:00, is 09:45 to 10:15."""
    noon = datetime(2026, 11, 25, 12, tzinfo=UTC)
    assert parsed("2 hours ago", noon).interval == Interval(utc("2026-11-25T09:45"), utc("2026-11-25T10:15"))


@pytest.mark.parametrize(
    ("text", "from_s", "to_s"),
    [
        ("half an hour ago", 2025, 1575),
        ("半小时前", 2025, 1575),
        ("an hour and a half ago", 6075, 4725),
        ("一个半小时前", 6075, 4725),
        ("10分钟前", 675, 525),
        ("一刻钟前", 1012.5, 787.5),
    ],
)
def test_halves_and_quarters_are_counted(text: str, from_s: float, to_s: float) -> None:
    """Seconds before now, an eighth of the span to each side."""
    now_us = utc("2026-11-25T15:30")
    assert parsed(text).interval == Interval(now_us - round(from_s * 1e6), now_us - round(to_s * 1e6))


def test_seconds_are_counted() -> None:
    """The last 30 seconds are half a minute."""
    assert parsed("last 30 seconds").interval == Interval(utc("2026-11-25T15:29:30"), utc("2026-11-25T15:30"))


def test_weeks_start_on_sunday_when_set() -> None:
    """Last week, with weeks from Sunday."""
    assert parsed("last week", week_start=6).interval == Interval(utc("2026-11-15"), utc("2026-11-22"))


def test_last_sunday_is_that_of_the_week_before() -> None:
    """With weeks from Sunday, last Sunday is a week earlier than with weeks from Monday."""
    assert parsed("last Sunday", week_start=6).interval.start_us == utc("2026-11-15")


def test_a_bare_weekday_said_on_that_day_is_today() -> None:
    """Wednesday, said on a Wednesday."""
    assert parsed("Wednesday").interval.start_us == utc("2026-11-25")


def test_a_bare_weekday_with_a_later_hour_is_a_week_ago() -> None:
    """Wednesday evening, said on Wednesday afternoon, was last week."""
    assert parsed("Wednesday evening").interval.start_us == utc("2026-11-18T18:00")


def test_29_february_is_that_of_the_last_leap_year() -> None:
    """A date without a year is the newest that there was."""
    assert parsed("on 29 February").interval.start_us == utc("2024-02-29")


@pytest.mark.parametrize("text", ["on 31 June", "2026-13-01", "25:70", "99999 years ago", "13月45日", "99点"])
def test_a_time_that_no_calendar_holds_is_none(text: str) -> None:
    """Impossible dates and times are not understood, and do no harm."""
    assert parse_time(text, NOW, UTC) is None


def test_a_month_back_from_the_31st_ends_in_the_month_before() -> None:
    """The last month, said on 31 March, begins on 28 February."""
    spring = datetime(2026, 3, 31, 12, tzinfo=UTC)
    assert parsed("过去一个月", spring).interval.start_us == utc("2026-02-28T12:00")


def test_the_day_of_the_spring_change_has_23_hours() -> None:
    """Yesterday, on the Monday after the clocks went forward."""
    assert hours(parsed("yesterday", datetime(2026, 3, 30, 12, tzinfo=BERLIN)).interval) == 23


def test_the_day_of_the_autumn_change_has_25_hours() -> None:
    """昨天, on the Monday after the clocks went back."""
    assert hours(parsed("昨天", datetime(2026, 10, 26, 12, tzinfo=BERLIN)).interval) == 25


def test_last_night_over_the_spring_change_has_11_hours() -> None:
    """18:00 to 06:00 with an hour skipped."""
    assert hours(parsed("last night", datetime(2026, 3, 29, 12, tzinfo=BERLIN)).interval) == 11


def test_last_night_over_the_autumn_change_has_13_hours() -> None:
    """昨晚, with an hour lived twice."""
    assert hours(parsed("昨晚", datetime(2026, 10, 25, 12, tzinfo=BERLIN)).interval) == 13


def test_an_hour_that_stands_twice_is_taken_whole() -> None:
    """Between 2 and 3 am on the autumn night are two hours."""
    now = datetime(2026, 10, 25, 12, tzinfo=BERLIN)
    assert hours(parsed("between 2am and 3am today", now).interval) == 2


def test_the_hour_before_the_change_is_one_hour() -> None:
    """Between 1 and 2 am ends when the wall clock first shows 2."""
    now = datetime(2026, 10, 25, 12, tzinfo=BERLIN)
    assert hours(parsed("between 1am and 2am today", now).interval) == 1


def test_an_hour_that_was_skipped_is_the_one_after() -> None:
    """Between 2 and 3 am on the spring night is the hour that the clocks showed as 3 to 4."""
    now = datetime(2026, 3, 29, 12, tzinfo=BERLIN)
    interval = parsed("between 2am and 3am today", now).interval
    assert interval == Interval(utc("2026-03-29T01:00"), utc("2026-03-29T02:00"))


def test_the_last_hours_are_counted_as_they_passed() -> None:
    """The last 12 hours over the spring night are 12 hours, not 12 on the wall clock."""
    assert hours(parsed("last 12 hours", datetime(2026, 3, 29, 8, tzinfo=BERLIN)).interval) == 12


def test_the_last_days_keep_the_time_of_day() -> None:
    """The last 2 days over the autumn night begin at the same time of the day, 49 hours ago."""
    assert hours(parsed("last 2 days", datetime(2026, 10, 26, 8, tzinfo=BERLIN)).interval) == 49


def test_yesterday_is_that_of_the_zone() -> None:
    """At 03:00 UTC it is still the day before in New York."""
    interval = parsed("today", datetime(2026, 11, 25, 3, tzinfo=UTC), NEW_YORK).interval
    assert interval.start_us == utc("2026-11-24T05:00")


def test_a_present_without_a_zone_is_local() -> None:
    """A naive now is wall time of the zone."""
    assert parse_time("yesterday", datetime(2026, 11, 25, 12), BERLIN) == parsed(  # noqa: DTZ001  (naive on purpose)
        "yesterday", datetime(2026, 11, 25, 12, tzinfo=BERLIN)
    )


def test_a_text_pasted_in_whole_keeps_its_end() -> None:
    """Of a very long text the beginning is read, and all but the phrase is left."""
    phrase = parsed("yesterday " + "word " * 10_000 + "today")
    assert phrase.interval.start_us == utc("2026-11-24")
    assert phrase.rest.endswith("word today")
