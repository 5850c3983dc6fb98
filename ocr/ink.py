"""Where the ink of one line of text is: its mask, the gaps between glyphs, the strokes below the baseline.

Pure functions on arrays.  Called by `ocr.words`, which trims boxes and mends spaces and underscores with them.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from timeline.model import Box, Picture

Mask = NDArray[np.bool_]
"""Ink of a line: bool (height, width)."""
Colour = NDArray[np.uint8]
"""Blue, green and red of one colour."""

STRONGEST = 0.99  # of the pixels have no stronger contrast than what is taken for a line's strongest
INK_CONTRAST = 0.35  # share of the strongest contrast from which a pixel counts as ink; keeps antialiased edges out
LEAST_CONTRAST = 24  # grey levels; below it a line has no ink that a reader could see
STROKE_HEIGHT = 0.2  # of the line's height; an underscore is thinner
STROKE_WIDTH = 0.2  # of the line's height; an underscore is wider, a full stop is not
RULE_WIDTH = 3.0  # of the line's height; no glyph draws an unbroken row as wide, so it is a frame or an underline
RULED_WIDTH = 1.2  # times as wide as high; glyphs alone in a crop are narrower
LETTERS_ABOVE = 0.4  # of an underline's columns
RULE_THICKNESS = 0.15  # of the line's height; what crosses it and is thicker is a bar or an icon
UNDERLINE_WIDTH = 0.8  # of the line's height; a row as wide below letters is an underline, below nothing it is "__"


@dataclass(frozen=True, slots=True)
class Run:
    """A stretch of columns, end exclusive."""

    start: int
    end: int

    @property
    def width(self) -> int:
        return self.end - self.start

    @property
    def centre(self) -> float:
        return (self.start + self.end) / 2


def ink_mask(crop: Picture) -> Mask:
    """Return which pixels of a line differ clearly from its background, the most frequent colour.

    Frames, underlines and what the lines above and below leave at the crop's edges are no ink of the line.
    """
    return _own_rows(without_rules(contrasting(crop, background_of(crop))))


def upright_rules(crop: Picture) -> list[Run]:
    """Return the columns of the thin lines that cross a crop from top to bottom: borders of table cells."""
    crossing = runs(np.all(contrasting(crop, background_of(crop)), axis=0))
    return [rule for rule in crossing if rule.width <= max(2, RULE_THICKNESS * crop.shape[0])]


def background_of(crop: Picture) -> Colour:
    """Return the most frequent colour of a crop, as a quarter of its pixels tells it."""
    some = crop[::2, ::2].reshape(-1, 3)
    coarse = (some >> 3).astype(np.uint16)
    codes = (coarse[:, 0] << 10) | (coarse[:, 1] << 5) | coarse[:, 2]
    background = np.bincount(codes).argmax()
    colour: Colour = np.rint(some[codes == background].mean(axis=0)).astype(np.uint8)
    return colour


def level_rules(mask: Mask) -> NDArray[np.bool_]:
    """Return which rows are inked from end to end: borders of table cells, not the strokes of a single glyph."""
    if mask.shape[1] <= RULED_WIDTH * mask.shape[0]:
        return np.zeros(mask.shape[0], np.bool_)
    return np.asarray(mask.all(axis=1))


def contrasting(crop: Picture, background: Colour) -> Mask:
    """Return which pixels differ clearly from a colour."""
    import cv2  # the engine needs it too

    blue, green, red = cv2.split(cv2.absdiff(crop, np.broadcast_to(background, crop.shape)))
    contrast = cv2.max(cv2.max(blue, green), red)
    strongest = int(np.searchsorted(np.cumsum(np.bincount(contrast.ravel())), STRONGEST * contrast.size))
    return np.asarray(contrast > max(INK_CONTRAST * strongest, LEAST_CONTRAST))


def _own_rows(mask: Mask) -> Mask:
    """Return the mask without the bands of rows that touch an edge and stand apart from the line."""
    bands = runs(np.any(mask, axis=1))
    if len(bands) < 2:
        return mask
    main = max(bands, key=lambda band: mask[band.start : band.end].sum())
    cleaned = mask.copy()
    for band in bands:
        if band != main and (band.start == 0 or band.end == mask.shape[0]):
            cleaned[band.start : band.end] = False
    return cleaned


def without_rules(mask: Mask) -> Mask:
    """Return the mask without frames and underlines, which would bridge the gaps between words."""
    import cv2  # the engine needs it too

    least = max(1, round(UNDERLINE_WIDTH * mask.shape[0]))
    cleaned: Mask = mask & ~np.all(mask, axis=0) & ~level_rules(mask)[:, None]
    long = cv2.erode(mask.view(np.uint8), np.ones((1, least), np.uint8))  # what is left of stretches so long
    for y in np.flatnonzero(long.any(axis=1)):
        for run in runs(mask[y]):
            if run.width >= least and _is_rule(mask, int(y), run):
                cleaned[y, run.start : run.end] = False
    return cleaned


def _is_rule(mask: Mask, y: int, run: Run) -> bool:
    height = mask.shape[0]
    if run.width >= RULE_WIDTH * height:
        return True
    letters_above = np.any(mask[: max(0, y - 1), run.start : run.end], axis=0)
    return y > height / 2 and float(np.mean(letters_above)) > LETTERS_ABOVE


def runs(flags: NDArray[np.bool_]) -> list[Run]:
    """Return the stretches of True in a row of flags."""
    edges = np.flatnonzero(np.diff(np.concatenate(([False], flags, [False])).astype(np.int8)))
    return [Run(int(start), int(end)) for start, end in zip(edges[::2], edges[1::2], strict=True)]


def gaps(mask: Mask) -> list[Run]:
    """Return the stretches of columns without ink, those at both ends included."""
    return runs(~np.any(mask, axis=0))


def trimmed(mask: Mask, columns: Run) -> Box | None:
    """Return the box of the ink within the columns, in the mask's pixels, or None where there is none."""
    part = mask[:, columns.start : columns.end]
    xs, ys = np.flatnonzero(part.any(axis=0)), np.flatnonzero(part.any(axis=1))
    if not len(xs):
        return None
    return Box(columns.start + int(xs[0]), int(ys[0]), columns.start + int(xs[-1]) + 1, int(ys[-1]) + 1)


