"""Fixtures of the index's tests: the real encoder, loaded once, and a store that can be indexed and searched."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from index.indexer import Indexer
from index.search import Filters, Hit, Mode, Searcher
from index.use import UniversalSentenceEncoder
from tests.support.stores import StoreUnderTest
from timeline.model import Window

EVERYWHERE = Filters()


@pytest.fixture(scope="session")
def encoder() -> UniversalSentenceEncoder:
    """The default encoder; loading it takes a second."""
    return UniversalSentenceEncoder()


@dataclass
class SearchedStore:
    """A store whose frames are a passage each, in windows of their own, indexed before it is searched."""

    store: StoreUnderTest
    encoder: UniversalSentenceEncoder
    searcher: Searcher
    at_s: float = 60.0

    def show(self, *texts: str, window: Window = Window("editor", "notes"), for_s: float = 60.0) -> int:
        """Show one text, for a minute unless said, and return its frame."""
        begin_s, self.at_s = self.at_s, self.at_s + for_s
        return self.store.frame(begin_s, texts, window, end_s=self.at_s)

    def index(self) -> int:
        """Index what was shown since, and return how many passages that were."""
        indexer = Indexer.open(self.store.home, self.store.key, lambda: self.encoder)
        try:
            return indexer.catch_up(self.store.reader)
        finally:
            indexer.close()

    def search(self, query: str, filters: Filters = EVERYWHERE, limit: int = 10, mode: Mode = "text") -> list[Hit]:
        self.index()
        return self.searcher.search(query, filters, limit, mode)

    def texts(self, query: str, filters: Filters = EVERYWHERE, limit: int = 10, mode: Mode = "text") -> list[str]:
        """Return only the texts of the results."""
        return [hit.text for hit in self.search(query, filters, limit, mode)]


@pytest.fixture
def searched(store: StoreUnderTest, encoder: UniversalSentenceEncoder) -> Iterator[SearchedStore]:
    """An empty store with a searcher on it."""
    with Searcher.open(store.home, store.key, lambda: encoder) as searcher:
        yield SearchedStore(store, encoder, searcher)
