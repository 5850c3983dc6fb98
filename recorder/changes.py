"""Where two grabs of one monitor differ, exactly, in tiles.

Pure; no state.  Called by the recorder for every poll, so a still screen must cost next to nothing: libc's memcmp
walks over equal rows at the speed of memory, and only rows of tiles that differ are compared pixel by pixel.  A
perceptual hash would be dearer (11-30 ms) and blind to a typed word.
"""

from __future__ import annotations

import ctypes

import numpy as np
from numpy.typing import NDArray

from recorder.desktop import Grab

TILE_PX = 64
_COLOUR = np.uint32(0x00FFFFFF)  # little-endian BGRA: the fourth byte means nothing and may be anything

_memcmp = ctypes.CDLL(None).memcmp
_memcmp.argtypes = (ctypes.c_void_p, ctypes.c_void_p, ctypes.c_size_t)
_memcmp.restype = ctypes.c_int


def changed_tiles(before: Grab, after: Grab) -> NDArray[np.bool_] | None:
    """Return which 64 px tiles differ, bool (rows, columns); None when the pictures are the same.

    Both are C-contiguous and of one size.  The last row and column of tiles may be cut off by the edge.
    """
    if before.shape != after.shape:
        raise ValueError(f"pictures of different sizes: {before.shape} and {after.shape}")
    height, width = after.shape[:2]
    starts = range(0, height, TILE_PX)
    changed = np.zeros((len(starts), -(-width // TILE_PX)), np.bool_)
    for row, start in enumerate(starts):
        old, new = before[start : start + TILE_PX], after[start : start + TILE_PX]
        if _memcmp(old.ctypes.data, new.ctypes.data, new.nbytes):
            changed[row] = _changed_columns(old, new)
    return changed if changed.any() else None


def _changed_columns(old: Grab, new: Grab) -> NDArray[np.bool_]:
    difference = np.bitwise_xor(old.view(np.uint32)[:, :, 0], new.view(np.uint32)[:, :, 0])
    column_differs = (np.bitwise_or.reduce(difference, axis=0) & _COLOUR) != 0
    return np.logical_or.reduceat(column_differs, np.arange(0, column_differs.size, TILE_PX))
