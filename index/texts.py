"""Which distinct texts the index knows and which passages have them: the tables `texts`, `entries` and `state`.

Vectors belong to texts, so a text that is seen each day is embedded once.  Of the timeline's hash of a text the first
eight bytes are kept: among ten million texts two share them once in 370,000 stores.  index.indexer is the only caller;
all that writes runs inside its transactions.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping

from timeline.database import Database

HASH_BYTES = 8


class Texts:
    """The texts and entries on a connection to index.db."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def put(self, hashes: Mapping[int, bytes]) -> dict[bytes, int]:
        """Note the text of each passage (passage id -> text hash) and return the texts' ids by hash."""
        run = self._db.conn.execute
        ids: dict[bytes, int] = {}
        for passage_id, digest in hashes.items():
            if digest not in ids:
                short = digest[:HASH_BYTES]
                run("INSERT OR IGNORE INTO texts (text_hash) VALUES (?)", [short])
                [ids[digest]] = run("SELECT id FROM texts WHERE text_hash = ?", [short]).fetchone()
            run("INSERT OR REPLACE INTO entries VALUES (?, ?)", [passage_id, ids[digest]])
        return ids

    def of(self, passage_ids: Collection[int]) -> list[int]:
        """Return the texts that these passages have."""
        statement = f"SELECT DISTINCT text_id FROM entries WHERE passage_id IN ({_marks(passage_ids)})"
        return [row[0] for row in self._db.conn.execute(statement, [*passage_ids])]

    def with_vector(self, hashes: Collection[bytes], model: str) -> set[bytes]:
        """Return those of the texts that a model has embedded."""
        whole = {digest[:HASH_BYTES]: digest for digest in hashes}
        rows = self._db.conn.execute(
            "SELECT t.text_hash FROM texts t JOIN vectors v ON v.text_id = t.id"
            f" WHERE ? = (SELECT value FROM state WHERE name = 'vectors') AND t.text_hash IN ({_marks(hashes)})",
            [model, *whole],
        )
        return {whole[row[0]] for row in rows}

    def are_those(self, hashes: Mapping[int, bytes]) -> bool:
        """Tell whether all of these passages (passage id -> text hash) are indexed, with these texts."""
        rows = self._db.conn.execute(
            "SELECT e.passage_id, t.text_hash FROM entries e JOIN texts t ON t.id = e.text_id"
            f" WHERE e.passage_id IN ({_marks(hashes)})",
            [*hashes],
        )
        ours: dict[int, bytes] = dict(rows.fetchall())
        return ours == {passage_id: digest[:HASH_BYTES] for passage_id, digest in hashes.items()}

    def clear(self) -> None:
        """Forget all texts, with their vectors, and that the timeline was ever followed."""
        self._db.conn.execute("DELETE FROM entries")
        self._db.conn.execute("DELETE FROM texts")
        self._db.conn.execute("UPDATE state SET value = hex(randomblob(16)) WHERE name = 'store'")
        self.set_state("changed", 0)

    def drop_unused(self, text_ids: Collection[int]) -> None:
        """Remove those of the texts that no passage has any more; their vectors go with them."""
        self._db.conn.executemany(
            "DELETE FROM texts WHERE id = ?1 AND NOT EXISTS (SELECT 1 FROM entries WHERE text_id = ?1)",
            [(one,) for one in text_ids],
        )

    def state(self, name: str) -> str:
        """Return what the index knows of itself under a name."""
        return str(self._db.conn.execute("SELECT value FROM state WHERE name = ?", [name]).fetchone()[0])

    def set_state(self, name: str, value: str | int) -> None:
        """Set what the index knows of itself."""
        self._db.conn.execute("UPDATE state SET value = ? WHERE name = ?", [value, name])


def _marks(values: Collection[object]) -> str:
    return ",".join("?" * len(values))
