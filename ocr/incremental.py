"""Reading only what changed: the pictures of one stream, one after the other, as if each were read whole.

Owns what is remembered of a stream: its last picture and the pages that may come back.  A line is carried over only
where its pixels are the same, so that no reading goes wrong on the way; one that was wrong stays until its place is
read again, wherefore `settle` reads all anew now and then.  Called by the worker; what can be told without memory is in
`ocr.carrying`, `ocr.shifts` and `ocr.patches`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from ocr.carrying import Carried, Source, carry, joined_parts, overlaps
from ocr.engine import Engine, checked_picture, holds
from ocr.layout import in_reading_order
from ocr.pages import Page, Pages
from ocr.patches import patches_of
from ocr.shifts import NONE, Colours, Shift, colours, likely_shifts, moved_tiles, stands_at
from ocr.stirring import Stirring, tells
from ocr.tiles import Hashes, Tiles, flat_tiles, tile_hashes, tiles_of
from timeline.model import Box, Line, Picture

MOST_SHARE = 0.7  # of the picture: a larger change is read whole, which is cheaper than in parts
SCROLLED_TILES = 60  # that are new, from which a shift is looked for: finding one costs as much as reading two lines
LEAST_MOVED = 8  # tiles a shift must explain
WORN = 60  # readings in parts after which the whole is worth a reading, when there is time for it
_UNREAD = np.uint64(0)  # the hash of a tile that is still to be read: no picture has it


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
        self._stirring = Stirring((0, 0))
        self._at_us, self._in_parts = 0, 0
        self._waiting: list[Box] = []  # patches that are left out for now

    @property
    def unsettled(self) -> bool:
        """Whether a part of the last picture was not read, since it moves all the time."""
        return bool(self._waiting)

    @property
    def worn(self) -> bool:
        """Whether so much was carried over since the last whole reading that another one is due."""
        return self._in_parts >= WORN

    @property
    def picture(self) -> Picture | None:
        """The last picture; None when there is none."""
        return None if self._last is None else self._last.picture()

    def read(self, picture: Picture, at_us: int) -> Reading:
        """Return the lines of a picture of that instant: read where it is new, carried over where it is not."""
        picture = checked_picture(picture)
        look = _Look(picture)
        self._at_us = at_us
        if self._stirring.shape != look.hashes.shape:
            self._stirring = Stirring(look.hashes.shape)
        return self._remember(look, self._read_changed(picture, look, patient=True) or self._read_whole(picture))

    def settle(self) -> Reading | None:
        """Return what the last picture holds when what was left out is read as well; None when there is no picture.

        Where much was carried over, all of it is read anew.
        """
        picture = self.picture
        if picture is None:
            return None
        look = _Look(picture)
        reading = None if self.worn else self._read_changed(picture, look, patient=False)
        return self._remember(look, reading or self._read_whole(picture))

    def _remember(self, look: _Look, reading: Reading) -> Reading:
        for box in self._waiting:
            look.hashes[tiles_of(box)] = _UNREAD
        self._last, self._lines = look, reading.lines
        self._pages.add(Page(look.hashes, reading.lines))
        return reading

    def _read_whole(self, picture: Picture) -> Reading:
        self._in_parts, self._waiting = 0, []
        return Reading(self._engine.read(picture), 1.0)

    def _read_changed(self, picture: Picture, look: _Look, *, patient: bool) -> Reading | None:
        """Return the reading, or None where there is nothing to compare the picture with."""
        if self._last is None or self._last.colours.shape != look.colours.shape:
            return None
        carried = carry(self._sources(self._last, look), look.flat, look.colours.shape)
        patches = patches_of(carried.dirty, [line.box for line in carried.lines], look.colours)
        waiting = [one for one in patches if patient and self._stirring.waits(one, carried.dirty, self._at_us)]
        patches = [one for one in patches if one not in waiting]
        share = sum(patch.width * patch.height for patch in patches) / look.colours.size
        if share > MOST_SHARE:
            reading = self._read_whole(picture)
        else:
            self._in_parts, self._waiting = self._in_parts + 1, waiting
            reading = Reading(in_reading_order(self._put_together(carried, patches, picture)), share)
        self._note(patches, reading.lines)
        return reading

    def _note(self, patches: list[Box], lines: list[Line]) -> None:
        """Note of each patch whether there is something in it that was not there before."""
        for patch in patches:
            found, before = ([one for one in some if holds(patch, one.box)] for some in (lines, self._lines))
            self._stirring.note(patch, told=tells(found, before), at_us=self._at_us)

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
                if np.count_nonzero(new) < LEAST_MOVED:
                    break
        yield from back

    def _put_together(self, carried: Carried, patches: list[Box], picture: Picture) -> list[Line]:
        left = [line for line in self._lines if any(holds(one, line.box) for one in self._waiting)]
        known = [line for line in carried.lines if not any(holds(one, line.box) for one in self._waiting)] + left
        lines = [line for line in known if not any(holds(patch, line.box) for patch in patches)]
        for patch in patches:
            found = self._engine.read(picture, patch)
            for part in joined_parts(found, lines):
                lines = [line for line in lines if not holds(part, line.box)]
                found = [line for line in found if not holds(part, line.box)] + self._engine.read(picture, part)
            lines += [line for line in found if not any(overlaps(line.box, other.box) for other in lines)]
        return lines


class _Look:
    """What is reckoned of a picture once, and all that is remembered of its pixels."""

    def __init__(self, picture: Picture) -> None:
        self.hashes: Hashes = tile_hashes(picture)
        self.flat: Tiles = flat_tiles(picture)
        self.colours: Colours = colours(picture)

    def picture(self) -> Picture:
        """Return the picture."""
        return np.ascontiguousarray(self.colours.view(np.uint8).reshape(*self.colours.shape, 4)[..., :3])


@dataclass(frozen=True, slots=True)
class _Standing:
    """Asks whether a box of the last picture is in this one, moved by a shift."""

    last: Colours
    now: Colours
    shift: Shift

    def __call__(self, box: Box) -> bool:
        return stands_at(self.last, self.now, box, self.shift)
