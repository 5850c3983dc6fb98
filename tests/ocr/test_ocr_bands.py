"""Bands of tall pictures, and the lines found in two of them; places split and widened."""

from __future__ import annotations

import numpy as np

from ocr.bands import bands, joined
from ocr.ink import Run
from ocr.places import exact_places
from timeline.model import Box


def test_a_screen_is_one_band() -> None:
    """Full HD, and 4K which is scaled down to it, are not cut."""
    assert bands(1920, 1080) == [Run(0, 1080)]
    assert bands(3840, 2160) == [Run(0, 2160)]


def test_a_tall_picture_is_cut_into_overlapping_bands() -> None:
    """All rows are covered, all bands are as high, and each shares rows with the next."""
    assert bands(1920, 3000) == [Run(0, 1088), Run(956, 2044), Run(1912, 3000)]


def test_a_line_in_two_bands_is_one_line() -> None:
    """What both bands saw whole is kept once."""
    found = [(Run(0, 100), [Box(5, 70, 50, 85)]), (Run(50, 150), [Box(5, 21, 50, 35)])]
    assert joined(found, 150) == [Box(5, 70, 50, 85)]


def test_a_line_cut_by_a_band_is_taken_from_the_other() -> None:
    """Half a line at the edge gives way to the whole one."""
    found = [(Run(0, 100), [Box(5, 90, 50, 100)]), (Run(50, 150), [Box(4, 40, 52, 56)])]
    assert joined(found, 150) == [Box(4, 90, 52, 106)]


def test_a_line_at_the_edge_of_the_picture_is_whole() -> None:
    """The picture's own edges cut nothing off that another band could show."""
    assert joined([(Run(0, 100), [Box(0, 0, 40, 12)])], 100) == [Box(0, 0, 40, 12)]


def test_a_place_over_a_table_border_is_two() -> None:
    """Cells that detection took for one line are parted at the border between them."""
    picture = np.full((60, 200, 3), 255, np.uint8)
    picture[:, 100] = 0
    picture[22:36, 20:60] = 0
    picture[22:36, 140:180] = 0
    assert exact_places([Box(10, 18, 190, 40)], picture) == [Box(10, 18, 100, 40), Box(101, 18, 190, 40)]


def test_a_place_grows_to_the_mark_beside_it() -> None:
    """A quotation mark that detection left out is taken in, and a little white on both sides."""
    picture = np.full((60, 200, 3), 255, np.uint8)
    picture[22:36, 50:90:4] = 0
    picture[22:27, 44:46] = 0
    assert exact_places([Box(48, 18, 88, 40)], picture) == [Box(41, 18, 90, 40)]


def test_a_place_does_not_grow_into_another() -> None:
    """Ink that belongs to another line of the same row stays there."""
    picture = np.full((60, 200, 3), 255, np.uint8)
    picture[22:36, 50:90:4] = 0
    picture[22:36, 93:95] = 0
    places = [Box(47, 18, 90, 40), Box(91, 18, 102, 40)]
    assert exact_places(places, picture) == [Box(47, 18, 90, 40), Box(90, 18, 102, 40)]


def test_a_place_too_small_for_a_character_is_none() -> None:
    """Specks are dropped."""
    assert exact_places([Box(10, 10, 13, 30)], np.zeros((60, 200, 3), np.uint8)) == []
