"""What the recorder says while the timeline has no room for it: since when nothing is recorded, and why.

Owns the file `recorder.absence`, made with its whole size when a recording begins, so that it can be written over in
place on a disk that is full.  It never holds more than one reason and one instant.  The recorder writes it
(recorder.absences), `dayreel status` reads it.
"""

from __future__ import annotations

import os

from timeline.errors import DiskFull
from timeline.home import FILE_MODE, Home, write_private
from timeline.model import Gap

SIZE_BYTES = 128  # an instant of 16 digits and a reason
NAME = "recorder.absence"


class Standing:
    """The absence of a home that could not be written to its timeline."""

    def __init__(self, home: Home) -> None:
        self._path = home.root / NAME

    def make(self) -> None:
        """Make the file, or clear what a killed recorder left in it; without room there is none then."""
        try:
            if not self._path.exists() or self._path.stat().st_size != SIZE_BYTES:
                write_private(self._path, _blank(""))
            self.clear()
        except DiskFull:
            self._path.unlink(missing_ok=True)

    def tell(self, start_us: int, reason: str) -> None:
        """Say that nothing is recorded since an instant, and why."""
        self._write(_blank(f"{start_us} {reason}"))

    def clear(self) -> None:
        """Say that nothing stands here."""
        self._write(_blank(""))

    def gap(self, now_us: int) -> Gap | None:
        """Return the absence that lasts, as a gap up to now; None when there is none."""
        try:
            start, _, reason = self._path.read_text(encoding="ascii", errors="replace").strip().partition(" ")
        except FileNotFoundError:
            return None
        return Gap(int(start), max(int(start), now_us), reason) if start.isdigit() and reason else None

    def _write(self, content: bytes) -> None:
        """Write over the file where it lies: that takes no room, but on file systems that never write in place."""
        try:
            descriptor = os.open(self._path, os.O_WRONLY | os.O_CLOEXEC, FILE_MODE)
        except FileNotFoundError:
            return
        try:
            os.pwrite(descriptor, content, 0)
        except OSError:
            pass  # the log tells of a full disk as well
        finally:
            os.close(descriptor)


def _blank(content: str) -> bytes:
    return content.encode("ascii").ljust(SIZE_BYTES - 1)[: SIZE_BYTES - 1] + b"\n"
