"""Quarters and halves of a year in both languages, as rules: in Q3, the first half of last year, 去年下半年, 第三季度.

Owns the words only: arithmetic is in calendar.py.  Called by parse.py.  What only looks like them (the H2 of a page, a
quarter of the budget, 半年报) is kept out here; a bare Q3 within a text is part of what was read.
"""

from __future__ import annotations

import re

from timeline.phrases.calendar import Calendar, Days
from timeline.phrases.numerals import number
from timeline.phrases.rules import rule

_BACK = {"last": 1, "previous": 1, "this": 0, "current": 0}
_ORDINALS = {"first": 1, "1st": 1, "second": 2, "2nd": 2, "third": 3, "3rd": 3, "fourth": 4, "4th": 4}
_LEAD = r"(?:\b(?P<lead>in|for|from|during|between|of)\s+)?(?:\bthe\s+)?"
_YEAR = r"(?P<year>(?:19|20)\d\d)\b"
_OF_YEAR = rf"(?:,?\s+(?:of\s+)?(?:{_YEAR}|(?:the\s+)?(?P<of>last|this)\s+year|the\s+year))?"
_RELATED = re.compile(r"\b(?:since|after|before|until|till)\s+(?:the\s+)?$", re.IGNORECASE)

_CHINESE_LEAD = r"(?:自从|从|自打|(?<!来)自|(?<![现存正所])在|于)?"
_CHINESE_YEAR = r"(?:(?P<year>(?:19|20)\d\d)年|(?P<which_year>前年|去年|今年|明年))?的?"
_YEARS_BACK = {"前年": 2, "去年": 1, "今年": 0, "明年": -1}


def _quarter(match: re.Match[str], calendar: Calendar) -> Days | None:
    return None if _is_bare(match) else calendar.quarter(_number_of(match), _said_year(match, calendar))


def _half(match: re.Match[str], calendar: Calendar) -> Days | None:
    return None if _is_bare(match) else calendar.half_year(_number_of(match), _said_year(match, calendar))


def _part_back(match: re.Match[str], calendar: Calendar) -> Days:
    back = _BACK[match["which"].lower()]
    return calendar.quarter_back(back) if match["part"].lower() == "quarter" else calendar.half_year_back(back)


def _is_bare(match: re.Match[str]) -> bool:
    """Tell whether a mark like Q3 stands in a text with nothing beside it that makes it a time: "the Q3 report"."""
    said = match.groupdict()
    related = _RELATED.search(match.string[: match.start()]) is not None
    marked = said.get("lead") or said.get("year") or said.get("of") or related
    return not marked and match["number"].isdecimal() and match[0].strip() != match.string.strip()


def _number_of(match: re.Match[str]) -> int:
    said = match["number"].lower()
    return int(said) if said.isdecimal() else _ORDINALS[said]


def _said_year(match: re.Match[str], calendar: Calendar) -> int | None:
    """Return the year that stands beside a quarter: in figures, or as this or last year."""
    if match["year"]:
        return int(match["year"])
    return calendar.today.year - _BACK[match["of"].lower()] if match["of"] else None


def _chinese_quarter(match: re.Match[str], calendar: Calendar) -> Days:
    return calendar.quarter(int(number(match["quarter"])), _chinese_year(match, calendar))


def _chinese_half(match: re.Match[str], calendar: Calendar) -> Days:
    return calendar.half_year(1 if match["half"] == "上" else 2, _chinese_year(match, calendar))


def _chinese_year(match: re.Match[str], calendar: Calendar) -> int | None:
    if match["year"]:
        return int(match["year"])
    return calendar.today.year - _YEARS_BACK[match["which_year"]] if match["which_year"] else None


def _chinese_back(match: re.Match[str], calendar: Calendar) -> Days:
    which = match["which"]
    return calendar.quarter_back(0 if which in "这本" else len(which))


DAYS = (
    rule(rf"{_LEAD}\b(?P<which>last|previous|this|current)\s+(?P<part>quarter|half[\s-]year)\b(?!\s+of\b)", _part_back),
    rule(rf"{_LEAD}(?<!\w)Q(?P<number>[1-4])\b{_OF_YEAR}", _quarter),
    rule(rf"{_LEAD}\b(?P<number>first|second|third|fourth|1st|2nd|3rd|4th)\s+quarter\b{_OF_YEAR}(?!\s+of\b)", _quarter),
    rule(rf"{_LEAD}(?<![\w<])H(?P<number>[12])\b(?!\s*>){_OF_YEAR}", _half),
    rule(
        rf"{_LEAD}\b(?P<number>first|second|1st|2nd)\s+half\s+of\s+(?:{_YEAR}|(?:the|(?P<of>last|this))\s+year)", _half
    ),
    rule(rf"{_CHINESE_LEAD}{_CHINESE_YEAR}第?(?P<quarter>[一二三四1-4])季度", _chinese_quarter),
    rule(rf"{_CHINESE_LEAD}{_CHINESE_YEAR}(?<=[年的])Q(?P<quarter>[1-4])(?![A-Za-z0-9])", _chinese_quarter),
    rule(rf"{_CHINESE_LEAD}(?P<which>上{{1,2}}|这|本)一?个?季度", _chinese_back),
    rule(rf"{_CHINESE_LEAD}{_CHINESE_YEAR}(?P<half>[上下])半年(?!级|报)", _chinese_half),
)
