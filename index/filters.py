"""What a search is confined to, and the same as SQL over the attached timeline, so that the filter works inside it."""

from __future__ import annotations

from dataclasses import dataclass

from timeline.database import Database
from timeline.model import Interval


@dataclass(frozen=True, slots=True)
class Filters:
    """Confines a search; None confines nothing.  `app` is compared whole, `title` is contained, both without case."""

    interval: Interval | None = None
    app: str | None = None
    title: str | None = None


@dataclass(frozen=True, slots=True)
class Scope:
    """The passages that a search may find: a SELECT of their ids (None: all) and its values."""

    select: str | None = None
    values: tuple[object, ...] = ()

    def condition(self, column: str) -> str:
        """Return an SQL condition on a column of passage ids; the plus keeps SQLite from searching once for each id."""
        return "" if self.select is None else f" AND +{column} IN ({self.select})"


def prepare(db: Database) -> None:
    """Give a connection the function that `scope` compares names with: SQL's own lower() knows ASCII only."""
    db.conn.create_function("folded", 1, lambda name: name.casefold() if name else "", deterministic=True)


def scope(filters: Filters) -> Scope:
    """Return the filters as SQL."""
    conditions: list[str] = []
    values: list[object] = []
    if filters.interval is not None:
        conditions.append("p.id IN (SELECT passage_id FROM timeline.passage_spans WHERE start_us < ? AND end_us > ?)")
        values += [filters.interval.end_us, filters.interval.start_us]
    windows = [
        ("folded(app) = ?", filters.app),
        ("instr(folded(title), ?) > 0", filters.title),
    ]
    for condition, name in windows:
        if name is not None:
            conditions.append(f"p.window_id IN (SELECT id FROM timeline.windows WHERE {condition})")
            values.append(name.casefold())
    if not conditions:
        return Scope()
    return Scope(f"SELECT p.id FROM timeline.passages p WHERE {' AND '.join(conditions)}", tuple(values))
