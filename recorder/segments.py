"""The segments being written: one a monitor, a new one every half hour or after so many frames.

Owns when a segment begins and ends, the names of the files and their rows.  Never decides what is kept and commits no
frame.  Called by the recorder, and by the importer, whose pictures may lie days apart: the same rule then gives each
its own segment.

When `write` returns, the frame is on the disk: its bytes, and the names of its file and folder.  The caller commits it
after that, so a power cut takes no committed frame.
"""

from __future__ import annotations

import logging
import secrets
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from timeline.clock import SECOND_US, at_offset
from timeline.encoders import CRF, GOP, X264, Codec
from timeline.errors import DiskFull, StoreUnusable, UnreadablePicture
from timeline.home import Home, make_private_folder, sync_folder
from timeline.keys import Key, derive
from timeline.model import Frame, Picture, Segment
from timeline.segment_file import SEALED_SUFFIX, complete_segment
from timeline.segment_rows import note_gone, wanted_closed
from timeline.spool import Spool
from timeline.video import SegmentReader, SegmentWriter
from timeline.writer import Writer

SPAN_US = 1800 * SECOND_US  # each file begins with a key frame, a page of 70 kB: fewer files, fewer of those
MOST_FRAMES = 240  # to look through when a file is opened, and to encode again at one go: eight minutes of a film

log = logging.getLogger(__name__)


@dataclass(slots=True)
class _Bare:
    """A segment that frames are added to, as its row tells of it: one without a file when it is no more than this."""

    id: int
    shape: tuple[int, int]
    start_us: int
    last_us: int
    frames: int = 0

    def takes(self, shape: tuple[int, int], at_us: int) -> bool:
        """Tell whether a frame belongs here: same size, no step back in time, within the span, and room for it."""
        in_span = self.last_us <= at_us < self.start_us + SPAN_US
        return in_span and self.shape == shape and self.frames < MOST_FRAMES


@dataclass(slots=True, kw_only=True)
class _Open(_Bare):
    """A segment being written."""

    file: SegmentWriter
    folder: Path | None
    """Where its name is still to be synced; None once it is."""


