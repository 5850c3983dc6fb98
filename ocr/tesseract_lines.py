"""What the two Tesseract engines share: which languages, which picture Tesseract gets, and its table made into lines.

Runs nothing itself: the caller hands it the function that turns a grey picture into Tesseract's table.  Called by
`ocr.tesseract` (the program) and `ocr.tesserocr_engine` (in process), which therefore agree.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ocr.engine import checked_picture, holds
from ocr.layout import in_reading_order
from ocr.pieces import Piece, clipped, line_of
from timeline.errors import PartMissing
from timeline.model import Box, Line, Picture

SCALE = 1.5  # Tesseract is trained on print at 300 dpi; on screens x1.5 lifts English word recall from 0.928 to 0.990
LARGEST_SCALED = 2560 * 1600  # pixels; larger pictures are of dense screens, whose letters are large enough
LEAST_SIDE = 8  # pixels; Tesseract refuses smaller pictures
MARGIN = 12  # pixels around a part: Tesseract misses lines at a picture's edge
PAGE_MODE = 3  # Tesseract's own layout analysis, without its script detector
USUAL = ("chi_sim", "eng")
INSTALL = "install it with: apt-get install tesseract-ocr tesseract-ocr-chi-sim"
WORD_LEVEL = "5"  # of the table's rows: page, block, paragraph, line, word
COLUMNS = 12  # of the table
SKIPPED = 40  # characters of the text that the table may lack before a word

Grey = NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class Recognised:
    """What Tesseract makes of a picture, in two forms that hold the same words in the same order."""

    table: str  # TSV: words with boxes; of Korean most syllables are words of their own
    text: str  # words with the white space that is between them; empty unless `needs_text`


Recognise = Callable[[Grey], Recognised]
"""Reads a grey picture, uint8 (height, width)."""


def chosen_languages(wanted: Sequence[str], installed: Sequence[str]) -> str:
    """Return the languages to read, as Tesseract wants them named; nothing wanted is Chinese and English, if there.

    Raises PartMissing for a wanted language that is not installed, or when none is.
    """
    if not installed:
        raise PartMissing(f"Tesseract has no language installed; {INSTALL}")
    missing = [name for name in wanted if name not in installed]
    if missing:
        packages = " ".join(f"tesseract-ocr-{name.replace('_', '-').lower()}" for name in missing)
        what = "language" if len(missing) == 1 else "languages"
        raise PartMissing(
            f"Tesseract lacks the {what} {', '.join(missing)}; install it with: apt-get install {packages}"
        )
    return "+".join(wanted or [name for name in USUAL if name in installed] or installed[:1])


def needs_text(languages: str) -> bool:
    """Tell whether the table alone does not say where words end: Korean has spaces, but not between all syllables."""
    return "kor" in languages.split("+")


def read_lines(picture: Picture, part: Box | None, recognise: Recognise) -> list[Line]:
    """Return the lines of a picture in reading order, or those of a part of it."""
    picture = checked_picture(picture)
    if part is not None:
        height, width = picture.shape[:2]
        x0, y0 = max(0, part.x0 - MARGIN), max(0, part.y0 - MARGIN)
        crop = picture[y0 : min(height, part.y1 + MARGIN), x0 : min(width, part.x1 + MARGIN)]
        placed = (line.shifted(x0, y0) for line in read_lines(crop, None, recognise))
        return [line for line in placed if holds(part, line.box)]
    if min(picture.shape[:2]) < LEAST_SIDE:
        return []
    scale = SCALE if picture.shape[0] * picture.shape[1] <= LARGEST_SCALED else 1.0
    return in_reading_order(lines_of(recognise(_prepared(picture, scale)), scale, picture.shape))


def lines_of(recognised: Recognised, scale: float, shape: tuple[int, ...]) -> list[Line]:
    """Return the lines of a picture of that shape, which Tesseract saw enlarged by `scale`, in Tesseract's order."""
    spaces = _Spaces(recognised.text)
    lines: dict[tuple[str, ...], list[Piece]] = {}
    for row in recognised.table.split("\n"):  # splitlines() would also part rows at marks that stand in the text
        cells = row.split("\t", COLUMNS - 1)
        if len(cells) < COLUMNS or cells[0] != WORD_LEVEL:
            continue
        _, *line, _, x, y, width, height, confidence, text = cells
        shown = "".join(text.split())
        if shown and float(confidence) >= 0:
            sides = (int(x), int(y), int(x) + int(width), int(y) + int(height))
            x0, y0, x1, y1 = (side / scale for side in sides)
            piece = Piece(
                shown, clipped(x0, y0, x1, y1, shape), min(1.0, float(confidence) / 100), spaces.before(shown)
            )
            lines.setdefault(tuple(line), []).append(piece)
    return [line_of(pieces) for pieces in lines.values()]


class _Spaces:
    """Tells before which words white space stands, asked word by word."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._place = 0

    def before(self, word: str) -> bool:
        """Tell whether white space stands before the next word; where text and table differ, it does."""
        start = self._text.find(word, self._place, self._place + len(word) + SKIPPED)
        if start < 0:
            return True
        between = self._text[self._place : start]
        self._place = start + len(word)
        return between != "" or start == 0


def _prepared(picture: Picture, scale: float) -> Grey:
    """Return the picture as Tesseract likes it: grey and enlarged."""
    import cv2

    grey = cv2.cvtColor(picture, cv2.COLOR_BGR2GRAY)
    if scale == 1.0:
        return np.asarray(grey, np.uint8)
    return np.asarray(cv2.resize(grey, None, fx=scale, fy=scale, interpolation=cv2.INTER_CUBIC), np.uint8)
