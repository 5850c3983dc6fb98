"""What the recorder sees of a desktop: monitors, windows, and the two sources that tell of them.

Owns values and interfaces only; reads no screen.  All positions are in pixels of the whole screen.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray

from timeline.model import Box, Window

Grab = NDArray[np.uint8]
"""A monitor as it was grabbed: BGRA uint8 (height, width, 4), C-contiguous; the fourth byte means nothing."""


@dataclass(frozen=True, slots=True)
class Monitor:
    """One monitor's place on the whole screen; `index` counts from 0."""

    index: int
    x: int
    y: int
    width: int
    height: int

    @property
    def box(self) -> Box:
        return Box(self.x, self.y, self.x + self.width, self.y + self.height)

    def own(self, box: Box) -> Box:
        """Return a box of the whole screen in this monitor's own pixels."""
        return Box(box.x0 - self.x, box.y0 - self.y, box.x1 - self.x, box.y1 - self.y)


@dataclass(frozen=True, slots=True)
class ScreenWindow:
    """One top-level window that is mapped and not minimised.

    `box` includes the frame that the window manager draws; None when it could not be learned.  `opaque`: nothing shows
    through.  `furniture`: a panel or the desktop's own background, never what a user works in.  `workspace` counts from
    0; None: on all of them, or not told.
    """

    id: int
    window: Window
    box: Box | None
    active: bool = False
    opaque: bool = False
    furniture: bool = False
    pid: int | None = None
    workspace: int | None = None
    unclear: bool = False
    """Whether its title is too long to be read whole, so that nobody knows whether it is excluded."""
    popup: bool = False
    """Whether it passes by the window manager, as menus and tooltips do."""
    owners: frozenset[int] = frozenset()
    """The connections to the display that it belongs to: the one that made it, and those of its leader, its group and
    the window it is a dialog of."""
    dialog_of: int | None = None
    """The window it says it is a dialog or menu of; 0: of all windows of its application.  None: it does not say."""


Desktop = tuple[ScreenWindow, ...]
"""All visible windows, the lowest first."""


class ScreenSource(Protocol):
    """Where pixels come from."""

    def monitors(self) -> Sequence[Monitor]:
        """Return the monitors there are now.  Raises NoScreen when there is none."""

    def grab(self, monitor: Monitor, part: Box | None = None) -> Grab | None:
        """Return what a monitor shows, or a part of it in the monitor's own pixels, as an array of the caller's own.

        None when the monitor has just changed.  Raises NoScreen when the display has gone.
        """


class WindowSource(Protocol):
    """Where windows come from."""

    def look(self) -> Desktop:
        """Return the windows that can be seen now.  Raises NoScreen when the display has gone."""


class Trigger(Protocol):
    """What tells that the screen was drawn on."""

    @property
    def polled(self) -> bool:
        """Whether nobody tells, so that the whole screen must be looked at again and again."""

    def take(self) -> tuple[Box, ...]:
        """Return where the screen was drawn on since the last asking.  Raises NoScreen when the display has gone."""


@runtime_checkable
class Stirring(Protocol):
    """Something that may be waited for."""

    def fileno(self) -> int:
        """Return a descriptor that becomes readable when there may be news."""

    def stirred(self) -> bool:
        """Take in what has come and tell whether there is something to look at.  Raises NoScreen."""


def active_window(desktop: Desktop) -> ScreenWindow | None:
    """Return the window that has the focus."""
    return next((seen for seen in desktop if seen.active), None)


def monitor_of(box: Box | None, monitors: Sequence[Monitor]) -> int | None:
    """Return the index of the monitor that holds most of a box; None when no monitor holds any of it."""
    areas = [(_shared_px(box, monitor.box), -monitor.index) for monitor in monitors] if box is not None else []
    best_px, negative_index = max(areas, default=(0, 0))
    return -negative_index if best_px else None


def _shared_px(one: Box, other: Box) -> int:
    width = min(one.x1, other.x1) - max(one.x0, other.x0)
    height = min(one.y1, other.y1) - max(one.y0, other.y0)
    return max(0, width) * max(0, height)
