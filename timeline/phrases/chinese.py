"""The Chinese words for time, as rules: elapsed spans, days, hours, and the words that follow them (以来, 之前).

Owns the words only: arithmetic is in calendar.py, what a clock time reaches in clock.py, combination in parse.py.
Traditional characters are read as their simplified ones.  Names and words that only look like times (周杰伦, 五月天,
下午茶, 小时候, 提前三天前往) are kept out here.
"""

from __future__ import annotations

import re
from dataclasses import replace

from timeline.model import Interval
from timeline.phrases.calendar import HALF_DAY_MIN, Calendar, Days, Hours, Unit, third_of_month
from timeline.phrases.clock import AFTERNOON, AROUND_SIDE_MIN, EVENING, MORNING, NIGHT, NOON, at_time, between
from timeline.phrases.numerals import number
from timeline.phrases.rules import Relation, rule

JUST_NOW_MIN = 15
OTHER_DAYS_BACK = 7

_SIMPLIFIED = str.maketrans(
    "週兩時點禮號個剛這鐘後內來間從過幾開現裡當為與", "周两时点礼号个刚这钟后内来间从过几开现里当为与"
)

_NUMERAL = r"[零〇一二两三四五六七八九十百]"
_UNITS: dict[str, Unit] = {
    "秒": "second", "秒钟": "second", "分": "minute", "分钟": "minute", "小时": "hour", "钟头": "hour", "天": "day",
    "日": "day", "周": "week", "星期": "week", "礼拜": "week", "月": "month", "年": "year",
}  # fmt: skip
_COUNTED = (
    rf"(?P<n>\d+(?:\.\d+)?|{_NUMERAL}+|几|半|数)\s*(?P<classifier>个)?(?P<half>半)?多?\s*"
    r"(?P<unit>秒钟?|分钟|小时(?!候)|钟头|天|日|周|星期|礼拜|月|年)(?P<half_after>半)?"
)
_AGO = r"(?:之前|以前|前(?![往后端台景缀提进面方沿任途期夕世脚]))"
_LEAD = r"(?:自从|从|自打|(?<!来)自|(?<![现存正所])在|于)?"

_WEEKDAYS = "一二三四五六日"
_WEEK = r"(?:周|星期|礼拜)"
_WHICH = r"(?P<which>大?上{1,3}|这|本|当|下)一?个?"
_BACK = {"这": 0, "本": 0, "当": 0, "下": -1}
_DAY_NUMBER = rf"(?P<day>[0-3]?\d|{_NUMERAL}{{1,3}})"
_MONTH_NUMBER = r"(?P<month>1[0-2]|0?[1-9]|十[一二]?|[一二三四五六七八九])月份?(?![球饼亮光])"
_THIRD = r"(?P<third>初|上旬|中旬|下旬|底|末)"
_THIRDS = {"初": 0, "上旬": 0, "中旬": 1, "下旬": 2, "底": 2, "末": 2}
_YEARS_BACK = {"前年": 2, "去年": 1, "今年": 0, "明年": -1}
_NOT_COUNTED = rf"(?<![每个几\d{_NUMERAL[1:-1]}])"
_NO_NUMBER_OF = r"(?![楼线院房门桌馆机车店文公路厅井坑台站仓位选码球员档铺])"  # 3号楼, 5号线: no day

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
    rf"(?:{_PART}的?\s*\d{{1,2}}:\d\d"
    rf"|(?:{_PART}的?\s*)?(?:(?<![第这那分有几差提\d])(?:\d{{1,2}}|{_NUMERAL}{{1,3}})点(?:钟|整)?|(?<!\d)\d{{1,2}}时)"
    rf"(?:半|[一三]刻|[0-5]?\d分?|{_NUMERAL}{{2,3}}分?|{_NUMERAL}分)?)(?![建要原意注内理结说不区钱滴共儿候代期])"
)
_CLOCK_GROUPS = re.compile(
    rf"(?P<part>\D*?)的?\s*(?P<hour>\d{{1,2}}|{_NUMERAL}{{1,3}})(?P<mark>点钟|点整|点|时|:)(?P<minute>.*)"
)

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


def _clock(said: str) -> Hours | None:
    """Return the clock time that was said; None when no clock shows it."""
    groups = _CLOCK_GROUPS.fullmatch(said)
    if groups is None:
        return None
    hour, minute = int(number(groups["hour"])), _minute(groups["minute"])
    if hour > 24 or minute > 59:
        return None
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
    if part.start_min < HALF_DAY_MIN - 60 or hour > 12:
        return hour % 12 if hour == 12 else hour
    if part is NOON:
        return hour if hour >= 10 else hour + 12
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


ELAPSED = (
    rule(r"刚才|刚刚(?!好)|方才", lambda _match, calendar: calendar.last(JUST_NOW_MIN, "minute")),
    rule(r"前[几些][天日]", lambda _match, calendar: calendar.last(OTHER_DAYS_BACK, "day")),
    rule(r"一刻钟(?:之前|以前|前)", lambda _match, calendar: calendar.ago(15, "minute")),
    rule(rf"(?<![提\d{_NUMERAL[1:-1]}]){_COUNTED}{_AGO}", _ago),
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
    rule(rf"(?<![提\d{_NUMERAL[1:-1]}]){_COUNTED}{_AGO}", _days_ago),
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
        rf"{_LEAD}(?:(?P<year>(?:19|20)\d\d)年)?(?<![\d第{_NUMERAL[1:-1]}]){_MONTH_NUMBER}"
        rf"(?![天]|革命|怀胎)(?:{_DAY_NUMBER}[号日]|{_THIRD})?",
        _date,
    ),
    rule(rf"{_LEAD}(?P<year>(?:19|20)\d\d)年(?!\d|前)", lambda match, calendar: calendar.year(int(match["year"]))),
    rule(
        rf"{_LEAD}(?<![\d第编账型个月{_NUMERAL[1:-1]}])(?:{_DAY_NUMBER}号{_NO_NUMBER_OF}|(?P<date>[0-3]?\d)日(?![内元均游]))",
        lambda match, calendar: calendar.day_of_month(int(number(match["day"] or match["date"]))),
    ),
)

HOURS = (
    rule(rf"(?:从|在)?(?P<a>{_CLOCK})\s*(?:到|至|[-–—~])\s*(?P<b>{_CLOCK})(?:之间)?", _from_to),
    rule(rf"(?:大概|大约|差不多|在)?(?P<clock>{_CLOCK})(?!之间)\s*(?P<fuzzy>左右|前后|多)?", _at),
    rule(rf"(?P<part>{_PART})(?!好)", _part),
)
