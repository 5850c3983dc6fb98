"""Which words of a screen are quoted: sentences before window furniture."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from assistant.evidence import Evidence, Sighting
from assistant.question import understand
from assistant.quoting import best_quote
from assistant.readability import is_name, is_timed_name, sentence_share
from assistant.record import answering
from timeline.model import Window

NOW = datetime(2026, 11, 25, 18, 0, tzinfo=UTC)
SEEN = Sighting(0, 60_000_000, 0, 1)

CHAT = """\
# budget-talk - Quill chat
quill.example/budget-talk.html
# budget-talk
# lunch
People
Ines Duarte
Omar Haddad
Omar Haddad 09:12
Does anyone have the old spreadsheet?
Ines Duarte 09:15
Please send me the receipts of your trips before Wednesday.
Omar Haddad 09:20
The budget for next year goes up by eight percent.
Ines Duarte 09:21"""

CHINESE_CHAT = """\
预算群 - 聊天
成员
王芳，赵强，李静
王芳
赵强
王芳 09:12
请大家星期三之前把差旅发票发给我。
赵强 09:20
明年的预算增加百分之八，由财务部审批。
李静 09:25"""


def quoted(question: str, text: str) -> str:
    return best_quote(understand(question, NOW, UTC), text).text


@pytest.mark.parametrize(
    ("question", "text", "quote"),
    [
        ("how is the budget", CHAT, "The budget for next year goes up by eight percent."),
        (
            "what did Ines ask for",
            CHAT,
            "Ines Duarte 09:15\nPlease send me the receipts of your trips before Wednesday.",
        ),
        ("what did Omar say", CHAT, "Omar Haddad 09:20\nThe budget for next year goes up by eight percent."),
        ("预算怎么样", CHINESE_CHAT, "明年的预算增加百分之八，由财务部审批。"),
        ("王芳说了什么", CHINESE_CHAT, "王芳 09:12\n请大家星期三之前把差旅发票发给我。"),
        ("赵强说了什么", CHINESE_CHAT, "赵强 09:20\n明年的预算增加百分之八，由财务部审批。"),
    ],
)
def test_a_sentence_is_quoted_before_titles_and_names(question: str, text: str, quote: str) -> None:
    """Of a speaker what stands under the name with a time; the next speaker's message is not joined to it."""
    assert quoted(question, text) == quote


def test_furniture_is_quoted_when_nothing_else_holds_the_words() -> None:
    """A title is better than nothing."""
    assert quoted("where is the lunch channel", CHAT).startswith("# lunch")


def test_more_words_of_the_question_win() -> None:
    """Both lines are sentences, one holds more of what was asked for."""
    text = "The pump was ordered from the usual dealer.\n\nThe pump of the north well was ordered in June."
    assert (
        quoted("when was the pump of the north well ordered", text) == "The pump of the north well was ordered in June."
    )


def test_a_long_message_under_a_name_is_quoted_too() -> None:
    """The quote is cut inside the message, not before it."""
    message = "We shall move the whole archive to the new building as soon as the shelves are there, " * 3
    quote = quoted("what did Ines say", f"Ines Duarte 09:15\n{message}")
    assert quote.startswith("Ines Duarte 09:15\nWe shall move the whole archive")


@pytest.mark.parametrize(
    "line",
    [
        "The pump was ordered from the usual dealer.",
        "and it is known that readings are lost when the modem",
        "Decided: the review moves from 3 May to 10 May.",
        "明年的预算增加百分之八，由财务部审批。",
        "请大家 review 一下新的设计文档，谢谢",
    ],
)
def test_a_sentence_reads_like_one(line: str) -> None:
    """Also the wrapped line of a paragraph, and both languages mixed."""
    assert sentence_share(line) > 0.6


@pytest.mark.parametrize(
    "line",
    [
        "",
        "+",
        "→ C ☆",
        "Ines Duarte",
        "Ines Duarte · shared with Omar Haddad",
        "# budget-talk # lunch",
        "quill.example/budget-talk.html?v=2",
        "https://quill.example/a/b budget",
        "File Edit View Help",
        "王芳，赵强，李静",
        "预算群 - 聊天",
        "18,400 9,135",
    ],
)
def test_furniture_does_not(line: str) -> None:
    """Names, addresses, icons, menus, titles."""
    assert sentence_share(line) < 0.4


@pytest.mark.parametrize("line", ["Ines Duarte 09:15", "王芳09:12", "王芳 09:12", "Ines Duarte, 9:15 AM"])
def test_a_name_with_a_time_begins_a_message(line: str) -> None:
    """As chats write it, with and without a space."""
    assert is_timed_name(line)


@pytest.mark.parametrize(
    "line", ["09:15", "Call with Ines 09:15", "Please send me the receipts", "明年的预算增加百分之八"]
)
def test_other_lines_do_not(line: str) -> None:
    """A bare time, an appointment, a message."""
    assert not is_timed_name(line)
    assert not is_name(line)


def evidence(number: int, title: str, text: str) -> Evidence:
    return Evidence(f"E{number}", number, SEEN, Window("Firefox", title), text)


PEOPLE = evidence(1, "Trips", "Ines Duarte · shared with Omar Haddad\n18,400")
TITLE = evidence(2, "budget-talk", "# budget-talk\n# lunch")
TALK = evidence(3, "Quill chat", CHAT)
LIST = evidence(4, "日历", "王芳，赵强，李静\n09:00")
CHINESE_TALK = evidence(5, "聊天", CHINESE_CHAT)


@pytest.mark.parametrize(
    ("question", "every", "kept"),
    [
        ("what did Ines ask for", [PEOPLE, TALK], [TALK]),
        ("how is the budget", [TITLE, TALK], [TALK]),
        ("where did I see the budget", [TITLE, TALK], [TALK, TITLE]),
        ("what did Ines ask for", [PEOPLE], [PEOPLE]),
        ("王芳说了什么", [LIST, CHINESE_TALK], [CHINESE_TALK]),
        ("在哪里看到王芳", [LIST, CHINESE_TALK], [CHINESE_TALK, LIST]),
        ("how is the tractor", [TITLE, TALK], []),
    ],
)
def test_furniture_goes_when_there_is_a_sentence(question: str, every: list[Evidence], kept: list[Evidence]) -> None:
    """Unless the question is where a thing stood: there it comes last."""
    assert answering(understand(question, NOW, UTC), every) == kept
