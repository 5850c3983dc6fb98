"""What a look at a random instant costs: from an open segment, from one that must be opened first, from a thumbnail.

    python bench/seek.py (--home HOME | --data DIR) [--seeks 200]

HOME is a recorded home.  DIR holds folders of screens (PNG files in the order of their names); of these a segment of
150 frames is made in a home of its own.  Printed, for each way: wall milliseconds (50th and 95th percentile) and median
CPU milliseconds of one frame.  "opened" is the baseline of "open": the same instants, the segment opened for each.
"""

from __future__ import annotations

import argparse
import random
import statistics
import tempfile
import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from itertools import cycle, islice
from pathlib import Path
from typing import TypeVar

from ocr.picture_file import load_picture
from timeline.clock import SECOND_US
from timeline.encoders import GOP
from timeline.home import Home
from timeline.keys import Key, derive, load_key
from timeline.model import ALL_TIME, Frame, NewFrame, Picture, Segment, Window
from timeline.reader import Reader
from timeline.segment_file import SEALED_SUFFIX
from timeline.thumbnails import Thumbnails, ThumbnailWriter
from timeline.video import SegmentReader, SegmentWriter
from timeline.writer import Writer

Item = TypeVar("Item")
FRAMES = 150  # of a made segment: a busy five minutes
MOST_OPEN = 8  # segments of a recorded home that are looked at


@dataclass(frozen=True, slots=True)
class Spent:
    """What one look cost."""

    wall_ms: float
    cpu_ms: float


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    source = parser.add_mutually_exclusive_group(required=True)
    source.add_argument("--home", type=Path, help="a recorded home")
    source.add_argument("--data", type=Path, help="a folder of folders of screens")
    parser.add_argument("--seeks", type=int, default=200)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="seek-") as scratch:
        home = Home(options.home or Path(scratch) / "home")
        if options.data:
            make_home(home, sequences(options.data))
        measure(home, options.seeks)


def sequences(folder: Path) -> list[Picture]:
    """Return the screens of all sequences, one after the other."""
    folders = sorted(one for one in folder.iterdir() if one.is_dir())
    return [load_picture(path) for one in folders for path in sorted(one.glob("*.png"))]


def make_home(home: Home, screens: Sequence[Picture]) -> None:
    """Keep screens, again and again, as the frames of one segment with their thumbnails."""
    height, width = screens[0].shape[:2]
    home.create()
    key, name = load_key(home, create=True), f"made{SEALED_SUFFIX}"
    with ExitStack() as stack:
        writer = stack.enter_context(Writer.open(home, key))
        file = SegmentWriter.create(home.video / name, derive(key, "video"), width, height, 0)
        stack.callback(file.close)
        segment_id = writer.open_segment(name, 0, 0, width, height)
        for place, screen in enumerate(islice(cycle(screens), FRAMES)):
            at_us = place * SECOND_US
            pts_us = file.write(screen, at_us)
            writer.add_frame(NewFrame(0, at_us, 0, width, height, Window(), segment_id, pts_us, None))
    with Reader.open(home, key) as reader, ThumbnailWriter(home, key) as thumbnails:
        for frame, screen in zip(reader.frames(ALL_TIME), cycle(screens), strict=False):
            thumbnails.note(frame, screen)


def measure(home: Home, seeks: int) -> None:
    """Print the table."""
    key, dice = load_key(home), random.Random(1)
    with Reader.open(home, key) as reader:
        frames = reader.frames(ALL_TIME)
        segments = {one: reader.segment(one) for one in {frame.segment_id for frame in frames}}
    largest = sorted(segments, key=lambda one: -sum(frame.segment_id == one for frame in frames))[:MOST_OPEN]
    chosen = dice.choices([frame for frame in frames if frame.segment_id in largest], k=seeks)
    sizes = sorted({f"{frame.width}x{frame.height}" for frame in chosen})
    print(f"{len(frames)} frames in {len(segments)} segments; {', '.join(sizes)}; a key frame every {GOP} (as set now)")
    print(f"{'':10}{'p50 ms':>8}{'p95 ms':>8}{'CPU ms':>8}")
    with ExitStack() as stack:
        opened = {one: stack.enter_context(_open(home, key, segments[one])) for one in largest}
        _print("open", _spent(lambda frame: opened[frame.segment_id].picture(frame.pts_us), chosen))
        _print("opened", _spent(lambda frame: _look_once(home, key, segments[frame.segment_id], frame), chosen))
        thumbnails = stack.enter_context(Thumbnails(home, key))
        if all(thumbnails.of(frame) is not None for frame in chosen[:1]):
            _print("thumbnail", _spent(thumbnails.of, chosen))


def _open(home: Home, key: Key, segment: Segment) -> SegmentReader:
    return SegmentReader(home.video / segment.name, derive(key, "video"), segment.width, segment.height)


def _look_once(home: Home, key: Key, segment: Segment, frame: Frame) -> Picture:
    with _open(home, key, segment) as reader:
        return reader.picture(frame.pts_us)


def _spent(look: Callable[[Item], object], items: Sequence[Item]) -> list[Spent]:
    spent = []
    for item in items:
        wall_s, cpu_s = time.perf_counter(), time.process_time()
        look(item)
        spent.append(Spent(1000 * (time.perf_counter() - wall_s), 1000 * (time.process_time() - cpu_s)))
    return spent


def _print(name: str, spent: Sequence[Spent]) -> None:
    walls = sorted(one.wall_ms for one in spent)
    cpu_ms = statistics.median(one.cpu_ms for one in spent)
    print(f"{name:10}{statistics.median(walls):8.1f}{walls[len(walls) * 95 // 100]:8.1f}{cpu_ms:8.1f}")


if __name__ == "__main__":
    main()
