"""Cuts the power at random points of a recording, on a disk that forgets, and looks at what is left.

    python bench/power_cut.py [--points 100] [--seconds 60] [--seed 1] [--starts 3] [--keep FOLDER]

`dayreel record` runs on a virtual screen that changes all the time, with strace writing down each write, sync, rename
and removal below its home (needs strace and the right to trace).  These are replayed up to random points in four views
(bench/disk_model.py): "kill" forgets nothing and is the baseline; "ext4" and "posix" forget at random what was not
synced; "deaf" obeys no sync and shows what the syncs are worth.  Each time the store is opened, checked, read and
mended as the next recorder's start does it.

Printed as one JSON object, for each view: stores that did not open, databases that are not whole, frames found without
a picture before and after the mending, frames and seconds lost against "kill" (median and most).  `starts`: how many of
the stores left by the last points a real recorder then went on with, and of how many.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench.busy_screen import open_busy_screen, recording_environment
from bench.disk_model import Disk, View
from bench.disk_trace import CALLS, Operation, Trace
from bench.left_store import Reach, broken_databases, lost_pictures, reach
from recorder.segments import Segments
from tests.support.product import ROOT, Product, wait_until
from timeline.clock import SECOND_US
from timeline.database import DatabaseError, open_database
from timeline.errors import DayreelError
from timeline.home import Home
from timeline.keys import load_key
from timeline.spool import Spool
from timeline.writer import Writer

VIEWS: tuple[View, ...] = ("kill", "ext4", "posix", "deaf")
START_S = 60.0  # a traced recorder keeps its first frame within this
END_S = 60.0
MOST_STARTS = 5  # the stores of so many last points are kept to start a recorder on
STARTED_S = 3.0  # how long a recorder that goes on with a store records


@dataclass(frozen=True, slots=True)
class Remains:
    """What one cut left."""

    error: str | None
    """The class of the error that opening raised."""
    broken: tuple[str, ...]
    unreadable: int
    unreadable_after_mending: int
    reach: Reach


@dataclass(frozen=True, slots=True)
class Recording:
    """What was asked of the disk while recording, and the environment it ran in."""

    home: Home
    operations: Sequence[Operation]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--points", type=int, default=100)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--starts", type=int, default=3, help="real recorders started on what is left")
    parser.add_argument("--keep", type=Path, help="keep the record of the calls in this folder")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="power-cut-") as scratch:
        folder = options.keep or Path(scratch)
        folder.mkdir(parents=True, exist_ok=True)
        figures = cut_and_look(folder, options.seconds, options.points, random.Random(options.seed), options.starts)
        print(json.dumps(figures, indent=1))


def cut_and_look(folder: Path, seconds: float, points: int, dice: random.Random, starts: int) -> dict[str, Any]:
    """Record, cut the power at so many points and return the figures."""
    with open_busy_screen(folder / "programs") as screen:
        recording = record(folder, screen.display, seconds)
        remains = replay(recording, folder / "left", points, dice)
        went_on = (
            [go_on(path, screen.display) for path in sorted((folder / "left").iterdir())[-starts:]] if starts else []
        )
    return {
        "operations": dict(Counter(one.kind for one in recording.operations)),
        "points": points,
        **{view: summary(left, remains["kill"]) for view, left in remains.items()},
        "starts": f"{sum(went_on)} of {len(went_on)}",
    }


def record(folder: Path, display: str, seconds: float) -> Recording:
    """Record for so many seconds from the first frame on, and return what was asked of the disk."""
    home, calls = Home(folder / "home"), folder / "calls.txt"
    product = Product(home.root, display)
    tracer = subprocess.Popen(
        ["strace", "-f", "-y", "-xx", "-s", "100000000", "--seccomp-bpf", "-e", f"trace={CALLS}", "-o", str(calls),
         sys.executable, "-m", "dayreel", "--home", str(home.root), "record"],
        cwd=ROOT, env=recording_environment(display),
    )  # fmt: skip
    try:
        wait_until(lambda: product.frames() > 0, START_S, "the traced recorder kept no frame")
        time.sleep(seconds)
    finally:
        (traced,) = Path(f"/proc/{tracer.pid}/task/{tracer.pid}/children").read_text().split()
        os.kill(int(traced), signal.SIGINT)
        tracer.wait(END_S)
    with calls.open(encoding="ascii") as lines:
        return Recording(home, list(Trace(str(home.root)).operations(lines)))


def replay(recording: Recording, folder: Path, points: int, dice: random.Random) -> dict[View, list[Remains]]:
    """Cut the power at random points, in each view, and return what was left; the last stores stay in the folder."""
    disks = {view: Disk(view) for view in VIEWS}
    remains: dict[View, list[Remains]] = {view: [] for view in VIEWS}
    done = 0
    for point, stop in enumerate(sorted(dice.sample(range(1, len(recording.operations)), points))):
        for view, disk in disks.items():
            disk.run(recording.operations[done:stop])
            home = Home(folder / f"{point:04}-{view}")
            lay_out(disk.after_cut(dice), home.root)
            remains[view].append(look(home, mend=view != "kill"))
            if view in ("kill", "deaf") or point < points - MOST_STARTS:
                shutil.rmtree(home.root)
        done = stop
    return remains


def lay_out(left: dict[str, bytes | None], root: Path) -> None:
    """Write what was left into a new folder."""
    root.mkdir(parents=True, mode=0o700)
    for path, data in left.items():
        if data is None:
            (root / path).mkdir(mode=0o700, exist_ok=True)
        else:
            (root / path).touch(mode=0o600)
            (root / path).write_bytes(data)


def look(home: Home, *, mend: bool) -> Remains:
    """Open a store, read its pictures, mend it as a starting recorder does, and check it."""
    try:
        key = load_key(home, create=True)
        with Writer.open(home, key, durable=True) as writer:
            found = reach(home)
            if not mend:
                return Remains(None, (), 0, 0, found)
            unreadable = lost_pictures(home)
            Segments(home, key, writer).close_left_open(Spool(home, key))
            writer.begin_recording(found.newest_us + 1)
            left_open = [f"segment {segment.id}" for segment in writer.open_segments()]
        # Closed and opened first: SQLCipher checks the main file alone, and what was committed may stand in a journal.
        if home.index_database.exists():
            open_database(home.index_database, key).close()
        return Remains(None, (*left_open, *broken_databases(home)), unreadable, lost_pictures(home), found)
    except (DayreelError, DatabaseError) as error:
        return Remains(type(error).__name__, (), 0, 0, Reach(0, 0, 0))


def go_on(root: Path, display: str) -> bool:
    """Tell whether a real recorder goes on with a store: new frames, a good end, all pictures there."""
    product = Product(root, display)
    before = product.frames()
    recorder = product.start("record")
    try:
        wait_until(lambda: product.frames() > before, START_S, "no new frames came in")
        time.sleep(STARTED_S)
    finally:
        recorder.send_signal(signal.SIGINT)
        code = recorder.wait(END_S)
    return code == 0 and not broken_databases(Home(root)) and lost_pictures(Home(root)) == 0


def summary(remains: Sequence[Remains], baseline: Sequence[Remains]) -> dict[str, Any]:
    """Return the figures of one view."""
    lost = [lost_s(after.reach, before.reach) for after, before in zip(remains, baseline, strict=True)]
    frames = [before.reach.frames - after.reach.frames for after, before in zip(remains, baseline, strict=True)]
    return {
        "not opened": dict(Counter(one.error for one in remains if one.error)),
        "not whole": dict(Counter(name for one in remains for name in one.broken)),
        "frames found, at the last point": remains[-1].reach.frames,
        "frames without a picture": sum(one.unreadable for one in remains),
        "frames without a picture after mending": sum(one.unreadable_after_mending for one in remains),
        "frames lost": {"median": statistics.median(frames), "most": max(frames)},
        "seconds lost": {"median": round(statistics.median(lost), 3), "most": round(max(lost), 3)},
    }


def lost_s(after: Reach, before: Reach) -> float:
    """Return the seconds that were known before a cut and are not after it."""
    return (before.newest_us - (after.newest_us or before.first_us)) / SECOND_US


if __name__ == "__main__":
    main()
