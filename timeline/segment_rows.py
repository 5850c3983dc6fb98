"""What a segment's row says when its file is replaced or removed.

Owns the changes of a row that follow a change of the file: another name, and no pixels left.  A file is on the disk
before a row names it, and is removed only after that no row does is on the disk as well; so these transactions are
synced, whatever the writer does with its others.  Called by `timeline.sealing`, `recorder.segments` and
`dayreel export`.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from timeline.database import transaction
from timeline.model import Interval, Segment
from timeline.reader import Reader
from timeline.rows import SEGMENT_QUERY, segment_of
from timeline.writer import Writer


def rename(writer: Writer, segment: Segment, name: str) -> bool:
    """Say that a segment's file has another name and tell whether the row still had the old one.  Raises DiskFull."""
    with synced(writer):
        changed = writer.db.conn.execute(
            "UPDATE segments SET name = ? WHERE id = ? AND name = ?", [name, segment.id, segment.name]
        )
    return bool(changed.rowcount)


def note_gone(writer: Writer, segment_id: int) -> None:
    """Say that nothing is left of a segment's pixels, and that it will not grow; the text of its frames stays."""
    with synced(writer):
        writer.db.conn.execute("UPDATE segments SET pixels = 'gone', closed = 1 WHERE id = ?", [segment_id])


def first_closed(writer: Writer, suffix: str, after_id: int) -> Segment | None:
    """Return the first closed segment beyond an id that has pixels and whose name ends in a suffix."""
    row = writer.db.conn.execute(
        f"{SEGMENT_QUERY} WHERE id > ?1 AND closed = 1 AND pixels != 'gone' AND substr(name, -length(?2)) = ?2"
        " ORDER BY id LIMIT 1",
        [after_id, suffix],
    ).fetchone()
    return None if row is None else segment_of(row)


def segments_within(reader: Reader, interval: Interval) -> list[Segment]:
    """Return the segments of the frames that stood within an interval, also of those whose pixels are gone."""
    rows = reader.db.conn.execute(
        f"{SEGMENT_QUERY} WHERE id IN (SELECT segment_id FROM frames WHERE start_us < ? AND end_us > ?)"
        " ORDER BY start_us, id",
        [interval.end_us, interval.start_us],
    )
    return [segment_of(row) for row in rows]


def last_span_us(reader: Reader, segment_id: int) -> int | None:
    """Return how long the last frame of a segment stood; None while it has none."""
    row = reader.db.conn.execute(
        "SELECT end_us - start_us FROM frames WHERE segment_id = ? ORDER BY pts_us DESC, id DESC LIMIT 1", [segment_id]
    ).fetchone()
    return None if row is None else int(row[0])


def wanted_closed(writer: Writer) -> set[int]:
    """Return the segments that hold what is to be forgotten: they can be written anew only when they are closed."""
    return {segment_id for (segment_id,) in writer.db.conn.execute("SELECT segment_id FROM rewrites WHERE urgent")}


def named(writer: Writer, name: str) -> bool:
    """Tell whether a row names this file."""
    return writer.db.conn.execute("SELECT 1 FROM segments WHERE name = ?", [name]).fetchone() is not None


@contextmanager
def synced(writer: Writer) -> Iterator[None]:
    """Run a block as one write transaction that is on the disk when it is over."""
    run = writer.db.conn.execute
    (usual,) = run("PRAGMA synchronous").fetchone()
    run("PRAGMA synchronous = FULL")
    try:
        with transaction(writer.db):
            yield
    finally:
        run(f"PRAGMA synchronous = {usual}")
