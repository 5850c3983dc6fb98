"""Eight simulated hours of recording: does the memory stay flat, are handles left open.

    python bench/long_day.py [--hours 8] [--changes 240] [--seed 1]

The real recorder, segments, spool and timeline on a clock that runs as fast as the machine can and on painted screens
of 1080p: typing, new pages, other windows, titles that change, a password manager, a second monitor that comes and goes
every other hour.  What would be read is marked as read once a simulated minute, so that the spool empties as with a
worker.

Printed for each hour: resident megabytes (largest and at its end), open handles, frames, segments, CPU seconds.  The
first row is the baseline: everything is imported and opened, and nothing has been recorded.  The last line says how
much was added from the end of the first hour to the end of the last.
"""

from __future__ import annotations

import argparse
import os
import random
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import cv2
import numpy as np

from recorder.desktop import Desktop, Grab, Monitor, ScreenWindow
from recorder.exclusions import DEFAULT_APPS, DEFAULT_TITLES
from recorder.keeper import Keeper
from recorder.memory import give_back_large_blocks
from recorder.privacy import Gate
from recorder.recorder import Recorder
from recorder.segments import Segments
from timeline.clock import SECOND_US, FixedClock
from timeline.home import Home
from timeline.keys import Key, load_key
from timeline.model import Box, Window
from timeline.queue import Queue
from timeline.readings import Readings
from timeline.spool import Spool
from timeline.writer import Writer

NINE_US = 1_795_338_000_000_000  # 2026-11-22T09:00:00Z
HOUR_S, MINUTE_S = 3600.0, 60.0
LEAST_STEP_S = 0.01
MAIN, SECOND = (1920, 1080), (1280, 1024)
LINE_PX, ROWS, MARGIN_PX = 24, 42, 40
WORDS = (
    "the",
    "uploader",
    "retries",
    "three",
    "times",
    "then",
    "parks",
    "item",
    "and",
    "tells",
    "its",
    "owner",
    "again",
)
APPS = ("Editor", "Browser", "Terminal", "Mail")


@dataclass(slots=True)
class PaintedDay:
    """A desktop that paints itself: the recorder's screen, windows and trigger in one."""

    dice: random.Random
    pictures: list[Grab] = field(default_factory=lambda: [_blank(MAIN)])
    boxes: list[Box] = field(default_factory=list)
    title: Window = Window("Editor", "notes")
    row: int = 0
    polled: bool = False

    def monitors(self) -> tuple[Monitor, ...]:
        return tuple(
            Monitor(index, index * MAIN[0], 0, picture.shape[1], picture.shape[0])
            for index, picture in enumerate(self.pictures)
        )

    def grab(self, monitor: Monitor, part: Box | None = None) -> Grab | None:
        box = part or Box(0, 0, monitor.width, monitor.height)
        return self.pictures[monitor.index][box.y0 : box.y1, box.x0 : box.x1].copy()

    def look(self) -> Desktop:
        return (ScreenWindow(1, self.title, Box(0, 0, *MAIN), active=True, opaque=True),)

    def take(self) -> tuple[Box, ...]:
        taken, self.boxes = tuple(self.boxes), []
        return taken

    def change(self) -> None:
        """Let one of the things happen that happen on a screen."""
        kind = self.dice.random()
        if kind < 0.6:
            self._line(0, self.row)
            self.row = (self.row + 1) % ROWS
        elif kind < 0.8:
            self._page(0)
        elif kind < 0.97:
            self.title = Window(self.dice.choice(APPS), f"document {self.dice.randrange(50)}")
            self._page(0)
        else:
            self.title = Window("KeePassXC", "vault")

    def plug(self, plugged: bool) -> None:
        """Let the second monitor come or go."""
        if plugged != (len(self.pictures) > 1):
            self.pictures = [*self.pictures, _blank(SECOND)] if plugged else self.pictures[:1]

    def _page(self, monitor: int) -> None:
        for row in range(ROWS):
            self._line(monitor, row)

    def _line(self, monitor: int, row: int) -> None:
        picture = self.pictures[monitor]
        top = 20 + row * LINE_PX
        picture[top : top + LINE_PX] = 250
        text = " ".join(self.dice.choices(WORDS, k=self.dice.randrange(4, 18)))
        cv2.putText(picture, text, (MARGIN_PX, top + 18), cv2.FONT_HERSHEY_SIMPLEX, 0.6, (30, 30, 30), 1, cv2.LINE_AA)
        self.boxes.append(Box(0, top, picture.shape[1], top + LINE_PX))


