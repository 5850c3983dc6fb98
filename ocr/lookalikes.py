"""Characters that look alike: 1, l, I and | by their ink, 0 and O by the word they stand in.

Pure: values in, values out.  Called by `ocr.words`.  Only what is certain is changed: a digit one has a flag, so an
upright bar read as "1" is none; a zero alone among capitals is an O.
"""

from __future__ import annotations

import re
from dataclasses import replace
from statistics import median

import numpy as np

from ocr.glyphs import Glyph
from ocr.ink import Mask, Run, trimmed
from timeline.model import Box

BAR_WIDTH = 0.25  # of its height; the flag of a "1" makes it wider
BAR_FULL = 0.9  # of its box that is ink
LEAST_BAR_HEIGHT = 8  # pixels; below it a flag may be lost in the antialiasing
BELOW_BASELINE = 0.12  # of its height, how far a "|" reaches below the letters

_LONE_ZERO = re.compile(r"(?<![0-9A-Za-z])(?:[A-Z]+0[A-Z]+|(?<=[A-Z]_)0[A-Z]+)(?![0-9A-Za-z])")


def letters_for_zeros(text: str) -> str:
    """Return the text, as long as it was, with a lone zero inside a word of capitals read as O."""
    return _LONE_ZERO.sub(lambda word: word.group().replace("0", "O"), text)


def mend_bars(glyphs: list[Glyph], columns: list[Run], mask: Mask) -> list[Glyph]:
    """Return the glyphs with each upright bar that was read as "1" read as l, I or |; `columns` are their cells."""
    boxes = [trimmed(mask, cell) for cell in columns]
    bottoms = [box.y1 for glyph, box in zip(glyphs, boxes, strict=True) if box is not None and glyph.text.isalnum()]
    mended = list(glyphs)
    for place, (glyph, box) in enumerate(zip(glyphs, boxes, strict=True)):
        if glyph.text == "1" and box is not None and _is_bar(mask, box):
            if box.y1 - median(bottoms) > BELOW_BASELINE * box.height:
                mended[place] = replace(glyph, text="|")
            else:
                mended[place] = replace(glyph, text=_bar_letter(glyphs, place))
    return mended


def _is_bar(mask: Mask, box: Box) -> bool:
    ink = mask[box.y0 : box.y1, box.x0 : box.x1]
    slim = box.width <= max(2, BAR_WIDTH * box.height)
    return box.height >= LEAST_BAR_HEIGHT and slim and float(np.mean(ink)) >= BAR_FULL


def _bar_letter(glyphs: list[Glyph], place: int) -> str:
    """Return "l" beside small letters of its word, else "I"."""
    before = glyphs[place - 1].text if place > 0 and not glyphs[place].spaced else ""
    after = glyphs[place + 1].text if place + 1 < len(glyphs) and not glyphs[place + 1].spaced else ""
    return "l" if before.islower() or (after.islower() and not before.isupper()) else "I"
