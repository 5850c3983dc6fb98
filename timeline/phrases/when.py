"""Times given as an argument: `--since T`, `text WHEN`, `frame WHEN`.

Owns the reading of a text that must be a time and nothing else: ISO 8601 or a phrase.  Called by the front door.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo

from timeline.clock import SECOND_US, to_us
from timeline.errors import WrongUsage
from timeline.model import Interval
from timeline.phrases.calendar import Calendar, Days, within_years
from timeline.phrases.parse import MINUTE_US, TimePhrase, parse_time

_NOW = ("now", "right now", "现在", "此刻")
_DATE_ONLY = re.compile(r"\d{4}-\d{2}-\d{2}|\d{8}|\d{4}-?W\d{2}-?\d")
_WEEK_ONLY = re.compile(r"\d{4}-?W\d{2}")
_YEAR_AND_MONTH = re.compile(r"(?P<year>(?:19|20)\d\d)(?:-(?P<month>\d\d))?")
_SECONDS = re.compile(r"[T ]\d\d:?\d\d:?\d\d")
LONGEST_SHOWN = 60  # characters of an argument that a message repeats
_FILLER = re.compile(r"[\s,，。.?!？！、的]+|\b(?:the|on|at|in|from|of)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class _Named:
    """What an argument names, and whether that is a clock time: then its start is the instant, else the middle."""

    interval: Interval
    is_clock_time: bool


def parse_when(text: str, now: datetime, zone: tzinfo | None = None, week_start: int = 0) -> Interval:
    """Return what an argument names: of "14:30" the whole minute, of "14:30:05" the second.

    A date alone is the whole day; "now" and a time with fractions of a second are intervals of no length; a time
    without an offset is local.  `--since` takes the start, `--until` the end.
    Raises WrongUsage when the text is not wholly a time, or lies outside the years 1970 to 2199.
    """
    return _named(text, now, zone, week_start).interval


def parse_instant(text: str, now: datetime, zone: tzinfo | None = None, week_start: int = 0) -> int:
    """Return the one instant an argument names: the start of a clock time, of anything longer the middle.

    Raises WrongUsage as parse_when does.
    """
    named = _named(text, now, zone, week_start)
    start_us, end_us = named.interval.start_us, named.interval.end_us
    return start_us if named.is_clock_time else (start_us + end_us) // 2


def _named(text: str, now: datetime, zone: tzinfo | None, week_start: int) -> _Named:
    said = text.strip()
    named = _iso(said, Calendar.at(now, zone, week_start)) or _phrase(said, now, zone, week_start)
    if named is None:
        raise WrongUsage(
            f"{_shown(said)!r} is not understood as a time; give ISO 8601 such as 2026-11-20 or 2026-11-20T14:30, "
            "or a phrase such as 'yesterday afternoon' or 昨天下午."
        )
    inside = within_years(named.interval)
    if inside is None:
        raise WrongUsage(f"{_shown(said)!r} lies outside the years 1970 to 2199; give a time inside them.")
    return _Named(inside, named.is_clock_time)


def _shown(said: str) -> str:
    return said if len(said) <= LONGEST_SHOWN else f"{said[:LONGEST_SHOWN]}…"


def _phrase(said: str, now: datetime, zone: tzinfo | None, week_start: int) -> _Named | None:
    """Return what a phrase names; as a whole argument "9:30" and "weekend" need no word before them."""
    for lead in ("", "at ", "the ") if ":" in said else ("", "the "):
        phrase = parse_time(lead + said, now, zone, week_start)
        if phrase is not None and not _FILLER.sub("", phrase.rest):
            return _of_phrase(phrase)
    return None


def _of_phrase(phrase: TimePhrase) -> _Named:
    if phrase.at_us is None or phrase.at_end_us is None:
        return _Named(phrase.interval, is_clock_time=False)
    return _Named(Interval(phrase.at_us, phrase.at_end_us), is_clock_time=True)


def _iso(said: str, calendar: Calendar) -> _Named | None:
    if said.lower() in _NOW:
        return _Named(Interval(calendar.now_us, calendar.now_us), is_clock_time=True)
    try:
        days = _iso_days(said, calendar)
        if days is not None:
            return _Named(calendar.whole(days), is_clock_time=False)
        moment = datetime.fromisoformat(said)
        at_us = to_us(moment if moment.tzinfo is not None else moment.replace(tzinfo=calendar.zone))
    except (ValueError, OverflowError):
        return None
    length_us = 0 if moment.microsecond else SECOND_US if _SECONDS.search(said) else MINUTE_US
    return _Named(Interval(at_us, at_us + length_us), is_clock_time=True)


def _iso_days(said: str, calendar: Calendar) -> Days | None:
    """Return the day, week, month or year that is written; None when the text is none of these."""
    if _DATE_ONLY.fullmatch(said):
        day = date.fromisoformat(said)
        return Days(day, day + timedelta(days=1))
    if _WEEK_ONLY.fullmatch(said):
        monday = date.fromisoformat(said)
        return Days(monday, monday + timedelta(days=7))
    written = _YEAR_AND_MONTH.fullmatch(said)
    if written is None:
        return None
    if written["month"] is None:
        return calendar.year(int(written["year"]))
    return calendar.named_month(int(written["month"]), int(written["year"]))
