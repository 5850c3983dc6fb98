"""What a worker does when nothing waits to be read: sweep, seal, thin, make thumbnails, encode video anew.

Owns the order of these chores, when each is due, and the process that encodes: it writes out of the video what is
hidden in it, and makes old video smaller.  Each step is one small piece (one segment, one thumbnail: under a second),
so that a new frame is never kept waiting.  Called by dayreel.worker; `tidy` by `dayreel work --tidy`.
"""

from __future__ import annotations

import logging
import subprocess
import sys
import threading
from collections.abc import Callable
from dataclasses import dataclass

from dayreel.forgetting import finish
from dayreel.logs import place_of
from dayreel.quietness import is_quiet
from dayreel.retaining import let_go_agreed
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
from timeline.rewriting import Rewriting
from timeline.safekeeping.handing import handing
from timeline.sealing import Sealing
from timeline.thinning import Thinning
from timeline.thumbnails import ThumbnailWriter
from timeline.writer import Writer

CHORES_AFTER_S = 5.0  # without a frame to read: between two words being typed nobody wants the disk busy
REENCODE_AFTER_S = 60.0  # without a frame to read: the user is reading a long page, or away
RETAIN_EVERY_S = 86_400.0  # what has become too old goes once a day, and at each start
THIN_EVERY_S = 60.0  # the budget is looked at, however busy reading is
LOOK_AGAIN_S = 60.0  # for segments that have become old enough to be made smaller
FINISH_EVERY_S = 3600.0  # what is left of a forgetting, since somebody was reading
AFTER_FAILURE_S = 3600.0  # until the encoding process is tried again after it failed
# Who forgets writes the segments anew himself: they are taken over when nothing has come of it for so long.
TAKE_OVER_S = 60.0

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
class _Wishes:
    """The segments that are to be written anew, and those still being written: they have to wait."""

    urgent: int
    all: int
    open: tuple[int, ...]


