"""Times given as an argument: `--since T`, `text WHEN`, `frame WHEN`.

Owns the reading of a text that must be a time and nothing else: ISO 8601 or a phrase.  Called by the front door.
"""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta, tzinfo

from timeline.clock import to_us
from timeline.errors import WrongUsage
from timeline.model import Interval
from timeline.phrases.calendar import Calendar
from timeline.phrases.parse import parse_time

_NOW = ("now", "right now", "现在", "此刻")
_DATE_ONLY = re.compile(r"\d{4}-\d{2}-\d{2}|\d{8}")
_FILLER = re.compile(r"[\s,，。.?!？！、的]+|\b(?:the|on|at|in|from|of)\b", re.IGNORECASE)


def parse_when(text: str, now: datetime, zone: tzinfo | None = None, week_start: int = 0) -> Interval:
    """Return what an argument names; an instant ("14:30", "2026-11-20T14:30") is an interval of no length.

    A date alone is the whole day, a time without an offset is local.  `--since` takes the start, `--until` the end.
    Raises WrongUsage when the text is not wholly a time.
    """
    said = text.strip()
    exact = _iso(said, now, zone)
    if exact is not None:
        return exact
    phrase = parse_time(said, now, zone, week_start)
    if phrase is None or _FILLER.sub("", phrase.rest):
        raise WrongUsage(
            f"{said!r} is not understood as a time; give ISO 8601 such as 2026-11-20 or 2026-11-20T14:30, "
            "or a phrase such as 'yesterday afternoon' or 昨天下午."
        )
    return phrase.interval if phrase.at_us is None else Interval(phrase.at_us, phrase.at_us)


def parse_instant(text: str, now: datetime, zone: tzinfo | None = None, week_start: int = 0) -> int:
    """Return the one instant an argument names: a clock time itself, of anything longer the middle.

    Raises WrongUsage as parse_when does.
    """
    interval = parse_when(text, now, zone, week_start)
    return (interval.start_us + interval.end_us) // 2


def _iso(said: str, now: datetime, zone: tzinfo | None) -> Interval | None:
    if said.lower() in _NOW:
        now_us = Calendar.at(now, zone, 0).now_us
        return Interval(now_us, now_us)
    try:
        if _DATE_ONLY.fullmatch(said):
            day = date.fromisoformat(said)
            calendar = Calendar.at(now, zone, 0)
            return Interval(calendar.start_us(day), calendar.end_us(day + timedelta(days=1)))
        moment = datetime.fromisoformat(said)
        at_us = to_us(moment if moment.tzinfo is not None else moment.replace(tzinfo=zone))
    except (ValueError, OverflowError):
        return None
    return Interval(at_us, at_us)
