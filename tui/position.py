"""Where the user is: a day, a monitor, a frame, and what is marked.  Pure: every step returns another position."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Self

from timeline.model import Frame
from tui.day import Day
from tui.marks import Marks
from tui.place import Place


@dataclass(frozen=True, slots=True)
class Position:
    """A frame among those that one monitor showed on a day; `index` is None when there are none."""

    whole: Day
    """The day on all monitors."""
    monitor: int
    day: Day
    """The day on this monitor."""
    index: int | None
    marks: Marks = field(default_factory=Marks)
    at_us: int | None = None
    """The instant that was gone to inside the frame's span; None: where the frame begins."""

    @classmethod
    def on(cls, whole: Day, monitor: int | None = None, *, at_end: bool = False) -> Self:
        """Return the first or last frame of a day, on the monitor of its newest frame when the given one has none."""
        if monitor not in whole.monitors:
            monitor = whole.frames[-1].monitor if whole.frames else 0
        day = whole.of_monitor(monitor)
        index = None if not day.frames else len(day.frames) - 1 if at_end else 0
        return cls(whole, monitor, day, index)

    @property
    def frame(self) -> Frame | None:
        """Return the frame under the cursor."""
        return None if self.index is None else self.day.frames[self.index]

    @property
    def instant_us(self) -> int:
        """Return the instant under the cursor; on a day without frames where one wanted to go, else its start."""
        if self.at_us is not None:
            return self.at_us
        return self.whole.interval.start_us if self.frame is None else self.frame.start_us

    @property
    def at_end(self) -> bool:
        """Tell whether the cursor stands at the newest frame, or there is none to stand at."""
        return self.index is None or self.index == len(self.day.frames) - 1

    def at(self, place: Place) -> Self:
        """Return the frame of a place of this day, or the nearest one in time, with the marks of the place."""
        monitor = place.monitor
        if monitor is None:
            monitor = next((frame.monitor for frame in self.whole.frames if frame.id == place.frame_id), self.monitor)
        there = self.on(self.whole, monitor)
        index = there.day.index_of(place.frame_id)
        if index is not None:
            return replace(there, index=index, marks=place.marks)
        return replace(there.at_instant(place.at_us), marks=place.marks)

    def stepped(self, step: int) -> Self:
        """Return a frame some steps away, stopping at the ends of the day."""
        if self.index is None:
            return self
        return replace(self, index=min(max(self.index + step, 0), len(self.day.frames) - 1), at_us=None)

    def beside(self, step: int) -> Self:
        """Return the first frame of the moment `step` moments away; the same position past the ends."""
        index = None if self.index is None else self.day.beside(self.index, step)
        return self if index is None else replace(self, index=index, at_us=None)

    def at_moment(self, moment_id: int) -> Self:
        """Return the first frame of a moment; the same position when the cursor is in it already."""
        index = self.day.index_of_moment(moment_id)
        inside = self.frame is not None and self.frame.moment_id == moment_id
        return self if inside or index is None else replace(self, index=index, at_us=None)

    def at_instant(self, at_us: int) -> Self:
        """Return the frame that stood at an instant, or the nearest."""
        return self._at(self.day.index_at(at_us), at_us)

    def moved(self, by_us: int) -> Self:
        """Return what stood so much later or earlier on this day; where nothing stood, what came next that way."""
        if self.index is None or self.frame is None:
            return self
        wanted_us = self.instant_us + by_us
        there = self.at_instant(wanted_us)
        beyond = wanted_us >= self.frame.end_us if by_us > 0 else wanted_us < self.frame.start_us
        if beyond and there.index is not None and (there.index - self.index) * by_us <= 0:
            return self.stepped(1 if by_us > 0 else -1)
        return there

    def _at(self, index: int | None, at_us: int) -> Self:
        if index is None:
            return replace(self, index=None, at_us=at_us)
        frame = self.day.frames[index]
        return replace(self, index=index, at_us=min(max(at_us, frame.start_us), max(frame.end_us - 1, frame.start_us)))

    def on_next_monitor(self) -> Self:
        """Return the same instant on the next monitor that has frames on this day."""
        monitors = self.whole.monitors
        if self.frame is None or len(monitors) < 2:
            return self
        following = monitors[(monitors.index(self.monitor) + 1) % len(monitors)]
        return replace(self.on(self.whole, following).at_instant(self.frame.start_us), marks=self.marks)

    def others(self) -> tuple[Frame, ...]:
        """Return what the other monitors showed at this instant."""
        at_us, found = self.instant_us, []
        for monitor in self.whole.monitors:
            there = None if monitor == self.monitor else self.on(self.whole, monitor).at_instant(at_us).frame
            if there is not None and there.start_us <= at_us < there.end_us:
                found.append(there)
        return tuple(found)

    def renewed(self, whole: Day) -> Self:
        """Return the position on a newer state of the day; a cursor at the end stays at the end."""
        there = replace(self.on(whole, self.monitor, at_end=True), marks=self.marks)
        if self.frame is None or self.at_end:
            return there
        return replace(there, index=there.day.index_of(self.frame.id), at_us=self.at_us)

    def marked(self, marks: Marks) -> Self:
        """Return the same position with other marks."""
        return replace(self, marks=marks)
