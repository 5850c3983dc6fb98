"""Reading band by band, for engines that find and read lines in one step.

Owns what such engines share around their own call: a part's surroundings, the bands of a tall picture, each line once,
the reading order.  Called by `ocr.faster_paddle`, `ocr.vision` and `ocr.windows_ocr`.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from ocr.bands import bands, joined, surroundings
from ocr.engine import checked_picture, holds
from ocr.layout import in_reading_order
from ocr.places import LEAST_SIDE
from timeline.model import Box, Line, Picture

ReadBand = Callable[[Picture], list[Line]]
"""Returns the lines of a band, in its own pixels and in any order."""


def read_in_bands(picture: Picture, part: Box | None, read_band: ReadBand) -> list[Line]:
    """Return the lines of a picture in reading order, or those of a part of it."""
    picture = checked_picture(picture)
    if min(picture.shape[:2]) < LEAST_SIDE:
        return []
    around = Box(0, 0, picture.shape[1], picture.shape[0]) if part is None else surroundings(part, picture)
    lines = _each_once(picture[around.y0 : around.y1, around.x0 : around.x1], read_band)
    placed = [line.shifted(around.x0, around.y0) for line in lines]
    return in_reading_order([line for line in placed if holds(part, line.box)])


def _each_once(picture: Picture, read_band: ReadBand) -> list[Line]:
    """Return the lines of all bands; one that two bands hold is taken from where it is whole."""
    height, width = picture.shape[:2]
    found = [(band, read_band(np.ascontiguousarray(picture[band.start : band.end]))) for band in bands(width, height)]
    lines = {line.box: line for band, read in found for line in (one.shifted(0, band.start) for one in read)}
    return [lines[box] for box in joined([(band, [line.box for line in read]) for band, read in found], height)]
