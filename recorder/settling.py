"""When which part of a video is worth a frame: what has settled at once, what keeps moving once an interval.

Pure but for its own state; knows no pixels.  Times are microseconds from the clip's start.  Simpler than
recorder.tiles, which serves a screen that is being watched and may not wait: of a video it is known afterwards when a
picture began.  Called by recorder.clip_frames.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from timeline.clock import SECOND_US

Tiled = NDArray[np.bool_]

SETTLE_US = 400_000  # typing and scrolling pause for less from one step to the next
FLICKER_SETTLE_US = 1_200_000  # a caret stands for 0.5 to 0.6 s in each of its two states
FOREVER_US = 2**61
_NEVER = -FOREVER_US


class Settling:
    """The tiles of one video, and since when each one stands."""

    def __init__(self, shape: tuple[int, int], interval_us: int = 2 * SECOND_US) -> None:
        self._interval_us = interval_us
        self._pending = np.zeros(shape, np.bool_)
        self._flickers = np.zeros(shape, np.bool_)
        self._first_us, self._last_us, self._near_us = (np.full(shape, _NEVER, np.int64) for _ in range(3))
        self._kept_us = _NEVER

    @property
    def pending(self) -> bool:
        """Whether something changed that was not decided about."""
        return bool(self._pending.any())

    def stir(self, tiles: Tiled, at_us: int) -> None:
        """Note which tiles changed.  What moves beside a tile keeps it from being settled: a page moves as one."""
        self._first_us[tiles & ~self._pending] = at_us
        self._last_us[tiles] = at_us
        self._near_us[_with_neighbours(tiles)] = at_us
        self._pending |= tiles

    def due(self, now_us: int) -> Tiled:
        """Return the tiles to decide about now; all that changed when now is FOREVER_US."""
        due: Tiled = self._pending & (self._due_us() <= now_us)
        return due

    def next_due_us(self) -> int | None:
        """Return when the next tile is due, None when none waits."""
        return int(self._due_us()[self._pending].min()) if self._pending.any() else None

    def settled(self, now_us: int, still_us: int) -> Tiled:
        """Return the tiles that have stood for so long."""
        settled: Tiled = now_us - self._last_us >= still_us
        return settled

    def since_us(self, tiles: Tiled) -> int:
        """Return when the last of these tiles, and of what is beside them, came to look as it does."""
        return int(self._near_us[tiles].max())

    def decide(self, tiles: Tiled) -> None:
        """Note tiles that wait for nothing any more."""
        self._pending &= ~tiles
        self._flickers &= ~tiles

    def keep(self, now_us: int) -> None:
        """Note that a frame was kept."""
        self._kept_us = now_us

    def flicker(self, tiles: Tiled, now_us: int) -> None:
        """Note tiles that only show again what they showed before: they wait until they stand."""
        self._flickers |= tiles
        self._first_us[tiles] = now_us

    def _due_us(self) -> NDArray[np.int64]:
        settled_us = np.where(self._flickers, self._last_us + FLICKER_SETTLE_US, self._near_us + SETTLE_US)
        moving_us = np.maximum(self._first_us, self._kept_us) + self._interval_us
        due_us: NDArray[np.int64] = np.minimum(settled_us, moving_us)
        return due_us


def _with_neighbours(tiles: Tiled) -> Tiled:
    """Return the tiles and the eight around each."""
    wide = tiles.copy()
    wide[1:] |= tiles[:-1]
    wide[:-1] |= tiles[1:]
    sides = wide.copy()
    wide[:, 1:] |= sides[:, :-1]
    wide[:, :-1] |= sides[:, 1:]
    return wide
