"""Writing a segment anew without what is to be hidden or forgotten in it, and swapping it in.

Owns the table rewrites and the order of the swap: the new file is written beside the old one, synced, compared frame by
frame, renamed, named by the row (the commit point, with the end of the wish), and only then the old one is removed.
Killed anywhere, the wish still stands and the next run fulfils it; readers cover what is hidden all the while.  Called
by the worker's housekeeping and by timeline.forgetting.
"""

from __future__ import annotations

import fcntl
import logging
import os
import secrets
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from timeline.encoders import CRF, GOP, X264, Codec
from timeline.errors import UnreadableNow, UnreadablePicture
from timeline.hidden import HiddenBox, hidden_on, painted
from timeline.home import Home, sync_folder
from timeline.keys import Key, derive
from timeline.likeness import least_likeness
from timeline.model import Picture, Segment
from timeline.reencoding import LEAST_LIKENESS, QUALITIES, SMALL_SUFFIX, SMALLEST
from timeline.rows import SEGMENT_QUERY, segment_of
from timeline.segment_file import PLAIN_SUFFIX, SEALED_SUFFIX
from timeline.segment_rows import synced
from timeline.video import SegmentReader, SegmentWriter
from timeline.writer import Writer

_ID_BYTES = 4  # of the random part of a segment's name
FINER = 10  # crf steps between two tries, where a copy is not like what it was made from
TRIES = 3
SWAPPED_WITHIN_S = 600.0  # a file that is older and that no row names was left by a kill

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class _Shown:
    """A frame that the file is to show: its time in the segment, and what of it is hidden."""

    pts_us: int
    frame_id: int
    hidden: tuple[HiddenBox, ...]


@dataclass(frozen=True, slots=True)
class _Setting:
    """How a copy is encoded."""

    crf: int
    codec: Codec


