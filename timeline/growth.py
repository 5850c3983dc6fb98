"""How fast a home grows, and how long its room will last at that pace.

Reads the sizes of the last days' segments and how long was recorded; changes nothing.  Called by `dayreel status`.
"""

from __future__ import annotations

from timeline.clock import SECOND_US
from timeline.home import Home
from timeline.model import Interval
from timeline.reader import Reader
from timeline.usage import HomeBytes, file_bytes

DAY_US = 24 * 3600 * SECOND_US
LOOK_BACK_US = 7 * DAY_US  # a week has its weekend in it
LEAST_US = 3600 * SECOND_US  # recorded: in less the first pages of a session weigh too much
FIRST_DAY_US = 8 * 3600 * SECOND_US  # recorded in a day, until a whole one is known


def daily_bytes(home: Home, reader: Reader, used: HomeBytes, now_us: int) -> float | None:
    """Return what a day adds, by the last week; None while too little was recorded to tell.

    Before a day is over the hours that were recorded tell, and a day is taken to have eight of them.  Text and
    thumbnails count as much a frame in these days as ever.
    """
    first_us = _first_recording(reader)
    if first_us is None:
        return None
    since_us = max(first_us, now_us - LOOK_BACK_US)
    recorded_us = _recorded_us(reader, since_us)
    if recorded_us < LEAST_US:
        return None
    video_bytes = sum(file_bytes(home.video / name) for name in reader.segment_names_since(since_us))
    share = reader.frames_since(since_us) / max(1, reader.counts().frames)
    added_bytes = video_bytes + share * (used.database + used.index + used.thumbnails)
    if now_us - since_us < DAY_US:
        return added_bytes * FIRST_DAY_US / recorded_us
    return added_bytes * DAY_US / (now_us - since_us)


def _first_recording(reader: Reader) -> int | None:
    """Return when the first recorder began; what was taken in may be older by years."""
    (first_us,) = reader.db.conn.execute("SELECT min(start_us) FROM recordings").fetchone()
    return None if first_us is None else int(first_us)


def _recorded_us(reader: Reader, since_us: int) -> int:
    """Return for how long the screen was recorded: up to the newest frame's end, without the gaps."""
    newest = reader.db.conn.execute(
        "SELECT end_us FROM frames WHERE +source = 'screen' ORDER BY id DESC LIMIT 1"
    ).fetchone()
    if newest is None or newest[0] <= since_us:
        return 0
    gaps = reader.gaps(Interval(since_us, newest[0]))
    return int(newest[0] - since_us - sum(min(gap.end_us, newest[0]) - max(gap.start_us, since_us) for gap in gaps))


def days_left(growth_bytes: float | None, used_bytes: int, budget_bytes: int | None, free_bytes: int) -> float | None:
    """Return for how many days the room lasts, in the budget and on the disk; None while nothing is known to grow."""
    if growth_bytes is None or growth_bytes <= 0:
        return None
    room_bytes = free_bytes if budget_bytes is None else min(free_bytes, budget_bytes - used_bytes)
    return max(0.0, room_bytes / growth_bytes)
