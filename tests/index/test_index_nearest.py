"""Vectors in memory: sketches find what comparing all finds, and lose what is removed."""

from __future__ import annotations

import numpy as np
import pytest

from index import meaning
from index.embedder import Vectors
from index.nearest import Flat, Nearest, Sketches
from tests.index.test_index_meaning import KEY, Cache, vector

DIMENSION = 48


def made(count: int, dimension: int = DIMENSION) -> Vectors:
    """Return vectors of length 1."""
    vectors = np.random.default_rng(3).standard_normal((count, dimension)).astype(np.float32)
    return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


@pytest.fixture(params=[Flat, Sketches])
def nearest(request: pytest.FixtureRequest) -> Nearest:
    """A hundred vectors with the ids 100 to 199."""
    index: Nearest = request.param(DIMENSION)
    index.add(np.arange(100, 160), made(100)[:60])
    index.add(np.arange(160, 200), made(100)[60:])
    return index


def test_a_vector_is_nearest_to_itself(nearest: Nearest) -> None:
    """Whatever came first."""
    assert next(iter(nearest.search(made(100)[77:78], 5, None))) == 177


def test_what_is_allowed_is_found_among_the_rest(nearest: Nearest) -> None:
    """As many as there are."""
    assert set(nearest.search(made(100)[:1], 5, np.array([130, 131, 7]))) == {130, 131}


def test_what_is_removed_is_gone_and_nothing_else(nearest: Nearest) -> None:
    """Those behind keep their ids."""
    nearest.remove(np.array([100, 130]))
    assert 130 not in nearest.search(made(100)[30:31], 98, None)
    assert next(iter(nearest.search(made(100)[77:78], 1, None))) == 177
    assert nearest.ids.size == 98


def test_bytes_make_the_same(nearest: Nearest) -> None:
    """What is written to the disk comes back."""
    again = type(nearest).of_bytes(DIMENSION, nearest.to_bytes())  # type: ignore[attr-defined]  # both have it
    asked = made(100)[5:6]
    assert again.search(asked, 9, None) == nearest.search(asked, 9, None)


def test_any_dimension_has_sketches() -> None:
    """Models give 384 numbers, or any other."""
    index = Sketches(33)
    index.add(np.arange(9), made(9, 33))
    assert next(iter(index.search(made(9, 33)[4:5], 1, None))) == 4


@pytest.fixture
def many(tmp_path, monkeypatch):  # type: ignore[no-untyped-def]  # as the fixture that it is made of
    """Thirty vectors where more than ten are kept as sketches."""
    monkeypatch.setattr(meaning, "LEAST_TAIL", 1)
    monkeypatch.setattr(meaning, "MOST_WHOLE", 10)
    cache = Cache(tmp_path / "home")
    cache.add(*range(1, 31))
    yield cache
    cache.db.close()


def test_many_vectors_become_sketches_with_true_cosines(many: Cache) -> None:
    """The candidates are compared by their rows."""
    index = many.open()
    assert isinstance(index._index, Sketches)
    found = index.nearest(vector(12), 3)
    assert next(iter(found)) == 12
    assert found[12] == pytest.approx(1.0, abs=0.01)
    assert set(index.nearest(vector(12), 3, [4, 5])) == {4, 5}


def test_sketches_are_kept_in_the_file(many: Cache) -> None:
    """And rows that came since are added to them; a text that went away is found no more."""
    assert many.open().publish()
    many.add(40)
    index = many.open()
    assert next(iter(index.nearest(vector(40), 1))) == 40
    many.remove(7)
    assert 7 not in index.nearest(vector(7), 30)
    assert many.open().publish(anyway=True)
    assert 7 not in meaning.cached_texts(many.home, KEY)
