"""Follows the timeline: whatever passages changed go into the full text and, by their text, into the vectors.

The worker runs it after each batch of readings.  Never writes the timeline.  Each batch is one transaction that also
says how far the timeline was followed, so a kill loses at most the batch that was being computed.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from datetime import date
from typing import Self

import numpy as np
from numpy.typing import NDArray

from index.embedder import Embedder, has_meaning
from index.lexical import Lexical
from index.meaning import VectorIndex, VectorRows
from index.store import discard, give_back, is_damaged, open_for_writing
from index.texts import Texts
from index.tokens import flowing
from timeline.database import Database, DatabaseError, transaction
from timeline.home import Home
from timeline.keys import Key
from timeline.model import Passage
from timeline.reader import Reader

TIDIED_AFTER = 64  # passages: their full text was written in as many pieces as there were batches
LOOKED_BACK = 64  # passages compared at each run, in 1 ms; one that differs is enough

log = logging.getLogger(__name__)


class Indexer:
    """Writes the index of one home."""

    def __init__(self, home: Home, key: Key, embedder: Embedder | None) -> None:
        self._home, self._key, self._embedder = home, key, embedder
        self._untidied = 0
        self._open()

    def _open(self) -> None:
        self._db = open_for_writing(self._home, self._key)
        self._lexical, self._texts = Lexical(self._db), Texts(self._db)
        embedder = self._embedder
        self._vectors = None if embedder is None else _Vectors(self._home, self._key, self._db, self._texts, embedder)
        self._choose_model("" if embedder is None else embedder.name)

    @classmethod
    def open(cls, home: Home, key: Key, embedder_factory: Callable[[], Embedder] | None) -> Self:
        """Return the indexer of a home; None makes no vectors, another model than last time makes all of them again.

        An index.db that is damaged or not ours is built anew.  Raises StoreUnusable when it is newer than this program.
        """
        return cls(home, key, None if embedder_factory is None else embedder_factory())

    def close(self) -> None:
        """Close the connection, with nothing left in pieces."""
        try:
            if self._untidied:
                give_back(self._db)
        except DatabaseError as error:  # a full disk, a lock, or damage that the next one finds: all is indexed anyway
            log.info("index.db was not tidied: %s", type(error).__name__)
        finally:
            self._db.close()

    def catch_up(self, reader: Reader, batch: int = 64, limit: int | None = None) -> int:
        """Index the passages that changed since the last time, `limit` at most; return how many there were.

        An index of another past than the timeline's is made again from its beginning, one that turns out to be damaged
        too, once.
        """
        try:
            return self._catch_up(reader, batch, limit)
        except DatabaseError as error:
            if not is_damaged(self._db):
                raise  # a lock, or the timeline's own damage
            log.warning("index.db is damaged (%s): it is built anew", error)
        self._db.close()
        discard(self._home)
        self._open()
        return self._catch_up(reader, batch, limit)

    def _catch_up(self, reader: Reader, batch: int, limit: int | None) -> int:
        if not self._follows(reader):
            log.warning("the timeline went back behind its index (a backup, a power cut): the index is made again")
            self._start_over()
        count = 0
        while limit is None or count < limit:
            size = batch if limit is None else min(batch, limit - count)
            passages = reader.changed_passages(int(self._texts.state("changed")), size)
            if not passages:
                break
            self._index(reader, passages)
            count += len(passages)
        if count and self._vectors is not None:
            self._vectors.publish()
        self._tidy(count)
        return count

    def _tidy(self, count: int) -> None:
        self._untidied += count
        if self._untidied >= TIDIED_AFTER:
            give_back(self._db)
            self._untidied = 0

    def _follows(self, reader: Reader) -> bool:
        """Tell whether the timeline still holds what was indexed: it is not behind, and its newest texts are ours.

        Every change of a passage takes the next number, so what has a number up to ours was indexed as it is.
        """
        ours = int(self._texts.state("changed"))
        [newest] = reader.db.conn.execute(  # also of what was forgotten since
            "SELECT max(ifnull((SELECT max(changed) FROM passages), 0), value) FROM highest WHERE what = 'changed'"
        ).fetchone()
        indexed = reader.db.conn.execute(
            "SELECT id, text_hash FROM passages WHERE changed <= ? ORDER BY changed DESC LIMIT ?", [ours, LOOKED_BACK]
        )
        theirs: dict[int, bytes] = dict(indexed.fetchall())
        return ours <= newest and self._texts.are_those(theirs)

    def _start_over(self) -> None:
        with transaction(self._db):
            self._lexical.clear()
            self._texts.clear()
        if self._vectors is not None:
            self._vectors.close()

    def _index(self, reader: Reader, passages: Sequence[Passage]) -> None:
        """Index one batch; the model works before the transaction begins, so that it stays short.

        What was forgotten meanwhile is left out: whoever takes it out of the index does so after it is gone from the
        timeline, in a transaction before this one, or after this one.
        """
        vectors = {} if self._vectors is None else self._vectors.embed_new(passages)
        with transaction(self._db):
            days = _days(reader, passages)
            there = [one for one in passages if one.id in days]
            replaced = self._texts.of([one.id for one in passages])
            texts = self._texts.put({one.id: one.text_hash for one in there})
            for one in there:
                self._lexical.put(one.id, one.text, one.window, days[one.id])
            if self._vectors is not None:
                kept = {texts[digest]: vector for digest, vector in vectors.items() if digest in texts}
                self._vectors.rows.put(kept)
                self._vectors.rows.drop([texts[one.text_hash] for one in there if not has_meaning(one.text)])
            self._texts.drop_unused(replaced)
            self._texts.set_state("changed", passages[-1].changed)

    def _choose_model(self, name: str) -> None:
        """Follow the timeline from its beginning when vectors of this model may be missing."""
        if self._texts.state("model") == name:
            return
        with transaction(self._db):
            if self._vectors is not None:
                self._vectors.rows.claim()
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

    def close(self) -> None:
        """Let go of the index in memory; another publish makes it again."""
        self._index = None

    def publish(self) -> None:
        """Bring the cache file up to date when it pays."""
        if self._index is None:
            self._index = VectorIndex.open(self._home, self._key, self.rows, self._texts.state("store"))
        self._index.refresh()
        self._index.publish()


def _days(reader: Reader, passages: Sequence[Passage]) -> dict[int, date]:
    """Return the local day of each passage that is still as it was read."""
    marks, changed = ",".join("?" * len(passages)), {one.id: one.changed for one in passages}
    rows = reader.db.conn.execute(f"SELECT id, day, changed FROM passages WHERE id IN ({marks})", [*changed])
    return {passage_id: date.fromisoformat(day) for passage_id, day, now in rows if now == changed[passage_id]}
