"""Patches: what is read anew covers what is new and cuts through no line."""

from __future__ import annotations

import numpy as np
import pytest

from ocr.patches import JOIN_WASTE_PX, patches_of
from ocr.shifts import colours
from ocr.tiles import TILE_PX, Tiles, flat_tiles, tiles_of
from tests.support.drawn_screens import BLACK, text_mask, write
from timeline.model import Box, Picture

TEXT = "the keeper of the lamp noted nine metres"


def test_nothing_dirty_is_nothing_to_read() -> None:
    """A picture that is known has no patches."""
    picture = _paper()
    assert patches_of(_tiles(picture), [], colours(picture)) == []


def test_a_patch_covers_every_dirty_tile() -> None:
    """Wherever tiles are dirty, one of the patches holds them whole."""
    picture = _paper(1001, 777)
    dirty = np.random.default_rng(3).random(flat_tiles(picture).shape) < 0.02
    patches = patches_of(dirty, [], colours(picture))
    for row, column in np.argwhere(dirty):
        tile = Box(column * 16, row * 16, min(1001, column * 16 + 16), min(777, row * 16 + 16))
        assert any(patch.union(tile) == patch for patch in patches)


def test_patches_do_not_overlap() -> None:
    """Nothing is read twice."""
    picture = _paper(1366, 768)
    dirty = np.random.default_rng(4).random(flat_tiles(picture).shape) < 0.02
    patches = patches_of(dirty, [], colours(picture))
    assert not any(one.intersects(other) for place, one in enumerate(patches) for other in patches[:place])


def test_a_patch_holds_the_known_line_it_touches() -> None:
    """A word that changed takes its whole line with it."""
    picture, line = _written(60, 100)
    patches = patches_of(_tiles(picture, Box(200, 104, 210, 110)), [line], colours(picture))
    assert len(patches) == 1
    assert patches[0].union(line) == patches[0]


def test_a_patch_grows_over_a_line_that_nobody_knows() -> None:
    """Letters that no reading told of are not cut either."""
    picture, line = _written(60, 100)
    end = Box(line.x1 - 30, line.y0 + 4, line.x1 - 20, line.y1 - 4)
    (patch,) = patches_of(_tiles(picture, end), [], colours(picture))
    around = np.r_[patch.y0 - 1, patch.y1]
    assert np.all(picture[around, patch.x0 : patch.x1] == 255)
    assert not np.all(picture[patch.y0 : patch.y1, patch.x0 : patch.x1] == 255)


def test_the_lines_above_and_below_stay_out() -> None:
    """A change of one line does not read its neighbours again."""
    picture = _paper()
    lines = [_write(picture, 60, y) for y in (80, 102, 124, 146)]
    (patch,) = patches_of(_tiles(picture, Box(200, 104, 210, 114)), lines, colours(picture))
    assert not patch.intersects(Box(lines[0].x0, lines[0].y0, lines[0].x1, lines[0].y1 - 4))
    assert not patch.intersects(lines[3])


def test_a_frame_does_not_make_a_patch_grow() -> None:
    """The border of a window beside the text is no letter to be followed."""
    picture, line = _written(60, 100)
    picture[20:380, 50] = BLACK
    picture[90, 20:600] = BLACK
    (patch,) = patches_of(_tiles(picture, line), [line], colours(picture))
    assert patch.height <= 3 * TILE_PX


def test_two_small_changes_side_by_side_are_read_together() -> None:
    """One reading of a little more is cheaper than two."""
    picture = _paper()
    dirty = _tiles(picture, Box(100, 100, 110, 110)) | _tiles(picture, Box(200, 100, 210, 110))
    assert len(patches_of(dirty, [], colours(picture))) == 1


def test_two_changes_far_apart_are_read_apart() -> None:
    """What lies between them is not read in vain."""
    picture = _paper()
    dirty = _tiles(picture, Box(0, 0, 10, 10)) | _tiles(picture, Box(600, 380, 610, 390))
    patches = patches_of(dirty, [], colours(picture))
    assert len(patches) == 2
    assert JOIN_WASTE_PX < 640 * 400


@pytest.mark.parametrize(("x", "y"), [(0, 0), (380, 0), (0, 380), (400, 385)])
def test_patches_end_at_the_edges(x: int, y: int) -> None:
    """A line that the picture's edge cuts is read as far as it goes."""
    picture, line = _written(x, y)
    (patch,) = patches_of(_tiles(picture, line), [line], colours(picture))
    assert patch.x0 >= 0
    assert patch.y0 >= 0
    assert patch.x1 <= 640
    assert patch.y1 <= 400


def test_a_caret_beside_a_word_takes_the_line() -> None:
    """What stands a letter's width after a line may continue it."""
    picture, line = _written(60, 100)
    beside = Box(line.x1 + 8, line.y0, line.x1 + 9, line.y1)
    (patch,) = patches_of(_tiles(picture, beside), [line], colours(picture))
    assert patch.union(line) == patch


def _paper(width: int = 640, height: int = 400) -> Picture:
    return np.full((height, width, 3), 255, np.uint8)


def _written(x: int, y: int) -> tuple[Picture, Box]:
    picture = _paper()
    return picture, _write(picture, x, y)


def _write(picture: Picture, x: int, y: int) -> Box:
    """Write the text and return the box of its ink."""
    write(picture, TEXT, x, y)
    inked = np.all(picture[y : y + 22] == 0, axis=2)
    rows = np.flatnonzero(inked.any(axis=1))
    right = min(picture.shape[1], x + text_mask(TEXT).shape[1])
    return Box(x, y + int(rows[0]), right, y + int(rows[-1]) + 1)


def _tiles(picture: Picture, *boxes: Box) -> Tiles:
    """Return the tiles of some boxes as dirty."""
    dirty = np.zeros(flat_tiles(picture).shape, np.bool_)
    for box in boxes:
        dirty[tiles_of(box)] = True
    return dirty
