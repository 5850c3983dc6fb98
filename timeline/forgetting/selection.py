"""From what is asked to be forgotten to what that comes to: a pure read, for the preview and for the change itself.

Reads rows only, no pixel: timeline.forgetting.neighbours adds what pixels tell.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable

from timeline.database import Database
from timeline.forgetting.plan import NO_NAME, Plan, Selection, Thing
from timeline.forgetting.sightings import Sighted, Sightings
from timeline.forgetting.wording import select_text
from timeline.model import Box, Interval, Window

FILLS = 0.9  # of a frame: a focused window this large is all that the frame shows
_Placed = list[tuple[int, Box]]


def select(db: Database, selection: Selection) -> Plan:
    """Return what goes."""
    if selection.thing is not None:
        return _select_thing(db, selection.thing)
    if selection.text is not None:
        return select_text(db, selection.text, selection.within)
    if selection.excludes is not None:
        return _Windows(db, selection.excludes, selection.within).plan()
    return _select_time(db, selection.within)


def _select_time(db: Database, within: Interval) -> Plan:
    """Drop what began inside; what began before it was seen before it, and ends where the interval begins."""
    run = db.conn.execute
    inside = run("SELECT id FROM frames WHERE start_us >= ? AND start_us < ?", [within.start_us, within.end_us])
    frames = frozenset(frame_id for (frame_id,) in inside)
    before = run("SELECT id FROM frames WHERE start_us < ?1 AND end_us > ?1", [within.start_us])
    return Plan(within, frames, {frame_id: within.start_us for (frame_id,) in before})


def _select_thing(db: Database, thing: Thing) -> Plan:
    run = db.conn.execute
    if thing.kind == "passage":
        return _select_passage(db, thing.id)
    column = "id" if thing.kind == "frame" else "moment_id"
    return Plan(frames=frozenset(row[0] for row in run(f"SELECT id FROM frames WHERE {column} = ?", [thing.id])))


def _select_passage(db: Database, passage_id: int) -> Plan:
    """Take the lines of a passage off all frames on which it stood."""
    seen = Sightings(db)
    lines, boxes = dict[int, frozenset[int]](), dict[int, frozenset[Box]]()
    for span in seen.spans("passage_id", [passage_id]):
        for sighted in seen.between(span.first_frame, span.last_frame):
            if span.id in sighted.spans:
                found = frozenset(seen.lines_on(span, sighted))
                lines[sighted.frame_id] = lines.get(sighted.frame_id, frozenset()) | found
                boxes[sighted.frame_id] = frozenset(seen.line(one)[1] for one in lines[sighted.frame_id])
    return Plan(lines=lines, boxes=boxes)


class _Windows:
    """Windows that a rule tells: their boxes, their lines, their names."""

    def __init__(self, db: Database, excludes: Callable[[Window], bool], within: Interval) -> None:
        self._db, self._within = db, within
        rows = db.conn.execute("SELECT id, app, title, url FROM windows").fetchall()
        self._windows = {row[0] for row in rows if row[1:] != (None, None, None) and excludes(Window(*row[1:]))}
        self._layouts = self._placed()

    def plan(self) -> Plan:
        if not self._windows:
            return Plan(self._within)
        dropped, boxes = set[int](), dict[int, frozenset[Box]]()
        layouts = dict[int, _Placed]()
        frames = self._db.conn.execute(
            "SELECT id, width, height, window_id, layout_id FROM frames WHERE start_us < ? AND end_us > ?",
            [self._within.end_us, self._within.start_us],
        )
        for frame_id, width, height, window_id, layout_id in frames.fetchall():
            focused, placed = window_id in self._windows, self._layouts.get(layout_id)
            if focused and window_id not in {holder for holder, _ in placed or ()}:
                dropped.add(frame_id)  # nobody knows where on it the window stood
                continue
            if placed is None:
                continue
            own = [_clipped(box, width, height) for holder, box in placed if holder in self._windows]
            if focused and max(box.width * box.height for box in own) >= FILLS * width * height:
                dropped.add(frame_id)
            else:
                boxes[frame_id] = frozenset(box for box in own if box.width > 0 and box.height > 0)
                layouts[frame_id] = placed
        names = {one: NO_NAME for one in self._windows if self._is_named_within(one)}
        return Plan(self._within, frozenset(dropped), {}, self._lines(layouts), boxes, names)

    def _placed(self) -> dict[int, _Placed]:
        """Return the layouts that hold one of the windows, the topmost window first."""
        rows = self._db.conn.execute(
            "SELECT layout_id, window_id, x0, y0, x1, y1 FROM layout_windows ORDER BY layout_id, place DESC"
        )
        layouts = defaultdict[int, _Placed](list)
        for layout_id, window_id, *corners in rows:
            layouts[layout_id].append((window_id, Box(*corners)))
        return {
            layout_id: placed
            for layout_id, placed in layouts.items()
            if any(window_id in self._windows for window_id, _ in placed)
        }

    def _lines(self, layouts: dict[int, _Placed]) -> dict[int, frozenset[int]]:
        """Return of each frame the lines whose centre belongs to one of the windows."""
        seen, lines = Sightings(self._db), dict[int, frozenset[int]]()
        for sighted in seen.on(layouts):
            seen.learn(sighted.lines)
            if own := self._own(seen, sighted, layouts[sighted.frame_id]):
                lines[sighted.frame_id] = own
        return lines

    def _own(self, seen: Sightings, sighted: Sighted, placed: _Placed) -> frozenset[int]:
        return frozenset(one for one in sighted.lines if _holder(seen.line(one)[1], placed) in self._windows)

    def _is_named_within(self, window_id: int) -> bool:
        if self._within == Selection().within:
            return True
        found = self._db.conn.execute(
            "SELECT EXISTS (SELECT 1 FROM frames f WHERE f.start_us < ?1 AND f.end_us > ?2 AND (f.window_id = ?3"
            " OR f.layout_id IN (SELECT layout_id FROM layout_windows WHERE window_id = ?3)))",
            [self._within.end_us, self._within.start_us, window_id],
        ).fetchone()
        return bool(found[0])


def _holder(box: Box, placed: _Placed) -> int | None:
    """Return the topmost window that holds the centre of a line, as timeline.readings finds it."""
    x, y = box.centre
    return next((one for one, at in placed if at.x0 <= x < at.x1 and at.y0 <= y < at.y1), None)


def _clipped(box: Box, width: int, height: int) -> Box:
    return Box(max(0, box.x0), max(0, box.y0), max(0, min(width, box.x1)), max(0, min(height, box.y1)))
