"""The words that the full text knows, with the number of passages that hold each: what a word may be a misreading of.

Read by FTS5's own table of terms, made for the connection only: nothing is stored, so nothing is left of what was
forgotten.  The number of passages is counted from the index each time, 60 microseconds a word at 100,000 passages.
Called by `index.misread` and `index.candidates`.
"""

from __future__ import annotations

import json
import time
from collections.abc import Iterable, Iterator

from timeline.database import Database

MOST_READ = 2_000  # terms of one beginning: "co" has 900 among 100,000 passages
LONGEST_S = 0.05  # for one question to the table; what was read until then is the answer
_LAST = "\U0010ffff"  # after every character that a term holds


class Vocabulary:
    """The terms of passages_text on a connection to index.db."""

    def __init__(self, db: Database) -> None:
        self._db = db
        self._ready = False
        self.asked = 0
        """How many words were asked for so far."""

    def known(self, words: Iterable[str]) -> dict[str, int]:
        """Return those of the words that stand in any passage: word -> number of passages."""
        return dict(self._read("v.term = k.value", list(dict.fromkeys(words))))

    def beginning(self, starts: Iterable[str]) -> dict[str, int]:
        """Return the words that begin with any of these: word -> number of passages."""
        return dict(self._read(f"v.term >= k.value AND v.term < k.value || '{_LAST}'", list(dict.fromkeys(starts))))

    def _read(self, condition: str, keys: list[str]) -> Iterator[tuple[str, int]]:
        self.asked += len(keys)
        if not self._ready:
            self._db.conn.execute(
                "CREATE VIRTUAL TABLE IF NOT EXISTS temp.vocabulary USING fts5vocab (main, passages_text, row)"
            )
            self._ready = True
        rows = self._db.conn.execute(
            f"SELECT v.term, v.doc FROM json_each(?) k CROSS JOIN temp.vocabulary v WHERE {condition} LIMIT ?",
            [json.dumps(keys), MOST_READ],
        )
        until_s = time.monotonic() + LONGEST_S
        for row in rows:
            yield row
            if time.monotonic() > until_s:
                break
        rows.close()
