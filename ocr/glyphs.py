"""Recognised characters along a line, and where the ink parts them.

Pure: values in, values out.  Called by the modules that mend what was recognised and by `ocr.words`.  All x are in
pixels of the line's crop.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import accumulate, pairwise
from statistics import fmean, median

import numpy as np

from ocr.ink import Mask, Run, gaps, runs
from ocr.script import is_wide

DOUBLE = frozenset('"“”')  # two strokes side by side
UNEVEN_DRIFT = 1.0  # of the distance between two glyphs; more means that two were taken for one somewhere
MANY_STEPS = 8  # from one glyph to the next, of which the slim ones are a usual share
DRIFT = 0.5  # a space whose gap is less than this share of its neighbour's was placed one glyph off


@dataclass(frozen=True, slots=True)
class Glyph:
    """One recognised character that is not white space, and whether a space stands before it."""

    text: str
    centre: float
    spaced: bool = False


def glyphs_of(text: str, centres: list[float]) -> list[Glyph]:
    """Join a text with the centres of its characters; `centres` holds none for white space."""
    found: list[Glyph] = []
    spaced = False
    for character in text:
        if character.isspace():
            spaced = bool(found)
        elif len(found) < len(centres):
            found.append(Glyph(character, centres[len(found)], spaced))
            spaced = False
    return found


@dataclass(frozen=True, slots=True)
class Cell:
    """The columns of one glyph; `exact` where its own ink tells them, not its place between its neighbours."""

    columns: Run
    exact: bool


def cells(glyphs: list[Glyph], mask: Mask) -> list[Cell]:
    """Return the cell of each glyph: borders lie in the gaps, else midway between two centres.

    A word with as many stretches of ink as glyphs has one for each, wherever the recogniser put their centres; a
    double quote may have two.
    """
    between = zip(pairwise(glyphs), gaps_between(glyphs, mask), strict=True)
    borders = [(a.centre + b.centre) / 2 if gap is None else gap.centre for (a, b), gap in between]
    columns = [Run(start, end) for start, end in pairwise(accumulate([0, *map(round, borders), mask.shape[1]], max))]
    found: list[Cell] = []
    for first, last in words_of(glyphs):
        left, right = columns[first].start, columns[last - 1].end
        inked = [Run(left + run.start, left + run.end) for run in runs(np.any(mask[:, left:right], axis=0))]
        own = _one_for_each(glyphs[first:last], inked)
        exact = own is not None and _agree(glyphs[first:last], own)
        found += [Cell(run, exact) for run in own or columns[first:last]]
    return found


def _one_for_each(word: list[Glyph], inked: list[Run]) -> list[Run] | None:
    """Return the ink of each glyph of a word, None where their numbers differ."""
    if len(inked) == len(word):
        return inked
    doubles = sum(glyph.text in DOUBLE for glyph in word)
    if len(inked) != len(word) + doubles or any(is_wide(glyph.text) for glyph in word):
        return None
    rest = iter(inked)
    return [Run(run.start, next(rest).end) if glyph.text in DOUBLE else run for glyph, run in _paired(word, rest)]


def _agree(word: list[Glyph], inked: list[Run]) -> bool:
    """Tell whether the ink stands where the recogniser saw the glyphs, but for a drift that is one for the word."""
    drifts = [run.centre - glyph.centre for glyph, run in zip(word, inked, strict=True)]
    steps = [b.centre - a.centre for a, b in pairwise(inked)]
    return not steps or max(drifts) - min(drifts) <= UNEVEN_DRIFT * median(steps)


def _paired(word: list[Glyph], inked: Iterator[Run]) -> Iterator[tuple[Glyph, Run]]:
    for glyph in word:
        yield glyph, next(inked)


def words_of(glyphs: list[Glyph]) -> list[tuple[int, int]]:
    """Return the first glyph of each word and the one after its last."""
    return list(pairwise([0, *(place for place, glyph in enumerate(glyphs) if place and glyph.spaced), len(glyphs)]))


def gaps_between(glyphs: list[Glyph], mask: Mask) -> list[Run | None]:
    """Return for each pair of neighbours the widest gap whose middle lies between their centres.

    A recogniser's centres drift by up to a glyph: where a space has less of a gap than the pair beside it, they swap.
    """
    free = iter([*gaps(mask), None])
    run = next(free)
    found: list[Run | None] = []
    for first, second in pairwise(glyphs):
        widest: Run | None = None
        while run is not None and run.centre < second.centre:
            if run.centre > first.centre and run.width > width_of(widest):
                widest = run
            run = next(free)
        found.append(widest)
    for place, (here, there) in enumerate(pairwise(glyphs[1:])):
        narrow, wide = (place, place + 1) if here.spaced else (place + 1, place)
        if here.spaced != there.spaced and width_of(found[narrow]) < DRIFT * width_of(found[wide]):
            found[narrow], found[wide] = found[wide], found[narrow]
    return found


def width_of(gap: Run | None) -> int:
    """Return the width of a gap in pixels, 0 for none."""
    return 0 if gap is None else gap.width


def pitch_of(glyphs: list[Glyph], height: int) -> float:
    """Return the mean distance from one Latin glyph to the next of its word; an underscore is as wide.

    The mean, since a recogniser's centres stand on columns a third of a glyph wide, and their steps are all too wide or
    too narrow; of few glyphs no less than the median, which the slim ones among them do not draw down.
    """
    steps = [b.centre - a.centre for a, b in pairwise(glyphs) if not b.spaced and not touches_wide((a, b))]
    if not steps:
        return height / 2
    mean = fmean(steps)
    return max(1.0, mean if len(steps) >= MANY_STEPS else max(mean, median(steps)))


def touches_wide(pair: tuple[Glyph, Glyph]) -> bool:
    """Tell whether either of two neighbours fills a full-width cell."""
    return any(is_wide(glyph.text) for glyph in pair)
