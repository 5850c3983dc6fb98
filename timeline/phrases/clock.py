"""Times of the day, in English words and in figures: parts of a day, clock times, ranges of clock times.

Owns what "morning", "at 3pm" and "between 2 and 4" mean on a day that is not known yet; chinese.py builds on the same
values.  Called by parse.py.  Names ("High Noon", "Tonight Show", "good morning") are kept out here.
"""

from __future__ import annotations

import re
from dataclasses import replace

from timeline.phrases.calendar import DAY_MIN, HALF_DAY_MIN, Calendar, Hours
from timeline.phrases.rules import rule

AT_SIDE_MIN = 15  # "at 3pm" reaches as far to each side as "just now" reaches back
AROUND_SIDE_MIN = 30

MORNING = Hours(6 * 60, 12 * 60, part=True)
NOON = Hours(11 * 60 + 30, 13 * 60 + 30, at_min=12 * 60, part=True)
AFTERNOON = Hours(12 * 60, 18 * 60, part=True)
EVENING = Hours(18 * 60, 24 * 60, part=True)
NIGHT = Hours(18 * 60, 30 * 60, part=True)
_PARTS = {
    "morning": MORNING,
    "afternoon": AFTERNOON,
    "evening": EVENING,
    "night": NIGHT,
    "nite": NIGHT,
    "arvo": AFTERNOON,
}

_HOUR_WORDS = ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"]
_HOUR = r"(?:\d{1,2}|" + "|".join(_HOUR_WORDS) + ")"
_CLOCK = (
    r"(?:(?<!high )\bnoon\b|\bmidday\b|\bmidnight\b"
    rf"|\b(?:half|quarter)\s+(?:past|to)\s+{_HOUR}\b"
    rf"|\b{_HOUR}\s+o['’]?clock"
    r"|(?<![\w:.])\d{1,2}(?:[:.]\d\d(?::\d\d)?)?\s*[ap]\.?m\b\.?"
    r"|(?<![:.\da-su-z])\d{1,2}:\d\d(?::\d\d)?(?![:.]?\d)"  # a T may stand before it: 2026-11-20T14:30
    rf"|\b{_HOUR}(?=\s+(?:in\s+the\s+(?:morning|afternoon|evening)|at\s+night)\b))"
    r"(?:\s+in\s+the\s+(?:morning|afternoon|evening)|\s+at\s+night)?"
)
_TO = r"\s*(?:\bto\b|\buntil\b|\btill\b|[-–—~到至]|(?<=\s)and(?=\s))\s*"
_END = (
    r"(?=\s*(?:$|[?.!,;]|yesterday\b|today\b|on\b|last\b|this\b|in\s+the\b))"  # after a bare figure: "at 3 yesterday"
)
_PART = r"(?:\b(?:early|late|mid)[\s-]+)?(?<!good )\b(?P<part>morning|afternoon|evening|night|nite|arvo)\b"


_NAMED = re.compile(r"(?:Noon|Midday|Midnight) [A-Z]")  # Midnight Commander, Noon Edition: a name, no time


def at_time(minute: float, *, loose: bool = False, to_second: bool = False) -> Hours:
    """Return the hours around a clock time."""
    return Hours(minute - AT_SIDE_MIN, minute + AT_SIDE_MIN, at_min=minute, loose=loose, to_second=to_second)


def between(first: Hours, last: Hours) -> Hours:
    """Return a range of two clock times: a loose start is the nearest before the end, a loose end the next after it."""
    start_min, end_min = _at_min(first), _at_min(last) or DAY_MIN  # up to midnight is up to the end of the day
    if first.loose and not last.loose:
        halves = (start_min % HALF_DAY_MIN, start_min % HALF_DAY_MIN + HALF_DAY_MIN)
        start_min = max((each for each in halves if each < end_min), default=start_min)
    step_min = HALF_DAY_MIN if last.loose else DAY_MIN
    end_min = start_min + ((end_min - start_min) % step_min or step_min)
    return Hours(start_min, end_min, loose=first.loose and last.loose)


def _at_min(hours: Hours) -> float:
    return hours.start_min if hours.at_min is None else hours.at_min


