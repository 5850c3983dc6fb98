"""Sleeping until there is something to look at: news from the display, a time that has come, or the end.

Owns the one place where the recorder sleeps.  Nothing else in its process may wake it.
"""

from __future__ import annotations

import os
import select
import threading
from collections.abc import Sequence

from recorder.desktop import Stirring
from timeline.closing import Closing


class Waiting(Closing):
    """Waits for sources, and for `stop`."""

    def __init__(self, stop: threading.Event) -> None:
        self._read_end, self._write_end = os.pipe2(os.O_CLOEXEC | os.O_NONBLOCK)
        self._stop = stop
        self._thread = threading.Thread(target=self._wait_for_stop, daemon=True)
        self._thread.start()

    def until(self, timeout_s: float, sources: Sequence[Stirring]) -> None:
        """Return when a source has stirred, after so many seconds, or when `stop` is set.  Raises NoScreen."""
        if timeout_s <= 0 or self._stop.is_set():
            return
        # What came together with an answer lies in the library's queue already: select() would not tell of it.
        if any(source.stirred() for source in sources):
            return
        select.select([self._read_end, *(source.fileno() for source in sources)], [], [], timeout_s)

    def pause(self, seconds: float) -> None:
        """Return after so many seconds whatever stirs, or when `stop` is set."""
        select.select([self._read_end], [], [], max(0.0, seconds))

    def close(self) -> None:
        """End the thread that waits for `stop`, which must be set; may be called twice."""
        if self._write_end >= 0:
            self._stop.set()
            self._thread.join()
            os.close(self._read_end)
            os.close(self._write_end)
            self._read_end = self._write_end = -1

    def _wait_for_stop(self) -> None:
        self._stop.wait()
        os.write(self._write_end, b"\0")


def stirred(source: object) -> bool:
    """Take in what a source was told, if it is one, and tell whether there is something to look at."""
    return isinstance(source, Stirring) and source.stirred()
