"""The one source of time, injected everywhere, and the conversions between instants and local time.

Instants are UTC microseconds.  Local time exists only at the edges: the terminal, JSON, questions.
"""

from __future__ import annotations

import sys
import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from typing import Protocol

SECOND_US = 1_000_000
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class Clock(Protocol):
    """What the rooms ask for the time."""

    def now_us(self) -> int:
        """Return the present instant in UTC microseconds."""

    def monotonic_s(self) -> float:
        """Return seconds of a clock that never jumps, for measuring intervals; it stands while the machine sleeps."""

    def boot_s(self) -> float:
        """Return seconds of a clock that never jumps and goes on while the machine sleeps."""


class SystemClock:
    """The machine's clock."""

    def now_us(self) -> int:
        return time.time_ns() // 1000

    def monotonic_s(self) -> float:
        return time.monotonic()

    if sys.platform == "linux":

        def boot_s(self) -> float:
            return time.clock_gettime(time.CLOCK_BOOTTIME)

    else:  # sleep cannot be told from a busy machine there; nothing but the recorder asks

        def boot_s(self) -> float:
            return time.monotonic()


@dataclass(slots=True)
class FixedClock:
    """A clock that stands still until it is moved: `--now` and tests."""

    at_us: int
    slept_us: int = 0
    set_by_us: int = 0

    def now_us(self) -> int:
        return self.at_us

    def monotonic_s(self) -> float:
        return (self.at_us - self.set_by_us - self.slept_us) / SECOND_US

    def boot_s(self) -> float:
        return (self.at_us - self.set_by_us) / SECOND_US

    def advance(self, seconds: float) -> None:
        """Move the clock forward."""
        self.at_us += round(seconds * SECOND_US)

    def sleep(self, seconds: float) -> None:
        """Let the machine be suspended for so long."""
        self.slept_us += round(seconds * SECOND_US)
        self.advance(seconds)

    def set_by(self, seconds: float) -> None:
        """Set the wall clock forward, or back by negative seconds; the other clocks do not see it."""
        self.set_by_us += round(seconds * SECOND_US)
        self.advance(seconds)


def to_us(moment: datetime) -> int:
    """Return the instant of a datetime; one without a zone is taken as local time."""
    aware = moment if moment.tzinfo is not None else moment.astimezone()
    return (aware - _EPOCH) // timedelta(microseconds=1)


def to_local(at_us: int, zone: tzinfo | None = None) -> datetime:
    """Return the local datetime of an instant, in the system's zone unless another is given."""
    return (_EPOCH + timedelta(microseconds=at_us)).astimezone(zone)


def at_offset(at_us: int, offset_s: int) -> datetime:
    """Return the datetime of an instant as the wall clock showed it at capture."""
    return (_EPOCH + timedelta(microseconds=at_us)).astimezone(timezone(timedelta(seconds=offset_s)))


def offset_s(at_us: int, zone: tzinfo | None = None) -> int:
    """Return the local offset from UTC at an instant, in seconds."""
    offset = to_local(at_us, zone).utcoffset()
    return 0 if offset is None else round(offset.total_seconds())


def iso(at_us: int, offset: int) -> str:
    """Return ISO 8601 with milliseconds and the local offset, as every JSON output shows it."""
    return at_offset(at_us, offset).isoformat(timespec="milliseconds")