_NONE = _Wishes(0, 0, ())


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
        self._settings = settings
        self._once: list[Step] = [self._finish, self._sweep, Sealing(parts.home, parts.key, parts.writer).step]
        self._all_pictured = False
        self._reencodes = settings.storage.reencode == "auto"
        self._rewriting = Rewriting(parts.home, parts.key, parts.writer)
        self._encoding: subprocess.Popen[bytes] | None = None
        self._thin_at_s, self._encode_at_s, self._retain_at_s = 0.0, 0.0, 0.0
        self._finish_at_s = clock.monotonic_s() + FINISH_EVERY_S
        self._begun_with = self._unfulfilled = _NONE
        """What the encoding process began with; and what it could not do: it is not started for that alone again."""
        self._urgent, self._urgent_since_s = self._rewriting.waiting(urgent=True), 0.0

    def step(self, quiet_s: float) -> bool:
        """Do what is due after so many seconds without a frame to read; True when there is more to do at once.

        Raises DiskFull.
        """
        now_s = self._clock.monotonic_s()
        if now_s >= self._thin_at_s:
            if self._done(self._thinning.step):
                return True
            self._thin_at_s = now_s + THIN_EVERY_S
        if quiet_s >= CHORES_AFTER_S and now_s >= self._retain_at_s:
            self._retain_at_s = now_s + RETAIN_EVERY_S
            self._done(self._retain)
        if quiet_s >= CHORES_AFTER_S and now_s >= self._finish_at_s:
            self._finish_at_s = now_s + FINISH_EVERY_S
            self._done(self._finish)
        if quiet_s >= CHORES_AFTER_S and (self.seal_old() or self._picture_missing()):
            return True
        self._encode(quiet_s, now_s)
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
        self._done(self._retain)
        self.rewrite(stop)
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

    def rewrite(self, stop: threading.Event, *, urgent: bool = False) -> None:
        """Write out of the video what is hidden in it, or until `stop`; `urgent`: only what is to be forgotten.

        In this process, while no other encodes.
        """
        while not stop.is_set() and self._rewriting.step(stop, urgent=urgent):
            pass

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

    def _finish(self) -> bool:
        """Finish what was to be forgotten, but for the video, where a kill came between."""
        parts = self._parts
        finish(parts.home, parts.key, self._settings, parts.writer, video=False)
        return False

    def _retain(self) -> bool:
        """Let go of what is older than the settings say, when somebody has agreed to them."""
        parts, rules = self._parts, self._settings.retention
        if let_go_agreed(parts.home, parts.key, parts.writer, rules, self._clock.now_us()):
            self._finish()
        return False

    def _sweep(self) -> bool:
        sweep(self._parts.home, self._parts.reader)
        return False

    def _encode(self, quiet_s: float, now_s: float) -> None:
        """Start the encoding process when it has something to do, end it when the machine is wanted."""
        if self._encoding is not None:
            self._look_after_encoding(now_s)
        elif self._overdue(now_s):
            self._start_encoding(now_s)
        elif quiet_s >= REENCODE_AFTER_S and now_s >= self._encode_at_s:
            self._encode_at_s = now_s + LOOK_AGAIN_S
            if self._quiet() and (self._new_wishes().all or self._something_old()):
                self._start_encoding(now_s)

    def _overdue(self, now_s: float) -> bool:
        """Tell whether something was to be forgotten and nobody is at it; at a worker's start nobody is."""
        urgent = self._rewriting.waiting(urgent=True)
        if urgent != self._urgent:
            self._urgent, self._urgent_since_s = urgent, now_s
        if not urgent or now_s < self._encode_at_s:
            return False
        return (not self._urgent_since_s or now_s >= self._urgent_since_s + TAKE_OVER_S) and (
            self._new_wishes().urgent > 0
        )

    def _wishes(self) -> _Wishes:
        rewriting, writer = self._rewriting, self._parts.writer
        open_ids = tuple(segment.id for segment in writer.open_segments())
        return _Wishes(rewriting.waiting(urgent=True), rewriting.waiting(), open_ids)

    def _new_wishes(self) -> _Wishes:
        """Return what is to be written anew; nothing while it is what the encoding process could not do."""
        wishes = self._wishes()
        return _NONE if wishes == self._unfulfilled else wishes

    def _something_old(self) -> bool:
        before_us = self._clock.now_us() - OLD_ENOUGH_US
        return self._reencodes and bool(self._parts.reader.recorded_segments(before_us, 1))

    def _start_encoding(self, now_s: float) -> None:
        if self._sweep in self._once:  # it takes unfinished copies away: now none is being written
            self._once.remove(self._sweep)
            self._done(self._sweep)
        self._encode_at_s, self._begun_with = now_s + LOOK_AGAIN_S, self._wishes()
        with handing(self._parts.home) as handed:
            self._encoding = subprocess.Popen(  # the open pipe is what tells it that its parent lives
                [sys.executable, "-m", "dayreel.tidying_process", "--home", str(self._parts.home.root)],
                stdin=subprocess.PIPE,
                env=handed.environment,
                pass_fds=handed.descriptors,
            )

    def _look_after_encoding(self, now_s: float) -> None:
        assert self._encoding is not None
        code = self._encoding.poll()
        if code is None and not self._quiet() and not self._rewriting.waiting(urgent=True):
            self._encoding.kill()  # whatever it had begun is done again another time
            self._let_go()
            self._encode_at_s = now_s + LOOK_AGAIN_S
        elif code is not None:
            self._let_go()
            if code:
                log.warning("encoding segments anew ended with %d; it is tried again in an hour", code)
                self._encode_at_s = now_s + AFTER_FAILURE_S
            else:
                self._unfulfilled = self._begun_with if self._wishes() == self._begun_with else _NONE
                self._once.append(self._finish)

    def _let_go(self) -> None:
        assert self._encoding is not None
        if self._encoding.stdin is not None:
            self._encoding.stdin.close()
        self._encoding.wait()
        self._encoding = None
