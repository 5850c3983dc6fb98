"""One monitor's stream of frames: what it showed last, what was kept of it, and whether the next look is worth a frame.

Owns the pictures of one monitor, always as the gate let them pass: what is excluded is painted over before it comes
here.  Never grabs and never stores; recorder.recorder does both.
"""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass, field
from zlib import crc32

import numpy as np

from recorder.changes import TILE_PX, changed_tiles
from recorder.desktop import Grab, Monitor
from recorder.tiles import FLICKER_SETTLE_S, SETTLE_S, Tiled, Tiles
from timeline.model import Box, Window

SWITCH_S = 1.0  # a page is painted this long after its title at the latest (measured with Chromium on a busy machine)
SWITCH_MOST_S = 2.0  # a title that never stands still is kept all the same
PAINTED_SHARE = 0.1  # of the monitor: so much must be drawn for a new title to have got its page
TOLD_WITHIN_S = 1.0  # what is drawn between an asking and the grab is told by the next asking
LOUD_TILES = 4  # a spinner beside a page that has been painted
PLAYING_SHARE = 0.3  # of the monitor: a film with black bars, not a spinner or a clock
MOVING_WITHIN_S = 3.0
WHOLE_SHARE = 0.5  # of the monitor: from here on a whole grab is cheaper than a part, whose rows are copied
MOST_HASHED = 64  # tiles; what flickers is small
REMEMBERED = 48  # states of one flickering tile: a spinner has 8 to 40


@dataclass(frozen=True, slots=True)
class Sight:
    """Whose frame a monitor's picture is: the window and its number, and whether it has the focus."""

    window: Window
    id: int | None
    active: bool


@dataclass(slots=True)
class Kept:
    """The last committed frame of a monitor; the screen has looked like it until `end_us`.

    Its picture is what was seen last for as long as that is the same: 8 MB of 1080p, never written to.
    """

    frame_id: int
    picture: Grab
    sight: Sight
    end_us: int
    flushed_us: int


@dataclass(slots=True)
class _Switch:
    """Another window than that of the last frame: its page may not be painted yet."""

    sight: Sight
    first_s: float
    since_s: float
    painted: Tiled


@dataclass(slots=True)
class _States:
    """What flickering tiles have shown before, by the checksums of their pixels."""

    seen: dict[tuple[int, int], OrderedDict[int, None]] = field(default_factory=dict)

    def known(self, place: tuple[int, int], state: int) -> bool:
        """Tell whether a tile showed this before, and remember it."""
        states = self.seen.setdefault(place, OrderedDict())
        if state in states:
            states.move_to_end(state)
            return True
        states[state] = None
        if len(states) > REMEMBERED:
            states.popitem(last=False)
        return False


