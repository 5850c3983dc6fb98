"""What the terminal interface costs: steps a second, the longest block of the loop, memory, start.

    python bench/interface.py [HOME] [--now ISO] [--frames 2000]

HOME is a recorded home (default: one made by `dayreel demo`).  Runs headless at 160x50 with half-blocks; figures are of
this process.  While the arrow is held only thumbnails are painted: how many pictures were decoded is printed beside;
"rests" are steps with a pause after each, so that the sharp picture is decoded every time.
"""

from __future__ import annotations

import argparse
import asyncio
import gc
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any

SIZE = (160, 50)


def resident_mb() -> float:
    """Return what this process holds in memory."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


class Heart:
    """Beats on the loop every millisecond and keeps the longest pause between two beats."""

    def __init__(self) -> None:
        self.longest_s = 0.0
        self._task: asyncio.Task[None] | None = None

    async def _beat(self) -> None:
        last = time.perf_counter()
        while True:
            await asyncio.sleep(0.001)
            now = time.perf_counter()
            self.longest_s = max(self.longest_s, now - last)
            last = now

    def start(self) -> None:
        self.longest_s = 0.0
        self._task = asyncio.ensure_future(self._beat())

    def stop(self) -> float:
        assert self._task is not None
        self._task.cancel()
        return self.longest_s * 1000


@dataclass
class Counts:
    """How many pictures were decoded and painted."""

    decoded: int = 0
    shown: int = 0

    def begin(self) -> None:
        """Count from nought."""
        self.decoded = self.shown = 0


def count_decoding(counts: Counts) -> None:
    """Count each picture that is decoded."""
    from dayreel.services import HomePictures

    bgr = HomePictures.bgr

    def counted(self: HomePictures, frame: object) -> object:
        counts.decoded += 1
        return bgr(self, frame)  # type: ignore[arg-type]  # the same frame

    HomePictures.bgr = counted  # type: ignore[method-assign, assignment]  # counting only


def count_painting(counts: Counts, pane: Any) -> None:
    """Count each picture that a pane is given."""
    show = pane.show

    def counting(strips: object) -> None:
        counts.shown += 1
        show(strips)

    pane.show = counting


async def measure(home_path: Path, now: str, steps: int) -> None:
    began_s = time.process_time()
    from dayreel.services import HomeServices
    from dayreel.settings import Settings
    from timeline.clock import FixedClock, to_us
    from timeline.home import Home
    from tui.app import DayreelApp
    from tui.panes import PicturePane
    from tui.picture_mode import PictureMode

    counts = Counts()
    count_decoding(counts)
    services = HomeServices(Home(home_path), Settings(), FixedClock(to_us(datetime.fromisoformat(now))))
    app = DayreelApp(services, replace(PictureMode(), kind="halfblock"))
    async with app.run_test(size=SIZE) as pilot:
        pane = app.screen.query_one(PicturePane)
        while not counts.decoded or not pane._strips:  # noqa: SLF001 - until the first picture is there
            await asyncio.sleep(0.01)
        print(
            f"CPU from the first import to the first picture   {time.process_time() - began_s:6.2f} s   (at most 1.5)"
        )
        count_painting(counts, pane)
        await pilot.pause(1)
        gc.collect()
        gc.freeze()
        held = partial(hold, app.screen, Heart())
        counts.begin()
        rate, block_ms = await held(150, 1 / 30)  # a keyboard repeats 30 times a second
        took_s = 150 / rate
        print(f"right arrow held, thumbnails: steps a second     {rate:6.1f}     (at least 15)")
        shown, decoded = counts.shown / took_s, counts.decoded / took_s
        print(f"  pictures painted a second {shown:6.1f}     ({decoded:.1f} of them decoded)")
        print(f"  longest block of the loop                      {block_ms:6.1f} ms  (at most 50)")
        counts.begin()
        rate, block_ms = await held(30, 0.6)
        print(f"rests: decoded for each step                     {counts.decoded / 30:6.2f}")
        print(f"  longest block of the loop                      {block_ms:6.1f} ms  (at most 50)")
        await memory(held, pilot, steps)
        await keystrokes(services)
    app._lanes.close()  # noqa: SLF001


async def hold(screen: Any, heart: Heart, count: int, rest_s: float) -> tuple[float, float]:
    """Step there and back on the main screen; return steps a second and the longest block in ms."""
    heart.start()
    start_s = time.perf_counter()
    screen.action_edge(-1)
    step = 1
    for _ in range(count):
        before = screen._position.index  # noqa: SLF001
        screen.action_step(step)
        if screen._position.index == before:  # noqa: SLF001
            step = -step
        await asyncio.sleep(rest_s)
    took_s = time.perf_counter() - start_s
    return count / took_s, heart.stop()


async def memory(held: Callable[[int, float], Awaitable[tuple[float, float]]], pilot: Any, steps: int) -> None:
    """Print what is resident after each quarter of the steps."""
    gc.unfreeze()
    gc.collect()
    before_mb = resident_mb()
    for part in range(4):
        await held(steps // 4, 0.02)
        await pilot.pause(0.5)
        gc.collect()
        print(f"memory after {(part + 1) * steps // 4:6} steps   {resident_mb():6.0f} MB  (before {before_mb:.0f})")


async def keystrokes(services: object) -> None:
    """Print how long the unfinished query takes, letter by letter."""
    from index.filters import Filters

    times: list[float] = []
    with services.searcher() as searcher:  # type: ignore[attr-defined]  # HomeServices
        for word in ("freeze and thaw", "battery", "灰度策略", "release plan", "invoice"):
            for length in range(1, len(word) + 1):
                start_s = time.perf_counter()
                searcher.search(word[:length], Filters(), 50, "hybrid", unfinished=True)
                times.append((time.perf_counter() - start_s) * 1000)
    times.sort()
    median_ms, p95_ms = times[len(times) // 2], times[int(len(times) * 0.95)]
    print(f"keystroke to results: median, p95                {median_ms:6.1f}, {p95_ms:.1f} ms  (p95 at most 150)")


def demo_home() -> Path:
    """Return a home with the bundled recording."""
    home = Path(tempfile.mkdtemp(prefix="interface-")) / "home"
    subprocess.run([sys.executable, "-m", "dayreel", "--home", str(home), "demo"], check=True, capture_output=True)
    return home


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("home", nargs="?", type=Path)
    options.add_argument("--now", default="2026-03-11T19:00")
    options.add_argument("--frames", type=int, default=2000)
    chosen = options.parse_args()
    home = chosen.home or demo_home()
    asyncio.run(measure(home, chosen.now, chosen.frames))


if __name__ == "__main__":
    main()
