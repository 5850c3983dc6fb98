"""What of a picture is known from pictures read before: lines that stand as they stood, or moved, and what is left.

Pure functions on arrays and lines.  A *source* is a page that was read, and a way its pixels may have come into this
picture: not at all changed, moved by a shift, or there again after something else.  Called by `ocr.incremental`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import reduce

import numpy as np

from ocr.shifts import NONE, Shift
from ocr.tiles import Tiles, tiles_of
from timeline.model import Box, Line

MARGIN_PX = 3  # around a line: what is so near can be part of it, so that it must have stayed as well
LEGIBLE = 0.75  # of a line's height: of what an edge of the picture leaves of it, less makes no words
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
    found = [_found(source, shape) for source in sources]
    owner = np.full(flat.shape, -1, np.int8)
    for number, one in enumerate(found):
        owner[one.sound & (owner < 0) & ~flat] = number
    lines: list[Line] = []
    for number, one in enumerate(found):
        asked = [line for line in one.whole if not number or np.any(owner[tiles_of(line.box)] == number)]
        lines = _with(lines, asked)
    dirty: Tiles = ~flat
    for one in found:
        dirty &= ~one.tiles
    for one in found:
        for place in one.broken:
            dirty |= _left_of(place, lines, flat.shape) & one.tiles & (owner < 0) & ~flat
    return Carried(lines, dirty)


@dataclass(frozen=True, slots=True)
class _Found:
    """What one source tells of a picture: lines that are there whole, and places of those that are not."""

    whole: list[Line]
    broken: list[Box]
    tiles: Tiles
    sound: Tiles
    """Tiles that look as they did, and hold nothing of a line that does not."""


def _found(source: Source, shape: tuple[int, int]) -> _Found:
    whole: list[Line] = []
    broken: list[Box] = []
    sound = source.tiles.copy()
    for line in source.lines:
        place = _inside(source.shift.moved(line.box), shape)
        if place is None or place.height < LEGIBLE * line.box.height:
            continue
        if source.stands(around(line.box)):
            whole.append(line.shifted(source.shift.right_px, source.shift.down_px))
        else:
            broken.append(place)
            sound[tiles_of(place)] = False
    return _Found(whole, broken, source.tiles, sound)


def _with(lines: list[Line], others: Sequence[Line]) -> list[Line]:
    """Return the lines and those of another source that add to them; what one source tells apart stays apart."""
    added: list[Line] = []
    for line in others:
        shared = [one for one in lines if overlaps(one.box, line.box)]
        if all(_is_piece(one.box, line.box) for one in shared):  # of a line that was covered in part, and is whole
            lines = [one for one in lines if one not in shared]
            added.append(line)
    return lines + added


def _left_of(place: Box, lines: Sequence[Line], shape: tuple[int, ...]) -> Tiles:
    """Return the tiles of a line that is there in part, where no line that is there whole explains them."""
    left = np.zeros(shape, np.bool_)
    left[tiles_of(place)] = True
    for line in lines:
        if min(line.box.y1, place.y1) - max(line.box.y0, place.y0) > SAME * min(line.box.height, place.height):
            left[tiles_of(line.box)] = False
    return left


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


def joined_parts(found: Iterable[Line], lines: Sequence[Line]) -> list[Box]:
    """Return what must be read in one: where a line that was found runs into lines that are known, all of them.

    Engines join or part the words of a row by what they see around them, so a known line may be the head of a new one.
    """
    parts: list[Box] = []
    for line in found:
        met = [other.box for other in lines if _runs_into(line.box, other.box)]
        if met:
            part = reduce(Box.union, met, line.box)
            near = [one for one in parts if one.intersects(part)]
            parts = [one for one in parts if one not in near] + [reduce(Box.union, near, part)]
    return parts


def _runs_into(box: Box, other: Box) -> bool:
    """Tell whether a box holds a part of another in its row, and something beside it."""
    across = min(box.x1, other.x1) - max(box.x0, other.x0)
    down = min(box.y1, other.y1) - max(box.y0, other.y0)
    beside = box.x0 < other.x0 - MARGIN_PX or box.x1 > other.x1 + MARGIN_PX
    return across > MARGIN_PX and down > SAME * min(box.height, other.height) and beside


def _is_piece(box: Box, of: Box) -> bool:
    """Tell whether a box is a part of another, and clearly shorter: more than the margin that readings differ by."""
    return of.width - box.width > MARGIN_PX and of.x0 <= box.x0 + MARGIN_PX and box.x1 <= of.x1 + MARGIN_PX


def _inside(box: Box, shape: tuple[int, int]) -> Box | None:
    clipped = Box(max(0, box.x0), max(0, box.y0), min(shape[1], box.x1), min(shape[0], box.y1))
    return clipped if clipped.x0 < clipped.x1 and clipped.y0 < clipped.y1 else None