def _clock(said: str) -> Hours | None:
    """Return the clock time that was said; None when no clock shows it."""
    said = said.lower().strip()
    if said in ("noon", "midday"):
        return NOON
    if said.startswith(("noon", "midday", "midnight")):
        return at_time(0 if said.startswith("midnight") else HALF_DAY_MIN)
    figure = re.search(r"\d+", said)
    words = (_HOUR_WORDS.index(word) + 1 for word in said.split() if word in _HOUR_WORDS)
    hour = int(figure[0]) if figure else next(words)
    minutes = re.search(r"\d[:.](\d\d)", said)
    minute = int(minutes[1]) if minutes else _spoken_minute(said)
    seconds = re.search(r"\d[:.]\d\d:(\d\d)", said)
    second = int(seconds[1]) if seconds else 0
    if hour > 24 or minute > 59 or second > 59:
        return None
    return replace(_on_the_dial(said, hour, minute + second / 60), to_second=seconds is not None)


def _spoken_minute(said: str) -> int:
    if not said.startswith(("half", "quarter")):
        return 0
    return (30 if said.startswith("half") else 15) * (-1 if " to " in said else 1)


def _on_the_dial(said: str, hour: int, minute: float) -> Hours:
    """Return the clock time; an hour from 1 to 6 said without more is in the afternoon, unless written 03:00."""
    told = re.search(r"(?P<half>[ap])\.?m\b|(?P<part>morning|afternoon|evening|night)", said)
    if told is None:
        loose = 1 <= hour <= 12 and not said.startswith("0")
        return at_time((hour + (12 if loose and hour <= 6 else 0)) * 60 + minute, loose=loose)
    small_hours = told["part"] == "night" and hour % 12 < 6
    later = told["half"] == "p" or (told["part"] in ("afternoon", "evening", "night") and not small_hours)
    return at_time((hour % 12 + (12 if later else 0)) * 60 + minute)


def _at(match: re.Match[str], _calendar: Calendar) -> Hours | None:
    if _NAMED.match(match.string, match.start("clock")):
        return None
    hours, lead = _clock(match["clock"]), (match["lead"] or "").lower()
    if hours is None or hours.part:
        return hours
    if re.search(r"around|about|near", lead):
        return replace(hours, start_min=_at_min(hours) - AROUND_SIDE_MIN, end_min=_at_min(hours) + AROUND_SIDE_MIN)
    return replace(hours, weak=not lead and re.fullmatch(r"\d:\d\d", match["clock"]) is not None)  # a ratio: 4:3


def _from_to(match: re.Match[str], _calendar: Calendar) -> Hours | None:
    first, last = _clock(match["a"]), _clock(match["b"])
    return None if first is None or last is None else between(first, last)


def _part(match: re.Match[str], _calendar: Calendar) -> Hours:
    return _PARTS[match["part"].lower()]


def _weak_part(match: re.Match[str], _calendar: Calendar) -> Hours:
    return replace(_PARTS[match["part"].lower()], weak=True)


HOURS = (
    rule(rf"(?:\b(?:between|from)\s+)?(?<![\d:.\-/])(?P<a>{_CLOCK}|\b\d{{1,2}}){_TO}(?P<b>{_CLOCK})", _from_to),
    rule(rf"(?:\b(?:between|from)\s+)?(?P<a>{_CLOCK}){_TO}(?P<b>\d{{1,2}}){_END}", _from_to),
    rule(rf"\b(?:between|from)\s+(?P<a>\d{{1,2}})\s+(?:to|and|until|till)\s+(?P<b>\d{{1,2}}){_END}", _from_to),
    rule(
        r"(?<![\d:.\-/])\b(?P<a>\d{1,2})\s*(?:\bto\b|[-–—])\s*(?P<b>\d{1,2})"
        r"(?=\s+(?:this|in\s+the|yesterday)\s+(?:morning|afternoon|evening)\b)",
        _from_to,
    ),
    rule(rf"(?:\b(?P<lead>(?:at|around|about|near)(?:\s+(?:about|around))?)\s+)?(?P<clock>{_CLOCK})", _at),
    rule(rf"\b(?P<lead>at|around|about)\s+(?P<clock>\d{{1,2}}){_END}", _at),
    rule(r"\b(?:tonight|tonite|2nite)\b(?!\s+show)", lambda _match, _calendar: EVENING),
    rule(r"\b(?:at|over|during)\s+lunch(?:time)?\b", lambda _match, _calendar: NOON),
    rule(r"\bat\s+(?P<part>night)\b", _part),
    rule(rf"\b(?:in|during)\s+the\s+{_PART}", _part),
    rule(rf"(?:\bon\s+)?(?:\bthe\s+)?{_PART}", _weak_part),
)
