"""How far parts of a screen have moved since the picture before: scrolled text, dragged windows, several at once.

Pure functions on arrays.  Only exact moves by whole pixels are found; text that was drawn anew between two pixels has
no shift, and is read again.  Way: short runs of pixels that differ within themselves are taken from what changed, and
looked for in the whole picture before; where one is found again it votes for its shift (a Hough transform over exact
matches).  A polynomial hash of all runs makes the search one pass, as in Karp and Rabin, 1987.  Called by
`ocr.incremental`.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ocr.tiles import TILE_PX, Tiles, picture_columns, tiles_of
from timeline.model import Box, Picture

RUN_PX = 32  # wide enough to hold several letters, narrow enough to lie inside one pane
MOST_RUNS = 1500  # of which votes are asked; more find no more shifts
MOST_PLACES = 6  # a run that stands at more places in the picture before says nothing: rules, borders, dotted lines
LEAST_COLOURS = 6  # changes of colour within a run; fewer are edges and stems, which are everywhere
LEAST_VOTES = 4
LEAST_SHARE = 0.02  # of all votes: a shift that fewer support explains little
MOST_SHIFTS = 6
_BASE = 0x9E3779B1
_BUCKETS = 1 << 16
_ANCHOR_SEED = 7

Colours = NDArray[np.uint32]
"""A picture with one number for each pixel (height, width)."""
_Numbers = NDArray[np.uint32]


@dataclass(frozen=True, slots=True)
class Shift:
    """Where something stands now, less where it stood, in pixels."""

    right_px: int
    down_px: int

    def moved(self, box: Box) -> Box:
        """Return where a box of the picture before stands now; it may reach over the edges."""
        return box.shifted(self.right_px, self.down_px)


NONE = Shift(0, 0)


def likely_shifts(before: Colours, now: Colours, changed: Tiles) -> list[Shift]:
    """Return the shifts by which parts of what changed may have come from the picture before, likeliest first.

    Both pictures have the same size; at least one tile changed.
    """
    shifts, counts = np.unique(_votes(before, now, changed), axis=0, return_counts=True)
    least = max(LEAST_VOTES, LEAST_SHARE * int(counts.sum()))
    first = [place for place in np.argsort(-counts, kind="stable") if counts[place] >= least and shifts[place].any()]
    return [Shift(int(shifts[place][0]), int(shifts[place][1])) for place in first[:MOST_SHIFTS]]


def colours(picture: Picture) -> Colours:
    """Return each pixel's colour as one number, uint32 (height, width): they compare four times as fast."""
    import cv2  # the engine needs it too

    numbers: Colours = np.asarray(cv2.cvtColor(picture, cv2.COLOR_BGR2BGRA)).view(np.uint32).reshape(picture.shape[:2])
    return numbers


def moved_tiles(before: Colours, now: Colours, shift: Shift) -> Tiles:
    """Return the tiles of `now` that show, pixel for pixel, what stood in the picture before, less the shift."""
    height, width = now.shape
    across = slice(max(0, shift.right_px), min(width, width + shift.right_px))
    down = slice(max(0, shift.down_px), min(height, height + shift.down_px))
    rows, columns = picture_columns(height), picture_columns(width)
    differs = np.zeros((rows * TILE_PX, columns * TILE_PX), np.bool_)
    differs[:height, :width] = True
    if across.start < across.stop and down.start < down.stop:
        there = before[_back(down, shift.down_px), _back(across, shift.right_px)]
        np.not_equal(now[down, across], there, out=differs[down, across])
    eights = np.bitwise_or.reduce(differs.view(np.uint64).reshape(rows, TILE_PX, -1), axis=1)
    alike: Tiles = ~np.any(eights.reshape(rows, columns, -1), axis=2)
    return alike


def stands_at(before: Colours, now: Colours, box: Box, shift: Shift) -> bool:
    """Tell whether what a box held is in the picture now, pixel for pixel, moved by the shift and whole.

    Of what did not move, the part inside the picture counts; what moved must have been seen whole, and be whole.
    """
    place = shift.moved(box)
    if shift == NONE:
        box = place = Box(max(0, box.x0), max(0, box.y0), box.x1, box.y1)
    for one in (box, place):
        if one.x0 < 0 or one.y0 < 0 or (shift != NONE and (one.x1 > now.shape[1] or one.y1 > now.shape[0])):
            return False
    return np.array_equal(before[box.y0 : box.y1, box.x0 : box.x1], now[place.y0 : place.y1, place.x0 : place.x1])


def _back(part: slice, by_px: int) -> slice:
    return slice(part.start - by_px, part.stop - by_px)


