"""Pages that are excluded by their address: `*://*.bank.com/*`.

Owns the patterns and how an address is compared with them.  An address is known only where the browser tells it
(recorder.documents); elsewhere the title patterns of the settings exclude a page.  Called by recorder.privacy.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from urllib.parse import urlsplit

from recorder.desktop import ScreenWindow
from recorder.private_windows import Pages
from timeline.errors import SettingsWrong

_PATTERN = re.compile(r"(?P<scheme>\*|[a-z][a-z0-9+.-]*)://(?P<host>\*|(?:\*\.)?[^/*]+)?(?P<path>/.*)?", re.IGNORECASE)


class Addresses:
    """Which windows show a page that is excluded.

    A pattern is written as browsers' extensions write theirs: scheme, host, path, each with `*`.  `*` as the scheme is
    http and https; `*.bank.com` is bank.com and all hosts below it; without a path all of a host is meant, without a
    scheme both http and https.  Raises SettingsWrong for what is no such pattern.
    """

    def __init__(self, patterns: Sequence[str], pages: Pages | None) -> None:
        self._patterns = tuple(_compiled(pattern) for pattern in patterns)
        self._pages = pages

    def hold(self, seen: ScreenWindow) -> bool:
        """Tell whether a window shows an excluded page, or may: it has just turned to a page not known yet."""
        if not self._patterns or self._pages is None:
            return False
        url = self._pages.document(seen)
        if url is None and self._pages.asking(seen):
            return True
        url = url or self._pages.document(seen)
        return url is not None and self.excludes(url)

    def excludes(self, url: str) -> bool:
        """Tell whether an address is excluded."""
        try:
            parts = urlsplit(url)
            host = (parts.hostname or "").rstrip(".")
        except ValueError:  # no address at all
            return False
        plain = f"{parts.scheme}://{host}{parts.path or '/'}"
        return any(pattern.fullmatch(plain) for pattern in self._patterns)


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
