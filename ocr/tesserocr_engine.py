"""Tesseract in this process through tesserocr: no program to start, the models loaded once.

The only file that imports tesserocr.  The wheel brings its own Tesseract but no language data: those are the files that
the system's Tesseract packages install, or that TESSDATA_PREFIX points to.  What it reads becomes lines in
`ocr.tesseract_lines`.  Called by `ocr.engines`.
"""

from __future__ import annotations

import importlib.util
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from ocr.tesseract_lines import INSTALL, PAGE_MODE, Grey, Recognised, chosen_languages, needs_text, read_lines
from timeline.errors import DayreelError, PartMissing
from timeline.model import Box, Line, Picture

TIMEOUT_MS = 120_000
FOLDERS = (  # Debian and Ubuntu, Fedora and Arch, built by hand, Homebrew on both kinds of Mac
    Path("/usr/share/tesseract-ocr/5/tessdata"),
    Path("/usr/share/tesseract-ocr/4.00/tessdata"),
    Path("/usr/share/tessdata"),
    Path("/usr/share/tesseract/tessdata"),
    Path("/usr/local/share/tessdata"),
    Path("/opt/homebrew/share/tessdata"),
)
SUFFIX = ".traineddata"


class TesserocrEngine:
    """Reads with Tesseract in process; the models are loaded once, here.  Raises PartMissing when a part is missing."""

    name = "tesserocr"

    def __init__(self, languages: Sequence[str] = ()) -> None:
        chosen = chosen_languages(languages, installed_languages())
        self._api = _load(chosen, language_folder())
        self._needs_text = needs_text(chosen)

    def read(self, picture: Picture, part: Box | None = None) -> list[Line]:
        """Return the lines of a picture in reading order, or those of a part of it."""
        return read_lines(picture, part, self._recognised)

    def _recognised(self, grey: Grey) -> Recognised:
        """Return what Tesseract reads.  Raises DayreelError when Tesseract fails or takes too long."""
        height, width = grey.shape
        self._api.SetImageBytes(grey.tobytes(), width, height, 1, width)
        try:
            if not self._api.Recognize(TIMEOUT_MS):
                raise DayreelError(f"Tesseract could not read a picture of {width}x{height} pixels.")
            return Recognised(self._api.GetTSVText(0), self._api.GetUTF8Text() if self._needs_text else "")
        finally:
            self._api.Clear()  # lets go of the picture and of its results; the models stay


def installed_languages() -> list[str]:
    """Return the languages Tesseract has here, without its script detector.

    Raises PartMissing when tesserocr is not installed or there is no language.
    """
    if importlib.util.find_spec("tesserocr") is None:
        raise PartMissing("The package tesserocr is not installed; install it with: pip install tesserocr")
    return sorted(path.stem for path in language_folder().glob(f"*{SUFFIX}") if path.stem != "osd")


def language_folder() -> Path:
    """Return the folder of the language data: the one TESSDATA_PREFIX names, else the first usual one that has any.

    Raises PartMissing when there is none.
    """
    named = os.environ.get("TESSDATA_PREFIX")
    for folder in (Path(named), Path(named, "tessdata")) if named else FOLDERS:
        if next(folder.glob(f"*{SUFFIX}"), None) is not None:
            return folder
    place = f"in {named}, which TESSDATA_PREFIX names" if named else "in any of the usual folders"
    raise PartMissing(f"Tesseract has no language data {place}; {INSTALL}")


def _load(languages: str, folder: Path) -> Any:  # a PyTessBaseAPI; naming its type would import it
    import tesserocr

    try:
        api = tesserocr.PyTessBaseAPI(path=f"{folder}{os.sep}", lang=languages, psm=PAGE_MODE)
    except RuntimeError as failed:
        raise PartMissing(f"Tesseract could not load {languages} from {folder}; reinstall its languages.") from failed
    api.SetVariable("preserve_interword_spaces", "1")
    api.SetVariable("debug_file", os.devnull)  # it would else talk on stderr about the resolution of each picture
    return api
