"""Reading only what changed: the pictures of one stream, one after the other, as if each were read whole.

Owns what is remembered of a stream: its last picture and the pages that may come back.  A line is carried over only
where its pixels are the same, so that a wrong reading is never made newly; one that was made stays until its place is
read again, wherefore everything is read anew now and then.  Called by the worker; the pure parts are in
`ocr.carrying`, `ocr.shifts`, `ocr.pages` and `ocr.patches`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from ocr.carrying import Carried, Source, carry, overlaps
from ocr.engine import Engine, checked_picture, holds
from ocr.layout import in_reading_order
from ocr.pages import Page, Pages
from ocr.patches import patches_of
from ocr.shifts import NONE, Colours, Shift, colours, likely_shifts, moved_tiles, stands_at
from ocr.tiles import Hashes, Tiles, flat_tiles, tile_hashes
from timeline.model import Box, Line, Picture

MOST_SHARE = 0.7  # of the picture: a larger change is read whole, which is cheaper than in parts
SCROLLED_TILES = 60  # that are new, from which a shift is looked for: finding one costs as much as reading two lines
LEAST_MOVED = 8  # tiles a shift must explain


@dataclass(frozen=True, slots=True)
class Reading:
    """The lines of a whole picture in reading order, and how much of it the engine had to look at."""

    lines: list[Line]
    share: float
    """Of the picture's area, 0 to 1."""


class IncrementalReader:
    """Reads the pictures of one stream.  One thread uses it at a time."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._pages = Pages()
        self._last: _Look | None = None
        self._lines: list[Line] = []

    def read(self, picture: Picture) -> Reading:
        """Return the lines of a picture: read where it is new, carried over where it is not."""
        look = _Look(checked_picture(picture))
        reading = self._read_changed(look) or self._read_whole(look)
        self._last, self._lines = look, reading.lines
        self._pages.add(Page(look.hashes, reading.lines))
        return reading

    def _read_whole(self, look: _Look) -> Reading:
        return Reading(self._engine.read(look.picture), 1.0)

    def _read_changed(self, look: _Look) -> Reading | None:
        """Return the reading, or None where the whole picture is to be read."""
        if self._last is None or self._last.picture.shape != look.picture.shape:
            return None
        carried = carry(self._sources(self._last, look), look.flat, look.colours.shape)
        patches = patches_of(carried.dirty, [line.box for line in carried.lines], look.colours)
        share = sum(patch.width * patch.height for patch in patches) / look.colours.size
        if share > MOST_SHARE:
            return None
        return Reading(in_reading_order(self._put_together(carried, patches, look.picture)), share)

    def _sources(self, last: _Look, look: _Look) -> Iterator[Source]:
        same = last.hashes == look.hashes
        yield Source(self._lines, same, _Standing(last.colours, look.colours, NONE))
        new = ~same & ~look.flat
        back = self._pages.sources(look.hashes, new)
        for source in back:
            new &= ~source.tiles
        if np.count_nonzero(new) >= SCROLLED_TILES:
            for shift in likely_shifts(last.colours, look.colours, new):
                there = moved_tiles(last.colours, look.colours, shift)
                if np.count_nonzero(there & new) >= LEAST_MOVED:
                    new &= ~there
                    yield Source(self._lines, there, _Standing(last.colours, look.colours, shift), shift)
        yield from back

    def _put_together(self, carried: Carried, patches: list[Box], picture: Picture) -> list[Line]:
        lines = [line for line in carried.lines if not any(holds(patch, line.box) for patch in patches)]
        for patch in patches:
            found = self._engine.read(picture, patch)
            lines += [line for line in found if not any(overlaps(line.box, other.box) for other in lines)]
        return lines


class _Look:
    """A picture and what is reckoned of it once."""

    def __init__(self, picture: Picture) -> None:
        self.picture = picture
        self.hashes: Hashes = tile_hashes(picture)
        self.flat: Tiles = flat_tiles(picture)
        self.colours: Colours = colours(picture)


@dataclass(frozen=True, slots=True)
class _Standing:
    """Asks whether a box of the last picture is in this one, moved by a shift."""

    last: Colours
    now: Colours
    shift: Shift

    def __call__(self, box: Box) -> bool:
        return stands_at(self.last, self.now, box, self.shift)
