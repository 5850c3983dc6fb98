"""Where the characters of a line stand, for engines that tell only where the line stands.

Pure: values in, values out.  Each space of the text is laid into the gap of the ink that lies about where it should
and is the widest; within a word the characters are spread by their usual widths.  A guess, good to a letter or so:
`ocr.words` then puts borders into the gaps of the ink.  Called by `ocr.faster_paddle` and `ocr.vision`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np

from ocr.glyphs import Glyph
from ocr.ink import Mask, Run, gaps, ink_mask, low_strokes
from ocr.script import is_wide
from timeline.model import Box, Picture

WIDE = 2.0  # widths of characters, in those of a usual Latin letter
SLIM = 0.55
BROAD = 1.45
SLIM_LETTERS = frozenset("iljtfrI.,:;!|'\"`’‘“”()[]{}-")
BROAD_LETTERS = frozenset("mwMW@%—")
SPACE = 0.6  # of a usual Latin letter; in monospace it is a whole one
FAR = 0.35  # of a word's width, how far from its expected place the gap after it is looked for
LEAST_FAR = 1.0  # of the line's height; short words are expected less exactly
DISTANCE = 0.3  # a gap this much of a pixel narrower is preferred where it is a pixel nearer
STROKE_NEAR = 1.0  # of the line's height; an underscore of the text this near to one of the ink is that one


@dataclass(frozen=True, slots=True)
class Font:
    """How wide the characters of a line are taken to be, in usual Latin letters."""

    space: float
    even: bool

    def width(self, text: str) -> float:
        """Return the width of a text."""
        return sum(self._one(character) for character in text)

    def _one(self, character: str) -> float:
        if is_wide(character):
            return WIDE
        if self.even:
            return 1.0
        return SLIM if character in SLIM_LETTERS else BROAD if character in BROAD_LETTERS else 1.0


PROPORTIONAL = Font(space=SPACE, even=False)
MONOSPACE = Font(space=1.0, even=True)


def spread(text: str, picture: Picture, place: Box) -> list[Glyph]:
    """Return the characters of a text that stands at a place of the picture, as glyphs along the line."""
    mask = ink_mask(picture[place.y0 : place.y1, place.x0 : place.x1])
    strokes = low_strokes(mask)
    words = text.split()
    font, placed = max(((font, _runs(words, mask, strokes, font)) for font in (PROPORTIONAL, MONOSPACE)), key=_fit)
    glyphs: list[Glyph] = []
    for word, run in zip(words, placed, strict=True):
        glyphs += _glyphs(word, run, font, spaced=bool(glyphs))
    return [_snapped(glyph, strokes, STROKE_NEAR * place.height) for glyph in glyphs]


def _fit(tried: tuple[Font, list[Run]]) -> int:
    """Return how much white there is between the words: the right widths find the widest gaps."""
    return sum(after.start - before.end for before, after in pairwise(tried[1]))


def _glyphs(word: str, run: Run, font: Font, *, spaced: bool) -> Iterator[Glyph]:
    """Yield the characters of a word, spread over its columns by their widths."""
    pixels = run.width / font.width(word)
    for place, character in enumerate(word):
        middle = font.width(word[:place]) + font.width(character) / 2
        yield Glyph(character, run.start + middle * pixels, spaced and place == 0)


def _snapped(glyph: Glyph, strokes: Sequence[Run], near: float) -> Glyph:
    """Return an underscore moved to the stroke it is, any other character as it was."""
    stroke = min(strokes, key=lambda stroke: abs(stroke.centre - glyph.centre), default=None)
    if glyph.text != "_" or stroke is None or abs(stroke.centre - glyph.centre) > near:
        return glyph
    return replace(glyph, centre=min(max(glyph.centre, stroke.start), stroke.end))


def _runs(words: Sequence[str], mask: Mask, strokes: Sequence[Run], font: Font) -> list[Run]:
    """Return the columns of each word."""
    inked = np.flatnonzero(mask.any(axis=0))
    left, end = (int(inked[0]), int(inked[-1]) + 1) if len(inked) else (0, mask.shape[1])
    between = [gap for gap in _gaps(mask, strokes, words) if left < gap.start and gap.end < end]
    found: list[Run] = []
    for place, word in enumerate(words[:-1]):
        rest = font.width("".join(words[place:])) + font.space * (len(words) - place - 1)
        pixels = (end - left) / rest
        width = font.width(word) * pixels
        gap = _gap_near(between, left, left + width + font.space / 2 * pixels, width, mask.shape[0])
        found.append(Run(left, max(left + 1, gap.start)))
        left = min(gap.end, end - 1)
    return [*found, Run(left, end)] if words else []


def _gaps(mask: Mask, strokes: Sequence[Run], words: Sequence[str]) -> list[Run]:
    """Return the gaps that may be spaces: also underscores where the text has none, since they are read as spaces."""
    if strokes and not any("_" in word for word in words):
        mask = mask.copy()
        for stroke in strokes:
            mask[:, stroke.start : stroke.end] = False
    return gaps(mask)


def _gap_near(between: Sequence[Run], left: int, expected: float, width: float, height: int) -> Run:
    """Return the gap that most likely ends a word, or an empty one where it is expected."""
    far = max(FAR * width, LEAST_FAR * height)
    near = [gap for gap in between if gap.start > left and abs(gap.centre - expected) <= far]
    if not near:
        return Run(round(expected), round(expected))
    return max(near, key=lambda gap: gap.width - DISTANCE * abs(gap.centre - expected))
