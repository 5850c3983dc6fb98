"""What the recorder costs while nothing happens, and how soon it keeps what does.

    python bench/watching.py [--still 60] [--changes 60]

Plays on a virtual screen of 1920x1080 with a window manager and terminals; two recorders one after the other, told of
changes by the display and polling it.  Printed as one JSON object, for each of the two: over a still screen the share
of a core, how often it woke, how often and how much it wrote; of lines written at random times the milliseconds from
the change to the commit (p50, p95), and the share of the screens shown for at least a second that were kept.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import signal
import statistics
import tempfile
import threading
import time
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.support.product import Product, children, cpu_s, wait_until
from tests.support.virtual_screen import open_virtual_screen
from timeline.clock import SECOND_US
from timeline.home import Home
from timeline.keys import load_key
from timeline.model import ALL_TIME
from timeline.reader import Reader

WAYS = {"told by the display": "auto", "polling": "poll"}
QUIET_S = 8.0  # until what starts has started
LOOK_S = 0.004
SHOWN_S = (1.0, 2.5)  # how long each written line stands


@dataclass(frozen=True, slots=True)
class Spent:
    """What a process has used up so far."""

    cpu_s: float
    wakes: int
    writes: int
    written_bytes: int


@dataclass(slots=True)
class Commits:
    """When frames were seen to be committed, by another process's look at the store."""

    times: list[float] = field(default_factory=list)

    def watch(self, home: Home, stop: threading.Event) -> None:
        """Look again and again until `stop`."""
        with Reader.open(home, load_key(home)) as reader:
            known = reader.counts().frames
            while not stop.wait(LOOK_S):
                frames = reader.db.execute("SELECT count(*) FROM frames").fetchone()[0]
                if frames > known:
                    self.times.append(time.time())
                    known = frames


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--still", type=float, default=60, help="seconds of a still screen")
    parser.add_argument("--changes", type=int, default=60, help="lines to write")
    options = parser.parse_args()
    print(json.dumps({name: measure(way, options.still, options.changes) for name, way in WAYS.items()}, indent=1))


def measure(way: str, still_s: float, changes: int) -> dict[str, Any]:
    """Return the figures of one way to know of changes."""
    with tempfile.TemporaryDirectory(prefix="watching-") as scratch, _screen(Path(scratch)) as screen:
        home, pipe = Home(Path(scratch) / "home"), Path(scratch) / "pipe"
        home.create()
        home.settings.write_text(f'[recorder]\ntrigger = "{way}"\nidle_minutes = 0\n')
        os.mkfifo(pipe)
        screen.open_terminal("Reading", "a long page", "100x50+1000+60", script="ls -la /usr/bin | head -48")
        screen.focus(screen.open_terminal("Writing", "log", "100x40+40+60", script=f"cat {pipe} 2>/dev/null"))
        with pipe.open("w", buffering=1) as terminal:
            recorder = Product(home.root, screen.display).start("record")
            try:
                wait_until(lambda: Product(home.root).frames() > 0, 30, "the recorder kept no frame")
                process = children(recorder.pid)["recorder"]
                time.sleep(QUIET_S)
                still = _still(process, still_s)
                return {"still screen": still, "changes": _changes(home, terminal, changes)}
            finally:
                recorder.send_signal(signal.SIGINT)
                recorder.wait(15)


def _screen(scratch: Path) -> Any:
    return open_virtual_screen(scratch, 1920, 1080)


def _still(process: int, seconds: float) -> dict[str, Any]:
    before = _spent(process)
    time.sleep(seconds)
    after = _spent(process)
    return {
        "seconds": seconds,
        "per cent of a core": round(100 * (after.cpu_s - before.cpu_s) / seconds, 3),
        "wakes": after.wakes - before.wakes,
        "writes": after.writes - before.writes,
        "bytes to the disk": after.written_bytes - before.written_bytes,
    }


def _changes(home: Home, terminal: Any, changes: int) -> dict[str, Any]:
    """Write lines at random times and return how soon and how many of them were kept."""
    stop, commits, chosen = threading.Event(), Commits(), random.Random(3)
    watcher = threading.Thread(target=commits.watch, args=(home, stop))
    watcher.start()
    time.sleep(2)
    shown = []
    for number in range(changes):
        written = time.time()
        terminal.write(f"line {number} of the log, {chosen.random():.6f}\n")
        time.sleep(chosen.uniform(*SHOWN_S))
        shown.append((written, time.time()))
    time.sleep(3)
    stop.set()
    watcher.join()
    waits = [1000 * (first - start) for start, end in shown if (first := _first(commits.times, start)) is not None]
    with Reader.open(home, load_key(home)) as reader:
        starts = [frame.start_us / SECOND_US for frame in reader.frames(ALL_TIME)]
    kept = [any(start <= one < end for one in starts) for start, end in shown]
    ordered = sorted(waits)
    return {
        "lines": changes,
        "ms to the commit": {
            "p50": round(statistics.median(ordered)),
            "p95": round(ordered[min(len(ordered) - 1, round(0.95 * len(ordered)))]),
        },
        "kept": round(sum(kept) / len(kept), 3),
    }


def _first(times: list[float], after: float) -> float | None:
    return next((one for one in times if one > after), None)


def _spent(process: int) -> Spent:
    status = dict(
        line.split(":", 1) for line in Path(f"/proc/{process}/status").read_text().splitlines() if ":" in line
    )
    wakes = int(status["voluntary_ctxt_switches"])
    for task in Path(f"/proc/{process}/task").iterdir():
        with suppress(OSError):
            if int(task.name) != process:
                text = (task / "status").read_text()
                wakes += int(text.partition("voluntary_ctxt_switches:")[2].split()[0])
    told = dict(line.split(": ") for line in Path(f"/proc/{process}/io").read_text().splitlines())
    return Spent(cpu_s(process), wakes, int(told["syscw"]), int(told["write_bytes"]))


if __name__ == "__main__":
    main()
