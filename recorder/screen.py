"""The screen through mss: which monitors there are and what each shows.

Owns the connection that grabs; the only file that imports mss.  Never converts or keeps pixels.  Called by the
recorder, which does not care that the connection is renewed now and then: that is how mss learns of a monitor that
came, went or changed its size, and it costs 0.5 ms.
"""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

import numpy as np

from recorder.desktop import Grab, Monitor
from recorder.x_connection import no_screen_message
from timeline.clock import Clock
from timeline.closing import Closing
from timeline.errors import NoScreen
from timeline.model import Box

if TYPE_CHECKING:
    from mss import MSS

LIST_EVERY_S = 3.0  # no event tells of every change of monitors, so they are asked for


class Screen(Closing):
    """The X display that DISPLAY names, or the one given."""

    def __init__(self, clock: Clock, display: str | None = None) -> None:
        self._clock = clock
        self._display = display
        self._connection: MSS | None = None
        self._monitors: tuple[Monitor, ...] = ()
        self._listed_s = 0.0

    def monitors(self) -> tuple[Monitor, ...]:
        """Return the monitors there are, at most some seconds old.  Raises NoScreen."""
        now_s = self._clock.monotonic_s()
        if self._connection is None or now_s - self._listed_s >= LIST_EVERY_S:
            self._renew()
            self._listed_s = now_s
        return self._monitors

    def grab(self, monitor: Monitor, part: Box | None = None) -> Grab | None:
        """Return what a monitor or a part of it shows; None when it changed since it was listed.  Raises NoScreen."""
        from mss.exception import ScreenShotError

        if self._connection is None:
            self._renew()
        box = part or Box(0, 0, monitor.width, monitor.height)
        area = {"left": monitor.x + box.x0, "top": monitor.y + box.y0, "width": box.width, "height": box.height}
        try:
            shot = self._connection.grab(area) if self._connection is not None else None
        except (ScreenShotError, AssertionError):  # mss asserts on what a dead connection answers
            self._renew()
            return None
        if shot is None:
            return None
        return np.frombuffer(shot.raw, np.uint8).reshape(shot.height, shot.width, 4)

    def close(self) -> None:
        """Let go of the display, which may be gone already."""
        from mss.exception import ScreenShotError

        connection, self._connection = self._connection, None
        if connection is not None:
            with suppress(ScreenShotError):
                connection.close()

    def _renew(self) -> None:
        """Connect anew and list the monitors.  Raises NoScreen when the display does not answer."""
        import mss
        from mss.exception import ScreenShotError

        self.close()
        try:
            self._connection = mss.MSS(display=self._display)
            whole, *parts = self._connection.monitors
        except (ScreenShotError, AssertionError) as error:
            self.close()
            raise NoScreen(no_screen_message(self._display)) from error
        areas = parts or [whole]
        self._monitors = tuple(
            Monitor(index, area["left"], area["top"], area["width"], area["height"]) for index, area in enumerate(areas)
        )
