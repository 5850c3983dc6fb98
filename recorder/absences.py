"""Stretches in which nothing is recorded though the recorder runs, each with its reason.

Owns when such a stretch begins and ends, and keeps it until it could be written: with a full disk that is after the
disk has room again, and until then timeline.standing tells of it.  A stretch that lasts is in the timeline from the
second look on and lengthened once a minute, so that a recorder that is killed in it leaves the reason.  Called by the
recorder.
"""

from __future__ import annotations

from dataclasses import dataclass

from timeline.clock import SECOND_US
from timeline.errors import DiskFull
from timeline.model import Gap
from timeline.standing import Standing
from timeline.writer import Writer

LENGTHEN_EVERY_US = 60 * SECOND_US  # what a crash may cost of a reason, against a transaction each time


@dataclass(slots=True)
class _Absence:
    """A stretch that is not known to be whole in the timeline: from `start_us` to `end_us` so far."""

    start_us: int
    end_us: int
    reason: str
    gap_id: int | None = None
    """Its row, None before it has one."""
    written_us: int = 0
    """The end that the row has."""

    @property
    def due(self) -> bool:
        """Whether it is time to write it."""
        return self.start_us < self.end_us and self.end_us - self.written_us >= LENGTHEN_EVERY_US


class Absences:
    """Turns continuous stretches into gaps of the timeline: looks with one reason make one gap."""

    def __init__(self, writer: Writer, standing: Standing | None = None) -> None:
        self._writer, self._standing = writer, standing
        self._stands = False
        self._current: _Absence | None = None
        self._unwritten: list[_Absence] = []

    @property
    def reason(self) -> str | None:
        """Why nothing is recorded now; None when recording goes on."""
        return None if self._current is None else self._current.reason

    def begin(self, at_us: int, reason: str) -> None:
        """Nothing is recorded from this instant on, or still is not; an absence with another reason ends here.

        Never fails: what finds no room is written later.
        """
        current = self._current
        if current is None or current.reason != reason or at_us < current.end_us:  # the clock may have been set back
            self._end(at_us)
            self._current = _Absence(at_us, at_us, reason)
        else:
            current.end_us = at_us
        self._write_while_there_is_room()

    def end(self, at_us: int) -> None:
        """Recording goes on; write what is known.  Raises DiskFull, and keeps it for the next time."""
        self._end(at_us)
        self._write_ended()
        self._fall()

    def insert(self, start_us: int, end_us: int, reason: str) -> None:
        """Note a stretch that is over, as a sleep of the machine is when it is seen; the absence around it goes on.

        Without a stretch, as when the clock was set back, the absence around it is only parted in two.
        """
        around = self.reason
        if around == reason and start_us < end_us:  # a sleep that was announced before it was seen
            self.begin(end_us, reason)
            return
        self._end(start_us)
        if start_us < end_us:
            self._unwritten.append(_Absence(start_us, end_us, reason))
        if around is not None:
            self._current = _Absence(end_us, end_us, around)
        self._write_while_there_is_room()

    def _end(self, at_us: int) -> None:
        current, self._current = self._current, None
        if current is not None:
            current.end_us = max(current.end_us, at_us if at_us >= current.start_us else 0)
            if current.start_us < current.end_us:
                self._unwritten.append(current)

    def _write_while_there_is_room(self) -> None:
        try:
            self._write_ended()
            if self._current is not None and self._current.due:
                self._write(self._current)
            self._fall()
        except DiskFull:
            self._stand()  # it is kept, and written when recording goes on

    def _stand(self) -> None:
        """Tell of the stretch that lasts where it needs no room."""
        if self._standing is not None and self._current is not None:
            self._standing.tell(self._current.start_us, self._current.reason)
            self._stands = True

    def _fall(self) -> None:
        if self._standing is not None and self._stands:
            self._standing.clear()
            self._stands = False

    def _write_ended(self) -> None:
        while self._unwritten:
            self._write(self._unwritten[0])
            del self._unwritten[0]

    def _write(self, absence: _Absence) -> None:
        if absence.gap_id is None:
            absence.gap_id = self._writer.add_gap(Gap(absence.start_us, absence.end_us, absence.reason))
        elif absence.end_us > absence.written_us:
            self._writer.extend_gap(absence.gap_id, absence.end_us)
        absence.written_us = absence.end_us