def low_strokes(mask: Mask) -> list[Run]:
    """Return the columns of each underscore: a thin stroke below the baseline with nothing above it.

    The foot of an "L" stands on the baseline and is not returned.
    """
    height = mask.shape[0]
    inked = mask.any(axis=0)
    top = np.where(inked, mask.argmax(axis=0), height)
    bottom = np.where(inked, height - mask[::-1].argmax(axis=0), 0)
    thin = inked & (bottom - top <= max(2, round(STROKE_HEIGHT * height))) & (top > height / 2)
    below = thin & (top >= _baseline(bottom[inked & ~thin]))
    return [run for run in runs(below) if run.width > STROKE_WIDTH * height]


def _baseline(bottoms: NDArray[np.int64]) -> int:
    """Return the first row below the letters: where most of their columns that reach low end."""
    if not len(bottoms):
        return 0
    counts = np.bincount(bottoms)
    counts[: int(np.percentile(bottoms, 40))] = 0
    return int(counts.argmax())


def reach(mask: Mask, gap: int, limit: int) -> int:
    """Return how many columns ink goes on from the left edge, with white of less than `gap` in between.

    0 where it goes on for `limit` columns or more: that is another word or a frame, not the end of this one.
    """
    inked = np.flatnonzero(mask[:, : limit + gap].any(axis=0))
    end = 0
    for column in inked:
        if column - end >= gap:
            break
        end = int(column) + 1
    return end if end < limit else 0


def leading_white(mask: Mask) -> int:
    """Return how many columns from the left edge hold no ink."""
    inked_columns = np.flatnonzero(mask.any(axis=0))
    return int(inked_columns[0]) if len(inked_columns) else mask.shape[1]
