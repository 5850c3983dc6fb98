"""macOS Vision's results as lines.

The results in recorded/ were written down in the form that ocrmac documents, from where the words of two pictures of
this folder stand; they were not taken on a Mac.
"""

from __future__ import annotations

import json
import platform
from pathlib import Path

import pytest

from ocr.picture_file import load_picture
from ocr.vision import Found, VisionEngine, check_installed, lines_of
from timeline.errors import PartMissing
from timeline.model import Box, Picture

HERE = Path(__file__).parent


def _picture(name: str) -> Picture:
    return load_picture(HERE / "pictures" / f"{name}.png")


def _recorded(name: str) -> list[Found]:
    found: list[Found] = json.loads((HERE / "recorded" / f"vision_{name}.json").read_text("utf-8"))
    return found


def test_the_text_is_kept_and_falls_into_words() -> None:
    """Words end at white space and between scripts, as with every engine."""
    lines = lines_of(_recorded("mixed"), _picture("mixed"))
    assert [[word.text for word in line.words] for line in lines] == [
        ["请用", "Firefox", "打开", "harbour.example", "网站"],
        ["在终端中运行", "make", "install", "命令"],
    ]


def test_shares_from_the_lower_left_become_pixels_from_the_upper_left() -> None:
    """The first line of the recorded page stands at the top of the picture."""
    lines = lines_of(_recorded("english"), _picture("english"))
    assert [line.box.y0 < 60 for line in lines] == [True, False, False]


def test_words_are_framed_by_the_ink() -> None:
    """Though Vision tells only where the line stands, its first word is framed within 2 pixels."""
    box = lines_of(_recorded("english"), _picture("english"))[0].words[0].box
    expected = Box(24, 23, 57, 36)
    assert max(abs(box.x0 - expected.x0), abs(box.x1 - expected.x1)) <= 3
    assert max(abs(box.y0 - expected.y0), abs(box.y1 - expected.y1)) <= 2


def test_confidence_is_taken_over() -> None:
    """Vision tells its confidence as a share, in steps of 0.3 to 1."""
    assert {line.confidence for line in lines_of(_recorded("mixed"), _picture("mixed"))} == {0.5}


def test_a_box_beyond_the_edge_is_clipped() -> None:
    """A line's box that reaches out of the picture ends at its edge."""
    picture = _picture("english")
    height, width = picture.shape[:2]
    text, confidence, _ = _recorded("english")[0]
    box = lines_of([(text, confidence, [-0.01, 0.7, 1.02, 0.31])], picture)[0].box
    assert (0 <= box.x0 < box.x1 <= width, 0 <= box.y0 < box.y1 <= height) == (True, True)


def test_white_space_alone_is_no_line() -> None:
    """What holds no character is left out."""
    assert lines_of([(" ", 0.3, [0.1, 0.1, 0.2, 0.1])], _picture("english")) == []


@pytest.mark.skipif(platform.system() == "Darwin", reason="on a Mac it may be installed")
def test_elsewhere_it_says_that_this_is_no_mac() -> None:
    """On other systems the engine is told to be a part of macOS."""
    with pytest.raises(PartMissing, match="Vision is a part of macOS"):
        VisionEngine()


def test_on_a_mac_without_ocrmac_the_package_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """The reason holds the line to run."""
    monkeypatch.setattr(platform, "system", lambda: "Darwin")
    monkeypatch.setattr("importlib.util.find_spec", lambda _: None)
    with pytest.raises(PartMissing, match="pip install ocrmac"):
        check_installed()
