"""Looks into everything after a forgetting: what is found is told by its place, never by what it says.

Reads tables, raw pages, segments as they lie on the disk, thumbnails and logs with the store's key.  Owns nothing.
"""

from __future__ import annotations

import math
import zlib
from collections.abc import Collection, Iterable, Iterator
from contextlib import suppress
from pathlib import Path

import numpy as np

from timeline.database import Database, open_database
from timeline.errors import StoreUnusable, UnreadableNow, UnreadablePicture
from timeline.forgetting.folding import fold
from timeline.forgetting.leftovers import stray_pictures, stray_video, unfinished
from timeline.forgetting.plan import Plan
from timeline.forgetting.sampling import still_stand
from timeline.hidden import FORGOTTEN, SHADE, hidden_on
from timeline.home import Home
from timeline.keys import Key, derive
from timeline.model import Box, Picture, Segment
from timeline.plain_pages import plain_pages
from timeline.reader import Reader
from timeline.rows import SEGMENT_QUERY, segment_of
from timeline.small_pictures import from_webp
from timeline.spool import Spool
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
        self._secret, self._spool = derive(key, "video"), Spool(home, key)

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

    def files(self, *, alone: bool) -> Iterator[str]:
        """Yield where a file lies that nothing needs, and where a raw picture or a thumbnail shows what is hidden.

        `alone`: nobody else puts pictures into the spool now.
        """
        db = self._reader.db
        if stray_video(self._home, db):
            yield "video: a file that no segment names"
        if stray_pictures(self._home, db, alone=alone):
            yield "spool: a picture that no frame needs"
        if next(unfinished(self._home), None) is not None:
            yield "vectors.index: a file that was not finished"
        if not all(self._covered_raw(frame_id, name) for frame_id, name in self._raw_hidden()):
            yield "spool: a picture that is not covered"

    def steps(self) -> Iterator[str]:
        """Yield what is left to do of any forgetting, but for files: these are told where they are found."""
        steps = {step.partition(":")[0] for (step,) in self._reader.db.conn.execute("SELECT step FROM forgetting")}
        if "pages" in steps:
            yield "timeline.db: pages and logs that somebody still reads"
        if steps - {"pages", "check", "sweep"}:
            yield "timeline.db: steps that were not done"

    def pages(self, pieces: Collection[str]) -> Iterator[str]:
        """Yield the databases in whose raw pages or logs, and the log files in which, one of some pieces stands.

        Pieces that rows hold rightly do not count.
        """
        data = {one: one.encode(errors="replace") for one in pieces}
        places = dict[str, set[str]]()
        for path in self._databases():
            for page in plain_pages(path, self._key):
                if found := {one for one, raw in data.items() if raw in page}:
                    places.setdefault(f"{path.name}: pages", set()).update(found)
        for path in self._logs():
            with suppress(FileNotFoundError):
                raw_log = path.read_bytes()
                places[path.name] = {one for one, raw in data.items() if raw in raw_log}
        known = still_stand(self._reader.db, set().union(*places.values())) if any(places.values()) else set()
        yield from (place for place, found in places.items() if found - known)

    def text(self, wanted: str) -> Iterator[str]:
        """Yield where a text stands: in values of tables, in raw pages and in logs."""
        folded = fold(wanted)
        for path in self._databases():
            yield from (f"{path.name}: {place}" for place in self._in_tables(path.name, folded))
            if tells_in_bytes(folded) and any(folded in _folded(page) for page in plain_pages(path, self._key)):
                yield f"{path.name}: pages"
        for path in self._logs():
            with suppress(FileNotFoundError):
                if folded in fold(path.read_text(encoding="utf-8", errors="ignore")):
                    yield path.name

    def _databases(self) -> list[Path]:
        home = self._home
        return [path for path in (home.database, home.index_database, home.thumbnails) if path.exists()]

    def _logs(self) -> list[Path]:
        return [path for pattern in _LOGS for path in self._home.root.glob(pattern)]

    def _raw_hidden(self) -> list[tuple[int, str]]:
        """Return the frames with raw pictures on which something was forgotten: these are covered themselves."""
        rows = self._reader.db.conn.execute(
            "SELECT id, spool_name FROM frames WHERE spool_name IS NOT NULL"
            " AND EXISTS (SELECT 1 FROM hidden h WHERE h.frame_id = frames.id AND h.kind = ?)",
            [FORGOTTEN],
        )
        return rows.fetchall()

    def _covered_raw(self, frame_id: int, name: str) -> bool:
        try:
            picture = self._spool.get(name)
        except StoreUnusable:  # torn: nothing can be seen in it
            return True
        boxes = [one.box for one in hidden_on(self._reader.db, frame_id) if one.kind == FORGOTTEN]
        return picture is None or _is_flat(picture, boxes)

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
            boxes = {} if plan is None else plan.boxes
            uncovered = not all(self._covered_small(db, one, some) for one, some in boxes.items() if one in shown)
        finally:
            db.close()
        known = {row[0] for row in self._reader.db.conn.execute("SELECT id FROM frames")}
        if shown - known or (plan is not None and shown & plan.frames) or uncovered:
            yield "thumbnails.db"

    def _covered_small(self, db: Database, frame_id: int, boxes: Iterable[Box]) -> bool:
        """Tell whether a small picture shows nothing of some boxes of its frame."""
        row = db.conn.execute(
            "SELECT webp FROM shown JOIN thumbnails ON id = thumbnail_id WHERE frame_id = ?", [frame_id]
        ).fetchone()
        frame = self._reader.frame(frame_id)
        if row is None or frame is None:
            return True
        try:
            small = from_webp(row[0])
        except UnreadablePicture:  # damaged: nothing can be seen in it
            return True
        x, y = small.shape[1] / frame.width, small.shape[0] / frame.height
        inner = (
            Box(math.ceil(box.x0 * x), math.ceil(box.y0 * y), int(box.x1 * x), int(box.y1 * y)) for box in boxes
        )  # a pixel of its edge may show what is beside it
        return _is_flat(small, inner)

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
        except UnreadableNow:
            yield "video: a segment that cannot be looked at now"
        except UnreadablePicture:
            return  # missing or damaged: nothing can be seen in it


def tells_in_bytes(folded: str) -> bool:
    """Tell whether a folded text is long enough to be no accident where it stands in bytes."""
    return len(folded.encode()) >= LEAST_BYTES


def _folded(data: bytes) -> str:
    return fold(data.decode(errors="replace"))


def _flat(file: SegmentReader, pts_us: int, boxes: Iterable[Box]) -> bool:
    try:
        return _is_flat(file.picture(pts_us), boxes)
    except UnreadableNow:
        raise
    except UnreadablePicture:
        return True


def _is_flat(picture: Picture, boxes: Iterable[Box]) -> bool:
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
