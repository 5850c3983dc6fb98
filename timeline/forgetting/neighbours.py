"""Frames beside those on which a text was read: they may show it too, misread, still to be read, or half typed.

Looks at pixels, so it is called before the change, and by no reader.  Walks from each hidden box to the frames before
and after of the same screen, as long as these show the same pixels there or the beginning of the text.
"""

from __future__ import annotations

from collections import OrderedDict, defaultdict
from collections.abc import Callable

from timeline.database import Database
from timeline.errors import UnreadablePicture
from timeline.forgetting.folding import fold, half_typed
from timeline.forgetting.plan import Plan
from timeline.forgetting.sightings import Sighted, Sightings
from timeline.likeness import least_likeness
from timeline.model import Box, Picture

LEAST_LIKENESS = 0.5  # of a box in two frames: it shows the same, whatever was read
MOST_PICTURES = 6  # kept while they are compared: a frame beside many boxes is decoded once
Look = Callable[[int], Picture]
"""Returns the picture of a frame by its id.  Raises UnreadablePicture."""


class Neighbours:
    """Finds what else shows the boxes of a plan."""

    def __init__(self, db: Database, look: Look, wanted: str | None) -> None:
        """`wanted`: the text that goes; None when that is not known, then only pixels tell."""
        self._db, self._look, self._seen = db, look, Sightings(db)
        self._typed = None if wanted is None else half_typed(fold(wanted))
        self._pictures: OrderedDict[int, Picture | None] = OrderedDict()

    def added(self, plan: Plan) -> Plan:
        """Return a plan with the boxes and lines of these frames as well."""
        boxes = defaultdict(set, {frame_id: set(some) for frame_id, some in plan.boxes.items()})
        lines = defaultdict(set, {frame_id: set(some) for frame_id, some in plan.lines.items()})
        left = [(frame_id, box) for frame_id in sorted(boxes) for box in boxes[frame_id]]
        while left:
            frame_id, box = left.pop()
            for other in self._beside(frame_id):
                if other in plan.frames or any(_holds(one, box) for one in boxes[other]):
                    continue
                new, gone = self._shown(frame_id, other, box)
                new -= boxes[other]  # else two frames on which a line lies a pixel apart would ask each other for ever
                lines[other] |= gone
                boxes[other] |= new
                left += [(other, one) for one in new]
        return Plan(
            plan.within,
            plan.frames,
            plan.cuts,
            {frame_id: frozenset(some) for frame_id, some in lines.items() if some},
            {frame_id: frozenset(some) for frame_id, some in boxes.items() if some},
            plan.names,
        )

    def _shown(self, frame_id: int, other: int, box: Box) -> tuple[set[Box], set[int]]:
        """Return the boxes and lines that go on a frame beside one that shows something in a box."""
        new, gone = set[Box](), set[int]()
        for line_id in self._lines(other):
            text, at = self._seen.line(line_id)
            if not at.intersects(box):
                continue
            if self._typed is not None and self._typed in fold(text):
                new.add(at)
                gone.add(line_id)
        if not new and self._same(frame_id, other, box):
            new.add(box)
            gone = {one for one in self._lines(other) if _inside(self._seen.line(one)[1], box)}
        return new, gone

    def _same(self, frame_id: int, other: int, box: Box) -> bool:
        one, two = self._picture(frame_id), self._picture(other)
        if one is None or two is None or one.shape != two.shape:
            return False
        part = (slice(max(0, box.y0), box.y1), slice(max(0, box.x0), box.x1))
        return one[part].size > 0 and least_likeness(one[part], two[part]) >= LEAST_LIKENESS

    def _picture(self, frame_id: int) -> Picture | None:
        if frame_id not in self._pictures:
            try:
                self._pictures[frame_id] = self._look(frame_id)
            except UnreadablePicture:
                self._pictures[frame_id] = None
            while len(self._pictures) > MOST_PICTURES:
                self._pictures.popitem(last=False)
        self._pictures.move_to_end(frame_id)
        return self._pictures[frame_id]

    def _lines(self, frame_id: int) -> list[int]:
        sighted: Sighted | None = next(self._seen.on([frame_id]), None)
        if sighted is None:
            return []
        self._seen.learn(sighted.lines)
        return sighted.lines

    def _beside(self, frame_id: int) -> list[int]:
        """Return the frames before and after on the same monitor."""
        rows = self._db.conn.execute(
            "SELECT max(o.id) FROM frames f JOIN frames o ON o.source = f.source AND o.monitor = f.monitor"
            " AND o.id < f.id WHERE f.id = ?1 UNION ALL"
            " SELECT min(o.id) FROM frames f JOIN frames o ON o.source = f.source AND o.monitor = f.monitor"
            " AND o.id > f.id WHERE f.id = ?1",
            [frame_id],
        )
        return [one for (one,) in rows.fetchall() if one is not None]


def _holds(outer: Box, inner: Box) -> bool:
    return outer.x0 <= inner.x0 and outer.y0 <= inner.y0 and outer.x1 >= inner.x1 and outer.y1 >= inner.y1


def _inside(line: Box, box: Box) -> bool:
    x, y = line.centre
    return box.x0 <= x < box.x1 and box.y0 <= y < box.y1
