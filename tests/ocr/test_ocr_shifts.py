"""Shifts: text that moved by whole pixels is found again, and nothing else is."""

from __future__ import annotations

import numpy as np
import pytest

from ocr.shifts import NONE, Shift, colours, likely_shifts, moved_tiles, stands_at
from ocr.tiles import Tiles, flat_tiles, tile_hashes
from tests.support.drawn_screens import DrawnWindow, drawn
from timeline.model import Box, Picture

TEXT = [f"{number} the keeper of lamp {number * 37} noted {number * 7919} metres" for number in range(60)]
PLACE = Box(20, 20, 600, 380)


@pytest.mark.parametrize("down_px", [-3, -37, -150, 3, 64, 149])
def test_a_scroll_is_found(down_px: int) -> None:
    """Text that went up or down has the shift it was scrolled by, first of all."""
    found = _shifts(_page(200), _page(200 - down_px))
    assert found[0] == Shift(0, down_px)


@pytest.mark.parametrize("right_px", [-5, -40, 8, 33])
def test_a_scroll_aside_is_found(right_px: int) -> None:
    """Text that went left or right has its shift too."""
    found = _shifts(_page(200, 60), _page(200, 60 - right_px))
    assert found[0] == Shift(right_px, 0)


def test_a_dragged_window_has_a_shift_in_both_directions() -> None:
    """What moved aslant is found by both its numbers."""
    desk = DrawnWindow(Box(0, 0, 640, 400), [])
    moved = [drawn([desk, DrawnWindow(Box(x, y, x + 400, y + 200), TEXT)]) for x, y in ((40, 30), (113, 71))]
    assert _shifts(*moved)[0] == Shift(73, 41)


def test_two_panes_have_two_shifts() -> None:
    """Panes that scroll by different amounts at once are told apart."""

    def panes(left_px: int, right_px: int) -> Picture:
        left = DrawnWindow(Box(0, 0, 320, 400), TEXT, scrolled_px=left_px)
        return drawn([left, DrawnWindow(Box(320, 0, 640, 400), TEXT[::-1], scrolled_px=right_px)])

    assert {Shift(0, -30), Shift(0, 52)} <= set(_shifts(panes(100, 100), panes(130, 48)))


def test_other_text_has_no_shift() -> None:
    """A page that shows something else is not taken for a scrolled one."""
    other = [f"{number * 104729}" for number in range(40)]
    assert _shifts(_page(0), drawn([DrawnWindow(PLACE, other)])) == []


@pytest.mark.parametrize("down_px", [0, -1])
def test_what_moved_by_half_a_pixel_stands_nowhere(down_px: int) -> None:
    """Text drawn anew between two pixels is other text."""
    half = ((_page(200).astype(np.uint16) + _page(201)) // 2).astype(np.uint8)
    lines = [Box(36, y, 330, y + 12) for y in range(60, 340, 12)]
    assert not any(stands_at(colours(_page(200)), colours(half), line, Shift(0, down_px)) for line in lines)


def test_repeated_lines_do_not_hide_the_shift() -> None:
    """Between lines that all look alike, those that do not say how far the page went."""
    lines = [one for number in range(30) for one in (TEXT[number], "}", "}", "")]
    pages = [drawn([DrawnWindow(PLACE, lines, scrolled_px=px)]) for px in (300, 344)]
    assert _shifts(*pages)[0] == Shift(0, -44)


def test_moved_tiles_are_those_that_look_the_same() -> None:
    """Only tiles whose every pixel stood there before, less the shift, have moved."""
    before = np.random.default_rng(1).integers(0, 256, (64, 64, 3), np.uint8)
    now = np.zeros_like(before)
    now[16:64, 0:64] = before[0:48, 0:64]
    now[20, 20, 1] ^= 1
    expected = np.ones((4, 4), np.bool_)
    expected[0] = False
    expected[1, 1] = False
    assert np.array_equal(moved_tiles(colours(before), colours(now), Shift(0, 16)), expected)


def test_a_shift_as_large_as_the_picture_moves_nothing() -> None:
    """What went out of the picture explains no tile."""
    picture = colours(np.full((64, 64, 3), 255, np.uint8))
    assert not moved_tiles(picture, picture, Shift(0, 64)).any()
    assert not moved_tiles(picture, picture, Shift(-80, 3)).any()


@pytest.mark.parametrize(("width", "height"), [(1366, 768), (1001, 777)])
def test_tiles_at_the_edge_can_have_moved(width: int, height: int) -> None:
    """What a picture that is no multiple of 16 large has over at its right and lower edge counts as a tile."""
    now = np.random.default_rng(1).integers(0, 256, (height, width, 3), np.uint8)
    before = np.zeros_like(now)
    before[: height - 8] = now[8:]
    there = moved_tiles(colours(before), colours(now), Shift(0, 8))
    assert there[1:].all()
    assert not there[0].any()


def test_a_box_that_moved_stands_where_the_shift_says() -> None:
    """Its pixels are compared at its new place."""
    before, now = colours(_page(100)), colours(_page(110))
    assert stands_at(before, now, Box(36, 100, 300, 140), Shift(0, -10))
    assert not stands_at(before, now, Box(36, 100, 300, 140), Shift(0, -11))


def test_what_moved_must_be_whole() -> None:
    """A box that reaches over an edge may be cut off there, so it does not stand when it moved, only when it stayed."""
    picture = colours(np.full((64, 64, 3), 255, np.uint8))
    for box in (Box(-2, 10, 20, 20), Box(50, 10, 67, 20), Box(10, 50, 20, 66)):
        assert not stands_at(picture, picture, box, Shift(0, -4))
        assert stands_at(picture, picture, box, NONE)


def _page(scrolled_px: int, aside_px: int = 0) -> Picture:
    return drawn([DrawnWindow(PLACE, TEXT, scrolled_px=scrolled_px, aside_px=aside_px)])


def _shifts(before: Picture, now: Picture) -> list[Shift]:
    changed: Tiles = (tile_hashes(before) != tile_hashes(now)) & ~flat_tiles(now)
    return likely_shifts(colours(before), colours(now), changed)
