"""A desktop of a test's own painting: pictures and windows as values, behind the recorder's two sources."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from recorder.desktop import Desktop, Grab, Monitor, ScreenWindow
from timeline.errors import NoScreen
from timeline.model import Box, Window

SIZE = (320, 200)  # width, height of one painted monitor
WHOLE = Box(0, 0, *SIZE)


def grey(shade: int, width: int = SIZE[0], height: int = SIZE[1]) -> Grab:
    """A grab of one shade."""
    return np.full((height, width, 4), shade, np.uint8)


def window(
    number: int,
    app: str,
    title: str,
    box: Box | None = WHOLE,
    *,
    active: bool = False,
    opaque: bool = True,
    furniture: bool = False,
) -> ScreenWindow:
    """A window as the X server would tell of it."""
    return ScreenWindow(number, Window(app, title), box, active=active, opaque=opaque, furniture=furniture)


@dataclass(slots=True)
class PaintedScreen:
    """Monitors side by side, each showing the picture that a test put there."""

    pictures: list[Grab]
    gone: bool = False
    grabs: int = 0

    def monitors(self) -> tuple[Monitor, ...]:
        if self.gone:
            raise NoScreen("The painted screen is gone.")
        return tuple(
            Monitor(index, index * SIZE[0], 0, picture.shape[1], picture.shape[0])
            for index, picture in enumerate(self.pictures)
        )

    def grab(self, monitor: Monitor, part: Box | None = None) -> Grab | None:
        self.grabs += 1
        box = part or Box(0, 0, monitor.width, monitor.height)
        return self.pictures[monitor.index][box.y0 : box.y1, box.x0 : box.x1].copy()


@dataclass(slots=True)
class ListedWindows:
    """The windows that a test listed; `upcoming` are the answers to the next looks, before `desktop` is."""

    desktop: Desktop = ()
    upcoming: list[Desktop] = field(default_factory=list)

    def look(self) -> Desktop:
        return self.upcoming.pop(0) if self.upcoming else self.desktop


@dataclass(slots=True)
class ToldDamage:
    """A display that tells what was drawn: the boxes that a test put there."""

    boxes: list[Box] = field(default_factory=list)
    polled: bool = False

    def take(self) -> tuple[Box, ...]:
        taken, self.boxes = tuple(self.boxes), []
        return taken
