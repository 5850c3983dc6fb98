"""Which lines and passages stood on which frames, asked for many frames at once.

Reads only; owns a memory of lines for as long as one selection or one change lasts.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice

from timeline.database import Database, Row
from timeline.model import Box, Interval
from timeline.packing import unpack_ids

AT_ONCE = 500  # values bound in one statement


@dataclass(frozen=True, slots=True)
class Sighted:
    """What could be read on a frame, by ids."""

    frame_id: int
    lines: list[int]
    spans: list[int]


@dataclass(frozen=True, slots=True)
class SpanRow:
    """A stretch in which a passage stood."""

    id: int
    passage_id: int
    monitor: int
    first_frame: int
    last_frame: int
    start_us: int
    end_us: int
    offset_s: int
    lines: list[int]


class Sightings:
    """Answers by id; each line is read once."""

    def __init__(self, db: Database) -> None:
        self._db = db
        self._lines: dict[int, tuple[str, Box]] = {}

    def on(self, frame_ids: Iterable[int]) -> Iterator[Sighted]:
        """Yield what stood on some frames, of those that were read."""
        statement = "SELECT frame_id, line_ids, span_ids FROM readings WHERE frame_id IN ({})"
        return (_sighted(row) for row in self.rows(statement, frame_ids))

    def between(self, first: int, last: int) -> Iterator[Sighted]:
        """Yield what stood on the frames from one id to another."""
        run = self._db.conn.execute
        rows = run("SELECT frame_id, line_ids, span_ids FROM readings WHERE frame_id BETWEEN ? AND ?", [first, last])
        return (_sighted(row) for row in rows)

    def within(self, interval: Interval) -> Iterator[Sighted]:
        """Yield what stood on the frames that overlap an interval."""
        rows = self._db.conn.execute(
            "SELECT r.frame_id, r.line_ids, r.span_ids FROM readings r JOIN frames f ON f.id = r.frame_id"
            " WHERE f.start_us < ? AND f.end_us > ?",
            [interval.end_us, interval.start_us],
        )
        return (_sighted(row) for row in rows)

    def spans(self, condition: str, ids: Iterable[int]) -> list[SpanRow]:
        """Return spans whose column `condition` is one of some ids."""
        statement = (
            "SELECT id, passage_id, monitor, first_frame, frame_id, start_us, end_us, offset_s, line_ids"
            f" FROM passage_spans WHERE {condition} IN ({{}})"
        )
        return [_span(row) for row in self.rows(statement, ids)]

    def all_spans(self) -> Iterator[list[int]]:
        """Yield the lines of every span."""
        return (unpack_ids(packed) for (packed,) in self._db.conn.execute("SELECT line_ids FROM passage_spans"))

    def line(self, line_id: int) -> tuple[str, Box]:
        """Return text and box of a line."""
        if line_id not in self._lines:
            self.learn([line_id])
        return self._lines[line_id]

    def learn(self, line_ids: Iterable[int]) -> None:
        """Read lines that will be asked for."""
        new = [one for one in line_ids if one not in self._lines]
        for row in self.rows("SELECT id, text, x0, y0, x1, y1 FROM lines WHERE id IN ({})", new):
            self._lines[row[0]] = (row[1], Box(*row[2:6]))

    def lines_on(self, span: SpanRow, sighted: Sighted) -> list[int]:
        """Return the lines of a span as they stood on one of its frames; there they may have stood elsewhere."""
        there = set(sighted.lines)
        if there.issuperset(span.lines):
            return span.lines
        self.learn([*span.lines, *sighted.lines])
        left = [one for one in sighted.lines if one not in set(span.lines)]
        found = []
        for wanted in span.lines:
            text = self.line(wanted)[0]
            same = wanted if wanted in there else next((one for one in left if self.line(one)[0] == text), None)
            if same is not None:
                found.append(same)
                if same in left:
                    left.remove(same)
        return found

    def rows(self, statement: str, ids: Iterable[int]) -> Iterator[Row]:
        """Yield the rows of a statement with a list of ids in it, for any number of them."""
        left = iter(sorted(set(ids)))
        while some := list(islice(left, AT_ONCE)):
            yield from self._db.conn.execute(statement.format(",".join("?" * len(some))), some).fetchall()


def _span(row: Row) -> SpanRow:
    span_id, passage_id, monitor, first, last, start_us, end_us, offset_s, lines = row
    return SpanRow(span_id, passage_id, monitor, first, last, start_us, end_us, offset_s, unpack_ids(lines))


def _sighted(row: Row) -> Sighted:
    return Sighted(row[0], unpack_ids(row[1]), unpack_ids(row[2]))