class Stream:
    """One monitor being recorded.  `now_s` is always of the recorder's monotonic clock."""

    def __init__(self, monitor: Monitor, interval_s: float, *, polled: bool) -> None:
        self.monitor = monitor
        self.kept: Kept | None = None
        self.filled = False
        """Whether the window with the focus fills the monitor."""
        self._polled = polled
        self._tiles = Tiles(monitor.width, monitor.height, interval_s, polled=polled)
        self._whole = Box(0, 0, monitor.width, monitor.height)
        self._seen: Grab | None = None
        self._masks: tuple[Box, ...] = ()
        self._switch: _Switch | None = None
        self._states = _States()
        self._doubted = False
        self._told = np.zeros(self._tiles.shape, np.bool_)
        self._untold, self._untold_s = self._told.copy(), 0.0

    @property
    def still(self) -> bool:
        """Whether the screen looks as it did when it was last looked at, as far as anybody told."""
        return not self._tiles.pending and self._switch is None

    def blind(self, now_s: float) -> bool:
        """Tell whether the screen was seen to change where nobody told so, not even a second later."""
        return bool(self._untold.any()) and now_s - self._untold_s >= TOLD_WITHIN_S

    def pace(self, interval_s: float) -> None:
        """Keep what goes on moving once in so many seconds from here on."""
        self._tiles.interval_s = interval_s

    def doubt(self) -> None:
        """Look at the whole monitor next time, though nobody tells of anything."""
        self._doubted = True

    def moves(self, now_s: float) -> bool:
        """Tell whether much of the monitor was drawn on within the last seconds."""
        return float((~self._tiles.settled(now_s, MOVING_WITHIN_S)).mean()) >= PLAYING_SHARE

    def stir(self, boxes: tuple[Box, ...], now_s: float) -> None:
        """Note where the screen was drawn on, in pixels of the whole screen."""
        touched = self._tiles.inside(*(self.monitor.own(box) for box in boxes if box.intersects(self.monitor.box)))
        if self._switch is not None:
            self._switch.painted |= touched
        self._told |= touched
        self._untold &= ~touched
        self._tiles.stir(touched, now_s)

    def turn_to(self, sight: Sight, now_s: float) -> None:
        """Note whose picture the monitor shows now."""
        if self.kept is None or sight == self.kept.sight:
            self._switch = None
        elif self._switch is None:
            self._switch = _Switch(sight, now_s, now_s, np.zeros(self._tiles.shape, np.bool_))
        elif self._switch.sight != sight:
            self._switch.sight, self._switch.since_s = sight, now_s

    def due_in_s(self, now_s: float) -> float | None:
        """Return the seconds until this monitor should be looked at; None when nothing has changed."""
        if self._seen is None:
            return 0.0
        if self._switch is not None:
            return max(0.0, self._switched_at_s(self._switch, now_s) - now_s)
        return self._tiles.due_in_s(now_s)

    def wants(self, masks: tuple[Box, ...], now_s: float) -> Box | None:
        """Return the part to grab now, in the monitor's own pixels; None when there is nothing to look at yet."""
        if self._switch is not None and self._switched_at_s(self._switch, now_s) > now_s:
            return None
        if self._seen is None or self._polled or self._doubted or self._switch is not None or masks != self._masks:
            return self._whole
        due = self._tiles.due(now_s)
        if not due.any():
            return None
        part = self._tiles.reach(due)
        large = part.width * part.height > WHOLE_SHARE * self._whole.width * self._whole.height
        return self._whole if large else part

    def see(self, grab: Grab, part: Box, masks: tuple[Box, ...], now_s: float) -> bool:
        """Take in what a part of the monitor shows, painted already; tell whether it is worth a frame."""
        self._doubted = self._doubted and part != self._whole
        if part == self._whole and self._seen is not None and masks == self._masks:
            self._compare(self._seen, grab, now_s)
        due, other_masks = self._tiles.due(now_s), masks != self._masks
        self._take_in(grab, part)
        self._masks = masks
        if self.kept is None or self._switch is not None:
            self._tiles.looked(self._tiles.inside(part), now_s)
            return True
        differs = self._differing(grab, part)
        worth = differs if other_masks else differs & due
        flickering = self._flickering(worth, now_s)
        self._tiles.looked(due, now_s)
        if (worth & ~flickering).any():
            return True
        if flickering.any():
            self._tiles.flicker(flickering, now_s)
        return False

    def keep(self, frame_id: int, sight: Sight, at_us: int, now_s: float) -> bool:
        """Note that what was seen has been committed as a frame; tell whether it shows more than a clock's change."""
        picture, much = self.picture, False
        if self.kept is not None and self.kept.picture.shape == picture.shape:
            differs = changed_tiles(self.kept.picture, picture)
            if differs is not None:
                self._tiles.keep(differs, now_s)
                much = int(differs.sum()) > LOUD_TILES
        self.kept = Kept(frame_id, picture, sight, at_us, at_us)
        self._switch = None
        return much

    def leave(self) -> None:
        """Let go of all pictures: nothing is recorded from here on, and whatever comes next is new."""
        self.kept, self._seen, self._switch, self._masks = None, None, None, ()
        self._states = _States()

    def own_masks(self, masks: tuple[Box, ...]) -> tuple[Box, ...]:
        """Return the masks that lie on this monitor, in its own pixels."""
        return tuple(self.monitor.own(mask) for mask in masks if mask.intersects(self.monitor.box))

    def is_filled_by(self, box: Box | None) -> bool:
        """Tell whether a window covers this monitor wholly."""
        return box is not None and box.union(self.monitor.box) == box

    @property
    def picture(self) -> Grab:
        """What the monitor showed when it was last looked at: BGRA, as a frame would be kept."""
        if self._seen is None:
            raise ValueError("this monitor has not been looked at")
        return self._seen

    def _compare(self, before: Grab, after: Grab, now_s: float) -> None:
        """Take from two whole grabs what was drawn in between, or whether somebody told so."""
        changed = changed_tiles(before, after)
        if changed is None:
            return
        if self._polled:
            self._tiles.stir(changed, now_s)
        else:
            self._untold, self._untold_s = changed & ~self._told, now_s

    def _take_in(self, grab: Grab, part: Box) -> None:
        self._told &= ~self._tiles.inside(part)
        if part == self._whole:
            self._seen = grab if grab.flags.owndata and grab.flags.writeable else grab.copy()
        elif self._seen is not None:
            if self.kept is not None and self.kept.picture is self._seen:
                self._seen = self._seen.copy()
            self._seen[part.y0 : part.y1, part.x0 : part.x1] = grab

    def _differing(self, grab: Grab, part: Box) -> Tiled:
        """Return which tiles of a part differ from the last frame that was kept."""
        whole = np.zeros(self._tiles.shape, np.bool_)
        if self.kept is None:
            return ~whole
        before = np.ascontiguousarray(self.kept.picture[part.y0 : part.y1, part.x0 : part.x1])
        differs = changed_tiles(before, grab)
        if differs is not None:
            row, column = part.y0 // TILE_PX, part.x0 // TILE_PX
            whole[row : row + differs.shape[0], column : column + differs.shape[1]] = differs
        return whole

    def _flickering(self, tiles: Tiled, now_s: float) -> Tiled:
        """Return which of these tiles only show again what they showed before, and have not stood so for long."""
        flickering = np.zeros(self._tiles.shape, np.bool_)
        places = np.argwhere(tiles)
        if len(places) > MOST_HASHED:
            return flickering
        restless = self._tiles.restless(now_s) & ~self._tiles.settled(now_s, FLICKER_SETTLE_S)
        for row, column in places:
            known = self._states.known((row, column), self._state(row, column))
            flickering[row, column] = known and restless[row, column]
        return flickering

    def _state(self, row: int, column: int) -> int:
        y, x = row * TILE_PX, column * TILE_PX
        return crc32(np.ascontiguousarray(self.picture[y : y + TILE_PX, x : x + TILE_PX, :3]).data)

    def _switched_at_s(self, switch: _Switch, now_s: float) -> float:
        """Return when the page of another window is taken to be painted."""
        latest = min(switch.since_s + SWITCH_S, switch.first_s + SWITCH_MOST_S)
        if self._polled:
            return latest
        painted = switch.painted.mean() >= PAINTED_SHARE or (
            self.kept is not None and switch.sight.id != self.kept.sight.id
        )
        loud = int((switch.painted & ~self._tiles.settled(now_s, SETTLE_S)).sum())
        if not painted:
            return latest
        earliest = switch.since_s + SETTLE_S
        return min(latest, earliest if loud <= LOUD_TILES else max(earliest, now_s + SETTLE_S / 2))
