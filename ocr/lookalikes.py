"""Characters that look alike: 1, l, I and | by their ink, c and C by their height, 0 and O and quotes by what is near.

Pure: values in, values out.  Called by `ocr.words`.  Only what is certain is changed: a digit one has a flag, so an
upright bar read as "1" is none; a zero alone among capitals is an O; a quote that was opened as “ closes as ”.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from statistics import median

import numpy as np

from ocr.glyphs import Cell, Glyph, words_of
from ocr.ink import Mask, Run, runs, trimmed
from timeline.model import Box

BAR_WIDTH = 0.25  # of its height; the flag of a "1" makes it wider
BAR_FULL = 0.9  # of its box that is ink
LEAST_BAR_HEIGHT = 8  # pixels; below it a flag may be lost in the antialiasing
BELOW_BASELINE = 0.12  # of its height, how far a "|" reaches below the letters
UPRIGHTS = frozenset("1Il")
UPPER = 0.4  # of its height, where a one has its flag
SLAB = 0.12  # of its height, how thick a level stroke at the top of an l is
LEVEL = 0.6  # of the reach of the flag that its first row must have
LEAST_FLAG = 0.15  # of its height; the ones of Noto Sans have shorter flags
SHORT_FLAG = 0.9  # of its foot; the level flags of ones (DejaVu) are as long as their foot, those of l are not
SAME_SHAPE = frozenset("cosuvwxzCOSUVWXZ")  # small and capital differ in height only
TALL = frozenset("ABDEFGHIKLMNPRTYbdfhkl12346789")  # as high as capitals
SMALL_FOR_DIGIT = {"0": "o", "5": "s"}  # a digit as low as small letters is a letter
LOW = frozenset("aemnr")  # as high as small letters without strokes above
LOW_HEIGHT = 0.75  # of capitals, usual height of small letters; 0.69 to 0.78 in the fonts of Debian
MOST_LOW = 0.9  # of capitals; where small letters seem higher, something was read wrong
CASE_SLACK = 0.1  # of capitals, by which a letter may be higher or lower than others of its case
LEAST_CAPITAL = 7  # pixels; below it both heights may be one

_LONE_ZERO = re.compile(r"(?<![0-9A-Za-z])(?:[A-Z]+0[A-Z]+|(?<=[A-Z]_)0[A-Z]+)(?![0-9A-Za-z])")


def letters_for_zeros(text: str) -> str:
    """Return the text, as long as it was, with a lone zero inside a word of capitals read as O."""
    return _LONE_ZERO.sub(lambda word: word.group().replace("0", "O"), text)


def paired_quotes(text: str) -> str:
    """Return the text, as long as it was, with a straight quote that closes or opens a typographic pair as its half."""
    mended = list(text)
    opened: int | None = None
    for place, character in enumerate(text):
        if character == "“" or (character == '"' and opened is None):
            opened = place
        elif character in '"”' and opened is not None:
            if text[opened] + character != '""':
                mended[opened], mended[place] = "“", "”"
            opened = None
    return "".join(mended)


def mend_bars(glyphs: list[Glyph], columns: list[Run], mask: Mask) -> list[Glyph]:
    """Return the glyphs with each "1" or "I" whose ink has no flag of a one read as l, I or |.

    `columns` are their cells.
    """
    boxes = [trimmed(mask, cell) for cell in columns]
    bottoms = [box.y1 for glyph, box in zip(glyphs, boxes, strict=True) if box is not None and glyph.text.isalnum()]
    mended = list(glyphs)
    for place, (glyph, box) in enumerate(zip(glyphs, boxes, strict=True)):
        if box is None or glyph.text not in UPRIGHTS:
            continue
        before, after = _beside(glyphs, place)
        if glyph.text == "1" and _is_bar(mask, box):
            below = box.y1 - median(bottoms) > BELOW_BASELINE * box.height
            mended[place] = replace(glyph, text="|" if below else _bar_letter(before, after))
        elif glyph.text != "l" and _among_small(before, after) and _is_slab_l(mask, box):
            if (before.islower() and after.islower()) or _has_short_flag(mask, box):
                mended[place] = replace(glyph, text="l")
        elif glyph.text == "l" and before.isupper() and (not after.isalpha() or after.isupper()):
            mended[place] = replace(glyph, text="I")
    return mended


def _is_bar(mask: Mask, box: Box) -> bool:
    ink = mask[box.y0 : box.y1, box.x0 : box.x1]
    slim = box.width <= max(2, BAR_WIDTH * box.height)
    return box.height >= LEAST_BAR_HEIGHT and slim and float(np.mean(ink)) >= BAR_FULL


def _bar_letter(before: str, after: str) -> str:
    """Return "l" beside small letters of its word, else "I"."""
    return "l" if before.islower() or (after.islower() and not before.isupper()) else "I"


def _beside(glyphs: list[Glyph], place: int) -> tuple[str, str]:
    """Return the glyphs before and after one in its word, empty at its ends."""
    before = glyphs[place - 1].text if place > 0 and not glyphs[place].spaced else ""
    after = glyphs[place + 1].text if place + 1 < len(glyphs) and not glyphs[place + 1].spaced else ""
    return before, after


def _among_small(before: str, after: str) -> bool:
    """Tell whether a glyph has a small letter beside it, and no digit."""
    return (before.islower() or after.islower()) and not before.isdigit() and not after.isdigit()


def _is_slab_l(mask: Mask, box: Box) -> bool:
    """Tell whether a glyph has a level stroke at the left of its top and nothing at the right: l in even type.

    The flag of a one comes down from the top; the upper stroke of an I reaches to both sides.
    """
    ink = mask[box.y0 : box.y1, box.x0 : box.x1]
    stem = _stem(ink)
    if box.height < LEAST_BAR_HEIGHT or stem is None:
        return False
    upper = ink[: round(UPPER * box.height)]
    inked = np.flatnonzero(upper[:, : stem.start].any(axis=1))
    to_right = upper[:, stem.end :].any()
    level = len(inked) > 0 and inked[-1] <= max(1, round(SLAB * box.height)) and not to_right
    return bool(level and ink[0, : stem.start].sum() >= LEVEL * _reach(upper, stem))


def _has_short_flag(mask: Mask, box: Box) -> bool:
    """Tell whether the stroke at the top is shorter than the foot, which no one with a level flag has."""
    ink = mask[box.y0 : box.y1, box.x0 : box.x1]
    stem = _stem(ink)
    if stem is None:
        return False
    flag, foot = _reach(ink[: round(UPPER * box.height)], stem), _reach(ink[-1:], stem)
    return flag >= LEAST_FLAG * box.height and (foot == 0 or flag <= SHORT_FLAG * foot)


def _stem(ink: Mask) -> Run | None:
    """Return the columns of the upright stroke of a glyph, by its middle rows."""
    rows = [run for row in ink[round(0.45 * len(ink)) : round(0.75 * len(ink))] for run in runs(row)[:1]]
    return Run(round(median(run.start for run in rows)), round(median(run.end for run in rows))) if rows else None


def _reach(rows: Mask, stem: Run) -> int:
    """Return how far ink reaches to the left of the stem."""
    inked = np.flatnonzero(rows.any(axis=0))
    return max(0, stem.start - int(inked[0])) if len(inked) else 0


def mend_case(glyphs: list[Glyph], found: list[Cell], mask: Mask) -> list[Glyph]:
    """Return the glyphs with those that differ from their capital in height only as high as their word shows them.

    Words whose ink does not tell where each of their glyphs is stay as they are.
    """
    mended = list(glyphs)
    for first, last in words_of(glyphs):
        word = range(first, last)
        unsure = [place for place in word if glyphs[place].text in SAME_SHAPE or glyphs[place].text in SMALL_FOR_DIGIT]
        if not unsure or not found[first].exact:
            continue
        boxes = {place: box for place in word if (box := trimmed(mask, found[place].columns)) is not None}
        heights = _heights([(glyphs[place].text, box) for place, box in boxes.items()])
        if heights is None:
            continue
        for place in unsure:
            mended[place] = replace(glyphs[place], text=_in_case(glyphs[place].text, boxes[place], heights))
    return mended


@dataclass(frozen=True, slots=True)
class _Heights:
    """The row of a word's baseline, and how far its capitals and small letters rise over it."""

    base: float
    capital: float
    small: float


def _heights(word: list[tuple[str, Box]]) -> _Heights | None:
    """Return the heights of a word's letters, None where its glyphs do not tell."""
    tall = [box.y0 for text, box in word if text in TALL]
    low = [box.y0 for text, box in word if text in LOW]
    if not tall and not low:
        return None
    base = median(box.y1 for text, box in word if text in TALL | LOW)
    capital = base - median(tall) if tall else (base - median(low)) / LOW_HEIGHT
    small = base - median(low) if low else capital * LOW_HEIGHT
    return None if capital < LEAST_CAPITAL or small > MOST_LOW * capital else _Heights(base, capital, small)


def _in_case(text: str, box: Box, heights: _Heights) -> str:
    """Return the letter in the case that its box shows, as it was where the box shows neither."""
    slack = max(1.0, CASE_SLACK * heights.capital)
    if abs(box.y1 - heights.base) > slack:
        return text
    rise = heights.base - box.y0
    small = SMALL_FOR_DIGIT.get(text, text.lower())
    off = {text.upper(): abs(rise - heights.capital), small: abs(rise - heights.small)}
    likely = min(off, key=lambda case: off[case])
    return likely if off[likely] <= slack and off[likely] < max(off.values()) else text
