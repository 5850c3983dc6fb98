"""Following the timeline: what is indexed, again, after a kill, and what goes away."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Sequence

import pytest

from index.embedder import Vectors
from index.indexer import Indexer
from index.search import Mode
from index.store import open_for_writing
from index.use import UniversalSentenceEncoder
from tests.index.conftest import SearchedStore
from timeline.database import DatabaseError, open_database
from timeline.errors import StoreUnusable
from timeline.keys import Key
from timeline.model import Window
from timeline.reader import Reader
from timeline.writer import Writer


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


def close(searched: SearchedStore) -> None:
    searched.searcher.close()
    searched.store.close()
    searched.store._readers.clear()


def open_again(searched: SearchedStore) -> None:
    searched.store.writer = Writer.open(searched.store.home, searched.store.key)


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
    searched.show("the letter begins with dear", for_s=2)
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


def test_a_replaced_text_is_found_by_none_of_its_own_words(searched: SearchedStore) -> None:
    """What was typed first and is part of another word now leaves the full text too."""
    searched.show("the letter is for Ann", for_s=2)
    assert searched.texts("Ann") == ["the letter is for Ann"]
    searched.show("the letter is for Anneliese Schmidt")
    assert searched.texts("Ann") == []
    assert searched.texts("the letter is for Ann", mode="meaning") == ["the letter is for Anneliese Schmidt"]


@pytest.mark.parametrize("seen_since", [0, 2, 5])
def test_an_index_ahead_of_the_timeline_is_made_again(searched: SearchedStore, seen_since: int) -> None:
    """A timeline restored from a backup counts its changes again: fewer, as many or more than were indexed."""
    fill(searched, 3)
    close(searched)
    backup = searched.store.home.database.read_bytes()
    open_again(searched)
    searched.show("lost one", window=Window("w", "a"))
    searched.show("lost two", window=Window("w", "b"))
    searched.index()
    close(searched)
    searched.store.home.database.write_bytes(backup)
    open_again(searched)
    for number in range(seen_since):
        searched.show(f"new words of number {number}", window=Window("w", f"new {number}"))
    searched.index()
    assert searched.texts("lost") == []
    assert rows(searched, "SELECT count(*) FROM entries") == [(3 + seen_since,)]
    assert rows(searched, "SELECT count(*) FROM texts") == [(3 + seen_since,)]
    assert rows(searched, "SELECT count(*) FROM vectors") == [(3 + seen_since,)]
    assert len(searched.texts("new")) == seen_since
    assert searched.index() == 0


def test_another_model_makes_all_vectors_again(searched: SearchedStore) -> None:
    """Vectors of two models are never compared."""
    fill(searched, 3)
    searched.index()
    other = Counting()
    other.name = "another"
    indexer = Indexer.open(searched.store.home, searched.store.key, lambda: other)
    assert indexer.catch_up(searched.store.reader) == 3
    indexer.close()
    assert rows(searched, "SELECT value FROM state WHERE name = 'vectors'") == [("another",)]


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


def test_a_search_before_that_finds_what_is_still_there(searched: SearchedStore) -> None:
    """Passages that the timeline does not know are no results."""
    fill(searched, 3)
    close(searched)
    backup = searched.store.home.database.read_bytes()
    open_again(searched)
    searched.show("weather that was lost", window=Window("w", "a"))
    searched.index()
    close(searched)
    searched.store.home.database.write_bytes(backup)
    open_again(searched)
    assert len(searched.searcher.search("weather", mode="text")) == 3
    assert len(searched.searcher.search("weather", mode="hybrid")) == 3


def test_an_index_of_a_newer_version_is_refused(searched: SearchedStore) -> None:
    """Neither searched nor written: its tables may mean something else."""
    searched.show("anything")
    searched.index()
    rows(searched, "PRAGMA user_version = 999")
    with pytest.raises(StoreUnusable, match="newer version"):
        searched.searcher.search("anything", mode="text")
    with pytest.raises(StoreUnusable, match="newer version"):
        searched.index()


def damage_pages(searched: SearchedStore) -> None:
    """Alter a byte of every page but the first, which alone is read when the file is opened."""
    path = searched.store.home.index_database
    contents = bytearray(path.read_bytes())
    for place in range(4096 + 100, len(contents), 4096):
        contents[place] ^= 255
    path.write_bytes(contents)


def other_key(searched: SearchedStore) -> None:
    path = searched.store.home.index_database
    path.unlink()
    open_database(path, Key(b"\1" * 32, "file")).close()


def cut(searched: SearchedStore) -> None:
    path = searched.store.home.index_database
    path.write_bytes(path.read_bytes()[:-5000])


def overwrite(searched: SearchedStore) -> None:
    searched.store.home.index_database.write_bytes(b"no database at all" * 999)


DAMAGES = [damage_pages, other_key, cut, overwrite]


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_damaged_index_is_built_anew(
    searched: SearchedStore, damage: Callable[[SearchedStore], None], caplog: pytest.LogCaptureFixture
) -> None:
    """It is derived from the timeline, so the user has nothing to restore; the log tells of it."""
    fill(searched, 3)
    before = searched.search("weather", mode="hybrid")
    searched.searcher.close()
    damage(searched)
    assert searched.index() == 3
    assert "built anew" in caplog.text
    assert searched.searcher.search("weather", mode="hybrid") == before


@pytest.mark.parametrize("damage", DAMAGES)
@pytest.mark.parametrize("mode", ["text", "hybrid"])
def test_a_search_in_a_damaged_index_says_what_to_do(
    searched: SearchedStore, damage: Callable[[SearchedStore], None], mode: Mode
) -> None:
    """The search itself writes nothing."""
    fill(searched, 3)
    searched.index()
    searched.searcher.close()
    damage(searched)
    with pytest.raises(StoreUnusable, match=r"^The index is damaged: run `dayreel work`, which builds it anew\.$"):
        searched.searcher.search("weather", mode=mode)
    searched.index()
    assert len(searched.searcher.search("weather", mode=mode)) == 3


def test_damage_met_while_indexing_is_mended_once(searched: SearchedStore) -> None:
    """A page that went bad after the index was opened."""
    fill(searched, 3)
    searched.index()
    indexer = Indexer.open(searched.store.home, searched.store.key, lambda: searched.encoder)
    damage_pages(searched)
    indexer._db.conn.execute("PRAGMA shrink_memory")  # nothing of it stays in the cache
    searched.show("one more about the weather", window=Window("w", "more"))
    assert indexer.catch_up(searched.store.reader) == 4
    indexer.close()
    assert len(searched.texts("weather")) == 4


def test_an_error_of_the_timeline_leaves_the_index(searched: SearchedStore, monkeypatch: pytest.MonkeyPatch) -> None:
    """Building it anew would not help."""
    fill(searched, 3)
    searched.index()
    before = searched.store.home.index_database.stat().st_ino

    def fail(*_: object) -> None:
        raise DatabaseError("database disk image is malformed")

    monkeypatch.setattr(Reader, "changed_passages", fail)
    with pytest.raises(DatabaseError):
        searched.index()
    assert searched.store.home.index_database.stat().st_ino == before


def test_a_missing_index_is_told(searched: SearchedStore) -> None:
    """Where passages wait to be indexed, finding nothing would be wrong."""
    fill(searched, 1)
    with pytest.raises(StoreUnusable, match=r"^The index is missing: run `dayreel work`"):
        searched.searcher.search("weather")


def test_vectors_of_texts_without_meaning_are_taken_out(searched: SearchedStore) -> None:
    """An index made by an older version is gone through once more."""
    searched.show("INSERT - -")
    searched.show("the weather of tomorrow", window=Window("w", "weather"))
    searched.index()
    rows(searched, "INSERT OR REPLACE INTO vectors (text_id, vector) SELECT 1, vector FROM vectors")
    rows(searched, "DELETE FROM _sqlite_migrations WHERE name = 'm002_fewer_vectors'")
    rows(searched, "PRAGMA user_version = 1")
    assert searched.index() == 2
    assert rows(searched, "SELECT text_id FROM vectors") == [(2,)]


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