class Rewriting:
    """Writes one segment after the other anew."""

    def __init__(self, home: Home, key: Key, writer: Writer) -> None:
        self._home, self._writer = home, writer
        self._secret = derive(key, "video")

    def waiting(self, *, urgent: bool = False) -> int:
        """Return how many segments hold pixels that must go; `urgent`: because they are to be forgotten."""
        statement = "SELECT count(*) FROM rewrites WHERE urgent >= ?"
        return int(self._writer.db.conn.execute(statement, [urgent]).fetchone()[0])

    def step(self, stop: threading.Event, *, urgent: bool = False) -> bool:
        """Write one closed segment anew and tell whether there was one.

        One that is damaged keeps the frames that can be read; one of which none can be read goes when it is to be
        forgotten, else it stays as it is, covered.  Raises DiskFull, and UnreadableNow where the machine is at fault:
        the old file and the wish stay then.
        """
        segment = self._next(urgent)
        if segment is None or stop.is_set():
            return False
        with _writing(self._home):
            done = self._rewrite(segment, stop)
        if done:
            log.info("segment %d was written anew without what is hidden in it", segment.id)
        return not stop.is_set()

    def sweep(self) -> int:
        """Remove files that no row names: what a kill left on either side of a swap; return how many.

        Young ones stay: another process may be about to name them.
        """
        old = time.time() - SWAPPED_WITHIN_S
        files = [path for path in self._home.video.glob("*/*") if _written_s(path) < old]
        named = {name for (name,) in self._writer.db.conn.execute("SELECT name FROM segments WHERE pixels != 'gone'")}
        left = [path for path in files if _named(self._home, path) not in named]
        for path in left:
            path.unlink(missing_ok=True)
        return len(left)

    def write_copy(self, segment: Segment, path: Path) -> bool:
        """Write a segment as readers see it, sealed, to a new file; False, and no file, when no frame can be read."""
        return self._copy(segment, self._plan(segment), path, threading.Event())

    def _next(self, urgent: bool) -> Segment | None:
        row = self._writer.db.conn.execute(
            f"{SEGMENT_QUERY} WHERE id = (SELECT r.segment_id FROM rewrites r JOIN segments s ON s.id = r.segment_id"
            " WHERE s.closed = 1 AND r.urgent >= ? AND (r.urgent OR NOT EXISTS (SELECT 1 FROM frames f JOIN jobs j"
            " ON j.frame_id = f.id WHERE f.segment_id = s.id AND j.state IN ('waiting', 'leased')))"
            " ORDER BY r.urgent DESC, r.segment_id LIMIT 1)",
            [urgent],
        ).fetchone()
        return None if row is None else segment_of(row)

    def _plan(self, segment: Segment) -> list[_Shown]:
        rows = self._writer.db.conn.execute(
            "SELECT pts_us, id FROM frames WHERE segment_id = ? ORDER BY pts_us, id", [segment.id]
        ).fetchall()
        return [_Shown(pts_us, frame_id, hidden_on(self._writer.db, frame_id)) for pts_us, frame_id in rows]

    def _rewrite(self, segment: Segment, stop: threading.Event) -> bool:
        old, plan = self._home.video / segment.name, self._plan(segment)
        new = old.with_name(_new_name(old.name))
        beside = new.with_name(f"{new.name}.new")
        try:
            whole = segment.pixels != "gone" and self._copy(segment, plan, beside, stop)
            if stop.is_set():
                return False
            if whole:
                beside.replace(new)
                sync_folder(new.parent)
        except FileNotFoundError:  # taken for what a kill left: the wish still stands
            return False
        except UnreadableNow:
            if self._stands(segment):
                raise
            return False  # another process swapped it: what it was read from is no fault of the machine
        finally:
            beside.unlink(missing_ok=True)
        if not whole and not self._stands(segment):  # swapped before it could be opened
            return False
        if not whole and plan and segment.pixels != "gone" and not self._is_urgent(segment):
            self._let_be(segment)
            return False
        if not self._swap(segment, plan, new if whole else None):
            new.unlink(missing_ok=True)  # something was forgotten, hidden or replaced meanwhile: the wish still stands
            return False
        old.unlink(missing_ok=True)
        return True

    def _stands(self, segment: Segment) -> bool:
        """Tell whether the row still names the file that was read."""
        row = self._writer.db.conn.execute("SELECT name FROM segments WHERE id = ?", [segment.id]).fetchone()
        return row is not None and row[0] == segment.name

    def _is_urgent(self, segment: Segment) -> bool:
        row = self._writer.db.conn.execute("SELECT urgent FROM rewrites WHERE segment_id = ?", [segment.id]).fetchone()
        return row is not None and bool(row[0])

    def _let_be(self, segment: Segment) -> None:
        log.warning("segment %d is damaged or missing: what is hidden in it stays covered only", segment.id)
        with synced(self._writer):
            self._writer.db.conn.execute("DELETE FROM rewrites WHERE segment_id = ? AND NOT urgent", [segment.id])

    def _swap(self, segment: Segment, plan: Sequence[_Shown], new: Path | None) -> bool:
        """Let the row name the new file, or none, and end the wish; False when anything changed since it was read."""
        run = self._writer.db.conn.execute
        name, pixels = (segment.name, "gone") if new is None else (_named(self._home, new), segment.pixels)
        with synced(self._writer):
            if self._plan(segment) != plan or (new is not None and not new.exists()):
                return False
            changed = run(
                "UPDATE segments SET name = ?, pixels = ? WHERE id = ? AND name = ? AND pixels = ? AND closed = 1",
                [name, pixels, segment.id, segment.name, segment.pixels],
            )
            if changed.rowcount:
                run("DELETE FROM rewrites WHERE segment_id = ?", [segment.id])
            if changed.rowcount and not plan:
                run("DELETE FROM segments WHERE id = ?", [segment.id])
            return bool(changed.rowcount)

    def _copy(self, segment: Segment, plan: Sequence[_Shown], path: Path, stop: threading.Event) -> bool:
        """Write the frames of a plan that can be read; False, and no file, when that is none."""
        small = segment.name.endswith(SMALL_SUFFIX)
        crf, codec = (QUALITIES[0], SMALLEST) if small else (CRF, X264)
        for number in range(TRIES):
            path.unlink(missing_ok=True)
            shown = self._encode(segment, plan, path, _Setting(crf - number * FINER, codec), stop)
            if not shown or stop.is_set() or self._alike(segment, shown, path, stop):
                break
        else:
            log.warning("segment %d was written anew, but not all of its frames are as they were", segment.id)
        if not shown:
            path.unlink(missing_ok=True)
        return bool(shown)

    def _encode(
        self, segment: Segment, plan: Sequence[_Shown], path: Path, setting: _Setting, stop: threading.Event
    ) -> list[_Shown]:
        """Encode the frames that can be read, their hidden boxes covered, and return which they were."""
        size, shown = (segment.width, segment.height), list[_Shown]()
        with _damage_passed(), self._source(segment) as source, _fault_told(segment):
            file = SegmentWriter.create(path, self._secret, *size, 0, setting.crf, GOP, setting.codec)
            with closing(file):
                for one in plan:
                    if stop.is_set():
                        break
                    picture = _as_it_is(source, one)
                    if picture is not None:
                        file.write(painted(picture, one.hidden), one.pts_us)
                        shown.append(one)
        return shown

    def _alike(self, segment: Segment, shown: Sequence[_Shown], path: Path, stop: threading.Event) -> bool:
        """Tell whether each frame of a copy looks as it did beside its hidden boxes.

        Raises UnreadableNow when it has not just the frames that it should: then it may take no file's place.
        """
        size = segment.width, segment.height
        with (
            _fault_told(segment),
            self._source(segment) as source,
            SegmentReader(path, self._secret, *size) as copy,
        ):
            if copy.times() != [one.pts_us for one in shown]:
                raise UnreadablePicture
            for one in shown:
                was, now = painted(source.picture(one.pts_us), one.hidden), copy.picture(one.pts_us)
                if stop.is_set() or least_likeness(was, now) < LEAST_LIKENESS:
                    return False
        return True

    def _source(self, segment: Segment) -> SegmentReader:
        return SegmentReader(self._home.video / segment.name, self._secret, segment.width, segment.height)


