"""Recognised pieces with boxes of their own, joined into a line: for engines that tell where each word stands.

Pure: values in, values out.  Called by `ocr.tesseract_lines` and `ocr.windows_ocr`.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import reduce
from itertools import pairwise
from statistics import fmean

from ocr.script import is_wide, word_spans
from ocr.words import whole_box
from timeline.model import Box, Line, Word


@dataclass(frozen=True, slots=True)
class Piece:
    """What an engine calls a word: on Chinese pages often one character.  Its text holds no white space."""

    text: str
    box: Box
    confidence: float
    spaced: bool = True  # white space stands before it


def line_of(pieces: list[Piece]) -> Line:
    """Return one line: no spaces inside Chinese, words split at white space and between Chinese and Latin."""
    text, cells = "", list[Box]()
    for piece in pieces:
        if text and piece.spaced and not (is_wide(text[-1]) and is_wide(piece.text[0])):
            text += " "
            cells.append(piece.box)
        text += piece.text
        cells += _cells(piece)
    words = [Word(text[start:end], reduce(Box.union, cells[start:end])) for start, end in word_spans(text)]
    return Line(text, whole_box(words), fmean(piece.confidence for piece in pieces), tuple(words))


def clipped(x0: float, y0: float, x1: float, y1: float, shape: tuple[int, ...]) -> Box:
    """Return a box in whole pixels, inside a picture of that shape and never empty."""
    left, top = min(max(0, int(x0)), shape[1] - 1), min(max(0, int(y0)), shape[0] - 1)
    return Box(left, top, min(shape[1], max(left + 1, round(x1))), min(shape[0], max(top + 1, round(y1))))


def _cells(piece: Piece) -> list[Box]:
    """Return a box for each character of a piece; they are taken as equally wide."""
    step = piece.box.width / len(piece.text)
    edges = [piece.box.x0 + round(place * step) for place in range(len(piece.text) + 1)]
    return [Box(x0, piece.box.y0, max(x1, x0 + 1), piece.box.y1) for x0, x1 in pairwise(edges)]
