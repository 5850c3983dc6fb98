"""The full-text half of the index: writes token strings to FTS5 and ranks what matches.

Owns the table passages_text of index.db.  Knows no vectors and no time; index.indexer writes, index.search asks.
"""

from __future__ import annotations

import json
from collections.abc import Collection
from datetime import date

import numpy as np

from index.common import LEAST_COMMON, common_matches
from index.filters import EVERYWHERE, Ids, Scope, as_selected
from index.matches import Matches
from index.patience import Patience
from index.query import Wish
from index.tokens import columns
from timeline.database import Database
from timeline.model import Window

# What one occurrence counts in body, parts, stems and meta: 0 to 1 for meta differ by two points on LoCoMo.
RANK = "bm25(1.0, 1.0, 1.0, 0.5)"
EXACT_ROWS = 4_000  # that are ranked one by one
STALE = 1.02  # times the passages there were: what was counted then is counted again
MOST_REMEMBERED = 4_096  # phrases
_KEYS = "(SELECT value FROM json_each(?))"  # one statement for any number, so that it is compiled once

_ENGLISH_DATE = "%A %d %B %Y"
_WEEKDAYS = "一二三四五六日"


class Lexical:
    """Full text of passages on a connection to index.db."""

    def __init__(self, db: Database) -> None:
        self._db = db
        self._holding: dict[str, tuple[int, int]] = {}

    def put(self, passage_id: int, text: str, window: Window, day: date) -> None:
        """Index a passage, in place of what was indexed for it before."""
        cut = columns(text)
        self._db.conn.execute(
            "INSERT OR REPLACE INTO passages_text (rowid, body, parts, stems, meta) VALUES (?, ?, ?, ?, ?)",
            [passage_id, cut.body, cut.parts, cut.stems, meta(window, day)],
        )

    def clear(self) -> None:
        """Take all passages out of the index."""
        self._db.conn.execute("INSERT INTO passages_text (passages_text) VALUES ('delete-all')")

    def matches(self, wish: Wish, scope: Scope, patience: Patience) -> Matches:
        """Return all that match with their scores; of scopes only their bounds are looked at.

        What more passages hold than can be ranked in time is scored by rare words as FTS5 ranks them, and by common
        ones as if each passage held them once (index.common).
        """
        if self.count(wish.expression, EXACT_ROWS + 1, scope) <= EXACT_ROWS:
            return self.ranked(wish.expression, scope)
        return common_matches(self, wish, scope, patience)

    def ranked(self, expression: str, scope: Scope) -> Matches:
        """Return all that match with their bm25, higher is better: a microsecond each."""
        between, bounds = _between(scope)
        rows = self._db.conn.execute(
            f"SELECT rowid, rank FROM passages_text WHERE passages_text MATCH ? AND rank MATCH ?{between}",
            [expression, RANK, *bounds],
        ).fetchall()
        ids = np.array([row[0] for row in rows], dtype=np.int64)
        return Matches(ids, -np.array([row[1] for row in rows], dtype=np.float64))

    def ids(self, expression: str, scope: Scope, limit: int) -> Ids:
        """Return the newest that match, ascending.  Ranks nothing: a tenth of a microsecond each."""
        between, bounds = _between(scope)
        statement = f"SELECT rowid FROM passages_text WHERE passages_text MATCH ?{between} ORDER BY rowid DESC LIMIT ?"
        return as_selected(self._db, statement, [expression, *bounds, limit])[::-1]

    def text_ids(self, passage_ids: Collection[int]) -> dict[int, int]:
        """Return the texts of passages: passage id -> text id, in the order of the passages given."""
        statement = f"SELECT passage_id, text_id FROM entries WHERE passage_id IN {_KEYS}"
        known: dict[int, int] = dict(self._db.conn.execute(statement, [_list(passage_ids)]).fetchall())
        return {one: known[one] for one in passage_ids if one in known}

    def among(self, expression: str, passage_ids: Collection[int]) -> set[int]:
        """Return those of the passages that match."""
        statement = f"SELECT rowid FROM passages_text WHERE passages_text MATCH ? AND +rowid IN {_KEYS}"
        return {one for (one,) in self._db.conn.execute(statement, [expression, _list(passage_ids)])}

    def count(self, expression: str, most: int, scope: Scope = EVERYWHERE) -> int:
        """Return how many passages match, `most` when there are more."""
        between, bounds = _between(scope)
        statement = f"SELECT count(*) FROM (SELECT 1 FROM passages_text WHERE passages_text MATCH ?{between} LIMIT ?)"
        return int(self._db.conn.execute(statement, [expression, *bounds, most]).fetchone()[0])

    def holding(self, phrase: str, size: int) -> int:
        """Return how many of `size` passages hold a phrase; of a common one about how many, by what it was before."""
        known = self._holding.get(phrase)
        if known is not None and size <= known[1] * STALE:
            return known[0]
        statement = "SELECT count(*) FROM passages_text WHERE passages_text MATCH ?"
        count = int(self._db.conn.execute(statement, [phrase]).fetchone()[0])
        if count > LEAST_COMMON and len(self._holding) < MOST_REMEMBERED:
            self._holding[phrase] = (count, size)
        return count

    def size(self) -> int:
        """Return about how many passages are indexed: the highest id."""
        return int(self._db.conn.execute("SELECT ifnull(max(passage_id), 0) FROM entries").fetchone()[0])

    def finds(self, expression: str) -> bool:
        """Tell whether any passage matches."""
        statement = "SELECT 1 FROM passages_text WHERE passages_text MATCH ? LIMIT 1"
        return self._db.conn.execute(statement, [expression]).fetchone() is not None


def _between(scope: Scope) -> tuple[str, tuple[int, ...]]:
    """Return what confines rowids to the bounds of a scope: FTS5 reads nothing outside of them."""
    return ("", ()) if scope.bounds is None else (" AND rowid BETWEEN ? AND ?", scope.bounds)


def _list(ids: Collection[int]) -> str:
    return json.dumps([int(one) for one in ids])


def meta(window: Window, day: date) -> str:
    """Return what is known of a passage beside its text, as tokens: application, title, address, date in words."""
    chinese = f"{day.year}年{day.month}月{day.day}日 星期{_WEEKDAYS[day.weekday()]}"
    known = (window.app, window.title, window.url, day.isoformat(), day.strftime(_ENGLISH_DATE), chinese)
    cut = columns(" ".join(one for one in known if one))
    return f"{cut.body} {cut.parts} {cut.stems}"
