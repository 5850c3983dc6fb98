"""The English words for days and spans of time, as rules; and dates in figures, which every language shares.

Owns the words only: arithmetic is in calendar.py, times of the day in clock.py, combination in parse.py.  Names that
only look like times ("Black Friday", "the march of the penguins", "the 20th century") are kept out here.
"""

from __future__ import annotations

import re

from timeline.model import Interval
from timeline.phrases.calendar import Calendar, Days, Unit, third_of_month
from timeline.phrases.rules import rule

JUST_NOW_MIN = 15
OTHER_DAY_BACK = 7

_NUMBERS: dict[str, float] = {
    "a": 1, "an": 1, "half": 0.5, "half a": 0.5, "half an": 0.5, "a couple of": 2, "couple of": 2, "a few": 3,
    "few": 3, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9,
    "ten": 10, "eleven": 11, "twelve": 12, "fifteen": 15, "twenty": 20, "thirty": 30, "forty": 40, "forty-five": 45,
    "fifty": 50, "sixty": 60, "ninety": 90,
}  # fmt: skip
_UNITS: dict[str, Unit] = {
    "second": "second", "sec": "second", "minute": "minute", "min": "minute", "hour": "hour", "hr": "hour",
    "day": "day", "week": "week", "wk": "week", "month": "month", "mth": "month", "year": "year", "yr": "year",
}  # fmt: skip
_NUMBER = r"(?P<n>\d+(?:\.\d+)?|" + "|".join(sorted(_NUMBERS, key=len, reverse=True)) + ")"
_UNIT = rf"(?P<unit>{'|'.join(_UNITS)})"
_COUNTED = rf"\b{_NUMBER}(?P<more>\s+and\s+a\s+half)?(?:\s+|(?<=\d)){_UNIT}s?(?P<half>\s+and\s+a\s+half)?\b"

_BACK = {"last": 1, "previous": 1, "this": 0, "current": 0, "next": -1}
_WHICH = rf"(?P<which>{'|'.join(_BACK)})"
_LEAD = r"(?:\b(?P<lead>on|in|for|from|during|between|of)\s+)?(?:\bthe\s+)?"

_WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_NO_NAME = r"(?<!black )(?<!good )(?<!cyber )(?<!ash )(?<!freaky )\b"
_WEEKDAY = (
    r"(?P<weekday>monday|tuesday|wednesday|thursday|friday|saturday|sunday)\b"
    r"(?!\.com|\s+times\b|\s+addams\b|\s+the\s+13th)"
)
_SHORT = (
    r"(?P<weekday>mon|tues?|wed|thu(?:rs?)?|fri|sat|sun)\b\.?"
    r"(?=\s*(?:$|[,.?!;]|at\b|to\b|and\b|until\b|morning|afternoon|evening|night|between|from|before|after))"
)
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH = (
    r"\b(?P<month>jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?"
    r"|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\b\.?"
)
_DAY = r"(?P<day>[0-3]?\d)(?P<ordinal>st|nd|rd|th)"
_ENDS = re.compile(  # after a day that is no count: "may 5 at noon", not "may 5 people join"
    r"\s*(?:$|[,.?!;)]|(?:at|from|to|until|between|before|after|and|in\s+the|morning|afternoon|evening|night)\b|\d)",
    re.IGNORECASE,
)
_YEAR = r"(?P<year>(?:19|20)\d\d)\b"
_THIRDS = {"early": 0, "mid": 1, "late": 2}
_RELATED = re.compile(rf"\b(?:since|after|before|until|till)\s+$|{_MONTH}\s+(?:and|to|until|-)\s+$", re.IGNORECASE)
_NO_DAY = (  # what follows "the 20th" when it is no day of a month
    r"(?!\s*(?:century|floor|anniversary|edition|amendment|street|avenue|birthday|percentile|element|line|row|page"
    r"|chapter|place|time|of\b|\d)|[-\w])"
)


def _count(match: re.Match[str]) -> float:
    said = re.sub(r"\s+", " ", match["n"].lower())
    return float(_NUMBERS.get(said, said)) + (0.5 if match["half"] or match["more"] else 0)


def _last(match: re.Match[str], calendar: Calendar) -> Interval:
    return calendar.last(_count(match), _UNITS[match["unit"].lower()])


def _ago(match: re.Match[str], calendar: Calendar) -> Interval | None:
    whole_day = match["unit"].lower() == "day" and _count(match).is_integer()
    return None if whole_day else calendar.ago(_count(match), _UNITS[match["unit"].lower()])


def _days_ago(match: re.Match[str], calendar: Calendar) -> Days | None:
    whole_day = match["unit"].lower() == "day" and _count(match).is_integer()
    return calendar.day(int(_count(match))) if whole_day else None


