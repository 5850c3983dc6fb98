"""How much room recording may take: the spool's bound and the home's budget.

Owns the answers to "may this be kept"; removes nothing (timeline.thinning does).  Each question costs next to nothing,
since the recorder asks for each frame: what is on the disk is measured now and then.
"""

from __future__ import annotations

from timeline.clock import Clock
from timeline.home import Home
from timeline.usage import Usage, folder_bytes

SPOOL_MEASURED_S = 5.0  # how soon the recorder sees that the worker has read; listing 2,000 entries takes 5 ms
HOME_MEASURED_S = 60.0  # a recorder adds some 200 kB in that time
FIRST_ENTRY_BYTES = 300_000  # a page of 1080p, compressed


class SpoolBound:
    """Tells whether another picture may be spooled."""

    def __init__(self, home: Home, limit_bytes: int | None, clock: Clock) -> None:
        """`limit_bytes`: None is no limit."""
        self._folder, self._limit_bytes, self._clock = home.spool, limit_bytes, clock
        self._bytes, self._entry_bytes = 0, FIRST_ENTRY_BYTES
        self._measured_s: float | None = None

    def admits(self) -> bool:
        """Return False while the spool is full: the frame is then read from the video, later.

        Each True counts as a picture of the usual size until the spool is measured again.
        """
        if self._limit_bytes is None:
            return True
        now_s = self._clock.monotonic_s()
        if self._measured_s is None or now_s - self._measured_s >= SPOOL_MEASURED_S:
            self._measure(now_s)
        if self._bytes >= self._limit_bytes:
            return False
        self._bytes += self._entry_bytes
        return True

    def _measure(self, now_s: float) -> None:
        entries, self._bytes = folder_bytes(self._folder)
        self._measured_s = now_s
        if entries:
            self._entry_bytes = self._bytes // entries


class Budget:
    """Tells whether pixels may be kept, or the text alone."""

    def __init__(self, home: Home, limit_bytes: int | None, clock: Clock) -> None:
        """`limit_bytes`: None is no limit."""
        self._usage, self._limit_bytes, self._clock = Usage(home), limit_bytes, clock
        self._allowed = True
        self._measured_s: float | None = None

    def pixels_allowed(self) -> bool:
        """Return False while the home takes its whole budget: all that is old enough has been let go by then."""
        if self._limit_bytes is None:
            return True
        now_s = self._clock.monotonic_s()
        if self._measured_s is None or now_s - self._measured_s >= HOME_MEASURED_S:
            self._allowed, self._measured_s = self._usage.measure().total < self._limit_bytes, now_s
        return self._allowed


class StorageLimits:
    """What the settings let a recorder keep: both answers in one object."""

    def __init__(self, home: Home, budget_bytes: int | None, spool_bytes: int | None, clock: Clock) -> None:
        self._budget, self._spool = Budget(home, budget_bytes, clock), SpoolBound(home, spool_bytes, clock)

    def spool_admits(self) -> bool:
        """Tell whether raw pixels may be put away for the reader; else it takes them from the segment."""
        return self._spool.admits()

    def pixels_allowed(self) -> bool:
        """Tell whether video may grow; else a frame is kept for its text only."""
        return self._budget.pixels_allowed()
