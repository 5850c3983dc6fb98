"""When which part of a monitor is worth a look: the timing of its 64 px tiles.

Pure but for its own state; knows no pixels.  A tile *stirs* when something was drawn on it, and is *due* when it has
stood still for long enough, or has kept moving for a whole interval.  Called by recorder.stream.

Four kinds of life on a screen need four answers:

- a page, a menu, a line of output: drawn, then still.  Due SETTLE_S after its last stir.
- typing, a counter: stirs again soon after it was kept, or right beside.  Such a tile is *restless*: due when it and
  its neighbourhood stood RESTLESS_SETTLE_S and the bucket of looks at restless tiles is not empty (BURST looks, then
  one every REFILL_S).
- a film, a spinner: never still.  Due once an interval, whatever else the screen does.
- a caret: restless, and what it shows was there before.  recorder.stream marks it as *flickering*: due when it has
  stood for FLICKER_SETTLE_S, so that it is looked at once an interval only.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from recorder.changes import TILE_PX
from timeline.model import Box

SETTLE_S = 0.13  # a window's painting has pauses of up to a frame of 60 Hz or two; a picture at 8 Hz still moves
RESTLESS_SETTLE_S = 0.18  # what is typed or played at 6 Hz still moves
REGION_TILES = 6  # how far a region reaches: four seconds of fast typing
FLICKER_SETTLE_S = 0.8  # a caret stands for 0.5-0.6 s in each of its two states
RESTLESS_WITHIN_S = 5.0  # kept twice within this time: the tile is restless
SMALL_TILES = 12  # a line of text; a small change makes what lies around it restless at once: the next key comes there
SMALL_WITHIN_S = 3.0  # longer than the interval
BURST = 3.0  # looks at restless tiles that may follow at once: a few keys pressed are kept one by one
REFILL_S = 0.7  # what stands for a second is seen
SAME_LOOK_S = 0.05  # so long what was reckoned for a look tells when the next is due
FLICKER_FOR_S = 5.0  # a tile that was seen to flicker is taken to go on for so long
_NEVER = -np.inf

Tiled = NDArray[np.bool_]
_Times = NDArray[np.float64]


class Tiles:
    """The tiles of one monitor.  All times are seconds of one clock that never jumps.

    `polled`: nobody tells when something was drawn, so a stir is only seen by looking; a first change is due at once.
    """

    def __init__(self, width: int, height: int, interval_s: float, *, polled: bool = False) -> None:
        self.shape = (-(-height // TILE_PX), -(-width // TILE_PX))
        self._whole = Box(0, 0, width, height)
        self.interval_s, self._polled = interval_s, polled
        self._pending = np.zeros(self.shape, np.bool_)
        self._first_stir, self._last_stir, self._kept, self._kept_before, self._kept_small, self._flickers_until = (
            np.full(self.shape, _NEVER) for _ in range(6)
        )
        self._looks, self._filled_s = BURST, _NEVER
        self._known: tuple[float, _Times] | None = None

    @property
    def pending(self) -> bool:
        """Whether something was drawn that nobody has looked at."""
        return bool(self._pending.any())

    def stir(self, touched: Tiled, now_s: float) -> None:
        """Note which tiles were drawn on, at the latest now."""
        if not touched.any():
            return
        self._known = None
        self._first_stir[touched & ~self._pending] = now_s
        self._last_stir[touched] = now_s
        self._pending |= touched

    def due(self, now_s: float) -> Tiled:
        """Return the tiles to look at now."""
        return self._due_times(now_s) <= now_s

    def due_in_s(self, now_s: float) -> float | None:
        """Return the seconds until a tile is due; None when none will be unless something stirs."""
        if not self._pending.any():
            return None
        known = self._known
        times = self._due_times(now_s) if known is None or now_s - known[0] > SAME_LOOK_S else known[1]
        return max(0.0, float(times.min()) - now_s)

    def settled(self, now_s: float, still_s: float) -> Tiled:
        """Return the tiles on which nothing was drawn for so long."""
        return now_s - self._last_stir >= still_s

    def restless(self, now_s: float) -> Tiled:
        """Return the tiles that were kept twice in a short while, lie beside a small change just kept, or flicker."""
        beside = now_s - self._kept_small < SMALL_WITHIN_S
        return (now_s - self._kept_before < RESTLESS_WITHIN_S) | beside | (self._flickers_until > now_s)

    def looked(self, seen: Tiled, now_s: float) -> None:
        """Note which of the due tiles were looked at: they wait for nothing until they stir again."""
        if (seen & self._restless_region(now_s) & self.due(now_s)).any():
            self._refill(now_s)
            self._looks = max(0.0, self._looks - 1)
        self._pending &= ~seen
        self._known = None

    def keep(self, changed: Tiled, now_s: float) -> None:
        """Note which tiles differ in the frame that was kept now; their neighbours count as well: text grows."""
        self._known = None
        wide = _dilated(changed)
        self._kept_before[wide] = self._kept[wide]
        self._kept[wide] = now_s
        if changed.sum() <= SMALL_TILES:
            self._kept_small[_dilated(wide)] = now_s

    def flicker(self, tiles: Tiled, now_s: float) -> None:
        """Note tiles that show again what they showed before; they stay to be looked at until they stand."""
        self._known = None
        self._flickers_until[tiles] = now_s + FLICKER_FOR_S
        self._first_stir[tiles] = now_s
        self._pending |= tiles

    def reach(self, tiles: Tiled) -> Box:
        """Return the smallest box, in pixels, that holds all of these tiles."""
        rows, columns = np.flatnonzero(tiles.any(axis=1)), np.flatnonzero(tiles.any(axis=0))
        return Box(
            int(columns[0]) * TILE_PX,
            int(rows[0]) * TILE_PX,
            min(self._whole.x1, int(columns[-1] + 1) * TILE_PX),
            min(self._whole.y1, int(rows[-1] + 1) * TILE_PX),
        )

    def inside(self, *boxes: Box) -> Tiled:
        """Return the tiles that boxes touch."""
        tiles = np.zeros(self.shape, np.bool_)
        for box in boxes:
            tiles[self._rows(box), self._columns(box)] = True
        return tiles

    def _due_times(self, now_s: float) -> _Times:
        """Return when each tile is due; never, unless it is pending.  One look asks several times: 0.15 ms each."""
        if self._known is None or self._known[0] != now_s:
            self._known = now_s, self._reckoned(now_s)
        return self._known[1]

    def _reckoned(self, now_s: float) -> _Times:
        flickers, region = self._flickers_until > now_s, self._restless_region(now_s)
        restless = region | self.restless(now_s)
        settle_s = np.where(flickers, FLICKER_SETTLE_S, np.where(restless, RESTLESS_SETTLE_S, SETTLE_S))
        settled = self._last_stir + settle_s
        since = self._kept if self._polled else np.maximum(self._first_stir, np.where(restless, self._kept, _NEVER))
        if region.any():  # it stands when all of it does, and is due with the tile that has waited longest
            stood_s = _largest_within(region, self._last_stir) + RESTLESS_SETTLE_S
            settled = np.where(region, np.maximum(stood_s, self._next_look_s(now_s)), settled)
            since = since if self._polled else np.where(region, -_largest_within(region, -since), since)
        return np.where(self._pending, np.minimum(settled, since + self.interval_s), np.inf)

    def _restless_region(self, now_s: float) -> Tiled:
        """Return the restless tiles that are pending, with what is pending around them while that is small: a line."""
        region = self._pending & self.restless(now_s) & (self._flickers_until <= now_s)
        if region.any() and self._pending.sum() <= 2 * SMALL_TILES:
            for _ in range(REGION_TILES):
                region = region | (self._pending & _dilated(region))
        return region

    def _refill(self, now_s: float) -> None:
        if self._filled_s != _NEVER:
            self._looks = min(BURST, self._looks + (now_s - self._filled_s) / REFILL_S)
        self._filled_s = now_s

    def _next_look_s(self, now_s: float) -> float:
        self._refill(now_s)
        return now_s + max(0.0, 1.0 - self._looks) * REFILL_S if self._looks < 1 else _NEVER

    def _rows(self, box: Box) -> slice:
        return slice(max(0, box.y0) // TILE_PX, max(0, -(-min(box.y1, self._whole.y1) // TILE_PX)))

    def _columns(self, box: Box) -> slice:
        return slice(max(0, box.x0) // TILE_PX, max(0, -(-min(box.x1, self._whole.x1) // TILE_PX)))


def _largest_within(region: Tiled, values: _Times) -> _Times:
    """Return the largest value of each connected part of a region, as far as REGION_TILES reach."""
    largest = np.where(region, values, _NEVER)
    for _ in range(REGION_TILES):
        largest = np.where(region, _largest_around(largest), _NEVER)
    return largest


def _largest_around(times: _Times) -> _Times:
    """Return the largest value of each tile and its eight neighbours."""
    wide = times.copy()
    np.maximum(wide[1:], times[:-1], out=wide[1:])
    np.maximum(wide[:-1], times[1:], out=wide[:-1])
    sides = wide.copy()
    np.maximum(wide[:, 1:], sides[:, :-1], out=wide[:, 1:])
    np.maximum(wide[:, :-1], sides[:, 1:], out=wide[:, :-1])
    return wide


def _dilated(tiles: Tiled) -> Tiled:
    """Return the tiles and their eight neighbours."""
    return _largest_around(tiles.astype(np.float64)) > 0
