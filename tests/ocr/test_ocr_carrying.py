"""Carrying: which lines of a page read before are taken over, and which tiles are left to be read."""

from __future__ import annotations

import numpy as np

from ocr.carrying import Carried, Source, carry, joined_parts
from ocr.shifts import NONE, Shift
from ocr.tiles import Tiles
from timeline.model import Box, Line

SHAPE = (64, 160)
TILES = (4, 10)
LONG, PIECE = Box(16, 18, 140, 30), Box(16, 18, 60, 30)


def test_a_line_that_stands_is_carried() -> None:
    """Where nothing changed, the line is there and nothing is dirty."""
    carried = _carry(_source("a line", LONG))
    assert _texts(carried) == ["a line"]
    assert not carried.dirty.any()


def test_a_moved_line_is_carried_to_its_new_place() -> None:
    """Its box, and those of its words, go with the shift."""
    carried = _carry(_source("a line", LONG, shift=Shift(3, 16)))
    assert [line.box for line in carried.lines] == [Box(19, 34, 143, 46)]


def test_a_line_that_is_nearly_scrolled_out_is_not_read() -> None:
    """Eight of its twelve rows make no words; ten are read anew."""
    scrolled = _carry(_source("a line", LONG, shift=Shift(0, -22), stands=False))
    assert scrolled.lines == []
    assert not scrolled.dirty.any()
    assert _carry(_source("a line", LONG, shift=Shift(0, -20), stands=False)).dirty[0, 1:9].all()


def test_tiles_that_no_source_knows_are_dirty() -> None:
    """What is new has to be read."""
    known = np.zeros(TILES, np.bool_)
    known[0] = True
    assert _carry(_source("a line", Box(16, 2, 60, 14), tiles=known)).dirty[1:].all()


def test_flat_tiles_are_never_dirty() -> None:
    """Plain paper is not read, even where it is new."""
    source = _source("a line", LONG, tiles=np.zeros(TILES, np.bool_), stands=False)
    assert not carry([source], np.ones(TILES, np.bool_), SHAPE).dirty.any()


def test_what_is_left_of_a_changed_line_is_dirty() -> None:
    """A line that does not stand as it stood is read anew, also where its tiles are the same."""
    carried = _carry(_source("a line", LONG, stands=False))
    assert carried.lines == []
    assert carried.dirty[1, 1:9].all()
    assert not carried.dirty[2:].any()


def test_two_lines_of_one_page_that_overlap_are_both_carried() -> None:
    """What an engine told apart stays apart: a superscript within the box of its line is no second reading."""
    both = Source([Line("a line", LONG, 0.9), Line("2", Box(20, 19, 26, 25), 0.9)], _all(), lambda _: True)
    assert _texts(_carry(both)) == ["a line", "2"]


def test_a_line_known_from_two_sources_is_carried_once() -> None:
    """The more trusted source tells it."""
    assert _texts(_carry(_source("newer", LONG, tiles=_left()), _source("older", LONG))) == ["newer"]


def test_a_whole_line_takes_the_place_of_its_piece() -> None:
    """A line that was covered in part and is whole again is told whole."""
    assert _texts(_carry(_source("a", PIECE, tiles=_left()), _source("a line", LONG))) == ["a line"]


def test_a_piece_does_not_take_the_place_of_a_whole_line() -> None:
    """A page on which the line was covered in part tells nothing about it."""
    assert _texts(_carry(_source("a line", LONG, tiles=_left()), _source("a", PIECE))) == ["a line"]


def test_a_page_that_explains_nothing_new_tells_nothing() -> None:
    """Lines of an older page are asked for only where the newer ones know nothing."""
    assert _texts(_carry(_source("newer", Box(16, 2, 60, 14)), _source("older", Box(16, 34, 60, 46)))) == ["newer"]


def test_a_line_that_moved_out_of_the_picture_is_gone() -> None:
    """Nothing is carried beyond an edge."""
    assert _carry(_source("a line", LONG, shift=Shift(0, -60))).lines == []


def test_a_line_that_runs_into_a_known_one_is_read_with_it() -> None:
    """Both boxes together are to be read in one."""
    assert _joined([Box(50, 18, 140, 30)], [PIECE]) == [LONG]


def test_two_lines_that_run_into_the_same_known_one_are_one_part() -> None:
    """A line that is met from both sides is read once."""
    assert _joined([Box(4, 18, 20, 30), Box(50, 18, 140, 30)], [PIECE]) == [Box(4, 18, 140, 30)]


def test_a_part_of_a_known_line_joins_nothing() -> None:
    """What is found within a line that stands is that line."""
    assert _joined([PIECE], [LONG]) == []


def test_the_line_below_joins_nothing() -> None:
    """Boxes of two rows may touch."""
    assert _joined([Box(16, 28, 140, 40)], [LONG]) == []


def _joined(found: list[Box], known: list[Box]) -> list[Box]:
    return joined_parts([Line("", box, 0.9) for box in found], [Line("", box, 0.9) for box in known])


def _source(text: str, box: Box, *, tiles: Tiles | None = None, stands: bool = True, shift: Shift = NONE) -> Source:
    return Source([Line(text, box, 0.9)], _all() if tiles is None else tiles, lambda _: stands, shift)


def _carry(*sources: Source) -> Carried:
    return carry(sources, np.zeros(TILES, np.bool_), SHAPE)


def _all() -> Tiles:
    return np.ones(TILES, np.bool_)


def _left() -> Tiles:
    """Return the tiles of the left of the picture."""
    tiles = np.zeros(TILES, np.bool_)
    tiles[:, :4] = True
    return tiles


def _texts(carried: Carried) -> list[str]:
    return [line.text for line in carried.lines]
