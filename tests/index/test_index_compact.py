"""Vectors in five bits a number."""

from __future__ import annotations

import numpy as np
import pytest

from index.compact import pack_vectors, unpack_vectors
from index.embedder import Vectors


def some(count: int, dimension: int) -> Vectors:
    made = np.random.default_rng(dimension).standard_normal((count, dimension)).astype(np.float32)
    return made / np.linalg.norm(made, axis=1, keepdims=True)


@pytest.mark.parametrize(("dimension", "size_bytes"), [(512, 320), (384, 240), (30, 20), (1, 5)])
def test_eight_numbers_take_five_bytes(dimension: int, size_bytes: int) -> None:
    """A dimension that is no multiple of eight is filled up."""
    packed = pack_vectors(some(3, dimension))
    assert [len(one) for one in packed] == [size_bytes] * 3
    assert unpack_vectors(packed, dimension).shape == (3, dimension)


def test_cosines_stay() -> None:
    """To a hundredth or two, in the worst of forty thousand."""
    vectors = some(200, 512)
    back = unpack_vectors(pack_vectors(vectors), 512)
    assert np.abs(vectors @ back.T - vectors @ vectors.T).max() < 0.02


def test_vectors_come_back_with_length_1() -> None:
    """Which is why no scale is stored."""
    back = unpack_vectors(pack_vectors(some(50, 512)), 512)
    assert np.linalg.norm(back, axis=1) == pytest.approx(1.0, abs=1e-6)


def test_a_vector_packed_again_is_the_same() -> None:
    """Nothing is lost by bringing a store from one form to the other and back."""
    packed = pack_vectors(some(50, 512))
    assert pack_vectors(unpack_vectors(packed, 512)) == packed


def test_a_vector_does_not_depend_on_its_neighbours() -> None:
    """Bit for bit the same, alone or among others: the cache file is the same however often it is made."""
    packed = pack_vectors(some(50, 512))
    together = unpack_vectors(packed, 512)
    assert [unpack_vectors([one], 512)[0].tobytes() for one in packed] == [one.tobytes() for one in together]


def test_no_vectors_are_none() -> None:
    """An empty batch has its dimension."""
    assert pack_vectors(np.empty((0, 8), dtype=np.float32)) == []
    assert unpack_vectors([], 8).shape == (0, 8)


def test_a_vector_of_zeros_stays_one() -> None:
    """A model may give it for a text of which it knows no word."""
    assert not unpack_vectors(pack_vectors(np.zeros((1, 8), dtype=np.float32)), 8).any()
