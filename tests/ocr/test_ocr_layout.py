"""The order of lines: columns, side bars, tables, headings."""

from __future__ import annotations

from ocr.layout import in_reading_order
from timeline.model import Box, Line


def test_lines_go_from_top_to_bottom() -> None:
    """Plain text is read downwards, whatever order it was found in."""
    assert _order({"second": (10, 40, 300), "first": (10, 10, 300), "third": (10, 70, 300)}) == [
        "first",
        "second",
        "third",
    ]


def test_parts_of_one_row_go_from_left_to_right() -> None:
    """A row found in parts is one row, also where its parts differ by a few pixels in height."""
    assert _order({"right": (220, 9, 400), "left": (10, 12, 200)}) == ["left", "right"]


def test_a_side_bar_is_read_before_the_page() -> None:
    """The lines of a side bar stay together."""
    lines = {
        "Files": (10, 10, 60),
        "Title of the page": (200, 14, 700),
        "Search": (10, 46, 70),
        "its first line": (200, 50, 900),
        "Trash": (10, 82, 60),
        "its second line": (200, 80, 900),
        "its third line": (200, 110, 900),
        "its fourth line": (200, 140, 900),
        "its fifth line": (200, 170, 900),
        "its sixth line": (200, 200, 900),
    }
    assert _order(lines)[:4] == ["Files", "Search", "Trash", "Title of the page"]


def test_two_columns_of_text_are_read_one_after_the_other() -> None:
    """Flowing text in columns is not read across, though its rows are level."""
    lines = {
        f"{side}{row}": (x, 10 + 30 * row, x + 450) for row in range(4) for side, x in (("left", 10), ("right", 500))
    }
    assert _order(lines) == ["left0", "left1", "left2", "left3", "right0", "right1", "right2", "right3"]


def test_a_table_is_read_row_by_row() -> None:
    """Short cells that share their rows stay in their rows."""
    lines = {
        f"{row}{column}": (10 + 200 * column, 10 + 30 * row, 90 + 200 * column)
        for row in range(3)
        for column in range(3)
    }
    assert _order(lines) == ["00", "01", "02", "10", "11", "12", "20", "21", "22"]


def test_a_heading_above_columns_comes_first() -> None:
    """A line over the whole width parts what stands above from what stands below."""
    lines = {"left": (10, 90, 400), "heading": (10, 10, 900), "right": (500, 90, 900), "left end": (10, 120, 400)}
    assert _order(lines)[0] == "heading"


def test_no_lines_have_no_order() -> None:
    """An empty screen is fine."""
    assert in_reading_order([]) == []


def _order(lines: dict[str, tuple[int, int, int]]) -> list[str]:
    """Return the texts in reading order; each line is given by x0, y0 and x1 and is 20 pixels high."""
    made = [Line(text, Box(x0, y0, x1, y0 + 20), 1.0) for text, (x0, y0, x1) in lines.items()]
    return [line.text for line in in_reading_order(made)]
