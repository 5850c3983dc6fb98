"""Taking in pictures that exist already, and reading what waits: what `import` and `demo` share.

Owns the order: all files are committed first, then the worker reads them, or the one that runs already is waited for.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Sequence
from pathlib import Path

from dayreel.locks import hold, holder
from dayreel.progress import Advance
from dayreel.settings import Settings
from recorder.screenshots import ImportReport, import_pictures
from recorder.segments import Segments
from timeline.errors import AlreadyRunning
from timeline.home import Home
from timeline.keys import load_key
from timeline.reader import Reader
from timeline.spool import Spool
from timeline.writer import Writer

LOOK_S = 0.5  # between two looks at what another worker still has to do


def take_in(home: Home, paths: Sequence[Path], advance: Advance) -> ImportReport:
    """Commit pictures as frames and return what was done.

    Raises UnreadablePicture for a named file that is no picture, WrongUsage for a path that does not exist, both after
    all others are in.
    """
    from ocr.picture_file import load_picture

    home.create()
    key = load_key(home, create=True)
    with Writer.open(home, key) as writer:
        segments = Segments(home, writer)
        try:
            return import_pictures(
                paths, writer=writer, spool=Spool(home, key), segments=segments, load=load_picture, on_progress=advance
            )
        finally:
            segments.close()


def read_what_waits(home: Home, settings: Settings, advance: Advance) -> None:
    """Return when nothing waits to be read: work here, or wait for the worker that runs already."""
    try:
        with hold(home, "worker"):
            _read(home, settings, advance)
    except AlreadyRunning:
        wait_for_worker(home)


def _read(home: Home, settings: Settings, advance: Advance) -> None:
    from dayreel.worker import Worker

    with Worker(home, settings) as worker:
        total, done = pending(home), 0

        def on_frame() -> None:
            nonlocal done
            done += 1
            advance(done, max(total, done))

        worker.work_until_idle(threading.Event(), on_frame)


def wait_for_worker(home: Home, stop: threading.Event | None = None) -> None:
    """Wait until the worker that runs has nothing left, or ends, or `stop` is set."""
    while holder(home, "worker") is not None and pending(home) and not (stop is not None and stop.is_set()):
        time.sleep(LOOK_S)


def pending(home: Home) -> int:
    """Return how many frames are not searchable yet."""
    with Reader.open(home, load_key(home)) as reader:
        return reader.counts().pending
