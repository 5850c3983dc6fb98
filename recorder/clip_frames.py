"""Which pictures of a video become frames: each that settled, and of what keeps moving one an interval.

Owns the pictures it still compares with: three at most.  Never reads a file and never stores.  A frame is handed out
once it is known when it ends; its picture is then the latest that looked the same, since encoders sharpen a still
picture for a second or two.  Called by recorder.videos.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from typing import Protocol

import numpy as np

from recorder.changes import TILE_PX
from recorder.settling import FLICKER_SETTLE_US, FOREVER_US, SETTLE_US, Settling, Tiled
from recorder.visible import Noise, identical, looks_same, tiles_of, visible_changes
from timeline.clip_picture import Look, Plane, Shot
from timeline.clock import SECOND_US

SHARPENS_US = 2 * SECOND_US
MOST_FLICKERING = 64  # tiles; carets and spinners are small
REMEMBERED = 48  # states of one flickering tile: a spinner has 8 to 40


@dataclass(frozen=True, slots=True)
class ClipFrame:
    """A picture of a clip and the span in which it stood, from the clip's start."""

    shot: Shot
    start_us: int
    end_us: int


@dataclass(slots=True)
class _States:
    """What flickering tiles have shown before."""

    seen: dict[tuple[int, int], deque[Plane]] = field(default_factory=dict)

    def known(self, place: tuple[int, int], look: Look, factor: float) -> bool:
        """Tell whether a tile showed this before, and remember it."""
        y, x = place[0] * TILE_PX, place[1] * TILE_PX
        shown = look.luma[y : y + TILE_PX, x : x + TILE_PX]
        states = self.seen.setdefault(place, deque(maxlen=REMEMBERED))
        if any(looks_same(state, shown, factor) for state in states):
            return True
        states.append(shown.copy())
        return False


class MovingPicture(Protocol):
    """What is asked of timeline.clip."""

    end_us: int

    def shots(self, from_us: int = 0) -> Iterator[Shot]: ...


class ClipFrames:
    """Walks through a clip once."""

    def __init__(self, clip: MovingPicture, interval_us: int = 2 * SECOND_US) -> None:
        self._clip, self._interval_us = clip, interval_us
        self._noise, self._states = Noise(), _States()
        self._kept: ClipFrame  # its end is not known yet
        self._settling: Settling
        self._seen: Shot
        self._anchor: Look

    def frames(self, from_us: int = 0, on_look: Callable[[int], None] = lambda _: None) -> Iterator[ClipFrame]:
        """Yield the frames from an instant on, and tell how far the clip was looked through; none when it has none."""
        shots = self._clip.shots(from_us)
        first = next(shots, None)
        if first is None:
            return
        self._begin(first)
        self._kept = ClipFrame(first, from_us, from_us)
        for shot in shots:
            yield from self._decide_until(shot.at_us)
            self._see(shot)
            on_look(shot.at_us)
        end_us = self._clip.end_us
        yield from self._decide_until(end_us)
        yield from self._decide(end_us, self._settling.due(FOREVER_US))
        yield replace(self._kept, end_us=max(end_us, self._kept.start_us + 1))

    def _begin(self, shot: Shot) -> None:
        self._settling = Settling(tiles_of(shot.look), self._interval_us)
        self._states = _States()
        self._seen, self._anchor = shot, shot.look

    def _see(self, shot: Shot) -> None:
        """Take in the next picture."""
        if shot.look.luma.shape != self._anchor.luma.shape:
            self._begin(shot)
            self._settling.stir(np.ones(tiles_of(shot.look), np.bool_), shot.at_us)
            return
        same = identical(self._seen.look, shot.look)  # most often, on a still screen; and 0.3 ms instead of 4
        if not same:
            self._noise.measure(self._seen.look, shot.look)
        self._seen = shot
        stirred = None if same else visible_changes(self._anchor, shot.look, self._noise.factor)
        if stirred is not None and stirred.any():
            self._settling.stir(stirred, shot.at_us)
            self._anchor = shot.look
        elif not self._settling.pending and shot.at_us - self._kept.start_us <= SHARPENS_US:
            self._kept = replace(self._kept, shot=shot)

    def _decide_until(self, until_us: int) -> Iterator[ClipFrame]:
        """Decide about all that is due while the picture seen last is shown."""
        while (due_us := self._settling.next_due_us()) is not None and due_us < until_us:
            now_us = max(due_us, self._seen.at_us)
            yield from self._decide(now_us, self._settling.due(now_us))

    def _decide(self, now_us: int, due: Tiled) -> Iterator[ClipFrame]:
        """Yield the frame that ends, when one of these tiles makes another one begin."""
        worth = due & self._differing()
        flickering = self._flickering(worth, now_us)
        worth &= ~flickering
        self._settling.decide(due & ~flickering)
        self._settling.flicker(flickering, now_us)
        if worth.any():
            start_us = max(self._settling.since_us(worth), self._kept.start_us)
            if start_us - self._kept.start_us < SETTLE_US:  # caught in motion, or a first picture still being painted
                start_us = self._kept.start_us
            else:
                yield replace(self._kept, end_us=start_us)
            self._kept = ClipFrame(self._seen, start_us, start_us)
            self._settling.keep(now_us)

    def _differing(self) -> Tiled:
        """Return which tiles differ from the last frame."""
        kept, seen = self._kept.shot.look, self._seen.look
        if kept.luma.shape != seen.luma.shape:
            return np.ones(tiles_of(seen), np.bool_)
        return visible_changes(kept, seen, self._noise.factor)

    def _flickering(self, tiles: Tiled, now_us: int) -> Tiled:
        """Return which of these tiles only show again what they showed before, and have not stood so for long."""
        flickering = np.zeros_like(tiles)
        places = [(int(row), int(column)) for row, column in np.argwhere(tiles)]
        if len(places) > MOST_FLICKERING:
            return flickering
        restless, factor = ~self._settling.settled(now_us, FLICKER_SETTLE_US), self._noise.factor
        for place in places:
            known = self._states.known(place, self._seen.look, factor)
            flickering[place] = known and restless[place]
            self._states.known(place, self._kept.shot.look, factor)  # what it may come back to
        return flickering
