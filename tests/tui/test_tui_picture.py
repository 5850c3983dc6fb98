"""Pictures to strips, and what a terminal's reply allows."""

from __future__ import annotations

import subprocess
import sys

import numpy as np
import pytest
from rich.style import Style

from timeline.errors import SettingsWrong
from timeline.model import Box
from tui.picture import Canvas, Painter, fit, framed
from tui.picture_mode import PictureMode, choose_picture_mode, read_reply, understand

XTERM = "\x1b[?64;1;2;4;6;9;15;16;17;18;21;22;28c"
KITTY = "\x1b_Gi=31;OK\x1b\\\x1b[6;18;9t\x1b[?62;c"
PLAIN = "\x1b[?1;2c"


def canvas(columns: int, rows: int, kind: str = "halfblock") -> Canvas:
    """Return a canvas of cells of 10 by 20 pixels."""
    return Canvas(columns, rows, PictureMode(kind, 10, 20), Style(bgcolor="black"))


def half_and_half() -> np.ndarray:
    """Return 200 by 100 pixels, left half blue, right half red, as BGR."""
    picture = np.zeros((100, 200, 3), np.uint8)
    picture[:, :100] = (248, 0, 0)
    picture[:, 100:] = (0, 0, 248)
    return picture


@pytest.mark.parametrize(
    ("width_px", "height_px", "columns", "rows", "expected"),
    [
        (1920, 1080, 100, 50, (100, 28)),
        (1920, 1080, 100, 10, (36, 10)),
        (100, 100, 80, 40, (10, 5)),
        (20000, 10, 80, 40, (80, 1)),
    ],
)
def test_a_picture_keeps_its_shape(width_px, height_px, columns, rows, expected):
    """As large as the canvas allows, never enlarged, never without a row."""
    assert fit(width_px, height_px, canvas(columns, rows)) == expected


@pytest.mark.parametrize("kind", ["halfblock", "sixel"])
@pytest.mark.parametrize("size", [(1, 1), (7, 3), (40, 9), (100, 40)])
def test_strips_fill_the_canvas(kind, size):
    """Each row has the width of the canvas, whatever the picture leaves free."""
    strips = Painter().paint(half_and_half(), (), canvas(*size, kind))
    assert [strip.cell_length for strip in strips] == [size[0]] * size[1]


def test_half_blocks_have_the_colours_of_the_picture():
    """BGR in, RGB out; equal neighbours are one segment."""
    [row] = Painter().paint(half_and_half(), (), canvas(4, 1))
    colours = [(segment.text, segment.style.color.triplet) for segment in row if segment.text.strip()]
    assert colours == [("▀▀", (0, 0, 248)), ("▀▀", (248, 0, 0))]


def test_a_sixel_picture_is_one_escape_that_leaves_the_cursor():
    """It is drawn from the last row of the picture, between saving and restoring the cursor."""
    strips = Painter().paint(half_and_half(), (), canvas(20, 5, "sixel"))
    escapes = [(y, segment.text) for y, strip in enumerate(strips) for segment in strip if segment.control]
    [(row, escape)] = escapes
    assert row == 4
    assert escape.startswith("\x1b7\x1b[19D\x1b[4A\x1bP")
    assert escape.endswith("\x1b\\\x1b8")


def test_kitty_pixels_are_sent_and_cells_hold_their_place():
    """The pixels go to the terminal once; the strips hold placeholders in the colour that names the picture."""
    script = """
import numpy as np
from rich.style import Style
from tui.picture import Canvas, Painter
from tui.picture_mode import PictureMode
strips = Painter().paint(np.zeros((100, 200, 3), np.uint8), (), Canvas(24, 5, PictureMode("kitty"), Style()))
assert [strip.cell_length for strip in strips] == [24] * 5
assert all(chr(0x10EEEE) in strip.text for strip in strips)
"""
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.startswith("\x1b_Gi=")
    assert done.stdout.count("U=1") == 1


def test_boxes_are_framed_and_their_inside_is_kept():
    """The frame lies outside the box; the picture that was given stays untouched."""
    picture = half_and_half()
    marked = framed(picture, [Box(50, 40, 80, 60)], 2)
    assert marked[39, 50].tolist() == [80, 170, 255]
    assert marked[40, 48].tolist() == [80, 170, 255]
    assert marked[40, 50].tolist() == [248, 0, 0]
    assert picture[39, 50].tolist() == [248, 0, 0]


def test_a_box_at_the_edge_is_framed_as_far_as_there_is_room():
    """Boxes may touch the border of the screen."""
    marked = framed(half_and_half(), [Box(0, 0, 200, 100)], 3)
    assert marked[0, 0].tolist() == [248, 0, 0]


def test_sixel_is_taken_where_the_terminal_has_it():
    """The device attributes name it as 4, and not as a part of 64."""
    assert understand(XTERM, cell_px=(8, 17)) == PictureMode("sixel", 8, 17)
    assert understand("\x1b[?64;14;40c").kind == "halfblock"


def test_kitty_graphics_are_taken_where_there_is_no_sixel():
    """The cell size comes from the reply."""
    assert understand(KITTY) == PictureMode("kitty", 9, 18)


def test_a_plain_terminal_gets_half_blocks():
    """So does one that never answers."""
    assert understand(PLAIN).kind == "halfblock"
    assert understand("") == PictureMode("halfblock", 10, 20)


def test_a_slow_link_gets_half_blocks_unless_the_setting_says_otherwise():
    """A picture of 100 kB for each step would hold up the keys."""
    assert understand(XTERM, slow=True).kind == "halfblock"
    assert understand(XTERM, "sixel", slow=True).kind == "sixel"


def test_a_reply_is_read_up_to_the_device_attributes():
    """It may come in pieces; what follows is left for the interface."""
    reads = iter([b"\x1b_Gi=31;O", b"K\x1b\\\x1b[6;18;9t\x1b[?6", b"2;c", b"q"])
    assert read_reply(lambda wait_s: next(reads)) == KITTY
    assert next(reads) == b"q"


def test_a_silent_terminal_ends_the_reading():
    """An empty read is a silence."""
    assert read_reply(lambda wait_s: b"") == ""


def test_without_a_terminal_nothing_is_asked():
    """Under pytest neither stream is a terminal."""
    assert choose_picture_mode("auto").kind == "halfblock"
    assert choose_picture_mode("off").kind == "off"


def test_an_unknown_setting_is_named():
    """The message says which ones there are."""
    with pytest.raises(SettingsWrong, match="'png' is unknown: choose one of auto, sixel, kitty, halfblock, off"):
        choose_picture_mode("png")
