"""The one way to write frames: a frame, its reading job and its moment in one short transaction.

Owns segments, frames, moments, gaps, recordings and imports.  What could be read on frames is kept by
timeline.readings, the jobs are taken by timeline.queue; both work on this writer's connection.  Secrets in titles and
addresses are not stored; the recorder's rules, which see the true ones, come before.
"""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import blake2b
from pathlib import Path
from typing import Self

from timeline import schema
from timeline.clock import SECOND_US
from timeline.closing import Closing
from timeline.database import Database, Row, migrate, open_database, transaction
from timeline.home import Home
from timeline.keys import Key
from timeline.model import Frame, Gap, NewFrame, Pixels, PlacedWindow, Segment, Window
from timeline.redaction import redacted_text
from timeline.rows import FRAME_QUERY, SEGMENT_QUERY, frame_of, segment_of
from timeline.secrets import DEFAULT

FIRST_SPAN_US = SECOND_US  # a frame is taken to have stood this long until its end is known
SCREEN_PAUSE_US = 30 * SECOND_US  # a recorder that saw nothing for longer begins a new moment
IMPORT_PAUSE_US = 300 * SECOND_US  # pictures taken in belong together when they are no further apart
KILLED = "the recorder was killed"  # the reason of a gap that begins where nobody said that recording ends
_DIGEST_BYTES = 16


def next_id(table: str) -> str:
    """Return the SQL of an id that no row of a table ever had, also none that was forgotten."""
    return f"(SELECT 1 + max(ifnull((SELECT max(id) FROM {table}), 0), value) FROM highest WHERE what = '{table}')"


