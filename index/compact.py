"""Vectors of length 1 in five bits a number, and back.

Owns the form of the column `vectors.vector`; docs/on-disk-format.md describes it.  A vector's length is known, so no
scale is stored with it: the numbers are whole multiples of an unknown step, and the vector they make is brought to
length 1 when it is read.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from index.embedder import Vectors

# Measured with the default encoder on two chats of 278 questions: recall@1, @5 and @10 of both together are those of
# float16 (55.0, 80.9, 87.1) with five bits and with six, below them with four (55.0, 80.2, 86.7).  Cosines differ by
# 0.0016 (rms).  Twelve vectors of 512 numbers fit a page of the database, three of float16.
BITS = 5
_MOST = 2 ** (BITS - 1) - 1
_NUMBERS = 8  # eight of so many bits fill as many bytes
_NUMBER_SHIFTS = np.arange(_NUMBERS - 1, -1, -1, dtype=np.uint64) * np.uint64(BITS)
_BYTE_SHIFTS = np.arange(BITS - 1, -1, -1, dtype=np.uint64) * np.uint64(8)


def pack_vectors(vectors: Vectors) -> list[bytes]:
    """Return each of the vectors (texts, dimension) as bytes."""
    largest = np.abs(vectors).max(axis=1, keepdims=True, initial=0.0)
    steps = np.rint(vectors / np.where(largest > 0, largest, 1) * _MOST).astype(np.int64) + _MOST
    padded = np.pad(steps, ((0, 0), (0, -vectors.shape[1] % _NUMBERS)))
    groups = padded.astype(np.uint64).reshape(len(vectors), padded.shape[1] // _NUMBERS, _NUMBERS)
    whole = np.bitwise_or.reduce(groups << _NUMBER_SHIFTS, axis=2)
    packed = (whole[..., np.newaxis] >> _BYTE_SHIFTS).astype(np.uint8)  # the low eight bits of each
    return [row.tobytes() for row in packed]


def unpack_vectors(packed: Sequence[bytes], dimension: int) -> Vectors:
    """Return the vectors that pack_vectors made bytes of, each of length 1.

    The same bytes give the same numbers however many are read at once.
    """
    groups = -(-dimension // _NUMBERS)
    octets = np.frombuffer(b"".join(packed), dtype=np.uint8).reshape(len(packed), groups, BITS)
    whole = np.bitwise_or.reduce(octets.astype(np.uint64) << _BYTE_SHIFTS, axis=2)
    numbers = (whole[..., np.newaxis] >> _NUMBER_SHIFTS).astype(np.uint8) & (2**BITS - 1)
    steps = numbers.reshape(len(packed), groups * _NUMBERS)[:, :dimension].astype(np.int8) - np.int8(_MOST)
    squares = np.einsum("ij,ij->i", steps, steps, dtype=np.int64)  # whole numbers: no order of adding matters
    lengths: NDArray[np.float32] = np.sqrt(np.maximum(squares, 1)).astype(np.float32)
    vectors: Vectors = steps.astype(np.float32) / lengths[:, np.newaxis]
    return vectors
