"""The project that a window belongs to, as its names tell it; and its title without the program's own name.

Pure.  Knows how programs write their titles, nothing else.  Called by sessions, digests and answers.
"""

from __future__ import annotations

import re

from assistant.category_rules import program_kind
from timeline.model import Window

_REPOSITORY = re.compile(r"//(?:www\.)?(?:github\.com|gitlab\.com|codeberg\.org|bitbucket\.org)/[\w.-]+/([\w.-]+)")
_REPOSITORY_TITLE = re.compile(r"(?:^|[\s·:])[\w.-]+/([\w.-]+)(?:\s|$).*\bgit(?:hub|lab)\b", re.IGNORECASE)
_FOLDER = re.compile(r"^[\w.-]+@[\w.-]+:\s*(~?[\w./ -]*?)/?$")  # a shell's title: user@host: ~/src/project
_EDITOR_NAME = (
    r"(?:visual studio code|code - oss|vscodium|cursor|zed|sublime text|pycharm|intellij idea|webstorm|goland)"
)
_IN_EDITOR = re.compile(rf"^.*?\s[-–—]\s(?P<folder>[^-–—]+?)(?:\s\[[^\]]*\])?\s[-–—]\s{_EDITOR_NAME}\b", re.IGNORECASE)
_JETBRAINS = re.compile(r"^(?P<folder>[\w.-]+)\s[–-]\s[\w./\\-]+\.\w+$")
_PROGRAM = (
    r"(?:chromium|google chrome|mozilla firefox|firefox|brave|vivaldi|opera|microsoft.? edge|safari|librewolf"
    r"|visual studio code|gedit|kate|libreoffice \w+|editor|okular|evince|vim|n?vim|emacs)"
)
_SUFFIX = re.compile(rf"\s[-–—]\s{_PROGRAM}$", re.IGNORECASE)
_EMPTY_PAGE = re.compile(r"about:|chrome:|edge:|data:", re.IGNORECASE)
_DOCUMENT = re.compile(
    r"[\w\u3400-\u9fff][\w\u3400-\u9fff ()（）.-]*\.(?:txt|md|rst|tex|docx?|odt|rtf|pdf|epub|xlsx?|ods|csv|pptx?|odp"
    r"|ipynb|py|js|ts|tsx|c|h|cpp|rs|go|java|sh|html|css|json|ya?ml|toml|sql|svg|png|jpe?g|wps)\b",
    re.IGNORECASE,
)


def project_of(window: Window) -> str | None:
    """Return the repository or folder that a window's names tell of, None when they tell of none."""
    title = _one_line(window.title)
    found = _REPOSITORY.search(window.url or "")
    if found is not None:
        return found[1]
    kind = program_kind(window.app)
    if kind == "browser":
        found = _REPOSITORY_TITLE.search(title)
        return None if found is None else found[1]
    if kind == "terminal":
        found = _FOLDER.match(title)
        name = "" if found is None else found[1].rstrip("/").rpartition("/")[2]
        return name if name not in ("", "~") else None
    found = _IN_EDITOR.match(title) or (_JETBRAINS.match(title) if kind == "editor" else None)
    return None if found is None else found["folder"].strip()


def plain_title(window: Window) -> str:
    """Return a window's title without the name of its program; '' when it has none."""
    return _SUFFIX.sub("", _one_line(window.title)).lstrip("●*• ")


def document_of(window: Window) -> str | None:
    """Return the file that a window shows, as its title names it; None for web pages and where no file is named."""
    if program_kind(window.app) == "browser" and not (window.url or "").startswith("file:"):
        found = re.search(r"\.pdf\b", _one_line(window.title), re.IGNORECASE) and _DOCUMENT.search(plain_title(window))
        return found[0] if found else None
    found = _DOCUMENT.search(plain_title(window))
    return found[0].strip() if found else None


def is_page(window: Window) -> bool:
    """Tell whether a window is a web page with a name."""
    title = plain_title(window)
    if title.lower() in ("", "untitled", "new tab", "新标签页", "新建标签页") or _EMPTY_PAGE.match(title):
        return False
    return program_kind(window.app) == "browser"


def _one_line(text: str | None) -> str:
    return " ".join((text or "").split())