class Writer(Closing):
    """Writes to one timeline.  Not for several threads at once; several processes may each have one."""

    def __init__(self, db: Database, secrets: frozenset[str] = DEFAULT) -> None:
        self.db, self._secrets = db, secrets

    @classmethod
    def open(cls, home: Home, key: Key, *, durable: bool = False, secrets: frozenset[str] = DEFAULT) -> Self:
        """Return a writer on the timeline of a home, made or brought to the newest schema when needed.

        `durable`: what is committed is on the disk, also when the power is cut.  `secrets`: the kinds of secrets that
        are taken out of titles and addresses.  Raises StoreUnusable when the file is not ours or is newer than this
        program.
        """
        home.create()
        db = open_database(home.database, key, durable=durable)
        migrate(db, schema.migrations, home.database)
        return cls(db, secrets)

    def close(self) -> None:
        self.db.close()

    # Segments

    def open_segment(self, name: str, monitor: int, start_us: int, width: int, height: int) -> int:
        """Note a new video file and return its id."""
        with transaction(self.db):
            return self._insert(
                "INSERT INTO segments (name, monitor, start_us, width, height) VALUES (?, ?, ?, ?, ?)",
                (name, monitor, start_us, width, height),
            )

    def close_segment(self, segment_id: int) -> None:
        """Note that a video file is whole and will not grow."""
        with transaction(self.db):
            self.db.conn.execute("UPDATE segments SET closed = 1 WHERE id = ?", [segment_id])

    def open_segments(self) -> list[Segment]:
        """Return the segments that were never closed: those being written, and those of a killed recorder."""
        rows = self.db.conn.execute(f"{SEGMENT_QUERY} WHERE closed = 0 ORDER BY id")
        return [segment_of(row) for row in rows]

    def last_frame_of(self, segment_id: int) -> Frame | None:
        """Return the newest frame of a segment."""
        row = self.db.conn.execute(
            f"{FRAME_QUERY} WHERE f.segment_id = ? ORDER BY f.id DESC LIMIT 1", [segment_id]
        ).fetchone()
        return None if row is None else frame_of(row)

    def move_frame(self, frame_id: int, segment_id: int, pts_us: int) -> None:
        """Say that a frame's picture is in another segment."""
        with transaction(self.db):
            self.db.conn.execute(
                "UPDATE frames SET segment_id = ?, pts_us = ? WHERE id = ?", [segment_id, pts_us, frame_id]
            )

    def change_pixels(self, segment: Segment, name: str, pixels: Pixels, new: Path | None = None) -> bool:
        """Say that a segment's video is another file now, or none; False when its row has changed since it was read.

        The COMMIT is what makes readers take the new file: it must be on the disk before.  False as well when the new
        file was swept away meanwhile.
        """
        with transaction(self.db):
            if new is not None and not new.exists():
                return False
            changed = self.db.conn.execute(
                "UPDATE segments SET name = ?, pixels = ? WHERE id = ? AND name = ? AND pixels = ?",
                [name, pixels, segment.id, segment.name, segment.pixels],
            )
            return int(changed.rowcount) == 1

    # Frames

    def add_frame(self, new: NewFrame, end_us: int | None = None, digest: bytes | None = None) -> int:
        """Commit a frame with its reading job and return its id.

        `end_us` is when the screen stopped to look so, when that is known already.  `digest` marks the file that it
        was taken in from as imported, in the same transaction.
        """
        with transaction(self.db):
            window_id = self.window_id(new.window)
            moment_id = self._moment(new, window_id)
            end = max(new.at_us + 1, end_us if end_us is not None else new.at_us + FIRST_SPAN_US)
            frame_id = self._insert(
                "INSERT INTO frames (id, monitor, start_us, end_us, offset_s, width, height, window_id, moment_id,"
                " segment_id, pts_us, spool_name, source, active, layout_id)"
                f" VALUES ({next_id('frames')}, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                (new.monitor, new.at_us, end, new.offset_s, new.width, new.height, window_id, moment_id,
                 new.segment_id, new.pts_us, new.spool_name, new.source, new.active, self._layout(new.windows)),
            )  # fmt: skip
            self.db.conn.execute("INSERT INTO jobs (frame_id) VALUES (?)", [frame_id])
            self.db.conn.execute(
                "UPDATE moments SET first_frame = CASE first_frame WHEN 0 THEN ? ELSE first_frame END, last_frame = ?,"
                " end_us = max(end_us, ?) WHERE id = ?",
                [frame_id, frame_id, end, moment_id],
            )
            if digest is not None:
                self.db.conn.execute("INSERT OR IGNORE INTO imports (digest) VALUES (?)", [digest])
        return frame_id

    def extend_frame(self, frame_id: int, end_us: int) -> None:
        """Say that the screen looked like a frame until `end_us`; never shortens it.

        A frame of which the rest was forgotten stays cut: the time that was to go is not claimed anew.
        """
        with transaction(self.db):
            run = self.db.conn.execute
            if run(
                "SELECT 1 FROM frames f JOIN gaps g ON g.reason = 'forgotten' AND g.start_us >= f.start_us"
                " AND g.end_us > f.end_us AND g.start_us < ? WHERE f.id = ?",
                [end_us, frame_id],
            ).fetchone():
                return
            run("UPDATE frames SET end_us = max(end_us, ?) WHERE id = ?", [end_us, frame_id])
            run("UPDATE moments SET end_us = max(end_us, ?) WHERE last_frame = ?"
                " AND id = (SELECT moment_id FROM frames WHERE id = ?)", [end_us, frame_id, frame_id])  # fmt: skip
            run("UPDATE passage_spans SET end_us = max(end_us, ?) WHERE frame_id = ?", [end_us, frame_id])

    def _layout(self, windows: Sequence[PlacedWindow]) -> int | None:
        """Return the id of a layout, noting it when it is new; None for a frame whose windows are not known."""
        if not windows:
            return None
        rows = [
            (place, self.window_id(one.window), one.box.x0, one.box.y0, one.box.x1, one.box.y1, one.pid, one.workspace)
            for place, one in enumerate(windows)
        ]
        digest = blake2b(repr(rows).encode(), digest_size=_DIGEST_BYTES).digest()
        known = self.db.conn.execute("SELECT id FROM layouts WHERE digest = ?", [digest]).fetchone()
        if known is not None:
            return int(known[0])
        layout_id = self._insert("INSERT INTO layouts (digest) VALUES (?)", (digest,))
        self.db.conn.executemany(
            "INSERT INTO layout_windows (layout_id, place, window_id, x0, y0, x1, y1, pid, workspace)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            [(layout_id, *row) for row in rows],
        )
        return layout_id

    def window_id(self, window: Window) -> int:
        """Return the id of a window's name, noting it when it is new; inside the caller's transaction.

        Secrets in its title and address are not stored.
        """
        title, url = (redacted_text(text or "", self._secrets) for text in (window.title, window.url))
        row = self.db.conn.execute(
            "SELECT id FROM windows WHERE ifnull(app, '') = ? AND ifnull(title, '') = ? AND ifnull(url, '') = ?",
            [window.app or "", title, url],
        ).fetchone()
        if row is not None:
            return int(row[0])
        return self._insert(
            "INSERT INTO windows (app, title, url) VALUES (?, ?, ?)", (window.app or None, title or None, url or None)
        )

    def _moment(self, new: NewFrame, window_id: int) -> int:
        """Return the moment a new frame belongs to: the last one of its stream while its window goes on."""
        last = self.db.conn.execute(
            "SELECT id, start_us, end_us, moment_id, window_id FROM frames WHERE source = ? AND monitor = ?"
            " ORDER BY id DESC LIMIT 1",
            [new.source, new.monitor],
        ).fetchone()
        if last is not None:
            frame_id, start_us, end_us, moment_id, last_window = last
            pause = IMPORT_PAUSE_US if new.source == "import" else SCREEN_PAUSE_US
            self._cut(frame_id, start_us, end_us, new)
            if last_window == window_id and start_us <= new.at_us <= end_us + pause:
                return int(moment_id)
        return self._insert(
            "INSERT INTO moments (monitor, source, window_id, start_us, end_us, offset_s, first_frame, last_frame)"
            " VALUES (?, ?, ?, ?, ?, ?, 0, 0)",
            (new.monitor, new.source, window_id, new.at_us, new.at_us, new.offset_s),
        )

    def _cut(self, frame_id: int, start_us: int, end_us: int, new: NewFrame) -> None:
        """End the frame before where the new one begins, when it was taken to stand longer."""
        if not start_us < new.at_us < end_us:
            return
        run = self.db.conn.execute
        run("UPDATE frames SET end_us = ? WHERE id = ?", [new.at_us, frame_id])
        run("UPDATE passage_spans SET end_us = ? WHERE frame_id = ?", [new.at_us, frame_id])
        run("UPDATE moments SET end_us = ? WHERE id = (SELECT moment_id FROM frames WHERE id = ?) AND end_us = ?",
            [new.at_us, frame_id, end_us])  # fmt: skip

    # Gaps, recordings, imports

    def add_gap(self, gap: Gap) -> int:
        """Note a stretch in which nothing was recorded and return its id."""
        with transaction(self.db):
            return self._gap(gap)

    def extend_gap(self, gap_id: int, end_us: int) -> None:
        """Say that nothing was recorded until `end_us`; never shortens it."""
        with transaction(self.db):
            self.db.conn.execute("UPDATE gaps SET end_us = max(end_us, ?) WHERE id = ?", [end_us, gap_id])

    def begin_recording(self, at_us: int) -> int:
        """Note that a recorder starts, and the gap since the last one ended, was stopped or was killed."""
        with transaction(self.db):
            last = self.db.conn.execute(
                "SELECT id, start_us, end_us, reason FROM recordings ORDER BY id DESC LIMIT 1"
            ).fetchone()
            if last is not None:
                self._gap_since(last, at_us)
            return self._insert("INSERT INTO recordings (start_us) VALUES (?)", (at_us,))

    def end_recording(self, recording_id: int, at_us: int, reason: str) -> None:
        """Note that a recorder ended, and why."""
        with transaction(self.db):
            self.db.conn.execute(
                "UPDATE recordings SET end_us = ?, reason = ? WHERE id = ?", [at_us, reason, recording_id]
            )

    def _gap_since(self, last: Row, at_us: int) -> None:
        recording_id, start_us, end_us, reason = last
        if end_us is None:
            (known_us,) = self.db.conn.execute(  # until when it is known what the screen showed, or why it was not kept
                "SELECT max((SELECT ifnull(max(end_us), 0) FROM frames WHERE +source = 'screen' AND start_us >= ?1),"
                " (SELECT ifnull(max(end_us), 0) FROM gaps WHERE start_us >= ?1))",
                [start_us],
            ).fetchone()
            end_us, reason = max(start_us, min(known_us, at_us)), KILLED
            self.db.conn.execute(
                "UPDATE recordings SET end_us = ?, reason = ? WHERE id = ?", [end_us, reason, recording_id]
            )
        if end_us < at_us:
            self._gap(Gap(end_us, at_us, reason or "stopped"))

    def _gap(self, gap: Gap) -> int:
        return self._insert(
            "INSERT INTO gaps (start_us, end_us, reason) VALUES (?, ?, ?)", (gap.start_us, gap.end_us, gap.reason)
        )

    def imported(self, digest: bytes) -> bool:
        """Tell whether a file was taken in before."""
        return self.db.conn.execute("SELECT 1 FROM imports WHERE digest = ?", [digest]).fetchone() is not None

    def remember_import(self, digest: bytes) -> None:
        """Note that a file was taken in (one that only made another frame stand longer)."""
        with transaction(self.db):
            self.db.conn.execute("INSERT OR IGNORE INTO imports (digest) VALUES (?)", [digest])

    def _insert(self, statement: str, values: Row) -> int:
        return int(self.db.conn.execute(statement, values).lastrowid or 0)
