"""What the terminal interface costs: steps a second with real decoding, the longest block of the loop, memory, start.

    python bench/interface.py [HOME] [--now ISO] [--frames 2000]

HOME is a recorded home (default: one made by `dayreel demo`).  Runs headless at 160x50 with half-blocks; figures are of
this process.  "Rests" are steps with a pause after each, so that the sharp picture is decoded every time.
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
from dataclasses import replace
from datetime import datetime
from pathlib import Path

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


async def measure(home_path: Path, now: str, steps: int) -> None:
    began_s = time.process_time()
    from dayreel.services import HomePictures, HomeServices
    from dayreel.settings import Settings
    from timeline.clock import FixedClock, to_us
    from timeline.home import Home
    from tui.app import DayreelApp
    from tui.panes import PicturePane
    from tui.picture_mode import PictureMode

    decoded = 0
    bgr = HomePictures.bgr

    def counted(self: HomePictures, frame: object) -> object:
        nonlocal decoded
        decoded += 1
        return bgr(self, frame)  # type: ignore[arg-type]  # the same frame

    HomePictures.bgr = counted  # type: ignore[method-assign, assignment]  # counting only
    services = HomeServices(Home(home_path), Settings(), FixedClock(to_us(datetime.fromisoformat(now))))
    app = DayreelApp(services, replace(PictureMode(), kind="halfblock"))
    async with app.run_test(size=SIZE) as pilot:
        pane = app.screen.query_one(PicturePane)
        shown = 0
        show = pane.show

        def counting(strips: object) -> None:
            nonlocal shown
            shown += 1
            show(strips)  # type: ignore[arg-type]  # the same strips

        while not decoded or not pane._strips:  # noqa: SLF001 - until the first picture is there
            await asyncio.sleep(0.01)
        print(
            f"CPU from the first import to the first picture   {time.process_time() - began_s:6.2f} s   (at most 1.5)"
        )
        pane.show = counting  # type: ignore[method-assign]  # counting only
        await pilot.pause(1)
        gc.collect()
        gc.freeze()
        screen, heart = app.screen, Heart()

        async def hold(count: int, rest_s: float) -> tuple[float, float]:
            """Step there and back; return steps a second and the longest block in ms."""
            heart.start()
            start_s = time.perf_counter()
            screen.action_edge(-1)  # type: ignore[attr-defined]  # the main screen's
            step = 1
            for _ in range(count):
                before = screen._position.index  # type: ignore[attr-defined]  # noqa: SLF001
                screen.action_step(step)  # type: ignore[attr-defined]
                if screen._position.index == before:  # type: ignore[attr-defined]  # noqa: SLF001
                    step = -step
                await asyncio.sleep(rest_s)
            took_s = time.perf_counter() - start_s
            return count / took_s, heart.stop()

        shown = decoded = 0
        rate, block_ms = await hold(150, 1 / 30)  # a keyboard repeats 30 times a second
        took_s = 150 / rate
        print(f"right arrow held: steps a second                 {rate:6.1f}     (at least 15)")
        print(f"  pictures painted a second {shown / took_s:6.1f}     ({decoded / took_s:.1f} of them decoded)")
        print(f"  longest block of the loop                      {block_ms:6.1f} ms  (at most 50)")
        shown = decoded = 0
        rate, block_ms = await hold(30, 0.6)
        print(f"rests: decoded for each step                     {decoded / 30:6.2f}")
        print(f"  longest block of the loop                      {block_ms:6.1f} ms  (at most 50)")
        gc.unfreeze()
        gc.collect()
        before_mb = resident_mb()
        for part in range(4):
            await hold(steps // 4, 0.02)
            await pilot.pause(0.5)
            gc.collect()
            print(f"memory after {(part + 1) * steps // 4:6} steps   {resident_mb():6.0f} MB  (before {before_mb:.0f})")
        await keystrokes(services)
    app._lanes.close()  # noqa: SLF001


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
