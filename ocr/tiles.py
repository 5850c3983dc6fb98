"""Pictures as grids of 16 px tiles: which tiles are alike, and which hold nothing that could be ink.

Pure functions on arrays.  Called by the modules that find out what of a picture was read before.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from timeline.model import Box, Picture

TILE_PX = 16  # a line of text is one or two tiles high; coarser tiles read more than changed, finer ones cost more
FLAT_LEVELS = 24  # grey levels within a tile; ink that a reader could see has more contrast (ocr.ink)

Tiles = NDArray[np.bool_]
"""A flag for each tile: bool (rows, columns), the last of each cut off by the picture's edge."""
Hashes = NDArray[np.uint64]
"""What a tile looks like: 64 bits (rows, columns).  Two that differ in one channel of one pixel have other bits."""

_SEED = 20011


def tile_hashes(picture: Picture) -> Hashes:
    """Return the hash of each tile.  Tiles at the right and lower edge are filled up with black."""
    words = _padded(picture).view(np.uint64)
    rows, columns = words.shape[0] // TILE_PX, picture_columns(picture.shape[1])
    mixed = words ^ np.uint64(_SEED)  # else black would be nought
    mixed *= np.uint64(0x9E3779B97F4A7C15)  # the halves trade places, so that each byte reaches all bits
    mixed ^= mixed >> np.uint64(32)
    mixed *= _weights(words.shape[1])[np.arange(words.shape[0]) % TILE_PX]
    mixed ^= mixed >> np.uint64(29)
    summed: Hashes = mixed.reshape(rows, TILE_PX, columns, -1).sum(axis=(1, 3), dtype=np.uint64)
    return summed


def picture_columns(pixels: int) -> int:
    """Return how many tiles cover so many pixels."""
    return -(-pixels // TILE_PX)


def flat_tiles(picture: Picture) -> Tiles:
    """Return the tiles of one colour, or nearly: nothing can be read on them."""
    import cv2  # the engine needs it too

    padded = _padded(picture, mode="edge")
    rows = padded.shape[0] // TILE_PX
    down, across = padded.reshape(rows, TILE_PX, -1), np.ones((1, TILE_PX), np.uint8)
    highest = cv2.dilate(down.max(axis=1).reshape(rows, -1, 3), across, anchor=(0, 0))[:, ::TILE_PX]
    lowest = cv2.erode(down.min(axis=1).reshape(rows, -1, 3), across, anchor=(0, 0))[:, ::TILE_PX]
    flat: Tiles = np.all(cv2.subtract(highest, lowest) < FLAT_LEVELS, axis=2)
    return flat


def tiles_of(box: Box) -> tuple[slice, slice]:
    """Return the rows and columns of the tiles that a box touches; it lies inside the picture."""
    return (
        slice(max(0, box.y0) // TILE_PX, picture_columns(max(0, box.y1))),
        slice(max(0, box.x0) // TILE_PX, picture_columns(max(0, box.x1))),
    )


@lru_cache(maxsize=4)
def _weights(columns: int) -> Hashes:
    """Return odd numbers, one for each place in a tile, repeated along a row of so many 64-bit words."""
    words = 3 * TILE_PX // 8
    odd = np.random.default_rng(_SEED).integers(0, 2**63, (TILE_PX, words), np.uint64) * np.uint64(2) + np.uint64(1)
    return np.tile(odd, (1, columns // words))


def _padded(picture: Picture, mode: str = "constant") -> Picture:
    """Return the picture as rows of bytes (height, 3 * width), both sides filled up to whole tiles."""
    height, width = picture.shape[:2]
    down, across = -height % TILE_PX, -width % TILE_PX
    if down or across:
        edges = ((0, down), (0, across), (0, 0))
        picture = np.pad(picture, edges) if mode == "constant" else np.pad(picture, edges, mode="edge")
    whole: Picture = np.ascontiguousarray(picture).reshape(picture.shape[0], -1)
    return whole
