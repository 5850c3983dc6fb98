"""What the timeline has forgotten goes out of the index: words, texts, vectors and their cache."""

from __future__ import annotations

import pytest

from index.forgetting import forget_missing, left_in_index
from index.indexer import Indexer
from index.meaning import VectorIndex, VectorRows
from index.store import open_for_writing
from tests.support.forgetting import forget, seconds
from timeline.forgetting.plan import Selection
from timeline.plain_pages import plain_pages

WORDS = "the walrus sang of cabbages and kings"


@pytest.fixture
def indexed(searched):
    """Two texts, indexed, with a cache of their vectors."""
    searched.show(WORDS)
    searched.show("an ordinary report about budgets")
    searched.index()
    store = searched.store
    db = open_for_writing(store.home, store.key)
    (name,) = db.conn.execute("SELECT value FROM state WHERE name = 'store'").fetchone()
    rows = VectorRows(db, searched.encoder.name, searched.encoder.dimension)
    assert VectorIndex.open(store.home, store.key, rows, name).publish(anyway=True)
    db.close()
    return searched


def left(searched, words: str | None = None) -> list[str]:
    return list(left_in_index(searched.store.home, searched.store.key, searched.store.reader, words))


def pages_hold(searched, word: str) -> bool:
    return any(word.encode() in page for page in plain_pages(searched.store.home.index_database, searched.store.key))


def test_a_forgotten_passage_leaves_nothing(indexed):
    """No entry, no word, no text, no vector, in the rows and in the cache; the other one stays."""
    store = indexed.store
    assert pages_hold(indexed, "walrus")
    forget(store, Selection(text="walrus"))
    assert sorted(left(indexed, "walrus")) == ["index.db: entries", "index.db: full text", "index.db: texts",
                                               "index.db: words of the full text"]  # fmt: skip
    assert forget_missing(store.home, store.key, store.reader) == 1
    assert left(indexed, "walrus") == []
    assert indexed.texts("budgets") == ["an ordinary report about budgets"]
    assert indexed.texts("walrus") == []


def test_vectors_that_went_are_found_in_the_cache(indexed):
    """A cache of before is told of, and written anew by the next cleaning."""
    store = indexed.store
    before = store.home.vectors.read_bytes()
    forget(store, Selection(text="walrus"))
    forget_missing(store.home, store.key, store.reader)
    store.home.vectors.write_bytes(before)
    assert left(indexed) == ["vectors.index: vectors"]
    forget_missing(store.home, store.key, store.reader)
    assert left(indexed) == []


def test_forgetting_the_newest_does_not_build_the_index_anew(indexed, caplog):
    """The highest number of a change is remembered; the index is not behind."""
    forget(indexed.store, Selection(seconds(120, 10_000)))
    forget_missing(indexed.store.home, indexed.store.key, indexed.store.reader)
    indexed.show("something newer than that")
    assert indexed.texts("newer") == ["something newer than that"]
    assert "made again" not in caplog.text


def test_what_is_forgotten_while_it_is_embedded_is_not_indexed(searched, monkeypatch):
    """The indexer had read it already; it looks again in its transaction."""
    store = searched.store
    searched.show(WORDS)
    searched.show("an ordinary report about budgets")
    indexer = Indexer.open(store.home, store.key, lambda: searched.encoder)
    embed = indexer._vectors.embed_new

    def slow(passages):
        vectors = embed(passages)
        forget(store, Selection(text="walrus"))
        return vectors

    monkeypatch.setattr(indexer._vectors, "embed_new", slow)
    indexer.catch_up(store.reader)
    indexer.close()
    assert left(searched, "walrus") == []
    assert searched.texts("budgets") == ["an ordinary report about budgets"]


def test_a_home_without_an_index_has_nothing_to_forget(store):
    """A cache that is there all the same goes."""
    store.home.vectors.write_bytes(b"left")
    assert forget_missing(store.home, store.key, store.reader) == 0
    assert not store.home.vectors.exists()
