"""From recognised glyphs and the ink under them to a line of words with boxes.

Owns the order in which a line is mended and the trimming of its boxes.  Pure: values in, values out.  Called by the
engines that know where each character stands.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import reduce

from ocr.glyphs import Glyph, cells
from ocr.ink import Mask, Run, ink_mask, low_strokes, trimmed
from ocr.lookalikes import letters_for_zeros, mend_bars, mend_case, paired_quotes
from ocr.pitch import mend_even_spaces
from ocr.script import word_spans
from ocr.spaces import mend_spaces, mend_underscores
from timeline.model import Box, Line, Picture, Word

STROKES_BELOW = 0.1  # of a line's height, how far below its box an underscore is looked for


def build_line(glyphs: list[Glyph], picture: Picture, place: Box, confidence: float) -> Line | None:
    """Return the line read at a place of the picture, or None where nothing was read."""
    if not glyphs:
        return None
    mask = ink_mask(picture[place.y0 : place.y1, place.x0 : place.x1])
    strokes = _strokes(picture, place, mask)
    for stroke in strokes:
        mask[-1, stroke.start : stroke.end] = True
    glyphs = mend_spaces(mend_underscores(glyphs, strokes, place.height), mask)
    glyphs = mend_even_spaces(glyphs, cells(glyphs, mask))
    found = cells(glyphs, mask)
    columns = [cell.columns for cell in found]
    text, owners = _text(mend_bars(mend_case(glyphs, found, mask), columns, mask))
    words = []
    for start, end in word_spans(text):
        across = Run(columns[owners[start]].start, columns[owners[end - 1]].end)
        words.append(Word(text[start:end], _box(mask, across, place)))
    return Line(text, whole_box(words), confidence, tuple(words))


def whole_box(words: Sequence[Word]) -> Box:
    """Return the smallest box that holds all words; there must be one."""
    return reduce(Box.union, (word.box for word in words))


def _strokes(picture: Picture, place: Box, mask: Mask) -> list[Run]:
    """Return the underscores of a line, also those just below a box that ends at the baseline."""
    margin = max(2, round(STROKES_BELOW * place.height))
    top, bottom = max(0, place.y0 - margin), min(picture.shape[0], place.y1 + margin)
    if (top, bottom) == (place.y0, place.y1):  # the picture is the line
        return low_strokes(mask)
    return low_strokes(ink_mask(picture[top:bottom, place.x0 : place.x1]))


def _text(glyphs: list[Glyph]) -> tuple[str, list[int]]:
    """Return the text and, for each of its characters, the index of its glyph."""
    text, owners = "", []
    for index, glyph in enumerate(glyphs):
        piece = f" {glyph.text}" if glyph.spaced else glyph.text
        text += piece
        owners += [index] * len(piece)
    return paired_quotes(letters_for_zeros(text)), owners


def _box(mask: Mask, across: Run, place: Box) -> Box:
    """Return the box in the picture of the ink in some columns of a line, or of the columns where there is none."""
    start = min(across.start, mask.shape[1] - 1)
    ink = trimmed(mask, across) or Box(start, 0, max(across.end, start + 1), place.height)
    return Box(place.x0 + ink.x0, place.y0 + ink.y0, place.x0 + ink.x1, place.y0 + ink.y1)
