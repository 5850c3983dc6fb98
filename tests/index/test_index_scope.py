"""What filters confine a search to."""

from __future__ import annotations

import pytest

from index import filters
from index.filters import Filters, prepare, scope
from index.store import open_for_search
from tests.index.conftest import SearchedStore
from tests.support.stores import NOON_US, SECOND_US
from timeline.model import Interval, Window

HOUR_S = 3600


def inside(searched: SearchedStore, filters_: Filters) -> list[str]:
    """Return the texts of the passages inside."""
    searched.index()
    db = open_for_search(searched.store.home, searched.store.key)
    assert db is not None
    prepare(db)
    ids = scope(db, filters_).ids
    assert ids is not None
    db.close()
    return list(searched.store.reader.passage_texts(ids.tolist()).values())


def between(start_s: float, end_s: float) -> Filters:
    return Filters(Interval(NOON_US + round(start_s * SECOND_US), NOON_US + round(end_s * SECOND_US)))


@pytest.fixture
def long_day(searched: SearchedStore) -> SearchedStore:
    """A page that stood for five hours, then one of a minute, then another."""
    searched.show("stood all day", for_s=5 * HOUR_S)
    searched.show("stood a minute", window=Window("other", "window"))
    searched.show("the last one", for_s=HOUR_S)
    return searched


def test_what_began_long_before_is_inside_while_it_stands(long_day: SearchedStore) -> None:
    """Its span overlaps, though it began hours before."""
    assert inside(long_day, between(4 * HOUR_S, 4 * HOUR_S + 60)) == ["stood all day"]


def test_what_ended_before_or_began_after_is_outside(long_day: SearchedStore) -> None:
    """Half-open at both ends."""
    end_s = 60 + 5 * HOUR_S
    assert inside(long_day, between(end_s, end_s + 60)) == ["stood a minute"]
    assert inside(long_day, between(0, 60)) == []
    assert inside(long_day, between(0, 1e6)) == ["stood all day", "stood a minute", "the last one"]


@pytest.mark.parametrize("few", [0, 1000])
def test_names_and_times_combine(long_day: SearchedStore, monkeypatch: pytest.MonkeyPatch, few: int) -> None:
    """However many passages the time leaves."""
    monkeypatch.setattr(filters, "FEW_PASSAGES", few)
    both = Filters(between(0, 1e6).interval, app="OTHER")
    assert inside(long_day, both) == ["stood a minute"]
    assert inside(long_day, Filters(app="other")) == ["stood a minute"]
    assert inside(long_day, Filters(between(0, 90).interval, app="other")) == []
