"""The words of a question that say something about the screen, told from those that only ask.

Pure.  Owns both lists of words, in English and Chinese, and how much of a word stands in a text.  Called by question.py
and subjects.py.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

from index.tokens import Token, is_cjk, scan, stem
from index.words import ENGLISH

WEAK_WEIGHT = 0.3  # "number" or "page" in a question seldom stands on the screen itself
SCATTERED = 0.95  # what the characters of a Chinese word are worth when they stand apart: the word itself comes first
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
    want need called whole entire rest standup stand-up recap overview before after following right directly immediately
    shortly start started stop stopped finish finished begin began change changed changes differ different difference
    minutes hours total explain explains explained describe describes described introduce introduces introduced
    accomplish accomplished achieve achieved recall finishing leaving count counted
    stay stayed stand stood remain remained appear appeared display displayed keep kept sit sat close closed switch
    switched contain contains contained study studied learn learned learnt focus focused next previous prior earlier
    earliest overall altogether different separate each every immediately afterwards
    """.split()  # noqa: SIM905  (a list of quoted words cannot be read)
)
_GENERIC = frozenset(
    """
    computer laptop desk machine web internet online
    number numbers page pages document documents documentation doc docs file files value figure message messages
    text word words name
    window windows browser browsers editor editors terminal terminals tab tabs app apps application applications program
    programs website websites site sites article articles information info meeting meetings call calls session sessions
    detail details line link section question answer date day amount stuff content contents person people one kind
    decide decided discuss discussed talk talked
    """.split()  # noqa: SIM905
)
_CHINESE_ASKING = re.compile(
    "接触|记得|离开|所有|全部|紧接着|接着|随后|然后|马上|立刻|之前|以前|之后|以后|[这那哪]一?[页章条段篇份节]|讲了|讲的|讲到|写着|显示|列举|分别|"
    "大概|大约|到底|究竟|具体|一直|停留|持续|是在|前面|后面|几点钟?|几号|开始|结束|停止|收工|下班|上班|开工|改了|修改了|变了|变化|改动|待了|呆了|多长时间|多少时间|多少个?小时|多少分钟|几个?小时|几分钟|花费|花了?|总共|一共|什么时候|什么时间|什么地方|什么样|为什么|做了什么|干了什么|在干什么|在做什么|是什么|有什么|什么|怎么样|怎么|怎样|"
    "汇总|概括|回顾|站会|如何|哪里|哪儿|哪个|哪些|哪一?[天次篇页份]|多少|多久|几次|几回|多少|几个|是不是|有没有|是否|请问|告诉我|帮我|总结|一下|列出|"
    "我们|我的|看过|看到|看见|查看|读过|写过|打开|开着|浏览(?!器)|访问|用过|使用|提到|说过|出现|找到|见过|见到|做过|工作|进行|"
    "最后一次|最近一次|上一?次|第一次|首次|最早|最后|最近|屏幕上?|的时候|时候|时间|一整天|整天|全天|里面|上面|关于|那个|那篇|那份|这个|曾经"
)
_CHINESE_PARTICLES = frozenset(
    "我你他她的了些呆又还再刚去来是在和与或有里上中都也就着地得从到对把被给让哪谁个看读写做干用说讲问忙过吗呢吧啊那这请"
)
_CHINESE_GENERIC = re.compile(
    "文档|文件|页面|网页|网站|内容|东西|数字|信息|消息|名字|窗口|浏览器|编辑器|终端|应用程序|应用|程序|软件|资料|文章|"
    "方法|办法|结果|输出|情况|提交|修复|修改|更新|解释|介绍|说明|描述|运行|执行|决定|讨论|商量|提出|要求|建议|确认|认为|觉得|打算|准备|需要|应该|问题|事情|事|地方|部分|记录|文字|句话|话"
)
_CHINESE_RUN = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]+")
_LATIN_WORD = re.compile(r"[A-Za-z]+")
_WORD = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]+|[^\s\u3400-\u9fff\uf900-\ufaff]+")
_STRONG = re.compile(r"\d|[A-Z].*[A-Z]|[a-z][A-Z]|\w[_./@#+-]\w")  # figures, acronyms, identifiers: never approximate


class SearchedText:
    """A text made ready for looking words up in it: the forms of its tokens, and its characters without white space."""

    def __init__(self, text: str) -> None:
        self.forms = frozenset(form for token in scan(text) for form in token.forms)
        self.flat = "".join(unicodedata.normalize("NFKC", text).split())


def _stands(token: Token, forms: frozenset[str]) -> bool:
    """Tell whether a word stands there in any form, or all of its parts do: the 3 of sqlite3 alone says nothing."""
    if token.text in forms or stem(token.text) in forms:
        return True
    return bool(token.parts) and all(part in forms or stem(part) in forms for part in token.parts)


@dataclass(frozen=True, slots=True)
class Word:
    """A word of the question that says something, its weight, and whether it must stand in an answer."""

    text: str
    weight: float
    strong: bool = False

    def found_share(self, text: SearchedText) -> float:
        """Return how much of the word stands in a text, 0 to 1; of Chinese the share of its telling characters."""
        if not is_cjk(self.text):
            return float(all(_stands(token, text.forms) for token in scan(self.text)))
        if len(self.text) == 1:
            return float(self.text in text.flat)
        if self.text in text.flat:
            return 1.0
        pairs = [at for at in range(len(self.text) - 1) if self.text[at : at + 2] in text.flat]
        found = {at + step for at in pairs for step in (0, 1)}
        telling = [at for at, char in enumerate(self.text) if char not in _CHINESE_PARTICLES]
        return SCATTERED * len(found.intersection(telling)) / len(telling)


def telling_words(text: str) -> Iterable[Word]:
    """Yield the words of a text that say something, and the generic ones at little weight."""
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
        telling = sum(char not in _CHINESE_PARTICLES for char in piece)
        weight = WEAK_WEIGHT if telling == 1 else telling / CHARACTERS_PER_WORD  # one is mostly the rest of a word
        if telling:
            yield Word(piece.strip("".join(_CHINESE_PARTICLES)), weight)
    yield from (Word(piece, WEAK_WEIGHT) for piece in _CHINESE_GENERIC.findall(asked))
