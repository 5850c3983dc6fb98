"""Whether much is drawn before nobody, on a display that does not tell what is drawn on it.

Owns the pictures of the last glance, as the gate let them pass and for as long as the user is away; none is ever kept
as a frame.  Called by the recorder, at each keep-alive of an idle time.
"""

from __future__ import annotations

from recorder.changes import TILE_PX, changed_tiles
from recorder.desktop import Grab, Monitor, ScreenSource, WindowSource
from recorder.privacy import Gate, paint
from timeline.model import Box


class Glances:
    """One look now and then at all monitors, each compared with the one before."""

    def __init__(self, screen: ScreenSource, windows: WindowSource, gate: Gate) -> None:
        self._screen, self._windows, self._gate = screen, windows, gate
        self._before: dict[Monitor, Grab] = {}
        self._masks: tuple[Box, ...] = ()

    def drawn_px(self) -> int:
        """Return how many pixels lie in tiles that differ from the glance before; 0 for the first, and for secrets."""
        seen = self._look()
        tiles = 0
        for monitor, grab in seen.items():
            before = self._before.get(monitor)
            changed = None if before is None else changed_tiles(before, grab)
            tiles += 0 if changed is None else int(changed.sum())
        self._before = seen
        return tiles * TILE_PX**2

    def forget(self) -> None:
        """Let go of the pictures: somebody is there again."""
        self._before = {}

    def _look(self) -> dict[Monitor, Grab]:
        """Return what the monitors show, painted; nothing where it is secret or would not stand still."""
        desktop = self._windows.look()
        plan = self._gate.decide(desktop, desktop)
        if plan.verdict != "keep":
            return {}
        grabs = {monitor: self._screen.grab(monitor) for monitor in self._screen.monitors()}
        if self._gate.decide(desktop, self._windows.look()) != plan:
            return {}
        if plan.masks != self._masks:  # what is covered or uncovered is no news
            self.forget()
            self._masks = plan.masks
        for monitor, grab in grabs.items():
            if grab is not None:
                paint(grab, [monitor.own(mask) for mask in plan.masks if mask.intersects(monitor.box)])
        return {monitor: grab for monitor, grab in grabs.items() if grab is not None}
