"""The full-text half of the index: writes token strings to FTS5 and ranks what matches.

Owns the table passages_text of index.db.  Knows no vectors and no time; index.indexer writes, index.search asks.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from index.filters import Scope
from index.tokens import columns
from timeline.database import Database
from timeline.model import Window

# What one occurrence counts in body, parts, stems and meta: 0 to 1 for meta differ by two points on LoCoMo.
RANK = "bm25(1.0, 1.0, 1.0, 0.5)"
COPIES = 5  # the same text on other days and in other windows takes this many rows of each candidate at most

_ENGLISH_DATE = "%A %d %B %Y"
_WEEKDAYS = "一二三四五六日"


class Lexical:
    """Full text of passages on a connection to index.db."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def put(self, passage_id: int, text: str, window: Window, day: date) -> None:
        """Index a passage, in place of what was indexed for it before."""
        cut = columns(text)
        self._db.conn.execute(
            "INSERT OR REPLACE INTO passages_text (rowid, body, parts, stems, meta) VALUES (?, ?, ?, ?, ?)",
            [passage_id, cut.body, cut.parts, cut.stems, _meta(window, day)],
        )

    def clear(self) -> None:
        """Take all passages out of the index."""
        self._db.conn.execute("INSERT INTO passages_text (passages_text) VALUES ('delete-all')")

    def candidates(self, expression: str, scope: Scope, limit: int) -> dict[int, tuple[int, float]]:
        """Return the best matches, best first: text id -> (passage id, score).  A higher score is better.

        Of passages with the same text, the best is returned, of equal ones the newest.
        """
        rows = self._db.conn.execute(
            "SELECT e.text_id, e.passage_id, f.rank FROM (SELECT rowid, rank FROM passages_text"
            f" WHERE passages_text MATCH ? AND rank MATCH ?{scope.condition('rowid')} ORDER BY rank LIMIT ?) f"
            " JOIN entries e ON e.passage_id = f.rowid ORDER BY f.rank, e.passage_id DESC",
            [expression, RANK, *scope.values, limit * COPIES],
        )
        best: dict[int, tuple[int, float]] = {}
        for text_id, passage_id, rank in rows:
            if text_id not in best and len(best) < limit:
                best[text_id] = (passage_id, -rank)
        return best

    def scores(self, expression: str, passage_ids: Collection[int]) -> dict[int, float]:
        """Return the scores of those of the passages that match."""
        marks = ",".join("?" * len(passage_ids))
        rows = self._db.conn.execute(
            f"SELECT rowid, rank FROM passages_text WHERE passages_text MATCH ? AND rank MATCH ?"
            f" AND +rowid IN ({marks})",
            [expression, RANK, *passage_ids],
        )
        return {passage_id: -rank for passage_id, rank in rows}

    def newest(self, expression: str, scope: Scope, limit: int) -> dict[int, int]:
        """Return the newest that match, newest first: text id -> passage id.  Ranks nothing, so that it is quick."""
        rows = self._db.conn.execute(
            "SELECT e.text_id, e.passage_id FROM (SELECT rowid FROM passages_text"
            f" WHERE passages_text MATCH ?{scope.condition('rowid')} ORDER BY rowid DESC LIMIT ?) f"
            " JOIN entries e ON e.passage_id = f.rowid ORDER BY e.passage_id DESC",
            [expression, *scope.values, limit],
        )
        found: dict[int, int] = {}
        for text_id, passage_id in rows:
            found.setdefault(text_id, passage_id)
        return found

    def among(self, expression: str, passage_ids: Collection[int]) -> set[int]:
        """Return those of the passages that match."""
        marks = ",".join("?" * len(passage_ids))
        statement = f"SELECT rowid FROM passages_text WHERE passages_text MATCH ? AND +rowid IN ({marks})"
        return {passage_id for (passage_id,) in self._db.conn.execute(statement, [expression, *passage_ids])}

    def count(self, expression: str, most: int) -> int:
        """Return how many passages match, `most` when there are more."""
        statement = "SELECT count(*) FROM (SELECT 1 FROM passages_text WHERE passages_text MATCH ? LIMIT ?)"
        return int(self._db.conn.execute(statement, [expression, most]).fetchone()[0])

    def size(self) -> int:
        """Return about how many passages are indexed: the highest id."""
        return int(self._db.conn.execute("SELECT ifnull(max(passage_id), 0) FROM entries").fetchone()[0])

    def finds(self, expression: str) -> bool:
        """Tell whether any passage matches."""
        statement = "SELECT 1 FROM passages_text WHERE passages_text MATCH ? LIMIT 1"
        return self._db.conn.execute(statement, [expression]).fetchone() is not None


def _meta(window: Window, day: date) -> str:
    """Return what is known of a passage beside its text, as tokens: application, title, address, date in words."""
    chinese = f"{day.year}年{day.month}月{day.day}日 星期{_WEEKDAYS[day.weekday()]}"
    known = (window.app, window.title, window.url, day.isoformat(), day.strftime(_ENGLISH_DATE), chinese)
    cut = columns(" ".join(one for one in known if one))
    return f"{cut.body} {cut.parts} {cut.stems}"
