"""The page that a browser shows, asked at its debugging port, where the user started the browser with one.

Owns the finding of the port and the one question to it.  Never opens a port and never asks another host than this
machine.  Called by recorder.documents.source, in its thread.

Source: https://chromedevtools.github.io/devtools-protocol/ (HTTP endpoints, `/json/list`; DevToolsActivePort).
"""

from __future__ import annotations

import http.client
import json
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

HOST = "127.0.0.1"
ANSWER_S = 0.2  # 2 ms are usual
MOST_BYTES = 4_000_000  # of an answer: some hundred tabs
_PORT, _PROFILE = "--remote-debugging-port=", "--user-data-dir="
_ACTIVE_PORT = "DevToolsActivePort"  # where a browser that was told port 0 writes the one it took
_SEPARATORS = (" - ", " – ", " — ")  # between a page's title and the browser's name


def page_of(pid: int, title: str) -> str | None:
    """Return the URL of the page that a window with this title shows; None where no browser tells, or not surely."""
    port = debugging_port(pid)
    return None if port is None else page_titled(_pages(port), title)


def debugging_port(pid: int, proc: Path = Path("/proc")) -> int | None:
    """Return the debugging port of a process or its parent, None where there is none."""
    for process in (pid, _parent(pid, proc)):
        if process is not None and (port := _port_of(_command(process, proc))) is not None:
            return port
    return None


def page_titled(pages: Sequence[Any], title: str) -> str | None:
    """Return the URL of the one page with the longest title that a window's title begins with; None for several."""
    told = [page for page in pages if isinstance(page, dict) and page.get("type") == "page"]
    fitting = [(str(page.get("title", "")).strip(), str(page.get("url", ""))) for page in told]
    fitting = [(name, url) for name, url in fitting if name and _begins_with(title, name)]
    longest = max((len(name) for name, _ in fitting), default=0)
    urls = {url for name, url in fitting if len(name) == longest}
    return urls.pop() if len(urls) == 1 else None


def _begins_with(title: str, name: str) -> bool:
    """Tell whether a window's title is a page's title, with or without the browser's name after it."""
    folded, wanted = " ".join(title.split()), " ".join(name.split())
    return folded == wanted or folded.startswith(tuple(wanted + separator for separator in _SEPARATORS))


def _pages(port: int) -> list[Any]:
    connection = http.client.HTTPConnection(HOST, port, timeout=ANSWER_S)
    try:
        connection.request("GET", "/json/list")
        told = json.loads(b"".join(_body(connection.getresponse())))
    except (OSError, http.client.HTTPException, ValueError):  # ValueError: what answers there is no browser
        return []
    finally:
        connection.close()
    return told if isinstance(told, list) else []


def _body(response: http.client.HTTPResponse) -> Iterator[bytes]:
    """Yield an answer's parts; one that is too long or too slow is cut off and then is no JSON."""
    until_s, left_bytes = time.monotonic() + ANSWER_S, MOST_BYTES
    while left_bytes > 0 and time.monotonic() < until_s and (part := response.read1(min(65536, left_bytes))):
        left_bytes -= len(part)
        yield part


def _port_of(command: Sequence[str]) -> int | None:
    named = [word.removeprefix(_PORT) for word in command if word.startswith(_PORT)]
    if not named or not named[-1].isdecimal():
        return None
    return int(named[-1]) or _active_port(command)


def _active_port(command: Sequence[str]) -> int | None:
    """Return the port that a browser took by itself."""
    profiles = [word.removeprefix(_PROFILE) for word in command if word.startswith(_PROFILE)]
    try:
        first, *_ = (Path(profiles[-1]) / _ACTIVE_PORT).read_text(encoding="ascii").splitlines()
        return int(first)
    except (OSError, ValueError, IndexError):  # no profile named, no file, or one being written
        return None


def _command(pid: int, proc: Path) -> list[str]:
    """Return the command line of a process; browsers that set their own process title part it by spaces."""
    try:
        raw = (proc / str(pid) / "cmdline").read_bytes()
    except OSError:
        return []
    words = raw.rstrip(b"\0").decode("utf-8", "surrogateescape").split("\0")
    return words if len(words) > 1 else words[0].split(" ")


def _parent(pid: int, proc: Path) -> int | None:
    try:
        told = (proc / str(pid) / "stat").read_text(encoding="utf-8", errors="replace")
        return int(told.rpartition(")")[2].split()[1])  # behind the name, which may hold anything
    except (OSError, ValueError, IndexError):
        return None
