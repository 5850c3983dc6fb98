"""Times of the day in Chinese: 下午, 昨晚, 下午三点到四点半, 三点左右.

Owns what parts of a day and clock times mean on a day that is not known yet; what they reach is in clock.py.  Called by
parse.py.  Words that only look like hours (第三点, 快一点, 下午茶, 早上好) are kept out here.
"""

from __future__ import annotations

import re
from dataclasses import replace

from timeline.phrases.calendar import Calendar, Hours
from timeline.phrases.clock import AFTERNOON, AROUND_SIDE_MIN, EVENING, MORNING, NIGHT, NOON, at_time, between
from timeline.phrases.numerals import SPOKEN, number
from timeline.phrases.rules import rule

_EARLY = Hours(0, 6 * 60, part=True)
_DUSK = Hours(17 * 60, 19 * 60, part=True)
_PARTS = {
    "凌晨": _EARLY, "清晨": MORNING, "清早": MORNING, "早晨": MORNING, "早上": MORNING, "一大早": MORNING,
    "上午": MORNING, "早": MORNING, "晨": MORNING, "中午": NOON, "正午": NOON, "午间": NOON, "下午": AFTERNOON,
    "午后": AFTERNOON, "傍晚": _DUSK, "晚上": EVENING, "晚间": EVENING, "今晚": EVENING, "今夜": EVENING,
    "晚": EVENING, "昨晚": NIGHT, "昨夜": NIGHT, "前晚": NIGHT, "前夜": NIGHT, "夜里": NIGHT, "夜间": NIGHT,
    "深夜": NIGHT, "半夜": NIGHT,
}  # fmt: skip
_PART = (
    r"(?:凌晨|清晨|清早|早晨|早上|一大早|上午|中午(?!饭)|正午|午间|下午(?!茶)|午后|傍晚|晚上|晚间|夜里|夜间|深夜|半夜"
    r"|(?<=[昨前今])[晚夜](?![上间里])|(?<=[昨今])[早晨](?![上晨些])"
    r"|(?<=[一二三四五六日天末])[早晚](?![上间会餐饭点些]))"
)
_CLOCK = (
    rf"(?:{_PART}的?\s*\d{{1,2}}:\d\d(?::\d\d)?"
    rf"|(?:{_PART}的?\s*)?(?:(?<![第这那分有几差提\d])(?:\d{{1,2}}|{SPOKEN}{{1,3}})点(?:钟|整)?|(?<!\d)\d{{1,2}}时)"
    rf"(?:半|[一三]刻|(?:[0-5]?\d|{SPOKEN}{{1,3}})分(?:[0-5]?\d|{SPOKEN}{{1,3}})秒"
    rf"|[0-5]?\d分?|{SPOKEN}{{2,3}}分?|{SPOKEN}分)?)(?![建要原意注内理结说不区钱滴共儿候代期])"
)
_CLOCK_GROUPS = re.compile(
    rf"(?P<part>\D*?)的?\s*(?P<hour>\d{{1,2}}|{SPOKEN}{{1,3}})(?P<mark>点钟|点整|点|时|:)(?P<minute>.*?)"
    r"(?:(?<=分)(?P<spoken>[^分]+)秒|:(?P<second>\d\d))?"
)


def _clock(said: str) -> Hours | None:
    """Return the clock time that was said; None when no clock shows it."""
    groups = _CLOCK_GROUPS.fullmatch(said)
    if groups is None:
        return None
    hour, minute = int(number(groups["hour"])), _minute(groups["minute"])
    said_second = groups["spoken"] or groups["second"]
    second = int(number(said_second)) if said_second else 0
    if hour > 24 or minute > 59 or second > 59:
        return None
    return replace(_on_the_dial(groups, hour, minute + second / 60), to_second=said_second is not None)


def _on_the_dial(groups: re.Match[str], hour: int, minute: float) -> Hours:
    part = _PARTS.get(groups["part"].strip())
    loose = part is None and 1 <= hour <= 12 and not groups["hour"].startswith("0")
    if part is not None:
        return at_time(_in_part(part, hour) * 60 + minute)
    return at_time((hour + (12 if loose and hour <= 6 else 0)) * 60 + minute, loose=loose)


def _minute(said: str) -> int:
    quarters = {"": 0, "半": 30, "一刻": 15, "三刻": 45}
    return quarters[said] if said in quarters else int(number(said.removesuffix("分")))


def _in_part(part: Hours, hour: int) -> int:
    """Return the hour of the day, past 24 in the small hours of a night: 晚上十二点 is midnight, 昨晚两点 is 26."""
    if part is _EARLY:
        return hour % 12
    if part is MORNING or hour > 12 or (part is NOON and hour >= 10):
        return hour
    late = part in (EVENING, NIGHT) and (hour == 12 or (part is NIGHT and hour < 6))
    return hour % 12 + (24 if late else 12)


def _at(match: re.Match[str], _calendar: Calendar) -> Hours | None:
    hours = None if match["clock"] == "一点" else _clock(_with_day_part(match, "clock"))  # alone it is "a little"
    if hours is None or hours.at_min is None or not match["fuzzy"]:
        return hours
    return replace(hours, start_min=hours.at_min - AROUND_SIDE_MIN, end_min=hours.at_min + AROUND_SIDE_MIN)


def _from_to(match: re.Match[str], _calendar: Calendar) -> Hours | None:
    first, last = _clock(_with_day_part(match, "a")), _clock(match["b"])
    return None if first is None or last is None else between(first, last)


def _with_day_part(match: re.Match[str], group: str) -> str:
    """Return a group with the 昨 of 昨晚 or the 今 of 今晚 that stands before it."""
    said, start = match[group], match.start(group)
    day = match.string[start - 1 : start]
    return day + said if day in "昨前今" and day + said[0] in _PARTS else said


def _part(match: re.Match[str], _calendar: Calendar) -> Hours:
    return _PARTS[_with_day_part(match, "part")]


HOURS = (
    rule(rf"(?:从|在)?(?P<a>{_CLOCK})\s*(?:到|至|[-–—~])\s*(?P<b>{_CLOCK})(?:之间)?", _from_to),
    rule(rf"(?:大概|大约|差不多|在)?(?P<clock>{_CLOCK})(?!之间)\s*(?P<fuzzy>左右|前后|多)?", _at),
    rule(rf"(?:大概|大约|差不多)?(?P<part>{_PART})(?!好)(?:左右|前后)?", _part),
)
