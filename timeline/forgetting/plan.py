"""What is asked to be forgotten, and what that comes to.

Values only; owns no state.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Literal, TypeVar

from timeline.model import ALL_TIME, Box, Interval, Window

NO_NAME = Window()
_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class Thing:
    """One passage (as `search` names it), frame or moment."""

    kind: Literal["passage", "frame", "moment"]
    id: int


@dataclass(frozen=True, slots=True)
class Selection:
    """What to forget: a thing; a text, or the windows that `excludes` tells, in an interval; or all of an interval."""

    within: Interval = ALL_TIME
    thing: Thing | None = None
    text: str | None = None
    excludes: Callable[[Window], bool] | None = None
    gaps: bool = True
    """Whether time that goes is a gap from then on; what only became too old leaves none."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What goes."""

    within: Interval = ALL_TIME
    frames: frozenset[int] = frozenset()
    """Frames that go altogether."""
    cuts: Mapping[int, int] = field(default_factory=dict)
    """Frames that began before the interval, and the instant where they end from now on."""
    lines: Mapping[int, frozenset[int]] = field(default_factory=dict)
    """Of each other frame, the lines that go."""
    boxes: Mapping[int, frozenset[Box]] = field(default_factory=dict)
    """Of each other frame, what is hidden."""
    names: Mapping[int, Window] = field(default_factory=dict)
    """Of each window that is named so that it says too much, what is left of its name inside the interval."""

    @property
    def empty(self) -> bool:
        """Whether nothing goes."""
        return not (self.frames or self.cuts or self.lines or self.boxes or self.names)

    def joined(self, other: Plan) -> Plan:
        """Return a plan of all that goes by one or the other; what is dropped needs no box."""
        frames = self.frames | other.frames
        return Plan(
            self.within,
            frames,
            {**self.cuts, **other.cuts},
            _joined(self.lines, other.lines, frames),
            _joined(self.boxes, other.boxes, frames),
            {**self.names, **other.names},
        )


@dataclass(frozen=True, slots=True)
class Preview:
    """What a plan comes to, for the person who is asked."""

    frames: int
    """Dropped wholly."""
    covered_frames: int
    """Parts of which are hidden."""
    moments: int
    passages: int
    lines: int
    segments: int
    thumbnails: int
    video_bytes: int
    """Of the segments that are written anew or removed."""
    minutes: float
    """How long the frames stood that are dropped."""
    first_us: int | None
    last_us: int | None
    apps: tuple[str, ...]


def _joined(
    one: Mapping[int, frozenset[_T]], other: Mapping[int, frozenset[_T]], without: frozenset[int]
) -> dict[int, frozenset[_T]]:
    none: frozenset[_T] = frozenset()
    return {key: one.get(key, none) | other.get(key, none) for key in {*one, *other} - without}
