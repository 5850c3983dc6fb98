"""The order in which a person would read the lines of a screen: columns, side bars, tables, plain text.

Pure: lines in, lines out.  A recursive cut along white space (Nagy and Seth's X-Y cut, 1984): a block is cut into
columns where a gutter runs through its whole height, else into rows at its widest gap.  Called by the engines and by
`dayreel text`, which puts carried and new lines together.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from statistics import median

from timeline.model import Line

GUTTER = 1.2  # of the usual line height; narrower white space between lines parts no columns
BLOCK_GAP = 1.0  # of the usual line height; white space that parts two blocks one above the other
SAME_ROW = 0.5  # of a line's height by which two centres may differ within one row
TABLE_SHARE = 0.6  # of the lines beside a gutter that have a partner in the same row: then it is a table
FLOWING_WIDTH = 20  # usual line heights; text this wide on both sides of a gutter is columns, whatever the rows


def in_reading_order(lines: Sequence[Line]) -> list[Line]:
    """Return the lines column by column and top to bottom; the rows of a table stay together."""
    if len(lines) < 2:
        return list(lines)
    columns = _columns(lines)
    if len(columns) > 1:
        return [line for column in columns for line in in_reading_order(column)]
    blocks = _blocks(lines)
    if len(blocks) > 1:
        return [line for block in blocks for line in in_reading_order(block)]
    return _rows(lines)


def _columns(lines: Sequence[Line]) -> list[list[Line]]:
    """Return the lines left and right of the first gutter that parts columns, or all of them in one."""
    height = _usual_height(lines)
    ordered = sorted(lines, key=lambda line: line.box.x0)
    reach = ordered[0].box.x1
    for place, line in enumerate(ordered[1:], start=1):
        if line.box.x0 - reach >= GUTTER * height and not _is_table(ordered[:place], ordered[place:], height):
            return [ordered[:place], ordered[place:]]
        reach = max(reach, line.box.x1)
    return [ordered]


def _is_table(left: Sequence[Line], right: Sequence[Line], height: float) -> bool:
    """Tell whether the lines on both sides of a gutter stand in common rows, and are too short to be flowing text."""
    if min(median(line.box.width for line in side) for side in (left, right)) > FLOWING_WIDTH * height:
        return False
    fewer, more = sorted((left, right), key=len)
    partnered = sum(any(_same_row(line, other) for other in more) for line in fewer)
    return partnered >= TABLE_SHARE * len(fewer) and len(more) <= 2 * len(fewer)


def _blocks(lines: Sequence[Line]) -> list[list[Line]]:
    """Return the lines above and below the widest gap that parts blocks, or all of them in one."""
    height = _usual_height(lines)
    ordered = sorted(lines, key=lambda line: line.box.y0)
    widest, cut, reach = BLOCK_GAP * height, 0, ordered[0].box.y1
    for place, line in enumerate(ordered[1:], start=1):
        if line.box.y0 - reach >= widest:
            widest, cut = line.box.y0 - reach, place
        reach = max(reach, line.box.y1)
    return [ordered[:cut], ordered[cut:]] if cut else [ordered]


def _rows(lines: Sequence[Line]) -> list[Line]:
    """Return the lines row by row, each row from left to right."""
    ordered = sorted(lines, key=_middle)
    rows = [[ordered[0]]]
    for above, line in pairwise(ordered):
        if _same_row(above, line):
            rows[-1].append(line)
        else:
            rows.append([line])
    return [line for row in rows for line in sorted(row, key=lambda line: line.box.x0)]


def _usual_height(lines: Sequence[Line]) -> float:
    return median(line.box.height for line in lines)


def _middle(line: Line) -> float:
    return (line.box.y0 + line.box.y1) / 2


def _same_row(first: Line, second: Line) -> bool:
    return abs(_middle(first) - _middle(second)) <= SAME_ROW * min(first.box.height, second.box.height)
