"""The language of queries: what is a filter, a phrase, an exclusion, and what is only text."""

from __future__ import annotations

from datetime import datetime

import pytest

from index.filters import Name
from index.query import Query, parse, question
from timeline.clock import to_us
from timeline.errors import WrongUsage
from timeline.model import ALL_TIME

NOW = datetime(2026, 11, 23, 12, 0).astimezone()  # a Monday


def asked(text: str) -> Query:
    return parse(text, NOW)


def words(query: Query) -> list[str]:
    return [term.word for term in query.terms]


def interval(text: str) -> tuple[int | None, int | None]:
    """Return the days, as the first and the one after the last; None is unbounded."""
    found = asked(text).filters.interval
    assert found is not None
    start_us, end_us = found.start_us, found.end_us
    return (
        None if start_us == ALL_TIME.start_us else start_us,
        None if end_us == ALL_TIME.end_us else end_us,
    )


def day(number: int, month: int = 11) -> int:
    return to_us(datetime(2026, month, number).astimezone())


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("x on:2026-11-20", (day(20), day(21))),
        ("x on:yesterday", (day(22), day(23))),
        ("x on:昨天", (day(22), day(23))),
        ("x ON：前天", (day(21), day(22))),
        ('x on:"last tuesday"', (day(17), day(18))),
        ("x before:2026-11-20", (None, day(20))),
        ("x after:2026-11-20", (day(21), None)),
        ("x after:2026-11-01 before:2026-11-10", (day(2), day(10))),
        ("x before:上周三", (None, day(18))),
    ],
)
def test_times_stand_in_the_query(text: str, expected: tuple[int | None, int | None]) -> None:
    """Dates and phrases of both languages; before and after leave out the day that is named."""
    assert interval(text) == expected


def test_after_a_clock_time_begins_with_it() -> None:
    """Of a minute the rest is meant, not what comes when it is over."""
    start_us, end_us = interval("x after:2026-11-20T14:30")
    assert (start_us, end_us) == (to_us(datetime(2026, 11, 20, 14, 30).astimezone()), None)


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("x app:Firefox", (Name("app", ("Firefox",)),)),
        ('x title:"weekly report"', (Name("title", ("weekly report",)),)),
        ("x url:https://example.org/a?b=1", (Name("url", ("https://example.org/a?b=1",)),)),
        ("x -app:slack", (Name("app", ("slack",), wanted=False),)),
        ("x app:firefox OR app:chromium", (Name("app", ("firefox", "chromium")),)),
        ("x App：微信 title:周报", (Name("app", ("微信",)), Name("title", ("周报",)))),
    ],
)
def test_names_stand_in_the_query(text: str, names: tuple[Name, ...]) -> None:
    """Applications, titles and addresses, also to leave out, and either of two."""
    query = asked(text)
    assert (query.filters.names, words(query)) == (names, ["x"])


def test_or_binds_the_two_beside_it() -> None:
    """Two words that are one wish; the next is another."""
    either, other = sorted(asked("red OR blue car").terms, key=lambda term: term.forms[0] == ("car",))
    assert either.forms == (("red",), ("blue",))
    assert other.forms == (("car",),)


def test_or_with_a_quoted_phrase_is_a_choice() -> None:
    """One of them must stand there."""
    assert asked('timeout OR "connection refused" log').choices == ((("timeout",), ("connection", "refused")),)


@pytest.mark.parametrize("text", ["OR", "a1 OR", "OR a1", "this or that thing"])
def test_an_or_that_joins_nothing_is_a_word(text: str) -> None:
    """At the beginning, at the end and in small letters it is text."""
    query = asked(text)
    assert query.terms
    assert query.choices == ()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("std::vector<int>", ["std", "vector", "int"]),
        ("meeting 12:30", ["meeting", "12", "30"]),
        ("https://docs.example.org/a?b=1", ["https", "docs", "example", "org", "b", "1"]),
        ("app://obsidian.md", ["app", "obsidian", "md"]),
        ("git push --force -u origin", ["git", "push", "force", "u", "origin"]),
        ("temperature -5 outside", ["temperature", "5", "outside"]),
        ("me@host.org", ["host", "org"]),
        ("title: budget", ["title", "budget"]),
        ("app::main", ["app", "main"]),
        ("on:click={go}", ["click", "go"]),
        ("a::before", ["before"]),
        ('5" disk 7" tablet', ["5", "disk", "7", "tablet"]),
        ("x -> y", ["x", "y"]),
        ("- item", ["item"]),
        ("错误：连接", ["错误", "连接"]),
        ("会议时间:下午", ["会议", "议时", "时间", "下午"]),
    ],
)
def test_ordinary_text_with_colons_and_dashes_is_text(text: str, expected: list[str]) -> None:
    """Code, addresses, times, options of a shell: no filter, no exclusion, no error."""
    query = asked(text)
    assert [word for word in expected if word not in words(query) and word != "before"] == []
    assert (query.without, query.filters.names, query.filters.interval) == ((), (), None)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ('"connection refused', "never closed"),
        ("他说“未完", "never closed"),
        ("x before:nonsense", "'nonsense' after before: is not understood as a time"),
        ("x on:yesterdy", "'yesterdy' after on:"),
        ("x after:2026-13-45", "'2026-13-45' after after:"),
        ("-draft", "only what to leave out"),
        ("-app:slack", "only what to leave out"),
        ('-"not this" -that', "only what to leave out"),
        ("this OR -that", "OR cannot stand beside"),
        ("app:a OR word", "OR joins two words or two filters"),
        ("x on:monday OR on:tuesday", "OR cannot join two times"),
        ("x after:2026-11-10 before:2026-11-01", "leave nothing between them"),
        ("x -on:yesterday", "A time cannot be left out"),
        ('x app:""', "app: names nothing"),
    ],
)
def test_what_cannot_be_understood_is_said_in_a_sentence(text: str, sentence: str) -> None:
    """One sentence, which ends with a full stop, and says what to do."""
    with pytest.raises(WrongUsage, match=sentence) as caught:
        asked(text)
    assert str(caught.value).endswith(".")


def test_a_query_of_filters_alone_is_one() -> None:
    """It confines what is shown, and looks for no word."""
    query = asked("app:firefox on:yesterday -draft")
    assert (query.has_words, query.filters.confines, query.without) == (False, True, (("draft",),))


UNFINISHED = ['"connection refu', "说“未", "x before:yest", 'x title:"weekly re', "-", "", "x app:", '-"a b']


@pytest.mark.parametrize("text", UNFINISHED)
def test_nothing_is_wrong_while_it_is_typed(text: str) -> None:
    """A quote may still close, a time may still be finished."""
    assert parse(text, NOW, unfinished=True).is_typed


OPEN = [("quarterly rep", "rep"), ("rep ", ""), ('"a rep"', ""), ("app:fi", ""), ("-rep", ""), ("部署stag", "stag")]


@pytest.mark.parametrize(("text", "word"), [*OPEN, ("数据库连", "")])
def test_the_word_that_is_typed_is_open(text: str, word: str) -> None:
    """After a space, a quote or in a filter no word is; Chinese is found by its beginning anyway."""
    assert parse(text, NOW, unfinished=True).open_word == word


def test_a_question_is_only_words_and_closed_quotes() -> None:
    """What is asked in sentences is no query language."""
    query = question('When did I read "the note and before:then app:x')
    assert (query.filters.names, query.phrases) == ((), ())
    assert "note" in words(query)
