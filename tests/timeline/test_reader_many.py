"""Questions about many passages at once give what asking for each gives."""

from __future__ import annotations

import pytest

from tests.support.stores import NOON_US, SECOND_US, StoreUnderTest
from timeline.model import Interval, Window


@pytest.fixture
def some(store: StoreUnderTest) -> list[int]:
    """Three passages, the first of which stood twice; their ids."""
    texts = (["first of all", "and its second line"], ["second"], ["third"], ["first of all", "and its second line"])
    for number, lines in enumerate(texts):
        store.frame(
            60 * number, lines, Window("app", "first" if "first" in lines[0] else lines[0]), end_s=60 * number + 60
        )
    return [one.id for one in store.reader.changed_passages(0, 10)]


def test_texts_are_those_of_the_passages(store: StoreUnderTest, some: list[int]) -> None:
    """Unknown ids are left out."""
    passages = store.reader.passages(some)
    assert store.reader.passage_texts([*some, 99]) == {one: passages[one].text for one in some}
    assert store.reader.windows_of_passages([*some, 99]) == {one: passages[one].window for one in some}


def test_the_newest_span_is_the_first_of_all_spans(store: StoreUnderTest, some: list[int]) -> None:
    """Within an interval the newest that overlaps it; passages without one are left out."""
    spans = {one: store.reader.spans(one) for one in some}
    assert store.reader.newest_spans(some) == {one: spans[one][0] for one in some}
    begin = Interval(NOON_US, NOON_US + 60 * SECOND_US)
    assert store.reader.newest_spans(some, begin) == {some[0]: spans[some[0]][1]}


def test_lines_of_spans_are_those_of_each(store: StoreUnderTest, some: list[int]) -> None:
    """In their order, with their words."""
    ids = [store.reader.spans(one)[0].id for one in some]
    assert store.reader.lines_of_spans(ids) == {one: store.reader.lines_of_span(one) for one in ids}
