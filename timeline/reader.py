"""Read-only questions to the timeline: frames, their text, moments, passages, spans, gaps, counts.

Works while recorder and worker write, from any number of processes; owns one connection, so one thread at a time.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Self, get_args

from timeline import schema
from timeline.closing import Closing
from timeline.database import Database, Row, known_version, open_database
from timeline.errors import StoreUnusable
from timeline.home import Home
from timeline.keys import Key
from timeline.model import (
    ALL_TIME,
    Frame,
    Gap,
    Interval,
    Line,
    Moment,
    Passage,
    Pixels,
    PlacedWindow,
    Segment,
    Source,
    Span,
    Window,
)
from timeline.packing import LINE_COLUMNS, line_of, unpack_ids
from timeline.passages import joined, passage_text
from timeline.rows import (
    FRAME_QUERY,
    MOMENT_QUERY,
    PLACED_QUERY,
    SEGMENT_QUERY,
    SPAN_QUERY,
    SPAN_QUERY_OF_PASSAGES,
    frame_of,
    moment_of,
    placed_of,
    segment_of,
    span_of,
)

MOST_MONITORS = 16  # asked for one instant; more are found by their number
SOURCES = get_args(Source)
_KEYS = "(SELECT value FROM json_each(?))"  # one statement for any number, so that it is compiled once
_NEWEST_LINES = "(SELECT line_ids FROM passage_spans WHERE passage_id = p.id ORDER BY start_us DESC LIMIT 1)"


@dataclass(frozen=True, slots=True)
class StoreCounts:
    """How much a timeline holds; `pending` frames are not searchable yet, `failed` ones could not be read."""

    frames: int
    moments: int
    passages: int
    pending: int
    failed: int


class Reader(Closing):
    """Answers questions about one timeline."""

    def __init__(self, db: Database) -> None:
        self.db = db

    @classmethod
    def open(cls, home: Home, key: Key) -> Self:
        """Return a reader of a home.

        Raises StoreUnusable when there is nothing yet, or when the store is not ours, newer or older than this program.
        """
        db = open_database(home.database, key, read_only=True)
        try:
            known_version(db, schema.migrations, home.database)
            if schema.migrations.pending(db):
                raise StoreUnusable(
                    f"{home.database} was never finished or is of an older version: run `dayreel work` once."
                )
        except BaseException:
            db.close()
            raise
        return cls(db)

    def close(self) -> None:
        self.db.close()

    # Frames

    def frame(self, frame_id: int) -> Frame | None:
        """Return a frame by its id."""
        return self._frame("WHERE f.id = ?", frame_id)

    def frame_at(self, at_us: int, monitor: int | None = None) -> Frame | None:
        """Return the frame whose span holds an instant; of several, the one with the active window, the newest."""
        monitors = range(MOST_MONITORS) if monitor is None else (monitor,)
        newest = [
            self._frame(
                "WHERE f.source = ? AND f.monitor = ? AND f.start_us <= ? ORDER BY f.start_us DESC, f.id DESC LIMIT 1",
                source, one, at_us,
            )
            for source in SOURCES
            for one in monitors
        ]  # fmt: skip
        holding = [frame for frame in newest if frame is not None and frame.end_us > at_us]
        return max(holding, key=lambda frame: (frame.active, frame.start_us, frame.id), default=None)

    def frames(self, interval: Interval, monitor: int | None = None) -> list[Frame]:
        """Return the frames that begin inside an interval, in the order of time."""
        return self._frames(
            "WHERE f.start_us >= ? AND f.start_us < ? AND (?3 IS NULL OR f.monitor = ?3) ORDER BY f.start_us, f.id",
            interval.start_us, interval.end_us, monitor,
        )  # fmt: skip

    def newest_frame(self) -> Frame | None:
        """Return the frame that begins last."""
        return self._frame("ORDER BY f.start_us DESC, f.id DESC LIMIT 1")

    def newest_searchable(self) -> Frame | None:
        """Return the newest frame whose text can be found."""
        return self._frame(
            "CROSS JOIN jobs j ON j.frame_id = f.id WHERE j.state = 'done'"  # CROSS: frames first, newest first
            " ORDER BY f.start_us DESC, f.id DESC LIMIT 1"
        )

    def segment(self, segment_id: int) -> Segment:
        """Return a segment.  Raises StoreUnusable when the timeline does not know it."""
        row = self._rows(f"{SEGMENT_QUERY} WHERE id = ?", segment_id)
        if not row:
            raise StoreUnusable(f"The timeline names a video segment ({segment_id}) that it does not know.")
        return segment_of(row[0])

    def recorded_segments(self, before_us: int, limit: int) -> list[Segment]:
        """Return closed segments as they were recorded, all frames read, that begin before an instant; oldest first."""
        rest = (
            "pixels = 'recorded' AND start_us < ? AND id NOT IN (SELECT segment_id FROM rewrites)"  # done anew anyway
        )
        return self._read_segments(f"{rest} ORDER BY start_us LIMIT ?", before_us, limit)

    def segments_with_pixels(self, before_us: int, limit: int) -> list[Segment]:
        """Return closed segments that have a file, all frames read, that begin before an instant; first kept first."""
        return self._read_segments("pixels != 'gone' AND start_us < ? ORDER BY id LIMIT ?", before_us, limit)

    def _read_segments(self, rest: str, *values: object) -> list[Segment]:
        unread = (
            "SELECT 1 FROM frames f JOIN jobs j ON j.frame_id = f.id"
            " WHERE f.segment_id = s.id AND j.state IN ('waiting', 'leased')"
        )
        rows = self._rows(f"{SEGMENT_QUERY} s WHERE closed AND NOT EXISTS ({unread}) AND {rest}", *values)
        return [segment_of(row) for row in rows]

    def segment_pixels(self) -> dict[str, Pixels]:
        """Return of each segment's name what is left of its pixels."""
        return dict(self._rows("SELECT name, pixels FROM segments"))

    def frame_ids(self, after: int, limit: int) -> list[int]:
        """Return the ids of the frames after one, in ascending order."""
        return [frame_id for (frame_id,) in self._rows("SELECT id FROM frames WHERE id > ? LIMIT ?", after, limit)]

    def first_frame_since(self, at_us: int) -> int | None:
        """Return the smallest id of the frames that begin at or after an instant; None when there is none."""
        [(first,)] = self._rows("SELECT min(id) FROM frames WHERE start_us >= ?", at_us)
        return None if first is None else int(first)

    def first_instant(self) -> int | None:
        """Return when the first frame begins; None while there is none."""
        [(first_us,)] = self._rows("SELECT min(start_us) FROM frames")
        return None if first_us is None else int(first_us)

    def frames_since(self, at_us: int) -> int:
        """Return how many frames begin at or after an instant."""
        return int(self._rows("SELECT count(*) FROM frames WHERE start_us >= ?", at_us)[0][0])

    def segment_names_since(self, at_us: int) -> list[str]:
        """Return the names of the segments with pixels that begin at or after an instant."""
        return [
            name for (name,) in self._rows("SELECT name FROM segments WHERE pixels != 'gone' AND start_us >= ?", at_us)
        ]

    def unspooled(self) -> int:
        """Return how many frames wait to be read from the video, since the spool had no room for them."""
        [(waiting,)] = self._rows(
            "SELECT count(*) FROM jobs j JOIN frames f ON f.id = j.frame_id"
            " WHERE j.state != 'done' AND j.state IN ('waiting', 'leased') AND f.spool_name IS NULL"
        )
        return int(waiting)

    def windows_of(self, frame_id: int) -> list[PlacedWindow]:
        """Return the windows that were visible on a frame, the lowest first; none where they are not known."""
        return [placed_of(row) for row in self._rows(f"{PLACED_QUERY} WHERE f.id = ? ORDER BY l.place", frame_id)]

    # Text

    def lines(self, frame_id: int) -> list[Line]:
        """Return what could be read on a frame, in reading order; nothing while it is unread."""
        rows = self._rows("SELECT line_ids FROM readings WHERE frame_id = ?", frame_id)
        return self._lines(rows[0][0]) if rows else []

    def sighting(self, frame_id: int, text: str) -> Interval | None:
        """Return from when to when passages stood that hold a line of a frame; None while it is in none.

        Looked for are the passages of that frame with this line, and their copies in windows of that name, of any day.
        """
        hashes = {one.text_hash for one in self.passages_of_frame(frame_id) if text in (x.text for x in one.lines)}
        spans: list[Row] = []
        for digest in hashes:
            spans += self._rows(
                "SELECT min(s.start_us), max(s.end_us) FROM passages p JOIN passage_spans s ON s.passage_id = p.id"
                " WHERE p.window_id IN (SELECT w.id FROM windows w JOIN frames f ON f.id = ?"
                " JOIN windows own ON own.id = f.window_id WHERE w.app IS own.app AND w.title IS own.title)"
                " AND substr(p.text_hash, 1, 4) = substr(?, 1, 4) AND p.text_hash = ?",
                frame_id, digest, digest,
            )  # fmt: skip
        known = [row for row in spans if row[0] is not None]
        return Interval(min(row[0] for row in known), max(row[1] for row in known)) if known else None

    def lines_of_span(self, span_id: int) -> list[Line]:
        """Return the lines of a passage as they stood on the newest frame of one of its spans."""
        rows = self._rows("SELECT line_ids FROM passage_spans WHERE id = ?", span_id)
        return self._lines(rows[0][0]) if rows else []

    def lines_of_spans(self, span_ids: Sequence[int]) -> dict[int, list[Line]]:
        """Return the lines of several spans at once, as `lines_of_span` does of one."""
        packed: dict[int, bytes] = dict(
            self._rows(f"SELECT id, line_ids FROM passage_spans WHERE id IN {_KEYS}", _list(span_ids))
        )
        wanted = {span_id: unpack_ids(line_ids) for span_id, line_ids in packed.items()}
        ids = sorted({one for line_ids in wanted.values() for one in line_ids})
        rows = self._rows(f"SELECT {LINE_COLUMNS} FROM lines WHERE id IN {_KEYS}", _list(ids))
        lines = {row[0]: line_of(row) for row in rows}
        return {span_id: [lines[one] for one in line_ids if one in lines] for span_id, line_ids in wanted.items()}

    def passage_texts(self, ids: Sequence[int]) -> dict[int, str]:
        """Return the texts of passages by their ids, without a box; unknown ids are left out."""
        rows = self._rows(f"SELECT p.id, p.text, {_NEWEST_LINES} FROM passages p WHERE p.id IN {_KEYS}", _list(ids))
        wanted = {passage_id: unpack_ids(packed) for passage_id, text, packed in rows if packed and not text}
        line_ids = sorted({one for every in wanted.values() for one in every})
        texts: dict[int, str] = dict(self._rows(f"SELECT id, text FROM lines WHERE id IN {_KEYS}", _list(line_ids)))
        own = {passage_id: text for passage_id, text, _ in rows}
        return own | {one: joined(texts[line] for line in every if line in texts) for one, every in wanted.items()}

    def windows_of_passages(self, ids: Sequence[int]) -> dict[int, Window]:
        """Return the windows in which passages stood, by the passages' ids; unknown ids are left out."""
        rows = self._rows(
            f"SELECT p.id, w.app, w.title, w.url FROM passages p JOIN windows w ON w.id = p.window_id"
            f" WHERE p.id IN {_KEYS}",
            _list(ids),
        )
        return {passage_id: Window(*names) for passage_id, *names in rows}

    def newest_spans(self, ids: Sequence[int], interval: Interval | None = None) -> dict[int, Span]:
        """Return of each passage its newest span that overlaps the interval; those without one are left out."""
        whole = interval or ALL_TIME
        rows = self._rows(
            f"{SPAN_QUERY_OF_PASSAGES} WHERE passage_id IN {_KEYS} AND start_us < ? AND end_us > ? ORDER BY start_us",
            _list(ids), whole.end_us, whole.start_us,
        )  # fmt: skip
        return {passage_id: span_of(tuple(row)) for passage_id, *row in rows}

    def passages(self, ids: Sequence[int]) -> dict[int, Passage]:
        """Return passages by their ids; unknown ids are left out."""
        marks = ",".join("?" * len(ids))
        return {one.id: one for one in self._passages(f"WHERE p.id IN ({marks})", *ids)}

    def changed_passages(self, after: int, limit: int) -> list[Passage]:
        """Return the passages that changed after a point, in the order of their changes."""
        return self._passages("WHERE p.changed > ? ORDER BY p.changed LIMIT ?", after, limit)

    def passages_of_frame(self, frame_id: int) -> list[Passage]:
        """Return the passages that stood on a frame, in the order they were read."""
        rows = self._rows("SELECT span_ids FROM readings WHERE frame_id = ?", frame_id)
        ids = unpack_ids(rows[0][0]) if rows else []
        marks = ",".join("?" * len(ids))
        owners: dict[int, int] = dict(
            self._rows(f"SELECT id, passage_id FROM passage_spans WHERE id IN ({marks})", *ids)
        )
        passages = self.passages(list(owners.values()))
        return [passages[owners[one]] for one in ids if one in owners]

    def spans(self, passage_id: int, interval: Interval | None = None) -> list[Span]:
        """Return when a passage stood on the screen, newest first; with an interval, the spans that overlap it."""
        whole = interval or ALL_TIME
        rows = self._rows(
            f"{SPAN_QUERY} WHERE passage_id = ? AND start_us < ? AND end_us > ? ORDER BY start_us DESC",
            passage_id, whole.end_us, whole.start_us,
        )  # fmt: skip
        return [span_of(row) for row in rows]

    # Stretches of time

    def moments(self, interval: Interval, app: str | None = None) -> list[Moment]:
        """Return the moments that overlap an interval, in the order of time."""
        rows = self._rows(
            f"{MOMENT_QUERY} WHERE m.start_us < ? AND m.end_us > ? AND (?3 IS NULL OR lower(w.app) = lower(?3))"
            " ORDER BY m.start_us, m.id",
            interval.end_us, interval.start_us, app,
        )  # fmt: skip
        return [moment_of(row) for row in rows]

    def active_days(self, interval: Interval) -> dict[date, int]:
        """Return how many microseconds of moments began on each local day; none of days without.  Monitors add up."""
        rows = self._rows(
            "SELECT (start_us / 1000000 + offset_s) / 86400 AS day, sum(end_us - start_us) FROM moments"
            " WHERE start_us >= ? AND start_us < ? GROUP BY day ORDER BY day",
            interval.start_us, interval.end_us,
        )  # fmt: skip
        return {date(1970, 1, 1) + timedelta(days=day): int(active_us) for day, active_us in rows}

    def moment(self, moment_id: int) -> Moment | None:
        """Return a moment by its id."""
        rows = self._rows(f"{MOMENT_QUERY} WHERE m.id = ?", moment_id)
        return moment_of(rows[0]) if rows else None

    def gaps(self, interval: Interval) -> list[Gap]:
        """Return the stretches in an interval in which nothing was recorded, and why."""
        rows = self._rows(
            "SELECT start_us, end_us, reason FROM gaps WHERE start_us < ? AND end_us > ? ORDER BY start_us",
            interval.end_us, interval.start_us,
        )  # fmt: skip
        return [Gap(*row) for row in rows]

    def counts(self) -> StoreCounts:
        """Return how much the timeline holds."""
        [row] = self._rows(
            "SELECT (SELECT count(*) FROM frames), (SELECT count(*) FROM moments), (SELECT count(*) FROM passages),"
            " (SELECT count(*) FROM jobs WHERE state != 'done' AND state != 'failed'),"
            " (SELECT count(*) FROM jobs WHERE state != 'done' AND state = 'failed')"
        )
        return StoreCounts(*row)

    def newest_recording(self) -> int:
        """Return the number of the newest run of the recorder, 0 when there was none."""
        [(newest,)] = self._rows("SELECT ifnull(max(id), 0) FROM recordings")
        return int(newest)

    def failures(self) -> dict[str, int]:
        """Return why frames were set aside, and how many for each reason."""
        return dict(
            self._rows(
                "SELECT ifnull(error, ''), count(*) FROM jobs WHERE state != 'done' AND state = 'failed'"
                " GROUP BY 1 ORDER BY 1"
            )
        )

    def pending(self) -> int:
        """Return how many frames are not searchable yet."""
        [(waiting,)] = self._rows("SELECT count(*) FROM jobs WHERE state != 'done' AND state != 'failed'")
        return int(waiting)

    def _rows(self, statement: str, *values: object) -> list[Row]:
        return list(self.db.conn.execute(statement, values))

    def _frame(self, rest: str, *values: object) -> Frame | None:
        return next(iter(self._frames(rest, *values)), None)

    def _frames(self, rest: str, *values: object) -> list[Frame]:
        return [frame_of(row) for row in self._rows(f"{FRAME_QUERY} {rest}", *values)]

    def _lines(self, packed_ids: bytes) -> list[Line]:
        ids = unpack_ids(packed_ids)
        marks = ",".join("?" * len(ids))
        by_id = {
            row[0]: line_of(row) for row in self._rows(f"SELECT {LINE_COLUMNS} FROM lines WHERE id IN ({marks})", *ids)
        }
        return [by_id[one] for one in ids if one in by_id]

    def _passages(self, rest: str, *values: object) -> list[Passage]:
        rows = self._rows(
            "SELECT p.id, p.text, w.app, w.title, w.url, p.text_hash, p.changed, (SELECT line_ids FROM passage_spans"
            " WHERE passage_id = p.id ORDER BY start_us DESC LIMIT 1)"
            f" FROM passages p JOIN windows w ON w.id = p.window_id {rest}",
            *values,
        )
        return [self._passage(row) for row in rows]

    def _passage(self, row: Row) -> Passage:
        passage_id, text, app, title, url, digest, changed, line_ids = row
        lines = tuple(self._lines(line_ids)) if line_ids else ()
        return Passage(passage_id, text or passage_text(lines), Window(app, title, url), lines, digest, changed)


def _list(ids: Sequence[int]) -> str:
    return json.dumps(list(ids))
