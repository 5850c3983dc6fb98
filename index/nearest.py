"""Vectors in memory, to find the nearest: whole while they are few, as sketches when they are many.

The only file that imports faiss.  `index.meaning` fills these from its rows and keeps them on the disk.

    Flat      float16, every vector compared: the same answer as comparing all, 1 KB a vector of 512 numbers
    Sketches  the sign of each number, 64 bytes a vector of 512, compared with the whole vector that is asked for: what
              comes near is a candidate, and its cosine is that of its row in index.db.  All are compared, 4 ms a
              million (fast scan: Andre, Kermarrec and Le Scouarnec, 2015): there is nothing to train, and what is added
              or removed counts at once
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Protocol, Self

import numpy as np
from numpy.typing import NDArray

from index.embedder import Vectors

Ids = NDArray[np.int64]
MOST_UNCONFINED = 40_000  # candidates from everywhere, of which those are kept that a filter allows
_AT_ONCE = 10_000  # vectors: 20 MB of 512 dimensions
_NUMBERS_A_CODE = 4
_BLOCK_NUMBERS = 32  # a vector is filled up to a multiple of so many numbers, which count for nothing


class Nearest(Protocol):
    """Vectors by the ids of their texts."""

    kind: str
    is_rough: bool
    """Whether what it finds is to be compared again, by the vectors themselves."""

    @property
    def ids(self) -> Ids: ...

    def add(self, ids: Ids, vectors: Vectors) -> None: ...

    def remove(self, ids: Ids) -> None: ...

    def search(self, vector: Vectors, limit: int, allowed: Ids | None) -> dict[int, float]:
        """Return the ids nearest to a vector (1, dimension), best first, each with its cosine or what stands for it."""

    def to_bytes(self) -> bytes: ...


class Flat:
    """All vectors as float16, finer than the rows: the same however often it is made again from them."""

    kind, is_rough = "flat", False

    def __init__(self, dimension: int, index: Any = None) -> None:
        import faiss

        faiss.omp_set_num_threads(1)  # two threads of 2 cores cost twice the CPU for the same answer
        kind = faiss.ScalarQuantizer.QT_fp16
        self._index = index or faiss.IndexIDMap2(
            faiss.IndexScalarQuantizer(dimension, kind, faiss.METRIC_INNER_PRODUCT)
        )

    @classmethod
    def of_bytes(cls, dimension: int, data: bytes) -> Self:
        """Return what `to_bytes` made bytes of.  Raises RuntimeError when that cannot be."""
        import faiss

        return cls(dimension, faiss.deserialize_index(np.frombuffer(data, dtype=np.uint8)))

    @property
    def ids(self) -> Ids:
        import faiss

        held: Ids = faiss.vector_to_array(self._index.id_map)
        return held

    def add(self, ids: Ids, vectors: Vectors) -> None:
        self._index.add_with_ids(vectors, ids)

    def remove(self, ids: Ids) -> None:
        import faiss

        self._index.remove_ids(faiss.IDSelectorBatch(ids))

    def search(self, vector: Vectors, limit: int, allowed: Ids | None) -> dict[int, float]:
        import faiss

        limit = min(limit, self._index.ntotal if allowed is None else len(allowed))
        if not limit:
            return {}
        selector = None if allowed is None else faiss.IDSelectorBatch(allowed)
        parameters = None if selector is None else faiss.SearchParameters(sel=selector)  # type: ignore[call-arg]  # SWIG takes any field
        cosines, ids = self._index.search(vector, limit, params=parameters)
        pairs = zip(ids[0].tolist(), cosines[0].tolist(), strict=True)
        return {text_id: cosine for text_id, cosine in pairs if text_id >= 0}

    def vectors(self) -> Iterator[tuple[Ids, Vectors]]:
        """Yield all ids with their vectors, some at a time."""
        ids = self.ids
        for start in range(0, ids.size, _AT_ONCE):
            some = ids[start : start + _AT_ONCE]
            yield some, self._index.index.reconstruct_n(start, some.size)

    def to_bytes(self) -> bytes:
        import faiss

        data: bytes = faiss.serialize_index(self._index).tobytes()
        return data


class Sketches:
    """The signs of all vectors; what is found is a candidate, and its cosine an estimate."""

    kind, is_rough = "sketches", True

    def __init__(self, dimension: int, index: Any = None, ids: Ids | None = None) -> None:
        import faiss

        faiss.omp_set_num_threads(1)
        self._padding = -dimension % _BLOCK_NUMBERS
        self._index = index or _empty_sketches(dimension + self._padding)
        self._ids: Ids = np.empty(0, dtype=np.int64) if ids is None else ids

    @classmethod
    def of_bytes(cls, dimension: int, data: bytes) -> Self:
        """Return what `to_bytes` made bytes of.  Raises RuntimeError or ValueError when that cannot be."""
        import faiss

        [count] = np.frombuffer(data, dtype=np.int64, count=1)
        ids: Ids = np.frombuffer(data, dtype=np.int64, count=int(count), offset=8).copy()
        return cls(dimension, faiss.deserialize_index(np.frombuffer(data, np.uint8, offset=8 + ids.nbytes)), ids)

    @property
    def ids(self) -> Ids:
        return self._ids

    def add(self, ids: Ids, vectors: Vectors) -> None:
        self._index.add(self._padded(vectors))
        self._ids = np.concatenate([self._ids, ids])

    def remove(self, ids: Ids) -> None:
        import faiss

        gone = np.flatnonzero(np.isin(self._ids, ids))
        self._index.remove_ids(faiss.IDSelectorBatch(gone))  # those behind move up
        self._ids = np.delete(self._ids, gone)

    def search(self, vector: Vectors, limit: int, allowed: Ids | None) -> dict[int, float]:
        if not self._ids.size:
            return {}
        most = limit if allowed is None else self._ids.size * limit // max(1, allowed.size)
        most = min(self._ids.size, max(limit, min(2 * most, MOST_UNCONFINED)))
        products, places = self._index.search(self._padded(vector), most)
        ids, estimates = self._ids[places[0]], products[0] / self._longest()
        if allowed is not None:
            inside = np.isin(ids, allowed)
            ids, estimates = ids[inside][:limit], estimates[inside][:limit]
        return dict(zip(ids.tolist(), estimates.tolist(), strict=True))

    def to_bytes(self) -> bytes:
        import faiss

        count = np.array([self._ids.size], dtype=np.int64)
        return count.tobytes() + self._ids.tobytes() + bytes(faiss.serialize_index(self._index).tobytes())

    def _padded(self, vectors: Vectors) -> Vectors:
        return np.ascontiguousarray(np.pad(vectors, ((0, 0), (0, self._padding))))

    def _longest(self) -> float:
        """Return the length of a vector of signs: what its product is divided by to stand for a cosine."""
        return float(np.sqrt(self._index.d))


def _empty_sketches(dimension: int) -> Any:
    """Return an index of product quantisation whose centroids are signs: nothing is trained, numbers four at a time."""
    import faiss

    blocks = dimension // _NUMBERS_A_CODE
    index = faiss.IndexPQFastScan(dimension, blocks, _NUMBERS_A_CODE, faiss.METRIC_INNER_PRODUCT)
    octets = np.arange(2**_NUMBERS_A_CODE, dtype=np.uint8)[:, np.newaxis]
    signs = np.unpackbits(octets, axis=1, bitorder="little")[:, :_NUMBERS_A_CODE].astype(np.float32) * 2 - 1
    faiss.copy_array_to_vector(np.tile(signs, (blocks, 1)).ravel(), index.pq.centroids)
    index.is_trained = True
    return index
