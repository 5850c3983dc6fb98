"""Which engines there are, which of them are installed, and which one to use.

Owns the order of preference.  Importing it costs nothing: an engine's module is imported when the engine is chosen.
Called by the worker, `dayreel read` and `dayreel doctor`.
"""

from __future__ import annotations

from dataclasses import dataclass

from ocr.engine import Engine
from timeline.errors import PartMissing, SettingsWrong

NAMES = ("rapidocr", "tesseract")
"""In order of preference: on screens RapidOCR reads more English words, and nearly all Chinese characters."""


@dataclass(frozen=True, slots=True)
class EngineState:
    """One engine, whether it can be used here, and if not, why not and what to do."""

    name: str
    available: bool
    reason: str | None


def choose_engine(name: str = "auto") -> Engine:
    """Return the named engine, ready to read; "auto" is the best one installed.

    Raises PartMissing when what it needs is not installed, SettingsWrong for a name that is none.
    """
    if name == "auto":
        return _best()
    if name == "rapidocr":
        from ocr.rapid import RapidEngine

        return RapidEngine()
    if name == "tesseract":
        from ocr.tesseract import TesseractEngine

        return TesseractEngine()
    raise SettingsWrong(f'There is no OCR engine "{name}"; use one of: auto, {", ".join(NAMES)}.')


def installed_engines() -> list[EngineState]:
    """Return every engine with its state, best first; loads no model."""
    return [_state(name) for name in NAMES]


def _best() -> Engine:
    states = installed_engines()
    for state in states:
        if state.available:
            return choose_engine(state.name)
    raise PartMissing("No OCR engine is installed. " + " ".join(state.reason or "" for state in states))


def _state(name: str) -> EngineState:
    try:
        if name == "rapidocr":
            from ocr.rapid import models_folder

            models_folder()
        else:
            from ocr.tesseract import installed_languages

            installed_languages()
    except PartMissing as missing:
        return EngineState(name, available=False, reason=str(missing))
    return EngineState(name, available=True, reason=None)
