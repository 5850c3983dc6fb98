"""Segments as a recorder leaves them: pages of dark words on white, encoded and sealed, their frames read."""

from __future__ import annotations

import numpy as np

from tests.support.stores import NOON_US, SECOND_US, StoreUnderTest, lines
from timeline.home import Home
from timeline.keys import derive
from timeline.model import Picture, Segment
from timeline.video import SegmentWriter

SIZE = (640, 360)
NAME = "2025-11-22/120000-m0-0000000a.mp4.sealed"


def page(seed: int, width: int = 1920, height: int = 1080) -> Picture:
    """Return a white page with rows of dark blocks, different for each seed."""
    picture = np.full((height, width, 3), 255, np.uint8)
    words = np.random.default_rng(seed)
    for y in range(40, height - 40, 30):
        x = 40
        while x < width - 160:
            end = x + int(words.integers(20, 120))
            picture[y : y + 16, x:end] = 30
            x = end + 12
    return picture


def record(
    store: StoreUnderTest,
    frames: int = 6,
    name: str = NAME,
    start_s: float = 0,
    crf: int = 16,
    size: tuple[int, int] = SIZE,
) -> Segment:
    """Write a closed segment of pages, a second apart, whose frames are read."""
    path, start_us = store.home.video / name, NOON_US + round(start_s * SECOND_US)
    path.parent.mkdir(exist_ok=True)
    segment_id = store.writer.open_segment(name, 0, start_us, *size)
    with SegmentWriter.create(path, derive(store.key, "video"), *size, start_us, crf, 10) as file:
        for number in range(frames):
            pts_us = file.write(page(number, *size), start_us + number * SECOND_US)
            new = store.new_frame(start_s + number, segment_id=segment_id, pts_us=pts_us, width=size[0], height=size[1])
            store.read(store.writer.add_frame(new), lines("text"))
    store.writer.close_segment(segment_id)
    return store.reader.segment(segment_id)


def files(home: Home) -> list[str]:
    """Return the names of all files of the video folder."""
    return sorted(path.relative_to(home.video).as_posix() for path in home.video.rglob("*") if path.is_file())
