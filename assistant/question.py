"""A question, understood by code: its language, its time, its kind, and the words that must stand in an answer.

Pure.  Owns which words of a question say something about the screen and which only ask.  Called by answer.py; the
words decide in record.py whether a passage answers at all.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import Literal

from index.tokens import is_cjk, scan
from index.words import ENGLISH
from timeline.clock import to_us
from timeline.model import Interval
from timeline.phrases import TimePhrase, parse_time

Language = Literal["en", "zh"]
Kind = Literal["find", "did", "first", "last"]

WEAK_WEIGHT = 0.3  # "number" or "page" in a question seldom stands on the screen itself
CHARACTERS_PER_WORD = 2  # most Chinese words are of two
# Of the weight of the words: of two or three all must stand there, of four three.  On two conversations of LoCoMo 0.7
# answers 64 % of 278 questions, the right passage cited in 81 % of these, and 12 of 278 asked about the other
# conversation with its names replaced; 0.6 answers 77 % (83 % right) and 27 of the others.
ENOUGH = 0.7

_ASKING = frozenset(
    """
    see saw seen seeing read reading look looked looking watch watched watching write wrote written writing type typed
    typing open opened opening visit visited visiting use used using work worked working find found show showed shown
    ask asked asks say said says mention mentioned happen happened happening tell know knew remember spend spent get got
    go went come came give list make made take took summarise summarize summary describe explain search
    searched browse browsed run ran please thing things anything something everything any many much long often last
    first latest time times ago again ever exactly around currently recently yet still also somewhere screen let
    want need called whole entire rest
    """.split()  # noqa: SIM905  (a list of quoted words cannot be read)
)
_GENERIC = frozenset(
    """
    number numbers page pages document documents doc docs file files value figure message messages text word words name
    window windows browser editor terminal tab tabs app apps application program website site article information info
    detail details line link section question answer date day amount stuff content contents person people one kind
    decide decided discuss discussed talk talked
    """.split()  # noqa: SIM905
)
_CHINESE_ASKING = re.compile(
    "什么时候|什么时间|什么地方|什么样|为什么|做了什么|干了什么|在干什么|在做什么|是什么|有什么|什么|怎么样|怎么|怎样|"
    "如何|哪里|哪儿|哪个|哪些|哪一?[天次篇页份]|多少|多久|几次|几个|是不是|有没有|是否|请问|告诉我|帮我|总结|一下|列出|"
    "我们|我的|看过|看到|看见|查看|读过|写过|打开|浏览|访问|用过|使用|提到|说过|出现|找到|见过|见到|做过|工作|进行|"
    "最后一次|最近一次|上一?次|第一次|首次|最早|最后|最近|屏幕上?|的时候|时候|时间|一整天|整天|全天|里面|上面|关于|那个|那篇|那份|这个|曾经"
)
_CHINESE_PARTICLES = frozenset(
    "我你他她的了是在和与或有里上中都也就着地得从到对把被给让哪谁个看读写做干用说讲问忙过吗呢吧啊那这请"
)
_CHINESE_GENERIC = re.compile(
    "文档|文件|页面|网页|网站|内容|东西|数字|信息|消息|名字|窗口|浏览器|编辑器|终端|应用程序|应用|程序|软件|资料|文章|"
    "决定|讨论|商量|提出|要求|建议|确认|认为|觉得|打算|准备|需要|应该|问题|事情|事|地方|部分|记录|文字|句话|话"
)
_CHINESE_RUN = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]+")
_LATIN_WORD = re.compile(r"[A-Za-z]+")
_WORD = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]+|[^\s\u3400-\u9fff\uf900-\ufaff]+")
_LAST = re.compile(
    r"\bwhen\b.*\b(?:last|latest)\b|\b(?:last|latest|most recent) time\b|上一?次|最后一次|最近一次", re.IGNORECASE
)
_FIRST = re.compile(r"\bwhen\b.*\bfirst\b|\bfirst time\b|第一次|首次|最早", re.IGNORECASE)
_WHERE = re.compile(r"\bwhere\b|哪里|哪儿|什么地方|哪[个篇份]", re.IGNORECASE)
_STRONG = re.compile(r"\d|[A-Z].*[A-Z]|[a-z][A-Z]|\w[_./@#+-]\w")  # figures, acronyms, identifiers: never approximate


class SearchedText:
    """A text made ready for looking words up in it: the forms of its tokens, and its characters without white space."""

    def __init__(self, text: str) -> None:
        self.forms = frozenset(form for token in scan(text) for form in token.forms)
        self.flat = "".join(unicodedata.normalize("NFKC", text).split())


@dataclass(frozen=True, slots=True)
class Word:
    """A word of the question that says something, its weight, and whether it must stand in an answer."""

    text: str
    weight: float
    strong: bool = False

    def found_share(self, text: SearchedText) -> float:
        """Return how much of the word stands in a text, 0 to 1; of Chinese the share of its telling characters."""
        if not is_cjk(self.text):
            return float(all(not text.forms.isdisjoint(token.forms) for token in scan(self.text)))
        if len(self.text) == 1:
            return float(self.text in text.flat)
        pairs = [at for at in range(len(self.text) - 1) if self.text[at : at + 2] in text.flat]
        found = {at + step for at in pairs for step in (0, 1)}
        telling = [at for at, char in enumerate(self.text) if char not in _CHINESE_PARTICLES]
        return len(found.intersection(telling)) / len(telling)


@dataclass(frozen=True, slots=True)
class Question:
    """What was asked."""

    text: str
    language: Language
    kind: Kind
    phrase: TimePhrase | None
    """The time that was named, None when none was."""
    interval: Interval | None
    """Where to look: the time that was named; today when the question names nothing at all; None is everywhere."""
    words: tuple[Word, ...]

    @property
    def search_text(self) -> str:
        """The words to search for, '' when the question names nothing in particular."""
        return " ".join(word.text for word in self.words)

    @property
    def asks_for_place_or_time(self) -> bool:
        """Whether it is enough to know on which page, or when, a thing stood."""
        return self.kind in ("first", "last") or _WHERE.search(self.text) is not None

    def coverage(self, text: str) -> float:
        """Return how much of the question stands in a text, 0 to 1.

        Names and identifiers must all be there, else it is 0; beside them only the other words count, since a name
        alone stands on many screens.
        """
        searched = SearchedText(text)
        if any(word.found_share(searched) < 1 for word in self.words if word.strong):
            return 0.0
        others = [word for word in self.words if not word.strong]
        if not others:
            return float(bool(self.words))
        return sum(word.weight * word.found_share(searched) for word in others) / sum(word.weight for word in others)


def understand(text: str, now: datetime, zone: tzinfo | None = None, week_start: int = 0) -> Question:
    """Return what a question asks for."""
    phrase = parse_time(text, now, zone, week_start)
    words = tuple(_words(text if phrase is None else phrase.rest))
    if phrase is not None and all(word.weight <= WEAK_WEIGHT for word in words):
        words = ()  # "which documents did I read yesterday" asks for the day
    where = phrase if phrase is not None or words else parse_time("today", now, zone, week_start)
    if words and where is not None and where.interval.start_us >= to_us(now):
        where = None  # what is planned for tomorrow stood on the screen before
    return Question(text, _language(text), _kind(text, words), phrase, where.interval if where else None, words)


def _language(text: str) -> Language:
    chinese = sum(len(run) for run in _CHINESE_RUN.findall(text))
    return "zh" if chinese > len(_LATIN_WORD.findall(text)) else "en"


def _kind(text: str, words: tuple[Word, ...]) -> Kind:
    if not words:
        return "did"
    if _LAST.search(text):
        return "last"
    return "first" if _FIRST.search(text) else "find"


def _words(text: str) -> Iterable[Word]:
    started = False
    for match in _WORD.finditer(text):
        said = match[0].strip("-?？!！.。,，;；:：()（）[]【】\"“”'‘’「」《》<>、…")
        if is_cjk(said):
            yield from _chinese_words(said)
        elif said:
            yield from _latin_word(said, first=not started)
        started = True


def _latin_word(said: str, *, first: bool) -> Iterable[Word]:
    said = re.sub(r"['’](?:s|re|ve|ll|d|m|t)$", "", said)
    plain = said.lower()
    if not scan(said) or plain in ENGLISH or plain in _ASKING:
        return
    named = not first and said[:1].isupper()
    weight = WEAK_WEIGHT if plain in _GENERIC and not named else 1.0
    yield Word(said, weight, strong=weight == 1 and (named or _STRONG.search(said) is not None))


def _chinese_words(run: str) -> Iterable[Word]:
    """Yield the runs left between the words that only ask; what is generic counts little."""
    asked = _CHINESE_ASKING.sub(" ", run)
    for piece in _CHINESE_GENERIC.sub(" ", asked).split():
        weight = sum(char not in _CHINESE_PARTICLES for char in piece) / CHARACTERS_PER_WORD
        if weight:
            yield Word(piece.strip("".join(_CHINESE_PARTICLES)), weight)
    yield from (Word(piece, WEAK_WEIGHT) for piece in _CHINESE_GENERIC.findall(asked))
