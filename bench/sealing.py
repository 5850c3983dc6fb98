"""What sealing costs: encoding, opening and seeking of sealed segments beside the same bytes in plain files.

For each folder of screens under `--data` (the recorded tour without it) one segment of `--frames` frames is written as
the recorder does it.  Printed: CPU of encoding and of sealing a frame, wall time until a frame is on the disk, then for
the sealed and the plain file in turn: opening and seeks to random frames with the file open, median and 95th
percentile, as wall time and (what a busy machine does not change) as CPU.  All in one process on one thread.
"""

from __future__ import annotations

import argparse
import random
import secrets
import statistics
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import cycle, islice
from pathlib import Path

from dayreel.demo.tour import TOUR
from ocr.picture_file import load_picture
from timeline.clock import SECOND_US
from timeline.model import Picture
from timeline.sealed_file import SealedWriter
from timeline.segment_file import plain_parts
from timeline.video import SegmentReader, SegmentWriter

SEEKS = 200
OPENINGS = 15


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, help="a folder of folders of screens")
    parser.add_argument("--frames", type=int, default=120)
    options = parser.parse_args()
    folders = sorted(one for one in options.data.iterdir() if one.is_dir()) if options.data else [TOUR.recording]
    with tempfile.TemporaryDirectory(prefix="dayreel-sealing-") as scratch:
        for folder in folders:
            screens = [load_picture(path) for path in sorted(folder.glob("*.png"))]
            measure(folder.name, list(islice(cycle(screens + screens[-2:0:-1]), options.frames)), Path(scratch))


def measure(name: str, screens: Sequence[Picture], scratch: Path) -> None:
    """Print the lines of one sequence."""
    secret, sealed = secrets.token_bytes(32), scratch / f"{name}.mp4.sealed"
    height, width = screens[0].shape[:2]
    encode_ms, sync_ms = write(sealed, secret, screens)
    parts = list(plain_parts(sealed, secret))
    plain = scratch / f"{name}.mp4"
    plain.write_bytes(b"".join(parts))
    print(
        f"{name}: {width}x{height}, {len(screens)} frames of {plain.stat().st_size / len(screens) / 1000:.0f} kB;"
        f" CPU a frame {encode_ms:.1f} ms, of that sealing {sealing_ms(parts, scratch):.2f};"
        f" sealed file {100 * (sealed.stat().st_size / plain.stat().st_size - 1):.2f} % longer; fdatasync {sync_ms:.1f}"
    )
    for kind, path in (("sealed", sealed), ("plain", plain)):
        openings, seeks = read(path, secret, width, height, len(screens))
        print(f"  {kind}: opening {openings}; seek {seeks}")


@dataclass(slots=True)
class Times:
    """How long one thing took, again and again, in ms."""

    wall_ms: list[float] = field(default_factory=list)
    cpu_ms: list[float] = field(default_factory=list)

    @contextmanager
    def one(self) -> Iterator[None]:
        """Time one."""
        wall, cpu = time.perf_counter(), time.process_time()
        yield
        self.cpu_ms.append(1000 * (time.process_time() - cpu))
        self.wall_ms.append(1000 * (time.perf_counter() - wall))

    def __str__(self) -> str:
        shown = [
            f"{name} p50 {statistics.median(spent):.0f} p95 {statistics.quantiles(spent, n=20)[-1]:.0f} ms"
            for name, spent in (("wall", self.wall_ms), ("CPU", self.cpu_ms))
        ]
        return ", ".join(shown)


def write(path: Path, secret: bytes, screens: Sequence[Picture]) -> tuple[float, float]:
    """Write a segment; return the median CPU ms of a frame and the median wall ms of bringing it to the disk."""
    height, width = screens[0].shape[:2]
    cpu_ms, sync_ms = [], []
    with SegmentWriter.create(path, secret, width, height, 0) as writer:
        for place, screen in enumerate(screens):
            started = time.process_time()
            writer.write(screen, place * SECOND_US)
            cpu_ms.append(1000 * (time.process_time() - started))
            begun = time.perf_counter()
            writer.sync()
            sync_ms.append(1000 * (time.perf_counter() - begun))
    return statistics.median(cpu_ms), statistics.median(sync_ms)


def sealing_ms(parts: Sequence[bytes], scratch: Path) -> float:
    """Return the CPU ms of sealing and writing one record, on average."""
    path = scratch / "again.sealed"
    started = time.process_time()
    with SealedWriter.create(path, secrets.token_bytes(32)) as writer:
        for part in parts:
            writer.append(part)
    spent_ms = 1000 * (time.process_time() - started)
    path.unlink()
    return spent_ms / len(parts)


def read(path: Path, secret: bytes, width: int, height: int, frames: int) -> tuple[Times, Times]:
    """Return the times of opening a segment, and those of seeks to random frames while it is open."""
    openings, seeks, chosen = Times(), Times(), random.Random(1)
    for _ in range(OPENINGS):
        with openings.one():
            SegmentReader(path, secret, width, height).close()
    with SegmentReader(path, secret, width, height) as reader:
        for _ in range(SEEKS):
            at_us = chosen.randrange(frames) * SECOND_US
            with seeks.one():
                reader.picture(at_us)
    return openings, seeks


if __name__ == "__main__":
    main()
