"""What a search is confined to, and the same as SQL over the attached timeline, so that the filter works inside it."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Literal

from index.simplified import simplified
from timeline.database import Database
from timeline.model import Interval


@dataclass(frozen=True, slots=True)
class Name:
    """Confines a search to windows by what they are called; any of the patterns will do.

    A pattern with * or ? stands for the whole name, another for any part of it; case, width and script do not matter.
    """

    field: Literal["app", "title", "url"]
    patterns: tuple[str, ...]
    wanted: bool = True
    """False: windows called so are left out."""


@dataclass(frozen=True, slots=True)
class Filters:
    """Confines a search; None confines nothing.  `app` is compared whole, `title` is contained, both without case."""

    interval: Interval | None = None
    app: str | None = None
    title: str | None = None
    names: tuple[Name, ...] = ()
    """All of them must fit."""

    @property
    def confines(self) -> bool:
        """Whether anything is asked for here, and not only left out."""
        return bool(self.interval or self.app or self.title or any(name.wanted for name in self.names))

    def within(self, other: Filters) -> Filters:
        """Return what fits both."""
        return Filters(
            _within(self.interval, other.interval),
            self.app if self.app is not None else other.app,
            self.title if self.title is not None else other.title,
            (*self.names, *other.names),
        )


def _within(one: Interval | None, other: Interval | None) -> Interval | None:
    """Return the time that lies in both; of no length when there is none."""
    if one is None or other is None:
        return one or other
    start_us = max(one.start_us, other.start_us)
    return Interval(start_us, max(start_us, min(one.end_us, other.end_us)))


@dataclass(frozen=True, slots=True)
class Scope:
    """The passages that a search may find: a SELECT of their ids (None: all) and its values."""

    select: str | None = None
    values: tuple[object, ...] = ()

    def condition(self, column: str) -> str:
        """Return an SQL condition on a column of passage ids; the plus keeps SQLite from searching once for each id."""
        return "" if self.select is None else f" AND +{column} IN ({self.select})"


def prepare(db: Database) -> None:
    """Give a connection the functions that `scope` compares names with: SQL's own lower() knows ASCII only."""
    db.conn.create_function("folded", 1, lambda name: name.casefold() if name else "", deterministic=True)
    db.conn.create_function("named", 2, lambda name, pattern: _named(name or "", pattern), deterministic=True)


def _named(name: str, pattern: str) -> bool:
    """Tell whether a name fits a pattern, which is folded already; a bracket is no sign of a pattern."""
    folded = folded_name(name)
    if "*" in pattern or "?" in pattern:
        return fnmatchcase(folded, pattern.replace("[", "[[]"))
    return pattern in folded


def folded_name(name: str) -> str:
    """Return a name without case, in half width and simplified characters."""
    return simplified(unicodedata.normalize("NFKC", name)).casefold()


def scope(filters: Filters) -> Scope:
    """Return the filters as SQL."""
    conditions: list[str] = []
    values: list[object] = []
    if filters.interval is not None:
        conditions.append("p.id IN (SELECT passage_id FROM timeline.passage_spans WHERE start_us < ? AND end_us > ?)")
        values += [filters.interval.end_us, filters.interval.start_us]
    for condition, patterns in _window_conditions(filters):
        conditions.append(f"p.window_id IN (SELECT id FROM timeline.windows WHERE {condition})")
        values.extend(patterns)
    if not conditions:
        return Scope()
    return Scope(f"SELECT p.id FROM timeline.passages p WHERE {' AND '.join(conditions)}", tuple(values))


def _window_conditions(filters: Filters) -> Iterable[tuple[str, list[str]]]:
    """Yield SQL conditions on windows, each with its values."""
    if filters.app is not None:
        yield "folded(app) = ?", [filters.app.casefold()]
    if filters.title is not None:
        yield "instr(folded(title), ?) > 0", [filters.title.casefold()]
    for name in filters.names:
        fits = " OR ".join([f"named({name.field}, ?)"] * len(name.patterns))
        yield (f"({fits})" if name.wanted else f"NOT ({fits})"), [folded_name(one) for one in name.patterns]
