"""Where two pictures of a video differ so that an eye can see it, in the recorder's 64 px tiles.

Pure; no state but the noise that was measured.  A video is lossy: each key frame shifts every edge by some levels, and
a camera's picture never stands.  So a tile counts as changed only where several pixels close together differ by more
than noise does: a letter of 12 px changes 15 to 30 pixels by 100 levels, a caret as many.
Called by recorder.clip_frames.
"""

from __future__ import annotations

from collections import deque

import numpy as np
from numpy.typing import NDArray

from recorder.changes import TILE_PX
from timeline.clip_picture import Look, Plane

Tiled = NDArray[np.bool_]

CELL_PX = 16  # the pixels of one letter lie in one cell or in two
FEWEST_PX = 6  # in a cell: a full stop of 12 px text and a thin letter's stem reach this
LUMA_STEP = 24  # levels: light grey text on white differs by 34
COLOUR_STEP = 18
NOISE_FACTOR = 5.0  # deviations: of 256 pixels of noise alone fewer than one is beyond
MOST_STEP = 64  # however much of the picture moves, black text on white is seen
_SAMPLE = 8  # each eighth pixel of each eighth row tells how noisy a picture is
_REMEMBERED = 15  # looks; a page that is turned must not count as noise
_DEVIATION = 1.4826  # of a normal distribution, from its median absolute deviation


class Noise:
    """How much a pixel differs from one look to the next where nothing changed."""

    def __init__(self) -> None:
        self._levels: deque[float] = deque(maxlen=_REMEMBERED)

    def measure(self, before: Look, after: Look) -> None:
        """Take in two looks that follow each other."""
        sampled = _difference(before.luma[::_SAMPLE, ::_SAMPLE], after.luma[::_SAMPLE, ::_SAMPLE])
        self._levels.append(_DEVIATION * float(np.median(sampled)))

    @property
    def factor(self) -> float:
        """By how much the steps that count as visible grow."""
        level = float(np.median(self._levels)) if self._levels else 0.0
        return min(max(1.0, NOISE_FACTOR * level / LUMA_STEP), MOST_STEP / LUMA_STEP)


def tiles_of(look: Look) -> tuple[int, int]:
    """Return how many rows and columns of tiles a look has."""
    height, width = look.luma.shape
    return -(-height // TILE_PX), -(-width // TILE_PX)


def identical(before: Look, after: Look) -> bool:
    """Tell whether two looks of one size are the same, byte for byte."""
    planes = zip((before.luma, *before.colours), (after.luma, *after.colours), strict=True)
    return all(np.array_equal(old, new) for old, new in planes)


def visible_changes(before: Look, after: Look, factor: float = 1.0) -> Tiled:
    """Return which tiles differ visibly, bool (rows, columns).  Both looks are of one size."""
    changed = np.zeros(tiles_of(after), np.bool_)
    _mark(changed, before.luma, after.luma, TILE_PX, LUMA_STEP * factor)
    for old, new in zip(before.colours, after.colours, strict=True):
        _mark(changed, old, new, TILE_PX // 2, COLOUR_STEP * factor)
    return changed


def looks_same(before: Plane, after: Plane, factor: float = 1.0) -> bool:
    """Tell whether two tiles of brightness show the same to an eye."""
    changed = np.zeros((1, 1), np.bool_)
    _mark(changed, before, after, TILE_PX, LUMA_STEP * factor)
    return not changed.any()


def _mark(changed: Tiled, before: Plane, after: Plane, tile_px: int, step: float) -> None:
    cell_px = CELL_PX * tile_px // TILE_PX
    fewest = max(2, FEWEST_PX * tile_px // TILE_PX)
    for row, start in enumerate(range(0, after.shape[0], tile_px)):
        old, new = before[start : start + tile_px], after[start : start + tile_px]
        if np.array_equal(old, new):  # a still screen decodes to the very same bytes
            continue
        strong = _difference(old, new) > step
        if strong.any():
            changed[row] |= _crowded(strong, cell_px, fewest, tile_px)


def _crowded(strong: NDArray[np.bool_], cell_px: int, fewest: int, tile_px: int) -> NDArray[np.bool_]:
    """Return which tiles of one row have a cell with at least so many pixels that differ."""
    by_column = np.add.reduceat(strong.view(np.uint8), np.arange(0, strong.shape[0], cell_px), axis=0, dtype=np.uint16)
    cells = np.add.reduceat(by_column, np.arange(0, strong.shape[1], cell_px), axis=1)
    columns = (cells >= fewest).any(axis=0)
    crowded: NDArray[np.bool_] = np.logical_or.reduceat(columns, np.arange(0, columns.size, tile_px // cell_px))
    return crowded


def _difference(before: Plane, after: Plane) -> Plane:
    difference: Plane = np.maximum(before, after) - np.minimum(before, after)
    return difference
