"""Passages, lines and moments without what goes: spans and moments are cut where frames are missing.

Part of the transaction of timeline.forgetting.applying, before the rows of frames go.  A passage that loses some of its
lines is another one from then on; one that loses all goes.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from timeline.database import Database
from timeline.forgetting.plan import Plan
from timeline.forgetting.sightings import Sighted, Sightings, SpanRow
from timeline.packing import pack_ids
from timeline.passages import joined, text_hash
from timeline.spans import NEXT_CHANGE
from timeline.writer import next_id


@dataclass(slots=True)
class _Run:
    """Frames in a row on which a span goes on; `text` is what is left of its passage, None: all."""

    text: str | None
    frames: list[int] = field(default_factory=list)


class Severing:
    """Cuts what was read on frames along a plan."""

    def __init__(self, db: Database, plan: Plan) -> None:
        self._db, self._plan, self._seen = db, plan, Sightings(db)
        self._sighted: dict[int, Sighted] = {}
        self._frames_of = defaultdict[int, list[int]](list)
        self._new_spans: dict[int, dict[int, int | None]] = {}

    def cut_readings(self) -> None:
        """Cut spans, passages, readings and lines."""
        plan = self._plan
        touched = {one.frame_id: one for one in self._seen.on(plan.frames | plan.lines.keys() | plan.cuts.keys())}
        spans = self._seen.spans("id", {span for one in touched.values() for span in one.spans})
        self._sighted = self._all_of(spans) | touched
        for frame_id in sorted(self._sighted):
            for span_id in self._sighted[frame_id].spans:
                self._frames_of[span_id].append(frame_id)
        for span in spans:
            self._cut(span)
        self._write_readings()
        self._drop_passages({span.passage_id for span in spans})
        gone = {line for some in plan.lines.values() for line in some}
        self._drop_lines(gone.union(*(touched[one].lines for one in plan.frames & touched.keys())))

    def cut_moments(self) -> list[int]:
        """Cut moments and return those that hold no frame any more; they go once their frames have gone."""
        plan, empty = self._plan, list[int]()
        statement = "SELECT DISTINCT moment_id FROM frames WHERE id IN ({})"
        moments = {row[0] for row in self._seen.rows(statement, plan.frames | plan.cuts.keys())}
        for moment_id, first, last in list(
            self._seen.rows("SELECT id, first_frame, last_frame FROM moments WHERE id IN ({})", moments)
        ):
            ids = [
                row[0]
                for row in self._db.conn.execute(
                    "SELECT id FROM frames WHERE id BETWEEN ? AND ? AND moment_id = ? ORDER BY id",
                    [first, last, moment_id],
                )
            ]
            runs = _unbroken(ids, plan.frames)
            if runs:
                self._keep_moment(moment_id, runs)
            else:
                empty.append(moment_id)
        return empty

    def _all_of(self, spans: Sequence[SpanRow]) -> dict[int, Sighted]:
        """Return what was read on all frames of some spans."""
        if not spans:
            return {}
        wanted = {span.id for span in spans}
        first, last = min(span.first_frame for span in spans), max(span.last_frame for span in spans)
        return {one.frame_id: one for one in self._seen.between(first, last) if not wanted.isdisjoint(one.spans)}

    def _cut(self, span: SpanRow) -> None:
        named = self._frames_of[span.id]  # also those on which it was still being typed: before its first
        frames = [one for one in named if span.first_frame <= one <= span.last_frame]
        runs = self._runs(span, frames)
        kept = next((run for run in runs if run.text is None), runs[0] if runs else None)
        for run in runs:
            span_id = self._put(span, run, span.id if run is kept else None)
            self._move(span.id, run.frames, span_id)
        if kept is None:
            self._db.conn.execute("DELETE FROM passage_spans WHERE id = ?", [span.id])
            self._move(span.id, named, None)
        else:
            stood = {one for run in runs for one in run.frames}
            self._move(span.id, [one for one in frames if one not in stood], None)

    def _runs(self, span: SpanRow, frames: Iterable[int]) -> list[_Run]:
        runs, current = list[_Run](), None
        for frame_id in frames:
            text = self._left(span, self._sighted[frame_id])
            if frame_id in self._plan.frames or text == "":
                current = None
                continue
            if current is None or current.text != text:
                current = _Run(text)
                runs.append(current)
            current.frames.append(frame_id)
        return runs

    def _left(self, span: SpanRow, sighted: Sighted) -> str | None:
        """Return what is left of a passage on a frame; None for all of it."""
        gone = self._plan.lines.get(sighted.frame_id)
        if gone is None:
            return None
        lines = self._seen.lines_on(span, sighted)
        left = [one for one in lines if one not in gone]
        if len(left) == len(lines):
            return None
        return joined(self._seen.line(one)[0] for one in left)

    def _put(self, span: SpanRow, run: _Run, span_id: int | None) -> int:
        """Store one run as a span, in the place of the old one or beside it, and return its id."""
        first, last = run.frames[0], run.frames[-1]
        start_us, offset_s = self._frame(first, "start_us, offset_s")
        (end_us,) = self._frame(last, "end_us")
        passage_id = span.passage_id if run.text is None else self._passage(span.passage_id, run.text)
        gone = self._plan.lines.get(last, frozenset())
        lines = pack_ids([one for one in self._seen.lines_on(span, self._sighted[last]) if one not in gone])
        if first == span.first_frame:
            start_us, offset_s = span.start_us, span.offset_s
        if last == span.last_frame and last not in self._plan.cuts:
            end_us = span.end_us
        values = [passage_id, span.monitor, first, last, start_us, max(end_us, start_us + 1), offset_s, lines]
        cursor = self._db.conn.execute("INSERT OR REPLACE INTO passage_spans VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
                                       [span_id, *values])  # fmt: skip
        return int(cursor.lastrowid or 0) if span_id is None else span_id

    def _passage(self, old_id: int, text: str) -> int:
        """Return the passage of a text, made when there is none, of the window and day of another."""
        run, digest = self._db.conn.execute, text_hash(text)
        window_id, day = run("SELECT window_id, day FROM passages WHERE id = ?", [old_id]).fetchone()
        known = run(
            "SELECT id FROM passages WHERE window_id = ?1 AND substr(text_hash, 1, 4) = substr(?2, 1, 4)"
            " AND text_hash = ?2 AND day = ?3",
            [window_id, digest, day],
        ).fetchone()
        if known is not None:
            return int(known[0])
        cursor = run(
            "INSERT INTO passages (id, window_id, day, text, text_hash, changed)"
            f" VALUES ({next_id('passages')}, ?, ?, '', ?, {NEXT_CHANGE})",
            [window_id, day, digest],
        )
        return int(cursor.lastrowid or 0)

    def _move(self, old_span: int, frames: Iterable[int], span_id: int | None) -> None:
        for frame_id in frames:
            self._new_spans.setdefault(frame_id, {})[old_span] = span_id

    def _write_readings(self) -> None:
        for frame_id in self._new_spans.keys() | self._plan.lines.keys():
            one = self._sighted.get(frame_id)
            if one is None or frame_id in self._plan.frames:
                continue
            gone, moved = self._plan.lines.get(frame_id, frozenset()), self._new_spans.get(frame_id, {})
            lines = [line for line in one.lines if line not in gone]
            spans = [moved.get(span, span) for span in one.spans]
            self._db.conn.execute(
                "UPDATE readings SET line_ids = ?, span_ids = ? WHERE frame_id = ?",
                [pack_ids(lines), pack_ids([span for span in spans if span is not None]), frame_id],
            )

    def _drop_passages(self, passage_ids: Iterable[int]) -> None:
        self._db.conn.executemany(
            "DELETE FROM passages WHERE id = ?1 AND NOT EXISTS (SELECT 1 FROM passage_spans WHERE passage_id = ?1)",
            [(one,) for one in passage_ids],
        )

    def _drop_lines(self, line_ids: set[int]) -> None:
        """Remove lines that stand on no frame any more; the others stand from their first to their last one."""
        rows = list(self._seen.rows("SELECT first_frame, last_frame FROM lines WHERE id IN ({})", line_ids))
        if not rows:
            return
        stood = dict[int, tuple[int, int]]()
        for one in self._seen.between(min(row[0] for row in rows), max(row[1] for row in rows)):
            if one.frame_id not in self._plan.frames:
                for line in line_ids.intersection(one.lines):
                    stood[line] = (stood.get(line, (one.frame_id,))[0], one.frame_id)
        run = self._db.conn.executemany
        run("DELETE FROM lines WHERE id = ?", [(one,) for one in line_ids - stood.keys()])
        run("UPDATE lines SET first_frame = ?, last_frame = ? WHERE id = ?",
            [(*frames, line) for line, frames in stood.items()])  # fmt: skip

    def _keep_moment(self, moment_id: int, runs: Sequence[Sequence[int]]) -> None:
        run = self._db.conn.execute
        for number, frames in enumerate(runs):
            target = moment_id
            if number:
                target = int(run(
                    "INSERT INTO moments (monitor, source, window_id, start_us, end_us, offset_s, first_frame,"
                    " last_frame) SELECT monitor, source, window_id, 0, 0, 0, 0, 0 FROM moments WHERE id = ?",
                    [moment_id],
                ).lastrowid or 0)  # fmt: skip
                self._db.conn.executemany("UPDATE frames SET moment_id = ? WHERE id = ?",
                                          [(target, one) for one in frames])  # fmt: skip
            start_us, offset_s = self._frame(frames[0], "start_us, offset_s")
            (end_us,) = run("SELECT max(end_us) FROM frames WHERE id BETWEEN ? AND ? AND moment_id = ?",
                            [frames[0], frames[-1], target]).fetchone()  # fmt: skip
            run("UPDATE moments SET start_us = ?, end_us = ?, offset_s = ?, first_frame = ?, last_frame = ?"
                " WHERE id = ?", [start_us, end_us, offset_s, frames[0], frames[-1], target])  # fmt: skip

    def _frame(self, frame_id: int, columns: str) -> tuple[int, ...]:
        found: tuple[int, ...] = self._db.conn.execute(
            f"SELECT {columns} FROM frames WHERE id = ?", [frame_id]
        ).fetchone()
        return found


def _unbroken(ids: Iterable[int], missing: frozenset[int]) -> list[list[int]]:
    """Return ids in runs that end where one is missing."""
    runs: list[list[int]] = [[]]
    for one in ids:
        if one not in missing:
            runs[-1].append(one)
        elif runs[-1]:
            runs.append([])
    return [run for run in runs if run]
