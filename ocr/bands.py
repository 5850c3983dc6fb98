"""A tall picture in overlapping bands, so that detection sees it at full resolution and needs no more memory.

Pure: sizes and boxes in, boxes out.  Called by `ocr.rapid`, `ocr.banded` and `ocr.grid`.  Without them a page of 8,000
rows would be scaled down to a blur.  A screen is one band: two halves would need 346 MB instead of 509, but lose one
word in a hundred, most of them in tables.
"""

from __future__ import annotations

from collections.abc import Iterable
from math import ceil

from ocr.ink import Run
from timeline.model import Box, Picture

WIDTH = 1920  # pixels that a band's rows are counted for; wider pictures have higher bands
ROWS = 1280  # pixels of a band at most, for each WIDTH of picture; a screen is one band, tables suffer from cuts
OVERLAP = 96  # pixels at least, for each WIDTH of picture; lines as high are whole in at least one band
STEP = 32  # pixels; detection stretches a picture to a multiple of it, which blurs small text
LEAST_CONTEXT = 32  # pixels around a part; with less, lines that stand alone in it are missed
MOST_CONTEXT = 64  # around a part with many lines: with less, pictures and icons are taken for letters
EDGE = 8  # pixels from a band's edge; a box so near may hold half a line
SAME = 0.5  # of the smaller box that two boxes share: they are one line, found in two bands


def bands(width: int, height: int) -> list[Run]:
    """Return the rows of each band, from the top: as few as needed, all as high, evenly spread."""
    scale = max(1.0, width / WIDTH)
    return spread(height, round(ROWS * scale), round(OVERLAP * scale))


def spread(length: int, most: int, overlap: int) -> list[Run]:
    """Return stretches that cover a length: as few as needed, all as long, each sharing some with the next."""
    if length <= most + overlap:
        return [Run(0, length)]
    count = ceil((length - overlap) / (most - overlap))
    long = STEP * ceil((length + (count - 1) * overlap) / count / STEP)
    starts = [round(place * (length - long) / (count - 1)) for place in range(count)]
    return [Run(start, start + long) for start in starts]


def surroundings(part: Box, picture: Picture) -> Box:
    """Return what detection is to see of a picture to find the lines of a part as it would in the whole picture.

    Both sides are a multiple of STEP where the picture is large enough, so that nothing is stretched.
    """
    context = min(max(part.height, LEAST_CONTEXT), MOST_CONTEXT)
    y0, y1 = _stretch(part.y0, part.y1, context, picture.shape[0])
    x0, x1 = _stretch(part.x0, part.x1, context, picture.shape[1])
    return Box(x0, y0, x1, y1)


def _stretch(start: int, end: int, context: int, limit: int) -> tuple[int, int]:
    length = min(limit, STEP * ceil((end - start + 2 * context) / STEP))
    first = max(0, min((start + end - length) // 2, limit - length))
    return first, first + length


def joined(found: Iterable[tuple[Run, list[Box]]], height: int) -> list[Box]:
    """Return the boxes of all bands, in the picture's pixels: each line once, and whole where a band has it whole."""
    whole: list[Box] = []
    cut: list[Box] = []
    for band, boxes in found:
        for box in boxes:
            touches = (box.y0 < EDGE and band.start > 0) or (box.y1 > band.width - EDGE and band.end < height)
            placed = Box(box.x0, box.y0 + band.start, box.x1, box.y1 + band.start)
            (cut if touches else whole).append(placed)
    kept: list[Box] = []
    for box in [*sorted(whole, key=_area, reverse=True), *cut]:
        if not any(_same(box, other) for other in kept):
            kept.append(box)
    return kept


def _same(first: Box, second: Box) -> bool:
    if not first.intersects(second):
        return False
    across = min(first.x1, second.x1) - max(first.x0, second.x0)
    down = min(first.y1, second.y1) - max(first.y0, second.y0)
    return across * down > SAME * min(_area(first), _area(second))


def _area(box: Box) -> int:
    return box.width * box.height
