"""What sort of answer a question wants, told from its own words: the kind decides the work, never a model.

Pure.  Owns the phrases in English and Chinese that ask to find, to measure, to list, to compare, or what came before.
Called by question.py.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

Kind = Literal[
    "find", "did", "first", "last", "how_long", "how_often", "how_many", "list", "before", "after", "changed"
]
Thing = Literal["page", "document", "app", "window", "meeting", "session"]

LONGEST_TEXT = 500  # characters: a text pasted in whole asks at its beginning

_THINGS: dict[Thing, str] = {
    "page": r"(?:web ?)?(?:pages?|sites?)|websites?|tabs?|网页|页面|网站|标签页",
    "document": r"documents?|docs?|files?|文档|文件|资料",
    "app": r"apps?|applications?|programs?|应用程序|应用|程序|软件",
    "window": r"windows?|窗口",
    "meeting": r"meetings?|calls?|会议|会",
    "session": r"sessions?|时段",
}
_ANY_THING = "|".join(_THINGS.values())
_PLURAL = re.compile(r"s$|哪些|哪几|列出|所有|[\u3400-\u9fff]$", re.IGNORECASE)

_HOW_LONG = re.compile(
    r"\bhow (?:long|much (?:of my )?time|many (?:hours|minutes|seconds)(?= (?:did|was|have|do|were) I\b))"
    r"(?! ago)|\btime (?:did I spend|spent|I spent|in|on)\b|\b(?:total|overall) time\b"
    r"|多久(?![以之]?前)|多长时间|多少(?:时间|个?小时|分钟)|几个?小时|几分钟",
    re.IGNORECASE,
)
_TAKES = re.compile(  # how long a thing takes stands in a text; how long a window was open is counted
    r"\bhow (?:long|much time)\b(?!.*\b(?:I|me|my)\b).*\b(?:takes?|took|taken|lasts?|lasted|runs?|ran|needs?|needed)\b",
    re.IGNORECASE,
)
_HOW_OFTEN = re.compile(r"\bhow (?:often|many times|frequently)\b|几次|多少次|几回|多少回", re.IGNORECASE)
_HOW_MANY = re.compile(
    rf"\b(?:how many|(?:the )?number of|count(?: all)?(?: the| my)?) "
    rf"(?:different |distinct |other )?(?P<en>{_ANY_THING})\b"
    rf"|(?:多少|几)[个篇份场]?(?:不同的?)?(?P<zh>{_ANY_THING})",
    re.IGNORECASE,
)
_LIST = re.compile(
    rf"\b(?:which|what|list|show(?: me)?|name)(?: all)?(?: of)?(?: the| my)?(?: different)? (?P<en>{_ANY_THING})\b"
    rf"|(?:哪些|什么|哪几[个篇份]|列出(?:所有|全部)?的?)(?:不同的?)?(?P<zh>{_ANY_THING})",
    re.IGNORECASE,
)
_LIST_ALL = re.compile(rf"(?:列出|列一下|列举)(?P<en>).{{0,15}}?(?P<zh>{_ANY_THING})")
_CHANGED = re.compile(
    r"\bwhat(?:['’]s| is| has| have| had| was)? (?:been )?(?:changed|different|new in)\b|\bwhat changes\b"
    r"|\banything new in\b"
    r"|\bdifferences?\b|\bhow (?:did|has) .+ changed?\b|(?:改|变|修改|更新)了(?:些)?(?:什么|哪些|哪里)"
    r"|(?:什么|哪些|哪里)(?:变化|改动|不同|区别|变了|改了)",
    re.IGNORECASE,
)
_LAST = re.compile(
    r"\b(?:when|what time)\b.*\b(?:last|latest)\b|\b(?:last|latest|most recent) time\b|\bhow long ago\b"
    r"|\bwhen did I (?:stop|finish|end|leave|quit)\b|上一?次|最后一次|最近一次|多久[以之]?前"
    r"|(?:什么时候|几点).*最后|最后.*(?:什么时候|几点)"
    r"|(?:几点|什么时候)(?:结束|停止|收工|下班|离开)",
    re.IGNORECASE,
)
_FIRST = re.compile(
    r"\b(?:when|what time)\b.*\bfirst\b|\bfirst time\b|\bwhen did I (?:start|begin)\b|第一次|首次|最早"
    r"|(?:几点|什么时候)(?:开始|上班|开工)",
    re.IGNORECASE,
)
_ENGLISH_ORDER = re.compile(
    r"^(?P<head>.*?)\b(?:(?:right|just|directly|immediately|shortly|straight)\s+)?(?P<relation>before|after|following)\s+"
    r"(?P<anchor>(?!that\b|now\b).+?)[\s?.!]*$",
    re.IGNORECASE,
)
_CHINESE_ORDER = re.compile(
    r"^(?:我|刚|在|刚刚)*(?P<anchor>.+?)(?P<relation>[之以]前|前面|(?<![目提先])前|[之以]后|后面|(?<!最)后)(?P<tail>(?:[，,]|紧接着|接着|马上|立刻|我|又|还|在|的)*"
    r"[^，,]*?(?:什么|哪).*)$"
)
_AFTER = ("after", "following", "之后", "以后", "后面", "后")
_DONE_WITH = re.compile(r"^(?:我|在|刚)*(?:看完?|读完?|用完?|打开|关掉|写完?|开完?|做完?)了?")


@dataclass(frozen=True, slots=True)
class Order:
    """What came right before or after something: the words for that, and what else the question says."""

    relation: Literal["before", "after"]
    anchor: str
    head: str


def order_in(text: str) -> Order | None:
    """Return what a text puts in order ("right after the build failed", 开会之前); None when nothing."""
    text = text[:LONGEST_TEXT]
    found = _ENGLISH_ORDER.match(text.strip())
    if found is not None:
        return Order(_relation(found), found["anchor"], found["head"])
    found = _CHINESE_ORDER.match(text.strip())
    if found is None:
        return None
    return Order(_relation(found), _DONE_WITH.sub("", found["anchor"]).strip("的 "), found["tail"])


def _relation(found: re.Match[str]) -> Literal["before", "after"]:
    return "after" if found["relation"].lower() in _AFTER else "before"


def kind_of(text: str, *, has_words: bool) -> Kind:
    """Return what a question asks for; `has_words`: it names something in particular."""
    text = text[:LONGEST_TEXT]
    if _CHANGED.search(text) and has_words:
        return "changed"
    if _HOW_OFTEN.search(text):
        return "how_often"
    if _HOW_LONG.search(text):
        return "find" if _TAKES.search(text) and has_words else "how_long"
    counted = _HOW_MANY.search(text)
    if counted is not None:
        return "how_many"
    if _LAST.search(text):
        return "last"
    if _FIRST.search(text):
        return "first"
    listed = _LIST.search(text) or _LIST_ALL.search(text)
    if listed is not None and (not has_words or _PLURAL.search(listed[0])):
        return "list"
    return "find" if has_words else "did"


def thing_in(text: str) -> Thing | None:
    """Return what is to be listed or counted."""
    text = text[:LONGEST_TEXT]
    found = _HOW_MANY.search(text) or _LIST.search(text) or _LIST_ALL.search(text)
    if found is None:
        return None
    said = found["en"] or found["zh"]
    return next((thing for thing, names in _THINGS.items() if re.fullmatch(names, said, re.IGNORECASE)), None)
