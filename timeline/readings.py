"""What could be read on a frame, kept: its lines, whose window they belong to, and the passages they form.

Owns the tables lines and readings, and the rule that ends a moment of an unknown window.  The worker calls
`keep_reading` for each frame in the order the frames were committed.  Lines come without secrets (timeline.redaction);
the boxes of these are hidden in the same transaction, so that no reader sees the one without the other.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from timeline.database import Database, transaction
from timeline.hidden import FORGOTTEN, HiddenBox, hidden_on, hide
from timeline.model import Box, Frame, Line
from timeline.packing import pack_confidence, pack_ids, pack_words, unpack_confidence, unpack_ids
from timeline.passages import build_passages
from timeline.rows import FRAME_QUERY, frame_of
from timeline.spans import PassageSpans
from timeline.writer import Writer

SAME_PLACE_PX = 2  # engines move a box by a pixel or two when something beside it changed
NEW_TEXT_SHARE = 0.1  # where no window is known, a frame that keeps less of the lines begins another moment


@dataclass(frozen=True, slots=True)
class _Kept:
    """A line as it is stored."""

    id: int
    line: Line


class Readings:
    """Keeps what was read, on a writer's connection."""

    def __init__(self, writer: Writer) -> None:
        self._db = writer.db

    def keep_reading(self, frame_id: int, lines: Sequence[Line], hidden: Sequence[HiddenBox] = ()) -> bool:
        """Store the lines of a frame in reading order, its passages and hidden boxes; its job becomes `read`.

        One transaction.  False, and nothing stored, when the frame was forgotten since its job was taken.
        """
        with transaction(self._db):
            frame = _known_frame(self._db, frame_id)
            if frame is None:
                self._run("DELETE FROM jobs WHERE frame_id = ?", frame_id)
                return False
            self._keep(frame, _frame_before(self._db, frame), lines, hidden)
            self._run("UPDATE jobs SET state = 'read', error = NULL WHERE frame_id = ?", frame_id)
        return True

    def amend_reading(self, frame_id: int, lines: Sequence[Line], hidden: Sequence[HiddenBox] = ()) -> bool:
        """Store a fuller reading of the newest frame of its stream that was read; what it has still stands as it stood.

        One transaction.  False, and nothing stored, when the frame was forgotten or another was read since.
        """
        with transaction(self._db):
            frame = _known_frame(self._db, frame_id)
            if frame is None or not _is_newest_read(self._db, frame):
                return False
            self._keep(frame, frame, lines, hidden)
        return True

    def _keep(
        self, frame: Frame, before: Frame | None, lines: Sequence[Line], hidden: Sequence[HiddenBox]
    ) -> None:  # fmt: skip
        """Store what stands on a frame, carrying on what stood on the one before."""
        lines = _shown(lines, [one.box for one in hidden_on(self._db, frame.id) if one.kind == FORGOTTEN])
        hide(self._db, frame.id, hidden, urgent=False)
        kept, carried = self._keep_lines(frame, before, lines)
        if before is not None and self._text_is_new(frame, before, kept, carried):
            frame = self._split_moment(frame)
        spans = PassageSpans(self._db, frame, before)
        for window_id, own in self._by_window(frame, kept).items():
            for block in build_passages([one.line for one in own]):
                spans.keep(window_id, block, _ids_of(block, own))
        span_ids = spans.finish()
        line_ids = [one.id for one in kept]
        self._run("INSERT OR REPLACE INTO readings VALUES (?, ?, ?)", frame.id, pack_ids(line_ids), pack_ids(span_ids))

    def _keep_lines(self, frame: Frame, before: Frame | None, lines: Sequence[Line]) -> tuple[list[_Kept], int]:
        """Return the stored lines, those of the frame before where they still stand, and how many of these."""
        old = [] if before is None else _kept_lines(self._db, before.id)
        by_text: dict[str, list[_Kept]] = {}
        for one in old:
            by_text.setdefault(one.line.text, []).append(one)
        kept, carried = [], 0
        for line in lines:
            same = next((one for one in by_text.get(line.text, ()) if _near(one.line.box, line.box)), None)
            if same is None:
                kept.append(_Kept(self._insert_line(frame.id, line), line))
                continue
            carried += 1
            by_text[line.text].remove(same)
            self._run("UPDATE lines SET last_frame = ? WHERE id = ?", frame.id, same.id)
            kept.append(same)
        return kept, carried

    def _insert_line(self, frame_id: int, line: Line) -> int:
        box = line.box
        cursor = self._db.conn.execute(
            "INSERT INTO lines (text, x0, y0, x1, y1, confidence, words, first_frame, last_frame)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                line.text,
                box.x0,
                box.y0,
                box.x1,
                box.y1,
                pack_confidence(line.confidence),
                pack_words(line),
                frame_id,
                frame_id,
            ),
        )
        return int(cursor.lastrowid or 0)

    def _by_window(self, frame: Frame, kept: Sequence[_Kept]) -> dict[int, list[_Kept]]:
        """Return the lines of each window: a line belongs to the topmost one that holds its centre."""
        run = self._db.conn.execute
        (focused,) = run("SELECT window_id FROM frames WHERE id = ?", [frame.id]).fetchone()
        placed = run(
            "SELECT l.window_id, l.x0, l.y0, l.x1, l.y1 FROM frames f"
            " JOIN layout_windows l ON l.layout_id = f.layout_id WHERE f.id = ? ORDER BY l.place DESC",
            [frame.id],
        ).fetchall()
        own: dict[int, list[_Kept]] = {}
        for one in kept:
            x, y = one.line.box.centre
            holder = next((row[0] for row in placed if row[1] <= x < row[3] and row[2] <= y < row[4]), focused)
            own.setdefault(holder, []).append(one)
        return own

    def _text_is_new(self, frame: Frame, before: Frame, kept: Sequence[_Kept], carried: int) -> bool:
        """Tell whether a frame of an unknown window shows nearly wholly other text than the one before."""
        if (
            frame.id == before.id
            or frame.window.app
            or frame.window.title
            or frame.moment_id != before.moment_id
            or not kept
        ):
            return False
        seen = {one.line.text for one in _kept_lines(self._db, before.id)}
        share = sum(one.line.text in seen for one in kept) / len(kept)
        return bool(seen) and max(share, carried / len(kept)) < NEW_TEXT_SHARE

    def _split_moment(self, frame: Frame) -> Frame:
        """Let a new moment begin with this frame, and return the frame in it."""
        run = self._db.conn.execute
        last, end_us = run(
            "SELECT last_frame, end_us FROM moments WHERE id = ?", [frame.moment_id]
        ).fetchone()  # fmt: skip
        cursor = run(
            "INSERT INTO moments (monitor, source, window_id, start_us, end_us, offset_s, first_frame, last_frame)"
            " SELECT monitor, source, window_id, ?, ?, ?, ?, ? FROM moments WHERE id = ?",
            [frame.start_us, end_us, frame.offset_s, frame.id, last, frame.moment_id],
        )
        run(
            "UPDATE frames SET moment_id = ? WHERE moment_id = ? AND id >= ?",
            [cursor.lastrowid, frame.moment_id, frame.id],
        )
        run(
            "UPDATE moments SET (last_frame, end_us) = (SELECT id, end_us FROM frames WHERE moment_id = ?1"
            " ORDER BY id DESC LIMIT 1) WHERE id = ?1",
            [frame.moment_id],
        )
        return replace(frame, moment_id=int(cursor.lastrowid or 0))

    def _run(self, statement: str, *values: object) -> None:
        self._db.conn.execute(statement, values)


