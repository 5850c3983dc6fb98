"""The values that cross rooms: frames, lines, moments, passages, spans.

Owns no state and reads nothing.  All instants are integers of UTC microseconds (`_us`); `offset_s` is the local
offset from UTC, in seconds, at capture.  All boxes are in the pixels of the frame they belong to.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
from numpy.typing import NDArray

Picture = NDArray[np.uint8]
"""A picture: BGR uint8 (height, width, 3), C-contiguous.  Every room passes pictures in this order."""

Source = Literal["screen", "import"]
Pixels = Literal["recorded", "re-encoded", "gone"]
"""What is left of a segment: as it was recorded, re-encoded to take less room, or nothing but its frames' text."""


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle in pixels, x1 and y1 exclusive."""

    x0: int
    y0: int
    x1: int
    y1: int

    @property
    def width(self) -> int:
        return self.x1 - self.x0

    @property
    def height(self) -> int:
        return self.y1 - self.y0

    @property
    def centre(self) -> tuple[int, int]:
        """The pixel in the middle, x and y."""
        return (self.x0 + self.x1) // 2, (self.y0 + self.y1) // 2

    def union(self, other: Box) -> Box:
        """Return the smallest box that holds both."""
        return Box(min(self.x0, other.x0), min(self.y0, other.y0), max(self.x1, other.x1), max(self.y1, other.y1))

    def shifted(self, right_px: int, down_px: int) -> Box:
        """Return the box as large as it is at another place."""
        return Box(self.x0 + right_px, self.y0 + down_px, self.x1 + right_px, self.y1 + down_px)

    def intersects(self, other: Box) -> bool:
        """Tell whether the two share at least one pixel."""
        return self.x0 < other.x1 and other.x0 < self.x1 and self.y0 < other.y1 and other.y0 < self.y1


@dataclass(frozen=True, slots=True)
class Word:
    """A run without white space; a run of Chinese is one word, punctuation stays on its word."""

    text: str
    box: Box


@dataclass(frozen=True, slots=True)
class Line:
    """One line of text as an engine read it.  `confidence` is 0 to 1."""

    text: str
    box: Box
    confidence: float
    words: tuple[Word, ...] = ()

    def shifted(self, right_px: int, down_px: int) -> Line:
        """Return the line at another place."""
        words = tuple(Word(word.text, word.box.shifted(right_px, down_px)) for word in self.words)
        return replace(self, box=self.box.shifted(right_px, down_px), words=words)


@dataclass(frozen=True, slots=True)
class Window:
    """The window that had the focus; each field is None when unknown."""

    app: str | None = None
    title: str | None = None
    url: str | None = None


@dataclass(frozen=True, slots=True)
class PlacedWindow:
    """A window as it lay on a monitor, in the monitor's pixels; it may reach over the edges."""

    window: Window
    box: Box
    pid: int | None = None
    """The process that owns it; None when it does not say."""
    workspace: int | None = None
    """The workspace it lies on, from 0; None when it is on all of them or not known."""


@dataclass(frozen=True, slots=True)
class Interval:
    """A half-open stretch of time, in UTC microseconds: start_us <= t < end_us."""

    start_us: int
    end_us: int


ALL_TIME = Interval(0, 2**62)  # 2**62 us: the year 148,000


@dataclass(frozen=True, slots=True)
class NewFrame:
    """A frame about to be committed: what was seen, where its raw pixels wait and in which segment they are."""

    monitor: int
    at_us: int
    offset_s: int
    width: int
    height: int
    window: Window
    segment_id: int
    pts_us: int
    spool_name: str | None
    source: Source = "screen"
    active: bool = True
    """Whether the window with the focus was on this monitor."""
    windows: tuple[PlacedWindow, ...] = ()
    """What was visible on the monitor, the lowest first; empty where that is not known."""


@dataclass(frozen=True, slots=True)
class Frame:
    """A committed frame and the span during which the screen looked like it."""

    id: int
    monitor: int
    start_us: int
    end_us: int
    offset_s: int
    width: int
    height: int
    window: Window
    moment_id: int
    segment_id: int
    pts_us: int
    spool_name: str | None
    source: Source
    active: bool = True


@dataclass(frozen=True, slots=True)
class Segment:
    """One video file; `name` is its path below the home's video folder, width and height those of its frames."""

    id: int
    name: str
    monitor: int
    start_us: int
    width: int
    height: int
    closed: bool
    pixels: Pixels = "recorded"


@dataclass(frozen=True, slots=True)
class Moment:
    """One window's continuous stretch on one monitor."""

    id: int
    monitor: int
    start_us: int
    end_us: int
    offset_s: int
    window: Window
    first_frame: int
    last_frame: int


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch during which a passage stood on the screen, and the newest frame of it."""

    id: int
    start_us: int
    end_us: int
    offset_s: int
    monitor: int
    frame_id: int


@dataclass(frozen=True, slots=True)
class Passage:
    """A block of lines that stood together, once a day and window; `lines` are those of its newest span's frame."""

    id: int
    text: str
    window: Window
    lines: tuple[Line, ...]
    text_hash: bytes
    changed: int
    """Grows with every change of any passage; indexes remember the highest they have seen."""


@dataclass(frozen=True, slots=True)
class Gap:
    """A stretch in which nothing was recorded, and why; one that lasts has its end so far.

    Reasons: stopped, the recorder was killed, the recorder failed, no screen, excluded, disk full, paused, forgotten,
    idle, locked, suspended, the clock was changed, the recorder was held up, the machine was shut down.
    """

    start_us: int
    end_us: int
    reason: str
