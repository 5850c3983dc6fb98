"""What a look at the screen, a kept frame and a seek cost, and how large frames are beside PNG.

    python bench/recording.py [--data DIR]

DIR holds one folder a sequence of screens (PNG files in the order of their names); without it the bundled recording is
taken.  Printed: CPU milliseconds (medians) of comparing a frame with the last one, of putting it into the spool and
into a segment; bytes of a changed frame in the segment and as PNG; wall milliseconds of decoding random instants of one
segment; CPU seconds of `dayreel --help`.
"""

from __future__ import annotations

import argparse
import random
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from itertools import pairwise
from pathlib import Path
from typing import TypeVar

import numpy as np

from dayreel.demo.tour import TOUR
from ocr.picture_file import load_picture
from recorder.changes import changed_tiles
from timeline.clock import SECOND_US
from timeline.home import Home
from timeline.keys import derive, load_key
from timeline.model import Picture
from timeline.spool import Spool
from timeline.video import SegmentReader, SegmentWriter

Item = TypeVar("Item")
SEEKS = 100
HELPS = 5


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, help="a folder of folders of screens")
    options = parser.parse_args()
    folders = sorted(one for one in options.data.iterdir() if one.is_dir()) if options.data else [TOUR.recording]
    with tempfile.TemporaryDirectory(prefix="dayreel-recording-") as scratch:
        for folder in folders:
            measure(folder, Path(scratch) / folder.name)
    print(f"dayreel --help: {statistics.median(help_cpu_s() for _ in range(HELPS)):.2f} s of CPU")


def measure(folder: Path, scratch: Path) -> None:
    """Print one line for a sequence of screens."""
    files = sorted(folder.glob("*.png"))
    screens = [load_picture(path) for path in files]
    home = Home(scratch)
    home.create()
    key = load_key(home, create=True)
    spool = Spool(home, key)
    grabs = [np.dstack([screen, np.zeros(screen.shape[:2], np.uint8)]) for screen in screens]
    same_ms = median_cpu_ms(lambda pair: changed_tiles(*pair), [(grab, grab.copy()) for grab in grabs])
    changed_ms = median_cpu_ms(lambda pair: changed_tiles(*pair), list(pairwise(grabs)))
    spool_ms = median_cpu_ms(spool.put, screens)
    video_ms, size_bytes, seeks_ms = measure_video(scratch / "all.mp4.sealed", derive(key, "video"), screens)
    png_bytes = sum(path.stat().st_size for path in files[1:]) / (len(files) - 1)
    height, width = screens[0].shape[:2]
    print(
        f"{folder.name}: {width}x{height}, {len(screens)} screens;"
        f" CPU ms: same {same_ms:.1f}, changed {changed_ms:.1f}, spool {spool_ms:.0f}, video {video_ms:.0f};"
        f" a changed frame {size_bytes / 1000:.0f} kB, as PNG {png_bytes / 1000:.0f} kB;"
        f" seek {statistics.median(seeks_ms):.0f} ms, at most {max(seeks_ms):.0f}"
    )


def measure_video(path: Path, secret: bytes, screens: Sequence[Picture]) -> tuple[float, float, list[float]]:
    """Return CPU ms a frame, bytes a changed frame after the first, and wall ms of each seek."""
    height, width = screens[0].shape[:2]
    writer = SegmentWriter.create(path, secret, width, height, 0)
    writer.write(screens[0], 0)
    first_bytes = path.stat().st_size
    started = time.process_time()
    times_us = [writer.write(screen, place * SECOND_US) for place, screen in enumerate(screens[1:], 1)]
    video_ms = 1000 * (time.process_time() - started) / len(times_us)
    writer.close()
    size_bytes = (path.stat().st_size - first_bytes) / len(times_us)
    reader, chosen = SegmentReader(path, secret, width, height), random.Random(1)
    seeks_ms = []
    for _ in range(SEEKS):
        started = time.perf_counter()
        reader.picture(chosen.choice(times_us))
        seeks_ms.append(1000 * (time.perf_counter() - started))
    reader.close()
    return video_ms, size_bytes, seeks_ms


def median_cpu_ms(work: Callable[[Item], object], items: Sequence[Item]) -> float:
    """Return the median CPU milliseconds of a piece of work over items."""
    spent = []
    for item in items:
        started = time.process_time()
        work(item)
        spent.append(1000 * (time.process_time() - started))
    return statistics.median(spent)


def help_cpu_s() -> float:
    """Return the CPU seconds of one `dayreel --help`."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run([sys.executable, "-m", "dayreel", "--help"], stdout=subprocess.DEVNULL, check=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


if __name__ == "__main__":
    main()
