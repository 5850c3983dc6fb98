"""What every engine must do, run against each one that is installed."""

from __future__ import annotations

import logging
from pathlib import Path

import numpy as np
import pytest

from ocr.engine import Engine
from ocr.engines import NAMES, choose_engine
from ocr.picture_file import load_picture
from timeline.model import Box, Picture

PICTURES = Path(__file__).parent / "pictures"
ENGLISH = [
    "The harbour office opens at nine on weekdays.",
    "Please bring the signed permit and two photographs.",
    "Boats longer than twelve metres moor at pier four.",
]


@pytest.fixture(scope="module", params=NAMES)
def engine(request: pytest.FixtureRequest) -> Engine:
    """Each engine, loaded once."""
    return choose_engine(request.param)


@pytest.fixture(scope="module")
def english() -> Picture:
    """Three lines of English."""
    return load_picture(PICTURES / "english.png")


@pytest.fixture(scope="module")
def mixed() -> Picture:
    """Two lines of Chinese with Latin words in them."""
    return load_picture(PICTURES / "mixed.png")


def test_a_picture_without_text_has_no_lines(engine: Engine) -> None:
    """An even surface is read as nothing."""
    assert engine.read(np.full((200, 400, 3), 240, np.uint8)) == []


@pytest.mark.parametrize("shape", [(1, 1, 3), (3, 900, 3), (900, 2, 3), (0, 0, 3)])
def test_a_tiny_picture_has_no_lines(engine: Engine, shape: tuple[int, int, int]) -> None:
    """A picture too small for a character is read as nothing, without an error."""
    assert engine.read(np.zeros(shape, np.uint8)) == []


def test_lines_come_in_reading_order(engine: Engine, english: Picture) -> None:
    """The page is read word for word, from top to bottom."""
    assert [line.text for line in engine.read(english)] == ENGLISH


def test_chinese_is_read_without_spaces(engine: Engine) -> None:
    """A Chinese line has no white space in it."""
    lines = engine.read(load_picture(PICTURES / "chinese.png"))
    assert lines[1].text == "请携带签字的许可证和两张照片。"


def test_words_end_at_white_space_and_between_scripts(engine: Engine, mixed: Picture) -> None:
    """A Chinese run is one word, and so is the Latin word beside it."""
    words = [[word.text for word in line.words] for line in engine.read(mixed)]
    assert words == [
        ["请用", "Firefox", "打开", "harbour.example", "网站"],
        ["在终端中运行", "make", "install", "命令"],
    ]


def test_punctuation_stays_on_its_word(engine: Engine, english: Picture) -> None:
    """The full stop belongs to the last word."""
    assert engine.read(english)[0].words[-1].text == "weekdays."


def test_boxes_lie_inside_the_picture(engine: Engine, english: Picture) -> None:
    """No box is empty or reaches over an edge, also where text is cut off by the edge."""
    height, width = 100, 500
    for line in engine.read(np.ascontiguousarray(english[28 : 28 + height, 40 : 40 + width])):
        for box in (line.box, *(word.box for word in line.words)):
            assert 0 <= box.x0 < box.x1 <= width
            assert 0 <= box.y0 < box.y1 <= height


def test_a_line_holds_its_words(engine: Engine, english: Picture) -> None:
    """The boxes of the words, in order, make up the box of the line."""
    for line in engine.read(english):
        assert [word.box.x0 for word in line.words] == sorted(word.box.x0 for word in line.words)
        assert line.words[0].box.union(line.words[-1].box).width == line.box.width


def test_a_word_box_frames_its_ink(engine: Engine, english: Picture) -> None:
    """The first word is framed within 3 pixels."""
    box = engine.read(english)[0].words[0].box
    expected = Box(24, 23, 57, 36)
    assert max(abs(a - b) for a, b in zip(_sides(box), _sides(expected), strict=True)) <= 3


def test_confidence_lies_between_nought_and_one(engine: Engine, mixed: Picture) -> None:
    """Confidence is a share, whatever the engine counts in."""
    assert all(0 < line.confidence <= 1 for line in engine.read(mixed))


def test_reading_is_deterministic(engine: Engine, mixed: Picture) -> None:
    """The same picture gives the same lines."""
    assert engine.read(mixed) == engine.read(mixed)


def test_a_view_of_a_larger_picture_is_read(engine: Engine, english: Picture) -> None:
    """An array that is not contiguous is read as its copy would be."""
    view = english[:, :600]
    assert not view.flags.c_contiguous
    assert engine.read(view) == engine.read(np.ascontiguousarray(view))


def test_a_picture_is_not_changed(engine: Engine, english: Picture) -> None:
    """Reading leaves the pixels as they were."""
    before = english.copy()
    engine.read(english)
    assert np.array_equal(before, english)


@pytest.mark.parametrize(
    "picture", [np.zeros((40, 40), np.uint8), np.zeros((40, 40, 4), np.uint8), np.zeros((40, 40, 3))]
)
def test_what_is_no_picture_is_refused(engine: Engine, picture: Picture) -> None:
    """Grey, BGRA and floating point arrays are mistakes of the caller."""
    with pytest.raises(ValueError, match="BGR uint8"):
        engine.read(picture)


def test_nothing_that_was_read_is_logged(
    engine: Engine, english: Picture, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    """Neither the log nor the terminal shows a word of the screen."""
    with caplog.at_level(logging.DEBUG):
        engine.read(english)
    shown = capfd.readouterr()
    assert not any("harbour" in text for text in (caplog.text, shown.out, shown.err))


def _sides(box: Box) -> tuple[int, int, int, int]:
    return box.x0, box.y0, box.x1, box.y1
