"""Private windows of browsers whose title does not say so, and how they are told all the same.

Owns what was once recognised: a browser never turns a private window into an ordinary one, so a window stays private
until it is closed.  Reads command lines from /proc; what browsers tell assistive technology is told by `Pages`.  Called
by recorder.privacy, for every window of every look: nothing here waits.

Chromium, Chrome, Brave, Edge, Opera and Vivaldi mark a private window in no property and in no title, but for the empty
tab it begins with (tried with Chromium 156 under X11).  It is recognised by that title, by the option that its process
was started with, and by the name it has for assistive technology, "Bank - Chromium (Incognito)".  One that was opened
from a link, in a process started without such an option, while no assistive technology runs, cannot be told.
"""

from __future__ import annotations

import re
from collections import OrderedDict
from functools import lru_cache
from pathlib import Path
from typing import Literal, Protocol

from recorder.desktop import ScreenWindow
from recorder.exclusions import (
    BROWSER_CLASS,
    BROWSER_PROGRAM,
    FIREFOX_CLASS,
    FIREFOX_NAME,
    FIREFOX_NAMED,
    PLAIN_END,
    PRIVATE_OPTIONS,
    PRIVATE_TITLES,
)

MOST_KNOWN = 1024  # windows; the oldest are forgotten
_BROWSER_CLASS = re.compile(BROWSER_CLASS, re.IGNORECASE)
_BROWSER_PROGRAM = re.compile(BROWSER_PROGRAM, re.IGNORECASE)
_PRIVATE_TITLE = re.compile("|".join(PRIVATE_TITLES), re.IGNORECASE)
_PLAIN_END = re.compile(PLAIN_END, re.IGNORECASE)
_FIREFOX_CLASS = re.compile(FIREFOX_CLASS, re.IGNORECASE)
_FIREFOX_NAME, _FIREFOX_NAMED = (re.compile(one, re.IGNORECASE) for one in (FIREFOX_NAME, FIREFOX_NAMED))
_PARTS = re.compile(r"\s+[-–—]\s+")

Privacy = Literal["private", "ordinary", "either"]
_Known = tuple[int, int | None]
"""A window and its process: ids of windows are used again."""


class Pages(Protocol):
    """What browsers tell of their windows; what is not known yet is asked for meanwhile."""

    def privacy(self, window: ScreenWindow) -> Privacy | None:
        """Return what a browser calls its window, either when two have the title; None where it does not say."""

    def document(self, window: ScreenWindow) -> str | None:
        """Return the address that a window shows; None while or where it is not known."""

    def asking(self, window: ScreenWindow) -> bool:
        """Tell whether nothing was answered yet about a window with this title, though a moment was waited for it."""


class PrivateWindows:
    """Which windows of browsers are private.  `proc` is where processes tell of themselves."""

    def __init__(self, pages: Pages | None = None, proc: Path = Path("/proc")) -> None:
        self._pages, self._proc = pages, proc
        self._known: OrderedDict[_Known, bool | None] = OrderedDict()
        self._with_private = set[int]()  # processes; a film lifted out of a private window has a window of its own

    def holds(self, seen: ScreenWindow) -> bool:
        """Tell whether this is a private window of a browser, or may be one: the browser is still being asked."""
        app, title = seen.window.app or "", seen.window.title or ""
        if not _is_browser(app):
            return False
        key = (seen.id, seen.pid)
        if key not in self._known:
            self._note(key, True if _asks_for_privacy(_command(seen.pid, self._proc)) else None)
        if self._known[key] is not True and _says_private(app, title):
            self._note(key, True)
        if self._known[key] is not None:
            return self._known[key] is True
        asked = self._pages is not None and self._ask(key, seen, self._pages)
        return asked or (seen.pid in self._with_private and not _PLAIN_END.search(title))

    def _ask(self, key: _Known, seen: ScreenWindow, pages: Pages) -> bool:
        told = pages.privacy(seen)
        if told is None and pages.asking(seen):
            return True
        told = told or pages.privacy(seen)
        if told in ("private", "ordinary"):
            self._note(key, told == "private")
        return told in ("private", "either")

    def _note(self, key: _Known, private: bool | None) -> None:
        self._known[key] = private
        if private and key[1] is not None:
            self._with_private.add(key[1])
        if len(self._known) > MOST_KNOWN:
            self._known.popitem(last=False)


@lru_cache(maxsize=MOST_KNOWN)
def _is_browser(app: str) -> bool:
    return _BROWSER_CLASS.search(app) is not None


@lru_cache(maxsize=MOST_KNOWN)
def _says_private(app: str, title: str) -> bool:
    """Tell whether a title says that its window is private.

    Firefox writes its own name last, and in a private window something beside it, in whichever language.
    """
    if _PRIVATE_TITLE.search(title):
        return True
    last = _PARTS.split(title)[-1]
    return bool(
        _FIREFOX_CLASS.search(app) and _FIREFOX_NAMED.search(last) and not _FIREFOX_NAME.fullmatch(last.strip())
    )


def _asks_for_privacy(words: list[str]) -> bool:
    """Tell whether a command line is a browser's, with an option that makes its windows private."""
    return bool(_BROWSER_PROGRAM.search(Path(words[0]).name)) and not PRIVATE_OPTIONS.isdisjoint(words[1:])


def _command(pid: int | None, proc: Path) -> list[str]:
    """Return the command line of a process, one empty word when it is not known."""
    try:
        raw = (proc / str(pid) / "cmdline").read_bytes()
    except OSError:  # it has just ended, is another user's, or not known
        return [""]
    words = raw.rstrip(b"\0").decode("utf-8", "replace").split("\0")
    return words if len(words) > 1 else words[0].split(" ")  # Chromium sets a title of its own, parted by spaces
