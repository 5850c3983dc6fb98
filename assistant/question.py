"""A question, understood by code: its language, its time, its kind, its subject and the words of an answer.

Pure.  Owns how these are put together: the words are in telling_words.py, the kinds in kinds.py, programs and
categories in subjects.py, times in timeline.phrases.  Called by answer.py, and by conversation.py for what follows.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import datetime, tzinfo
from typing import Literal

from assistant.kinds import Kind, Order, Thing, kind_of, order_in, thing_in
from assistant.subjects import Subject, subject_of
from assistant.telling_words import ENOUGH, WEAK_WEIGHT, SearchedText, Word, telling_words
from timeline.clock import to_us
from timeline.model import Interval
from timeline.phrases import TimePhrase, parse_time

__all__ = ["ENOUGH", "WEAK_WEIGHT", "Anchor", "Kind", "Language", "Question", "SearchedText", "Word", "understand"]

Language = Literal["en", "zh"]

COUNTED = ("how_long", "how_often", "how_many", "list")
"""Kinds that are about a day when no time is named and nothing in particular."""
_CHINESE_RUN = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]+")
_LATIN_WORD = re.compile(r"[A-Za-z]+")
_WHERE = re.compile(r"\bwhere\b|哪里|哪儿|什么地方|哪[个篇份]", re.IGNORECASE)
_OPENED = re.compile(r"\b(?:open(?:ed)?|use[d]?|visit(?:ed)?|start(?:ed)?|in)\b|打开|访问|使用|用过|用", re.IGNORECASE)


NO_SUBJECT = Subject()


@dataclass(frozen=True, slots=True)
class Anchor:
    """Something found in the record that a question speaks of in time: right after it, before it."""

    relation: Literal["before", "after"]
    text: str
    subject: Subject
    words: tuple[Word, ...]


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
    subject: Subject = NO_SUBJECT
    """Which windows it is about."""
    thing: Thing | None = None
    """What is to be listed or counted: pages, documents, applications."""
    anchor: Anchor | None = None
    """What it should have come before or after."""

    @property
    def search_text(self) -> str:
        """The words to search for, '' when the question names nothing in particular."""
        return " ".join(word.text for word in self.words)

    @property
    def asks_for_place_or_time(self) -> bool:
        """Whether it is enough to know on which page, or when, a thing stood."""
        return self.kind in ("first", "last") or _WHERE.search(self.text) is not None

    @property
    def asks_for_use(self) -> bool:
        """Whether it asks about opening or using something, which windows tell, more than about reading it."""
        return _OPENED.search(self.text) is not None

    def coverage(self, text: str) -> float:
        """Return how much of the question stands in a text, 0 to 1.

        Names and identifiers must all be there, else it is 0; beside them only the other words count, since a name
        alone stands on many screens.
        """
        searched = SearchedText(text)
        if any(word.found_share(searched) < 1 for word in self.words if word.strong):
            return 0.0
        others = [word for word in self.words if not word.strong]
        if len(others) < len(self.words) and all(word.weight <= WEAK_WEIGHT for word in others):
            return 1.0  # "which page mentions say_after": there need be no "page"
        if not others:
            return 0.0
        return sum(word.weight * word.found_share(searched) for word in others) / sum(word.weight for word in others)


def understand(text: str, now: datetime, zone: tzinfo | None = None, week_start: int = 0) -> Question:
    """Return what a question asks for."""
    phrase = parse_time(text, now, zone, week_start)
    rest = text if phrase is None else phrase.rest
    words = tuple(telling_words(rest))
    named = any(word.weight > WEAK_WEIGHT for word in words)
    if phrase is not None and not named:
        words = ()  # "which documents did I read yesterday" asks for the day
    kind = kind_of(rest, has_words=named if phrase is not None else bool(words))
    question = Question(text, _language(text), kind, phrase, None, words, subject_of(rest, words), thing_in(rest))
    question = _ordered(question, order_in(rest))
    where = (
        phrase if phrase is not None or not _is_about_today(question) else parse_time("today", now, zone, week_start)
    )
    if question.words and where is not None and where.interval.start_us >= to_us(now):
        where = None  # what is planned for tomorrow stood on the screen before
    return replace(question, interval=where.interval if where else None)


def _is_about_today(question: Question) -> bool:
    """Tell whether a question without a time is about today: it names nothing, or counts what is done every day."""
    if question.kind in ("first", "last", "before", "after"):
        return False
    return not question.words or (question.kind in COUNTED and not question.subject.words)


def _ordered(question: Question, order: Order | None) -> Question:
    """Return the question with what it puts itself before or after."""
    if order is None or question.kind == "changed":
        return question
    words = tuple(telling_words(order.anchor))
    subject = subject_of(order.anchor, words)
    if not any(word.weight > WEAK_WEIGHT for word in words) and subject.is_any:
        return question
    anchor = Anchor(order.relation, order.anchor, subject, words)
    head = tuple(telling_words(order.head))
    if any(word.weight > WEAK_WEIGHT for word in head):
        return replace(question, anchor=anchor, words=head, subject=subject_of(order.head, head))
    if question.kind in ("find", "did", "list"):
        return replace(question, kind=order.relation, words=words, subject=subject, anchor=anchor)
    return replace(question, anchor=anchor)


def _language(text: str) -> Language:
    chinese = sum(len(run) for run in _CHINESE_RUN.findall(text))
    return "zh" if chinese > len(_LATIN_WORD.findall(text)) else "en"
