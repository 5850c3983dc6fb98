"""The vectors: rows, the cache file over them, and how it mends itself."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from index import meaning
from index.embedder import Vectors
from index.meaning import VectorIndex, VectorRows
from index.store import open_for_writing
from timeline.database import Database
from timeline.errors import DiskFull
from timeline.home import Home
from timeline.keys import Key

KEY = Key(b"\7" * 32, "file")
DIMENSION = 32


def vector(seed: int) -> Vectors:
    """Return a vector of length 1, as (1, dimension)."""
    made = np.random.default_rng(seed).standard_normal((1, DIMENSION)).astype(np.float32)
    return made / np.linalg.norm(made)


class Cache:
    """A home with rows of vectors: text n has vector(n)."""

    def __init__(self, folder: Path) -> None:
        self.home = Home(folder)
        self.home.create()
        self.db: Database = open_for_writing(self.home, KEY)
        self.rows = VectorRows(self.db, "model", DIMENSION)
        self.rows.claim()

    def add(self, *text_ids: int) -> None:
        for text_id in text_ids:
            self.db.conn.execute("INSERT INTO texts VALUES (?, ?)", [text_id, bytes([text_id])])
        self.rows.put({text_id: vector(text_id)[0] for text_id in text_ids})

    def remove(self, text_id: int) -> None:
        self.db.conn.execute("DELETE FROM texts WHERE id = ?", [text_id])

    def open(self, rows: VectorRows | None = None, store: str = "store") -> VectorIndex:
        return VectorIndex.open(self.home, KEY, rows or self.rows, store)


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Cache]:
    """Ten vectors, published; each new one is worth a new file."""
    monkeypatch.setattr(meaning, "LEAST_TAIL", 1)
    made = Cache(tmp_path / "home")
    made.add(*range(1, 11))
    made.open().publish()
    yield made
    made.db.close()


def first(index: VectorIndex, text_id: int) -> int:
    return next(iter(index.nearest(vector(text_id), 1)))


def test_the_nearest_is_the_text_itself(cache: Cache) -> None:
    """Its cosine is 1 but for the rounding to 5 bits."""
    found = cache.open().nearest(vector(4), 3)
    assert next(iter(found)) == 4
    assert found[4] == pytest.approx(1.0, abs=5e-3)


def test_a_search_is_confined_inside(cache: Cache) -> None:
    """Of the allowed texts as many are found as were asked for, others never."""
    assert set(cache.open().nearest(vector(4), 3, allowed=[1, 2, 9])) == {1, 2, 9}
    assert cache.open().nearest(vector(4), 3, allowed=[]) == {}


def test_allowed_texts_without_a_vector_are_no_results(cache: Cache) -> None:
    """Nothing is made up to fill the list."""
    assert set(cache.open().nearest(vector(4), 5, allowed=[3, 99])) == {3}


def test_newer_rows_are_added_to_the_file_in_memory(cache: Cache) -> None:
    """A reader finds what was indexed after the file was written, and after it was opened."""
    cache.add(11)
    index = cache.open()
    assert first(index, 11) == 11
    cache.add(12)
    index.refresh()
    assert first(index, 12) == 12


def test_rows_of_a_removed_text_leave_a_published_file(cache: Cache) -> None:
    """They are not found, and gone from the file when it is written again."""
    cache.remove(4)
    cache.add(11, 12)
    index = cache.open()
    assert 4 not in index.nearest(vector(4), 10)
    before = cache.home.vectors.read_bytes()
    assert index.publish()
    assert cache.home.vectors.read_bytes() != before
    assert len(cache.open().nearest(vector(4), 100)) == 11


@pytest.mark.parametrize("damage", ["missing", "empty", "cut", "altered", "not ours"])
def test_a_broken_file_is_made_again(cache: Cache, damage: str) -> None:
    """The rows are the truth."""
    path = cache.home.vectors
    whole = path.read_bytes()
    contents = {"empty": b"", "cut": whole[:-9], "altered": whole[:99] + b"?" + whole[100:], "not ours": b"PNG" * 99}
    if damage == "missing":
        path.unlink()
    else:
        path.write_bytes(contents[damage])
    assert len(cache.open().nearest(vector(4), 100)) == 10


def test_a_file_of_another_store_is_not_used(cache: Cache) -> None:
    """Ids of another index.db mean other texts."""
    cache.db.conn.execute("DELETE FROM texts WHERE id > 5")
    assert set(cache.open(store="another").nearest(vector(4), 100)) == {1, 2, 3, 4, 5}


def test_a_file_of_another_model_is_not_used(cache: Cache) -> None:
    """Vectors of two models are never compared."""
    assert cache.open(VectorRows(cache.db, "another", DIMENSION)).nearest(vector(4), 10) == {}


def test_a_small_tail_writes_no_file(cache: Cache, monkeypatch: pytest.MonkeyPatch) -> None:
    """Writing rewrites the whole file, so it waits for a thousand rows."""
    monkeypatch.setattr(meaning, "LEAST_TAIL", 1000)
    before = cache.home.vectors.read_bytes()
    cache.add(11)
    assert not cache.open().publish()
    assert cache.home.vectors.read_bytes() == before


def test_a_full_disk_leaves_the_old_file(cache: Cache, monkeypatch: pytest.MonkeyPatch) -> None:
    """DiskFull; the old file serves, the rest comes from the rows, and nothing half-written stays."""
    before = cache.home.vectors.read_bytes()
    cache.add(11, 12)

    def full(_descriptor: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(DiskFull):
        cache.open().publish()
    assert cache.home.vectors.read_bytes() == before
    assert list(cache.home.root.glob("*.new")) == []
    assert len(cache.open().nearest(vector(4), 100)) == 12


def test_vectors_too_many_to_seal_stay_in_their_table(
    cache: Cache, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """No file is written, which is logged once; all are found."""
    monkeypatch.setattr(meaning, "LARGEST_FILE_BYTES", 12 * (DIMENSION * 2 + 8) - 1)
    before = cache.home.vectors.read_bytes()
    cache.add(11, 12)
    index = cache.open()
    assert not index.publish()
    assert not index.publish()
    assert len(caplog.records) == 1
    assert cache.home.vectors.read_bytes() == before
    assert first(cache.open(), 12) == 12


def test_the_file_is_sealed_and_private(cache: Cache) -> None:
    """Neither its header nor its vectors can be read without the key."""
    assert b"model" not in cache.home.vectors.read_bytes()
    assert cache.home.vectors.stat().st_mode & 0o777 == 0o600
    assert list(cache.home.root.glob("*.new")) == []
