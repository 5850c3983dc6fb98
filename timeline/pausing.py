"""The pause of a home: until when nothing may be recorded, in force from the instant at which its file is written.

Owns the file `pause`, which outlives recorder and machine; knows nothing of recording.  `dayreel pause` and `resume`
write it; the recorder reads it before each look at the screen and again before it keeps what it grabbed.

The file is one line: `paused until UTC_US since UTC_US boot SECONDS ID mark HEX`, `paused - since UTC_US mark HEX`
(until it is ended by hand) or `resumed mark HEX`.  The mark is another one each time: who reads the same line twice
knows that there was no pause in between.  A line that cannot be understood is a pause without end.
"""

from __future__ import annotations

import os
import secrets
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from timeline.clock import SECOND_US, Clock, SystemClock
from timeline.errors import DiskFull
from timeline.home import Home, write_private

PAUSED = "paused"  # the reason of a gap
NAME = "pause"
NO_BOOT = "-"  # where the start of the machine is not known
MOST_BYTES = 200  # a line of ours is shorter
_BOOT_ID = Path("/proc/sys/kernel/random/boot_id")
_MARK_BYTES = 8
_WORDS_OF_TIMED, _WORDS_OF_OPEN = 10, 6


@dataclass(frozen=True, slots=True)
class Pause:
    """A pause that is in force."""

    since_us: int | None
    """When it was asked for; None when that cannot be read."""
    left_s: float | None
    """Seconds until it ends by itself; None: until `dayreel resume`."""

    def until_us(self, now_us: int) -> int | None:
        """Return the instant at which it ends by itself, None when it does not."""
        return None if self.left_s is None else now_us + round(self.left_s * SECOND_US)


class Pausing:
    """The pause of one home, asked and changed.

    A pause of so many minutes is measured by the clock that nobody sets, so that setting the wall clock neither ends
    nor stretches it; after the machine was started anew the wall clock is all there is.
    """

    def __init__(self, home: Home, clock: Clock, boot_id: str | None = None) -> None:
        """`boot_id`: which start of the machine `clock` counts from; "" where that says nothing, as with `--now`."""
        self._path, self._clock = home.root / NAME, clock
        self._boot_id = _boot_id_of(clock) if boot_id is None else boot_id

    def pause(self, seconds: float | None = None) -> Pause:
        """Pause from now on, for so long or until it is ended; in force on return.  Raises DiskFull: it is not then."""
        now_us = self._clock.now_us()
        if seconds is None:
            self._write(f"{PAUSED} - since {now_us}")
        else:
            until_us, until_boot_s = now_us + round(seconds * SECOND_US), self._clock.boot_s() + seconds
            self._write(f"{PAUSED} until {until_us} since {now_us} boot {until_boot_s:.3f} {self._boot_id or NO_BOOT}")
        return Pause(now_us, seconds)

    def resume(self) -> bool:
        """End a pause; tell whether there was one."""
        line = self.line()
        if line is not None:
            self._write("resumed")
        return self.meaning(line) is not None

    def current(self) -> Pause | None:
        """Return the pause that is in force now."""
        return self.meaning(self.line())

    def line(self) -> bytes | None:
        """Return what is written, to be compared and understood; None when nothing is.  Costs some microseconds."""
        try:
            descriptor = os.open(self._path, os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK)
        except FileNotFoundError:
            return None
        except OSError:  # it is there, and nobody knows what it says
            return b""
        try:
            return os.read(descriptor, MOST_BYTES)
        except OSError:
            return b""
        finally:
            os.close(descriptor)

    def meaning(self, line: bytes | None) -> Pause | None:
        """Return the pause that a line stands for now, None when it is over."""
        words = [] if line is None else line.decode("ascii", "replace").split()
        if line is None or (words[:1] == ["resumed"] and len(words) == 3):
            return None
        with suppress(ValueError):
            if words[:2] == [PAUSED, "until"] and len(words) == _WORDS_OF_TIMED:
                return self._timed(int(words[2]), int(words[4]), float(words[6]), words[7])
            if words[:2] == [PAUSED, "-"] and len(words) == _WORDS_OF_OPEN:
                return Pause(int(words[3]), None)
        return Pause(None, None)

    def _timed(self, until_us: int, since_us: int, until_boot_s: float, boot_id: str) -> Pause | None:
        if boot_id == self._boot_id:
            left_s = until_boot_s - self._clock.boot_s()
        else:
            left_s = (until_us - self._clock.now_us()) / SECOND_US
        return Pause(since_us, left_s) if left_s > 0 else None

    def _write(self, what: str) -> None:
        try:
            write_private(self._path, f"{what} mark {secrets.token_hex(_MARK_BYTES)}\n".encode())
        except DiskFull as error:
            raise DiskFull(f"{error} Nothing was paused or resumed; `dayreel stop` ends the recording.") from error


def _boot_id_of(clock: Clock) -> str:
    """Return the name of the machine's present start; "" for a clock that is not the machine's."""
    if not isinstance(clock, SystemClock):
        return ""
    try:
        return _BOOT_ID.read_text().strip()
    except OSError:
        return ""