def being_written(home: Home) -> bool:
    """Tell whether any process writes a segment anew just now: files that no row names may be its own."""
    try:
        with _locked(home, fcntl.LOCK_EX | fcntl.LOCK_NB):
            pass
    except OSError:  # held by another process, or a file system without locks, where nobody knows
        return True
    return False


@contextmanager
def _writing(home: Home) -> Iterator[None]:
    """Let other processes see that segments are written anew; the lock ends with this process, however it ends."""
    with ExitStack() as stack:
        with suppress(OSError):  # a file system without locks
            stack.enter_context(_locked(home, fcntl.LOCK_SH))
        yield


@contextmanager
def _locked(home: Home, how: int) -> Iterator[None]:
    descriptor = os.open(home.video, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        fcntl.flock(descriptor, how)
        yield
    finally:
        os.close(descriptor)


def _as_it_is(source: SegmentReader, one: _Shown) -> Picture | None:
    """Return a frame's picture, None when it is damaged; what only cannot be read now is told."""
    try:
        return source.picture(one.pts_us)
    except UnreadableNow:
        raise
    except UnreadablePicture:
        return None


@contextmanager
def _fault_told(segment: Segment) -> Iterator[None]:
    """Tell a failure of the new file as one of the machine: no frame of a sound one may be lost to it."""
    try:
        yield
    except UnreadablePicture as error:
        raise UnreadableNow(
            f"Segment {segment.id} could not be written anew: it stays as it is, covered. Run the command again."
        ) from error


@contextmanager
def _damage_passed() -> Iterator[None]:
    """Pass over what is damaged; what only cannot be read now is told: a sound file must not go for it."""
    try:
        yield
    except UnreadableNow:
        raise
    except UnreadablePicture:
        pass


def _written_s(path: Path) -> float:
    try:
        return path.stat().st_mtime
    except FileNotFoundError:  # swapped just now
        return float("inf")


def _named(home: Home, path: Path) -> str:
    return path.relative_to(home.video).as_posix()


def _new_name(name: str) -> str:
    """Return another name for the file of a segment: the same time and monitor, another random part."""
    suffix = SMALL_SUFFIX if name.endswith(SMALL_SUFFIX) else SEALED_SUFFIX
    start = name.removesuffix(SMALL_SUFFIX).removesuffix(SEALED_SUFFIX).removesuffix(PLAIN_SUFFIX)
    return f"{start.rpartition('-')[0]}-{secrets.token_hex(_ID_BYTES)}{suffix}"
