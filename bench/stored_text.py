"""Measures what the text of a recording takes on the disk, without its pixels.

    python bench/stored_text.py HOME

Everything but the pixels of a recorded home is written once more, frame by frame, into a temporary one: frames with
their windows, what was read on them, the index after each frame.  The recorded home itself is only read.  Printed: the
bytes of timeline.db and index.db as they were recorded, as they are written today and of an empty store; what the
largest tables and indexes take; and what an hour takes, with and without what an empty store has.
"""

from __future__ import annotations

import argparse
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from shutil import copytree, ignore_patterns

from index.indexer import Indexer
from index.use import UniversalSentenceEncoder
from timeline.clock import SECOND_US
from timeline.database import Database, open_database
from timeline.home import Home
from timeline.keys import Key, load_key
from timeline.model import ALL_TIME, Frame, NewFrame
from timeline.queue import Queue
from timeline.reader import Reader
from timeline.readings import Readings
from timeline.writer import Writer

NAMES = ("timeline.db", "index.db")
LARGEST = 8  # tables and indexes told of each database
_PIXELS = ("video", "spool", "thumbnails.db*")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("home", type=Path, help="the recorded home")
    recorded = Home(parser.parse_args().home)
    with tempfile.TemporaryDirectory(prefix="dayreel-stored-text-") as temporary:
        folder = Path(temporary)
        sizes = {"recorded": sizes_of(recorded)}
        source, key = copied(recorded, folder / "source")
        empty, today = Home(folder / "empty"), Home(folder / "today")
        write_again(source, key, empty, 0)
        hours = write_again(source, key, today, None)
        sizes |= {"empty": sizes_of(empty), "today": sizes_of(today)}
        for name in NAMES:
            print_tables(today.root / name, load_key(today), folder)
    print_sizes(sizes, hours)


def sizes_of(home: Home) -> dict[str, int]:
    """Return the bytes of the two databases of a home, with what is not yet in them but beside them."""
    return {name: sum(path.stat().st_size for path in home.root.glob(f"{name}*")) for name in NAMES}


def copied(home: Home, folder: Path) -> tuple[Home, Key]:
    """Return a copy of a home without its pixels, brought to today's schema, and its key."""
    copytree(home.root, folder, ignore=ignore_patterns(*_PIXELS))
    copy = Home(folder)
    key = load_key(copy)
    Writer.open(copy, key).close()
    return copy, key


def write_again(source: Home, key: Key, into: Home, most_frames: int | None) -> float:
    """Write the frames of a home into another, indexing them as the worker does; return the hours they span."""
    into.create()
    with Reader.open(source, key) as old, filling(into) as (writer, indexer, new):
        recording = writer.begin_recording(old.first_instant() or 0)
        readings, queue = Readings(writer), Queue(writer)
        segments: dict[int, int] = {}
        frames = old.frames(ALL_TIME)[:most_frames]
        for frame in frames:
            frame_id = writer.add_frame(new_frame(old, writer, frame, segments), frame.end_us)
            readings.keep_reading(frame_id, old.lines(frame.id))
            indexer.catch_up(new)
            queue.finish_read()
        for segment in segments.values():
            writer.close_segment(segment)
        for gap in old.gaps(ALL_TIME):
            writer.add_gap(gap)
        end_us = max((frame.end_us for frame in frames), default=0)
        writer.end_recording(recording, end_us, "stopped")
    return (end_us - frames[0].start_us) / SECOND_US / 3600 if frames else 0.0


@contextmanager
def filling(home: Home) -> Iterator[tuple[Writer, Indexer, Reader]]:
    """Yield what writes and reads a new store; when all is closed, nothing is left beside the databases."""
    key = load_key(home, create=True)
    with (
        Writer.open(home, key) as writer,
        closing(Indexer.open(home, key, UniversalSentenceEncoder)) as indexer,
        Reader.open(home, key) as reader,
    ):
        yield writer, indexer, reader


def new_frame(old: Reader, writer: Writer, frame: Frame, segments: dict[int, int]) -> NewFrame:
    """Return a frame as it was when it was new; its segment is noted when it is the first of it."""
    if frame.segment_id not in segments:
        one = old.segment(frame.segment_id)
        segments[one.id] = writer.open_segment(one.name, one.monitor, one.start_us, one.width, one.height)
    return NewFrame(
        frame.monitor, frame.start_us, frame.offset_s, frame.width, frame.height, frame.window,
        segments[frame.segment_id], frame.pts_us, None, frame.source, frame.active, tuple(old.windows_of(frame.id)),
    )  # fmt: skip


def print_tables(path: Path, key: Key, folder: Path) -> None:
    """Print what is largest in a database; SQLite counts it in a plain copy, which is removed with the folder."""
    plain = folder / f"plain-{path.name}"
    db = open_database(path, key)
    try:
        free = _pragma(db, "freelist_count") * _pragma(db, "page_size")
        rows = _largest(db, plain)
    finally:
        db.close()
    print(f"{path.name}: {free:,} bytes of free pages; of the rest")
    for name, size_bytes, used_bytes, count in rows:
        print(f"  {name:32} {size_bytes:10,} bytes, {used_bytes:10,} of them rows ({count:,})")


def _pragma(db: Database, name: str) -> int:
    return int(db.execute(f"PRAGMA {name}").fetchone()[0])  # sqlcipher3 gives some as text


def _largest(db: Database, plain: Path) -> list[tuple[str, int, int, int]]:
    db.conn.execute("ATTACH DATABASE ? AS plain KEY ''", [str(plain)])
    db.conn.execute("SELECT sqlcipher_export('plain')")
    db.conn.execute("DETACH DATABASE plain")
    with closing(sqlite3.connect(plain)) as counted:  # sqlcipher3 is built without the table that counts
        return counted.execute(
            "SELECT name, sum(pgsize), sum(payload), sum(ncell) FROM dbstat GROUP BY name ORDER BY 2 DESC LIMIT ?",
            [LARGEST],
        ).fetchall()


def print_sizes(sizes: dict[str, dict[str, int]], hours: float) -> None:
    """Print bytes a database, and megabytes an hour of the recording."""
    for what, of in sizes.items():
        print(f"{what:10}" + "".join(f"{name} {of[name]:10,} bytes   " for name in NAMES))
    empty = sum(sizes["empty"].values())
    for what in ("recorded", "today"):
        whole = sum(sizes[what].values())
        hourly, growing = (size_bytes / hours / 1e6 for size_bytes in (whole, whole - empty))
        print(
            f"{what:10}{hourly:5.2f} MB an hour over {hours * 60:.1f} minutes, {growing:5.2f} without the empty store"
        )


if __name__ == "__main__":
    main()
