"""The passages of one frame on their way into the store, and the spans during which they stand on the screen.

Owns the tables passages and passage_spans.  Called by timeline.readings, inside its transaction.  The text of a passage
is stored once, as its lines: in its own row it is empty, but in stores of schema 2.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from timeline.clock import SECOND_US, at_offset
from timeline.database import Database
from timeline.model import Frame, Line
from timeline.packing import pack_ids, unpack_ids
from timeline.passages import joined, passage_text, text_hash
from timeline.writer import SCREEN_PAUSE_US, next_id

GROWN_LEAST_SHARE = 0.25  # of the new text: a passage of which less was there before is another one
TYPING_US = 10 * SECOND_US  # a text that stood longer before it grew is kept beside the grown one
NEXT_CHANGE = (  # above any that was ever given, also to a passage that was forgotten
    "(SELECT 1 + max(ifnull((SELECT max(changed) FROM passages), 0), value) FROM highest WHERE what = 'changed')"
)


@dataclass(frozen=True, slots=True)
class _Block:
    """A passage as it stands on the frame."""

    window_id: int
    text: str
    digest: bytes
    line_ids: Sequence[int]


@dataclass(frozen=True, slots=True)
class _Standing:
    """A span that reached to the frame before."""

    span_id: int
    passage_id: int
    window_id: int
    day: str
    text: str
    digest: bytes
    start_us: int


class PassageSpans:
    """Lets the passages of the frame before stand on, and begins spans for new ones."""

    def __init__(self, db: Database, frame: Frame, before: Frame | None) -> None:
        self._db, self._frame = db, frame
        self._day = at_offset(frame.start_us, frame.offset_s).date().isoformat()
        self._standing = self._spans_of(before) if before is not None and _goes_on(before, frame) else {}
        self._blocks: list[_Block] = []

    def keep(self, window_id: int, lines: Sequence[Line], line_ids: Sequence[int]) -> None:
        """Take a passage of a window, in reading order; it is stored by `finish`.  A second copy adds nothing."""
        text = passage_text(lines)
        block = _Block(window_id, text, text_hash(text), line_ids)
        if all((one.window_id, one.digest) != (window_id, block.digest) for one in self._blocks):
            self._blocks.append(block)

    def finish(self) -> list[int]:
        """Store the passages and return the ids of their spans, in reading order.

        What stood on the frame before stands on; what only grew since then takes its place; all else is a new span.
        """
        same = [self._standing.pop((block.window_id, block.digest), None) for block in self._blocks]
        return [
            self._begin(block) if standing is None else self._stand_on(standing.span_id, block)
            for block, standing in zip(self._blocks, same, strict=True)
        ]

    def _spans_of(self, before: Frame) -> dict[tuple[int, bytes], _Standing]:
        rows = self._db.conn.execute(
            "SELECT s.id, p.id, p.window_id, p.day, p.text, p.text_hash, s.start_us, s.line_ids FROM passage_spans s"
            " JOIN passages p ON p.id = s.passage_id WHERE s.frame_id = ?",
            [before.id],
        )
        return {
            (window_id, digest): _Standing(
                span_id, passage_id, window_id, day, text or self._text_of(line_ids), digest, start_us
            )
            for span_id, passage_id, window_id, day, text, digest, start_us, line_ids in rows.fetchall()
        }

    def _text_of(self, line_ids: bytes) -> str:
        ids = unpack_ids(line_ids)
        marks = ",".join("?" * len(ids))
        texts = dict(self._db.conn.execute(f"SELECT id, text FROM lines WHERE id IN ({marks})", ids).fetchall())
        return joined(texts[one] for one in ids)

    def _begin(self, block: _Block) -> int:
        grown = next((span for span in self._standing.values() if _grew(span, block)), None)
        if grown is not None and self._may_be_replaced(grown, block):
            del self._standing[grown.window_id, grown.digest]
            return self._replace(grown, block)
        return self._add_span(self._find(block) or self._add_passage(block), block)

    def _may_be_replaced(self, grown: _Standing, block: _Block) -> bool:
        """Tell whether a passage was only being typed: it stood shortly, once, today; its grown text is not stored."""
        if grown.day != self._day or self._frame.start_us - grown.start_us > TYPING_US:
            return False
        (spans,) = self._db.conn.execute(
            "SELECT count(*) FROM passage_spans WHERE passage_id = ?", [grown.passage_id]
        ).fetchone()
        return spans == 1 and self._find(block) is None

    def _replace(self, grown: _Standing, block: _Block) -> int:
        run = self._db.conn.execute
        run(
            f"UPDATE passages SET text = '', text_hash = ?, changed = {NEXT_CHANGE} WHERE id = ?",
            [block.digest, grown.passage_id],
        )
        # All of a text stood on the screen during all of its span: the grown one from this frame on.
        run(
            "UPDATE passage_spans SET first_frame = ?, start_us = ?, end_us = ? WHERE id = ?",
            [self._frame.id, self._frame.start_us, self._frame.end_us, grown.span_id],
        )
        return self._stand_on(grown.span_id, block)

    def _find(self, block: _Block) -> int | None:
        row = self._db.conn.execute(
            "SELECT id FROM passages WHERE window_id = ?1 AND substr(text_hash, 1, 4) = substr(?2, 1, 4)"  # its index
            " AND text_hash = ?2 AND day = ?3",
            [block.window_id, block.digest, self._day],
        ).fetchone()
        return None if row is None else int(row[0])

    def _add_passage(self, block: _Block) -> int:
        cursor = self._db.conn.execute(
            "INSERT INTO passages (id, window_id, day, text, text_hash, changed)"
            f" VALUES ({next_id('passages')}, ?, ?, '', ?, {NEXT_CHANGE})",
            [block.window_id, self._day, block.digest],
        )
        return int(cursor.lastrowid or 0)

    def _stand_on(self, span_id: int, block: _Block) -> int:
        self._db.conn.execute(
            "UPDATE passage_spans SET frame_id = ?, end_us = max(end_us, ?), line_ids = ? WHERE id = ?",
            [self._frame.id, self._frame.end_us, pack_ids(block.line_ids), span_id],
        )
        return span_id

    def _add_span(self, passage_id: int, block: _Block) -> int:
        frame = self._frame
        cursor = self._db.conn.execute(
            "INSERT INTO passage_spans"
            " (passage_id, monitor, first_frame, frame_id, start_us, end_us, offset_s, line_ids)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            (passage_id, frame.monitor, frame.id, frame.id, frame.start_us, frame.end_us, frame.offset_s,
             pack_ids(block.line_ids)),
        )  # fmt: skip
        return int(cursor.lastrowid or 0)


def _goes_on(before: Frame, frame: Frame) -> bool:
    """Tell whether what stood on the frame before may be said to have stood until this one."""
    return before.start_us <= frame.start_us <= before.end_us + SCREEN_PAUSE_US


def _grew(standing: _Standing, block: _Block) -> bool:
    """Tell whether a text is an older one of its window with something typed on or into it at one place."""
    old, new = " ".join(standing.text.split()), " ".join(block.text.split())
    if standing.window_id != block.window_id or not GROWN_LEAST_SHARE * len(new) <= len(old) < len(new):
        return False
    head = next((n for n, (a, b) in enumerate(zip(old, new, strict=False)) if a != b), len(old))
    return new.endswith(old[head:])