def _votes(before: Colours, now: Colours, changed: Tiles) -> NDArray[np.intp]:
    """Return the shift that each run which is found again votes for: a row of pixels to the right and down each."""
    # What moved was drawn over as well where it stood: both places are among the tiles that changed.
    area = _around(changed, now)
    keys, ys, xs = _runs_of(now[area.y0 : area.y1, area.x0 : area.x1], changed[tiles_of(area)])
    if not len(keys):
        return np.zeros((0, 2), np.intp)
    hashes = _hashes(before[area.y0 : area.y1, area.x0 : area.x1])
    known = np.zeros(_BUCKETS, np.bool_)
    known[_bucket(keys)] = True
    maybe = np.flatnonzero(known[_bucket(hashes.ravel())])
    found = hashes.ravel()[maybe]
    place = np.minimum(np.searchsorted(keys, found), len(keys) - 1)
    hit = keys[place] == found
    maybe, place = maybe[hit], place[hit]
    places = np.bincount(place, minlength=len(keys))
    rare = places[place] <= MOST_PLACES
    from_y, from_x = np.divmod(maybe[rare], hashes.shape[1])
    return np.stack([xs[place[rare]] - from_x, ys[place[rare]] - from_y], axis=1)


def _around(changed: Tiles, picture: Colours) -> Box:
    """Return the smallest box of whole tiles around all that changed."""
    rows, columns = np.flatnonzero(changed.any(axis=1)), np.flatnonzero(changed.any(axis=0))
    return Box(
        int(columns[0]) * TILE_PX,
        int(rows[0]) * TILE_PX,
        min(picture.shape[1], (int(columns[-1]) + 1) * TILE_PX),
        min(picture.shape[0], (int(rows[-1]) + 1) * TILE_PX),
    )


def _runs_of(part: Colours, inked: Tiles) -> tuple[_Numbers, NDArray[np.intp], NDArray[np.intp]]:
    """Return the hashes of some telling runs on the tiles that changed, ascending and once each, with y and x."""
    empty = np.zeros(0, np.intp)
    if part.shape[1] < RUN_PX:
        return np.zeros(0, np.uint32), empty, empty
    steps = np.zeros(part.shape[:2], np.int32)
    steps[:, 1:] = part[:, 1:] != part[:, :-1]
    edges = np.cumsum(steps, axis=1, dtype=np.int32)
    telling = edges[:, RUN_PX - 1 :] - edges[:, : -(RUN_PX - 1)] >= LEAST_COLOURS
    telling &= np.repeat(np.repeat(inked, TILE_PX, 0), TILE_PX, 1)[: telling.shape[0], : telling.shape[1]]
    places = np.flatnonzero(telling)
    if len(places) > MOST_RUNS:
        places = np.sort(np.random.default_rng(_ANCHOR_SEED).choice(places, MOST_RUNS, replace=False))
    ys, xs = np.divmod(places, telling.shape[1])
    keys, first = np.unique(_hashes_at(part, ys, xs), return_index=True)
    return keys, ys[first], xs[first]


def _hashes(part: Colours) -> _Numbers:
    """Return the hash of the run that begins at each pixel (height, width - RUN_PX + 1)."""
    powers, inverse = _powers(part.shape[1])
    sums = np.zeros((part.shape[0], part.shape[1] + 1), np.uint32)
    np.cumsum(part * powers, axis=1, out=sums[:, 1:])
    hashes: _Numbers = (sums[:, RUN_PX:] - sums[:, :-RUN_PX]) * inverse[: part.shape[1] - RUN_PX + 1]
    return hashes


def _hashes_at(part: Colours, ys: NDArray[np.intp], xs: NDArray[np.intp]) -> _Numbers:
    powers, _ = _powers(RUN_PX)
    runs = part[ys[:, None], xs[:, None] + np.arange(RUN_PX)]
    hashes: _Numbers = (runs * powers).sum(axis=1, dtype=np.uint32)
    return hashes


def _powers(count: int) -> tuple[_Numbers, _Numbers]:
    """Return the base to the powers from 0 and to their negatives, all modulo 2**32."""
    inverse = pow(_BASE, -1, 2**32)
    up, down = np.full(count, _BASE, np.uint32), np.full(count, inverse, np.uint32)
    up[0] = down[0] = 1
    return np.cumprod(up, dtype=np.uint32), np.cumprod(down, dtype=np.uint32)


def _bucket(hashes: _Numbers) -> NDArray[np.intp]:
    return (hashes >> np.uint32(16)).astype(np.intp)