def _known_frame(db: Database, frame_id: int) -> Frame | None:
    row = db.conn.execute(f"{FRAME_QUERY} WHERE f.id = ?", [frame_id]).fetchone()
    return None if row is None else frame_of(row)


def _frame_before(db: Database, frame: Frame) -> Frame | None:
    """Return the frame committed before this one on the same monitor, when it was read."""
    row = db.conn.execute(
        f"{FRAME_QUERY} JOIN readings r ON r.frame_id = f.id"
        " WHERE f.source = ? AND f.monitor = ? AND f.id < ? ORDER BY f.id DESC LIMIT 1",
        [frame.source, frame.monitor, frame.id],
    ).fetchone()
    return None if row is None else frame_of(row)


def _is_newest_read(db: Database, frame: Frame) -> bool:
    """Tell whether a frame was read, and none that was committed after it on the same monitor."""
    (newest,) = db.conn.execute(
        "SELECT max(f.id) FROM frames f JOIN readings r ON r.frame_id = f.id WHERE f.source = ? AND f.monitor = ?"
        " AND f.id >= ?",
        [frame.source, frame.monitor, frame.id],
    ).fetchone()
    return bool(newest == frame.id)


def _kept_lines(db: Database, frame_id: int) -> list[_Kept]:
    row = db.conn.execute("SELECT line_ids FROM readings WHERE frame_id = ?", [frame_id]).fetchone()
    ids = [] if row is None else unpack_ids(row[0])
    marks = ",".join("?" * len(ids))
    rows = db.conn.execute(f"SELECT id, text, x0, y0, x1, y1, confidence FROM lines WHERE id IN ({marks})", ids)
    return [_Kept(row[0], Line(row[1], Box(*row[2:6]), unpack_confidence(row[6]))) for row in rows]


def _shown(lines: Sequence[Line], forgotten: Sequence[Box]) -> Sequence[Line]:
    """Return the lines but those in boxes that were forgotten while the frame was being read."""
    if not forgotten:
        return lines
    return [line for line in lines if not any(_holds_centre(box, line.box) for box in forgotten)]


def _holds_centre(box: Box, other: Box) -> bool:
    x, y = other.centre
    return box.x0 <= x < box.x1 and box.y0 <= y < box.y1


def _near(one: Box, other: Box) -> bool:
    pairs = ((one.x0, other.x0), (one.y0, other.y0), (one.x1, other.x1), (one.y1, other.y1))
    return all(abs(a - b) <= SAME_PLACE_PX for a, b in pairs)


def _ids_of(block: Sequence[Line], kept: Sequence[_Kept]) -> list[int]:
    wanted = {id(line) for line in block}
    return [one.id for one in kept if id(one.line) in wanted]
