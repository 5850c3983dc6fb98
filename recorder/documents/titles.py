"""The file or page that a window's title names in full: editors, terminals, file managers, viewers.

Pure.  Conservative: a bare file name is none, since its folder would be a guess; what a shell on another host says is
none; a browser's title is the page's own text and says nothing, but for the add-ons that put the address into it.
Called by recorder.documents.source, which sees whether the file exists.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

BROWSERS = frozenset((
    "firefox", "firefox-esr", "navigator", "librewolf", "tor browser", "chromium", "chromium-browser", "google-chrome",
    "brave-browser", "microsoft-edge", "vivaldi-stable", "opera", "epiphany", "org.gnome.epiphany", "falkon",
    "qutebrowser", "zen", "thunderbird", "mail",
))  # fmt: skip
_JOIN = r"\s[-–—•]\s"
_PATH = r"(?:~|/)[^\0]*?"
_FOLDER = r"(?:~|/)[^()\[\]\0]*?"
_MARKS = r"[*●•✎]?\s?"  # before the name: there are changes that were not saved
_HELD = r"(?: [+=*-]+|\[\+\]| •)?"  # behind the name, the same

_PATTERNS = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        # "main.py + (~/src/app) - VIM", "*notes.txt (~/Documents) - gedit", "plan.md (/srv/docs)"
        rf"{_MARKS}(?P<name>[^/]+?){_HELD} \((?P<folder>{_FOLDER})\)(?:{_JOIN}.+)?",
        # "project [~/src/project] – .../src/Main.java – IntelliJ IDEA": the JetBrains editors
        rf".+? \[(?P<folder>{_FOLDER})\]{_JOIN}(?:\.\.\./|…/)(?P<name>.+?)(?: \[.+\])?(?:{_JOIN}[^/]+)?",
        # "main.py - ~/src/app - Geany"
        rf"{_MARKS}(?P<name>[^/]+?){_JOIN}(?P<folder>{_FOLDER}){_JOIN}(?:Geany|Kate|KWrite|Code|Visual Studio Code)",
        # "user@host: ~/src", "user@host:/etc", "mc [user@host]:~/src", "user@host: ~/src - tmux"
        rf"(?:mc )?\[?(?P<user>[\w.-]+)@(?P<host>[\w.-]+)\]?:\s?(?P<path>{_PATH})(?:{_JOIN}[^/]+)?",
        # "~/Documents/notes.txt - Mousepad", "/home/user/plan.pdf [3/10]", "~/src/main.py (app) - Sublime Text"
        rf"{_MARKS}(?P<path>{_PATH}){_HELD}(?: \([^()/]*\))?(?: \[\d+/\d+\])?(?:{_JOIN}[^/]+)?",
        # "Xpdf: /srv/plan.pdf", "ranger:~/src"
        rf"(?:xpdf|ranger|vifm|nnn|lf):\s?(?P<path>{_PATH})",
    )
)
_WHOLE_URL = re.compile(rf"(?P<url>https?://[^\s/]\S*)(?:{_JOIN}.+)?")
_URL_IN_BROWSER = re.compile(rf".*{_JOIN}(?P<url>https?://[^\s/]\S*){_JOIN}[^/]+")  # as add-ons like "URL in title" do


@dataclass(frozen=True, slots=True)
class Who:
    """Whose titles these are: `~` and a shell's `user@host` mean them."""

    home: str
    user: str
    host: str


def told_by(app: str | None, title: str, who: Who) -> str | None:
    """Return the URL or the absolute path that a title names in full, None where it names none."""
    title = title.strip()
    if (app or "").casefold() in BROWSERS:
        found = _URL_IN_BROWSER.fullmatch(title)
        return None if found is None else found["url"]
    found = _WHOLE_URL.fullmatch(title)
    if found is not None:
        return found["url"]
    matches = (pattern.fullmatch(title) for pattern in _PATTERNS)
    return next((path for match in matches if match is not None and (path := _path(match, who)) is not None), None)


def _path(match: re.Match[str], who: Who) -> str | None:
    parts = match.groupdict()
    if parts.get("host") and not _is_here(parts["user"], parts["host"], who):
        return None
    path = parts["path"] if parts.get("path") else f"{parts['folder'].rstrip('/')}/{parts['name']}"
    if path == "~" or path.startswith("~/"):
        path = who.home.rstrip("/") + path[1:]
    return path.rstrip() if path.startswith("/") else None


def _is_here(user: str, host: str, who: Who) -> bool:
    return user == who.user and host.partition(".")[0].casefold() == who.host.partition(".")[0].casefold()
