"""The worker: reads waiting frames and indexes what was read, one frame after the other, in one thread.

Owns the order of the two stages and what happens when one fails; what it does while nothing waits is owned by
dayreel.housekeeping.  Runs in its own process (dayreel.worker_process),
or inside `dayreel work` and `dayreel import`.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable

from dayreel.embedders import embedder_factory
from dayreel.housekeeping import Housekeeping, Parts, Tidied
from dayreel.locks import holder
from dayreel.logs import place_of
from dayreel.settings import Settings
from index.indexer import Indexer
from ocr.engine import Engine
from ocr.engines import choose_engine
from recorder.segments import Segments
from timeline.clock import SystemClock
from timeline.closing import Closing
from timeline.database import DatabaseError
from timeline.errors import DiskFull
from timeline.home import DISK_FULL_WAIT_S, Home
from timeline.keys import Key, load_key
from timeline.pictures import Pictures
from timeline.queue import Job, Queue
from timeline.reader import Reader
from timeline.readings import Readings
from timeline.spool import Spool
from timeline.thumbnails import ThumbnailWriter
from timeline.writer import Writer

log = logging.getLogger(__name__)

IDLE_WAIT_S = 0.5  # between two looks at an empty queue; a look costs 0.1 ms of CPU
BATCH_FRAMES = 8  # frames read before the indexes catch up, when more are waiting
INDEX_STEP = 256  # passages, about 2 s of encoding: so long may a worker need to hear that it should stop


class Worker(Closing):
    """Turns committed frames into searchable text.  The caller holds the home's worker lock."""

    def __init__(self, home: Home, settings: Settings) -> None:
        key = load_key(home)
        self._engine_name = settings.ocr.engine
        self._engine: Engine | None = None
        self._writer = Writer.open(home, key)
        self._reader = Reader.open(home, key)
        self._pictures = Pictures(home, key, self._reader)
        self._spool = Spool(home, key)
        self._queue, self._readings = Queue(self._writer), Readings(self._writer)
        self._indexer = Indexer.open(home, key, embedder_factory(settings.index.embedder))
        self._thumbnails, self._clock = ThumbnailWriter(home, key), SystemClock()
        parts = Parts(home, key, self._writer, self._reader, self._pictures, self._thumbnails)
        self._housekeeping = Housekeeping(parts, settings, self._clock)
        self._recover(home, key)

    def _recover(self, home: Home, key: Key) -> None:
        if holder(home, "recorder") is None and holder(home, "import") is None:  # else they see to their own
            Segments(home, key, self._writer).close_left_open(self._spool)
        self._queue.recover()
        self._spool.sweep(self._queue.spooled())

    def work_until_idle(self, stop: threading.Event, on_frame: Callable[[], None] = lambda: None) -> int:
        """Read and index all that waits, or until `stop`; return how many frames were read.

        Then segments of the first version are sealed; none is encoded again.
        """
        self._index(stop)
        done = 0
        while not stop.is_set() and (read := self._read_batch(stop, on_frame)):
            done += read
        while not stop.is_set() and self._housekeeping.seal_old():
            pass
        return done

    def work(self, stop: threading.Event) -> int:
        """Work until `stop` is set, keeping house when nothing waits, and waiting for room when the disk is full.

        Returns how many frames were read.
        """
        indexed, done, read_s = False, 0, self._clock.monotonic_s()
        while not stop.is_set():
            try:
                if not indexed:  # what a worker before this one had read but not indexed
                    self._index(stop)
                    indexed = True
                read = self._read_batch(stop, lambda: None)
                done += read
                if read:
                    read_s = self._clock.monotonic_s()
                if not self._housekeeping.step(self._clock.monotonic_s() - read_s) and not read:
                    stop.wait(IDLE_WAIT_S)
            except DiskFull:
                log.warning("the disk is full: reading waits")
                stop.wait(DISK_FULL_WAIT_S)
        return done

    def tidy(self, stop: threading.Event) -> Tidied:
        """Do all of the housekeeping now, or until `stop`, and return what it came to."""
        return self._housekeeping.tidy(stop)

    def close(self) -> None:
        for part in (
            *(self._housekeeping, self._thumbnails, self._indexer),
            *(self._pictures, self._reader, self._writer),
        ):
            part.close()

    def _read_batch(self, stop: threading.Event, on_frame: Callable[[], None]) -> int:
        """Read up to a batch of frames, let the indexes catch up and return how many were taken."""
        taken = 0
        while taken < BATCH_FRAMES and not stop.is_set() and self._reader.pending():
            engine = self._reading_engine()  # before a frame is taken: it may be missing, and loading it takes a second
            job = self._queue.take()
            if job is None:
                break
            taken += 1
            self._read(job, engine)
            on_frame()
        if taken:
            self._index(stop)
        return taken

    def _read(self, job: Job, engine: Engine) -> None:
        try:
            frame = self._reader.frame(job.frame_id)
            if frame is None:
                self._queue.fail(job, "the frame is gone")
                return
            picture = self._pictures.bgr(frame)
            self._thumbnails.note(frame, picture)
            lines = engine.read(picture)
            self._readings.keep_reading(frame.id, lines)
        except (DiskFull, DatabaseError, OSError, KeyboardInterrupt):
            self._queue.give_back(job)  # nothing that lies with the frame
            raise
        except Exception as error:  # an engine's failure on one frame must not stop the others
            # The message may hold what was on the screen, so only its class and place go to the log.
            log.error("frame %d was not read: %s in %s", job.frame_id, type(error).__name__, place_of(error))
            self._queue.fail(job, type(error).__name__)

    def _reading_engine(self) -> Engine:
        if self._engine is None:
            self._engine = choose_engine(self._engine_name)
        return self._engine

    def _index(self, stop: threading.Event) -> None:
        """Let the indexes catch up, in steps; frames count as searchable once they have."""
        while self._indexer.catch_up(self._reader, limit=INDEX_STEP):
            if stop.is_set():
                return
        self._queue.finish_read()
        for name in self._queue.release_spooled():
            self._spool.remove(name)
