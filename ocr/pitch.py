"""Even type along a line: where the glyphs stand at one distance, spaces follow from the distance alone.

Code and commands stand inside prose, whose spaces are narrower than the white around a hyphen of even type.  Pure:
values in, values out.  Called by `ocr.words` after the glyphs have their cells.
"""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from statistics import median

from ocr.glyphs import Cell, Glyph, words_of

EVEN = 0.17  # of the pitch by which a step from one glyph to the next may differ in even type
MOSTLY = 0.85  # of the steps of a word that must be even
LEAST_STEPS = 4  # steps that tell a pitch
SLIM = frozenset("ijl1I.,:;'|")  # in other type these stand nearer to their neighbours
NO_SPACE = 1.35  # pitches; glyphs nearer than this are of one word


def mend_even_spaces(glyphs: list[Glyph], found: list[Cell]) -> list[Glyph]:
    """Return the glyphs without those spaces in even type for which there is no cell."""
    pitches = even_pitches(glyphs, found)
    mended = list(glyphs)
    for place, (here, there) in enumerate(pairwise(found), start=1):
        if not glyphs[place].spaced:
            continue
        pitch = _common(pitches[place - 1], pitches[place])
        if pitch is not None and there.columns.centre - here.columns.centre < NO_SPACE * pitch:
            mended[place] = replace(glyphs[place], spaced=False)
    return mended


def even_pitches(glyphs: list[Glyph], found: list[Cell]) -> list[float | None]:
    """Return for each glyph the pitch of its word, None where it is not known to be set in even type.

    Marks alone have the pitch of the word that they stand before or after.
    """
    words = words_of(glyphs)
    known = [_pitch(glyphs[a:b], found[a:b]) if found[a].exact else None for a, b in words]
    marks = [not any(glyph.text.isalnum() for glyph in glyphs[a:b]) for a, b in words]
    for places in (range(1, len(words)), range(len(words) - 2, -1, -1)):
        for place in places:
            beside = known[place - places.step]
            if known[place] is None and marks[place]:
                known[place] = beside
    return [pitch for pitch, (a, b) in zip(known, words, strict=True) for _ in range(a, b)]


def _pitch(word: list[Glyph], found: list[Cell]) -> float | None:
    steps = [b.columns.centre - a.columns.centre for a, b in pairwise(found)]
    slim = [step for step, pair in zip(steps, pairwise(word), strict=True) if SLIM & {pair[0].text, pair[1].text}]
    if len(steps) < LEAST_STEPS or not slim or len(slim) == len(steps):
        return None
    pitch = median(steps)
    even = [abs(step - pitch) <= EVEN * pitch for step in (*steps, *slim)]
    return pitch if sum(even) >= MOSTLY * len(even) else None


def _common(before: float | None, after: float | None) -> float | None:
    """Return the pitch of two words, None where they are not of one even type."""
    alike = before is not None and after is not None and abs(before - after) <= EVEN / 2 * before
    return before if alike else None
