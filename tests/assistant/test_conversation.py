"""Follow-ups keep time, subject and kind of the question before, but for what they say themselves."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from assistant.conversation import follow_up
from assistant.question import Question, understand
from timeline.clock import to_local

NOW = datetime(2026, 11, 25, 15, 30, tzinfo=UTC)


def after(first: str, *texts: str) -> Question:
    question = understand(first, NOW, UTC)
    for text in texts:
        question = follow_up(text, question, NOW, UTC)
    return question


def span(question: Question) -> tuple[str, str]:
    assert question.interval is not None
    start, end = (to_local(at, UTC) for at in (question.interval.start_us, question.interval.end_us))
    return f"{start:%m-%d %H:%M}", f"{end:%m-%d %H:%M}"


@pytest.mark.parametrize(
    ("first", "text", "start", "end"),
    [
        ("what did I do yesterday?", "and the day before?", "11-23 00:00", "11-24 00:00"),
        ("what did I do yesterday afternoon?", "and the day before?", "11-23 12:00", "11-23 18:00"),
        ("what did I do today?", "and the day before?", "11-24 00:00", "11-25 00:00"),
        ("what did I do last week?", "and the week before?", "11-09 00:00", "11-16 00:00"),
        ("what did I do on Monday?", "and the next day?", "11-24 00:00", "11-25 00:00"),
        ("what did I do on Monday?", "two days later?", "11-25 00:00", "11-26 00:00"),
        ("what did I do yesterday?", "what about today?", "11-25 00:00", "11-25 15:30"),
        ("what did I do yesterday?", "and last week?", "11-16 00:00", "11-23 00:00"),
        ("昨天我做了什么", "那前天呢", "11-23 00:00", "11-24 00:00"),
        ("昨天下午我做了什么", "前一天呢？", "11-23 12:00", "11-23 18:00"),
        ("上周一我做了什么", "第二天呢", "11-17 00:00", "11-18 00:00"),
        ("昨天我做了什么", "那今天上午呢？", "11-25 06:00", "11-25 12:00"),
        ("what did I do at 3pm yesterday?", "and an hour later?", "11-24 15:45", "11-24 16:15"),
    ],
)
def test_the_time_follows(first: str, text: str, start: str, end: str) -> None:
    """A step is from the time before, a phrase stands for itself."""
    assert span(after(first, text)) == (start, end)


@pytest.mark.parametrize(
    ("first", "text", "kind"),
    [
        ("what did I do yesterday?", "and the day before?", "did"),
        ("how long was I in the terminal yesterday?", "and today?", "how_long"),
        ("which pages did I read yesterday?", "and the day before?", "list"),
        ("where did I see the churn report?", "how long was that?", "how_long"),
        ("where did I see the churn report?", "when did I see it first?", "first"),
        ("昨天在终端里待了多久", "那今天呢", "how_long"),
        ("昨天看了哪些网页", "有几个网页？", "how_many"),
        ("发布推迟到什么时候", "最后一次看到它是什么时候", "last"),
    ],
)
def test_the_kind_is_kept_unless_another_is_asked_for(first: str, text: str, kind: str) -> None:
    """What was asked before is asked again."""
    assert after(first, text).kind == kind


def test_the_subject_is_kept() -> None:
    """ "How long was that" asks about the same thing at the same time."""
    question = after("where did I see the churn report yesterday?", "how long was that?")
    assert [word.text for word in question.subject.words] == ["churn", "report"]
    assert span(question) == ("11-24 00:00", "11-25 00:00")


def test_another_subject_keeps_time_and_kind() -> None:
    """ "And in the terminal" asks the same of another program."""
    question = after("how long was I in the browser yesterday?", "and in the terminal?")
    assert (question.kind, question.subject.program) == ("how_long", "terminal")
    assert span(question) == ("11-24 00:00", "11-25 00:00")


def test_another_subject_in_chinese() -> None:
    """那终端呢 asks the same of another program."""
    question = after("今天我在浏览器里花了多久", "那终端呢")
    assert (question.kind, question.subject.program) == ("how_long", "terminal")


def test_what_was_done_is_asked_of_a_program() -> None:
    """The time stays."""
    question = after("what did I do yesterday?", "and in the terminal?")
    assert (question.kind, question.subject.program) == ("did", "terminal")
    assert span(question) == ("11-24 00:00", "11-25 00:00")


def test_a_question_of_its_own_keeps_nothing() -> None:
    """It has subject and time itself, or a subject and no sign that it follows."""
    question = after("what did I do yesterday?", "where did I see the invoice?")
    assert question.interval is None
    assert [word.text for word in question.words] == ["invoice"]


def test_follow_ups_follow_each_other() -> None:
    """Each step is from the one before."""
    question = after("how long was I in the terminal yesterday?", "and the day before?", "and the day before?")
    assert (question.kind, question.subject.program) == ("how_long", "terminal")
    assert span(question) == ("11-22 00:00", "11-23 00:00")


def test_the_first_question_stands_alone() -> None:
    """There is nothing to keep."""
    assert follow_up("what did I do yesterday?", None, NOW, UTC) == understand("what did I do yesterday?", NOW, UTC)


def test_a_day_before_is_a_day_of_the_wall_clock() -> None:
    """Also over the night when the clocks change."""
    berlin = ZoneInfo("Europe/Berlin")
    now = datetime(2026, 10, 26, 12, 0, tzinfo=berlin)
    first = understand("what did I do today?", now, berlin)
    question = follow_up("and the day before?", first, now, berlin)
    assert question.interval is not None
    assert question.interval.end_us - question.interval.start_us == 25 * 3600 * 1_000_000
