"""Lines cut out of a picture: whole, and without what stands around them."""

from __future__ import annotations

import numpy as np

from ocr.cutting import cut_line
from timeline.model import Box, Picture

LETTERS = ((20, 28), (40, 48), (60, 68))
"""The columns of the letters of a line, which stand in the rows 30 to 42."""


def test_tails_that_a_box_cuts_off_are_whole_again() -> None:
    """Detection often ends at the baseline; without its tail a g is a q."""
    picture = _line()
    picture[42:46, 40:48] = 0
    cut = cut_line(picture, Box(10, 27, 80, 43))
    assert cut.place == Box(10, 27, 80, 47)
    assert (cut.pixels[15:19, 30:38] == 0).all()


def test_the_tails_of_the_line_above_are_painted_over() -> None:
    """A comma at the top of the box is none of its apostrophes."""
    picture = _line()
    picture[20:26, 50:52] = 0
    cut = cut_line(picture, Box(10, 23, 80, 45))
    assert (cut.pixels[:, 38:44] == 255).all()


def test_the_dot_of_an_i_stays() -> None:
    """A mark close over the letters is of the line, also where the box cuts it."""
    picture = _line()
    picture[26:28, 22:25] = 0
    cut = cut_line(picture, Box(10, 27, 80, 45))
    assert (cut.pixels[26 - cut.place.y0 : 28 - cut.place.y0, 12:15] == 0).all()


def test_the_borders_of_a_table_cell_are_painted_over() -> None:
    """Recognisers read them as 1, I and _; the corner of a frame is one piece of ink."""
    picture = _line()
    picture[24:48, 12:14] = 0
    picture[46:48, 12:80] = 0
    cut = cut_line(picture, Box(10, 25, 80, 48))
    rows = slice(30 - cut.place.y0, 42 - cut.place.y0)
    assert (cut.pixels[:, :8] == 255).all()
    assert np.array_equal(cut.pixels[rows, 8:], picture[30:42, 18:80])


def test_the_side_of_a_cell_that_ends_inside_the_box_is_painted_over() -> None:
    """Where cells stand apart, the foot of each lies inside the box, with a stub of its neighbour's."""
    picture = _line()
    picture[22:47, 12:14] = 0
    picture[46:47, 8:14] = 0
    cut = cut_line(picture, Box(10, 25, 80, 48))
    assert cut.place == Box(10, 25, 80, 48)
    assert (cut.pixels[:, :8] == 255).all()


def test_a_line_that_stands_alone_is_cut_as_it_is() -> None:
    """Nothing is painted and the box stays."""
    picture = _line()
    cut = cut_line(picture, Box(10, 26, 80, 46))
    assert cut.place == Box(10, 26, 80, 46)
    assert np.array_equal(cut.pixels, picture[26:46, 10:80])


def test_an_empty_place_is_cut_as_it_is() -> None:
    """Icons without contrast have no ink."""
    picture = np.full((60, 100, 3), 200, np.uint8)
    assert cut_line(picture, Box(10, 20, 80, 40)).place == Box(10, 20, 80, 40)


def _line() -> Picture:
    """Return a page of one line of three letters, black on white."""
    picture = np.full((80, 100, 3), 255, np.uint8)
    for start, end in LETTERS:
        picture[30:42, start:end] = 0
        picture[33:40, start + 2 : end - 2] = 255
    return picture
