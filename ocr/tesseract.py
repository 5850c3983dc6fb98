"""Tesseract through pytesseract: the second engine, for machines where Tesseract is installed.

The only file that imports pytesseract.  Starts the program `tesseract` once a picture, on one thread.  Called by
`ocr.engines`.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import reduce
from itertools import pairwise
from statistics import fmean
from typing import Any

import numpy as np

from ocr.engine import checked_picture, holds
from ocr.layout import in_reading_order
from ocr.script import is_wide, word_spans
from ocr.words import whole_box
from timeline.errors import DayreelError, PartMissing
from timeline.model import Box, Line, Picture, Word

SCALE = 1.5  # Tesseract is trained on print at 300 dpi; on screens x1.5 lifts English word recall from 0.928 to 0.990
LARGEST_SCALED = 2560 * 1600  # pixels; larger pictures are of dense screens, whose letters are large enough
LEAST_SIDE = 8  # pixels; Tesseract refuses smaller pictures
MARGIN = 12  # pixels around a part: Tesseract misses lines at a picture's edge
TIMEOUT_S = 120
WANTED = ("chi_sim", "eng")
INSTALL = "install it with: apt-get install tesseract-ocr tesseract-ocr-chi-sim"


@dataclass(frozen=True, slots=True)
class Piece:
    """What Tesseract calls a word: on Chinese pages often one character."""

    text: str
    box: Box
    confidence: float


class TesseractEngine:
    """Reads with Tesseract, in Chinese and English as far as installed.  Raises PartMissing when it is not."""

    name = "tesseract"

    def __init__(self) -> None:
        installed = installed_languages()
        self._languages = "+".join(name for name in WANTED if name in installed) or installed[0]

    def read(self, picture: Picture, part: Box | None = None) -> list[Line]:
        """Return the lines of a picture in reading order, or those of a part of it."""
        picture = checked_picture(picture)
        if part is not None:
            height, width = picture.shape[:2]
            x0, y0 = max(0, part.x0 - MARGIN), max(0, part.y0 - MARGIN)
            crop = picture[y0 : min(height, part.y1 + MARGIN), x0 : min(width, part.x1 + MARGIN)]
            return [line for one in self.read(crop) if holds(part, (line := one.shifted(x0, y0)).box)]
        if min(picture.shape[:2]) < LEAST_SIDE:
            return []
        scale = SCALE if picture.shape[0] * picture.shape[1] <= LARGEST_SCALED else 1.0
        table = _run(_prepared(picture, scale), self._languages)
        return in_reading_order([line_of(pieces) for pieces in _lines(table, scale, picture)])


def installed_languages() -> list[str]:
    """Return the languages Tesseract has here, without its script detector.

    Raises PartMissing when pytesseract, Tesseract or every language is missing.
    """
    try:
        import pytesseract
    except ImportError as missing:
        raise PartMissing(
            "The package pytesseract is not installed; install it with: pip install pytesseract"
        ) from missing
    try:
        languages = [name for name in pytesseract.get_languages() if name != "osd"]
    except pytesseract.TesseractNotFoundError as missing:
        raise PartMissing(f"Tesseract is not installed; {INSTALL}") from missing
    if not languages:
        raise PartMissing(f"Tesseract has no language installed; {INSTALL}")
    return languages


def line_of(pieces: list[Piece]) -> Line:
    """Return one line: no spaces inside Chinese, words split at white space and between Chinese and Latin."""
    text, cells = "", list[Box]()
    for piece in pieces:
        if text and not (is_wide(text[-1]) and is_wide(piece.text[0])):
            text += " "
            cells.append(piece.box)
        text += piece.text
        cells += _cells(piece)
    words = [Word(text[start:end], reduce(Box.union, cells[start:end])) for start, end in word_spans(text)]
    return Line(text, whole_box(words), fmean(piece.confidence for piece in pieces), tuple(words))


def _cells(piece: Piece) -> list[Box]:
    """Return a box for each character of a piece; they are taken as equally wide."""
    step = piece.box.width / len(piece.text)
    edges = [piece.box.x0 + round(place * step) for place in range(len(piece.text) + 1)]
    return [Box(x0, piece.box.y0, max(x1, x0 + 1), piece.box.y1) for x0, x1 in pairwise(edges)]


def _prepared(picture: Picture, scale: float) -> Picture:
    """Return the picture as Tesseract likes it: grey and enlarged."""
    import cv2

    grey = cv2.cvtColor(picture, cv2.COLOR_BGR2GRAY)
    if scale == 1.0:
        return np.asarray(grey, np.uint8)
    return np.asarray(cv2.resize(grey, None, fx=scale, fy=scale, interpolation=cv2.INTER_CUBIC), np.uint8)


def _run(grey: Picture, languages: str) -> dict[str, list[Any]]:
    """Return Tesseract's table of words.  Raises DayreelError when Tesseract fails or takes too long."""
    import pytesseract
    from PIL import Image

    try:
        with _one_thread():
            table: dict[str, list[Any]] = pytesseract.image_to_data(
                Image.fromarray(grey),
                lang=languages,
                config="--psm 3 -c preserve_interword_spaces=1",
                output_type=pytesseract.Output.DICT,
                timeout=TIMEOUT_S,
            )
    except RuntimeError as failed:  # pytesseract's only signal of a timeout, and the base of TesseractError
        raise DayreelError(f"Tesseract could not read a picture of {grey.shape[1]}x{grey.shape[0]} pixels.") from failed
    return table


@contextmanager
def _one_thread() -> Iterator[None]:
    """Keep Tesseract to one thread: more cost more CPU for the same page."""
    before = os.environ.get("OMP_THREAD_LIMIT")
    os.environ["OMP_THREAD_LIMIT"] = "1"
    try:
        yield
    finally:
        if before is None:
            del os.environ["OMP_THREAD_LIMIT"]
        else:
            os.environ["OMP_THREAD_LIMIT"] = before


def _lines(table: dict[str, list[Any]], scale: float, picture: Picture) -> list[list[Piece]]:
    """Return the pieces of each line, in Tesseract's order."""
    height, width = picture.shape[:2]
    lines: dict[tuple[int, ...], list[Piece]] = {}
    columns = ("text", "conf", "left", "top", "width", "height", "block_num", "par_num", "line_num")
    for text, confidence, x, y, w, h, *line in zip(*(table[column] for column in columns), strict=True):
        shown = str(text).strip()
        if not shown or float(confidence) < 0:
            continue
        x0, y0 = min(int(x / scale), width - 1), min(int(y / scale), height - 1)
        x1, y1 = min(width, max(x0 + 1, round((x + w) / scale))), min(height, max(y0 + 1, round((y + h) / scale)))
        piece = Piece("".join(shown.split()), Box(x0, y0, x1, y1), min(1.0, float(confidence) / 100))
        lines.setdefault(tuple(line), []).append(piece)
    return list(lines.values())
