"""How a typed query is understood."""

from __future__ import annotations

import pytest
from sqlcipher3 import dbapi2 as sqlite

from index.query import parse
from index.tokens import TOKENIZER
from timeline.errors import WrongUsage


def words(text: str) -> list[str]:
    """Return what is looked for, each thing as it was typed or its stem."""
    return [" ".join(term.forms[0]) for term in parse(text).terms]


def test_stop_words_carry_no_weight() -> None:
    """A question is what is left without its small words."""
    assert words("When did Jon lose his job?") == ["jon", "lose", "job"]


def test_stop_words_alone_are_looked_for() -> None:
    """Where nothing else was typed, small words are all there is."""
    assert words("the who") == ["the", "who"]


def test_chinese_question_words_carry_no_weight() -> None:
    """The run is cut where the question word stood."""
    assert words("部署为什么失败") == ["部署", "失败"]


def test_a_chinese_question_word_alone_is_looked_for() -> None:
    """什么 typed alone is a word like others."""
    assert words("什么") == ["什么"]


def test_pairs_of_particles_are_left_out() -> None:
    """我的 says nothing beside other words."""
    assert words("我的 密码") == ["密码"]


def test_a_quoted_phrase_must_be_there() -> None:
    """Quotes make one phrase of words, typographic and Chinese quotes too."""
    assert parse('"connection refused" “完整短语” 「引号」').phrases == (
        ("connection", "refused"),
        ("完整", "整短", "短语"),
        ("引号",),
    )


def test_a_minus_excludes_a_word_or_a_phrase() -> None:
    """Only a minus that begins a word excludes."""
    query = parse('kebab-case -timeout -"not this"')
    assert (query.without, query.said) == ((("timeout",), ("not", "this")), "kebab-case")


def test_an_identifier_is_found_by_its_parts_as_a_phrase() -> None:
    """getUserProfile also means get_user_profile."""
    [term] = parse("getUserProfile").terms
    assert ("get", "user", "profile") in term.forms


@pytest.mark.parametrize("text", ["", "   ", '"', '""', "-", "- -", "...", "-word", "?!", "“”‘’「」"])
def test_a_query_without_a_word_is_wrong_usage(text: str) -> None:
    """It is said clearly that there is nothing to look for."""
    with pytest.raises(WrongUsage, match="no word to look for"):
        parse(text)


HOSTILE = [
    'NEAR("a" b, 3)', "a AND OR NOT b", "body : x", "* ^first -{a b}", "o'clock; DROP TABLE entries", "字", "🎉 ©",
    "a\x00b", "x" * 5000, "词" * 5000, "-a -b c", "C++ #tag @me $5 50% a+b", "\ud800 lone",
]  # fmt: skip


@pytest.mark.parametrize("text", HOSTILE)
def test_whatever_is_typed_is_safe(text: str) -> None:
    """No text becomes an operator or breaks the expression."""
    db = sqlite.connect(":memory:")
    db.execute(f'CREATE VIRTUAL TABLE t USING fts5 (body, parts, stems, meta, tokenize = "{TOKENIZER}")')
    query = parse(text)
    assert db.execute("SELECT count(*) FROM t WHERE t MATCH ?", [query.wish().expression]).fetchone() == (0,)
    assert db.execute("SELECT count(*) FROM t WHERE t MATCH ?", [query.every_word]).fetchone() == (0,)
    db.close()
