"""Small text on wide pictures: the parts that are looked at, and lines that reach over them."""

from __future__ import annotations

import numpy as np
import pytest

from ocr.engines import choose_engine
from ocr.grid import is_small, parts, put_together
from timeline.model import Box


def test_a_screen_is_one_part() -> None:
    """Nothing is cut that detection sees at full size."""
    assert parts(1920, 1080) == [Box(0, 0, 1920, 1080)]


def test_a_4k_screen_is_six_parts() -> None:
    """They cover it, are as large, and each shares a strip with its neighbours."""
    every = parts(3840, 2160)
    assert {(one.width, one.height) for one in every} == {(1344, 1152)}
    assert [(one.x0, one.y0) for one in every] == [(x, y) for y in (0, 1008) for x in (0, 1248, 2496)]


@pytest.mark.parametrize(
    ("heights", "width", "small"), [((22, 24, 60), 3840, True), ((44, 48, 20), 3840, False), ((12, 12), 1920, False)]
)
def test_text_is_small_where_scaling_down_would_blur_it(heights: tuple[int, ...], width: int, small: bool) -> None:
    """The usual line decides; a picture that is not scaled down has none that is too small."""
    assert is_small([Box(0, 0, 100, height) for height in heights], width) is small


def test_nothing_is_small_where_nothing_is_written() -> None:
    """A film or a wallpaper is not looked at again."""
    assert not is_small([], 3840)


def test_a_line_over_two_parts_is_one() -> None:
    """What each saw of it is put together; lines above and below keep apart."""
    left, right = Box(0, 0, 100, 60), Box(80, 0, 180, 60)
    found = [(left, [Box(10, 10, 99, 22), Box(10, 30, 70, 42)]), (right, [Box(2, 11, 50, 23), Box(40, 30, 90, 42)])]
    assert sorted(put_together(found, 180, 60), key=lambda box: (box.y0, box.x0)) == [
        Box(10, 10, 130, 23),
        Box(10, 30, 70, 42),
        Box(120, 30, 170, 42),
    ]


def test_a_line_over_three_parts_is_one() -> None:
    """The middle part sees it cut on both sides."""
    found = [
        (Box(0, 0, 100, 40), [Box(5, 10, 100, 22)]),
        (Box(80, 0, 180, 40), [Box(0, 10, 100, 22)]),
        (Box(160, 0, 260, 40), [Box(0, 10, 60, 22)]),
    ]
    assert put_together(found, 260, 40) == [Box(5, 10, 220, 22)]


def test_a_word_that_both_parts_see_whole_is_kept_once() -> None:
    """It stands in the strip that they share."""
    found = [(Box(0, 0, 100, 40), [Box(82, 10, 90, 22)]), (Box(70, 0, 170, 40), [Box(12, 10, 20, 22)])]
    assert put_together(found, 170, 40) == [Box(82, 10, 90, 22)]


def test_small_text_on_a_4k_screen_is_read() -> None:
    """Words of twelve pixels on both sides of the middle, and a line that crosses it."""
    import cv2

    picture = np.full((2160, 3840, 3), 255, np.uint8)
    sentences = ["The harbour office opens at nine", "Boats longer than twelve metres moor at the pier"]
    for number, left in enumerate(range(100, 3600, 420)):
        for row in range(200, 2000, 120):
            cv2.putText(picture, sentences[number % 2], (left, row), cv2.FONT_HERSHEY_SIMPLEX, 0.42, (0, 0, 0), 1)
    read = " ".join(line.text for line in choose_engine("rapidocr").read(picture[:700]))
    assert read.count("harbour") >= 24
    assert read.count("metres") >= 19
