"""Tesseract through pytesseract: the engine of machines where the program `tesseract` is installed.

The only file that imports pytesseract.  Starts the program once a picture, for Korean twice, on one thread; pytesseract
hands the picture over in a temporary file, which it removes.  What it reads becomes lines in `ocr.tesseract_lines`.
Called by `ocr.engines`.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from ocr.tesseract_lines import INSTALL, PAGE_MODE, Grey, Recognised, chosen_languages, needs_text, read_lines
from timeline.errors import DayreelError, PartMissing
from timeline.model import Box, Line, Picture

TIMEOUT_S = 120


class TesseractEngine:
    """Reads with Tesseract, in Chinese and English unless told otherwise.  Raises PartMissing when it is not there."""

    name = "tesseract"

    def __init__(self, languages: Sequence[str] = ()) -> None:
        self._languages = chosen_languages(languages, installed_languages())

    def read(self, picture: Picture, part: Box | None = None) -> list[Line]:
        """Return the lines of a picture in reading order, or those of a part of it."""
        return read_lines(picture, part, self._recognised)

    def _recognised(self, grey: Grey) -> Recognised:
        """Return what Tesseract reads.  Raises DayreelError when Tesseract fails or takes too long."""
        import pytesseract
        from PIL import Image

        image, settings = Image.fromarray(grey), f"--psm {PAGE_MODE} -c preserve_interword_spaces=1"
        try:
            with _one_thread():
                table = pytesseract.image_to_data(image, self._languages, settings, timeout=TIMEOUT_S)
                if not needs_text(self._languages):
                    return Recognised(table, "")
                return Recognised(table, pytesseract.image_to_string(image, self._languages, settings))
        except RuntimeError as failed:  # pytesseract's only signal of a timeout, and the base of TesseractError
            height, width = grey.shape
            raise DayreelError(f"Tesseract could not read a picture of {width}x{height} pixels.") from failed


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
