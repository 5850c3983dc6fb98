"""What memory a worker takes over many frames: bench/worker_memory.py --data DIR [--frames 2000].

DIR holds folders of pictures of one screen (sequences/); they are played there and back, 0.7 s apart, one folder after
the other, through the real queue to a real `dayreel work` with OCR and embedder.  Printed as one JSON object: resident
megabytes after the first hundred frames, at the end and at most, open descriptors, and the CPU milliseconds a frame.
"""

from __future__ import annotations

import argparse
import json
import signal
import statistics
import tempfile
import time
from collections.abc import Iterator
from itertools import cycle, islice
from pathlib import Path

from ocr.picture_file import load_picture
from tests.support.product import Product, cpu_s
from timeline.clock import SECOND_US
from timeline.home import Home
from timeline.keys import load_key
from timeline.model import NewFrame, Picture, Window
from timeline.reader import Reader
from timeline.spool import Spool
from timeline.writer import Writer

START_US = 1_763_812_800_000_000
MOST_WAITING = 16  # frames in the queue
FIRST = 100  # frames until memory is looked at


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True, help="folder of folders of pictures")
    parser.add_argument("--frames", type=int, default=2000)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="worker-memory-") as scratch:
        home = Home(Path(scratch) / "home")
        home.create()
        key = load_key(home, create=True)
        with Writer.open(home, key) as writer:
            segment_id = writer.open_segment("2025-11-22/120000-m0-played.mp4.sealed", 0, START_US, 1920, 1080)
            spool, worker = Spool(home, key), Product(home.root).start("work")
            sizes: list[tuple[int, float, int]] = []
            try:
                with Reader.open(home, key) as reader:
                    for number, (name, picture) in enumerate(islice(_pictures(options.data), options.frames)):
                        while reader.pending() >= MOST_WAITING:
                            time.sleep(0.05)
                        _commit(writer, spool, segment_id, number, name, picture)
                        if number % 20 == 19:
                            sizes.append((number + 1, *_size(worker.pid)))
                    while reader.pending():
                        time.sleep(0.1)
                    sizes.append((options.frames, *_size(worker.pid)))
                spent_s = cpu_s(worker.pid)
            finally:
                worker.send_signal(signal.SIGINT)
                worker.wait(30)
    first = [size for number, size, _ in sizes if FIRST <= number <= 2 * FIRST]
    print(json.dumps({
        "frames": options.frames,
        "resident MB after the first frames": round(statistics.median(first)) if first else None,
        "resident MB at the end": round(statistics.median(size for _, size, _ in sizes[-5:])),
        "resident MB at most": round(max(size for _, size, _ in sizes)),
        "open descriptors, at most": max(handles for _, _, handles in sizes),
        "CPU ms a frame": round(1000 * spent_s / options.frames),
    }, indent=1))  # fmt: skip


def _pictures(folder: Path) -> Iterator[tuple[str, Picture]]:
    for screen in cycle(sorted(one for one in folder.iterdir() if one.is_dir())):
        paths = sorted(screen.glob("*.png"))
        for path in [*paths, *paths[-2::-1]]:
            yield screen.name, load_picture(path)


def _commit(writer: Writer, spool: Spool, segment_id: int, number: int, name: str, picture: Picture) -> None:
    at_us = START_US + number * 7 * SECOND_US // 10
    height, width = picture.shape[:2]
    entry = spool.put(picture)
    writer.add_frame(
        NewFrame(0, at_us, 0, width, height, Window("Screen", name), segment_id, at_us - START_US, entry)
    )  # fmt: skip


def _size(process: int) -> tuple[float, int]:
    status = Path(f"/proc/{process}/status").read_text()
    resident_kb = int(status.partition("VmRSS:")[2].split()[0])
    return resident_kb / 1000, len(list(Path(f"/proc/{process}/fd").iterdir()))


if __name__ == "__main__":
    main()
