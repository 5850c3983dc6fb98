"""Whose picture a monitor shows, and what else lies on it, as far as the gate lets it be named.

Owns the choice of the window of a frame and the names that are stored with it.  Never looks at pixels.  Called by the
recorder; an excluded window is neither named nor asked about its document.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Protocol

from recorder.desktop import Desktop, Monitor, ScreenWindow, active_window, monitor_of
from recorder.privacy import Gate
from recorder.stream import Sight
from timeline.model import PlacedWindow, Window

MOST_TITLE = 1000  # characters that are stored; the gate sees all of them


class Documents(Protocol):
    """What tells which document or page a window shows."""

    def document(self, window: ScreenWindow) -> str | None:
        """Return its URL; None while or when it is not known."""


class Sights:
    """Names windows.  Without `documents` none has a URL."""

    def __init__(self, gate: Gate, documents: Documents | None) -> None:
        self._gate, self._documents = gate, documents

    def of(self, monitors: Sequence[Monitor], desktop: Desktop) -> dict[int, Sight]:
        """Return the window of each monitor: the one with the focus, elsewhere the topmost that may be named."""
        active = active_window(desktop)
        focus = None if active is None else monitor_of(active.box, monitors)
        named = self._nameable(desktop)
        sights = {monitor.index: _topmost(monitor, monitors, named) for monitor in monitors}
        if active is not None and monitors:
            sights[monitors[0].index if focus is None else focus] = Sight(active.window, active.id, active=True)
            if self._documents is not None:
                self._documents.document(active)  # asked for early: the answer is there when a frame is kept
        return sights

    def named(self, seen: ScreenWindow) -> Window:
        """Return a window with its document, where that is known."""
        url = None if self._documents is None else self._documents.document(seen)
        title = seen.window.title
        return replace(seen.window, title=None if title is None else title[:MOST_TITLE], url=url)

    def placed(self, monitor: Monitor, desktop: Desktop) -> tuple[PlacedWindow, ...]:
        """Return what lies on a monitor, the lowest first; an excluded window is not even named."""
        return tuple(
            PlacedWindow(self.named(seen), monitor.own(seen.box), seen.pid, seen.workspace)
            for seen in self._nameable(desktop)
            if seen.box is not None and seen.box.intersects(monitor.box)
        )

    def _nameable(self, desktop: Desktop) -> Desktop:
        """Return the windows that have a name and are not excluded, the lowest first."""
        hidden = self._gate.hidden(desktop)
        return tuple(seen for seen in desktop if seen.window != Window() and seen.id not in hidden)


def _topmost(monitor: Monitor, monitors: Sequence[Monitor], named: Desktop) -> Sight:
    for seen in reversed(named):
        if not seen.furniture and monitor_of(seen.box, monitors) == monitor.index:
            return Sight(seen.window, seen.id, active=False)
    return Sight(Window(), None, active=False)
