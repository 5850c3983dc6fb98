"""Eight simulated hours of recording: does the memory stay flat, are handles left open.

    python bench/long_day.py [--hours 8] [--changes 240] [--seed 1]

The real recorder, segments, spool and timeline on a clock that runs as fast as the machine can and on painted screens
of 1080p: typing, new pages, other windows, titles that change, a password manager, a second monitor that comes and goes
every other hour.  What would be read is marked as read once a simulated minute, so that the spool empties as with a
worker.

Printed for each hour: resident megabytes of the recorder (largest and at the hour's end), without what the painter
takes, which is measured in a process that only paints; open handles, frames, segments, CPU seconds.  The first row is
the baseline: everything is imported and opened, and nothing has been recorded.  The last line says how much was added
from the end of the first hour to the end of the last.
"""

from __future__ import annotations

import argparse
import os
import random
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from bench.painted_day import PaintedDay, own_bytes
from recorder.exclusions import DEFAULT_APPS, DEFAULT_TITLES
from recorder.keeper import Keeper
from recorder.memory import give_back_large_blocks
from recorder.privacy import Gate
from recorder.recorder import Recorder
from recorder.segments import Segments
from timeline.clock import SECOND_US, FixedClock
from timeline.home import Home
from timeline.keys import Key, load_key
from timeline.queue import Queue
from timeline.readings import Readings
from timeline.spool import Spool
from timeline.writer import Writer

NINE_US = 1_795_338_000_000_000  # 2026-11-22T09:00:00Z
HOUR_S, MINUTE_S = 3600.0, 60.0
LEAST_STEP_S = 0.01


@dataclass(slots=True)
class Hour:
    """What was measured in an hour."""

    painter_bytes: int
    most_bytes: int = 0
    end_bytes: int = 0
    handles: int = 0

    def sample(self) -> None:
        """Look at this process."""
        self.end_bytes = resident_bytes() - self.painter_bytes
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
    painter_bytes: int

    def hour(self, number: int, changes: int) -> Hour:
        """Let an hour pass and return what was measured."""
        measured, dice = Hour(self.painter_bytes), self.day.dice
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
        yield Studio(clock, day, recorder, readers_writer, spool, own_bytes())
        recorder.close()


def record(studio: Studio, hours: int, changes: int) -> None:
    """Let the hours pass and print the table."""
    print(f"the painter's own {studio.painter_bytes / 1e6:.1f} MB are not counted")
    print(f"{'hour':>4}{'most MB':>9}{'end MB':>8}{'handles':>9}{'frames':>8}{'segments':>10}{'CPU s':>7}")
    baseline = Hour(studio.painter_bytes)
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


if __name__ == "__main__":
    main()
