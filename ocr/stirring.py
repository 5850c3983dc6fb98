"""Parts of a screen that move without end and say nothing: films, spinners, meters, carets that fade.

Owns when such a part is worth another reading.  What was read several times in a row and had nothing new to tell is
left alone for a while, longer each time; as soon as it tells something it is read at once again.  Called by
`ocr.incremental`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

import numpy as np

from ocr.tiles import Tiles, tiles_of
from timeline.model import Box, Line

PATIENCE = 3  # readings in a row without anything new before a part has to wait
FIRST_WAIT_US = 4_000_000
LONGEST_WAIT_US = 10_000_000
SURE = 0.8  # of 1; what is read into the pixels of a film is less sure, and of another wording each time
_TELLING = re.compile(r"[^\W_]{2}")


class Stirring:
    """The tiles of one stream's screen, and until when those that move in vain are left alone."""

    def __init__(self, shape: tuple[int, ...]) -> None:
        self.shape = shape
        self._in_vain = np.zeros(shape, np.int8)
        self._not_before_us = np.zeros(shape, np.int64)

    def waits(self, patch: Box, dirty: Tiles, at_us: int) -> bool:
        """Tell whether all that is new in a patch was read in vain too often to be read now."""
        where = tiles_of(patch)
        new = dirty[where]
        return bool(new.any() and np.all(self._not_before_us[where][new] > at_us))

    def note(self, patch: Box, *, told: bool, at_us: int) -> None:
        """Note that a patch was read, and whether that told anything."""
        where = tiles_of(patch)
        if told:
            self._in_vain[where] = 0
            self._not_before_us[where] = 0
            return
        self._in_vain[where] = np.minimum(self._in_vain[where] + 1, 64)
        times = self._in_vain[where] - PATIENCE
        wait_us = np.minimum(FIRST_WAIT_US << np.clip(times, 0, 8).astype(np.int64), LONGEST_WAIT_US)
        self._not_before_us[where] = np.where(times >= 0, at_us + wait_us, 0)


def tells(lines: Iterable[Line], before: Iterable[Line]) -> bool:
    """Tell whether lines say, with some certainty, what did not stand there before."""
    known = {line.text for line in before}
    return any(
        line.confidence >= SURE and line.text not in known and _TELLING.search(line.text) is not None for line in lines
    )
