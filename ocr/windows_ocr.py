"""Windows' own text recognition (Windows.Media.Ocr) through PyWinRT: an engine that comes with the system.

The only file that imports winrt.  Windows reads with the recogniser of one language, which reads Latin letters as well;
it tells where each word stands, on Chinese pages where each character does, and no confidence.  The call is thin;
`lines_of`, which makes an OcrResult into lines, is pure and tested by results written down in the form that PyWinRT
documents.  Never run on Windows yet, so without a figure: "auto" takes it only where no measured engine is installed.
Called by `ocr.engines`.
"""

from __future__ import annotations

import importlib.util
import platform
from collections.abc import Sequence
from typing import Any, Protocol

import numpy as np

from ocr.banded import read_in_bands
from ocr.pieces import Piece, clipped, line_of
from timeline.errors import PartMissing
from timeline.model import Box, Line, Picture

MODULES = ("winrt.windows.media.ocr", "winrt.windows.graphics.imaging", "winrt.windows.globalization")
INSTALL = (
    "install them with: pip install winrt-Windows.Media.Ocr winrt-Windows.Graphics.Imaging winrt-Windows.Globalization "
    "winrt-Windows.Foundation.Collections winrt-Windows.Storage.Streams"
)
LANGUAGES = {  # Tesseract's names, which the settings use, and those of Windows
    "eng": "en-US",
    "chi_sim": "zh-Hans-CN",
    "chi_tra": "zh-Hant-TW",
    "jpn": "ja",
    "kor": "ko",
    "deu": "de-DE",
    "fra": "fr-FR",
    "spa": "es-ES",
    "ita": "it-IT",
    "por": "pt-BR",
    "rus": "ru",
}
LEAST_SIDE = 40  # pixels; Windows refuses smaller pictures
SURE = 1.0  # Windows tells no confidence; what it is not sure of it leaves out


class Rect(Protocol):
    """Windows.Foundation.Rect: pixels, as floating point numbers."""

    x: float
    y: float
    width: float
    height: float


class OcrWord(Protocol):
    """One word, or one Chinese character."""

    text: str
    bounding_rect: Rect


class OcrLine(Protocol):
    """One line; its text has white space between all its words, Chinese ones as well."""

    text: str
    words: Sequence[OcrWord]


class OcrResult(Protocol):
    """All that was found in a picture."""

    lines: Sequence[OcrLine]


class WindowsEngine:
    """Reads with Windows' recogniser of the first language.  Raises PartMissing elsewhere, or when Windows lacks it."""

    name = "windows"

    def __init__(self, languages: Sequence[str] = ()) -> None:
        check_installed(languages)
        self._engine, self._largest_px = _load(LANGUAGES[languages[0]] if languages else None)

    def read(self, picture: Picture, part: Box | None = None) -> list[Line]:
        """Return the lines of a picture in reading order, or those of a part of it."""
        return read_in_bands(picture, part, self._read_band)

    def _read_band(self, picture: Picture) -> list[Line]:
        from winrt.windows.graphics.imaging import BitmapPixelFormat, SoftwareBitmap

        shown, scale = fitted(picture, self._largest_px)
        height, width = shown.shape[:2]
        bitmap = SoftwareBitmap.create_copy_from_buffer(shown.tobytes(), BitmapPixelFormat.BGRA8, width, height)
        return lines_of(self._engine.recognize_async(bitmap).get(), scale, picture.shape)


def check_installed(languages: Sequence[str] = ()) -> None:
    """Raise PartMissing when this is no Windows, PyWinRT is not installed, or a language has no recogniser."""
    if platform.system() != "Windows":
        raise PartMissing("Windows' own OCR is a part of Windows, which this is not.")
    if not all(map(_is_there, MODULES)):
        raise PartMissing(f"The packages of PyWinRT for OCR are not installed; {INSTALL}")
    unknown = [name for name in languages if name not in LANGUAGES]
    if unknown:
        raise PartMissing(f"Windows' OCR does not read {', '.join(unknown)}; it reads {', '.join(LANGUAGES)}.")


def _is_there(module: str) -> bool:
    try:
        return importlib.util.find_spec(module) is not None
    except ModuleNotFoundError:  # the package that it would be in is not there either
        return False


def fitted(picture: Picture, largest_px: int) -> tuple[Picture, float]:
    """Return the picture as BGRA, no side longer than Windows takes and none too short, and the scale it has.

    A short side is lengthened on the right or below by the edge's own colour, which moves nothing.
    """
    import cv2

    scale = min(1.0, largest_px / max(picture.shape[:2]))
    if scale < 1.0:
        picture = np.asarray(cv2.resize(picture, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA), np.uint8)
    below, right = (max(0, LEAST_SIDE - side) for side in picture.shape[:2])
    whole = cv2.copyMakeBorder(picture, 0, below, 0, right, cv2.BORDER_REPLICATE)
    return np.asarray(cv2.cvtColor(whole, cv2.COLOR_BGR2BGRA), np.uint8), scale


def lines_of(result: OcrResult, scale: float, shape: tuple[int, ...]) -> list[Line]:
    """Return what Windows found in a picture of that shape, which it saw scaled, as lines in the picture's pixels."""
    rows = ([_piece(word, scale, shape) for word in line.words if word.text.strip()] for line in result.lines)
    return [line_of(pieces) for pieces in rows if pieces]


def _piece(word: OcrWord, scale: float, shape: tuple[int, ...]) -> Piece:
    rect = word.bounding_rect
    sides = (rect.x, rect.y, rect.x + rect.width, rect.y + rect.height)
    x0, y0, x1, y1 = (side / scale for side in sides)
    return Piece("".join(word.text.split()), clipped(x0, y0, x1, y1, shape), SURE)


def _load(tag: str | None) -> tuple[Any, int]:  # an OcrEngine; naming its type would import it
    """Return the recogniser of a language, None for those of the user's profile, and the longest side it takes."""
    from winrt.windows.globalization import Language
    from winrt.windows.media.ocr import OcrEngine

    engine = (
        OcrEngine.try_create_from_user_profile_languages()
        if tag is None
        else OcrEngine.try_create_from_language(Language(tag))
    )
    if engine is None:
        wanted = "any language of your profile" if tag is None else tag
        raise PartMissing(
            f"Windows has no OCR for {wanted}; add the language with its optical character recognition under "
            "Settings, Time & language, Language & region."
        )
    return engine, int(OcrEngine.max_image_dimension)
