"""A desktop of 1080p that paints itself, for bench/long_day.py: typing, pages, other windows, a second monitor.

Owns what is painted and when; `own_bytes` tells what that takes in memory, measured in a process that paints only.
"""

from __future__ import annotations

import random
import subprocess
import sys
from dataclasses import dataclass, field

import cv2
import numpy as np

from recorder.desktop import Desktop, Grab, Monitor, ScreenWindow
from timeline.model import Box, Window

MAIN, SECOND = (1920, 1080), (1920, 1080)
LINE_PX, ROWS, MARGIN_PX = 24, 42, 40
WORDS = [
    "the",
    "uploader",
    "retries",
    "three",
    "times",
    "then",
    "parks",
    "item",
    "and",
    "tells",
    "its",
    "owner",
    "again",
]
APPS = ("Editor", "Browser", "Terminal", "Mail")
_PAINTS_ONLY = """
import os, random, numpy, recorder.desktop, timeline.model
def resident(): return int(open("/proc/self/statm").read().split()[1]) * os.sysconf("SC_PAGE_SIZE")
before = resident()
from bench.painted_day import PaintedDay
day = PaintedDay(random.Random(1))
day.plug(True)
for _ in range(300): day.change()
print(resident() - before)
"""


@dataclass(slots=True)
class PaintedDay:
    """A desktop that paints itself: the recorder's screen, windows and trigger in one."""

    dice: random.Random
    pictures: list[Grab] = field(default_factory=lambda: [_blank(MAIN)])
    boxes: list[Box] = field(default_factory=list)
    title: Window = Window("Editor", "notes")
    row: int = 0
    polled: bool = False

    def monitors(self) -> tuple[Monitor, ...]:
        return tuple(
            Monitor(index, index * MAIN[0], 0, picture.shape[1], picture.shape[0])
            for index, picture in enumerate(self.pictures)
        )

    def grab(self, monitor: Monitor, part: Box | None = None) -> Grab | None:
        box = part or Box(0, 0, monitor.width, monitor.height)
        return self.pictures[monitor.index][box.y0 : box.y1, box.x0 : box.x1].copy()

    def look(self) -> Desktop:
        return (ScreenWindow(1, self.title, Box(0, 0, *MAIN), active=True, opaque=True),)

    def take(self) -> tuple[Box, ...]:
        taken, self.boxes = tuple(self.boxes), []
        return taken

    def change(self) -> None:
        """Let one of the things happen that happen on a screen."""
        kind = self.dice.random()
        if kind < 0.6:
            self._line(self._monitor(), self.row)
            self.row = (self.row + 1) % ROWS
        elif kind < 0.8:
            self._page(self._monitor())
        elif kind < 0.97:
            self.title = Window(self.dice.choice(APPS), f"document {self.dice.randrange(50)}")
            self._page(0)
        else:
            self.title = Window("KeePassXC", "vault")

    def plug(self, plugged: bool) -> None:
        """Let the second monitor come or go."""
        if plugged != (len(self.pictures) > 1):
            self.pictures = [*self.pictures, _blank(SECOND)] if plugged else self.pictures[:1]

    def _monitor(self) -> int:
        return self.dice.randrange(len(self.pictures))

    def _page(self, monitor: int) -> None:
        for row in range(ROWS):
            self._line(monitor, row)

    def _line(self, monitor: int, row: int) -> None:
        picture = self.pictures[monitor]
        top = 20 + row * LINE_PX
        picture[top : top + LINE_PX] = 250
        text = " ".join(self.dice.choices(WORDS, k=self.dice.randrange(4, 18)))
        cv2.putText(picture, text, (MARGIN_PX, top + 18), cv2.FONT_HERSHEY_SIMPLEX, 0.6, (30, 30, 30), 1, cv2.LINE_AA)
        left = monitor * MAIN[0]
        self.boxes.append(Box(left, top, left + picture.shape[1], top + LINE_PX))


def own_bytes() -> int:
    """Return what the painter takes: OpenCV and the pictures of two monitors."""
    done = subprocess.run([sys.executable, "-c", _PAINTS_ONLY], capture_output=True, text=True, check=True)
    return int(done.stdout)


def _blank(size: tuple[int, int]) -> Grab:
    return np.full((size[1], size[0], 4), 250, np.uint8)
