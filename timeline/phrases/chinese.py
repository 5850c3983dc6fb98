"""The Chinese words for days and spans of time, as rules, and the words that follow them (以来, 之前).

Owns the words only: arithmetic is in calendar.py, times of the day in chinese_clock.py, combination in parse.py.
Traditional characters are read as their simplified ones.  Names and words that only look like times (周杰伦, 五月天,
小时候, 提前三天前往) are kept out here.
"""

from __future__ import annotations

import re

from timeline.model import Interval
from timeline.phrases.calendar import Calendar, Days, Unit, third_of_month
from timeline.phrases.numerals import SPOKEN, number
from timeline.phrases.rules import Relation, rule

JUST_NOW_MIN = 15
OTHER_DAYS_BACK = 7

_SIMPLIFIED = str.maketrans(
    "週兩時點禮號個剛這鐘後內來間從過幾開現裡當為與", "周两时点礼号个刚这钟后内来间从过几开现里当为与"
)

_UNITS: dict[str, Unit] = {
    "秒": "second", "秒钟": "second", "分": "minute", "分钟": "minute", "小时": "hour", "钟头": "hour", "天": "day",
    "日": "day", "周": "week", "星期": "week", "礼拜": "week", "月": "month", "年": "year",
}  # fmt: skip
_COUNTED = (
    rf"(?P<n>\d+(?:\.\d+)?|{SPOKEN}+|几|半|数)\s*(?P<classifier>个)?(?P<half>半)?多?\s*"
    r"(?P<unit>秒钟?|分钟|小时(?!候)|钟头|天|日|周|星期|礼拜|月|年)(?P<half_after>半)?"
)
_AGO = r"(?:之前|以前|前(?![往后端台景缀提进面方沿任途期夕世脚]))"
_LEAD = r"(?:自从|从|自打|(?<!来)自|(?<![现存正所])在|于)?"

_WEEKDAYS = "一二三四五六日"
_WEEK = r"(?:周|星期|礼拜)"
_WHICH = r"(?P<which>大?上{1,3}|这|本|当|下)一?个?"
_BACK = {"这": 0, "本": 0, "当": 0, "下": -1}
_DAY_NUMBER = rf"(?P<day>[0-3]?\d|{SPOKEN}{{1,3}})"
_MONTH_NUMBER = r"(?P<month>1[0-2]|0?[1-9]|十[一二]?|[一二三四五六七八九])月份?(?![球饼亮光])"
_THIRD = r"(?P<third>初|上旬|中旬|下旬|底|末)"
_THIRDS = {"初": 0, "上旬": 0, "中旬": 1, "下旬": 2, "底": 2, "末": 2}
_YEARS_BACK = {"前年": 2, "去年": 1, "今年": 0, "明年": -1}
_NOT_COUNTED = rf"(?<![每个几\d{SPOKEN[1:-1]}])"
_NO_NUMBER_OF = r"(?![楼线院房门桌馆机车店文公路厅井坑台站仓位选码球员档铺字])"  # 3号楼, 5号线: no day

_RELATION_AFTER = re.compile(
    r"\s*(?:的)?(?P<word>以来|至今|到现在(?:为止)?|到目前(?:为止)?|开始|起(?![来草点床了码诉步飞名初因])|之后|以后"
    r"|后(?![台天端面来续])|之前|以前|前(?![往后端台景缀提进面方沿任途期夕天])|为止)"
)
_RELATIONS: dict[str, Relation] = {
    "之后": "after", "以后": "after", "后": "after", "之前": "before", "以前": "before", "前": "before",
    "为止": "until",
}  # fmt: skip


def simplified(text: str) -> str:
    """Return the text with the traditional characters of time words replaced, one for one."""
    return text.translate(_SIMPLIFIED)


def relation(text: str, start: int, end: int) -> tuple[Relation | None, tuple[int, int] | None]:
    """Return what the words after a phrase make of it (以来, 之前), and where they stand."""
    match = _RELATION_AFTER.match(text, end)
    if match is not None:
        return _RELATIONS.get(match["word"], "since"), match.span()
    return ("since" if text.startswith(("自从", "自打"), start) else None), None


def _count(match: re.Match[str]) -> float:
    said = match["n"]
    if re.fullmatch(r"[一二两三四五六七八九]{2}", said):  # 两三天: the longer of the two
        said = said[1]
    return number(said) + (0.5 if match["half"] or match["half_after"] else 0)


def _is_month_name(match: re.Match[str]) -> bool:
    """Tell whether 三月 stands there, which is March; three months are 三个月."""
    return match["unit"] == "月" and not match["classifier"] and match["n"] != "半"


def _is_whole_days(match: re.Match[str]) -> bool:
    return match["unit"] in ("天", "日") and _count(match).is_integer()


def _last(match: re.Match[str], calendar: Calendar) -> Interval | None:
    return None if _is_month_name(match) else calendar.last(_count(match), _UNITS[match["unit"]])


def _ago(match: re.Match[str], calendar: Calendar) -> Interval | None:
    if _is_month_name(match) or _is_whole_days(match):
        return None
    return calendar.ago(_count(match), _UNITS[match["unit"]])


