"""The user's pause as the recorder sees it: asked before each look, and again before anything that was grabbed is kept.

Owns the waiting for its file, so that a pause and its end are seen at once also on a still screen.  Never writes the
file.  Called by the recorder.
"""

from __future__ import annotations

import ctypes
import logging
import os
from contextlib import suppress
from pathlib import Path
from typing import Self

from timeline.clock import Clock
from timeline.closing import Closing
from timeline.home import Home
from timeline.pausing import NAME, Pausing

_MOVED_TO = 0x80  # IN_MOVED_TO: the file is always renamed into place
_EVENTS_BYTES = 4096
LEAST_WAIT_S = 0.01  # two clocks tell of the end: a hair before it is no reason to ask again and again

log = logging.getLogger(__name__)


class Pauses(Closing):
    """The pause of one home; of none, without `pausing`."""

    def __init__(self, pausing: Pausing | None = None, news: FolderNews | None = None) -> None:
        self._pausing, self.news = pausing, news
        self._line: bytes | None = None
        self.since_us: int | None = None
        """When the pause seen last was asked for; None when there was none, or that is not known."""

    @classmethod
    def of(cls, home: Home, clock: Clock) -> Self:
        """Return the pause of a home whose folder is there."""
        try:
            news = FolderNews(home.root, NAME)
        except OSError:
            log.warning("the system tells of no files: a pause ends some seconds late")
            news = None
        return cls(Pausing(home, clock), news)

    def look(self) -> bool:
        """Tell whether nothing may be recorded now."""
        if self._pausing is None:
            return False
        self._line = self._pausing.line()
        pause = self._pausing.meaning(self._line)
        self.since_us = None if pause is None else pause.since_us
        return pause is not None

    def came(self) -> bool:
        """Tell whether a pause began since the last look, be it over again by now."""
        return self._pausing is not None and self._pausing.line() != self._line

    def at_most_s(self, wait_s: float) -> float:
        """Return how long may be waited until the pause ends by itself, but no longer than `wait_s`."""
        if self._pausing is None:
            return wait_s
        if self.came():
            return LEAST_WAIT_S
        pause = self._pausing.meaning(self._line)
        left_s = wait_s if pause is None or pause.left_s is None else pause.left_s
        return max(LEAST_WAIT_S, min(wait_s, left_s))

    def close(self) -> None:
        if self.news is not None:
            self.news.close()


class FolderNews(Closing):
    """Tells that a file was renamed into a folder under one name, through inotify.  Raises OSError where it cannot."""

    def __init__(self, folder: Path, name: str) -> None:
        self._name = name.encode()
        library = ctypes.CDLL(None, use_errno=True)
        self._descriptor = int(library.inotify_init1(os.O_CLOEXEC | os.O_NONBLOCK))
        if self._descriptor < 0:
            raise OSError(ctypes.get_errno(), "inotify")
        if library.inotify_add_watch(self._descriptor, os.fsencode(folder), _MOVED_TO) < 0:
            self.close()
            raise OSError(ctypes.get_errno(), "inotify")

    def fileno(self) -> int:
        return self._descriptor

    def stirred(self) -> bool:
        """Take in what was told, and tell whether it was that name."""
        told = False
        with suppress(BlockingIOError):
            while events := os.read(self._descriptor, _EVENTS_BYTES):
                told |= self._name + b"\0" in events
        return told

    def close(self) -> None:
        os.close(self._descriptor)
