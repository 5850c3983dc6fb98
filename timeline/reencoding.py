"""Making closed segments smaller: encoded again with all the time in the world, checked frame by frame, swapped.

Owns the settings of that encoding and the order in which a new file takes the place of the old one: written beside it,
synced, compared, renamed, named by the row (the commit point), and only then the old one removed.  Killed anywhere, the
next run goes on; at no instant is a frame unreadable.  Called by dayreel.tidying_process and `dayreel work --tidy`.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from timeline.clock import SECOND_US
from timeline.encoders import GOP, Codec
from timeline.errors import UnreadablePicture
from timeline.home import Home, sync_folder
from timeline.keys import Key, derive
from timeline.likeness import least_likeness
from timeline.model import Segment
from timeline.reader import Reader
from timeline.segment_file import PLAIN_SUFFIX, SEALED_SUFFIX
from timeline.usage import file_bytes
from timeline.video import SegmentReader, SegmentWriter
from timeline.writer import Writer

OLD_ENOUGH_US = 3600 * SECOND_US  # who looks back does so mostly at the last hour: it stays as it was recorded
QUALITIES = (29, 24)  # crf: no English word or Chinese character lost over 18 pages; the second where that fails
LEAST_SAVED = 0.05  # of the bytes: else the old file stays
LEAST_LIKENESS = 0.5  # of any tile of any frame: text that is gone has 0.3 or less, what was measured 0.75 or more
SMALL_SUFFIX = f"-small{SEALED_SUFFIX}"
# Without psy, which keeps noise for the eye, crf 29 takes 12 % fewer bytes than 28 with it and reads as well.  AV1
# takes fewer at the same PSNR, but SVT blurs letters and libaom fails the comparison of frames (decision 0012).
SMALLEST = Codec(
    "libx264",
    (
        ("preset", "veryslow"),
        ("crf", "{crf}"),
        # merange finds a page that was scrolled far, ref one that was shown before; qcomp=1 and no mbtree: each frame
        # is worth the same, as each is looked at by itself
        ("x264-params", "qcomp=1:scenecut=0:me=umh:merange=256:ref=8:psy=0:mbtree=0:rc-lookahead=0"),
    ),
)

log = logging.getLogger(__name__)


class _Unlike(Exception):
    """A frame does not show any more what it showed."""


class _Stopped(Exception):
    """Something else is more urgent."""


class Reencoding:
    """Makes one segment after the other smaller, the oldest first.  The caller holds the home's worker lock."""

    def __init__(self, home: Home, key: Key, writer: Writer, reader: Reader) -> None:
        """`writer` must be a durable one: the old file is removed once the row is on the disk."""
        self._home, self._writer, self._reader = home, writer, reader
        self._secret = derive(key, "video")
        self.saved_bytes = 0
        """How much smaller the home has become."""

    def step(self, before_us: int, stop: threading.Event) -> bool:
        """Make one segment that begins before an instant smaller; False when there is none, or `stop` is set.

        One that does not become smaller, or not well, keeps its file and is not tried again.  Raises DiskFull; nothing
        is changed then.
        """
        segments = self._reader.recorded_segments(before_us, 1)
        if not segments:
            return False
        [segment] = segments
        try:
            self._make_small(segment, stop)
        except _Stopped:
            return False
        except UnreadablePicture:
            log.warning("segment %d is damaged or missing: it stays as it is", segment.id)
            self._writer.change_pixels(segment, segment.name, "re-encoded")
        return True

    def _make_small(self, segment: Segment, stop: threading.Event) -> None:
        old = self._home.video / segment.name
        new = old.with_name(small_name(old.name))
        beside = new.with_name(f"{new.name}.new")
        try:
            if not self._write_beside(segment, old, beside, stop):
                self._writer.change_pixels(segment, segment.name, "re-encoded")
                return
            saved_bytes = file_bytes(old) - file_bytes(beside)
            beside.replace(new)
        finally:
            beside.unlink(missing_ok=True)
        sync_folder(new.parent)
        name = new.relative_to(self._home.video).as_posix()
        if self._writer.change_pixels(segment, name, "re-encoded", new):  # the commit point
            old.unlink(missing_ok=True)
            self.saved_bytes += saved_bytes

    def _write_beside(self, segment: Segment, old: Path, beside: Path, stop: threading.Event) -> bool:
        """Write a good small copy and tell whether it is worth having."""
        for crf in QUALITIES:
            beside.unlink(missing_ok=True)
            self._encode(segment, old, beside, crf, stop)
            if file_bytes(beside) > (1 - LEAST_SAVED) * file_bytes(old):
                return False
            try:
                self._compare(segment, old, beside, stop)
            except _Unlike:
                continue
            return True
        log.info("segment %d stays as it is: it does not become smaller without loss", segment.id)
        return False

    def _encode(self, segment: Segment, old: Path, beside: Path, crf: int, stop: threading.Event) -> None:
        size = segment.width, segment.height
        with SegmentReader(old, self._secret, *size) as source:
            file = SegmentWriter.create(beside, self._secret, *size, 0, crf, GOP, SMALLEST)
            with closing(file):
                for at_us in _each(source.times(), stop):
                    file.write(source.picture(at_us), at_us)

    def _compare(self, segment: Segment, old: Path, beside: Path, stop: threading.Event) -> None:
        """Raise _Unlike unless the copy has the same frames at the same times, and each still shows the same."""
        size = segment.width, segment.height
        with SegmentReader(old, self._secret, *size) as source, SegmentReader(beside, self._secret, *size) as copy:
            if copy.times() != source.times():
                raise _Unlike
            for at_us in _each(source.times(), stop):
                if least_likeness(source.picture(at_us), copy.picture(at_us)) < LEAST_LIKENESS:
                    raise _Unlike


def small_name(name: str) -> str:
    """Return how the file of a segment is named when it was made smaller."""
    return name.removesuffix(SEALED_SUFFIX).removesuffix(PLAIN_SUFFIX) + SMALL_SUFFIX


def sweep(home: Home, reader: Reader) -> int:
    """Remove what a kill left: copies that were not finished, files that no row needs any more; return how many."""
    pixels = reader.segment_pixels()
    left = list(home.video.glob(f"*/*{SMALL_SUFFIX}.new"))
    for name, what in pixels.items():
        path = home.video / name
        if what == "gone":
            left.append(path)
        elif name.endswith(SMALL_SUFFIX):
            stem = path.name.removesuffix(SMALL_SUFFIX)
            left += [path.with_name(stem + suffix) for suffix in (SEALED_SUFFIX, PLAIN_SUFFIX)]
    found = [path for path in left if path.exists()]
    for path in found:
        path.unlink(missing_ok=True)
    return len(found)


def _each(times: list[int], stop: threading.Event) -> Iterator[int]:
    for at_us in times:
        if stop.is_set():
            raise _Stopped
        yield at_us
