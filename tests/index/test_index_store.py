"""The file index.db: what an older version left is taken over, and what became free is given back."""

from __future__ import annotations

import numpy as np
import pytest

from index import store
from index.indexer import Indexer
from index.meaning import VectorRows
from index.use import UniversalSentenceEncoder
from tests.index.conftest import SearchedStore
from timeline.database import Database, Migrations, migrate, open_database
from timeline.model import Window

TEXTS = ("the weather of tomorrow", "an invoice that was never paid", "how to bake bread at home", "deploy log")


def second_version(searched: SearchedStore, *, with_vectors: bool) -> None:
    """Turn the index into what the version before wrote: float16 vectors, each with its model's name."""
    home, key = searched.store.home, searched.store.key
    now = store.open_for_writing(home, key)
    [changed] = now.conn.execute("SELECT value FROM state WHERE name = 'changed'").fetchone()
    texts = now.conn.execute("SELECT id, text_hash FROM texts").fetchall()
    entries = now.conn.execute("SELECT passage_id, text_id FROM entries").fetchall()
    vectors = VectorRows(now, searched.encoder.name, searched.encoder.dimension).among([one for one, _ in texts])
    now.close()
    store.discard(home)
    old = open_database(home.index_database, key)
    second = Migrations("index")
    second()(store.m001_first_tables)
    second()(store.m002_fewer_vectors)
    migrate(old, second, home.index_database)
    old.conn.executemany("INSERT INTO texts VALUES (?, ?)", texts)
    old.conn.executemany("INSERT INTO entries VALUES (?, ?)", entries)
    old.conn.executemany("UPDATE state SET value = ? WHERE name = ?", [(changed, "changed"), (encoder_name(), "model")])
    if with_vectors:
        old.conn.executemany(
            "INSERT INTO vectors (id, text_id, model, vector) VALUES (?, ?, ?, ?)",
            [
                (70 + one, one, encoder_name(), vector.astype("<f2").tobytes())
                for one, vector in zip(*vectors, strict=True)
            ],
        )
    old.close()


def encoder_name() -> str:
    return UniversalSentenceEncoder.name


def fill(searched: SearchedStore) -> None:
    for text in TEXTS:
        searched.show(text, window=Window("w", text))
    searched.index()


def opened(searched: SearchedStore) -> Database:
    return store.open_for_writing(searched.store.home, searched.store.key)


def test_vectors_of_the_second_version_are_converted(searched: SearchedStore) -> None:
    """None is made again: each text keeps its row and what it means."""
    fill(searched)
    before = searched.encoder.embed(list(TEXTS[:3]))
    second_version(searched, with_vectors=True)
    db = opened(searched)
    assert db.conn.execute("SELECT id, text_id, length(vector) FROM vectors").fetchall() == [
        (71, 1, 320), (72, 2, 320), (73, 3, 320),
    ]  # fmt: skip
    ids, found = VectorRows(db, encoder_name(), 512).among([1, 2, 3])
    assert ids == [1, 2, 3]
    assert [float(np.dot(found[one], before[one])) for one in range(3)] == pytest.approx([1.0] * 3, abs=5e-3)
    db.close()
    assert searched.texts("what will the weather be like", mode="meaning")[0] == TEXTS[0]


@pytest.mark.parametrize("with_vectors", [True, False])
def test_an_index_of_the_second_version_goes_on(searched: SearchedStore, with_vectors: bool) -> None:
    """What is shown later has its vector beside the old ones, also where there were none yet; all is gone through."""
    fill(searched)
    second_version(searched, with_vectors=with_vectors)
    searched.show("the train to the mountains", window=Window("w", "train"))
    assert searched.index() == 5
    assert searched.texts("railway to the hills", mode="meaning")[0] == "the train to the mountains"


def test_what_became_free_is_given_back(searched: SearchedStore) -> None:
    """No page stays empty when an indexer has ended."""
    indexer = Indexer.open(searched.store.home, searched.store.key, lambda: searched.encoder)
    for number in range(40):
        searched.show(f"passage {number} tells of the weather of many days", window=Window("w", str(number)))
        indexer.catch_up(searched.store.reader)
    indexer.close()
    db = opened(searched)
    assert db.conn.execute("PRAGMA freelist_count").fetchone()[0] == 0
    db.close()


def test_the_pieces_of_the_full_text_are_merged(searched: SearchedStore) -> None:
    """A batch writes one; in the end there are few."""
    indexer = Indexer.open(searched.store.home, searched.store.key, None)
    for number in range(12):
        searched.show(f"passage {number} tells of the weather", window=Window("w", str(number)))
        indexer.catch_up(searched.store.reader)
    indexer.close()
    db = opened(searched)
    [pieces] = db.conn.execute("SELECT count(DISTINCT segid) FROM passages_text_idx").fetchone()
    assert pieces <= 4
    db.close()
    assert len(searched.texts("weather", limit=20)) == 12


def test_full_text_of_the_third_version_is_written_anew(searched: SearchedStore) -> None:
    """Traditional characters were tokens of their own: simplified ones find them too after the step."""
    searched.show("預算報告已經完成", window=Window("w", "report"))
    searched.index()
    db = opened(searched)
    db.conn.execute("DELETE FROM passages_text")
    db.conn.execute("INSERT INTO passages_text (rowid, body) VALUES (1, '預算 算報 報告 告已 已經 經完 完成 成')")
    db.conn.execute("DELETE FROM _sqlite_migrations WHERE name = 'm004_simplified'")
    db.conn.execute("PRAGMA user_version = 3")
    db.close()
    searched.show("说明书", window=Window("w", "manual"))
    assert searched.texts("预算报告") == ["預算報告已經完成"]
