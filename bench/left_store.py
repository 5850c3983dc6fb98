"""What is left of a store: whether its databases are whole, which frames have a picture, how far they reach.

Only reads, and opens the store as any reader does.  Called by the benchmarks that kill processes or cut the power.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass

from timeline.database import DatabaseError, open_database
from timeline.errors import StoreUnusable, UnreadablePicture
from timeline.home import Home
from timeline.keys import load_key
from timeline.model import ALL_TIME
from timeline.pictures import Pictures
from timeline.reader import Reader


@dataclass(frozen=True, slots=True)
class Reach:
    """How many frames there are, when the first began and how long the last is known to have stood."""

    frames: int
    first_us: int
    newest_us: int


def broken_databases(home: Home) -> list[str]:
    """Return the names of the databases that SQLite or SQLCipher finds a fault in."""
    return [path.name for path in (home.database, home.index_database) if path.exists() and _broken(home, path.name)]


def lost_pictures(home: Home) -> int:
    """Return how many committed frames have no picture of their size, neither in the spool nor in a segment."""
    key, lost = load_key(home), 0
    with Reader.open(home, key) as reader, Pictures(home, key, reader) as pictures:
        for frame in reader.frames(ALL_TIME):
            shape = None
            with suppress(UnreadablePicture):
                shape = pictures.bgr(frame).shape
            lost += shape != (frame.height, frame.width, 3)
    return lost


def reach(home: Home) -> Reach:
    """Return how far the frames of a store reach; zeros for a store that was never finished."""
    try:
        with Reader.open(home, load_key(home)) as reader:
            frames = reader.frames(ALL_TIME)
    except StoreUnusable:
        return Reach(0, 0, 0)
    first_us = min((frame.start_us for frame in frames), default=0)
    return Reach(len(frames), first_us, max((frame.end_us for frame in frames), default=0))


def _broken(home: Home, name: str) -> bool:
    try:
        db = open_database(home.root / name, load_key(home), read_only=True)
    except StoreUnusable:
        return True
    try:
        faults = [row[0] for row in db.conn.execute("PRAGMA cipher_integrity_check")]
        return bool(faults) or db.conn.execute("PRAGMA integrity_check").fetchall() != [("ok",)]
    except DatabaseError:
        return True
    finally:
        db.close()
