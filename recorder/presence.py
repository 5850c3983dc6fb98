"""Whether the user is there: the reason why nothing is to be recorded now, if there is one.

Owns the rules that make one answer of what the display, the session and the running programs tell.  Writes nothing and
has no wake-ups of its own: it is asked at each look at the screen and at the keep-alive, and `fileno` becomes readable
when the user may have come back.  Called by the recorder.
"""

from __future__ import annotations

import select
from typing import Protocol, Self

from recorder.dbus import Bus
from recorder.inhibitors import Inhibitors
from recorder.session import LOCKED, Session
from recorder.x_presence import XPresence, XSight
from timeline.clock import Clock
from timeline.closing import Closing

IDLE = "idle"
INHIBITED_EVERY_S = 5.0  # asking the buses costs up to 1 ms of CPU, and longer of waiting where one hangs


class Attended(Protocol):
    """What tells whether somebody is there."""

    @property
    def idle_s(self) -> float | None:
        """Return the seconds without input at the last look; None when they are not known."""

    @property
    def unattended(self) -> bool:
        """Tell whether there was no input for long at the last look, though something went on."""

    def look(self, playing: bool = False) -> str | None:
        """Return why nothing is to be recorded now, else None.  `playing`: something happens by itself."""


class Presence(Closing):
    """One user at one display.  Not for several threads."""

    def __init__(
        self, clock: Clock, x: XPresence, system: Bus | None, session: Bus | None, idle_after_s: float
    ) -> None:
        self._clock, self._x, self._idle_after_s = clock, x, idle_after_s
        self._buses = [bus for bus in (system, session) if bus is not None]
        self._session, self._inhibitors = Session(clock, system, session), Inhibitors(system, session)
        self._asked_s = self._attended_s = float("-inf")
        self.idle_s: float | None = None
        """Seconds without input at the last look; None where the display does not count them."""
        self.unattended = False
        """Whether there was no input for long at the last look, though something went on."""
        self._watching = False
        self._sources = select.epoll()  # one descriptor for all; the kernel forgets those that are closed
        for descriptor in (x.fileno(), *self._session.filenos()):
            self._sources.register(descriptor, select.EPOLLIN)

    @classmethod
    def open(cls, clock: Clock, idle_after_s: float, display: str | None = None) -> Self:
        """Return the presence at a display; 0 seconds: never idle.  Raises NoScreen; buses may be missing."""
        x = XPresence(clock, display)
        return cls(clock, x, Bus.connect("SYSTEM"), Bus.connect("SESSION"), idle_after_s)

    def fileno(self) -> int:
        """Return the descriptor that becomes readable when the user may have come back or gone."""
        return self._sources.fileno()

    def stirred(self) -> bool:
        """Tell whether something came that `fileno` does not tell of: together with an answer to another question."""
        return self._x.stirred() or any(bus.stirred() for bus in self._buses)

    def look(self, playing: bool = False) -> str | None:
        """Return why nothing is to be recorded now, None when the user is there.  Raises NoScreen.

        `playing`: something worth keeping happens on the screen by itself, a film, a log, a message.  That is no
        absence, whether or not somebody watches.
        """
        sight = self._x.look()
        self.idle_s = sight.idle_s
        self.unattended = self._idle_after_s > 0 and (sight.idle_s or 0) >= self._idle_after_s
        reason = self._session.reason() or (LOCKED if sight.locked else None)
        if reason is not None or self._idle_after_s <= 0:
            return reason
        if playing:
            self._attended_s = self._clock.monotonic_s()
        return IDLE if self._is_idle(sight) else None

    def close(self) -> None:
        """Let go of the display and the buses."""
        self._sources.close()
        self._x.close()
        for bus in self._buses:
            bus.close()

    def _is_idle(self, sight: XSight) -> bool:
        """Tell whether nobody is there, and be woken by the first input when so."""
        if not (sight.blanked or (self._was_left(sight) and not self._watches())):
            self._x.sleep_through_input()
            return False
        self._x.wake_at_input()
        sight = self._x.look()  # an input before the alarm stood would go unheard until the keep-alive
        return sight.blanked or self._was_left(sight)

    def _was_left(self, sight: XSight) -> bool:
        """Tell whether there was neither input nor a film for long."""
        unattended_s = self._clock.monotonic_s() - self._attended_s
        return sight.idle_s is not None and min(sight.idle_s, unattended_s) >= self._idle_after_s

    def _watches(self) -> bool:
        """Tell whether a program says that the user watches; the answer may be some seconds old."""
        now_s = self._clock.monotonic_s()
        if now_s - self._asked_s >= INHIBITED_EVERY_S:
            self._asked_s, self._watching = now_s, self._inhibitors.idle_inhibited()
        if self._watching:
            self._attended_s = now_s
        return self._watching
