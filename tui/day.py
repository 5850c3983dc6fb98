"""One day of the timeline as values, and the steps through it.

Pure but for the `load_` functions, which ask the reader and run on its lane.  Knows no widget.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta, tzinfo
from operator import attrgetter
from typing import TypeVar

from timeline.clock import to_local, to_us
from timeline.errors import NothingFound
from timeline.model import Frame, Gap, Interval, Moment
from tui.services import TimelineReader

_start = attrgetter("start_us")
Stretch = TypeVar("Stretch", Frame, Moment)


@dataclass(frozen=True, slots=True)
class Day:
    """What was recorded on one local day; frames and moments are in time order."""

    date: date
    interval: Interval
    frames: tuple[Frame, ...] = ()
    moments: tuple[Moment, ...] = ()
    gaps: tuple[Gap, ...] = ()

    @property
    def monitors(self) -> tuple[int, ...]:
        """Return the monitors that have frames on this day."""
        return tuple(sorted({frame.monitor for frame in self.frames}))

    def of_monitor(self, monitor: int) -> Day:
        """Return the day as one monitor saw it."""
        return replace(
            self,
            frames=tuple(frame for frame in self.frames if frame.monitor == monitor),
            moments=tuple(moment for moment in self.moments if moment.monitor == monitor),
        )

    def entries(self) -> list[Moment | Gap]:
        """Return moments and gaps together in time order."""
        return sorted((*self.moments, *self.gaps), key=_start)

    def index_of(self, frame_id: int) -> int | None:
        """Return the position of a frame, or None when it is not of this day."""
        return next((index for index, frame in enumerate(self.frames) if frame.id == frame_id), None)

    def index_at(self, at_us: int) -> int | None:
        """Return the position of the frame that stood at an instant, else the nearest; None on an empty day."""
        if not self.frames:
            return None
        before = bisect_right(self.frames, at_us, key=_start) - 1
        if before < 0:
            return 0
        after = min(before + 1, len(self.frames) - 1)
        until_next_us = self.frames[after].start_us - at_us
        return before if after == before or at_us - self.frames[before].end_us <= until_next_us else after

    def index_of_moment(self, moment_id: int) -> int | None:
        """Return the position of the first frame of a moment on this day."""
        return next((index for index, frame in enumerate(self.frames) if frame.moment_id == moment_id), None)

    def beside(self, index: int, step: int) -> int | None:
        """Return the first frame of the moment `step` moments from the one at `index`, None past either end."""
        order = [moment.id for moment in self.moments]
        moment_id = self.frames[index].moment_id
        if moment_id not in order:
            return None
        wanted = order.index(moment_id) + step
        return self.index_of_moment(order[wanted]) if 0 <= wanted < len(order) else None


def day_interval(day: date, zone: tzinfo | None) -> Interval:
    """Return the interval of a local day; it has 23 or 25 hours when the clocks change."""
    return Interval(_midnight_us(day, zone), _midnight_us(day + timedelta(days=1), zone))


def local_date(at_us: int, zone: tzinfo | None) -> date:
    """Return the local date of an instant."""
    return to_local(at_us, zone).date()


def load_day(reader: TimelineReader, day: date, zone: tzinfo | None) -> Day:
    """Return a day as the store holds it now."""
    interval = day_interval(day, zone)
    return Day(
        date=day,
        interval=interval,
        frames=tuple(reader.frames(interval)),
        moments=tuple(reader.moments(interval)),
        gaps=tuple(reader.gaps(interval)),
    )


def load_newest(reader: TimelineReader, today: date, zone: tzinfo | None) -> Day:
    """Return today, or the newest day that has frames.  Raises NothingFound while there is none."""
    day = load_day(reader, today, zone)
    if day.frames:
        return day
    newest = reader.newest_frame()
    if newest is None:
        raise NothingFound("Nothing is recorded yet.")
    return load_day(reader, local_date(newest.start_us, zone), zone)


def load_tail(reader: TimelineReader, day: Day) -> Day:
    """Return the day with what has come since; only the stretch from its last frames on is read again."""
    since_us = min(
        (max(frame.start_us for frame in day.frames if frame.monitor == monitor) for monitor in day.monitors),
        default=day.interval.start_us,
    )
    tail = Interval(since_us, day.interval.end_us)
    frames, moments = reader.frames(tail), reader.moments(tail)
    renewed = {frame.id for frame in frames}
    renewed_moments = {moment.id for moment in moments}
    return replace(
        day,
        frames=_in_order((*(frame for frame in day.frames if frame.id not in renewed), *frames)),
        moments=_in_order((*(moment for moment in day.moments if moment.id not in renewed_moments), *moments)),
        gaps=tuple(reader.gaps(day.interval)),
    )


def _in_order(stretches: tuple[Stretch, ...]) -> tuple[Stretch, ...]:
    return tuple(sorted(stretches, key=_start))


def _midnight_us(day: date, zone: tzinfo | None) -> int:
    return to_us(datetime.combine(day, time(), tzinfo=zone))  # without a zone: the system's, as to_us takes it
