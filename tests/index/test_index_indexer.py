"""Following the timeline: what is indexed, again, after a kill, and what goes away."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Sequence

import pytest

from index.embedder import Vectors
from index.indexer import Indexer
from index.store import open_for_writing
from index.use import UniversalSentenceEncoder
from tests.index.conftest import SearchedStore
from timeline.model import Window


class Counting(UniversalSentenceEncoder):
    """The real encoder, counting the texts it is given."""

    texts = 0

    def embed(self, texts: Sequence[str]) -> Vectors:
        self.texts += len(texts)
        return super().embed(texts)


def rows(searched: SearchedStore, statement: str) -> list[tuple[object, ...]]:
    db = open_for_writing(searched.store.home, searched.store.key)
    found = list(db.conn.execute(statement))
    db.close()
    return found


def fill(searched: SearchedStore, count: int = 12) -> None:
    for number in range(count):
        searched.show(f"passage {number} tells of thing{number} and of the weather", window=Window("w", str(number)))


def test_only_what_changed_is_indexed(searched: SearchedStore) -> None:
    """A second run has nothing to do until more was seen."""
    fill(searched, 3)
    assert searched.index() == 3
    assert searched.index() == 0
    searched.show("one more")
    assert searched.index() == 1


def test_a_limit_ends_a_run_and_the_next_goes_on(searched: SearchedStore) -> None:
    """Batches need not divide the limit."""
    fill(searched, 7)
    indexer = Indexer.open(searched.store.home, searched.store.key, lambda: searched.encoder)
    assert indexer.catch_up(searched.store.reader, batch=2, limit=5) == 5
    assert indexer.catch_up(searched.store.reader) == 2
    indexer.close()


def test_a_grown_passage_is_found_by_its_new_text_only(searched: SearchedStore) -> None:
    """Typing replaces a passage; the old text leaves index and vectors."""
    searched.show("the letter begins with dear")
    searched.index()
    searched.show("the letter begins with dear Anna")
    assert searched.texts("letter") == ["the letter begins with dear Anna"]
    assert rows(searched, "SELECT count(*) FROM texts") == [(1,)]
    assert rows(searched, "SELECT count(*) FROM vectors") == [(1,)]


def test_a_text_is_embedded_once(searched: SearchedStore) -> None:
    """The same text in another window shares its vector."""
    encoder = Counting()
    for title in ("one", "two", "three"):
        searched.show("the same text in every window", window=Window("w", title))
    indexer = Indexer.open(searched.store.home, searched.store.key, lambda: encoder)
    indexer.catch_up(searched.store.reader, batch=2)
    indexer.close()
    assert encoder.texts == 1


def test_a_text_without_meaning_has_no_vector(searched: SearchedStore) -> None:
    """Bare numbers are found by text alone."""
    searched.show("12 34 56")
    assert searched.texts("34", mode="hybrid") == ["12 34 56"]
    assert rows(searched, "SELECT count(*) FROM vectors") == [(0,)]


def test_a_deleted_index_is_made_again_with_the_same_results(searched: SearchedStore) -> None:
    """All of it is derived from the timeline."""
    fill(searched)
    queries = ("thing7", "weather", "tell me about the climate")
    before = [searched.search(query, mode="hybrid") for query in queries]
    searched.searcher.close()
    home = searched.store.home
    for path in (home.index_database, *home.root.glob("index.db-*"), home.vectors):
        path.unlink(missing_ok=True)
    assert [searched.search(query, mode="hybrid") for query in queries] == before


def test_forgotten_passages_leave_no_trace(searched: SearchedStore) -> None:
    """Tokens, text, vector and cache file are rid of them."""
    fill(searched, 5)
    searched.index()
    [hit] = searched.search("thing3")
    indexer = Indexer.open(searched.store.home, searched.store.key, lambda: searched.encoder)
    indexer.forget([hit.passage_id])
    indexer.close()
    assert searched.texts("thing3") == []
    assert rows(searched, "SELECT count(*), count(DISTINCT text_id) FROM vectors") == [(4, 4)]
    db = open_for_writing(searched.store.home, searched.store.key)
    db.conn.execute("CREATE VIRTUAL TABLE temp.terms USING fts5vocab('main', 'passages_text', 'row')")
    assert db.conn.execute("SELECT count(*) FROM temp.terms WHERE term = 'thing3'").fetchone() == (0,)
    db.close()


def test_another_model_makes_all_vectors_again(searched: SearchedStore) -> None:
    """Vectors of two models are never compared."""
    fill(searched, 3)
    searched.index()
    other = Counting()
    other.name = "another"
    indexer = Indexer.open(searched.store.home, searched.store.key, lambda: other)
    assert indexer.catch_up(searched.store.reader) == 3
    indexer.close()
    assert rows(searched, "SELECT DISTINCT model FROM vectors") == [("another",)]


def test_passages_indexed_without_a_model_get_vectors_later(searched: SearchedStore) -> None:
    """Switching search by meaning off and on again misses nothing."""
    fill(searched, 2)
    searched.index()
    fill(searched, 3)
    indexer = Indexer.open(searched.store.home, searched.store.key, None)
    indexer.catch_up(searched.store.reader)
    indexer.close()
    searched.index()
    assert rows(searched, "SELECT count(*) FROM texts WHERE id NOT IN (SELECT text_id FROM vectors)") == [(0,)]


SLOW_INDEXER = """
import sys, time
from pathlib import Path
from index.indexer import Indexer
from index.use import UniversalSentenceEncoder
from timeline.home import Home
from timeline.keys import load_key
from timeline.reader import Reader
class Slow(UniversalSentenceEncoder):
    def embed(self, texts):
        print("embedding", flush=True)
        time.sleep(0.2)
        return super().embed(texts)
home = Home(Path(sys.argv[1]))
key = load_key(home)
Indexer.open(home, key, Slow).catch_up(Reader.open(home, key), batch=2)
"""


@pytest.mark.crash
def test_a_killed_indexer_goes_on_where_it_was(searched: SearchedStore) -> None:
    """After kill -9 the next run indexes the rest, once each."""
    fill(searched, 12)
    process = subprocess.Popen(
        [sys.executable, "-c", SLOW_INDEXER, str(searched.store.home.root)], stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    for _ in range(3):
        process.stdout.readline()
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    process.stdout.close()
    rest = searched.index()
    assert 0 < rest < 12
    assert rows(searched, "SELECT count(*) FROM entries") == [(12,)]
    assert rows(searched, "SELECT count(*) FROM vectors") == [(12,)]
    assert [len(searched.texts(f"thing{number}")) for number in range(12)] == [1] * 12
