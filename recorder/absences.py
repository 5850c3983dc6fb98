"""Stretches in which nothing is recorded though the recorder runs, each with its reason.

Owns when such a stretch begins and ends, and keeps it until it could be written: with a full disk that is after the
disk has room again.  Called by the recorder.
"""

from __future__ import annotations

from timeline.model import Gap
from timeline.writer import Writer


class Absences:
    """Turns continuous stretches into gaps of the timeline: polls with one reason make one gap."""

    def __init__(self, writer: Writer) -> None:
        self._writer = writer
        self._current: tuple[int, str] | None = None
        self._unwritten: list[Gap] = []

    @property
    def reason(self) -> str | None:
        """Why nothing is recorded now; None when recording goes on."""
        return None if self._current is None else self._current[1]

    def begin(self, at_us: int, reason: str) -> None:
        """Nothing is recorded from this instant on; an absence with another reason ends here."""
        if self.reason != reason:
            self._end(at_us)
            self._current = (at_us, reason)

    def end(self, at_us: int) -> None:
        """Recording goes on; write what is known.  Raises DiskFull, and keeps it for the next time."""
        self._end(at_us)
        while self._unwritten:
            self._writer.add_gap(self._unwritten[0])
            del self._unwritten[0]

    def _end(self, at_us: int) -> None:
        if self._current is not None:
            start_us, reason = self._current
            self._current = None
            if start_us < at_us:
                self._unwritten.append(Gap(start_us, at_us, reason))
