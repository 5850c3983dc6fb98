"""Tiles: what changes a hash, what is flat, which tiles a box touches."""

from __future__ import annotations

import numpy as np
import pytest

from ocr.tiles import FLAT_LEVELS, flat_tiles, tile_hashes, tiles_of
from timeline.model import Box, Picture


@pytest.mark.parametrize("size", [(640, 400), (1366, 768), (1001, 777), (16, 16), (5, 3)])
def test_every_pixel_lies_on_a_tile(size: tuple[int, int]) -> None:
    """A picture that is no multiple of 16 wide or high has tiles for what is left over."""
    picture = _noise(*size)
    expected = (-(-size[1] // 16), -(-size[0] // 16))
    assert tile_hashes(picture).shape == flat_tiles(picture).shape == expected


@pytest.mark.parametrize("channel", [0, 1, 2])
@pytest.mark.parametrize("place", [(0, 0), (20, 33), (776, 1000)])
def test_one_level_of_one_channel_changes_one_hash(place: tuple[int, int], channel: int) -> None:
    """The least change of a pixel changes the hash of its tile, and no other."""
    picture = _noise(1001, 777)
    changed = picture.copy()
    changed[(*place, channel)] ^= 1
    differing = np.argwhere(tile_hashes(picture) != tile_hashes(changed))
    assert differing.tolist() == [[place[0] // 16, place[1] // 16]]


def test_two_pixels_that_trade_places_change_the_hash() -> None:
    """A hash depends on where a colour is, not only on how much there is of it."""
    picture = np.full((16, 16, 3), 255, np.uint8)
    picture[3, 4] = 0
    other = np.ascontiguousarray(picture[::-1, ::-1])
    assert tile_hashes(picture) != tile_hashes(other)


def test_equal_tiles_have_equal_hashes_wherever_they_stand() -> None:
    """What is drawn again a whole number of tiles away has the same hash."""
    picture = np.tile(_noise(16, 16), (4, 5, 1))
    assert len(np.unique(tile_hashes(picture))) == 1


def test_no_hash_of_a_plain_tile_is_nought() -> None:
    """Nought stands for what is still to be read, so not even black has it."""
    for level in (0, 255):
        assert np.all(tile_hashes(np.full((40, 40, 3), level, np.uint8)) != 0)


def test_paper_is_flat_and_ink_is_not() -> None:
    """Only the tile with ink on it may hold text."""
    picture = np.full((32, 48, 3), 255, np.uint8)
    picture[20:24, 18:22] = 0
    assert flat_tiles(picture).tolist() == [[True, True, True], [True, False, True]]


def test_pale_ink_is_not_flat() -> None:
    """A contrast as low as a reader can still see counts."""
    picture = np.full((16, 32, 3), 240, np.uint8)
    picture[4:12, 4:8] = 240 - FLAT_LEVELS
    picture[4:12, 20:24] = 240 - FLAT_LEVELS + 1
    assert flat_tiles(picture).tolist() == [[False, True]]


def test_a_change_of_hue_alone_is_ink() -> None:
    """Red on green of the same brightness is no plain surface."""
    picture = np.full((16, 16, 3), (60, 140, 60), np.uint8)
    picture[4:12, 4:8] = (60, 60, 200)
    assert not flat_tiles(picture).any()


def test_an_edge_is_not_ink() -> None:
    """A picture that ends within a tile has no edge of ink there, whatever its colour."""
    assert flat_tiles(np.full((21, 37, 3), 255, np.uint8)).all()


@pytest.mark.parametrize(
    ("box", "rows", "columns"),
    [
        (Box(0, 0, 16, 16), (0, 1), (0, 1)),
        (Box(15, 15, 17, 17), (0, 2), (0, 2)),
        (Box(16, 32, 33, 48), (2, 3), (1, 3)),
        (Box(-3, -3, 5, 5), (0, 1), (0, 1)),
    ],
)
def test_a_box_touches_its_tiles(box: Box, rows: tuple[int, int], columns: tuple[int, int]) -> None:
    """Sides are exclusive on the right and below, and what lies outside of the picture touches nothing."""
    down, across = tiles_of(box)
    assert (down.start, down.stop, across.start, across.stop) == (*rows, *columns)


def _noise(width: int, height: int) -> Picture:
    return np.random.default_rng(5).integers(0, 256, (height, width, 3), np.uint8)
