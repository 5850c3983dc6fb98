"""What could be read on a frame, kept: lines, passages and the spans during which they stood on the screen.

Owns the tables lines, readings, passages and passage_spans, and the rule that ends a moment of an unknown window.  The
worker calls `keep_reading` for each frame in the order the frames were committed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from timeline.clock import at_offset
from timeline.database import Database, Row, transaction
from timeline.model import Box, Frame, Line
from timeline.packing import pack_ids, pack_words, unpack_ids
from timeline.passages import build_passages, passage_text, text_hash
from timeline.rows import FRAME_QUERY, frame_of
from timeline.writer import SCREEN_PAUSE_US, Writer

SAME_PLACE_PX = 2  # engines move a box by a pixel or two when something beside it changed
NEW_TEXT_SHARE = 0.1  # where no window is known, a frame that keeps less of the lines begins another moment
GROWN_LEAST_SHARE = 0.25  # of the new text: a passage of which less was there before is another one


@dataclass(frozen=True, slots=True)
class _Kept:
    """A line as it is stored."""

    id: int
    line: Line


class Readings:
    """Keeps what was read, on a writer's connection."""

    def __init__(self, writer: Writer) -> None:
        self._db = writer.db

    def keep_reading(self, frame_id: int, lines: Sequence[Line]) -> None:
        """Store the lines of a frame in reading order and its passages; its job becomes `read`.  One transaction."""
        with transaction(self._db):
            frame = _frame(self._db, frame_id)
            before = _frame_before(self._db, frame)
            kept, carried = self._keep_lines(frame, before, lines)
            self._run("INSERT OR REPLACE INTO readings VALUES (?, ?)", frame_id, pack_ids([one.id for one in kept]))
            if before is not None and self._text_is_new(frame, before, kept, carried):
                frame = self._split_moment(frame)
            passages = _Passages(self._db, frame, before)
            for block in build_passages([one.line for one in kept]):
                ids = _ids_of(block, kept)
                passages.keep(block, ids)
            passages.finish()
            self._run("UPDATE jobs SET state = 'read', error = NULL WHERE frame_id = ?", frame_id)

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
                round(line.confidence, 3),
                pack_words(line),
                frame_id,
                frame_id,
            ),
        )
        return int(cursor.lastrowid or 0)

    def _text_is_new(self, frame: Frame, before: Frame, kept: Sequence[_Kept], carried: int) -> bool:
        """Tell whether a frame of an unknown window shows nearly wholly other text than the one before."""
        if frame.window.app or frame.window.title or frame.moment_id != before.moment_id or not kept:
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
        return _frame(self._db, frame.id)

    def _run(self, statement: str, *values: object) -> None:
        self._db.conn.execute(statement, values)