def _weekday(match: re.Match[str], calendar: Calendar) -> Days:
    groups = match.groupdict()
    which = groups.get("which") or groups.get("of")
    number = _WEEKDAYS.index(match["weekday"][:3].lower())
    return calendar.weekday(number, None if which is None else _BACK[which.lower()])


def _period(match: re.Match[str], calendar: Calendar) -> Days:
    return _periods_back(match["period"].lower(), _BACK[match["which"].lower()], calendar)


def _period_before_last(match: re.Match[str], calendar: Calendar) -> Days:
    return _periods_back(match["period"].lower(), 2, calendar)


def _periods_back(period: str, back: int, calendar: Calendar) -> Days:
    if period == "week":
        return calendar.week(back)
    if period == "weekend":
        return calendar.weekend(back)
    return calendar.month(back) if period == "month" else calendar.year(calendar.today.year - back)


def _date(match: re.Match[str], calendar: Calendar) -> Days | None:
    if _may_be_a_verb(match):
        return None
    return calendar.on_date(_month_number(match), int(match["day"]), int(match["year"]) if match["year"] else None)


def _in_figures(match: re.Match[str], calendar: Calendar) -> Days:
    """Return 10/31 or 31/10; where both are possible the month comes first."""
    first, second = int(match["a"]), int(match["b"])
    month, day = (second, first) if first > 12 else (first, second)
    return calendar.on_date(month, day, int(match["year"]) if match["year"] else None)


def _may_be_a_verb(match: re.Match[str]) -> bool:
    """Tell whether "may" or "march" stands there in lower case with nothing beside it that makes it a month."""
    marked = match["lead"] or match["ordinal"] or match["year"] or _follows_relation(match)
    ends = _ENDS.match(match.string, match.end()) is not None
    return match["month"] in ("may", "march", "mar") and not (marked or ends)


def _month(match: re.Match[str], calendar: Calendar) -> Days | None:
    if not (match["lead"] or match["which"] or match["year"] or match["third"] or _follows_relation(match)):
        return None
    year = int(match["year"]) if match["year"] else None
    if match["which"]:
        year = calendar.today.year - _BACK[match["which"].lower()]
    month = calendar.named_month(_month_number(match), year)
    return third_of_month(month, _THIRDS[match["third"].lower()]) if match["third"] else month


def _month_number(match: re.Match[str]) -> int:
    return _MONTHS.index(match["month"][:3].lower()) + 1


def _follows_relation(match: re.Match[str]) -> bool:
    return _RELATED.search(match.string[: match.start()]) is not None


_YESTERDAY = r"(?:yesterday|yesterdays?|yday|y['’]?day|ystrdy|yest(?:er)?)"
_BEFORE_A_DATE = r"(?:\b(?:on|from|of|for)\s+|(?<=since )|(?<=until )|(?<=till )|(?<=before )|(?<=after ))"

ELAPSED = (
    rule(r"\bjust\s+now\b|\b(?:a\s+)?moments?\s+ago\b", lambda _match, calendar: calendar.last(JUST_NOW_MIN, "minute")),
    rule(r"\bthe\s+other\s+day\b", lambda _match, calendar: calendar.last(OTHER_DAY_BACK, "day")),
    rule(r"\b(?:a\s+)?quarter\s+of\s+an\s+hour\s+ago\b", lambda _match, calendar: calendar.ago(15, "minute")),
    rule(rf"{_COUNTED}\s+(?:ago|back)\b", _ago),
    rule(
        rf"(?:\b(?:in|over|during|within|for|from)\s+)?(?:\bthe(?:se)?\s+)?\b(?:last|past|previous)\s+{_COUNTED}", _last
    ),
    rule(
        rf"(?:\b(?:in|over|during|within|for)\s+)?(?:\bthe\s+(?:last|past)|\bpast)\s+{_UNIT}\b(?!\s+of\b)",
        lambda match, calendar: calendar.last(1, _UNITS[match["unit"].lower()]),
    ),
    rule(
        rf"(?:\b(?:in|over|during|within|for)\s+)?(?:\bthe\s+)?\b(?:last|past)\s+{_UNIT}\s+and\s+a\s+half\b",
        lambda match, calendar: calendar.last(1.5, _UNITS[match["unit"].lower()]),
    ),
    rule(r"\blast\s+hour\b", lambda _match, calendar: calendar.last(1, "hour")),
)