def _days_ago(match: re.Match[str], calendar: Calendar) -> Days | None:
    return calendar.day(int(_count(match))) if _is_whole_days(match) else None


def _back(which: str) -> int:
    return _BACK.get(which, len(which))  # 上 one, 上上 and 大上 two


def _week(match: re.Match[str], calendar: Calendar) -> Days:
    return calendar.week(_back(match["which"]))


def _weekday(match: re.Match[str], calendar: Calendar) -> Days:
    which = match["which"]
    return calendar.weekday(_WEEKDAYS.index(match["weekday"].replace("天", "日")), _back(which) if which else None)


def _weekend(match: re.Match[str], calendar: Calendar) -> Days:
    return calendar.weekend(_back(match["which"]) if match["which"] else 0)


def _month(match: re.Match[str], calendar: Calendar) -> Days:
    return _inside_month(match, calendar.month(_back(match["which"])), calendar)


def _year(match: re.Match[str], calendar: Calendar) -> Days:
    year = calendar.today.year - _YEARS_BACK[match["year"]]
    if match["month"] is None:
        return calendar.year(year)
    return _inside_month(match, calendar.named_month(int(number(match["month"])), year), calendar)


def _date(match: re.Match[str], calendar: Calendar) -> Days:
    year, month = int(match["year"]) if match["year"] else None, int(number(match["month"]))
    if match["day"] and year is None:
        return calendar.on_date(month, int(number(match["day"])))
    return _inside_month(match, calendar.named_month(month, year), calendar)


def _inside_month(match: re.Match[str], month: Days, calendar: Calendar) -> Days:
    if match["third"]:
        return third_of_month(month, _THIRDS[match["third"]])
    if match["day"]:
        return calendar.on_date(month.first.month, int(number(match["day"])), month.first.year)
    return month


ELAPSED = (
    rule(r"刚才|刚刚(?!好)|方才", lambda _match, calendar: calendar.last(JUST_NOW_MIN, "minute")),
    rule(r"前[几些][天日]", lambda _match, calendar: calendar.last(OTHER_DAYS_BACK, "day")),
    rule(r"一刻钟(?:之前|以前|前)", lambda _match, calendar: calendar.ago(15, "minute")),
    rule(rf"(?<![提\d{SPOKEN[1:-1]}]){_COUNTED}{_AGO}", _ago),
    rule(rf"{_LEAD}(?:最近|过去|(?<![附接靠最])近|这)的?\s*{_COUNTED}(?:以内|之内|以来|[里内中来间])?", _last),
)

DAYS = (
    rule(rf"{_LEAD}大前天", lambda _match, calendar: calendar.day(3)),
    rule(rf"{_LEAD}(?<![以之目提先])前[天日]|(?<![以之目提先])前(?=[晚夜])", lambda _match, calendar: calendar.day(2)),
    rule(rf"{_LEAD}昨(?:[天日]|儿个?|(?=[晚夜早晨上下中]))", lambda _match, calendar: calendar.day(1)),
    rule(
        rf"{_LEAD}(?<![至如])今(?:天|日(?!头条)|儿个?|(?=[晚夜早晨上下]))",
        lambda _match, calendar: calendar.day(0),
    ),
    rule(r"明[天日]", lambda _match, calendar: calendar.day(-1)),
    rule(rf"(?<![提\d{SPOKEN[1:-1]}]){_COUNTED}{_AGO}", _days_ago),
    rule(rf"{_LEAD}{_WHICH}{_WEEK}(?![杰先总女公星刊边围年转折])", _week),
    rule(
        rf"{_LEAD}(?:{_WHICH}|{_NOT_COUNTED}){_WEEK}(?P<weekday>[一二三四五六日天])(?![福子])",
        _weekday,
    ),
    rule(rf"{_LEAD}(?:{_WHICH})?(?<![每\d])周末", _weekend),
    rule(rf"{_LEAD}{_WHICH}月(?![球饼亮光])的?(?:{_DAY_NUMBER}[号日]|{_THIRD})?", _month),
    rule(
        rf"{_LEAD}(?P<year>前年|去年|今年|明年)的?(?:{_MONTH_NUMBER}的?(?:{_DAY_NUMBER}[号日]|{_THIRD})?)?",
        _year,
    ),
    rule(
        rf"{_LEAD}(?:(?P<year>(?:19|20)\d\d)年)?(?<![\d第{SPOKEN[1:-1]}]){_MONTH_NUMBER}"
        rf"(?![天]|革命|怀胎)(?:{_DAY_NUMBER}[号日]|{_THIRD})?",
        _date,
    ),
    rule(rf"{_LEAD}(?P<year>(?:19|20)\d\d)年(?!\d|前)", lambda match, calendar: calendar.year(int(match["year"]))),
    rule(rf"(?<=[到至]){_DAY_NUMBER}日", lambda match, calendar: calendar.day_of_month(int(number(match["day"])))),
    rule(
        rf"{_LEAD}(?<![\d第编账型个月{SPOKEN[1:-1]}])(?:{_DAY_NUMBER}号{_NO_NUMBER_OF}|(?P<date>[0-3]?\d)日(?![内元均游]))",
        lambda match, calendar: calendar.day_of_month(int(number(match["day"] or match["date"]))),
    ),
)
