"""Whether a picture still shows what another one showed, tile by tile: a lost word is seen, coarser shading is not.

Pure.  Called by timeline.reencoding, which keeps the old video where the new one fails.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from timeline.model import Picture

TILE_PX = 16  # a line of text high, two letters wide
STEADY = 3 * 58.5  # squared levels, SSIM's (0.03 * 255)^2 for each channel: fainter structure than that is noise

Values = NDArray[np.float32]


def least_likeness(old: Picture, new: Picture) -> float:
    """Return how alike the least alike tiles of two pictures of one size are.

    The measure is SSIM (Wang et al. 2004) over whole tiles, means and variances summed over the colour channels: what
    is seen in one of them alone counts, and noise in a channel that shows nothing does not.  1 is the same; a tile
    whose text is gone has 0.3 or less unless it was hardly to be seen, the least of real pages 0.87 (decision 0012).
    """
    channels = [_moments(old[:, :, channel], new[:, :, channel]) for channel in range(3)]
    squares, means, variances, covariances = (sum(one) for one in zip(*channels, strict=True))
    level = (2 * means + STEADY) / (squares + STEADY)
    structure = (2 * covariances + STEADY) / (variances + STEADY)
    return float((level * structure).min())


def _moments(old: NDArray[np.uint8], new: NDArray[np.uint8]) -> tuple[Values, Values, Values, Values]:
    """Return of each tile of a channel: both squared means together, their product, both variances, the covariance."""
    one, other = old.astype(np.float32), new.astype(np.float32)
    counts = _sums(np.ones_like(one))
    mean, other_mean = _sums(one) / counts, _sums(other) / counts
    variances = (_sums(one * one) + _sums(other * other)) / counts - mean * mean - other_mean * other_mean
    covariance = _sums(one * other) / counts - mean * other_mean
    return mean * mean + other_mean * other_mean, mean * other_mean, variances, covariance


def _sums(values: Values) -> Values:
    """Return the sum of each tile; those at the right and lower edge may be smaller."""
    rows, columns = np.arange(0, values.shape[0], TILE_PX), np.arange(0, values.shape[1], TILE_PX)
    return np.asarray(np.add.reduceat(np.add.reduceat(values, rows, axis=0), columns, axis=1), np.float32)
