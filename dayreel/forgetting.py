"""Finishing what a forgetting has begun: segments, index, thumbnails, raw pictures, pages, and the look afterwards.

Owns the order, in which everything may be done again: whoever finds steps left over after a kill (the worker, `work`,
`record`, `forget`) calls `finish` and goes on where it stopped.  What is to be forgotten is timeline.forgetting's.
"""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable, Collection
from dataclasses import dataclass

from dayreel.embedders import embedder_factory
from dayreel.locks import hold, holder
from dayreel.settings import Settings
from index.forgetting import forget_missing, left_in_index
from index.indexer import Indexer
from timeline.errors import AlreadyRunning
from timeline.forgetting.checking import Checking
from timeline.forgetting.finishing import Finishing, clean_pages
from timeline.forgetting.plan import Plan
from timeline.home import Home
from timeline.keys import Key
from timeline.reader import Reader
from timeline.rewriting import Rewriting
from timeline.writer import Writer

RECORDER_CLOSES_WITHIN_S = 15.0  # a recorder looks every 5 s which of its segments are wanted closed
LOOK_S = 0.25
_HIGHEST = 2**63 - 1  # of a frame's id
STUCK_S = 60.0  # a worker that reads nothing for so long waits for something: a disk with room, a process to go on
Tell = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Finished:
    """What is left after finishing: segments that the recorder still holds open."""

    open_segments: int


def finish(
    home: Home, key: Key, settings: Settings, writer: Writer, tell: Tell = lambda _: None, *, video: bool = True
) -> Finished:
    """Do all that is left of forgettings that were begun; nothing when nothing is.

    `tell` is given a sentence before each piece of work.  `video`: write segments anew here; a worker has a process for
    that.  Raises DiskFull; what is left is done another time.
    """
    finishing = Finishing(home, key, writer)
    steps = finishing.left()
    rewriting = Rewriting(home, key, writer)
    if not steps and not rewriting.waiting(urgent=True):
        return Finished(0)
    tell("Raw pictures and thumbnails are removed.")
    finishing.raw_pictures()
    finishing.thumbnails()
    with Reader.open(home, key) as reader:
        if "index" in steps:
            tell("The index is cleaned.")
            forget_missing(home, key, reader)
            _index_again(home, key, settings, reader)
            finishing.done(["index"])
    left = _rewrite(home, key, writer, rewriting, tell) if video else rewriting.waiting(urgent=True)
    if "sweep" in steps and not left and finishing.stray_files(alone=_alone_with_pictures(home)):
        finishing.done(["sweep"])
    if "pages" in steps:
        tell("Free pages of the databases are removed.")
        if _clean(home, key):
            finishing.done(["pages"])
    if not left:
        finishing.done(["check"])
    return Finished(left)


def read_before(home: Home, key: Key, settings: Settings, tell: Tell = lambda _: None) -> int:
    """Return when all frames that are there now were read, and how many are not: nobody comes to them any more.

    Work is done here, or by the worker that runs already.  What is recorded meanwhile is not waited for: a screen that
    always changes would let nobody forget.
    """
    with Reader.open(home, key) as reader:
        newest = int(reader.db.conn.execute("SELECT ifnull(max(frame_id), 0) FROM jobs").fetchone()[0])
        left = _unread(reader, newest)
        if left:
            tell(f"{left} frames are read first.")
        until = time.monotonic() + STUCK_S
        while (now := _unread(reader, newest)) and time.monotonic() < until:
            if now < left:
                left, until = now, time.monotonic() + STUCK_S
            if not _read_here(home, settings, reader, newest):
                time.sleep(LOOK_S)
        if now:
            tell(f"{now} frames could not be read yet: what they show can only be told by its look.")
        return now


def unread(home: Home, key: Key) -> int:
    """Return how many frames wait to be read: nobody knows yet what they say."""
    with Reader.open(home, key) as reader:
        return _unread(reader, _HIGHEST)


def _unread(reader: Reader, newest: int) -> int:
    statement = "SELECT count(*) FROM jobs WHERE state != 'done' AND state IN ('waiting', 'leased') AND frame_id <= ?"
    return int(reader.db.conn.execute(statement, [newest]).fetchone()[0])


def _read_here(home: Home, settings: Settings, reader: Reader, newest: int) -> bool:
    """Read what waits up to a frame, unless a worker does that already; tell whether it was done here."""
    from dayreel.worker import Worker

    stop = threading.Event()

    def enough() -> None:
        if not _unread(reader, newest) and reader.pending():
            stop.set()

    try:
        with hold(home, "worker"), Worker(home, settings) as worker:
            worker.work_until_idle(stop, enough)
    except AlreadyRunning:
        return False
    return True


def check(
    home: Home,
    key: Key,
    plan: Plan | None = None,
    segments: Collection[int] | None = None,
    text: str | None = None,
    pieces: Collection[str] = (),
) -> list[str]:
    """Look into everything and return the places where something is left; of a text also where it stands.

    `segments`: those that were written anew; None is all.  `pieces`: of what went (timeline.forgetting.sampling).
    """
    found = list[str]()
    with Reader.open(home, key) as reader:
        looking = Checking(home, key, reader)
        found += looking.steps()
        found += looking.frames(plan, segments)
        found += looking.files(alone=_alone_with_pictures(home))
        found += left_in_index(home, key, reader, text)
        if pieces:
            found += looking.pages(pieces)
        if text is not None:
            found += looking.text(text)
    return list(dict.fromkeys(found))


def _index_again(home: Home, key: Key, settings: Settings, reader: Reader) -> None:
    """Index passages that lost lines or a title; the worker that runs does that itself."""
    try:
        with hold(home, "worker"):
            indexer = Indexer.open(home, key, embedder_factory(settings.index.embedder))
            try:
                indexer.catch_up(reader)
            finally:
                indexer.close()
    except AlreadyRunning:
        return


def _rewrite(home: Home, key: Key, writer: Writer, rewriting: Rewriting, tell: Tell) -> int:
    """Write segments anew and return how many are left, since a recorder holds them open."""
    total = rewriting.waiting(urgent=True)
    if _alone(home):
        _close_left_open(home, key, writer)
    until = time.monotonic() + RECORDER_CLOSES_WITHIN_S
    while left := rewriting.waiting(urgent=True):
        tell(f"Video is written anew: {total - left + 1} of {total} segments.")
        if not rewriting.step(threading.Event(), urgent=True) and rewriting.waiting(urgent=True) == left:
            if time.monotonic() > until:
                return left
            time.sleep(LOOK_S)
    return 0


def _close_left_open(home: Home, key: Key, writer: Writer) -> None:
    """Close what a killed recorder left open: only closed segments are written anew."""
    from recorder.segments import Segments
    from timeline.spool import Spool

    Segments(home, key, writer).close_left_open(Spool(home, key))


def _clean(home: Home, key: Key) -> bool:
    """Clean the pages of all databases, and tell whether nobody stood in the way of any."""
    done = [clean_pages(path, key) for path in (home.database, home.index_database, home.thumbnails)]
    return all(done)


def _alone(home: Home) -> bool:
    return all(holder(home, role) is None for role in ("recorder", "import"))


def _alone_with_pictures(home: Home) -> bool:
    """Tell whether nobody else puts pictures into the spool: this process may be the worker itself."""
    return _alone(home) and holder(home, "worker") in (None, os.getpid())
