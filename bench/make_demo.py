"""Makes the bundled demo recording: dayreel/demo/recording/*.png and dayreel/demo/recording.windows.jsonl.

Two days of one Nora Feld at a made-up company that builds buoys: pages of bench/demo_pages/ in Chromium, a terminal, an
editor, on a virtual screen with a window manager, each grabbed as a screenshot tool would.  Only the times are acted.

    python bench/make_demo.py                    needs Debian's chromium xterm vim xvfb openbox xdotool x11-utils
                                                 fonts-dejavu fonts-noto-cjk, and the dev dependencies
"""

from __future__ import annotations

import argparse
import json
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from itertools import pairwise
from pathlib import Path
from threading import Thread

import mss
from PIL import Image
from playwright.sync_api import Page, sync_playwright

from tests.support.virtual_screen import VirtualScreen, open_virtual_screen

ROOT = Path(__file__).resolve().parents[1]
PAGES = ROOT / "bench" / "demo_pages"
OUT = ROOT / "dayreel" / "demo"
WIDTH_PX, HEIGHT_PX = 1280, 800
COLOURS = 64  # of the palette: text stays as it was for the eye and the OCR engine, a third of the bytes
STANDS_S = 60  # as dayreel's import takes it where no picture follows
SETTLE_S = 0.8  # until fonts, scrolling and the caret stand still

MORNING_NOTES = """10 March
- Marta wants the numbers for travel and certification by Thursday noon
- ask Northquay: how many freeze and thaw cycles does the gasket survive?
- certificate of relay-3 expires on 22 March, tell Jonas
"""
CALL_NOTES = """11 March, call with Ewan Hale (Northquay)
- gasket kit is good for 60 cycles, we need 40: question closed
- second lot of 40 housings can leave on 18 May if ordered before 27 April
- he offers 3 % off when we pay the invoice within ten days
"""
EVENING_NOTES = """For Marta, second quarter:
- field travel 6,200 EUR, of it 1,870 for Qingdao
- certification 14,900 EUR, laboratory booked for 20 April, do not move it
- order half of the batteries before June, saves 740 EUR
"""


class Desk:
    """One virtual desk: a browser, and terminals opened over it."""

    def __init__(self, screen: VirtualScreen, page: Page, folder: Path) -> None:
        self.screen, self.page, self.folder = screen, page, folder
        self.terminal: str | None = None

    def show(self, address: str, heading: str) -> None:
        """Show a page from its top, or from one of its headings."""
        self._close_terminal()
        self.page.goto(f"http://{address}")
        if heading:
            self.page.locator("h2", has_text=heading).evaluate("heading => heading.scrollIntoView()")
        self.page.mouse.click(8, 300)  # takes the focus from the address bar
        self.screen.focus(self.screen.xdotool("search", "--onlyvisible", "--class", "chromium").splitlines()[-1])

    def run(self, title: str, command: str, listing: str) -> None:
        """Run a command in a new terminal; what it prints stands in a file of the pages."""
        shutil.copy(PAGES / listing, self.folder / listing)
        script = self.folder / command.split()[0]
        script.write_text(f"#!/bin/sh\ncat {listing}\n")
        script.chmod(0o755)
        self._terminal(title, "126x36+30+40", f"cd {self.folder}; PS1='nora@workshop:~/kelp$ ' exec sh")
        self.type(f"{command}\n")

    def edit(self, title: str) -> None:
        """Open an empty file in an editor."""
        self._terminal(title, "96x28+140+90", "exec vim -u NONE -i NONE -n '+set nocompatible linebreak' +startinsert")

    def type(self, text: str) -> None:
        """Type into the window with the focus."""
        self.screen.xdotool("type", "--delay", "12", "--", text)

    def window(self) -> dict[str, str]:
        """Return class and title of the window with the focus."""
        active = self.screen.xdotool("getactivewindow")
        app = self.screen.run("xprop", "-id", active, "WM_CLASS").split('"')[-2]
        return {"app": app, "title": self.screen.xdotool("getwindowname", active)}

    def _close_terminal(self) -> None:
        if self.terminal is not None:
            self.screen.xdotool("windowclose", self.terminal)
            self.terminal = None

    def _terminal(self, title: str, geometry: str, script: str) -> None:
        self._close_terminal()
        font = ("-fa", "DejaVu Sans Mono", "-fs", "11")
        self.screen.start("xterm", *font, "-T", title, "-geometry", geometry, "-e", "sh", "-c", script)
        self.terminal = self.screen.xdotool("search", "--sync", "--onlyvisible", "--name", f"^{title}$").splitlines()[
            -1
        ]
        self.screen.focus(self.terminal)
        time.sleep(SETTLE_S)