class _Passages:
    """The passages of one frame on their way into the store."""

    def __init__(self, db: Database, frame: Frame, before: Frame | None) -> None:
        self._db, self._frame = db, frame
        self._day = at_offset(frame.start_us, frame.offset_s).date().isoformat()
        (self._window_id,) = db.conn.execute("SELECT window_id FROM frames WHERE id = ?", [frame.id]).fetchone()
        self._standing = self._spans_of(before) if before is not None and _goes_on(before, frame) else {}
        self._new: list[tuple[str, bytes, list[int]]] = []

    def _spans_of(self, before: Frame) -> dict[bytes, Row]:
        """Return the spans that stood on the frame before: text hash -> (span id, passage id, text)."""
        rows = self._db.conn.execute(
            "SELECT p.text_hash, s.id, p.id, p.text FROM passage_spans s JOIN passages p ON p.id = s.passage_id"
            " WHERE s.frame_id = ?",
            [before.id],
        )
        return {row[0]: row[1:] for row in rows}

    def keep(self, block: Sequence[Line], line_ids: Sequence[int]) -> None:
        """Let a passage stand on, or remember it as new."""
        text = passage_text(block)
        digest = text_hash(text)
        span = self._standing.pop(digest, None)
        if span is None:
            self._new.append((text, digest, list(line_ids)))
        else:
            self._stand_on(span[0], line_ids)

    def finish(self) -> None:
        """Store the new passages; one that only grew since the frame before takes its place."""
        for text, digest, line_ids in self._new:
            grown = next((key for key, span in self._standing.items() if self._grew(span, text)), None)
            if grown is None or not self._replace(self._standing.pop(grown), text, digest, line_ids):
                self._add_span(self._passage(text, digest), line_ids)

    def _grew(self, span: Row, text: str) -> bool:
        """Tell whether a text is an older one with something typed on or into it at one place."""
        old, new = " ".join(span[2].split()), " ".join(text.split())
        if not GROWN_LEAST_SHARE * len(new) <= len(old) < len(new):
            return False
        head = next((n for n, (a, b) in enumerate(zip(old, new, strict=False)) if a != b), len(old))
        return new.endswith(old[head:])

    def _replace(self, span: Row, text: str, digest: bytes, line_ids: Sequence[int]) -> bool:
        """Give a passage its grown text; not when it stood at other times or the grown one exists already."""
        span_id, passage_id, _ = span
        run = self._db.conn.execute
        (spans,) = run("SELECT count(*) FROM passage_spans WHERE passage_id = ?", [passage_id]).fetchone()
        if spans > 1 or self._find(digest) is not None:
            return False
        run(
            f"UPDATE passages SET text = ?, text_hash = ?, changed = {_NEXT_CHANGE} WHERE id = ?",
            [text, digest, passage_id],
        )
        self._stand_on(span_id, line_ids)
        return True

    def _find(self, digest: bytes) -> int | None:
        row = self._db.conn.execute(
            "SELECT id FROM passages WHERE day = ? AND window_id = ? AND text_hash = ?",
            [self._day, self._window_id, digest],
        ).fetchone()
        return None if row is None else int(row[0])

    def _passage(self, text: str, digest: bytes) -> int:
        found = self._find(digest)
        if found is not None:
            return found
        cursor = self._db.conn.execute(
            f"INSERT INTO passages (window_id, day, text, text_hash, changed) VALUES (?, ?, ?, ?, {_NEXT_CHANGE})",
            [self._window_id, self._day, text, digest],
        )
        return int(cursor.lastrowid or 0)

    def _stand_on(self, span_id: int, line_ids: Sequence[int]) -> None:
        self._db.conn.execute(
            "UPDATE passage_spans SET frame_id = ?, end_us = max(end_us, ?), line_ids = ? WHERE id = ?",
            [self._frame.id, self._frame.end_us, pack_ids(line_ids), span_id],
        )

    def _add_span(self, passage_id: int, line_ids: Sequence[int]) -> None:
        frame = self._frame
        self._db.conn.execute(
            "INSERT INTO passage_spans"
            " (passage_id, monitor, first_frame, frame_id, start_us, end_us, offset_s, line_ids)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            (
                passage_id,
                frame.monitor,
                frame.id,
                frame.id,
                frame.start_us,
                frame.end_us,
                frame.offset_s,
                pack_ids(line_ids),
            ),
        )


_NEXT_CHANGE = "(SELECT ifnull(max(changed), 0) + 1 FROM passages)"


def _frame(db: Database, frame_id: int) -> Frame:
    return frame_of(db.conn.execute(f"{FRAME_QUERY} WHERE f.id = ?", [frame_id]).fetchone())


def _frame_before(db: Database, frame: Frame) -> Frame | None:
    """Return the frame committed before this one on the same monitor, when it was read."""
    row = db.conn.execute(
        f"{FRAME_QUERY} JOIN readings r ON r.frame_id = f.id"
        " WHERE f.source = ? AND f.monitor = ? AND f.id < ? ORDER BY f.id DESC LIMIT 1",
        [frame.source, frame.monitor, frame.id],
    ).fetchone()
    return None if row is None else frame_of(row)


def _kept_lines(db: Database, frame_id: int) -> list[_Kept]:
    row = db.conn.execute("SELECT line_ids FROM readings WHERE frame_id = ?", [frame_id]).fetchone()
    ids = [] if row is None else unpack_ids(row[0])
    marks = ",".join("?" * len(ids))
    rows = db.conn.execute(f"SELECT id, text, x0, y0, x1, y1, confidence FROM lines WHERE id IN ({marks})", ids)
    return [_Kept(row[0], Line(row[1], Box(*row[2:6]), row[6])) for row in rows]


def _goes_on(before: Frame, frame: Frame) -> bool:
    """Tell whether what stood on the frame before may be said to have stood until this one."""
    return before.moment_id == frame.moment_id and frame.start_us - before.end_us <= SCREEN_PAUSE_US


def _near(one: Box, other: Box) -> bool:
    pairs = ((one.x0, other.x0), (one.y0, other.y0), (one.x1, other.x1), (one.y1, other.y1))
    return all(abs(a - b) <= SAME_PLACE_PX for a, b in pairs)


def _ids_of(block: Sequence[Line], kept: Sequence[_Kept]) -> list[int]:
    wanted = {id(line) for line in block}
    return [one.id for one in kept if id(one.line) in wanted]
