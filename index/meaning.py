"""The vector half of the index: rows of vectors in index.db, and a FAISS index over them as a sealed cache file.

Owns the table `vectors` and the file vectors.index.  The rows are the truth: a file
that is missing, broken, of another store or another model is made again from them, and rows newer than the file are
added in memory.  Ids are those of texts; a removed text may be in the file until it is published again.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray

from index.compact import pack_vectors, unpack_vectors
from index.embedder import Vectors
from index.nearest import Flat, Nearest, Sketches
from timeline.database import Database
from timeline.errors import StoreUnusable
from timeline.home import Home, write_private
from timeline.keys import Key, derive, seal, unseal

FORMAT = 3
PURPOSE = "vectors.index"
LEAST_TAIL = 1000  # rows: so many are read from index.db in 5 ms, so no file is written for fewer
MOST_TAIL = 10_000  # rows: reading them from index.db takes a quarter of a second
MOST_TAIL_SHARE = 0.1  # of the rows in the file: writing rewrites it whole
ROWS_AT_ONCE = 10_000  # read from index.db at a time: 512-dimensional vectors take 80 MB while they are unpacked
LARGEST_FILE_BYTES = 2**30  # AES-GCM seals 2 GiB less a byte at once, and sealing copies the whole in memory
# Vectors that are compared whole: 15 ms and 100 MB.  Of more, sketches find the candidates.
MOST_WHOLE = 100_000
CANDIDATES = 400  # of the sketches, whose vectors are read and compared
FEW = 3_000  # texts that a filter allows, such as those of a day: all of them are read
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
    kind: str
    """How they are kept there: whole or as sketches (index.nearest)."""


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

    def among(self, text_ids: Collection[int]) -> tuple[list[int], Vectors]:
        """Return those of the texts that have a vector, and their vectors."""
        statement = (
            f"SELECT text_id, vector FROM vectors WHERE ? = {_OURS} AND text_id IN (SELECT value FROM json_each(?))"
        )
        rows = self._db.conn.execute(statement, [self.model, json.dumps([*map(int, text_ids)])]).fetchall()
        return [row[0] for row in rows], self._unpacked(row[1] for row in rows)

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
        """Return how many rows there are up to one, by the index of texts: it is a twentieth of the rows."""
        statement = f"SELECT count(*) FROM vectors WHERE +id <= ? AND ? = {_OURS}"
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
        self._index: Nearest = Flat(rows.dimension)

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
            self._index.add(ids, vectors)
            self._newest = newest
            if isinstance(self._index, Flat) and self._index.ids.size > MOST_WHOLE:
                self._index = _sketched(self._index, self._rows.dimension)

    def nearest(
        self, vector: Vectors, limit: int, allowed: Sequence[int] | NDArray[np.int64] | None = None
    ) -> dict[int, float]:
        """Return the texts nearest to a vector (1, dimension), best first: text id -> cosine.

        `allowed` confines the search to these texts, inside it: as many are found as there are; of a large part of a
        large store only what is among the nearest everywhere.
        """
        inside = None if allowed is None else np.asarray(allowed, dtype=np.int64)
        if not self._index.is_rough:
            return self._index.search(vector, limit, inside)
        few = inside is not None and inside.size <= FEW
        candidates = inside.tolist() if few and inside is not None else self._index.search(vector, CANDIDATES, inside)
        return self._compared(vector, candidates, limit)

    def _compared(self, vector: Vectors, candidates: Iterable[int], limit: int) -> dict[int, float]:
        """Return the nearest of some texts by their rows; one that went away has none."""
        ids, vectors = self._rows.among(list(candidates))
        cosines = vectors @ vector[0]
        best = np.argsort(-cosines, kind="stable")[:limit]
        return {ids[place]: float(cosines[place]) for place in best.tolist()}

    def publish(self, *, anyway: bool = False) -> bool:
        """Write the file when enough rows came since it was written, or `anyway`; tell whether it was.

        The new one takes the old one's place by a rename: a reader sees the one or the other whole.  Raises DiskFull;
        the old one stays then.
        """
        tail = self._index.ids.size - self._in_file
        enough = max(LEAST_TAIL, min(MOST_TAIL, MOST_TAIL_SHARE * self._in_file))
        if (tail < enough and not anyway) or self._too_large():
            return False
        self._prune()
        self._write()
        while self._prune():  # texts that were forgotten while the file was written
            self._write()
        return True

    def _write(self) -> None:
        header = _Header(
            FORMAT, self._store, self._rows.model, self._rows.dimension, self._newest, self._index.kind
        )  # fmt: skip
        data = json.dumps(asdict(header)).encode() + b"\n" + self._index.to_bytes()
        write_private(self._home.vectors, seal(self._secret, data))
        self._in_file = self._index.ids.size

    def _too_large(self) -> bool:
        """Tell whether the file would be, and log it the first time: the rows serve, but opening takes longer."""
        number_bytes = 1 / 8 if self._index.is_rough else _CACHED.itemsize
        size_bytes = self._index.ids.size * round(self._rows.dimension * number_bytes + _ID_BYTES)
        if size_bytes <= LARGEST_FILE_BYTES:
            return False
        if not self._told:
            log.warning("the vectors (%d MB) are too large for their cache file: it is not written", size_bytes >> 20)
        self._told = True
        return True

    def _load(self) -> None:
        """Take the file's contents if it is there, whole, and of the rows that are there."""
        try:
            header, index = _read_file(self._home, self._secret)
        except _UNUSABLE:
            return  # made again from the rows
        ours = (FORMAT, self._store, self._rows.model, self._rows.dimension)
        if (header.format, header.store, header.model, header.dimension) == ours:
            self._index, self._newest, self._in_file = index, header.newest, index.ids.size
            if self._in_file != self._rows.count_to(header.newest):
                self._prune()

    def _prune(self) -> bool:
        """Take out the vectors of texts that went away, and tell whether there were any."""
        gone = np.setdiff1d(self._index.ids, self._rows.text_ids())
        if gone.size:
            self._index.remove(gone)
        return bool(gone.size)


def cached_model(home: Home, key: Key) -> tuple[str, int] | None:
    """Return model and dimension of the vectors in the file; None: there is none that could be used."""
    try:
        header, _ = _read_file(home, derive(key, PURPOSE))
    except _UNUSABLE:
        return None
    return header.model, header.dimension


def cached_texts(home: Home, key: Key) -> NDArray[np.int64]:
    """Return the texts whose vectors are in the file.  Raises ValueError when it cannot be opened."""
    try:
        return _read_file(home, derive(key, PURPOSE))[1].ids
    except _UNUSABLE as error:
        raise ValueError("it cannot be opened") from error


_UNUSABLE = (OSError, StoreUnusable, ValueError, KeyError, TypeError, RuntimeError)


def _read_file(home: Home, secret: bytes) -> tuple[_Header, Nearest]:
    first, _, data = unseal(secret, home.vectors.read_bytes()).partition(b"\n")
    header = _Header(**json.loads(first))
    kind = Sketches if header.kind == Sketches.kind else Flat
    return header, kind.of_bytes(header.dimension, data)


def _sketched(flat: Flat, dimension: int) -> Sketches:
    """Return the sketches of all vectors of a flat index."""
    made = Sketches(dimension)
    for ids, vectors in flat.vectors():
        made.add(ids, vectors)
    return made