@dataclass(frozen=True, slots=True)
class Shot:
    """One screenshot of the story: what is done just before it, and when the story says that it was taken."""

    at: str
    act: Callable[[Desk], None]


def _web(address: str, heading: str = "") -> Callable[[Desk], None]:
    return lambda desk: desk.show(address, heading)


def _command(title: str, command: str, listing: str) -> Callable[[Desk], None]:
    return lambda desk: desk.run(title, command, listing)


def _notes(title: str, text: str) -> Callable[[Desk], None]:
    def act(desk: Desk) -> None:
        if desk.window()["title"] != title:
            desk.edit(title)
        desk.type(text)

    return act


_FIRST, _SECOND = MORNING_NOTES[: MORNING_NOTES.index("- ask")], MORNING_NOTES[MORNING_NOTES.index("- ask") :]
STORY = (
    Shot("2026-03-10 09:02:10", _web("docs.tern.example/design.html")),
    Shot("2026-03-10 09:02:52", _web("docs.tern.example/design.html", "3. Uplink")),
    Shot(
        "2026-03-10 09:03:31", _web("docs.tern.example/design.html", "3. Uplink")
    ),  # nothing changed: no frame of its own
    Shot("2026-03-10 09:31:05", _web("issues.tern.example/issue.html")),
    Shot("2026-03-10 09:31:47", _web("issues.tern.example/issue.html", "How to see it")),
    Shot("2026-03-10 10:00:40", _command("deploy log", "./deploy staging 2.4.0-rc1", "deploy.txt")),
    Shot("2026-03-10 10:41:20", _notes("notes.txt - editor", _FIRST)),
    Shot("2026-03-10 10:41:58", _notes("notes.txt - editor", _SECOND)),
    Shot("2026-03-10 14:05:03", _web("docs.tern.example/plan.html")),
    Shot("2026-03-10 14:05:44", _web("docs.tern.example/plan.html", "三、灰度策略")),
    Shot("2026-03-10 14:31:10", _web("chat.tern.example/chat.html")),
    Shot("2026-03-10 16:20:15", _web("tables.tern.example/budget.html")),
    Shot("2026-03-10 16:20:59", _web("tables.tern.example/budget.html", "Questions from finance")),
    Shot("2026-03-11 08:56:30", _web("calendar.tern.example/calendar.html")),
    Shot("2026-03-11 09:10:05", _web("docs.tern.example/report.html")),
    Shot("2026-03-11 09:10:48", _web("docs.tern.example/report.html", "三、天气和电量")),
    Shot("2026-03-11 11:20:30", _command("restart test", "./restarts --all", "restarts.txt")),
    Shot("2026-03-11 11:42:16", _web("issues.tern.example/issue.html?v=2")),
    Shot("2026-03-11 11:42:50", _web("issues.tern.example/issue.html?v=2", "Comments")),
    Shot("2026-03-11 13:35:20", _web("orders.northquay.example/invoice.html")),
    Shot("2026-03-11 13:52:10", _notes("call.txt - editor", CALL_NOTES)),
    Shot("2026-03-11 15:15:05", _web("chat.tern.example/chat.html?v=2")),
    Shot("2026-03-11 16:24:40", _web("docs.tern.example/plan.html?v=2")),
    Shot("2026-03-11 16:25:21", _web("docs.tern.example/plan.html?v=2", "三、灰度策略")),
    Shot("2026-03-11 17:20:10", _notes("numbers.txt - editor", EVENING_NOTES)),
)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=Path, default=OUT)
    out = parser.parse_args().out
    recording = out / "recording"
    shutil.rmtree(recording, ignore_errors=True)
    recording.mkdir(parents=True)
    with tempfile.TemporaryDirectory(prefix="demo-") as folder, _desk(Path(folder)) as desk:
        windows = [_take(desk, shot, recording) for shot in STORY]
    _write_windows(windows, recording.with_name("recording.windows.jsonl"))
    size_bytes = sum(path.stat().st_size for path in recording.iterdir())
    print(f"{len(STORY)} frames, {size_bytes / 1e6:.2f} MB in {recording}")


