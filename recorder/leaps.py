"""Leaps of time between two looks: the machine slept, its clock was set, or the recorder itself was held up.

Owns the comparison of the three clocks and the instants of the looks, which never go back but over a leap.  Never
writes anything.  Called by the recorder at every look, and by its keep-alive at least every few seconds: without one a
still screen would look like a leap.
"""

from __future__ import annotations

from dataclasses import dataclass

from timeline.clock import SECOND_US, Clock

SUSPENDED = "suspended"
CLOCK_CHANGED = "the clock was changed"
HELD_UP = "the recorder was held up"
LEAST_SLEEP_S = 1.0  # the two clocks are read one after the other: a busy machine may come between them
LEAST_CHANGE_S = 2.0  # smaller steps of NTP are bridged, see `Leaps.look`
HELD_UP_AFTER_S = 30.0  # a busy machine is late by seconds; a stopped process or a paused virtual machine by more


@dataclass(frozen=True, slots=True)
class Leap:
    """A stretch that nobody saw: from the instant of the look before it to that of the look after it.

    After a clock was set back `end_us` is not later than `start_us`: there is no stretch, and what comes now must not
    be taken for a continuation.
    """

    start_us: int
    end_us: int
    reason: str


@dataclass(frozen=True, slots=True)
class Look:
    """The instant of a look, and the leap since the one before it."""

    at_us: int
    leap: Leap | None = None


@dataclass(frozen=True, slots=True)
class _Reading:
    """The three clocks at one look."""

    wall_us: int
    monotonic_s: float
    boot_s: float


class Leaps:
    """Tells of leaps between two looks.  Not for several threads."""

    def __init__(self, clock: Clock, held_up_after_s: float = HELD_UP_AFTER_S) -> None:
        self._clock, self._held_up_after_s = clock, held_up_after_s
        self._before: _Reading | None = None
        self._at_us = 0

    def look(self) -> Look:
        """Return the instant of this look, later than the last one unless a leap is told with it.

        The wall clock is what counts; where it was put back by less than two seconds, as NTP does, the instants wait
        for it, a microsecond a look, so that no frame ends before it began.
        """
        now, before = self._read(), self._before
        self._before = now
        reason = None if before is None else self._reason(before, now)
        if reason is None:
            self._at_us = max(now.wall_us, self._at_us + 1) if before is not None else now.wall_us
            return Look(self._at_us)
        leap = Leap(self._at_us, now.wall_us, reason)
        self._at_us = now.wall_us
        return Look(self._at_us, leap)

    def _read(self) -> _Reading:
        return _Reading(self._clock.now_us(), self._clock.monotonic_s(), self._clock.boot_s())

    def _reason(self, before: _Reading, now: _Reading) -> str | None:
        awake_s, passed_s = now.monotonic_s - before.monotonic_s, now.boot_s - before.boot_s
        if abs((now.wall_us - before.wall_us) / SECOND_US - passed_s) > LEAST_CHANGE_S:
            # A clock that is set right on waking: the user knows of the sleep, unless time went back.
            slept = passed_s - awake_s > LEAST_SLEEP_S and now.wall_us > self._at_us
            return SUSPENDED if slept else CLOCK_CHANGED
        if passed_s - awake_s > LEAST_SLEEP_S:
            return SUSPENDED
        return HELD_UP if awake_s > self._held_up_after_s else None
