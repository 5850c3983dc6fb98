"""Taking in pictures and videos that exist already, and reading what waits: what `import` and `demo` share.

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
from dayreel.upgrading import open_reader
from recorder.importing import import_files
from recorder.intake import ImportReport
from recorder.segments import Segments
from timeline.budget import SpoolBound
from timeline.clock import SystemClock
from timeline.errors import AlreadyRunning
from timeline.home import Home
from timeline.keys import Key, load_key
from timeline.spool import Spool
from timeline.writer import Writer

LOOK_S = 0.5  # between two looks at what another worker still has to do
_DEFAULTS = Settings()


def take_in(home: Home, paths: Sequence[Path], advance: Advance, settings: Settings = _DEFAULTS) -> ImportReport:
    """Commit pictures and videos as frames and return what was done; named files that are neither are in the report.

    Raises AlreadyRunning beside another import, which might take in the same files, and WrongUsage, before anything is
    taken in, for a path that does not exist.
    """
    with hold(home, "import"):
        key = load_key(home, create=True)
        with Writer.open(home, key, secrets=settings.privacy.secret_kinds) as writer:
            return _take_in(home, key, paths, writer, advance, settings)


def _take_in(
    home: Home, key: Key, paths: Sequence[Path], writer: Writer, advance: Advance, settings: Settings
) -> ImportReport:
    from ocr.picture_file import load_picture

    spool, segments = Spool(home, key), Segments(home, key, writer)
    try:
        if holder(home, "recorder") is None:  # a recorder closes at its own start what was left open
            segments.close_left_open(spool)
        return import_files(
            paths,
            writer=writer,
            spool=spool,
            segments=segments,
            load=load_picture,
            spool_admits=SpoolBound(home, settings.storage.spool_bytes, SystemClock()).admits,
            interval_s=settings.recorder.interval_s,
            on_progress=advance,
        )
    finally:
        segments.close()


def read_what_waits(home: Home, settings: Settings, advance: Advance) -> None:
    """Return when nothing waits to be read: work here, or wait for the worker that runs already.

    That one may end before all is read, and what came after it stopped looking is read by nobody: so look again.
    """
    while True:
        try:
            with hold(home, "worker"):
                _read(home, settings, advance)
        except AlreadyRunning:
            wait_for_worker(home)
        if not pending(home):
            return


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
    with open_reader(home, load_key(home)) as reader:  # once: opening one takes longer than many looks
        while holder(home, "worker") is not None and reader.pending() and not (stop is not None and stop.is_set()):
            time.sleep(LOOK_S)


def pending(home: Home) -> int:
    """Return how many frames are not searchable yet; those that could not be read are not waited for."""
    with open_reader(home, load_key(home)) as reader:
        return reader.pending()
