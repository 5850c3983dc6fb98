"""Pages that are excluded by their address: `*://*.bank.com/*`.

Owns the patterns, how an address is compared with them, and what is done about a page whose address is not told.  An
address is known only where the browser tells it (recorder.documents); elsewhere the title patterns of the settings
exclude a page.  A browser that has told addresses and tells none of a page has it hidden: on a busy machine it may not
answer in time, it tells assistive technology of a page only some time after it shows it, and of two pages of one title
nobody knows which this is.  Called by recorder.privacy.
"""

from __future__ import annotations

import re
import time
from collections import OrderedDict
from collections.abc import Callable, Sequence
from urllib.parse import urlsplit

from recorder.desktop import ScreenWindow
from recorder.exclusions import BROWSER_CLASS
from recorder.private_windows import Pages
from timeline.errors import SettingsWrong

BEGINNING_S = 12.0  # since a browser was first seen: it is asked every 5 s, and builds what it tells for some seconds
MOST_PROCESSES = 64  # browsers that are remembered
_BROWSER = re.compile(BROWSER_CLASS, re.IGNORECASE)
_PATTERN = re.compile(r"(?P<scheme>\*|[a-z][a-z0-9+.-]*)://(?P<host>\*|(?:\*\.)?[^/*]+)?(?P<path>/.*)?", re.IGNORECASE)


class Addresses:
    """Which windows show a page that is excluded.

    A pattern is written as browsers' extensions write theirs: scheme, host, path, each with `*`.  `*` as the scheme is
    http and https; `*.bank.com` is bank.com and all hosts below it; without a path all of a host is meant, without a
    scheme both http and https.  Raises SettingsWrong for what is no such pattern.
    """

    def __init__(
        self, patterns: Sequence[str], pages: Pages | None, now_s: Callable[[], float] = time.monotonic
    ) -> None:
        self._patterns = tuple(_compiled(pattern) for pattern in patterns)
        self._pages, self._now_s = pages, now_s
        self._told = OrderedDict[int, float]()  # processes of browsers that have told an address, and since when
        self._silent = OrderedDict[int, float]()  # those that have not, and since when they are seen

    def hold(self, seen: ScreenWindow) -> bool:
        """Tell whether a window shows an excluded page, or may: it has just turned to a page not known yet."""
        if not self._patterns or self._pages is None:
            return False
        url = self._pages.document(seen)
        if url is None and self._pages.asking(seen):
            return True
        url = url or self._pages.document(seen)
        if url is None:
            return self._may_tell(seen)
        if seen.pid is not None:
            _note(self._told, seen.pid, self._now_s())
        return self.excludes(url)

    @property
    def remembered(self) -> int:
        """How many processes are remembered."""
        return len(self._told) + len(self._silent)

    def _may_tell(self, seen: ScreenWindow) -> bool:
        """Tell whether an address that is not told may be told later: of a page of a browser that tells, or begins."""
        page = seen.window.title and not seen.popup and seen.dialog_of is None
        if seen.pid is None or not page or not _BROWSER.search(seen.window.app or ""):
            return False
        since_s = _note(self._silent, seen.pid, self._now_s())
        return seen.pid in self._told or self._now_s() - since_s < BEGINNING_S

    def excludes(self, url: str) -> bool:
        """Tell whether an address is excluded."""
        try:
            parts = urlsplit(url)
            host = (parts.hostname or "").rstrip(".")
        except ValueError:  # no address at all
            return False
        plain = f"{parts.scheme}://{host}{parts.path or '/'}"
        return any(pattern.fullmatch(plain) for pattern in self._patterns)


def _note(processes: OrderedDict[int, float], pid: int, now_s: float) -> float:
    """Remember a process, and return since when it is; the one not noted for longest goes."""
    since_s = processes.setdefault(pid, now_s)
    processes.move_to_end(pid)
    if len(processes) > MOST_PROCESSES:
        processes.popitem(last=False)
    return since_s


def _compiled(pattern: str) -> re.Pattern[str]:
    """Return a pattern for scheme, host and path, without port, user, query and fragment."""
    told = _PATTERN.fullmatch(pattern if "://" in pattern else f"*://{pattern}")
    if told is None or not (told["host"] or told["scheme"].casefold() == "file"):
        raise SettingsWrong(f"The address pattern {pattern!r} is none: write it like *://*.bank.com/*.")
    scheme = "https?" if told["scheme"] == "*" else re.escape(told["scheme"])
    host = (told["host"] or "").partition(":")[0]
    if host == "*":
        named = "[^/]*"
    elif host.startswith("*."):
        named = rf"(?:[^/]+\.)?{re.escape(host[2:])}"
    else:
        named = re.escape(host)
    path = ".*".join(re.escape(part) for part in (told["path"] or "/*").partition("?")[0].split("*"))
    return re.compile(f"{scheme}://{named}{path}", re.IGNORECASE | re.DOTALL)
