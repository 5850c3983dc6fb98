"""Looks into everything after a forgetting: what is found is told by its place, never by what it says.

Reads tables, raw pages, segments as they lie on the disk, thumbnails and logs with the store's key.  Owns nothing.
"""

from __future__ import annotations

import zlib
from collections.abc import Collection, Iterable, Iterator
from contextlib import suppress

import numpy as np

from timeline.database import open_database
from timeline.errors import UnreadablePicture
from timeline.forgetting.folding import fold
from timeline.forgetting.plan import Plan
from timeline.hidden import SHADE
from timeline.home import Home
from timeline.keys import Key, derive
from timeline.model import Box, Picture, Segment
from timeline.plain_pages import plain_pages
from timeline.reader import Reader
from timeline.rows import SEGMENT_QUERY, segment_of
from timeline.video import SegmentReader

FLAT_LEVELS = 32  # a pixel of a block that was painted flat is no further from its colour once it is encoded
MOST_STRAY = 0.04  # of its pixels: letters beside it ring into its edges; letters in it are three times as many
_FRAME_COLUMNS = (
    ("readings", "frame_id"), ("jobs", "frame_id"), ("hidden", "frame_id"), ("passage_spans", "frame_id"),
    ("passage_spans", "first_frame"), ("lines", "first_frame"), ("lines", "last_frame"),
    ("moments", "first_frame"), ("moments", "last_frame"),
)  # fmt: skip
LEAST_BYTES = 6  # of a text in UTF-8: a shorter one stands in a gigabyte of encrypted or packed numbers by chance
_LOGS = ("*.log*", "*.absence")


class Checking:
    """Finds what is left."""

    def __init__(self, home: Home, key: Key, reader: Reader) -> None:
        self._home, self._key, self._reader = home, key, reader
        self._secret = derive(key, "video")

    def frames(self, plan: Plan | None, segments: Collection[int] | None) -> Iterator[str]:
        """Yield where a frame is named that is not there, and which of some segments (None: all) hold pixels of one.

        A recorder that was killed may have left a picture in a segment that no frame was ever made of: so only those
        are looked at that were written anew.
        """
        run = self._reader.db.conn.execute
        for table, column in _FRAME_COLUMNS:
            statement = f"SELECT 1 FROM {table} WHERE {column} NOT IN (SELECT id FROM frames) LIMIT 1"
            if run(statement).fetchone() is not None:
                yield f"timeline.db: {table}"
        if run("SELECT 1 FROM rewrites WHERE urgent LIMIT 1").fetchone() is not None:
            yield "video: segments that wait to be written anew"
        yield from self._thumbnails(plan)
        for segment in self._segments():
            if segments is None or segment.id in segments:
                yield from self._segment(segment, plan)

    def text(self, wanted: str) -> Iterator[str]:
        """Yield where a text stands: in values of tables, in raw pages and in logs."""
        folded = fold(wanted)
        for path in (self._home.database, self._home.index_database, self._home.thumbnails):
            if path.exists():
                yield from (f"{path.name}: {place}" for place in self._in_tables(path.name, folded))
                if tells_in_bytes(folded) and any(folded in _folded(page) for page in plain_pages(path, self._key)):
                    yield f"{path.name}: pages"
        for pattern in _LOGS:
            for path in self._home.root.glob(pattern):
                with suppress(FileNotFoundError):
                    if folded in fold(path.read_text(encoding="utf-8", errors="ignore")):
                        yield path.name

    def _in_tables(self, name: str, folded: str) -> Iterator[str]:
        db = open_database(self._home.root / name, self._key, read_only=True)
        try:
            tables = db.conn.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
            for (table,) in tables:
                rows = db.conn.execute(f'SELECT * FROM "{table}"')
                raw = tells_in_bytes(folded)
                if any(folded in text for row in rows for text in _texts(row, raw=raw)):
                    yield table
        finally:
            db.close()

    def _thumbnails(self, plan: Plan | None) -> Iterator[str]:
        if not self._home.thumbnails.exists():
            return
        db = open_database(self._home.thumbnails, self._key, read_only=True)
        try:
            shown = {row[0] for row in db.conn.execute("SELECT frame_id FROM shown UNION SELECT id FROM thumbnails")}
        finally:
            db.close()
        known = {row[0] for row in self._reader.db.conn.execute("SELECT id FROM frames")}
        if shown - known or (plan is not None and shown & plan.frames):
            yield "thumbnails.db"

    def _segments(self) -> Iterator[Segment]:
        rows = self._reader.db.conn.execute(
            f"{SEGMENT_QUERY} WHERE closed AND pixels != 'gone' AND id NOT IN (SELECT segment_id FROM rewrites)"
        )
        return (segment_of(row) for row in rows.fetchall())

    def _segment(self, segment: Segment, plan: Plan | None) -> Iterator[str]:
        """Look at the times of a segment's frames, and at the blocks of those that were covered."""
        rows = self._reader.db.conn.execute("SELECT id, pts_us FROM frames WHERE segment_id = ?", [segment.id])
        times: dict[int, int] = dict(rows.fetchall())
        path = self._home.video / segment.name
        try:
            with SegmentReader(path, self._secret, segment.width, segment.height) as file:
                if not set(times.values()) >= set(file.times()):
                    yield "video: a segment with frames that are gone"
                covered = {} if plan is None else {one: plan.boxes[one] for one in times if one in plan.boxes}
                if not all(_flat(file, times[one], boxes) for one, boxes in covered.items()):
                    yield "video: a frame that is not covered"
        except UnreadablePicture:
            return  # missing or damaged: nothing can be seen in it


def tells_in_bytes(folded: str) -> bool:
    """Tell whether a folded text is long enough to be no accident where it stands in bytes."""
    return len(folded.encode()) >= LEAST_BYTES


def _folded(data: bytes) -> str:
    return fold(data.decode(errors="replace"))


def _flat(file: SegmentReader, pts_us: int, boxes: Iterable[Box]) -> bool:
    try:
        picture = file.picture(pts_us)
    except UnreadablePicture:
        return True
    parts = [picture[max(0, box.y0) : box.y1, max(0, box.x0) : box.x1] for box in boxes]
    return all(part.size == 0 or _stray(part) <= MOST_STRAY for part in parts)


def _stray(part: Picture) -> float:
    """Return the share of pixels that are not of the colour of what is hidden."""
    return float((np.abs(part.astype(np.int16) - SHADE).max(axis=2) > FLAT_LEVELS).mean())


def _texts(row: tuple[object, ...], *, raw: bool) -> Iterator[str]:
    for value in row:
        if isinstance(value, str):
            yield fold(value)
        elif isinstance(value, bytes) and raw:
            yield _folded(value)
            with suppress(zlib.error):
                yield _folded(zlib.decompress(value))