class Segments:
    """The open segments of one recorder or importer."""

    def __init__(
        self, home: Home, key: Key, writer: Writer, crf: int = CRF, gop: int = GOP, codec: Codec = X264
    ) -> None:
        self._home, self._writer = home, writer
        self._secret = derive(key, "video")
        self._crf, self._gop, self._codec = crf, gop, codec
        self._open: dict[int, _Open] = {}
        self._bare: dict[int, _Bare] = {}

    def write(self, monitor: int, picture: NDArray[np.uint8], at_us: int, offset_s: int) -> tuple[int, int]:
        """Write one picture, BGR or BGRA, and return the id of its segment and its time in there in microseconds.

        It is on the disk then.  Raises DiskFull; that segment is closed and the next picture begins another.
        """
        try:
            return self._write(monitor, picture, at_us, offset_s)
        except UnreadablePicture:
            if self._codec == X264:
                raise
        log.warning("%s failed: libx264 encodes from here on", self._codec.name)
        self._codec = X264
        return self._write(monitor, picture, at_us, offset_s)

    def _write(self, monitor: int, picture: NDArray[np.uint8], at_us: int, offset_s: int) -> tuple[int, int]:
        height, width = picture.shape[:2]
        current = self._open.get(monitor)
        if current is not None and not current.takes((height, width), at_us):
            self._close(monitor)
            current = None
        if current is None:
            current = self._begin(monitor, (height, width), at_us, offset_s)
        try:
            pts_us = current.file.write(picture, at_us)
            self._sync(current)
        except BaseException:
            self._abandon(monitor)
            raise
        current.last_us = at_us
        current.frames += 1
        return current.id, pts_us

    def without_pixels(self, monitor: int, shape: tuple[int, int], at_us: int, offset_s: int) -> int:
        """Return the id of a segment without a file, for a frame (height, width) of which only the text is kept."""
        bare = self._bare.get(monitor)
        if bare is None or not bare.takes(shape, at_us):
            bare = _Bare(self._note_bare(monitor, shape, at_us, offset_s), shape, at_us, at_us)
            self._bare[monitor] = bare
        bare.last_us = at_us
        bare.frames += 1
        return bare.id

    def close_finished(self, now_us: int) -> None:
        """Close the segments whose span is over, though no new frame came, and those with what is to be forgotten."""
        wanted = wanted_closed(self._writer) if self._open else set()
        for monitor, current in list(self._open.items()):
            if now_us >= current.start_us + SPAN_US or current.id in wanted:
                self._close(monitor)

    def close(self) -> None:
        """Close all."""
        for monitor in list(self._open):
            self._close(monitor)

    def close_left_open(self, spool: Spool) -> int:
        """Close the segments that a killed recorder left open and return how many of their last frames were mended.

        A frame is committed after it is on the disk, so only a disk that lied can take it from the file.  It is then
        written again from the spool, if it is still there, into a segment of its own.
        """
        mended = 0
        for segment in self._writer.open_segments():
            frame = self._writer.last_frame_of(segment.id)
            if segment.pixels == "gone":
                self._writer.close_segment(segment.id)
                continue
            if frame is None and not self._times(segment):
                self._remove(segment)
                continue
            if frame is not None and not self._readable(segment, frame):
                mended += self._mend(frame, spool)
            self._complete(segment)
        return mended

    def _begin(self, monitor: int, shape: tuple[int, int], at_us: int, offset_s: int) -> _Open:
        name = _name(monitor, at_us, offset_s)
        path = self._home.video / name
        make_private_folder(path.parent)
        height, width = shape
        # The row first: a file that no row knows could not be forgotten.
        segment_id = self._writer.open_segment(name, monitor, at_us, width, height)
        try:
            file = SegmentWriter.create(path, self._secret, width, height, at_us, self._crf, self._gop, self._codec)
        except BaseException:
            self._note_closed(segment_id)
            raise
        self._open[monitor] = _Open(segment_id, shape, at_us, at_us, file=file, folder=path.parent)
        return self._open[monitor]

    def _note_bare(self, monitor: int, shape: tuple[int, int], at_us: int, offset_s: int) -> int:
        height, width = shape
        segment_id = self._writer.open_segment(_name(monitor, at_us, offset_s), monitor, at_us, width, height)
        note_gone(self._writer, segment_id)
        return segment_id

    def _sync(self, current: _Open) -> None:
        """Bring a frame to the disk, and with the first one the names of file and folder."""
        current.file.sync()
        if current.folder is not None:
            for folder in (current.folder, current.folder.parent):
                sync_folder(folder)
            current.folder = None

    def _close(self, monitor: int) -> None:
        current = self._open.pop(monitor)
        current.file.close()  # without room for the closing record the row stays open, and the next start tries again
        self._writer.close_segment(current.id)

    def _abandon(self, monitor: int) -> None:
        """Let go of a segment after an error, which is the one to tell of, whatever else fails."""
        current = self._open.pop(monitor)
        with suppress(OSError, DiskFull):
            current.file.close()
            self._writer.close_segment(current.id)

    def _note_closed(self, segment_id: int) -> None:
        with suppress(DiskFull):  # the row is closed by the next start then
            self._writer.close_segment(segment_id)

    def _complete(self, segment: Segment) -> None:
        """Close the file of a segment and then its row; without room both wait for the next start."""
        try:
            complete_segment(self._home.video / segment.name, self._secret)
        except DiskFull:
            log.warning("no room to close segment %d; its frames can be read all the same", segment.id)
            return
        except UnreadablePicture:
            log.warning("segment %d is damaged or missing; what it holds is left as it is", segment.id)
        self._writer.close_segment(segment.id)

    def _remove(self, segment: Segment) -> None:
        """Remove a segment that holds nothing: its writer was killed before the first frame was whole."""
        (self._home.video / segment.name).unlink(missing_ok=True)
        note_gone(self._writer, segment.id)

    def _times(self, segment: Segment) -> list[int]:
        """Return the times of a segment's whole frames."""
        try:
            with SegmentReader(self._home.video / segment.name, self._secret, segment.width, segment.height) as reader:
                return reader.times()
        except UnreadablePicture:
            return []

    def _readable(self, segment: Segment, frame: Frame) -> bool:
        try:
            with SegmentReader(self._home.video / segment.name, self._secret, segment.width, segment.height) as reader:
                reader.picture(frame.pts_us)
        except UnreadablePicture:
            return False
        return True

    def _mend(self, frame: Frame, spool: Spool) -> bool:
        picture = _spooled(frame, spool)
        if picture is None:
            log.warning("the picture of frame %d was lost with the power: neither video nor spool holds it", frame.id)
            return False
        segment_id, pts_us = self.write(frame.monitor, picture, frame.start_us, frame.offset_s)
        self._close(frame.monitor)  # on the disk before the row points to it
        self._writer.move_frame(frame.id, segment_id, pts_us)
        return True


def _name(monitor: int, at_us: int, offset_s: int) -> str:
    """Return the name of a new segment: a folder a day, then the local time, the monitor and what makes it unique."""
    local = at_offset(at_us, offset_s)
    return f"{local:%Y-%m-%d}/{local:%H%M%S}-m{monitor}-{secrets.token_hex(4)}{SEALED_SUFFIX}"


def _spooled(frame: Frame, spool: Spool) -> Picture | None:
    try:
        return None if frame.spool_name is None else spool.get(frame.spool_name)
    except StoreUnusable:  # the same power cut damaged the entry
        return None
