"""A time phrase found in a question: its interval, the words that said it, and the words that are left.

Owns the combination: a day with its hours, two days with "to" between them, "since", "before" and "after"; preferring
the past; cut at now.  The words are in english.py, chinese.py and their clocks.  Called by the assistant and when.py.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, tzinfo
from itertools import pairwise

from timeline.clock import SECOND_US
from timeline.model import Interval
from timeline.phrases import chinese, chinese_clock, clock, english, parts_of_year
from timeline.phrases.calendar import DAY_MIN, Calendar, Days, Hours, within_years
from timeline.phrases.rules import Found, Relation, find_all

MINUTE_US = 60 * SECOND_US
LONGEST_TEXT = 2_000  # characters: in a text pasted in whole no phrase is looked for beyond

_ELAPSED = english.ELAPSED + chinese.ELAPSED
_DAYS = english.DAYS + chinese.DAYS + parts_of_year.DAYS
_HOURS = clock.HOURS + chinese_clock.HOURS

_TO = re.compile(r"\s*(?:to|until|till|through|thru|and|[-–—~,、]|到|至|和|与|跟)\s*", re.IGNORECASE)
_BESIDE = re.compile(r"(?:['’]s)?[\s,，]*(?:on|of|in|at|的)?\s*", re.IGNORECASE)
_RELATION_BEFORE = re.compile(
    r"\b(?:ever\s+)?(since|after|before|until|till|(?<!I )(?<!was )(?<!were )(?<!been )up\s+to)\s+(?:the\s+)?$",
    re.IGNORECASE,
)
_RELATIONS: dict[str, Relation] = {"since": "since", "after": "after", "before": "before"}
_DEADLINE = re.compile(
    r"\b(?:by|due(?:\s+on)?)\s+$", re.IGNORECASE
)  # "by Friday" is part of a text, not when it was read
_TO_NOW = re.compile(r"\s*(?:so\s+far\b|(?:to|until|till|up\s+to|and|-)\s*(?:right\s+)?now\b)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class TimePhrase:
    """What a phrase means.  `matched` and `rest` are of the text in normal width (NFKC).

    `at_us` is the instant when a clock time was named ("at 3pm"), else None; the interval then reaches to both sides.
    `at_end_us` is where the minute ends that was named, or the second ("15:00:20").
    """

    interval: Interval
    matched: str
    rest: str
    at_us: int | None = None
    at_end_us: int | None = None


@dataclass(frozen=True, slots=True)
class _Reading:
    """What the words mean before they are cut at now, and where they stand."""

    interval: Interval
    named: Interval | None
    """The minute or second that was named."""
    spans: tuple[tuple[int, int], ...]


def parse_time(
    text: str, now: datetime, zone: tzinfo | None = None, week_start: int = 0, looks_ahead: bool = False
) -> TimePhrase | None:
    """Return the time that a text speaks of, None when it speaks of none.

    `zone` None is the system's; `week_start` 0 is Monday.  An interval that holds now ends there unless `looks_ahead`;
    one that begins after now ("tonight" at noon, "tomorrow") looks ahead by itself.
    """
    plain = unicodedata.normalize("NFKC", text)
    calendar = Calendar.at(now, zone, week_start)
    try:
        reading = _read(plain[:LONGEST_TEXT], calendar)
    except (ValueError, OverflowError):  # a year that no calendar holds
        return None
    if reading is None:
        return None
    interval, named = within_years(reading.interval), reading.named
    if interval is None:
        return None
    if not looks_ahead and interval.start_us < calendar.now_us < interval.end_us:
        interval = replace(interval, end_us=calendar.now_us)
    return TimePhrase(
        interval,
        _matched(plain, reading.spans),
        _rest(plain, reading.spans),
        named.start_us if named else None,
        named.end_us if named else None,
    )


def _read(plain: str, calendar: Calendar) -> _Reading | None:
    text = chinese.simplified(plain)
    elapsed = find_all(_ELAPSED, text, calendar)
    if elapsed:
        return _since_elapsed(text, elapsed[0], calendar)
    named = [each for each in find_all(_DAYS, text, calendar) if not _DEADLINE.search(text[: each.start])]
    days = _joined_days(text, named)
    hours = _chosen_hours(text, find_all(_HOURS, text, calendar), days)
    if days is None and not hours:
        return None
    spans = [(each.start, each.end) for each in ([days] if days else []) + hours]
    relation, span = _relation(text, sorted(spans))
    reading = _resolved(calendar, days.value if days else None, _merged(hours), relation)
    if reading is None:
        return None
    return replace(reading, spans=tuple(sorted([*spans, span] if span else spans)))


def _since_elapsed(text: str, found: Found[Interval], calendar: Calendar) -> _Reading:
    """Return the reading of "2 hours ago" or "the last 3 days"; with "since" before it, all up to now."""
    interval, spans = found.value, ((found.start, found.end),)
    relation, span = _relation(text, spans)
    if relation != "since" or span is None:
        return _Reading(interval, None, spans)
    return _Reading(replace(interval, end_us=calendar.now_us), None, tuple(sorted((*spans, span))))


def _joined_days(text: str, found: list[Found[Days]]) -> Found[Days] | None:
    """Return the first days; with "to" or "and" after them, all days up to the second."""
    if not found:
        return None
    first = found[0]
    if len(found) == 1 or _TO.fullmatch(text, first.end, found[1].start) is None:
        return first
    second = found[1]
    start = first.value
    if start.first > second.value.first and start.step_days:
        start = start.stepped_back()
    days = Days(min(start.first, second.value.first), max(start.after, second.value.after))
    return Found(days, first.start, second.end)


def _chosen_hours(text: str, found: list[Found[Hours]], days: Found[Days] | None) -> list[Found[Hours]]:
    """Return the clock time and the part of the day that were named; weak ones only beside the day."""
    if days is not None and not days.value.single:
        return []
    outside = [each for each in found if days is None or each.start >= days.end or each.end <= days.start]
    meant = [each for each in outside if not each.value.weak or (days is not None and _beside(text, days, each))]
    clocks = [each for each in meant if not each.value.part][:1]
    parts = [each for each in meant if each.value.part][:1]
    if clocks and not clocks[0].value.loose:  # of "1 am last night" the night says which day's it is
        return clocks + [each for each in parts if days is not None and each.start == days.end and _is_night(each)]
    return clocks + parts


def _is_night(each: Found[Hours]) -> bool:
    return each.value.end_min > DAY_MIN


def _beside(text: str, days: Found[Days], hours: Found[Hours]) -> bool:
    start, end = (days.end, hours.start) if hours.start >= days.end else (hours.end, days.start)
    return _BESIDE.fullmatch(text, start, end) is not None


def _merged(hours: Sequence[Found[Hours]]) -> Hours | None:
    if not hours:
        return None
    return hours[0].value.within(hours[1].value) if len(hours) == 2 else hours[0].value


def _relation(text: str, spans: Sequence[tuple[int, int]]) -> tuple[Relation | None, tuple[int, int] | None]:
    """Return "since", "after", "before" or "until" as it stands beside the phrase, and where."""
    to_now = _TO_NOW.match(text, spans[-1][1])
    if to_now is not None:
        return "since", to_now.span()
    for start, _ in spans:
        before = _RELATION_BEFORE.search(text[:start])
        if before is not None:
            return _RELATIONS.get(before[1].lower(), "until"), before.span()
    return chinese.relation(text, spans[0][0], spans[-1][1])


def _resolved(calendar: Calendar, days: Days | None, hours: Hours | None, relation: Relation | None) -> _Reading | None:
    """Return the reading of days and hours; a name that would lie ahead means the one before."""
    meant = days or replace(calendar.day(0), step_days=1)
    interval, named = _related(calendar, meant, hours, relation)
    if meant.step_days and (named or interval).start_us > calendar.now_us:
        interval, named = _related(calendar, meant.stepped_back(), hours, relation)
    return _Reading(interval, named, ()) if interval.start_us < interval.end_us else None


def _related(
    calendar: Calendar, days: Days, hours: Hours | None, relation: Relation | None
) -> tuple[Interval, Interval | None]:
    whole = calendar.whole(days)
    if hours is None:
        around = {
            None: whole,
            "since": Interval(whole.start_us, calendar.now_us),
            "after": Interval(whole.end_us, calendar.now_us),
            "before": Interval(0, whole.start_us),
            "until": Interval(0, whole.end_us),
        }
        return around[relation], None
    part = calendar.part(days, hours)
    at_us = None if hours.at_min is None else calendar.start_us(days.first, hours.at_min)
    around = {
        None: part,
        "since": Interval(at_us or part.start_us, calendar.now_us),
        "after": Interval(at_us or part.end_us, max(whole.end_us, part.end_us)),
        "before": Interval(whole.start_us, at_us or part.start_us),
        "until": Interval(whole.start_us, at_us or part.end_us),
    }
    if at_us is None or hours.part or relation:
        return around[relation], None
    return around[relation], Interval(at_us, at_us + (SECOND_US if hours.to_second else MINUTE_US))


def _matched(plain: str, spans: Sequence[tuple[int, int]]) -> str:
    """Return the words of the phrase; words that do not belong to it are left out."""
    text = plain[spans[0][0] : spans[0][1]]
    for (_, end), (start, stop) in pairwise(spans):
        between = plain[end:start]
        text += (between if not between.strip() else " ") + plain[start:stop]
    return text.strip()


def _rest(plain: str, spans: Sequence[tuple[int, int]]) -> str:
    """Return the text without the phrase."""
    kept, at = "", 0
    for start, end in spans:
        kept += plain[at:start] + (" " if plain[start:end].isascii() else "")
        at = end
    kept = re.sub(r"^\s*['’]s\b", "", re.sub(r"\s['’]s\b", " ", kept + plain[at:]))
    return re.sub(r"\s+([?.!,;])", r"\1", re.sub(r"\s+", " ", kept)).strip(" ,，、的")
