"""One line cut out of a picture: whole from its ascenders to its descenders, with nothing around it but white.

Owns what the recogniser sees of a line.  Where lines stand close, a detected box cuts tails off ("logging" reads as
"loqqinq") or holds rows of the next line (its comma reads as an apostrophe); in tables it holds the borders of cells
(they read as "1", "_" and "I").  Pure: values in, values out.  Called by `ocr.rapid` between `ocr.places` and
recognition.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ocr.ink import Colour, Mask, background_of, contrasting, level_rules, without_rules
from timeline.model import Box, Picture

ROOM = 0.25  # of a line's height, how far above and below its box its glyphs are looked for
CORE = (0.35, 0.65)  # of a line's height; ink that reaches these rows is of the line
ABOVE = 0.35  # of the letters' height; dots and accents stand no higher over the letters of their line
FLAT = 2.0  # times as wide as high; such a piece is a stroke of Chinese or an underscore of the line above
FLAT_ABOVE = 0.12  # of the letters' height; underscores of the line above stand higher over the letters
BELOW = 0.5  # of the letters' height; an underscore stands no lower under the baseline
EDGE = 1  # pixels; ink so near to the edge of a box may be cut by it
FRAME_FILL = 0.2  # of its box that is ink; the corner of a frame has less, a glyph has more
FRAME_WIDTH = 0.12  # of a line's height; an upright border is thinner
FRAME_NEAR = 0.3  # of a line's height; an upright border stands so near to an end of the line
FRAME_HEIGHT = 0.8  # of a line's height; the side of a frame that ends inside the box is as high
FRAME_BEYOND = 0.12  # of a line's height, how far the side of a frame goes beyond the letters above and below


@dataclass(frozen=True, slots=True)
class Cut:
    """The pixels of one line, and the box in the picture that they stand for."""

    pixels: Picture
    place: Box


@dataclass(frozen=True, slots=True)
class _Pieces:
    """The connected pieces of ink of a crop: the box and size of each, and for each pixel its piece, 0 for none."""

    labels: NDArray[np.int32]
    lefts: NDArray[np.int32]
    rights: NDArray[np.int32]
    tops: NDArray[np.int32]
    bottoms: NDArray[np.int32]
    sizes: NDArray[np.int32]


def cut_line(picture: Picture, place: Box) -> Cut:
    """Return a line with all of its own ink and no other."""
    room = max(2, round(ROOM * place.height))
    window = Box(place.x0, max(0, place.y0 - room), place.x1, min(picture.shape[0], place.y1 + room))
    crop = picture[window.y0 : window.y1, window.x0 : window.x1]
    background = background_of(crop)
    mask = contrasting(crop, background)
    pieces = _pieces(without_rules(mask))
    line = Box(0, place.y0 - window.y0, place.width, place.y1 - window.y0)
    frames = _frames(pieces, line)
    own, foreign = _owners(pieces, line, frames)
    gone = np.concatenate(([False], foreign | frames))[pieces.labels] | level_rules(mask)[:, None]
    if gone.any():
        crop = _painted(crop, gone, gone | (pieces.labels == 0), background)
    first = max(0, min([line.y0, *(pieces.tops[own] - EDGE).tolist()]))
    last = min(window.height, max([line.y1, *(pieces.bottoms[own] + EDGE).tolist()]))
    whole = Box(window.x0, window.y0 + first, window.x1, window.y0 + last)
    return Cut(np.ascontiguousarray(crop[first:last]), whole)


def _pieces(mask: Mask) -> _Pieces:
    import cv2  # the engine needs it too

    _, labels, stats, _ = cv2.connectedComponentsWithStats(mask.astype(np.uint8), connectivity=8)
    left, top, width, height, size = stats[1:].T
    return _Pieces(np.asarray(labels, np.int32), left, left + width, top, top + height, size)


def _frames(pieces: _Pieces, line: Box) -> NDArray[np.bool_]:
    """Return which pieces are borders: they reach an end of the line and over its height, and are thin."""
    widths, heights = pieces.rights - pieces.lefts, pieces.bottoms - pieces.tops
    near = FRAME_NEAR * line.height
    at_end = (pieces.lefts <= near) | (pieces.rights >= line.x1 - near)
    thin = widths <= max(2, FRAME_WIDTH * line.height)
    upright = (pieces.tops <= line.y0) & (pieces.bottoms >= line.y1) & thin
    corner = (pieces.sizes < FRAME_FILL * widths * heights) & (np.minimum(widths, heights) > line.height / 2)
    touches = (pieces.lefts == 0) | (pieces.rights == line.x1)
    return np.asarray(at_end & (upright | (corner & touches) | _sides(pieces, line)))


def _sides(pieces: _Pieces, line: Box) -> NDArray[np.bool_]:
    """Return which pieces may be the side of a cell that ends inside the box, with a stub of its foot or none.

    It is as high as the box, touches its upper or lower edge, and reaches beyond the letters on both sides.
    """
    heights = pieces.bottoms - pieces.tops
    tall = heights >= FRAME_HEIGHT * line.height
    letters = ~tall & (heights > line.height / 4)
    if not letters.any():
        return np.zeros_like(tall)
    beyond = FRAME_BEYOND * line.height
    over = (pieces.tops <= np.percentile(pieces.tops[letters], 10) - beyond) & (
        pieces.bottoms >= np.percentile(pieces.bottoms[letters], 90) + beyond
    )
    reaches = (pieces.tops <= line.y0 + EDGE) | (pieces.bottoms >= line.y1 - EDGE)
    slim = pieces.rights - pieces.lefts <= line.height / 4
    lean = pieces.sizes <= max(2, FRAME_WIDTH * line.height) * (heights + line.height / 4)
    return np.asarray(tall & over & reaches & slim & lean)


def _owners(pieces: _Pieces, line: Box, frames: NDArray[np.bool_]) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Return which pieces are of the line, and which of the lines above and below reach into its box.

    A piece that is neither stands apart from both.
    """
    tops, bottoms = pieces.tops, pieces.bottoms
    core = ~frames & (tops < line.y0 + CORE[1] * line.height) & (bottoms > line.y0 + CORE[0] * line.height)
    if not core.any():
        return ~frames & (tops >= line.y0) & (bottoms <= line.y1), np.zeros_like(core)
    top, base = np.percentile(tops[core], 10), np.percentile(bottoms[core], 70)
    middle = (tops + bottoms) / 2
    flat = pieces.rights - pieces.lefts >= FLAT * (bottoms - tops)
    highest = top - np.where(flat, FLAT_ABOVE, ABOVE) * (base - top)
    near = ~frames & (middle > highest) & (middle < base + BELOW * (base - top))
    cut = (tops <= line.y0 + EDGE) | (bottoms >= line.y1 - EDGE)
    return core | near, ~core & ~near & cut


def _painted(crop: Picture, gone: Mask, free: Mask, colour: Colour) -> Picture:
    """Return a copy without some ink and, where it is free of other ink, the shades around it."""
    import cv2

    around = cv2.dilate(gone.astype(np.uint8), np.ones((3, 3), np.uint8)).astype(bool)
    painted = crop.copy()
    painted[around & free] = colour
    return painted
