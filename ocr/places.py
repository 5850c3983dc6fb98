"""Where lines stand, made exact: detected boxes split at table borders and widened to their outer marks.

Pure: values in, values out.  Called by `ocr.rapid` between detection and recognition.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from ocr.ink import ink_mask, leading_white, reach, upright_rules
from timeline.model import Box, Picture

LEAST_SIDE = 4  # pixels; nothing smaller holds a character
MARKS_WIDTH = 1.5  # of a line's height, how far beyond its box its first and last marks are looked for
MARGIN = 0.15  # of a line's height, white wanted at both ends; recognisers skip a mark that touches the edge
MARKS_GAP = 0.3  # of a line's height; wider white parts a mark from the line


def exact_places(detected: Sequence[Box], picture: Picture) -> list[Box]:
    """Return the places of the lines, none of them reaching over a table border or too small to hold a character."""
    parts = [part for place in detected if _is_large(place) for part in _split(place, picture)]
    return [_widened(part, parts, picture) for part in parts]


def _is_large(place: Box) -> bool:
    return min(place.width, place.height) >= LEAST_SIDE


def _split(place: Box, picture: Picture) -> list[Box]:
    """Return the parts of a place between the table borders that cross it."""
    rules = upright_rules(picture[place.y0 : place.y1, place.x0 : place.x1])
    edges = [0, *(edge for rule in rules for edge in (rule.start, rule.end)), place.width]
    parts = [Box(place.x0 + start, place.y0, place.x0 + end, place.y1) for start, end in list(pairwise(edges))[::2]]
    return [part for part in parts if _is_large(part)]


def _widened(place: Box, places: Sequence[Box], picture: Picture) -> Box:
    """Return the place with the marks that stand just outside it: detection leaves out quotes and underscores at ends.

    Grows never into another place of the same row.
    """
    beside = [other for other in places if other != place and other.y0 < place.y1 and place.y0 < other.y1]
    left = min(place.x0, max((other.x1 for other in beside if other.x0 < place.x0), default=0))
    right = max(place.x1, min((other.x0 for other in beside if other.x1 > place.x1), default=picture.shape[1]))
    limit, gap = round(MARKS_WIDTH * place.height), max(2, round(MARKS_GAP * place.height))
    around = Box(max(left, place.x0 - limit - gap), place.y0, min(right, place.x1 + limit + gap), place.y1)
    mask = ink_mask(picture[around.y0 : around.y1, around.x0 : around.x1])
    start, end = place.x0 - around.x0, place.x1 - around.x0
    start -= reach(mask[:, :start][:, ::-1], gap, limit)
    end += reach(mask[:, end:], gap, limit)
    margin = max(2, round(MARGIN * place.height))
    start -= min(leading_white(mask[:, :start][:, ::-1]), max(0, margin - leading_white(mask[:, start:])))
    end += min(leading_white(mask[:, end:]), max(0, margin - leading_white(mask[:, :end][:, ::-1])))
    return Box(around.x0 + start, place.y0, around.x0 + end, place.y1)
