"""The screen through mss: which monitors there are and what each shows.

Owns the connection that grabs; the only file that imports mss.  Never converts or keeps pixels.  Called by the
recorder, which does not care that the connection is renewed now and then: that is how mss learns of a monitor that
came, went or changed its size, and it costs 0.5 ms.
"""

from __future__ import annotations

import os
from contextlib import suppress
from typing import TYPE_CHECKING

import numpy as np

from recorder.desktop import Grab, Monitor
from timeline.clock import Clock
from timeline.closing import Closing
from timeline.errors import NoScreen

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

    def grab(self, monitor: Monitor) -> Grab | None:
        """Return what a monitor shows; None when it changed since it was listed.  Raises NoScreen."""
        from mss.exception import ScreenShotError

        if self._connection is None:
            self._renew()
        area = {"left": monitor.x, "top": monitor.y, "width": monitor.width, "height": monitor.height}
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


def no_screen_message(display: str | None) -> str:
    """Say which display does not answer and what to do."""
    name = display or os.environ.get("DISPLAY")
    if not name:
        return "There is no screen to record: DISPLAY is not set. Start this from a terminal of the desktop."
    return f"The display {name} does not answer: it is closed, or this user may not use it (see `xhost`)."
