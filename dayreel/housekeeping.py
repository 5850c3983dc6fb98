"""What a worker does when nothing waits to be read: sweep, seal, thin, make thumbnails, make old video smaller.

Owns the order of these chores, when each is due, and the process that encodes.  Each step is one small piece (one
segment, one thumbnail: under a second), so that a new frame is never kept waiting.  Called by dayreel.worker; `tidy` by
`dayreel work --tidy`.
"""

from __future__ import annotations

import logging
import subprocess
import sys
import threading
from collections.abc import Callable
from dataclasses import dataclass

from dayreel.logs import place_of
from dayreel.quietness import is_quiet
from dayreel.settings import Settings
from timeline.clock import Clock
from timeline.closing import Closing
from timeline.errors import DiskFull
from timeline.home import Home
from timeline.keys import Key
from timeline.missing_thumbnails import MissingThumbnails
from timeline.pictures import Pictures
from timeline.reader import Reader
from timeline.reencoding import OLD_ENOUGH_US, Reencoding, sweep
from timeline.sealing import Sealing
from timeline.thinning import Thinning
from timeline.thumbnails import ThumbnailWriter
from timeline.writer import Writer

CHORES_AFTER_S = 5.0  # without a frame to read: between two words being typed nobody wants the disk busy
REENCODE_AFTER_S = 60.0  # without a frame to read: the user is reading a long page, or away
THIN_EVERY_S = 60.0  # the budget is looked at, however busy reading is
LOOK_AGAIN_S = 60.0  # for segments that have become old enough to be made smaller
AFTER_FAILURE_S = 3600.0  # until the encoding process is tried again after it failed

log = logging.getLogger(__name__)
Step = Callable[[], bool]


@dataclass(frozen=True, slots=True)
class Parts:
    """What the chores work with; all owned by the worker."""

    home: Home
    key: Key
    writer: Writer
    reader: Reader
    pictures: Pictures
    thumbnails: ThumbnailWriter


@dataclass(frozen=True, slots=True)
class Tidied:
    """What `dayreel work --tidy` has done."""

    thumbnails: int
    reencoded_bytes: int
    thinned_bytes: int


class Housekeeping(Closing):
    """The chores of one home.  The caller holds the home's worker lock."""

    def __init__(self, parts: Parts, settings: Settings, clock: Clock, quiet: Callable[[], bool] = is_quiet) -> None:
        self._parts, self._clock, self._quiet = parts, clock, quiet
        self._thinning = Thinning(
            parts.home, parts.writer, parts.reader, parts.thumbnails, settings.storage.budget_bytes, clock
        )
        self._missing = MissingThumbnails(parts.reader, parts.pictures, parts.thumbnails)
        self._once: list[Step] = [self._sweep, Sealing(parts.home, parts.key, parts.writer).step]
        self._all_pictured = False
        self._reencodes = settings.storage.reencode == "auto"
        self._encoding: subprocess.Popen[bytes] | None = None
        self._thin_at_s, self._encode_at_s = 0.0, 0.0

    def step(self, quiet_s: float) -> bool:
        """Do what is due after so many seconds without a frame to read; True when there is more to do at once.

        Raises DiskFull.
        """
        now_s = self._clock.monotonic_s()
        if now_s >= self._thin_at_s:
            if self._done(self._thinning.step):
                return True
            self._thin_at_s = now_s + THIN_EVERY_S
        if quiet_s >= CHORES_AFTER_S and (self.seal_old() or self._picture_missing()):
            return True
        if self._reencodes:
            self._reencode(quiet_s, now_s)
        return False

    def seal_old(self) -> bool:
        """Do one piece of what every start does once; False when nothing of it is left."""
        if self._once and not self._done(self._once[0]):
            del self._once[0]
        return bool(self._once)

    def _picture_missing(self) -> bool:
        if not self._all_pictured and self._quiet():
            self._all_pictured = not self._done(self._missing.step)
            if self._all_pictured:
                self._parts.pictures.close()  # the decoders' memory; they are opened again when they are needed
            return not self._all_pictured
        return False

    def tidy(self, stop: threading.Event) -> Tidied:
        """Do all chores now, whatever the age of the segments and however busy the machine; or until `stop`."""
        parts = self._parts
        for step in (self.seal_old, self._missing.step):
            while not stop.is_set() and step():
                pass
        with Writer.open(parts.home, parts.key, durable=True) as writer:
            chore = Reencoding(parts.home, parts.key, writer, parts.reader)
            while not stop.is_set() and chore.step(self._clock.now_us(), stop):
                pass
        while not stop.is_set() and self._thinning.step():
            pass
        return Tidied(self._missing.made, chore.saved_bytes, self._thinning.freed_bytes)

    def close(self) -> None:
        """End the encoding process, if it runs; what it had begun is done again another time."""
        if self._encoding is not None:
            self._encoding.kill()
            self._let_go()

    def _done(self, step: Step) -> bool:
        """Take one step; a chore that fails is over for this run, and never ends the worker."""
        try:
            return step()
        except DiskFull:
            raise
        except Exception as error:  # the outer loop of the chores; the message may hold what was on the screen
            log.error("a chore failed: %s in %s", type(error).__name__, place_of(error))
            return False

    def _sweep(self) -> bool:
        sweep(self._parts.home, self._parts.reader)
        return False

    def _reencode(self, quiet_s: float, now_s: float) -> None:
        """Start the encoding process when all is quiet, end it when the machine is wanted, note how it ended."""
        if self._encoding is not None:
            self._look_after_encoding(now_s)
        elif quiet_s >= REENCODE_AFTER_S and now_s >= self._encode_at_s:
            self._encode_at_s = now_s + LOOK_AGAIN_S
            if self._quiet() and self._parts.reader.recorded_segments(self._clock.now_us() - OLD_ENOUGH_US, 1):
                self._encoding = subprocess.Popen(  # the open pipe is what tells it that its parent lives
                    [sys.executable, "-m", "dayreel.tidying_process", "--home", str(self._parts.home.root)],
                    stdin=subprocess.PIPE,
                )

    def _look_after_encoding(self, now_s: float) -> None:
        assert self._encoding is not None
        code = self._encoding.poll()
        if code is None and not self._quiet():
            self._encoding.kill()  # whatever it had begun is done again another time
            self._let_go()
            self._encode_at_s = now_s + LOOK_AGAIN_S
        elif code is not None:
            self._let_go()
            if code:
                log.warning("making segments smaller ended with %d; it is tried again in an hour", code)
                self._encode_at_s = now_s + AFTER_FAILURE_S

    def _let_go(self) -> None:
        assert self._encoding is not None
        if self._encoding.stdin is not None:
            self._encoding.stdin.close()
        self._encoding.wait()
        self._encoding = None
