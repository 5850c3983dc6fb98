"""The change map: exactly the tiles that differ, for any picture."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from recorder.changes import TILE_PX, changed_tiles
from recorder.desktop import Grab


def noise(height: int, width: int, seed: int = 1) -> Grab:
    """A picture without two equal neighbours."""
    return np.random.default_rng(seed).integers(0, 256, (height, width, 4), np.uint8)


def tiles_by_numpy(before: Grab, after: Grab) -> NDArray[np.bool_]:
    """The same map in the plainest way: tile by tile, the fourth byte left out."""
    height, width = before.shape[:2]
    return np.array(
        [
            [
                not np.array_equal(
                    before[y : y + TILE_PX, x : x + TILE_PX, :3], after[y : y + TILE_PX, x : x + TILE_PX, :3]
                )
                for x in range(0, width, TILE_PX)
            ]
            for y in range(0, height, TILE_PX)
        ]
    )


def test_equal_pictures_have_no_map() -> None:
    """Two grabs of a still screen are told to be the same."""
    assert changed_tiles(noise(200, 320), noise(200, 320)) is None


def test_one_pixel_by_one_level_is_seen() -> None:
    """The smallest change there is marks exactly its tile."""
    before = noise(200, 320)
    after = before.copy()
    after[130, 70, 2] ^= 1
    changed = changed_tiles(before, after)
    assert changed is not None
    assert np.argwhere(changed).tolist() == [[2, 1]]


def test_the_fourth_byte_is_no_colour() -> None:
    """A grab whose padding differs shows the same picture."""
    before = noise(200, 320)
    after = before.copy()
    after[:, :, 3] ^= 255
    assert changed_tiles(before, after) is None


@pytest.mark.parametrize("seed", range(40))
def test_the_map_is_that_of_a_plain_comparison(seed: int) -> None:
    """Random edits of random sizes, on sizes that no tile divides, give the map of a comparison tile by tile."""
    rng = np.random.default_rng(seed)
    height, width = (int(side) for side in rng.integers(1, 400, 2))
    before = noise(height, width, seed)
    after = before.copy()
    for _ in range(int(rng.integers(0, 6))):
        y, x = int(rng.integers(0, height)), int(rng.integers(0, width))
        after[y : y + int(rng.integers(1, 90)), x : x + int(rng.integers(1, 90)), int(rng.integers(0, 4))] ^= 4
    expected = tiles_by_numpy(before, after)
    changed = changed_tiles(before, after)
    assert (np.zeros_like(expected) if changed is None else changed).tolist() == expected.tolist()


def test_pictures_of_two_sizes_are_refused() -> None:
    """There is no map between different sizes: the caller asks for something that does not exist."""
    with pytest.raises(ValueError, match="different sizes"):
        changed_tiles(noise(64, 64), noise(64, 65))
