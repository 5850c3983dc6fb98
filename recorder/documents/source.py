"""The URL of what a window shows, asked for in a thread of its own and known at the next look.

Owns that thread, what waits for it and what is known.  Never blocks the recorder and never guesses: a result is a URL
that the browser told, or a `file://` of a file that exists; a bare file name stays in the title.  Called by the
recorder.
"""

from __future__ import annotations

import getpass
import logging
import socket
import threading
import time
from collections import OrderedDict
from pathlib import Path
from urllib.parse import urlsplit

from recorder.desktop import ScreenWindow
from recorder.documents.accessibility import Accessibility
from recorder.documents.debugging_port import page_of
from recorder.documents.titles import Who, told_by
from timeline.closing import Closing

MOST_WAITING = 8  # windows that changed at once; of more the newest are asked about
MOST_KNOWN = 256
FRESH_S = 5.0  # a page may go to another address under the same title; asking again costs some milliseconds of CPU
MOST_CHARACTERS = 2048
SCHEMES = ("http", "https", "file")  # a browser's own pages and data: tell nothing that could be found again

log = logging.getLogger(__name__)

_Shown = tuple[int, str | None]
"""A window's id and its title: what it shows."""


class DocumentSource(Closing):
    """Documents of windows.  The caller asks about no window that is excluded or private."""

    def __init__(self, accessibility: Accessibility | None = None, who: Who | None = None) -> None:
        self._accessibility = accessibility or Accessibility()
        self._who = who or _this_user()
        self._known: OrderedDict[_Shown, tuple[float, str | None]] = OrderedDict()
        self._waiting: OrderedDict[_Shown, ScreenWindow] = OrderedDict()
        self._changed = threading.Condition()
        self._stopped = False
        self._thread = threading.Thread(target=self._work, name="documents", daemon=True)
        self._thread.start()

    def document(self, window: ScreenWindow) -> str | None:
        """Return at once what is known of a window with this title, None while nothing is; have it asked for."""
        shown = (window.id, window.window.title)
        with self._changed:
            at_s, url = self._known.get(shown, (float("-inf"), None))
            if time.monotonic() - at_s >= FRESH_S and window.window.title:
                self._waiting[shown] = window
                self._waiting.move_to_end(shown)
                while len(self._waiting) > MOST_WAITING:
                    self._waiting.popitem(last=False)
                self._changed.notify()
        return url

    def close(self) -> None:
        """End the thread and let go of the buses; what waits is not asked any more."""
        with self._changed:
            self._stopped = True
            self._changed.notify()
        self._thread.join()
        self._accessibility.close()

    def _work(self) -> None:
        while (window := self._next()) is not None:
            url = None
            try:
                url = self._ask(window)
            except Exception as error:  # the outer loop: one window's trouble is not the next one's
                log.warning("a window's document could not be asked for (%s)", type(error).__name__)
            with self._changed:
                self._known[window.id, window.window.title] = (time.monotonic(), url)
                while len(self._known) > MOST_KNOWN:
                    self._known.popitem(last=False)

    def _next(self) -> ScreenWindow | None:
        """Wait for the newest window to ask about; None at the end."""
        with self._changed:
            self._changed.wait_for(lambda: self._waiting or self._stopped)
            return None if self._stopped else self._waiting.popitem()[1]

    def _ask(self, window: ScreenWindow) -> str | None:
        title = window.window.title or ""
        url = None
        if window.pid is not None:
            url = page_of(window.pid, title) or self._accessibility.document_of(window.pid, title)
        return _kept(url) or _located(told_by(window.window.app, title, self._who))


def _kept(url: str | None) -> str | None:
    """Return a URL without a password in it; None for one that is no place or has no end."""
    if url is None or len(url) > MOST_CHARACTERS:
        return None
    try:
        parts = urlsplit(url)
    except ValueError:
        return None
    if parts.scheme not in SCHEMES:
        return None
    return parts._replace(netloc=parts.netloc.rpartition("@")[2]).geturl()


def _located(told: str | None) -> str | None:
    """Return the URL that a title told, or the `file://` of a path if that exists."""
    if told is None or not told.startswith("/"):
        return _kept(told)
    try:
        return Path(told).as_uri() if Path(told).exists() else None
    except OSError:  # a folder that this user may not look into
        return None


def _this_user() -> Who:
    return Who(str(Path.home()), getpass.getuser(), socket.gethostname())
