"""What older pixels cost: segments as recorded beside the same made smaller, thumbnails, seeks in each.

    python bench/older_pixels.py HOME

HOME is the data folder of a recording that has ended (bench/played_day.py --keep makes one); a copy is measured, HOME
stays as it is.  Printed: bytes of the video as recorded and made smaller, an hour of recording each; CPU seconds of
that and what it leaves in memory; wall milliseconds (p50, p95) of decoding random instants of an open segment, before
and after; thumbnails: how many for how many frames, bytes each and an hour, CPU milliseconds of making one, wall
milliseconds of `Thumbnails.of`; what is left an hour, everything counted, with what an empty home takes and without:
that is paid once, and a short recording pays it all.
"""

from __future__ import annotations

import argparse
import os
import random
import shutil
import statistics
import tempfile
import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from index.store import open_for_writing as open_index
from timeline.home import Home
from timeline.keys import derive, load_key
from timeline.missing_thumbnails import MissingThumbnails
from timeline.model import ALL_TIME, Frame
from timeline.pictures import Pictures
from timeline.reader import Reader
from timeline.reencoding import Reencoding
from timeline.sealing import Sealing
from timeline.thumbnails import Thumbnails, ThumbnailWriter
from timeline.usage import HomeBytes, Usage
from timeline.video import SegmentReader
from timeline.writer import Writer

SEEKS = 200
FAR_FUTURE_US = 1 << 60


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("home", type=Path, help="the data folder of a recording that has ended")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="dayreel-older-") as scratch:
        copy = Path(scratch) / "home"
        shutil.copytree(options.home, copy)
        measure(Home(copy))


def measure(home: Home) -> None:
    """Print the figures of a home, which is changed."""
    key = load_key(home)
    with Writer.open(home, key, durable=True) as writer, Reader.open(home, key) as reader:
        sealing = Sealing(home, key, writer)
        while sealing.step():
            pass
        frames = reader.frames(ALL_TIME)
        hours = (frames[-1].end_us - frames[0].start_us) / 3.6e9
        recorded = Usage(home).measure()
        tell_video("as recorded", recorded, hours, seeks_ms(home, reader, derive(key, "video"), frames))
        measure_thumbnails(home, reader, frames, hours)
        chore, started, before_mb = Reencoding(home, key, writer, reader), time.process_time(), resident_mb()
        while chore.step(FAR_FUTURE_US, threading.Event()):
            pass
        spent_s, after_mb = time.process_time() - started, resident_mb()
        left = Usage(home).measure()
        tell_video("made smaller", left, hours, seeks_ms(home, reader, derive(key, "video"), frames))
        tell_all(left, hours)
        print(
            f"making smaller: {spent_s:.1f} s of CPU, {1000 * spent_s / len(frames):.0f} ms a frame;"
            f" resident {before_mb:.0f} MB before, {after_mb:.0f} after"
        )


def tell_video(what: str, used: HomeBytes, hours: float, times_ms: Sequence[float]) -> None:
    """Print a line about the video."""
    print(
        f"{what}: video {used.video / 1e6:.2f} MB, {used.video / 1e6 / hours:.2f} MB an hour;"
        f" seek p50 {quantile(times_ms, 0.5):.0f} ms, p95 {quantile(times_ms, 0.95):.0f}"
    )


def tell_all(left: HomeBytes, hours: float) -> None:
    """Print what everything takes."""
    with tempfile.TemporaryDirectory(prefix="dayreel-empty-") as folder:
        empty = Home(Path(folder) / "home")
        empty.create()
        key = load_key(empty, create=True)
        for file in (Writer.open(empty, key), ThumbnailWriter(empty, key), open_index(empty, key)):
            file.close()
        once = Usage(empty).measure().total
    print(
        f"everything: {left.total / 1e6 / hours:.2f} MB an hour over {60 * hours:.1f} minutes,"
        f" {(left.total - once) / 1e6 / hours:.2f} without the {once / 1e3:.0f} kB of an empty home"
    )


def measure_thumbnails(home: Home, reader: Reader, frames: Sequence[Frame], hours: float) -> None:
    """Make all thumbnails anew and print a line about them."""
    key = load_key(home)
    for path in home.root.glob(f"{home.thumbnails.name}*"):  # forgotten ones would leave their pages in the file
        path.unlink()
    with Pictures(home, key, reader) as pictures, ThumbnailWriter(home, key) as making:
        chore, started = MissingThumbnails(reader, pictures, making), time.process_time()
        while chore.step():
            pass
        all_ms = 1000 * (time.process_time() - started) / len(frames)
        started = time.process_time()
        for frame in frames:
            pictures.bgr(frame)
        decoding_ms = 1000 * (time.process_time() - started) / len(frames)
    with Thumbnails(home, key) as shown:
        times_ms = [wall_ms(lambda: shown.of(frame)) for frame in random.Random(1).choices(frames, k=SEEKS)]  # noqa: B023
    size_bytes = Usage(home).measure().thumbnails
    print(
        f"thumbnails of {len(frames)} frames: {size_bytes / 1e6:.2f} MB on the disk,"
        f" {size_bytes / 1e6 / hours:.2f} MB an hour; made in {all_ms - decoding_ms:.0f} ms of CPU a frame;"
        f" looked up in p50 {quantile(times_ms, 0.5):.1f} ms, p95 {quantile(times_ms, 0.95):.1f}"
    )


def seeks_ms(home: Home, reader: Reader, secret: bytes, frames: Sequence[Frame]) -> list[float]:
    """Return the wall milliseconds of decoding random instants, each in a segment that is open."""
    opened: dict[int, SegmentReader] = {}
    for segment_id in {frame.segment_id for frame in frames}:
        segment = reader.segment(segment_id)
        opened[segment_id] = SegmentReader(home.video / segment.name, secret, segment.width, segment.height)
    chosen = random.Random(1).choices(frames, k=SEEKS)
    times_ms = [wall_ms(lambda: opened[frame.segment_id].picture(frame.pts_us)) for frame in chosen]  # noqa: B023
    for one in opened.values():
        one.close()
    return times_ms


def wall_ms(call: Callable[[], object]) -> float:
    """Return the wall milliseconds of a call."""
    started = time.perf_counter()
    call()
    return 1000 * (time.perf_counter() - started)


def quantile(values: Sequence[float], share: float) -> float:
    """Return a quantile of some values."""
    return statistics.quantiles(values, n=100, method="inclusive")[round(100 * share) - 1]


def resident_mb() -> float:
    """Return what this process keeps in memory."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 1e6


if __name__ == "__main__":
    main()
