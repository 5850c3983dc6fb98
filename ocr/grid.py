"""Small text on a wide picture: parts of it that detection sees at full size, and lines that reach over several.

Pure: sizes and boxes in, boxes out.  A picture wider than `ocr.bands.WIDTH` is scaled down for detection, which is as
good where its text is large (a 4K screen at scale 2) and loses a tenth of the words where it is not.  Called by
`ocr.rapid`, which looks at the whole first: its lines tell how large the text is.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import reduce
from itertools import groupby
from statistics import median

from ocr.bands import EDGE, OVERLAP, ROWS, SAME, WIDTH, joined, spread
from ocr.ink import Run
from timeline.model import Box

LEAST_HEIGHT = 14  # pixels that detection sees of a usual line; 16 (2560 px at scale 1) lose nothing, 11 (4K) a tenth


def is_small(lines: Sequence[Box], width: int) -> bool:
    """Tell whether the lines found on a picture so wide, scaled down, are too low to be all that stand there."""
    return width > WIDTH and bool(lines) and median(line.height for line in lines) * WIDTH < LEAST_HEIGHT * width


def parts(width: int, height: int) -> list[Box]:
    """Return overlapping parts that cover a picture, row by row, none of them larger than a screen."""
    across, down = spread(width, WIDTH, OVERLAP), spread(height, ROWS, OVERLAP)
    return [Box(column.start, row.start, column.end, row.end) for row in down for column in across]


def put_together(found: Iterable[tuple[Box, list[Box]]], width: int, height: int) -> list[Box]:
    """Return the boxes of all parts, row by row and each in its part's pixels, in the picture's pixels.

    Each line is there once, and whole, over however many parts it reaches.
    """
    rows = groupby(found, key=lambda one: Run(one[0].y0, one[0].y1))
    return joined([(row, _across(list(beside), width)) for row, beside in rows], height)


def _across(found: Sequence[tuple[Box, list[Box]]], width: int) -> list[Box]:
    """Return the boxes of parts beside each other, in the pixels of their row."""
    whole: list[Box] = []
    cut: list[Box] = []
    for part, boxes in found:
        for box in boxes:
            touches = (box.x0 < EDGE and part.x0 > 0) or (box.x1 > part.width - EDGE and part.x1 < width)
            (cut if touches else whole).append(box.shifted(part.x0, 0))
    for box in cut:
        met = [other for other in whole if _continues(box, other)]
        whole = [one for one in whole if one not in met] + [reduce(Box.union, met, box)]
    return whole


def _continues(box: Box, other: Box) -> bool:
    """Tell whether two boxes share some of their row: one line, seen from two parts."""
    shared = min(box.y1, other.y1) - max(box.y0, other.y0)
    return box.intersects(other) and shared > SAME * min(box.height, other.height)
