"""Results of Windows' own OCR as lines.

The results in recorded/ were written down in the form that PyWinRT documents (OcrResult, its lines, their words with a
bounding_rect), from where the words of two pictures of this folder stand; they were not taken on Windows.
"""

from __future__ import annotations

import json
import platform
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from ocr.picture_file import load_picture
from ocr.windows_ocr import WindowsEngine, check_installed, fitted, lines_of
from timeline.errors import PartMissing
from timeline.model import Box, Line

HERE = Path(__file__).parent


def _recorded(name: str) -> Any:
    text = (HERE / "recorded" / f"windows_{name}.json").read_text("utf-8")
    return json.loads(text, object_hook=lambda fields: SimpleNamespace(**fields))


def _read(name: str, scale: float = 1.0) -> list[Line]:
    shape = load_picture(HERE / "pictures" / f"{name}.png").shape
    return lines_of(_recorded(name), scale, (round(shape[0] / scale), round(shape[1] / scale), 3))


def test_chinese_characters_become_one_word() -> None:
    """Windows parts Chinese characters by spaces; a run of them is one word, and so is the Latin word beside it."""
    assert [[word.text for word in line.words] for line in _read("mixed")] == [
        ["请用", "Firefox", "打开", "harbour.example", "网站"],
        ["在终端中运行", "make", "install", "命令"],
    ]


def test_the_text_has_spaces_between_latin_words_only() -> None:
    """No space is left inside Chinese."""
    assert _read("mixed")[1].text == "在终端中运行 make install 命令"


def test_words_keep_their_boxes() -> None:
    """A word's rectangle is its box, in whole pixels."""
    box = _read("english")[0].words[0].box
    assert max(abs(box.x0 - 24), abs(box.y0 - 23), abs(box.x1 - 57), abs(box.y1 - 36)) <= 3


def test_boxes_of_a_scaled_picture_are_those_of_the_picture() -> None:
    """What Windows saw at half the size stands at twice the place."""
    whole, half = _read("english")[0].box, _read("english", scale=0.5)[0].box
    assert half == Box(whole.x0 * 2, whole.y0 * 2, whole.x1 * 2, whole.y1 * 2)


def test_a_large_picture_is_scaled_to_what_windows_takes() -> None:
    """No side is longer than the longest, and the picture is BGRA."""
    shown, scale = fitted(np.zeros((1000, 4000, 3), np.uint8), 2600)
    assert (shown.shape, scale) == ((650, 2600, 4), 0.65)


def test_a_low_picture_is_lengthened_by_its_edge() -> None:
    """Windows refuses pictures below 40 pixels; the rows added look like the last one."""
    shown, scale = fitted(np.full((20, 300, 3), 77, np.uint8), 2600)
    assert (shown.shape, scale) == ((40, 300, 4), 1.0)
    assert set(np.unique(shown[..., :3])) == {77}


@pytest.mark.skipif(platform.system() == "Windows", reason="on Windows it may be installed")
def test_elsewhere_it_says_that_this_is_no_windows() -> None:
    """On other systems the engine is told to be a part of Windows."""
    with pytest.raises(PartMissing, match="part of Windows"):
        WindowsEngine()


def test_on_windows_without_its_packages_they_are_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """The reason holds the line to run."""
    monkeypatch.setattr(platform, "system", lambda: "Windows")
    monkeypatch.setattr("importlib.util.find_spec", lambda _: None)
    with pytest.raises(PartMissing, match=r"pip install winrt-Windows\.Media\.Ocr"):
        check_installed()
