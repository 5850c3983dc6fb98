"""Rules and how they are found in a text: the leftmost match wins, the longest of those that start together.

Owns nothing but the search; the rules themselves stand in english.py and chinese.py.  Called by parse.py.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic, Literal, TypeVar

from timeline.phrases.calendar import Calendar

Value = TypeVar("Value")
Relation = Literal["since", "after", "before", "until"]


@dataclass(frozen=True, slots=True)
class Rule(Generic[Value]):
    """A pattern and what a match of it means; None when the match is no time after all."""

    pattern: re.Pattern[str]
    meaning: Callable[[re.Match[str], Calendar], Value | None]


@dataclass(frozen=True, slots=True)
class Found(Generic[Value]):
    """What a rule found and where, `end` exclusive."""

    value: Value
    start: int
    end: int


def rule(pattern: str, meaning: Callable[[re.Match[str], Calendar], Value | None]) -> Rule[Value]:
    """Return a rule that ignores case."""
    return Rule(re.compile(pattern, re.IGNORECASE), meaning)


def find_all(rules: Sequence[Rule[Value]], text: str, calendar: Calendar) -> list[Found[Value]]:
    """Return all that the rules find, in the order of the text and without overlaps."""
    found = [each for one in rules for match in one.pattern.finditer(text) for each in _meant(one, match, calendar)]
    found.sort(key=lambda each: (each.start, -each.end))
    kept: list[Found[Value]] = []
    for each in found:
        if not kept or each.start >= kept[-1].end:
            kept.append(each)
    return kept


def _meant(one: Rule[Value], match: re.Match[str], calendar: Calendar) -> list[Found[Value]]:
    try:
        value = one.meaning(match, calendar)
    except (ValueError, OverflowError):  # 31 February, 90 million years ago: looks like a time and is none
        return []
    return [] if value is None else [Found(value, match.start(), match.end())]
