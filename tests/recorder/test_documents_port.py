"""Which port a browser was given, and which of its pages a window shows."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from recorder.documents import debugging_port
from recorder.documents.debugging_port import page_of, page_titled


def page(title: str, url: str, kind: str = "page") -> dict[str, str]:
    """One entry of a browser's list, as it comes."""
    return {"description": "", "id": "1", "title": title, "type": kind, "url": url}


PAGES = [
    page("Budget", "https://example.com/budget"),
    page("Budget - plan", "https://example.com/plan"),
    page("会议记录", "https://example.cn/会议"),
    page("Inbox", "https://mail.example.com/1"),
    page("Inbox", "https://mail.example.com/2"),
    page("", "about:blank"),
    page("Worker", "https://example.com/worker", "service_worker"),
]


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("Budget - Chromium", "https://example.com/budget"),
        ("Budget - plan - Chromium", "https://example.com/plan"),
        ("Budget  -  plan - Google Chrome", "https://example.com/plan"),
        ("会议记录 – Brave", "https://example.cn/会议"),
        ("Budget", "https://example.com/budget"),
        ("Inbox - Chromium", None),
        ("Budgets - Chromium", None),
        ("Worker - Chromium", None),
        (" - Chromium", None),
    ],
)
def test_the_page_with_the_longest_fitting_title_is_shown(title: str, expected: str | None) -> None:
    """Two pages with one title are not told apart, and then none is named."""
    assert page_titled(PAGES, title) == expected


def test_pages_that_are_no_pages_are_passed_over() -> None:
    """Whatever else answers at that port."""
    assert page_titled([None, 7, {}, {"type": "page"}], "Budget - Chromium") is None


def process(proc: Path, pid: int, parent: int, *command: str, separator: str = "\0") -> None:
    """Put down what the kernel tells of a process."""
    folder = proc / str(pid)
    folder.mkdir()
    (folder / "cmdline").write_bytes(separator.join(command).encode() + b"\0")
    (folder / "stat").write_text(f"{pid} (a (b) c) S {parent} 1 1 0 -1")


@pytest.mark.parametrize("separator", ["\0", " "])
def test_the_port_stands_in_the_command_line(tmp_path: Path, separator: str) -> None:
    """Parted by NUL, or by spaces where the browser set its own title."""
    process(tmp_path, 10, 1, "/usr/bin/chromium", "--remote-debugging-port=9222", "https://x", separator=separator)
    assert debugging_port.debugging_port(10, tmp_path) == 9222


def test_the_parent_may_have_the_port(tmp_path: Path) -> None:
    """The window belongs to a child of the browser."""
    process(tmp_path, 10, 1, "chromium", "--remote-debugging-port=9222")
    process(tmp_path, 11, 10, "chromium", "--type=renderer")
    assert debugging_port.debugging_port(11, tmp_path) == 9222


def test_a_port_the_browser_took_by_itself_stands_in_its_profile(tmp_path: Path) -> None:
    """Port 0 is any."""
    (tmp_path / "DevToolsActivePort").write_text("40123\n/devtools/browser/1\n")
    process(tmp_path, 10, 1, "chromium", "--remote-debugging-port=0", f"--user-data-dir={tmp_path}")
    assert debugging_port.debugging_port(10, tmp_path) == 40123


def test_a_program_without_a_port_has_none(tmp_path: Path) -> None:
    """Nor has one that is gone, or whose port is no number."""
    process(tmp_path, 10, 1, "xterm")
    process(tmp_path, 11, 10, "chromium", "--remote-debugging-port=no")
    assert [debugging_port.debugging_port(pid, tmp_path) for pid in (10, 11, 12)] == [None, None, None]


@contextmanager
def answering(answer: bytes, pause_s: float = 0.0) -> Iterator[int]:
    """Serve one answer, a byte at a time with a pause before each; yield the port."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.end_headers()
            try:
                for byte in answer if pause_s else ():
                    time.sleep(pause_s)
                    self.wfile.write(bytes([byte]))
                if not pause_s:
                    self.wfile.write(answer)
            except OSError:
                return  # who asked has gone

        def log_message(self, format: str, *_: object) -> None:  # noqa: A002  the name it has in the base class
            """Say nothing."""

    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    try:
        yield server.server_port
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def ask(monkeypatch: pytest.MonkeyPatch, port: int) -> str | None:
    """Ask a browser at a port."""
    monkeypatch.setattr(debugging_port, "debugging_port", lambda _: port)
    return page_of(1, "Budget - Chromium")


def test_what_is_no_browser_names_no_page(monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither text that is no list nor an answer that is no HTTP nor a closed port is an error."""
    for answer in (b"hello", b"{}", b"[1]", b"\xff\xfe"):
        with answering(answer) as port:
            assert ask(monkeypatch, port) is None
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        assert ask(monkeypatch, closed.getsockname()[1]) is None


def test_an_endless_answer_is_cut_off(monkeypatch: pytest.MonkeyPatch) -> None:
    """A server that sends a byte now and then holds nobody for longer than the time there is."""
    with answering(b"[" + b" " * 100, pause_s=0.02) as port:
        assert ask(monkeypatch, port) is None
