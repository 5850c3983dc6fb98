"""The worker: reads waiting frames and indexes what was read, one frame after the other, in one thread.

Owns the order of the two stages and what happens when one fails; what it does while nothing waits is owned by
dayreel.housekeeping.  Between reading and storing, the secrets are taken out: no text of one is stored, and no picture
of one is made small.  Runs in its own process (dayreel.worker_process), or inside `dayreel work` and `dayreel import`.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass

from dayreel.embedders import embedder_factory
from dayreel.housekeeping import Housekeeping, Parts, Tidied
from dayreel.locks import holder
from dayreel.logs import place_of
from dayreel.quietness import battery_below, is_busy
from dayreel.reading import SETTLE_AFTER_S, FrameReading, Fuller
from dayreel.settings import Settings
from index.indexer import Indexer
from recorder.segments import Segments
from timeline.clock import Clock, SystemClock
from timeline.closing import Closing
from timeline.database import DatabaseError, transaction
from timeline.errors import DiskFull
from timeline.hidden import HiddenBox, hidden_on, painted
from timeline.home import DISK_FULL_WAIT_S, Home
from timeline.keys import Key, load_key
from timeline.model import Frame, Picture
from timeline.pictures import Pictures
from timeline.queue import Job, Queue
from timeline.reader import Reader
from timeline.readings import Readings
from timeline.redaction import redact
from timeline.rewriting import Rewriting
from timeline.seen_secrets import SeenSecrets
from timeline.segment_file import PLAIN_SUFFIX
from timeline.segment_rows import first_closed
from timeline.spool import Spool
from timeline.thumbnails import ThumbnailWriter
from timeline.writer import Writer

log = logging.getLogger(__name__)

IDLE_WAIT_S = 0.5  # between two looks at an empty queue; a look costs 0.1 ms of CPU
WAIT_LOOK_S = 5.0  # between two looks at battery and processors
BATCH_FRAMES = 8  # frames read before the indexes catch up, when more are waiting
INDEX_STEP = 256  # passages, about 2 s of encoding: so long may a worker need to hear that it should stop


@dataclass(frozen=True, slots=True)
class _Read:
    """A frame whose text was stored, and what is left to do with its picture."""

    frame: Frame
    shown: Picture
    """What readers get: the hidden boxes are painted over."""
    newly_hidden: bool
    """Whether a secret was found that no picture before it had."""
    hidden: int
    """How many boxes of it are hidden."""


class Worker(Closing):
    """Turns committed frames into searchable text.  The caller holds the home's worker lock."""

    def __init__(self, home: Home, settings: Settings, *, crashed: bool = False, clock: Clock | None = None) -> None:
        """`crashed`: the worker before this one died by a fault of its own."""
        key = load_key(home)
        self._reading = FrameReading(settings.ocr)
        self._kinds = settings.privacy.secret_kinds
        self._writer = Writer.open(home, key, secrets=self._kinds)
        self._reader = Reader.open(home, key)
        self._pictures = Pictures(home, key, self._reader)
        self._spool = Spool(home, key)
        self._queue, self._readings = Queue(self._writer), Readings(self._writer)
        self._seen = SeenSecrets(home, key, self._reader)
        self._indexer = Indexer.open(home, key, embedder_factory(settings.index.embedder))
        self._thumbnails, self._clock = ThumbnailWriter(home, key), clock or SystemClock()
        parts = Parts(home, key, self._writer, self._reader, self._pictures, self._thumbnails)
        self._housekeeping = Housekeeping(parts, settings, self._clock)
        self._ocr, self._wait_look_s, self._waits = settings.ocr, 0.0, False
        self._recover(home, key, crashed=crashed)

    def _recover(self, home: Home, key: Key, *, crashed: bool) -> None:
        # A file that waits for being sealed may be beside its sealed one, where the database was put back: later then.
        if holder(home, "import") is None and first_closed(self._writer, PLAIN_SUFFIX, 0) is None:
            # A recorder may run: it notes a segment before it makes the file, so none is made unseen in a transaction.
            with transaction(self._writer.db):
                Rewriting(home, key, self._writer).sweep()
        if holder(home, "recorder") is None and holder(home, "import") is None:  # else they see to their own
            Segments(home, key, self._writer).close_left_open(self._spool)
        self._queue.recover(crashed=crashed)
        self._spool.sweep(self._queue.spooled())

    def work_until_idle(self, stop: threading.Event, on_frame: Callable[[], None] = lambda: None) -> int:
        """Read and index all that waits, or until `stop`; return how many frames were read.

        First, what was to be forgotten is written out of the video, where a kill came between; then segments of the
        first version are sealed; none is encoded again.
        """
        self._housekeeping.rewrite(stop, urgent=True)
        self._index(stop)
        done = 0
        while not stop.is_set() and (read := self._read_batch(stop, on_frame)):
            done += read
        if self._read_fuller(SETTLE_AFTER_S):
            self._index(stop)
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
                read = 0 if self._has_to_wait() else self._read_batch(stop, lambda: None)
                done += read
                if read:
                    read_s = self._clock.monotonic_s()
                quiet_s = self._clock.monotonic_s() - read_s
                if self._read_fuller(quiet_s):
                    self._index(stop)
                if not self._housekeeping.step(quiet_s) and not read:
                    stop.wait(IDLE_WAIT_S)
            except DiskFull:
                log.warning("the disk is full: reading waits")
                stop.wait(DISK_FULL_WAIT_S)
        return done

    def _has_to_wait(self) -> bool:
        """Tell whether reading waits for power, or for other tasks, as the settings want; frames are kept meanwhile."""
        now_s = self._clock.monotonic_s()
        if now_s >= self._wait_look_s:
            self._wait_look_s = now_s + WAIT_LOOK_S
            self._waits = battery_below(self._ocr.least_battery) or (self._ocr.when_busy == "wait" and is_busy())
        return self._waits

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
            self._reading.load()  # before a frame is taken: it may be missing, and loading it takes a second
            job = self._queue.take()
            if job is None:
                break
            taken += 1
            self._read(job)
            on_frame()
        if taken:
            self._index(stop)
        return taken

    def _read(self, job: Job) -> None:
        try:
            read = self._kept(job)
        except (DiskFull, DatabaseError, OSError, KeyboardInterrupt):
            self._queue.give_back(job)  # nothing that lies with the frame
            raise
        except Exception as error:  # an engine's failure on one frame must not stop the others
            # The message may hold what was on the screen, so only its class and place go to the log.
            log.error("frame %d was not read: %s in %s", job.frame_id, type(error).__name__, place_of(error))
            self._queue.fail(job, type(error).__name__)
            return
        if read is not None:
            self._make_thumbnail(read)

    def _kept(self, job: Job) -> _Read | None:
        """Read a frame and store its text without its secrets, which are hidden; None when it was forgotten."""
        frame = self._reader.frame(job.frame_id)
        if frame is None:
            self._readings.keep_reading(job.frame_id, ())
            return None
        picture = self._pictures.bgr(frame)
        again = self._again(frame, picture)
        redacted = redact(self._reading.read(frame, picture), self._kinds, again)
        if not self._readings.keep_reading(frame.id, redacted.lines, redacted.hidden):
            return None
        new = bool(redacted.hidden) and self._seen.remember(frame, picture, redacted.hidden)
        return _Read(frame, painted(picture, redacted.hidden), new, len(hidden_on(self._reader.db, frame.id)))

    def _again(self, frame: Frame, picture: Picture) -> list[HiddenBox]:
        """Return where a picture looks as it did when a secret stood there; also one that is misread is hidden."""
        return [one for one in self._seen.on(frame, picture) if one.kind in self._kinds]

    def _make_thumbnail(self, read: _Read) -> None:
        """Keep a thumbnail of what readers may see; one that cannot be made is missed by housekeeping later."""
        if read.newly_hidden:  # else one made before it was known would be taken, or an older frame's that looks alike
            self._thumbnails.forget([read.frame.id])
        try:
            self._thumbnails.note(read.frame, read.shown)
        except (DiskFull, DatabaseError, OSError):
            raise
        except Exception as error:  # the text is stored: nothing of it is to be read again
            log.error("frame %d got no thumbnail: %s in %s", read.frame.id, type(error).__name__, place_of(error))
        frame_id = read.frame.id
        if self._reader.frame(frame_id) is None or len(hidden_on(self._reader.db, frame_id)) > read.hidden:
            self._thumbnails.forget([frame_id])  # forgotten in this very moment

    def _read_fuller(self, quiet_s: float) -> bool:
        """Read what was left out of the newest frames because it moved all the time; tell whether there was any."""
        amended = False
        try:
            for one in self._reading.fuller(quiet_s):
                amended = self._amend(one) or amended
        except (DiskFull, DatabaseError, OSError, KeyboardInterrupt):
            raise
        except Exception as error:  # an engine's failure: the reading that is stored stands
            log.error("a frame was not read anew: %s in %s", type(error).__name__, place_of(error))
        return amended

    def _amend(self, fuller: Fuller) -> bool:
        redacted = redact(fuller.lines, self._kinds, self._again(fuller.frame, fuller.picture))
        amended = self._readings.amend_reading(fuller.frame.id, redacted.lines, redacted.hidden)
        if amended and redacted.hidden and self._seen.remember(fuller.frame, fuller.picture, redacted.hidden):
            self._thumbnails.forget([fuller.frame.id])
        return amended

    def _index(self, stop: threading.Event) -> None:
        """Let the indexes catch up, in steps; frames count as searchable once they have."""
        while self._indexer.catch_up(self._reader, limit=INDEX_STEP):
            if stop.is_set():
                return
        self._queue.finish_read()
        for name in self._queue.release_spooled():
            self._spool.remove(name)