@dataclass(slots=True)
class Hour:
    """What was measured in an hour."""

    most_bytes: int = 0
    end_bytes: int = 0
    handles: int = 0

    def sample(self) -> None:
        """Look at this process."""
        self.end_bytes = resident_bytes()
        self.most_bytes = max(self.most_bytes, self.end_bytes)
        self.handles = len(list(Path("/proc/self/fd").iterdir()))


@dataclass(slots=True)
class Studio:
    """A recorder on a painted day, and the reader that empties its spool."""

    clock: FixedClock
    day: PaintedDay
    recorder: Recorder
    writer: Writer
    spool: Spool

    def hour(self, number: int, changes: int) -> Hour:
        """Let an hour pass and return what was measured."""
        measured, dice = Hour(), self.day.dice
        end_s = self.clock.monotonic_s() + HOUR_S
        next_change_s = next_minute_s = self.clock.monotonic_s()
        while self.clock.monotonic_s() < end_s:
            now_s = self.clock.monotonic_s()
            if now_s >= next_change_s:
                self.day.change()
                next_change_s = now_s + dice.expovariate(changes / HOUR_S)
            if now_s >= next_minute_s:
                self.day.plug(number % 2 == 1 and end_s - now_s > HOUR_S / 2)
                self.read()
                measured.sample()
                next_minute_s = now_s + MINUTE_S
            self.recorder.step()
            pause_s = min(self.recorder.pause_s(), next_change_s - now_s, next_minute_s - now_s)
            self.clock.advance(max(LEAST_STEP_S, pause_s))
        measured.sample()
        return measured

    def read(self) -> None:
        """Mark what waits as read and let go of its raw pixels."""
        queue, readings = Queue(self.writer), Readings(self.writer)
        while (job := queue.take()) is not None:
            readings.keep_reading(job.frame_id, [])
        queue.finish_read()
        for name in queue.release_spooled():
            self.spool.remove(name)

    def counts(self) -> tuple[int, int]:
        """Return how many frames and segments there are."""
        run = self.writer.db.conn.execute
        return run("SELECT count(*) FROM frames").fetchone()[0], run("SELECT count(*) FROM segments").fetchone()[0]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--hours", type=int, default=8)
    parser.add_argument("--changes", type=int, default=240, help="of the screen, an hour")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    give_back_large_blocks()
    with tempfile.TemporaryDirectory(prefix="long-day-") as folder:
        home = Home(Path(folder) / "home")
        home.create()
        with open_studio(home, load_key(home, create=True), options.seed) as studio:
            record(studio, options.hours, options.changes)


@contextmanager
def open_studio(home: Home, key: Key, seed: int) -> Iterator[Studio]:
    """Open a recorder on a painted day."""
    clock, day, spool = FixedClock(NINE_US), PaintedDay(random.Random(seed)), Spool(home, key)
    with Writer.open(home, key, durable=True) as writer, Writer.open(home, key) as readers_writer:
        keeper = Keeper(writer, spool, Segments(home, key, writer))
        recorder = Recorder(day, day, day, Gate(DEFAULT_APPS, DEFAULT_TITLES), keeper, clock)
        yield Studio(clock, day, recorder, readers_writer, spool)
        recorder.close()


def record(studio: Studio, hours: int, changes: int) -> None:
    """Let the hours pass and print the table."""
    print(f"{'hour':>4}{'most MB':>9}{'end MB':>8}{'handles':>9}{'frames':>8}{'segments':>10}{'CPU s':>7}")
    baseline = Hour()
    baseline.sample()
    _print(0, baseline, (0, 0), 0)
    measured = []
    for number in range(1, hours + 1):
        started = time.process_time()
        measured.append(studio.hour(number, changes))
        _print(number, measured[-1], studio.counts(), time.process_time() - started)
    first, last = measured[0], measured[-1]
    added_mb = (last.end_bytes - first.end_bytes) / 1e6
    print(f"added after the first hour: {added_mb:.1f} MB, {last.handles - first.handles} handles;", end=" ")
    print(f"{studio.clock.now_us() // SECOND_US - NINE_US // SECOND_US} s were recorded")


def resident_bytes() -> int:
    """Return the resident memory of this process."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE")


def _print(number: int, hour: Hour, counts: tuple[int, int], cpu_s: float) -> None:
    most_mb, end_mb = hour.most_bytes / 1e6, hour.end_bytes / 1e6
    print(f"{number:4}{most_mb:9.1f}{end_mb:8.1f}{hour.handles:9}{counts[0]:8}{counts[1]:10}{cpu_s:7.1f}", flush=True)


def _blank(size: tuple[int, int]) -> Grab:
    return np.full((size[1], size[0], 4), 250, np.uint8)


if __name__ == "__main__":
    main()