@contextmanager
def _desk(folder: Path) -> Iterator[Desk]:
    handler = partial(_QuietHandler, directory=str(PAGES))
    with (
        open_virtual_screen(folder, WIDTH_PX, HEIGHT_PX) as screen,
        ThreadingHTTPServer(("127.0.0.1", 0), handler) as server,
    ):
        Thread(target=server.serve_forever, daemon=True).start()
        screen.run("xsetroot", "-solid", "#3a4a5a")
        preferences = folder / "profile" / "Default" / "Preferences"
        preferences.parent.mkdir(parents=True)
        preferences.write_text('{"translate": {"enabled": false}}')
        with sync_playwright() as playwright:
            context = playwright.chromium.launch_persistent_context(
                str(folder / "profile"),
                executable_path="/usr/bin/chromium",
                headless=False,
                no_viewport=True,
                ignore_default_args=["--enable-automation"],
                env={**screen.environment},
                args=[
                    "--no-sandbox",
                    "--test-type",  # no bar about the missing sandbox, which root cannot have
                    "--disable-gpu",
                    "--disable-features=HttpsUpgrades",
                    "--window-position=0,0",
                    f"--window-size={WIDTH_PX},{HEIGHT_PX - 22}",  # the window manager's title bar
                    f"--host-resolver-rules=MAP *.example 127.0.0.1:{server.server_port}",
                ],
            )
            yield Desk(screen, context.pages[0], folder)
            context.close()
        server.shutdown()


class _QuietHandler(SimpleHTTPRequestHandler):
    """Serves the pages without a word."""

    def log_message(self, *_: object) -> None: ...


def _take(desk: Desk, shot: Shot, recording: Path) -> dict[str, str]:
    """Act, grab the screen under the story's time and return its window."""
    shot.act(desk)
    time.sleep(SETTLE_S)
    with mss.MSS(display=desk.screen.display) as grabber:
        raw = grabber.grab(grabber.monitors[0])
    picture = Image.frombytes("RGB", raw.size, raw.bgra, "raw", "BGRX").quantize(COLOURS, dither=Image.Dither.NONE)
    stamp = datetime.fromisoformat(shot.at)
    picture.save(recording / f"Screenshot from {stamp:%Y-%m-%d %H-%M-%S}.png", optimize=True)
    return {"start": stamp.isoformat(), "end": (stamp + timedelta(seconds=STANDS_S)).isoformat(), **desk.window()}


def _write_windows(windows: list[dict[str, str]], path: Path) -> None:
    """Write the sidecar; a stretch ends where the next one begins."""
    for window, following in pairwise(windows):
        window["end"] = min(window["end"], following["start"])
    path.write_text("".join(json.dumps(window, ensure_ascii=False) + "\n" for window in windows), encoding="utf-8")


if __name__ == "__main__":
    main()
