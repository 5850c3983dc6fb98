"""Where characters are taken to stand when only the line's place is known."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont

from ocr.spread import spread
from ocr.words import build_line
from timeline.model import Box, Picture

FONTS = Path("/usr/share/fonts/truetype/dejavu")
TEXTS = [
    "Boats longer than twelve metres moor at pier four.",
    "minimum illumination will fill little mills",
    "if (item.width > MAXIMUM) return WWW;",
    "I am a wise old owl, il y a un mot",
]


def _drawn(text: str, font: str, size_px: int) -> tuple[Picture, Box, list[float]]:
    """Return a picture of a line, its place, and the left edges of its words."""
    face = ImageFont.truetype(FONTS / font, size_px)
    left, top, right, bottom = face.getbbox(text)
    image = Image.new("RGB", (int(right) + 40, size_px * 3), "white")
    ImageDraw.Draw(image).text((20, size_px), text, fill="black", font=face)
    starts, place = list[float](), 0
    for word in text.split():
        place = text.index(word, place)
        starts.append(20 + face.getlength(text[:place]))
        place += len(word)
    place_px = Box(20 + int(left) - 3, size_px + int(top) - 3, 20 + int(right) + 3, size_px + int(bottom) + 3)
    return np.ascontiguousarray(np.asarray(image)[:, :, ::-1]), place_px, starts


@pytest.mark.parametrize("text", TEXTS)
@pytest.mark.parametrize("font", ["DejaVuSans.ttf", "DejaVuSansMono.ttf"])
@pytest.mark.parametrize("size_px", [12, 16, 28])
def test_words_start_where_they_were_drawn(text: str, font: str, size_px: int) -> None:
    """In proportional and in even widths, each word's box starts within a quarter of a letter of its place."""
    picture, place, starts = _drawn(text, font, size_px)
    line = build_line(spread(text, picture, place), picture, place, 1.0)
    assert line is not None
    assert line.text == text
    assert [word.box.x0 for word in line.words] == pytest.approx(starts, abs=max(2, size_px / 4))


def test_every_character_but_white_space_is_a_glyph() -> None:
    """Nothing of the text is lost, and spaces are marks on the glyph that follows."""
    picture, place, _ = _drawn("so it is", "DejaVuSans.ttf", 16)
    glyphs = spread("so it is", picture, place)
    assert ["".join(glyph.text for glyph in glyphs), [glyph.spaced for glyph in glyphs]] == [
        "soitis",
        [False, False, True, False, True, False],
    ]


def test_without_ink_the_characters_are_spread_evenly() -> None:
    """A text laid over nothing keeps its order and stays inside its place."""
    centres = [
        glyph.centre for glyph in spread("a few words", np.full((20, 200, 3), 255, np.uint8), Box(0, 0, 200, 20))
    ]
    assert centres == sorted(centres)
    assert (centres[0] >= 0, centres[-1] <= 200) == (True, True)


def test_no_text_is_no_glyph() -> None:
    """White space alone gives nothing."""
    assert spread("  ", np.full((20, 200, 3), 255, np.uint8), Box(0, 0, 200, 20)) == []
