"""Which rectangles of a picture are to be read, so that they hold all that is new and cut through nothing.

Pure functions on arrays and boxes.  Dirty tiles are joined to rectangles, these grow until no side of them cuts ink
and no line that touches them sticks out; what comes to overlap is joined.  Called by `ocr.incremental`.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from ocr.shifts import Colours
from ocr.tiles import TILE_PX, Tiles
from timeline.model import Box

MOST_GROWTH_PX = 40  # a side may move so far to leave ink behind: beyond it is a picture or a rule, not a line
STEP_PX = 2
BESIDE = 1.2  # of a line's height: text so near continues the line
SHARED_HEIGHT = 0.3  # of a line's height; lines above and below may touch a patch with their tails
INK_LEVELS = 40  # of 255 in one channel from one pixel to the next; text on any background has such edges
LONGEST_STROKE_PX = 48  # longer straight edges are rules and borders of windows, not letters
JOIN_WASTE_PX = 24_000  # pixels read in vain that are cheaper than reading one more patch


def patches_of(dirty: Tiles, lines: Sequence[Box], picture: Colours) -> list[Box]:
    """Return the rectangles to read: they cover all dirty tiles and whole every line they touch."""
    ink = _Edges(picture)
    return _joined([_grown(box, lines, ink) for box in _rectangles(dirty, picture.shape)], lines, ink)


class _Edges:
    """The edges of ink along one row or column of a picture, found where they are asked for."""

    def __init__(self, picture: Colours) -> None:
        self._bytes = picture.view(np.uint8).reshape(*picture.shape, 4)[..., :3]
        self.height, self.width = picture.shape

    def row_cut(self, y: int, x0: int, x1: int) -> bool:
        """Tell whether letters stand on both sides of the upper edge of a row, between two columns."""
        if y <= 0 or y >= self.height:
            return False
        above = self._steps(self._bytes[y - 1, x0:x1])
        below = self._steps(self._bytes[y, x0:x1])
        return bool(np.any(above & below & ~self._straight_down(y, x0, x1)))

    def column_cut(self, x: int, y0: int, y1: int) -> bool:
        """Tell whether letters stand on both sides of the left edge of a column, between two rows."""
        if x <= 0 or x >= self.width:
            return False
        before = self._steps(self._bytes[y0:y1, x - 1])
        after = self._steps(self._bytes[y0:y1, x])
        return bool(np.any(before & after & ~self._straight_across(x, y0, y1)))

    @staticmethod
    def _steps(run: NDArray[np.uint8]) -> NDArray[np.bool_]:
        steps = np.zeros(len(run), np.bool_)
        change = np.abs(np.diff(run.astype(np.int16), axis=0)).max(axis=1) >= INK_LEVELS
        steps[1:] = change
        steps[:-1] |= change
        return steps

    def _straight_down(self, y: int, x0: int, x1: int) -> NDArray[np.bool_]:
        """Return which columns look the same for as long as no letter does: upright rules."""
        part = self._bytes[max(0, y - LONGEST_STROKE_PX // 2) : y + LONGEST_STROKE_PX // 2, x0:x1]
        straight: NDArray[np.bool_] = np.all(part == part[:1], axis=(0, 2))
        straight[1:] |= straight[:-1]
        straight[:-1] |= straight[1:]
        return straight

    def _straight_across(self, x: int, y0: int, y1: int) -> NDArray[np.bool_]:
        part = self._bytes[y0:y1, max(0, x - LONGEST_STROKE_PX // 2) : x + LONGEST_STROKE_PX // 2]
        straight: NDArray[np.bool_] = np.all(part == part[:, :1], axis=(1, 2))
        straight[1:] |= straight[:-1]
        straight[:-1] |= straight[1:]
        return straight


def _rectangles(dirty: Tiles, shape: tuple[int, ...]) -> list[Box]:
    """Return a box for each group of dirty tiles; words of a line stand a tile apart at most."""
    import cv2

    wide = cv2.dilate(dirty.astype(np.uint8), np.ones((1, 3), np.uint8))
    count, labels = cv2.connectedComponents(wide, connectivity=8)
    boxes = []
    for label in range(1, count):
        ys, xs = np.nonzero((labels == label) & dirty)
        x1, y1 = min(shape[1], (int(xs.max()) + 1) * TILE_PX), min(shape[0], (int(ys.max()) + 1) * TILE_PX)
        boxes.append(Box(int(xs.min()) * TILE_PX, int(ys.min()) * TILE_PX, x1, y1))
    return boxes


def _grown(box: Box, lines: Sequence[Box], ink: _Edges) -> Box:
    """Return the box, larger until it cuts no line that is known and no ink, or as far as it may grow."""
    limit = Box(box.x0 - MOST_GROWTH_PX, box.y0 - MOST_GROWTH_PX, box.x1 + MOST_GROWTH_PX, box.y1 + MOST_GROWTH_PX)
    while True:
        larger = _beyond_ink(_with_lines(box, lines), limit, ink)
        if larger == box:
            return box
        box = larger


def _with_lines(box: Box, lines: Sequence[Box]) -> Box:
    for line in lines:
        if _continues(line, box):
            box = box.union(line)
    return box


def _continues(line: Box, box: Box) -> bool:
    shared = min(line.y1, box.y1) - max(line.y0, box.y0)
    gap = max(line.x0 - box.x1, box.x0 - line.x1)
    return shared > SHARED_HEIGHT * line.height and gap < BESIDE * line.height


def _beyond_ink(box: Box, limit: Box, ink: _Edges) -> Box:
    x0, y0, x1, y1 = box.x0, box.y0, box.x1, box.y1
    while y0 > max(0, limit.y0) and ink.row_cut(y0, x0, x1):
        y0 = max(0, y0 - STEP_PX)
    while y1 < min(ink.height, limit.y1) and ink.row_cut(y1, x0, x1):
        y1 = min(ink.height, y1 + STEP_PX)
    while x0 > max(0, limit.x0) and ink.column_cut(x0, y0, y1):
        x0 = max(0, x0 - STEP_PX)
    while x1 < min(ink.width, limit.x1) and ink.column_cut(x1, y0, y1):
        x1 = min(ink.width, x1 + STEP_PX)
    return Box(x0, y0, x1, y1)


def _joined(boxes: list[Box], lines: Sequence[Box], ink: _Edges) -> list[Box]:
    """Return the boxes, those joined that overlap or lie so near that one reading is cheaper than two."""
    done: list[Box] = []
    while boxes:
        box = boxes.pop()
        other = next((one for one in done if _belong(one, box)), None)
        if other is None:
            done.append(box)
        else:
            done.remove(other)
            boxes.append(_grown(other.union(box), lines, ink))
    return sorted(done, key=lambda box: (box.y0, box.x0))


def _belong(one: Box, other: Box) -> bool:
    both = one.union(other)
    waste = _area(both) - _area(one) - _area(other)
    return one.intersects(other) or waste <= JOIN_WASTE_PX


def _area(box: Box) -> int:
    return box.width * box.height
