"""The URL of what a window shows, asked for in a thread of its own and known at the next look.

Owns that thread, what waits for it and what is known.  Never blocks the recorder and never guesses: a result is a URL
that the browser told, or a `file://` of a file that exists; a bare file name stays in the title.  Called by the
recorder.
"""

from __future__ import annotations

import getpass
import logging
import re
import socket
import threading
import time
from collections import OrderedDict
from dataclasses import dataclass
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

from recorder.desktop import ScreenWindow
from recorder.documents.accessibility import Accessibility
from recorder.documents.debugging_port import page_of
from recorder.documents.titles import Who, told_by
from recorder.exclusions import BROWSER_CLASS, MARK_BEHIND
from timeline.closing import Closing

MOST_WAITING = 8  # windows that changed at once; of more the newest are asked about
MOST_KNOWN = 256
FRESH_S = 5.0  # a page may go to another address under the same title; asking again costs some milliseconds of CPU
UNTOLD_S = 1.0  # a browser that starts or loads a page tells nothing yet
WAIT_S = 0.25  # for an answer that decides whether a window may be recorded: longer than all calls about it take
MOST_CHARACTERS = 2048
SCHEMES = ("http", "https", "file")  # a browser's own pages and data: tell nothing that could be found again

BROWSER = re.compile(BROWSER_CLASS, re.IGNORECASE)
PRIVATE_MARK = re.compile(MARK_BEHIND, re.IGNORECASE)

log = logging.getLogger(__name__)

Privacy = Literal["private", "ordinary", "either"]
_Shown = tuple[int, str | None]
"""A window's id and its title: what it shows."""


@dataclass(frozen=True, slots=True)
class _Told:
    """What is known of a window with a title since `at_s`."""

    at_s: float
    url: str | None
    privacy: Privacy | None


_NOTHING = _Told(float("-inf"), None, None)


class DocumentSource(Closing):
    """Documents of windows, and which windows their browser calls private."""

    def __init__(self, accessibility: Accessibility | None = None, who: Who | None = None) -> None:
        self._accessibility = accessibility or Accessibility()
        self._who = who or _this_user()
        self._known: OrderedDict[_Shown, _Told] = OrderedDict()
        self._waiting: OrderedDict[_Shown, ScreenWindow] = OrderedDict()
        self._changed = threading.Condition()
        self._stopped = False
        self._thread = threading.Thread(target=self._work, name="documents", daemon=True)
        self._thread.start()

    def document(self, window: ScreenWindow) -> str | None:
        """Return at once what is known of a window with this title, None while nothing is; have it asked for."""
        return self._told(window).url

    def privacy(self, window: ScreenWindow) -> Privacy | None:
        """Return at once what its browser calls a window, None while nothing is known; have it asked for."""
        return self._told(window).privacy

    def asking(self, window: ScreenWindow) -> bool:
        """Tell whether nothing was answered yet about a window with this title, though a moment was waited for it."""
        self._told(window)
        shown = (window.id, window.window.title)
        with self._changed:
            return bool(shown[1]) and not self._changed.wait_for(lambda: shown in self._known, WAIT_S)

    def _told(self, window: ScreenWindow) -> _Told:
        shown = (window.id, window.window.title)
        with self._changed:
            told = self._known.get(shown, _NOTHING)
            fresh_s = FRESH_S if told.url else UNTOLD_S
            if time.monotonic() - told.at_s >= fresh_s and window.window.title:
                self._waiting[shown] = window
                self._waiting.move_to_end(shown)
                while len(self._waiting) > MOST_WAITING:
                    self._waiting.popitem(last=False)
                self._changed.notify_all()
        return told

    def close(self) -> None:
        """End the thread and let go of the buses; what waits is not asked any more."""
        with self._changed:
            self._stopped = True
            self._changed.notify_all()
        self._thread.join()
        self._accessibility.close()

    def _work(self) -> None:
        while (window := self._next()) is not None:
            url, privacy = None, None
            try:
                url, privacy = self._ask(window), self._privacy(window)
            except Exception as error:  # the outer loop: one window's trouble is not the next one's
                log.warning("a window's document could not be asked for (%s)", type(error).__name__)
            with self._changed:
                self._known[window.id, window.window.title] = _Told(time.monotonic(), url, privacy)
                while len(self._known) > MOST_KNOWN:
                    self._known.popitem(last=False)
                self._changed.notify_all()

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

    def _privacy(self, window: ScreenWindow) -> Privacy | None:
        """Return what its browser calls a window: Chromium puts a mark behind the title for assistive technology."""
        title = window.window.title
        if window.pid is None or not title or not BROWSER.search(window.window.app or ""):
            return None
        names = self._accessibility.names(window.pid)
        marked = any(name.startswith(title) and PRIVATE_MARK.search(name[len(title) :]) for name in names)
        if marked:
            return "either" if title in names else "private"
        return "ordinary" if title in names else None


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
