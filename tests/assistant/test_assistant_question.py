"""What a question asks for: language, kind, telling words, and how much of it a text holds."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from assistant.question import ENOUGH, Question, understand

NOW = datetime(2026, 11, 25, 15, 30, tzinfo=UTC)
NOTES = "gedit\nnotes.txt\nfinance wants the quarterly churn report by Friday\nbudget 41,900 EUR"
CHAT = "Chat\n团队群\n营销预算定为12万元\n张伟：发布推迟到3月25日"


def asked(text: str) -> Question:
    return understand(text, NOW, UTC)


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("what did I do?", "en"),
        ("昨天做了什么", "zh"),
        ("asyncio 的文档在哪里", "zh"),
        ("where did I see 预算 first", "en"),
    ],
)
def test_the_language_is_that_of_most_words(text: str, language: str) -> None:
    """A Latin name does not make a Chinese question English, nor the other way round."""
    assert asked(text).language == language


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("what did I do yesterday afternoon", "did"),
        ("which documents did I read yesterday", "list"),
        ("昨天下午我在看什么文档", "list"),
        ("昨天一整天都在忙什么", "did"),
        ("where did I see the churn report", "find"),
        ("when did I last open the invoice", "last"),
        ("上次打开发票是什么时候", "last"),
        ("when did I first read about asyncio", "first"),
        ("第一次看到发票是什么时候", "first"),
        ("at what time did I first look at the invoice", "first"),
        ("when did I start working today", "first"),
        ("how long ago did I open the invoice", "last"),
        ("什么时候最后看的发票", "last"),
        ("最后一次看到发票是什么时候", "last"),
        ("how long was I in the terminal", "how_long"),
        ("how long did the deploy take", "find"),
        ("how many seconds did the deploy take", "find"),
        ("how many hours did I spend on the report", "how_long"),
        ("total time in Chromium today", "how_long"),
        ("time spent writing today", "how_long"),
        ("今天写代码花了多久", "how_long"),
        ("how often did I open the invoice", "how_often"),
        ("今天打开过几次发票", "how_often"),
        ("how many pages did I read", "how_many"),
        ("number of different websites I visited today", "how_many"),
        ("how many commits are there", "find"),
        ("今天看了几个网页", "how_many"),
        ("list the programs I used today", "list"),
        ("列出今天访问过的所有网页", "list"),
        ("which page mentions asyncio", "find"),
        ("what changed in notes.txt since Monday", "changed"),
        ("how did notes.txt change", "changed"),
        ("周一以来 notes.txt 改了什么", "changed"),
        ("what did I do right after the deploy log", "after"),
        ("which page was I on before the deploy log", "before"),
        ("看完部署指南之后我做了什么", "after"),
        ("deploy log 前面我在看什么", "before"),
        ("where did I see the budget before the deploy log", "find"),
        ("what did I do before Monday", "did"),
        ("summarise my week for the stand-up", "did"),
        ("帮我回顾一下今天都干了些什么", "did"),
    ],
)
def test_the_kind_decides_the_work(text: str, kind: str) -> None:
    """A question that names nothing in particular asks what was done."""
    assert asked(text).kind == kind


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Where did I see the budget number of the churn report?", ["budget", "number", "churn", "report"]),
        ("what did Marta ask for yesterday afternoon?", ["Marta"]),
        ("我昨天在看什么关于预算的文档？", ["预算", "文档"]),
        ("asyncio.TaskGroup 的用法", ["asyncio.TaskGroup", "法"]),
        ("what does -x mean in tar", ["x", "mean", "tar"]),
    ],
)
def test_only_telling_words_are_searched_for(text: str, words: list[str]) -> None:
    """Words that only ask, and the time, are left out."""
    assert [word.text for word in asked(text).words] == words


@pytest.mark.parametrize(
    ("text", "screen"),
    [
        ("where did I see the budget number of the churn report", NOTES),
        ("what is finance's budget", NOTES),
        ("who wanted reports by Friday?", NOTES),
        ("营销预算是多少", CHAT),
        ("发布推迟到什么时候", CHAT),
        ("张伟说了什么", CHAT),
        ("决定发布推迟到什么时候？", CHAT),
        ("今天下午讨论的营销预算是多少", CHAT),
        ("what was decided about the churn report", NOTES),
    ],
)
def test_a_screen_that_holds_the_words_is_enough(text: str, screen: str) -> None:
    """Most telling words stand there, in any form."""
    assert asked(text).coverage(screen) >= ENOUGH


@pytest.mark.parametrize(
    ("text", "screen"),
    [
        ("what was the budget of the marketing report", NOTES),
        ("did Kunigunde send the churn report", NOTES),
        ("what is the price of the tractor", NOTES),
        ("where is ticket KELP-214 about the budget report", NOTES),
        ("研发预算是多少", CHAT),
        ("李娜什么时候发布", CHAT),
        ("决定搬家推迟到什么时候", CHAT),
        ("what was decided about the tax report", NOTES),
        ("拖拉机的价格", CHAT),
    ],
)
def test_a_screen_that_lacks_what_matters_is_not_enough(text: str, screen: str) -> None:
    """A missing name or identifier, or one of few words, is no answer however many others stand there."""
    assert asked(text).coverage(screen) < ENOUGH


def test_what_is_planned_is_looked_for_in_the_past() -> None:
    """A future time is part of what is looked for, and still what was understood."""
    question = asked("which flight do I take tomorrow")
    assert question.interval is None
    assert question.phrase is not None


def test_a_question_without_words_and_time_is_about_today() -> None:
    """ "What did I do" means today; nothing was named, so no phrase is reported."""
    question = asked("what did I do?")
    assert question.interval is not None
    assert question.phrase is None
