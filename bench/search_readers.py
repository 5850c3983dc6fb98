"""Searching from eight processes while one writes: bench/search_readers.py HOME [--seconds N].

HOME was filled by bench/bulk_days.py or bench/plausible_store.py; it is copied, and the copy is written to.  Each
reader is a process of its own that asks a question by text twice a second.  Half of the time they are alone; then a
writer adds frames, reads them, indexes them and merges the full text as fast as it can.  Printed: median and 95th
percentile of what a search took, wall and CPU, without and with the writer, how many errors there were, and how much
was written.
"""

from __future__ import annotations

import argparse
import random
import shutil
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path

from bench.plausible_store import DAY_US, FRAME_US, SIZE_PX, Days, Document
from bench.search_scale import sample
from index.indexer import Indexer
from index.search import Searcher
from timeline.database import DatabaseError
from timeline.errors import DayreelError
from timeline.home import Home
from timeline.keys import load_key
from timeline.model import Box, NewFrame, PlacedWindow
from timeline.queue import Queue
from timeline.reader import Reader
from timeline.readings import Readings
from timeline.writer import Writer

READERS = 8
QUESTIONS = 40  # different ones of each reader
PAUSE_S = 0.5
FRAMES_AT_ONCE = 8  # read before they are indexed, as the worker does when it is behind


@dataclass(frozen=True, slots=True)
class Asked:
    """One search: wall and CPU seconds, or the error."""

    wall_s: float
    cpu_s: float
    error: str = ""


def read(root: Path, seed: int, until_s: float) -> list[Asked]:
    """Search until a point of the monotonic clock."""
    home, chance = Home(root), random.Random(seed)
    key = load_key(home)
    with Reader.open(home, key) as reader, Searcher.open(home, key, None) as searcher:
        questions = [one.question for one in sample(reader, QUESTIONS, chance)]
        searcher.search(questions[0])
        asked = []
        while time.monotonic() < until_s:
            time.sleep(PAUSE_S * (0.5 + chance.random()))
            wall, cpu, error = time.perf_counter(), time.process_time(), ""
            try:
                searcher.search(chance.choice(questions))
            except (DayreelError, DatabaseError) as found:
                error = f"{type(found).__name__}: {found}"
            asked.append(Asked(time.perf_counter() - wall, time.process_time() - cpu, error))
    return asked


def write(root: Path, until_s: float) -> tuple[int, int]:
    """Add frames and index them until then; return how many frames and passages."""
    home = Home(root)
    key = load_key(home)
    frames = passages = 0
    with Writer.open(home, key) as writer, Reader.open(home, key) as reader:
        newest = reader.newest_frame()
        at_us = (newest.end_us if newest is not None else 0) + DAY_US
        texts = tuple(one.text for one in sample(reader, 300, random.Random(9)))
        days = Days([Document("written", texts)], random.Random(9), 10**9)
        readings, queue, indexer = Readings(writer), Queue(writer), Indexer.open(home, key, None)
        segment_id = writer.open_segment(f"{at_us}.none", 0, at_us, *SIZE_PX)
        while time.monotonic() < until_s:
            for window, lines in days.day():
                placed = (PlacedWindow(window, Box(0, 0, *SIZE_PX)),)
                new = NewFrame(0, at_us, 0, *SIZE_PX, window, segment_id, frames, None, windows=placed)
                readings.keep_reading(writer.add_frame(new, at_us + FRAME_US), lines)
                frames, at_us = frames + 1, at_us + FRAME_US
                if frames % FRAMES_AT_ONCE == 0:
                    passages += indexer.catch_up(reader)
                    queue.finish_read()
                if time.monotonic() > until_s:
                    break
        indexer.close()
    return frames, passages


def tell(name: str, asked: Sequence[Asked]) -> None:
    walls, cpus = sorted(one.wall_s for one in asked), sorted(one.cpu_s for one in asked)
    middle, last = len(asked) // 2, int(len(asked) * 0.95)
    errors = [one.error for one in asked if one.error]
    print(
        f"{name:15} {len(asked):5} searches: wall {1000 * walls[middle]:6.1f} {1000 * walls[last]:6.1f}"
        f"   CPU {1000 * cpus[middle]:6.1f} {1000 * cpus[last]:6.1f} ms (p50, p95)   {len(errors)} errors {errors[:1]}",
        flush=True,
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("home", type=Path)
    parser.add_argument("--seconds", type=float, default=60)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="dayreel-readers-") as folder:
        root = Path(folder) / "home"
        shutil.copytree(options.home, root)
        with get_context("spawn").Pool(READERS + 1) as pool:
            for writing in (False, True):
                until_s = time.monotonic() + options.seconds
                readers = [pool.apply_async(read, (root, seed, until_s)) for seed in range(READERS)]
                writer = pool.apply_async(write, (root, until_s)) if writing else None
                tell("with the writer" if writing else "readers alone", [one for each in readers for one in each.get()])
                if writer is not None:
                    print("{} frames and {} passages were written".format(*writer.get()))


if __name__ == "__main__":
    main()
