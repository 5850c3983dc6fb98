"""Whether a picture still shows what another one showed, tile by tile: a lost word is seen, coarser shading is not.

Pure.  Called by timeline.reencoding, which keeps the old video where the new one fails.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from timeline.model import Picture

TILE_PX = 16  # a line of text high, two letters wide
STEADY = 58.5  # squared levels, SSIM's (0.03 * 255)^2: fainter structure than that is noise

Values = NDArray[np.float32]


def least_likeness(old: Picture, new: Picture) -> float:
    """Return how alike the least alike tiles of two pictures of one size are, in any colour channel.

    The measure is SSIM (Wang et al. 2004) over whole tiles: 1 is the same; a tile whose text is gone has 0.3 or less
    unless it was hardly to be seen, the worst of real pages 0.75 (measured at crf 28 over crf 26).
    """
    return min(float(_tile_likeness(old[:, :, channel], new[:, :, channel]).min()) for channel in range(3))


def _tile_likeness(old: NDArray[np.uint8], new: NDArray[np.uint8]) -> Values:
    one, other = old.astype(np.float32), new.astype(np.float32)
    counts = _sums(np.ones_like(one))
    mean, other_mean = _sums(one) / counts, _sums(other) / counts
    variance = _sums(one * one) / counts - mean * mean
    other_variance = _sums(other * other) / counts - other_mean * other_mean
    covariance = _sums(one * other) / counts - mean * other_mean
    level = (2 * mean * other_mean + STEADY) / (mean * mean + other_mean * other_mean + STEADY)
    structure = (2 * covariance + STEADY) / (variance + other_variance + STEADY)
    return np.asarray(level * structure, np.float32)


def _sums(values: Values) -> Values:
    """Return the sum of each tile; those at the right and lower edge may be smaller."""
    rows, columns = np.arange(0, values.shape[0], TILE_PX), np.arange(0, values.shape[1], TILE_PX)
    return np.asarray(np.add.reduceat(np.add.reduceat(values, rows, axis=0), columns, axis=1), np.float32)
