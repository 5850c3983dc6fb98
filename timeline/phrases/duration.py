"""Lengths of time as an argument says them: 30m, 1h30m, 90 min, half an hour, 半小时, 两小时.

Owns their rules, in both languages.  Pure.  Called by the front door (`dayreel pause`).
"""

from __future__ import annotations

import re

from timeline.errors import WrongUsage
from timeline.phrases.numerals import SPOKEN, number
from timeline.phrases.when import LONGEST_SHOWN

LONGEST_S = 366 * 24 * 3600.0
_HALF = 0.5
_UNITS_S = {
    r"s|secs?|seconds?|秒钟?": 1.0,
    r"m|mins?|minutes?|分钟?": 60.0,
    r"刻钟?": 900.0,
    r"h|hrs?|hours?|个?小时|个?钟头?": 3600.0,
    r"d|days?|天": 86400.0,
}
_COUNT = rf"\d+(?:\.\d+)?|half\s+an?|an?|半|{SPOKEN}+"
_PATTERNS = [
    (re.compile(rf"(?P<count>{_COUNT})\s*(?P<half>个半)?(?:{unit})(?![a-z])"), unit_s)
    for unit, unit_s in _UNITS_S.items()
]
_BETWEEN = re.compile(r"[\s,，]*(?:and\s+)?")


def parse_duration(text: str) -> float:
    """Return the seconds that an argument names.  Raises WrongUsage when it names none, or more than a year."""
    said, seconds, at = text.strip().lower(), 0.0, 0
    while at < len(said):
        part = _part(said, at)
        if part is None:
            raise _not_understood(text)
        seconds, at = seconds + part[0], part[1]
    if seconds <= 0:
        raise _not_understood(text)
    if seconds > LONGEST_S:
        raise WrongUsage(f"{_shown(text)!r} is longer than a year: leave it out to have no end at all.")
    return seconds


def _part(said: str, at: int) -> tuple[float, int] | None:
    """Return the seconds of one number with its unit, and where what follows begins."""
    for pattern, unit_s in _PATTERNS:
        found = pattern.match(said, at)
        if found is not None:
            count = _count(found["count"]) + (_HALF if found["half"] else 0)
            between = _BETWEEN.match(said, found.end())
            return count * unit_s, found.end() if between is None else between.end()
    return None


def _count(text: str) -> float:
    if text.startswith("half"):
        return _HALF
    return 1.0 if text in ("a", "an") else number(text)


def _not_understood(text: str) -> WrongUsage:
    return WrongUsage(f"{_shown(text)!r} is not understood as a length of time; give 30m, 2h, 1h30m or 半小时.")


def _shown(text: str) -> str:
    return text if len(text) <= LONGEST_SHOWN else f"{text[:LONGEST_SHOWN]}…"
