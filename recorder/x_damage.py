"""What tells that the screen was drawn on: XDamage on the root window, which covers all windows on it.

Owns one connection and the region that collects what was drawn.  Costs nothing while the screen stands still: the first
drawing after an asking sends one event, further ones only add to the region.  Called by the recorder's loop.
"""

from __future__ import annotations

from recorder.x_connection import XConnection
from timeline.closing import Closing
from timeline.model import Box

_NON_EMPTY = 3  # report level: one event when the region stops being empty


class NoDamage(Exception):
    """The display does not tell of drawing; it must be polled."""


class XDamage(Closing):
    """The drawing on the display that DISPLAY names, or the one given.  Raises NoScreen, NoDamage."""

    polled = False

    def __init__(self, display: str | None = None) -> None:
        import xcffib.damage
        import xcffib.xfixes

        self._connection = XConnection(display)
        fixes = self._connection.extension(xcffib.xfixes, 5, 0)
        damage = self._connection.extension(xcffib.damage, 1, 1)
        if fixes is None or damage is None:
            self._connection.close()
            raise NoDamage
        self._fixes, self._damage = fixes, damage
        self._something = True  # whatever was drawn before this began
        with self._connection.answering():
            x = self._connection.x
            self._region, self._collector = x.generate_id(), x.generate_id()
            fixes.CreateRegion(self._region, 0, [])
            damage.Create(self._collector, self._connection.root, _NON_EMPTY)
            self._connection.round_trip()

    def take(self) -> tuple[Box, ...]:
        """Return where the screen was drawn on since the last asking.  Raises NoScreen."""
        if not self.stirred():
            return ()
        self._something = False
        with self._connection.answering():
            self._damage.Subtract(self._collector, 0, self._region)
            told = self._fixes.FetchRegion(self._region).reply()
        return tuple(Box(one.x, one.y, one.x + one.width, one.y + one.height) for one in told.rectangles)

    def fileno(self) -> int:
        return self._connection.fileno()

    def stirred(self) -> bool:
        """Tell whether something was drawn since the last asking.  Raises NoScreen."""
        for _ in self._connection.events():
            self._something = True
        return self._something

    def close(self) -> None:
        """Let go of the display, which may be gone already."""
        self._connection.close()
