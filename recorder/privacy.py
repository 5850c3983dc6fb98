"""The privacy gate: what of a grab may be kept, decided from the windows before anything else sees a pixel.

Takes the windows as they were before and after the grab, returns a decision.  Owns the patterns of what is excluded;
what no pattern can tell is asked of recorder.private_windows, what belongs to an excluded window of recorder.belonging.
Looks at no pixel and waits for nothing.  When in doubt nothing is kept.  Called by the recorder for every look.
"""

from __future__ import annotations

import re
from collections import OrderedDict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from functools import lru_cache
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from recorder.addresses import Addresses
from recorder.belonging import with_relatives
from recorder.desktop import Desktop, ScreenWindow, active_window
from recorder.private_windows import Pages, PrivateWindows
from timeline.errors import SettingsWrong
from timeline.model import Box, Window

MARGIN_PX = 8  # shadows and rounding of scaled desktops reach this far beyond a window's own frame
FLAT_COLOUR = 96  # a grey that no text engine reads anything into
EXCLUDED = "excluded"
MOST_PROCESSES = 256  # of excluded applications that are remembered
DECIDED_WINDOWS = 1024  # decisions remembered: the patterns take 40 us a window, several times a look


@dataclass(frozen=True, slots=True)
class Decision:
    """Keep the grab with `masks` (in pixels of the whole screen) painted flat, skip it, or grab again."""

    verdict: Literal["keep", "skip", "again"]
    masks: tuple[Box, ...] = ()
    reason: str | None = None
    secret: tuple[Box, ...] = field(default=(), compare=False)
    """Where all excluded windows are, with the margin, whatever covers them."""


class Gate:
    """Excludes applications by name (equal but for case, or a glob), windows by title (regular expressions), pages by
    their address (`*://*.bank.com/*`), and private windows of browsers.

    `pages` tells what browsers say of their windows; without it their titles and processes decide.
    Raises SettingsWrong for a title pattern that is no regular expression.
    """

    def __init__(
        self, apps: Sequence[str], titles: Sequence[str], addresses: Sequence[str] = (), pages: Pages | None = None
    ) -> None:
        self._apps = tuple(app.casefold() for app in apps)
        self._titles = tuple(_compiled(title) for title in titles)
        self._private, self._addresses = PrivateWindows(pages), Addresses(addresses, pages)
        self._decided = lru_cache(maxsize=DECIDED_WINDOWS)(self._by_name)
        self._processes: OrderedDict[int, None] = OrderedDict()

    def excludes(self, window: Window) -> bool:
        """Tell whether a window of this name must never be kept."""
        return self._decided(window) is not None

    def hidden(self, desktop: Desktop) -> frozenset[int]:
        """Return the ids of all windows of which nothing may be kept, not even the name."""
        applications, windows = set[int](), set[int]()
        for seen in desktop:
            why = self._decided(seen.window)
            if why == "application":
                applications.add(seen.id)
                self._remember(seen.pid)
            private = self._private.holds(seen)  # asked each time: a window that once was private stays so
            if private or why == "title" or seen.unclear or self._addresses.hold(seen):
                windows.add(seen.id)
        return with_relatives(desktop, applications, windows, self._processes.keys())

    def _by_name(self, window: Window) -> Literal["application", "title"] | None:
        app, title = (window.app or "").casefold(), window.title or ""
        if any(fnmatchcase(app, pattern) for pattern in self._apps):
            return "application"
        return "title" if any(pattern.search(title) for pattern in self._titles) else None

    def _remember(self, pid: int | None) -> None:
        """Remember whose menus are secret also while no other window of theirs is seen, as those of a tray icon."""
        if pid is not None:
            self._processes[pid] = None
            self._processes.move_to_end(pid)
            if len(self._processes) > MOST_PROCESSES:
                self._processes.popitem(last=False)

    def decide(self, before: Desktop, after: Desktop) -> Decision:
        """Return what may be kept of a grab that was taken between two looks at the windows."""
        secret_before, secret_after = self._secret(before), self._secret(after)
        both = (*secret_before, *secret_after)
        places = tuple(dict.fromkeys(_with_margin(seen.box) for seen in both if seen.box is not None))
        if any(seen.active or seen.box is None for seen in both):
            return Decision("skip", reason=EXCLUDED, secret=places)
        if _places(secret_before) != _places(secret_after) or _focus(before) != _focus(after):
            return Decision("again", secret=places)
        visible = [*_visible_parts(secret_before, before), *_visible_parts(secret_after, after)]
        return Decision("keep", masks=tuple(dict.fromkeys(_with_margin(box) for box in visible)), secret=places)

    def _secret(self, desktop: Desktop) -> list[ScreenWindow]:
        hidden = self.hidden(desktop)
        return [seen for seen in desktop if seen.id in hidden]


def paint(picture: NDArray[np.uint8], masks: Iterable[Box]) -> None:
    """Paint boxes flat, in place; what lies outside of the picture is cut off."""
    for box in masks:
        picture[max(0, box.y0) : max(0, box.y1), max(0, box.x0) : max(0, box.x1)] = FLAT_COLOUR


def _compiled(pattern: str) -> re.Pattern[str]:
    try:
        return re.compile(pattern, re.IGNORECASE)
    except re.error as error:
        raise SettingsWrong(f"The title pattern {pattern!r} is no regular expression: {error}.") from error


def _places(windows: Iterable[ScreenWindow]) -> list[tuple[int, Box | None]]:
    return [(seen.id, seen.box) for seen in windows]


def _focus(desktop: Desktop) -> tuple[int, Window] | None:
    active = active_window(desktop)
    return None if active is None else (active.id, active.window)


def _visible_parts(secret: Iterable[ScreenWindow], desktop: Desktop) -> list[Box]:
    """Return the parts of secret windows that no opaque window above hides."""
    parts: list[Box] = []
    for seen in secret:
        left = [seen.box] if seen.box is not None else []
        for above in desktop[desktop.index(seen) + 1 :]:
            if above.opaque and above.box is not None:
                left = [rest for part in left for rest in _without(part, above.box)]
        parts += left
    return parts


def _without(box: Box, cover: Box) -> list[Box]:
    """Return the up to four boxes that remain of a box where another one does not cover it."""
    if not box.intersects(cover):
        return [box]
    top, bottom = max(box.y0, cover.y0), min(box.y1, cover.y1)
    rests = (
        Box(box.x0, box.y0, box.x1, top),
        Box(box.x0, bottom, box.x1, box.y1),
        Box(box.x0, top, cover.x0, bottom),
        Box(cover.x1, top, box.x1, bottom),
    )
    return [rest for rest in rests if rest.width > 0 and rest.height > 0]


def _with_margin(box: Box) -> Box:
    return Box(box.x0 - MARGIN_PX, box.y0 - MARGIN_PX, box.x1 + MARGIN_PX, box.y1 + MARGIN_PX)
