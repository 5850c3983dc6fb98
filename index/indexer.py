"""Follows the timeline: whatever passages changed go into the full text and, by their text, into the vectors.

The worker runs it after each batch of readings.  Never writes the timeline.  Each batch is one transaction that also
says how far the timeline was followed, so a kill loses at most the batch that was being computed.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import date
from typing import Self

import numpy as np
from numpy.typing import NDArray

from index.embedder import Embedder, has_meaning
from index.lexical import Lexical
from index.meaning import VectorIndex, VectorRows
from index.store import open_for_writing
from index.texts import Texts
from index.tokens import flowing
from timeline.database import Database, transaction
from timeline.home import Home
from timeline.keys import Key
from timeline.model import Passage
from timeline.reader import Reader


class Indexer:
    """Writes the index of one home."""

    def __init__(self, home: Home, key: Key, db: Database, embedder: Embedder | None) -> None:
        self._home, self._db = home, db
        self._lexical, self._texts = Lexical(db), Texts(db)
        self._vectors = None if embedder is None else _Vectors(home, key, db, self._texts, embedder)

    @classmethod
    def open(cls, home: Home, key: Key, embedder_factory: Callable[[], Embedder] | None) -> Self:
        """Return the indexer of a home; None makes no vectors, another model than last time makes all of them again.

        Raises StoreUnusable when index.db is not ours or is newer than this program.
        """
        embedder = None if embedder_factory is None else embedder_factory()
        indexer = cls(home, key, open_for_writing(home, key), embedder)
        indexer._choose_model("" if embedder is None else embedder.name)
        return indexer

    def close(self) -> None:
        """Close the connection."""
        self._db.close()

    def catch_up(self, reader: Reader, batch: int = 64, limit: int | None = None) -> int:
        """Index the passages that changed since the last time, `limit` at most; return how many there were."""
        count = 0
        while limit is None or count < limit:
            size = batch if limit is None else min(batch, limit - count)
            passages = reader.changed_passages(int(self._texts.state("changed")), size)
            if not passages:
                break
            self._index(passages, _days(reader, passages))
            count += len(passages)
        if count and self._vectors is not None:
            self._vectors.publish()
        return count

    def forget(self, passage_ids: Collection[int]) -> None:
        """Take passages out of the index for good, with the vectors of texts that no other passage has."""
        with transaction(self._db):
            texts = self._texts.of(passage_ids)
            self._lexical.remove(passage_ids)
            self._texts.remove(passage_ids)
            self._texts.drop_unused(texts)
        self._lexical.purge()
        if self._vectors is None:
            self._home.vectors.unlink(missing_ok=True)
        else:
            self._vectors.publish(always=True)

    def _index(self, passages: Sequence[Passage], days: Mapping[int, date]) -> None:
        """Index one batch; the model works before the transaction begins, so that it stays short."""
        vectors = {} if self._vectors is None else self._vectors.embed_new(passages)
        with transaction(self._db):
            replaced = self._texts.of([one.id for one in passages])
            texts = self._texts.put({one.id: one.text_hash for one in passages})
            for one in passages:
                self._lexical.put(one.id, one.text, one.window, days[one.id])
            if self._vectors is not None:
                self._vectors.rows.put({texts[digest]: vector for digest, vector in vectors.items()})
            self._texts.drop_unused(replaced)
            self._texts.set_state("changed", passages[-1].changed)

    def _choose_model(self, name: str) -> None:
        """Follow the timeline from its beginning when vectors of this model may be missing."""
        if self._texts.state("model") == name:
            return
        with transaction(self._db):
            if name:
                self._db.conn.execute("DELETE FROM vectors WHERE model != ?", [name])
                self._texts.set_state("changed", 0)
            self._texts.set_state("model", name)


class _Vectors:
    """The vectors' part of indexing: what is to be embedded, and the cache file."""

    def __init__(self, home: Home, key: Key, db: Database, texts: Texts, embedder: Embedder) -> None:
        self.rows = VectorRows(db, embedder.name, embedder.dimension)
        self._home, self._key, self._texts, self._embedder = home, key, texts, embedder
        self._index: VectorIndex | None = None

    def embed_new(self, passages: Sequence[Passage]) -> dict[bytes, NDArray[np.float32]]:
        """Return vectors, by text hash, of the texts that have a meaning and no vector yet."""
        known = self._texts.with_vector({one.text_hash for one in passages}, self.rows.model)
        new = {one.text_hash: one.text for one in passages if one.text_hash not in known and has_meaning(one.text)}
        vectors = self._embedder.embed([flowing(text) for text in new.values()])
        return dict(zip(new, vectors, strict=True))

    def publish(self, *, always: bool = False) -> None:
        """Bring the cache file up to date when it pays, or always."""
        if self._index is None:
            self._index = VectorIndex.open(self._home, self._key, self.rows, self._texts.state("store"))
        self._index.refresh()
        self._index.publish(always=always)


def _days(reader: Reader, passages: Sequence[Passage]) -> dict[int, date]:
    """Return the local day of each passage."""
    marks = ",".join("?" * len(passages))
    rows = reader.db.conn.execute(f"SELECT id, day FROM passages WHERE id IN ({marks})", [one.id for one in passages])
    return {passage_id: date.fromisoformat(day) for passage_id, day in rows}
