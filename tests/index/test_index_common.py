"""Ranking of words that too many passages hold to rank them one by one."""

from __future__ import annotations

import pytest

from index import common, lexical, patience
from index.common import common_matches
from index.filters import Scope
from index.lexical import Lexical
from index.patience import Patience
from index.query import parse
from index.store import open_for_search
from tests.index.conftest import SearchedStore
from timeline.model import Window


@pytest.fixture
def many(searched: SearchedStore, monkeypatch: pytest.MonkeyPatch) -> SearchedStore:
    """Forty passages of one common word, few of which hold more; none may be ranked one by one."""
    for number in range(40):
        more = {7: "zebra", 11: "zebra crossing", 30: "yellow"}.get(number, "")
        searched.show(f"report number{number} {more}".strip(), window=Window("w", f"title {number}"))
    searched.index()
    monkeypatch.setattr(lexical, "EXACT_ROWS", 3)
    monkeypatch.setattr(common, "RANKED_ROWS", 5)
    return searched


def test_a_rare_word_goes_before_a_common_one(many: SearchedStore) -> None:
    """Both words, then the rare one, as when all are ranked."""
    assert many.texts("report zebra crossing")[:2] == ["report number11 zebra crossing", "report number7 zebra"]


def test_of_equals_the_newer_goes_first(many: SearchedStore) -> None:
    """A word that all passages hold tells nothing but that it is there."""
    assert many.texts("report", limit=2) == ["report number39", "report number38"]


def test_a_phrase_must_be_there_and_an_excluded_word_not(many: SearchedStore) -> None:
    """However many passages hold the other words."""
    assert many.texts('report "zebra crossing"') == ["report number11 zebra crossing"]
    assert "report number7 zebra" not in many.texts("report -zebra", limit=40)


def test_a_filter_confines_what_is_common(many: SearchedStore) -> None:
    """Also to what is old."""
    assert many.texts('report title:"title 3"', limit=1) == ["report number39"]
    assert many.texts('report title:"title 7"') == ["report number7 zebra"]


def test_scores_are_those_of_bm25_where_words_are_rare(many: SearchedStore) -> None:
    """What FTS5 ranks quickly is ranked by it."""
    db = open_for_search(many.store.home, many.store.key)
    assert db is not None
    asked = Lexical(db)
    wish = parse("zebra").wish()
    exact, summed = asked.ranked(wish.expression, Scope()), common_matches(asked, wish, Scope(), Patience())
    assert summed.ids.tolist() == exact.ids.tolist()
    assert summed.scores.tolist() == pytest.approx(exact.scores.tolist(), rel=1e-5)
    db.close()


def test_when_the_time_is_over_what_was_found_is_returned_and_told(
    many: SearchedStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The rare words are ranked first, so these are what is found."""
    assert many.texts("report zebra")
    assert not many.searcher.was_bounded
    monkeypatch.setattr(patience, "LONGEST_S", -1.0)
    assert set(many.texts("report zebra", limit=2)) == {"report number11 zebra crossing", "report number7 zebra"}
    assert many.searcher.was_bounded
    assert many.texts("yellow") == ["report number30 yellow"]
    assert not many.searcher.was_bounded
