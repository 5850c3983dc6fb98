"""macOS's own text recognition (Vision) through ocrmac: an engine that comes with the system.

The only file that imports ocrmac.  Vision tells where a line stands, not where its characters do: those are spread over
the line by its ink (`ocr.spread`).  The call is thin; `lines_of`, which makes ocrmac's results into lines, is pure and
tested by results written down in the form that ocrmac documents.  Never run on a Mac yet, so without a figure: "auto"
takes it only where no measured engine is installed.  Called by `ocr.engines`.
"""

from __future__ import annotations

import importlib.util
import platform
from collections.abc import Iterable, Sequence

import numpy as np

from ocr.banded import read_in_bands
from ocr.pieces import clipped
from ocr.spread import spread
from ocr.words import build_line
from timeline.errors import PartMissing
from timeline.model import Box, Line, Picture

LANGUAGES = {  # Tesseract's names, which the settings use, and Apple's
    "eng": "en-US",
    "chi_sim": "zh-Hans",
    "chi_tra": "zh-Hant",
    "jpn": "ja-JP",
    "kor": "ko-KR",
    "deu": "de-DE",
    "fra": "fr-FR",
    "spa": "es-ES",
    "ita": "it-IT",
    "por": "pt-BR",
    "rus": "ru-RU",
    "ukr": "uk-UA",
}
USUAL = ("chi_sim", "eng")

Found = tuple[str, float, Sequence[float]]
"""One line as ocrmac returns it: text, confidence, and x, y, width, height as shares of the picture, y from below."""


class VisionEngine:
    """Reads with macOS's Vision.  Raises PartMissing on other systems and where ocrmac is not installed."""

    name = "vision"

    def __init__(self, languages: Sequence[str] = ()) -> None:
        check_installed(languages)
        self._languages = [LANGUAGES[name] for name in languages or USUAL]

    def read(self, picture: Picture, part: Box | None = None) -> list[Line]:
        """Return the lines of a picture in reading order, or those of a part of it."""
        return read_in_bands(picture, part, self._read_band)

    def _read_band(self, picture: Picture) -> list[Line]:
        from ocrmac import ocrmac
        from PIL import Image

        image = Image.fromarray(np.ascontiguousarray(picture[:, :, ::-1]))
        try:
            found = ocrmac.OCR(image, language_preference=self._languages).recognize()
        except ValueError as refused:  # raised for languages that this macOS does not know
            wanted = ", ".join(self._languages)
            raise PartMissing(f"Vision of this macOS does not read all of {wanted}; set ocr.languages.") from refused
        return lines_of(found, picture)


def check_installed(languages: Sequence[str] = ()) -> None:
    """Raise PartMissing when this is no Mac, ocrmac is not installed, or Vision knows one of the languages not."""
    if platform.system() != "Darwin":
        raise PartMissing("Vision is a part of macOS, which this is not.")
    if importlib.util.find_spec("ocrmac") is None:
        raise PartMissing("The package ocrmac is not installed; install it with: pip install ocrmac")
    unknown = [name for name in languages if name not in LANGUAGES]
    if unknown:
        raise PartMissing(f"Vision does not read {', '.join(unknown)}; it reads {', '.join(LANGUAGES)}.")


def lines_of(found: Iterable[Found], picture: Picture) -> list[Line]:
    """Return what Vision found in a picture as lines, in its pixels."""
    built = []
    for text, confidence, share in found:
        if text.strip():
            place = _place(share, picture)
            built.append(build_line(spread(text, picture, place), picture, place, min(1.0, float(confidence))))
    return [line for line in built if line is not None]


def _place(share: Sequence[float], picture: Picture) -> Box:
    """Return a box given as shares of the picture, counted from its lower left corner."""
    height, width = picture.shape[:2]
    left, below, across, up = share
    x0, y1 = left * width, (1 - below) * height
    return clipped(x0, y1 - up * height, x0 + across * width, y1, picture.shape)
