"""What a search is confined to, and the ids of the passages that fit, so that the filter works inside the search."""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from index.simplified import simplified
from timeline.clock import SECOND_US
from timeline.database import Database
from timeline.model import Interval
from timeline.packing import unpack_ids
from timeline.reader import MOST_MONITORS, SOURCES

FEW_PASSAGES = 20_000  # so many are asked one by one for their windows; of more, all in such windows are taken
LONG_US = 3600 * SECOND_US  # spans that began so long before are found by their beginning; the longer ones are rare
_STANDING = """
    SELECT (SELECT r.span_ids FROM timeline.frames f JOIN timeline.readings r ON r.frame_id = f.id
        WHERE f.source = s.value AND f.monitor = m.value AND f.start_us <= ?3
        ORDER BY f.start_us DESC LIMIT 1)
    FROM json_each(?1) s, json_each(?2) m
"""


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


Ids = NDArray[np.int64]
"""Ids of passages, int64 (count,), ascending: in the order of time."""


@dataclass(frozen=True, slots=True, eq=False)
class Scope:
    """The passages that a search may find; `ids` None: all."""

    ids: Ids | None = None

    @property
    def bounds(self) -> tuple[int, int] | None:
        """The lowest and the highest of the ids: what full text is searched between; None: everywhere."""
        if self.ids is None:
            return None
        return (int(self.ids[0]), int(self.ids[-1])) if self.ids.size else (1, 0)

    def inside(self, ids: Ids) -> Ids:
        """Return those of some ids that may be found."""
        if self.ids is None or not ids.size:
            return ids
        return ids[np.isin(ids, self.ids, assume_unique=True)]


EVERYWHERE = Scope()


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


def scope(db: Database, filters: Filters) -> Scope:
    """Return the passages that the filters allow; `db` has the timeline attached."""
    ids = None if filters.interval is None else _standing_within(db, filters.interval)
    conditions = list(_window_conditions(filters))
    if not conditions:
        return Scope(ids)
    where = " AND ".join(condition for condition, _ in conditions)
    values = [value for _, patterns in conditions for value in patterns]
    if ids is not None and ids.size <= FEW_PASSAGES:
        return Scope(_in_windows(db, ids, where, values))
    every = f"SELECT id FROM timeline.passages WHERE window_id IN (SELECT w.id FROM timeline.windows w WHERE {where})"
    named = ids_of(db, every, values)
    return Scope(named if ids is None else np.intersect1d(ids, named, assume_unique=True))


def _in_windows(db: Database, ids: Ids, where: str, values: Sequence[object]) -> Ids:
    """Return those of a few passages whose windows are called so."""
    statement = (
        "SELECT p.id FROM json_each(?) k CROSS JOIN timeline.passages p ON p.id = k.value"
        f" CROSS JOIN timeline.windows w ON w.id = p.window_id WHERE {where}"
    )
    return ids_of(db, statement, [json.dumps(ids.tolist()), *values])


def _standing_within(db: Database, interval: Interval) -> Ids:
    """Return the passages with a span that overlaps an interval.

    SQLite has no index of overlaps, and all spans that began before are too many.  One that began long before and still
    stood is named by the reading of the frame that stood then, on whichever monitor.
    """
    began = "start_us >= ? AND start_us < ? AND end_us > ?"
    recent = ids_of(
        db,
        f"SELECT passage_id FROM timeline.passage_spans WHERE {began}",
        [interval.start_us - LONG_US, interval.end_us, interval.start_us],
    )
    packed = db.conn.execute(_STANDING, [json.dumps(SOURCES), json.dumps([*range(MOST_MONITORS)]), interval.start_us])
    span_ids = {span_id for (one,) in packed if one for span_id in unpack_ids(one)}
    standing = ids_of(
        db,
        "SELECT passage_id FROM timeline.passage_spans WHERE id IN (SELECT value FROM json_each(?))"
        " AND start_us < ? AND end_us > ?",
        [json.dumps(list(span_ids)), interval.end_us, interval.start_us],
    )
    return np.union1d(recent, standing)


def ids_of(db: Database, statement: str, values: Sequence[object]) -> Ids:
    """Return the different ids that a statement selects, ascending."""
    return np.unique(as_selected(db, statement, values))


def as_selected(db: Database, statement: str, values: Sequence[object]) -> Ids:
    """Return the ids that a statement selects, in its order.

    As one text: a third of the time that a row each takes, since a hundred thousand are nothing unusual.
    """
    whole = f"WITH every (id) AS ({statement}) SELECT group_concat(id) FROM every"
    (text,) = db.conn.execute(whole, values).fetchone()
    return np.fromstring(text, dtype=np.int64, sep=",") if text else np.empty(0, dtype=np.int64)


def _window_conditions(filters: Filters) -> Iterable[tuple[str, list[str]]]:
    """Yield SQL conditions on windows, each with its values."""
    if filters.app is not None:
        yield "folded(w.app) = ?", [filters.app.casefold()]
    if filters.title is not None:
        yield "instr(folded(w.title), ?) > 0", [filters.title.casefold()]
    for name in filters.names:
        fits = " OR ".join([f"named(w.{name.field}, ?)"] * len(name.patterns))
        yield (f"({fits})" if name.wanted else f"NOT ({fits})"), [folded_name(one) for one in name.patterns]
