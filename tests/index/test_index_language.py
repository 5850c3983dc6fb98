"""Queries with filters, phrases and exclusions over a real store."""

from __future__ import annotations

import pytest

from index.query import parse
from index.search import Filters
from tests.index.conftest import EVERYWHERE, SearchedStore
from tests.support.stores import NOON_US, SECOND_US
from timeline.clock import to_local
from timeline.model import Interval, Window

NOW = to_local(NOON_US + 86_400 * SECOND_US)  # the day after the store's
FIREFOX = Window("Firefox", "Weekly Report - Docs", "https://docs.example.org/report")
ESR = Window("Firefox-esr", "Notes [draft] 周报", "https://intranet.example/notes")
SLACK = Window("Slack", "general")


@pytest.fixture
def three(searched: SearchedStore) -> SearchedStore:
    """The same word in three windows."""
    searched.show("budget of the first quarter", window=FIREFOX)
    searched.show("budget of the second year", window=ESR)
    searched.show("who has the budget file", window=SLACK)
    return searched


def found(searched: SearchedStore, query: str, filters: Filters = EVERYWHERE) -> set[str]:
    """Return the last word of each result's first line."""
    searched.index()
    hits = searched.searcher.search(parse(query, NOW), filters, mode="text")
    return {hit.text.split()[-1] for hit in hits}


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("budget app:firefox", {"quarter", "year"}),
        ("budget app:FIRE*ox", {"quarter"}),
        ("budget app:fox-", {"year"}),
        ("budget app:*esr", {"year"}),
        ("budget -app:firefox", {"file"}),
        ("budget app:slack OR app:*esr", {"year", "file"}),
        ('budget title:"weekly report"', {"quarter"}),
        ("budget title:[draft]", {"year"}),
        ("budget title:週報", {"year"}),
        ("budget title:ＷＥＥＫＬＹ", {"quarter"}),
        ("budget url:docs.example.org", {"quarter"}),
        ("budget url:https://*/notes", {"year"}),
        ("budget -url:example", {"file"}),
        ("app:slack", {"file"}),
        ("app:firefox -second", {"quarter"}),
        ("budget on:yesterday", {"quarter", "year", "file"}),
        ("budget on:昨天 app:slack", {"file"}),
        ("budget on:today", set()),
        ("budget before:yesterday", set()),
        ("budget quarter OR file", {"quarter", "file", "year"}),
        ('"budget of" app:firefox', {"quarter", "year"}),
        ('"second year" OR "budget file"', {"year", "file"}),
        ('"second year" OR quarter', {"year", "quarter"}),
    ],
)
def test_filters_of_the_query_confine_the_search(three: SearchedStore, query: str, expected: set[str]) -> None:
    """By part of a name or by a pattern, in any case, width and script; wanted or not."""
    assert found(three, query) == expected


def test_filters_of_the_query_and_of_the_command_line_combine(three: SearchedStore) -> None:
    """Both must fit."""
    minutes = Filters(Interval(NOON_US + 60 * SECOND_US, NOON_US + 120 * SECOND_US))
    assert found(three, "budget app:firefox", minutes) == {"quarter"}
    assert found(three, "budget on:today", minutes) == set()
    assert found(three, "budget app:slack", Filters(app="firefox")) == set()


def test_filters_alone_show_the_newest_first(three: SearchedStore) -> None:
    """Nothing is ranked where no word was asked for."""
    three.index()
    hits = three.searcher.search(parse("on:yesterday", NOW))
    assert [hit.text.split()[-1] for hit in hits] == ["file", "year", "quarter"]


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ('"connection refused by"', 1),
        ('"refused connection"', 0),
        ('"数据库连接"', 1),
        ('"数据连接"', 0),
        ('"到staging环"', 1),
        ('"環境時數據庫"', 1),
        ('"部署 staging"', 0),
        ('“連線”', 0),
        ('「失败」', 1),
        ('host -refused', 0),
        ('host -"by refused"', 1),
    ],
)  # fmt: skip
def test_phrases_are_neighbours_over_the_ends_of_lines(searched: SearchedStore, query: str, count: int) -> None:
    """English and Chinese, and either script of it."""
    lines = ["The connection refused", "by the host", "部署到staging环境时数据", "库连接失败"]
    searched.store.frame(60, lines, end_s=120)
    assert len(searched.texts(query)) == count


@pytest.mark.parametrize(
    ("text", "query"),
    [
        ("我們在臺灣開發數據庫", "数据库"),
        ("我们在台湾开发数据库", "數據庫"),
        ("頭髮和發展", "发展"),
        ("ＡＰＩ ｖ２ 発行 ﾃｽﾄ", "api v2"),
        ("ﾃｽﾄ環境", "テスト环境"),
        ("user@host.org 更新", "ＵＳＥＲ＠host.org"),
    ],
)
def test_scripts_and_widths_are_one(searched: SearchedStore, text: str, query: str) -> None:
    """Traditional and simplified, full and half width; what is shown stays as it stood on the screen."""
    searched.show(text)
    [hit] = searched.search(query)
    assert hit.text == text
    assert "**" in hit.snippet


def test_marks_lie_on_the_characters_of_the_screen(searched: SearchedStore) -> None:
    """Folding changes no offset."""
    searched.show("我們在臺灣開發數據庫")
    assert searched.search("数据库")[0].snippet == "我們在臺灣開發**數據庫**"


def typed(searched: SearchedStore, query: str) -> list[str]:
    searched.index()
    return [hit.text for hit in searched.searcher.search(query, unfinished=True)]


TYPED = ["quar", "quarterly rep", "getUs", "profi", "部署", "部署到sta", "数", '"quarterly rep', "app:edi quart"]


@pytest.mark.parametrize("query", TYPED)
def test_a_word_that_is_typed_is_the_beginning_of_one(searched: SearchedStore, query: str) -> None:
    """In English, in identifiers and after Chinese, and in a quote that is still open."""
    text = "quarterly reports of getUserProfile 部署到staging 数据"
    searched.show(text)
    searched.show("another thing altogether")
    assert typed(searched, query) == [text]


def test_a_word_that_is_finished_is_no_beginning(searched: SearchedStore) -> None:
    """After a space, and where nothing is being typed, words are whole."""
    searched.show("quarterly reports")
    assert typed(searched, "quart ") == []
    assert searched.texts("quart") == []


def test_the_beginning_of_a_word_is_marked(searched: SearchedStore) -> None:
    """The whole word is, for that is what was found."""
    searched.show("the quarterly report")
    searched.index()
    [hit] = searched.searcher.search("quart", unfinished=True)
    assert hit.snippet == "the **quarterly** report"
    assert hit.inexact is False
