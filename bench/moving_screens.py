"""Screens that move as a browser moves them, read by what changed and whole: bench/moving_screens.py [--data DIR].

Chromium shows pages of Debian's own documentation (`--data DIR`: the *.html of another folder) on a virtual screen
with a window manager: smooth scrolling, text between two pixels, two panes, a spinner, a caret, a film with captions,
dark and light, a terminal dragged over the page, pages that come back.  Each picture is grabbed as the recorder sees
it, and read in both ways by the same engine in this process.  Printed for each scene: CPU of reading what changed as a
share of reading whole (all, median and worst picture), and how far the words of both agree: recall of those of the
whole reading, precision, median and worst.  The first picture is read whole by both and counts for neither.

    needs Debian's chromium xterm xvfb openbox xdotool x11-utils debian-handbook, and the dev dependencies
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from itertools import count, islice
from pathlib import Path
from statistics import median

import mss
import numpy as np
from playwright.sync_api import Page, sync_playwright

from ocr.engine import Engine
from ocr.engines import choose_engine
from ocr.incremental import IncrementalReader
from ocr.script import is_wide
from tests.support.virtual_screen import VirtualScreen, open_virtual_screen
from timeline.model import Line, Picture

WIDTH_PX, HEIGHT_PX = 1280, 800
PAGES = Path("/usr/share/doc/debian-handbook/html")
LEAST_BYTES = 20_000  # shorter pages do not scroll
SETTLE_S = 0.8  # until a page has its fonts
CAPTIONS = ("Harbour at dawn", "The keeper climbs", "Nine lamps are lit", "A ledger is kept")
TYPED = "The relay woke at nine and sent its first numbers to the harbour office before the keeper came. "

SPINNER = """() => { const wheel = document.createElement('div');
  wheel.style = 'position:fixed;right:60px;top:60px;width:48px;height:48px;border-radius:50%;border:6px solid #ccc;' +
    'border-top-color:#2060c0';
  wheel.animate([{transform:'rotate(0)'},{transform:'rotate(360deg)'}], {duration:900, iterations:Infinity});
  document.body.append(wheel); }"""
CARET = """() => { const area = document.createElement('textarea');
  area.style = 'position:fixed;left:80px;top:300px;width:700px;height:160px;font:16px sans-serif;z-index:9';
  document.body.append(area); area.focus(); }"""
FILM = """captions => { const film = document.createElement('canvas'), text = document.createElement('div');
  film.width = 480; film.height = 270; film.style = 'position:fixed;right:40px;top:80px;z-index:9';
  text.style = 'position:fixed;right:40px;top:350px;width:480px;font:20px sans-serif;z-index:9;' +
    'background:#000;color:#fff';
  document.body.append(film, text);
  const paint = film.getContext('2d'); let turn = 0;
  const step = () => { turn += 1;
    for (let x = 0; x < 480; x += 12) for (let y = 0; y < 270; y += 12) {
      paint.fillStyle = `hsl(${(x + y + turn * 7) % 360} 60% ${30 + 20 * Math.sin((x * y + turn * 900) / 5000)}%)`;
      paint.fillRect(x, y, 12, 12); }
    text.textContent = captions[Math.floor(turn / 120) % captions.length];
    requestAnimationFrame(step); };
  step(); }"""
BETWEEN = """px => { document.documentElement.style.willChange = 'transform';
  document.body.style.transform = `translateY(${-px}px)`; }"""
DARK = """on => { document.documentElement.style.filter = on ? 'invert(1)' : '';
  document.documentElement.style.background = on ? '#111' : '#fff'; }"""
PANES = """([left, right]) => { document.body.innerHTML = [left, right].map((one, place) =>
  `<iframe src="${one}" style="position:fixed;top:0;left:${50 * place}%;width:50%;height:100%;border:0"></iframe>`)
  .join(''); }"""


@dataclass(frozen=True, slots=True)
class Shot:
    """A picture of the screen and when it was taken."""

    picture: Picture
    at_us: int


class Stage:
    """A browser on a virtual screen, and the pages it shows."""

    def __init__(self, screen: VirtualScreen, page: Page, pages: Sequence[Path]) -> None:
        self.screen, self.page, self.pages = screen, page, pages
        self._next = count()

    def show(self) -> None:
        """Show the next page from its top."""
        self.page.goto(self.pages[next(self._next) % len(self.pages)].as_uri())
        time.sleep(SETTLE_S)


Scene = Callable[[Stage], Generator[None]]
"""Prepares the screen, then changes it a little each time it is asked to go on."""


def main() -> int:
    """Play every scene, read it in both ways and print a row for each."""
    options = _options()
    engine = choose_engine(options.engine)
    engine.read(np.full((64, 256, 3), 255, np.uint8))  # loads what is loaded on first use
    with (
        tempfile.TemporaryDirectory(prefix="moving-screens-") as folder,
        _stage(Path(folder), _pages(options)) as stage,
    ):
        filmed = {name: _filmed(stage, scene, options.frames) for name, scene in SCENES.items()
                  if not options.only or name in options.only}  # fmt: skip
    print(f"{'scene':10} {'frames':>6} {'CPU share':>10} {'median':>7} {'worst':>7} {'area':>6}"
          f" {'recall':>8} {'worst':>7} {'precision':>10} {'worst':>7}")  # fmt: skip
    for name, shots in filmed.items():
        _print(name, _measure(shots, engine))
    return 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=PAGES, help="folder of pages; Debian's handbook unless given")
    parser.add_argument("--engine", default="auto", help="the engine that reads")
    parser.add_argument("--frames", type=int, default=12, help="pictures a scene")
    parser.add_argument("--only", action="append", metavar="NAME", choices=SCENES, help="a scene; all unless given")
    return parser.parse_args()


def _pages(options: argparse.Namespace) -> list[Path]:
    """Return pages of the folder, a few of each language, the same each time."""
    found = sorted(path for path in options.data.rglob("*.html") if path.stat().st_size >= LEAST_BYTES)
    if len(found) < 2:
        sys.exit(f"moving_screens: {options.data} holds fewer than two pages to scroll; name a folder with --data")
    chinese = [path for path in found if any(part.lower().startswith("zh") for part in path.parts)]
    english = [path for path in found if any(part.lower().startswith("en") for part in path.parts)] or found
    apart = [english[place * len(english) // 8] for place in range(8)]
    return [*apart[:4], *chinese[len(chinese) // 2 :][:2], *apart[4:]]


@contextmanager
def _stage(folder: Path, pages: Sequence[Path]) -> Iterator[Stage]:
    with open_virtual_screen(folder, WIDTH_PX, HEIGHT_PX) as screen, sync_playwright() as playwright:
        context = playwright.chromium.launch_persistent_context(
            str(folder / "profile"),
            executable_path="/usr/bin/chromium",
            headless=False,
            no_viewport=True,
            ignore_default_args=["--enable-automation", "--disable-smooth-scrolling"],
            env={**screen.environment},
            args=["--no-sandbox", "--test-type", "--disable-gpu", "--enable-smooth-scrolling",
                  "--allow-file-access-from-files", "--window-position=0,0",
                  f"--window-size={WIDTH_PX},{HEIGHT_PX - 22}"],
        )  # fmt: skip
        yield Stage(screen, context.pages[0], pages)
        context.close()


def _filmed(stage: Stage, scene: Scene, frames: int) -> list[Shot]:
    """Play a scene and take a picture after each of its steps."""
    shots, playing = [], scene(stage)
    with closing(playing), mss.MSS(display=stage.screen.display) as grabber:
        for _ in islice(playing, frames):
            raw = grabber.grab(grabber.monitors[0])
            pixels = np.frombuffer(raw.raw, np.uint8).reshape(raw.height, raw.width, 4)[..., :3]
            shots.append(Shot(np.ascontiguousarray(pixels), time.monotonic_ns() // 1000))
    return shots


def _smooth(stage: Stage) -> Generator[None]:
    stage.show()
    stage.page.mouse.move(400, 400)
    yield
    while True:
        stage.page.mouse.wheel(0, 240)
        for wait_s in (0.05, 0.07, 0.5):  # twice on the way, then where it stopped
            time.sleep(wait_s)
            yield


def _between(stage: Stage) -> Generator[None]:
    stage.show()
    for step in count():
        stage.page.evaluate(BETWEEN, step * 17.37)
        time.sleep(0.3)
        yield


def _panes(stage: Stage) -> Generator[None]:
    stage.show()
    stage.page.evaluate(PANES, [path.as_uri() for path in stage.pages[1:3]])
    time.sleep(2 * SETTLE_S)
    for step in count():
        for place, frame in enumerate(stage.page.frames[1:]):
            frame.evaluate("px => scrollTo(0, px)", step * (90, 53)[place])
        time.sleep(0.3)
        yield


def _spinner(stage: Stage) -> Generator[None]:
    stage.show()
    stage.page.evaluate(SPINNER)
    while True:
        time.sleep(0.4)
        yield


def _caret(stage: Stage) -> Generator[None]:
    stage.show()
    stage.page.evaluate(CARET)
    yield
    for letter in TYPED * 9:
        stage.page.keyboard.type(letter)
        time.sleep(0.37)  # now with the caret, now without
        yield


def _film(stage: Stage) -> Generator[None]:
    stage.show()
    stage.page.evaluate(FILM, CAPTIONS)
    while True:
        time.sleep(0.5)
        yield


def _dark(stage: Stage) -> Generator[None]:
    stage.show()
    for step in count():
        stage.page.evaluate(DARK, step % 4 > 1)
        time.sleep(0.3)
        yield


def _dragged(stage: Stage) -> Generator[None]:
    stage.show()
    yield
    listing = "ls -l /usr/share/doc | head -12; exec sleep 3600"
    stage.screen.start("xterm", "-fa", "DejaVu Sans Mono", "-fs", "11", "-T", "notes", "-geometry", "60x14+60+120",
                       "-e", "sh", "-c", listing)  # fmt: skip
    window = stage.screen.xdotool("search", "--sync", "--onlyvisible", "--name", "^notes$").splitlines()[-1]
    time.sleep(SETTLE_S)
    try:
        for step in count(1):
            yield
            stage.screen.xdotool("windowmove", "--sync", window, str(60 + 37 * step % 500), str(120 + 23 * step % 300))
            time.sleep(0.3)
    finally:
        stage.screen.xdotool("windowclose", window)


def _back(stage: Stage) -> Generator[None]:
    stage.show()
    yield
    stage.show()
    yield
    while True:
        for turn in (stage.page.go_back, stage.page.go_forward):
            turn()
            time.sleep(SETTLE_S)
            yield


SCENES: dict[str, Scene] = {
    "smooth": _smooth,
    "between": _between,
    "panes": _panes,
    "spinner": _spinner,
    "caret": _caret,
    "film": _film,
    "dark": _dark,
    "dragged": _dragged,
    "back": _back,
}


@dataclass(frozen=True, slots=True)
class _Read:
    """What both ways came to on one picture."""

    whole_s: float
    changed_s: float
    area: float
    recall: float
    precision: float


def _measure(shots: Sequence[Shot], engine: Engine) -> list[_Read]:
    reader = IncrementalReader(engine)
    found = []
    for shot in shots:
        started_s = time.process_time()
        whole = _words(engine.read(shot.picture))
        between_s = time.process_time()
        reading = reader.read(shot.picture, shot.at_us)
        ended_s = time.process_time()
        changed = _words(reading.lines)
        both = (whole & changed).total()
        shares = both / max(1, whole.total()), both / max(1, changed.total())
        found.append(_Read(between_s - started_s, ended_s - between_s, reading.share, *shares))
    return found[1:]


def _words(lines: Sequence[Line]) -> Counter[str]:
    """Return the words of the lines; of Chinese, the characters."""
    found = Counter[str]()
    for word in (word for line in lines for word in line.text.split()):
        found.update(word if any(map(is_wide, word)) else [word])
    return found


def _print(name: str, read: Sequence[_Read]) -> None:
    shares = [one.changed_s / one.whole_s for one in read]
    total = sum(one.changed_s for one in read) / sum(one.whole_s for one in read)
    area = sum(one.area for one in read) / len(read)
    recall, precision = [one.recall for one in read], [one.precision for one in read]
    print(f"{name:10} {len(read):>6} {total:>10.3f} {median(shares):>7.3f} {max(shares):>7.3f} {area:>6.3f}"
          f" {median(recall):>8.4f} {min(recall):>7.4f} {median(precision):>10.4f} {min(precision):>7.4f}",
          flush=True)  # fmt: skip


if __name__ == "__main__":
    sys.exit(main())
