"""White space and underscores put right by the ink between the glyphs.

Recognisers invent spaces inside Chinese and inside words, lose them between words, and read underscores as spaces.
Pure: values in, values out.  Called by `ocr.words`.
"""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from statistics import median

from ocr.glyphs import Glyph, gaps_between, pitch_of, touches_wide, width_of
from ocr.ink import Mask, Run
from ocr.script import is_chinese, is_wide

LOST_SPACE = 0.75  # of the line's usual space, else of the glyph pitch: a gap this wide is a space
LEAST_SPACE = 0.2  # of the line's height: no narrower gap is a lost space; small letters stand 2 of 12 pixels apart
FALSE_SPACE = 0.45  # of the line's usual space: a space narrower than this is none
MARK_PITCH = 0.75  # of the glyph pitch, beside a mark: a full stop in monospace has 0.6 of white on each side
MARKS_PITCH = 1.1  # of the glyph pitch, between two marks: monospace puts up to 0.8 between them
WIDE_SPACE = 0.8  # of the line's height: between Chinese characters only a gap this wide is a space
NEIGHBOURS = 10  # glyphs around an underscore whose pitch tells its width; a line may mix fonts
MARKS = frozenset("-.,:;!|'\"`’‘“”()[]{}")


def mend_spaces(glyphs: list[Glyph], mask: Mask) -> list[Glyph]:
    """Return the glyphs with spaces where the ink shows them, and none where it does not."""
    height = mask.shape[0]
    widths = [width_of(gap) for gap in gaps_between(glyphs, mask)]
    pairs = list(pairwise(glyphs))
    pitch = pitch_of(glyphs, height)
    known = [width for pair, width in zip(pairs, widths, strict=True) if pair[1].spaced and not touches_wide(pair)]
    usual = max(median(known), 0.3 * pitch) if len(known) >= 2 else None
    mended = glyphs[:1]
    for pair, width in zip(pairs, widths, strict=True):
        mended.append(replace(pair[1], spaced=_is_space(pair, width, usual, pitch, height)))
    return mended


def _is_space(pair: tuple[Glyph, Glyph], width: int, usual: float | None, pitch: float, height: int) -> bool:
    """Decide on one gap, `width` pixels wide; `usual` is the line's usual space, None when it has too few."""
    first, second = pair
    if all(is_wide(glyph.text) for glyph in pair):
        return second.spaced and is_chinese(first.text) and width >= WIDE_SPACE * height
    if touches_wide(pair):
        return second.spaced
    marks = sum(glyph.text in MARKS for glyph in pair)
    least = max((0.0, MARK_PITCH, MARKS_PITCH)[marks] * pitch, LOST_SPACE * (pitch if usual is None else usual))
    if not second.spaced or "_" in (first.text, second.text):
        return width >= max(least, LEAST_SPACE * height)
    return usual is None or width >= min(least, FALSE_SPACE * usual)


def mend_underscores(glyphs: list[Glyph], strokes: list[Run], height: int) -> list[Glyph]:
    """Return the glyphs with as many underscores as each stroke below the baseline is wide.

    PaddleOCR's recognisers read `_` as a space or drop it, and read `__` as `_`.
    """
    for stroke in strokes:
        near = sorted(glyphs, key=lambda g: abs(g.centre - stroke.centre))[:NEIGHBOURS]
        if any(is_wide(glyph.text) for glyph in near[:2]):
            continue
        pitch = pitch_of([g for g in glyphs if g in near], height)
        slack = pitch / 2
        there = [g for g in glyphs if g.text == "_" and stroke.start - slack <= g.centre <= stroke.end + slack]
        count = max(1, len(there), int(stroke.width / pitch + 0.4))
        others = [g for g in glyphs if g not in there]
        before = [g for g in others if g.centre < stroke.centre]
        after = others[len(before) :]
        width = stroke.width / count
        drawn = [Glyph("_", stroke.start + (place + 0.5) * width) for place in range(count)]
        glyphs = [*before, *drawn, *(replace(g, spaced=False) for g in after[:1]), *after[1:]]
    return glyphs
