"""Which windows a question is about: a program (the terminal, 浏览器), a category, or what its words name in titles.

Pure.  Knows the words for programs and categories in both languages; which windows there were comes from whoever asks.
Called by question.py and by the answers.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from assistant.category_rules import ProgramKind, program_kind
from assistant.projects import plain_title
from assistant.telling_words import ENOUGH, WEAK_WEIGHT, SearchedText, Word
from timeline.model import Window

_PROGRAMS: dict[ProgramKind, str] = {
    "terminal": r"terminals?|shell|console|command ?line|终端|命令行|控制台",
    "browser": r"(?:web ?)?browsers?|浏览器|上网|上了.{1,8}的?网(?![站页络])",
    "editor": r"(?:code |text )?editors?|编辑器",
    "mail": r"e-?mails?|mail(?: ?box)?|邮件|邮箱",
    "chat": r"chat(?:s|ting)?|messenger|聊天(?:软件)?",
    "office": r"office|办公软件",
    "viewer": r"pdf viewer|阅读器",
    "files": r"file manager|文件管理器",
}
_CATEGORIES = {
    "coding": r"coding|programming|developing|编程|写代码|写程序|开发",
    "reading": r"reading|阅读|看文档|读文档",
    "writing": r"writing|写作|写东西|写文章",
    "communication": r"communicating|communication|messaging|沟通",
    "meetings": r"(?:in )?meetings?|(?:in |on )?calls?|开会|会议",
    "design": r"designing|design work|设计",
    "media": r"watching videos?|videos|listening to music|media|看视频|听音乐|影音",
    "admin": r"admin(?: work)?|paperwork|事务",
    "browsing": r"browsing|surfing|浏览网页",
}


@dataclass(frozen=True, slots=True)
class Subject:
    """What a question is about; all that is named must be true of a window.  Nothing named is every window."""

    program: ProgramKind | None = None
    said: str = ""
    """The words for the program, as they stand in the question."""
    category: str | None = None
    words: tuple[Word, ...] = ()

    @property
    def is_any(self) -> bool:
        return self.program is None and self.category is None and not self.words

    def matches(self, window: Window, category_of: Callable[[Window], str]) -> bool:
        """Tell whether a window is what the question is about."""
        if self.program is not None and not self._is_program(window):
            return False
        if self.category is not None and category_of(window) != self.category:
            return False
        return not self.words or names_window(self.words, window)

    def _is_program(self, window: Window) -> bool:
        """A program of that sort, or one that says so in its title (vim in a terminal: "notes.txt - editor")."""
        said = re.search(rf"(?<![A-Za-z]){re.escape(self.said)}(?![A-Za-z])", plain_title_of(window), re.IGNORECASE)
        return program_kind(window.app) == self.program or said is not None


def plain_title_of(window: Window) -> str:
    """Return a window's title on one line."""
    return " ".join((window.title or "").split())


def subject_of(text: str, words: Sequence[Word]) -> Subject:
    """Return what a text is about; `words` are those of it that say something."""
    program = next((kind for kind, names in _PROGRAMS.items() if _named(names, text)), None)
    said = "" if program is None else _said(_PROGRAMS[program], text)
    telling = tuple(each for each in words if each.weight > WEAK_WEIGHT and each.text.lower() not in said.lower())
    category = None
    if program is None:
        category = next((key for key, names in _CATEGORIES.items() if _named(names, text)), None)
        if category is not None:
            names = _said(_CATEGORIES[category], text)
            telling = tuple(each for each in telling if each.text.lower() not in names.lower())
        if telling:  # "reading the report": the report is what counts
            category = None
    return Subject(program, said, category, telling)


def _pattern(names: str) -> str:
    return rf"(?<![A-Za-z])(?:{names})(?![A-Za-z])"


def _named(names: str, text: str) -> bool:
    return re.search(_pattern(names), text, re.IGNORECASE) is not None


def _said(names: str, text: str) -> str:
    found = re.search(_pattern(names), text, re.IGNORECASE)
    return "" if found is None else found[0]


def names_window(words: Sequence[Word], window: Window) -> bool:
    """Tell whether enough of the words stand in a window's names: all that are names themselves, most of the others."""
    telling = [each for each in words if each.weight > WEAK_WEIGHT] or list(words)
    searched = SearchedText("\n".join(part for part in (window.app, plain_title(window), window.url) if part))
    if not telling or any(each.found_share(searched) < 1 for each in telling if each.strong):
        return False
    total = sum(each.weight for each in telling)
    return sum(each.weight * each.found_share(searched) for each in telling) / total >= ENOUGH
