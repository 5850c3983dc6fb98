"""The vector half of the index: rows of vectors in index.db, and a FAISS index over them as a sealed cache file.

The only file that imports faiss.  Owns the table `vectors` and the file vectors.index.  The rows are the truth: a file
that is missing, broken, of another store or another model is made again from them, and rows newer than the file are
added in memory.  Ids are those of texts; a removed text may be in the file until it is published again.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from index.compact import pack_vectors, unpack_vectors
from index.embedder import Vectors
from timeline.database import Database
from timeline.errors import StoreUnusable
from timeline.home import Home, write_private
from timeline.keys import Key, derive, seal, unseal

FORMAT = 2
PURPOSE = "vectors.index"
LEAST_TAIL = 1000  # rows: so many are read from index.db in 5 ms, so no file is written for fewer
MOST_TAIL_SHARE = 0.1  # of the rows in the file: writing rewrites it whole
ROWS_AT_ONCE = 10_000  # read from index.db at a time: 512-dimensional vectors take 80 MB while they are unpacked
LARGEST_FILE_BYTES = 2**30  # AES-GCM seals 2 GiB less a byte at once, and sealing copies the whole in memory
_CACHED = np.dtype("<f2")  # a number of a vector in the file
_ID_BYTES = 8  # of a text, beside its vector
_OURS = "(SELECT value FROM state WHERE name = 'vectors')"  # the model whose vectors there are: of one at a time

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class _Header:
    """What a cache file was made of; anything else than expected and it is made again."""

    format: int
    store: str
    model: str
    dimension: int
    newest: int
    """The highest row id of `vectors` that is in it."""


class VectorRows:
    """The vectors of one model on a connection to index.db."""

    def __init__(self, db: Database, model: str, dimension: int) -> None:
        self._db = db
        self.model = model
        self.dimension = dimension

    def put(self, vectors: Mapping[int, NDArray[np.float32]]) -> None:
        """Store the vectors of texts, by text id."""
        if not vectors:
            return
        packed = pack_vectors(np.stack(list(vectors.values())))
        self._db.conn.executemany(
            "INSERT OR IGNORE INTO vectors (text_id, vector) VALUES (?, ?)", zip(vectors, packed, strict=True)
        )

    def claim(self) -> None:
        """Make the table this model's, inside the caller's transaction; vectors of another go."""
        self._db.conn.execute(f"DELETE FROM vectors WHERE ? != {_OURS}", [self.model])
        self._db.conn.execute("UPDATE state SET value = ? WHERE name = 'vectors'", [self.model])

    def drop(self, text_ids: Collection[int]) -> None:
        """Take out the vectors of texts that an older version found worth one."""
        self._db.conn.executemany("DELETE FROM vectors WHERE text_id = ?", [(one,) for one in text_ids])

    def among(self, text_ids: Collection[int]) -> dict[int, NDArray[np.float32]]:
        """Return the vectors of those of the texts that have one."""
        marks = ",".join("?" * len(text_ids))
        statement = f"SELECT text_id, vector FROM vectors WHERE ? = {_OURS} AND text_id IN ({marks})"
        rows = self._db.conn.execute(statement, [self.model, *text_ids]).fetchall()
        return dict(zip((row[0] for row in rows), self._unpacked(row[1] for row in rows), strict=True))

    def after(self, row_id: int) -> tuple[int, NDArray[np.int64], Vectors]:
        """Return the next rows after one: the id of their last row, their text ids and their vectors."""
        rows = self._db.conn.execute(
            f"SELECT id, text_id, vector FROM vectors WHERE id > ? AND ? = {_OURS} ORDER BY id LIMIT ?",
            [row_id, self.model, ROWS_AT_ONCE],
        ).fetchall()
        ids = np.array([row[1] for row in rows], dtype=np.int64)
        return (int(rows[-1][0]) if rows else row_id), ids, self._unpacked(row[2] for row in rows)

    def text_ids(self) -> NDArray[np.int64]:
        """Return the texts that have a vector."""
        rows = self._db.conn.execute(f"SELECT text_id FROM vectors WHERE ? = {_OURS}", [self.model])
        return np.fromiter((row[0] for row in rows), dtype=np.int64)

    def count_to(self, row_id: int) -> int:
        """Return how many rows there are up to one."""
        statement = f"SELECT count(*) FROM vectors WHERE id <= ? AND ? = {_OURS}"
        return int(self._db.conn.execute(statement, [row_id, self.model]).fetchone()[0])

    def _unpacked(self, packed: Iterable[bytes]) -> Vectors:
        return unpack_vectors(list(packed), self.dimension)


class VectorIndex:
    """Finds the nearest vectors.  One thread at a time."""

    def __init__(self, home: Home, key: Key, rows: VectorRows, store: str) -> None:
        self._home, self._secret, self._rows, self._store = home, derive(key, PURPOSE), rows, store
        self._newest = 0
        self._in_file = 0
        self._told = False
        self._index: Any = _empty(rows.dimension)

    @classmethod
    def open(cls, home: Home, key: Key, rows: VectorRows, store: str) -> Self:
        """Return the index of all rows: from the file as far as it serves, the rest from the rows."""
        index = cls(home, key, rows, store)
        index._load()
        index.refresh()
        return index

    def refresh(self) -> None:
        """Add the rows that came since."""
        while True:
            newest, ids, vectors = self._rows.after(self._newest)
            if not ids.size:
                return
            self._index.add_with_ids(vectors, ids)
            self._newest = newest

    def nearest(self, vector: Vectors, limit: int, allowed: Sequence[int] | None = None) -> dict[int, float]:
        """Return the texts nearest to a vector (1, dimension), best first: text id -> cosine.

        `allowed` confines the search to these texts, inside it: as many are found as there are.
        """
        import faiss

        limit = min(limit, self._index.ntotal if allowed is None else len(allowed))
        if not limit:
            return {}
        selector = None if allowed is None else faiss.IDSelectorBatch(np.array(allowed, dtype=np.int64))
        parameters = None if selector is None else faiss.SearchParameters(sel=selector)  # type: ignore[call-arg]  # SWIG takes any field
        cosines, ids = self._index.search(vector, limit, params=parameters)
        pairs = zip(ids[0].tolist(), cosines[0].tolist(), strict=True)
        return {text_id: cosine for text_id, cosine in pairs if text_id >= 0}

    def publish(self, *, anyway: bool = False) -> bool:
        """Write the file when enough rows came since it was written, or `anyway`; tell whether it was.

        The new one takes the old one's place by a rename: a reader sees the one or the other whole.  Raises DiskFull;
        the old one stays then.
        """
        tail = self._index.ntotal - self._in_file
        if (tail < max(LEAST_TAIL, MOST_TAIL_SHARE * self._in_file) and not anyway) or self._too_large():
            return False
        self._prune()
        self._write()
        while self._prune():  # texts that were forgotten while the file was written
            self._write()
        return True

    def _write(self) -> None:
        import faiss

        header = _Header(FORMAT, self._store, self._rows.model, self._rows.dimension, self._newest)
        data = json.dumps(asdict(header)).encode() + b"\n" + faiss.serialize_index(self._index).tobytes()
        write_private(self._home.vectors, seal(self._secret, data))
        self._in_file = self._index.ntotal

    def _too_large(self) -> bool:
        """Tell whether the file would be, and log it the first time: the rows serve, but opening takes longer."""
        size_bytes = self._index.ntotal * (self._rows.dimension * _CACHED.itemsize + _ID_BYTES)
        if size_bytes <= LARGEST_FILE_BYTES:
            return False
        if not self._told:
            log.warning("the vectors (%d MB) are too large for their cache file: it is not written", size_bytes >> 20)
        self._told = True
        return True

    def _load(self) -> None:
        """Take the file's contents if it is there, whole, and of the rows that are there."""
        import faiss

        try:
            first, _, data = unseal(self._secret, self._home.vectors.read_bytes()).partition(b"\n")
            header = _Header(**json.loads(first))
            index = faiss.deserialize_index(np.frombuffer(data, dtype=np.uint8))
        except (OSError, StoreUnusable, ValueError, TypeError, RuntimeError):
            return  # made again from the rows
        if header == _Header(FORMAT, self._store, self._rows.model, self._rows.dimension, header.newest):
            self._index, self._newest, self._in_file = index, header.newest, index.ntotal
            if index.ntotal != self._rows.count_to(header.newest):
                self._prune()

    def _prune(self) -> bool:
        """Take out the vectors of texts that went away, and tell whether there were any."""
        import faiss

        gone = np.setdiff1d(faiss.vector_to_array(self._index.id_map), self._rows.text_ids())
        if gone.size:
            self._index.remove_ids(faiss.IDSelectorBatch(gone))
        return bool(gone.size)


def _empty(dimension: int) -> Any:
    """Return an index of float16, finer than the rows: the same however often it is made again from them."""
    import faiss

    faiss.omp_set_num_threads(1)  # two threads of 2 cores cost twice the CPU for the same answer
    flat = faiss.IndexScalarQuantizer(dimension, faiss.ScalarQuantizer.QT_fp16, faiss.METRIC_INNER_PRODUCT)
    return faiss.IndexIDMap2(flat)