DAYS = (
    rule(rf"{_LEAD}\bday\s+before\s+yesterday\b", lambda _match, calendar: calendar.day(2)),
    rule(rf"(?:\b(?:from|for|of|between)\s+)?\b{_YESTERDAY}\b(?!\s*=)", lambda _match, calendar: calendar.day(1)),
    rule(
        r"(?:\b(?:from|for|of|earlier|so\s+far)\s+)?(?<!usa )\btoday\b(?!\s+show)",
        lambda _match, calendar: calendar.day(0),
    ),
    rule(r"\b(?:tomorrow|tmrw|tmr|2moro)\b", lambda _match, calendar: calendar.day(-1)),
    rule(  # "tonight" and "this morning" are hours; their day stands in the same word or before it
        r"(?=\b(?:tonight|tonite|2nite)\b)|(?:\b(?:early|late)\s+)?\bthis\s+(?=(?:early\s+|late\s+)?(?:morning|afternoon|evening|night|nite|arvo)\b)",
        lambda _match, calendar: calendar.day(0),
    ),
    rule(
        r"(?:\b(?:early|late)\s+)?\blast\s+(?=(?:morning|afternoon|evening|night|nite)\b)",
        lambda _match, calendar: calendar.day(1),
    ),
    rule(rf"{_COUNTED}\s+(?:ago|back)\b", _days_ago),
    rule(
        rf"{_LEAD}(?:\b{_WHICH}\s+|\b(?:this\s+)?past\s+)?{_NO_NAME}{_WEEKDAY}(?:,?\s+(?:of\s+)?(?P<of>last|this|next)\s+week\b)?",
        _weekday,
    ),
    rule(
        rf"(?:\b(?:on|from|between|{_WHICH})\s+|(?<=since )|(?<=after )|(?<=before )|(?<=until )|(?<=to )){_SHORT}",
        _weekday,
    ),
    rule(rf"{_LEAD}\b(?P<which>last|this|next)\s+week(?:['’]s|,)?\s+(?:on\s+)?{_WEEKDAY}", _weekday),
    rule(rf"{_LEAD}(?:\bearlier\s+)?\b{_WHICH}\s+(?P<period>weekend|week|month|year)\b", _period),
    rule(rf"{_LEAD}\b(?P<period>weekend|week|month|year)\s+before\s+last\b", _period_before_last),
    rule(
        r"(?:\b(?:of|in|for)\s+)?\bmy\s+(?P<period>week|month|year)\b",
        lambda match, calendar: _periods_back(match["period"].lower(), 0, calendar),
    ),
    rule(r"(?:\b(?:of|in|for)\s+)?\bmy\s+day\b", lambda _match, calendar: calendar.day(0)),
    rule(r"(?:\b(?:on|over|at|during)\s+)?\bthe\s+weekend\b", lambda _match, calendar: calendar.weekend(0)),
    rule(
        rf"(?:{_BEFORE_A_DATE}(?=\d{{1,2}}/\d{{1,2}}(?![/\d]))|(?=\d{{1,2}}/\d{{1,2}}/\d))(?<![\d/.])"
        r"(?P<a>[0-3]?\d)/(?P<b>[0-3]?\d)(?:/(?P<year>(?:19|20)\d\d))?(?![/\d])",
        _in_figures,
    ),
    rule(
        r"(?:\bon\s+)?(?<![\d.\-/])(?P<year>(?:19|20)\d\d)(?P<mark>[-/.])(?P<month>\d{1,2})(?P=mark)(?P<day>\d{1,2})"
        r"(?![\d\-/])(?:T(?=\d\d:))?",
        lambda match, calendar: calendar.on_date(int(match["month"]), int(match["day"]), int(match["year"])),
    ),
    rule(
        r"(?:\bon\s+)?(?<![\d.])(?P<day>[0-3]?\d)\.(?P<month>[01]?\d)\.(?P<year>(?:19|20)\d\d)(?!\.?\d)",
        lambda match, calendar: calendar.on_date(int(match["month"]), int(match["day"]), int(match["year"])),
    ),
    rule(rf"{_LEAD}(?<![\d.:])\b{_DAY}?\s+(?:of\s+)?{_MONTH}(?:,?\s+{_YEAR})?", _date),
    rule(rf"{_LEAD}{_MONTH}\s+(?:the\s+)?{_DAY}?\b(?!:)(?:,?\s+{_YEAR})?", _date),
    rule(
        rf"(?:\b(?:on|of)\s+|(?<=since )|(?<=until )|(?<=before )|(?<=after ))the\s+{_DAY}{_NO_DAY}",
        lambda match, calendar: calendar.day_of_month(int(match["day"])),
    ),
    rule(
        rf"{_LEAD}(?:\b(?P<third>early|mid|late)[\s-]+)?(?:\b(?P<which>last|this)\s+)?{_MONTH}(?:,?\s+{_YEAR})?(?!\s*\d)",
        _month,
    ),
    rule(rf"\b(?:in|during|of)\s+{_YEAR}(?![-/.]\d)", lambda match, calendar: calendar.year(int(match["year"]))),
)
