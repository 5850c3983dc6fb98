"""What of a picture is known from pictures read before: lines that stand as they stood, or moved, and what is left.

Pure functions on arrays and lines.  A *source* is a page that was read, and a way its pixels may have come into this
picture: not at all changed, moved by a shift, or there again after something else.  Called by `ocr.incremental`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from ocr.shifts import NONE, Shift
from ocr.tiles import Tiles, tiles_of
from timeline.model import Box, Line

MARGIN_PX = 3  # around a line: what is so near can be part of it, so that it must have stayed as well
SAME = 0.5  # of the smaller of two boxes that both share: the lines are one


@dataclass(frozen=True, slots=True)
class Source:
    """Lines that were read, and which tiles of the picture now show, pixel for pixel, what stood around them then."""

    lines: Sequence[Line]
    tiles: Tiles
    stands: Callable[[Box], bool]
    """Whether all that a box held then is in the picture now, moved by the shift."""
    shift: Shift = NONE


@dataclass(frozen=True, slots=True)
class Carried:
    """The lines that need not be read, in the pixels of the picture now, and the tiles that must be."""

    lines: list[Line]
    dirty: Tiles


def carry(sources: Iterable[Source], flat: Tiles, shape: tuple[int, int]) -> Carried:
    """Return what the sources, the most trusted first, tell of a picture (height, width) with these flat tiles."""
    sources = list(sources)
    owner = np.full(flat.shape, -1, np.int8)
    for number, source in enumerate(sources):
        owner[source.tiles & (owner < 0) & ~flat] = number
    lines: list[Line] = []
    partly: list[tuple[Box, int]] = []
    for number, source in enumerate(sources):
        for line in source.lines:
            place = _inside(source.shift.moved(line.box), shape)
            if place is None or (number and not np.any(owner[tiles_of(place)] == number)):
                continue
            if not source.stands(around(line.box)):
                partly.append((place, number))
            elif not any(overlaps(one.box, place) for one in lines):
                lines.append(line.shifted(source.shift.right_px, source.shift.down_px))
    dirty: Tiles = (owner < 0) & ~flat
    for place, number in partly:
        dirty |= _left_of(place, owner == number, lines) & ~flat
    return Carried(lines, dirty)


def _left_of(place: Box, own: Tiles, lines: Sequence[Line]) -> Tiles:
    """Return the tiles of a line that is there in part, where no line that is there whole explains them."""
    left = np.zeros_like(own)
    left[tiles_of(place)] = True
    for line in lines:
        if min(line.box.y1, place.y1) - max(line.box.y0, place.y0) > SAME * min(line.box.height, place.height):
            left[tiles_of(line.box)] = False
    return left if np.any(left & own) else np.zeros_like(own)


def around(box: Box) -> Box:
    """Return a line's box with its margin; it may reach over the picture's edges."""
    return Box(box.x0 - MARGIN_PX, box.y0 - MARGIN_PX, box.x1 + MARGIN_PX, box.y1 + MARGIN_PX)


def overlaps(one: Box, other: Box) -> bool:
    """Tell whether two boxes share so much that they hold the same line."""
    if not one.intersects(other):
        return False
    across = min(one.x1, other.x1) - max(one.x0, other.x0)
    down = min(one.y1, other.y1) - max(one.y0, other.y0)
    return across * down > SAME * min(one.width * one.height, other.width * other.height)


def _inside(box: Box, shape: tuple[int, int]) -> Box | None:
    clipped = Box(max(0, box.x0), max(0, box.y0), min(shape[1], box.x1), min(shape[0], box.y1))
    return clipped if clipped.x0 < clipped.x1 and clipped.y0 < clipped.y1 else None
