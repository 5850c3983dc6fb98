"""How fast a home grows, and how long its room will last at that pace.

Pure but for the sizes of the last days' segments.  Called by `dayreel status`.
"""

from __future__ import annotations

from timeline.clock import SECOND_US
from timeline.home import Home
from timeline.reader import Reader
from timeline.usage import HomeBytes, file_bytes

DAY_US = 24 * 3600 * SECOND_US
LOOK_BACK_US = 7 * DAY_US  # a week has its weekend in it


def daily_bytes(home: Home, reader: Reader, used: HomeBytes, now_us: int) -> float:
    """Return what a day adds, by the last week; a home younger than a day is taken to be a day old.

    Text and thumbnails count as much a frame in these days as ever.
    """
    first_us = reader.first_instant()
    if first_us is None:
        return 0.0
    span_us = min(max(now_us - first_us, DAY_US), LOOK_BACK_US)
    video_bytes = sum(file_bytes(home.video / name) for name in reader.segment_names_since(now_us - span_us))
    share = reader.frames_since(now_us - span_us) / max(1, reader.counts().frames)
    return (video_bytes + share * (used.database + used.index + used.thumbnails)) * DAY_US / span_us


def days_left(growth_bytes: float, used_bytes: int, budget_bytes: int | None, free_bytes: int) -> float | None:
    """Return for how many days the room lasts, in the budget and on the disk; None while nothing grows."""
    if growth_bytes <= 0:
        return None
    room_bytes = free_bytes if budget_bytes is None else min(free_bytes, budget_bytes - used_bytes)
    return max(0.0, room_bytes / growth_bytes)
