"""The segments being written: one a monitor, a new one every five minutes.

Owns when a segment begins and ends, the names of the files and their rows.  Never decides what is kept and commits no
frame.  Called by the recorder, and by the importer, whose pictures may lie days apart: the same rule then gives each
its own segment.
"""

from __future__ import annotations

import logging
import secrets
from contextlib import suppress
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from timeline.clock import SECOND_US, at_offset
from timeline.errors import DiskFull, StoreUnusable, UnreadablePicture
from timeline.home import Home, make_private_folder
from timeline.model import Frame, Picture, Segment
from timeline.spool import Spool
from timeline.video import CRF, GOP, SegmentReader, SegmentWriter
from timeline.writer import Writer

SPAN_US = 300 * SECOND_US  # five minutes: at most 300 frames to look through, 12 files an hour

log = logging.getLogger(__name__)


@dataclass(slots=True)
class _Open:
    """A segment being written."""

    id: int
    file: SegmentWriter
    shape: tuple[int, int]
    start_us: int
    last_us: int

    def takes(self, shape: tuple[int, int], at_us: int) -> bool:
        """Tell whether a frame belongs here: same size, no step back in time, within the span."""
        return self.shape == shape and self.last_us <= at_us < self.start_us + SPAN_US


class Segments:
    """The open segments of one recorder or importer."""

    def __init__(self, home: Home, writer: Writer, crf: int = CRF, gop: int = GOP) -> None:
        self._home, self._writer = home, writer
        self._crf, self._gop = crf, gop
        self._open: dict[int, _Open] = {}

    def write(self, monitor: int, picture: NDArray[np.uint8], at_us: int, offset_s: int) -> tuple[int, int]:
        """Write one picture, BGR or BGRA, and return the id of its segment and its time in there in microseconds.

        Raises DiskFull; that segment is then closed and the next picture begins another.
        """
        height, width = picture.shape[:2]
        current = self._open.get(monitor)
        if current is not None and not current.takes((height, width), at_us):
            self._close(monitor)
            current = None
        if current is None:
            current = self._begin(monitor, (height, width), at_us, offset_s)
        try:
            pts_us = current.file.write(picture, at_us)
        except BaseException:
            self._abandon(monitor)
            raise
        current.last_us = at_us
        return current.id, pts_us

    def close_finished(self, now_us: int) -> None:
        """Close the segments whose span is over, though no new frame has come since."""
        for monitor, current in list(self._open.items()):
            if now_us >= current.start_us + SPAN_US:
                self._close(monitor)

    def close(self) -> None:
        """Close all."""
        for monitor in list(self._open):
            self._close(monitor)

    def close_left_open(self, spool: Spool) -> int:
        """Close the segments that a killed recorder left open and return how many of their last frames were mended.

        A frame is committed after it was written, so only a power cut can take it from the file.  It is then written
        again from the spool, if it is still there, into a segment of its own.
        """
        mended = 0
        for segment in self._writer.open_segments():
            frame = self._writer.last_frame_of(segment.id)
            if frame is not None and not self._readable(segment, frame):
                mended += self._mend(frame, spool)
            self._writer.close_segment(segment.id)
        return mended

    def _begin(self, monitor: int, shape: tuple[int, int], at_us: int, offset_s: int) -> _Open:
        local = at_offset(at_us, offset_s)
        name = f"{local:%Y-%m-%d}/{local:%H%M%S}-m{monitor}-{secrets.token_hex(4)}.mp4"
        make_private_folder((self._home.video / name).parent)
        height, width = shape
        # The row first: a file that no row knows could not be forgotten.
        segment_id = self._writer.open_segment(name, monitor, at_us, width, height)
        try:
            file = SegmentWriter.create(self._home.video / name, width, height, at_us, self._crf, self._gop)
        except BaseException:
            self._note_closed(segment_id)
            raise
        self._open[monitor] = _Open(segment_id, file, shape, at_us, at_us)
        return self._open[monitor]

    def _close(self, monitor: int) -> None:
        current = self._open.pop(monitor)
        current.file.close()
        self._writer.close_segment(current.id)

    def _abandon(self, monitor: int) -> None:
        """Let go of a segment after an error, which is the one to tell of, whatever else fails."""
        current = self._open.pop(monitor)
        with suppress(OSError):
            current.file.close()
        self._note_closed(current.id)

    def _note_closed(self, segment_id: int) -> None:
        with suppress(DiskFull):  # the row is closed by the next start then
            self._writer.close_segment(segment_id)

    def _readable(self, segment: Segment, frame: Frame) -> bool:
        try:
            reader = SegmentReader(self._home.video / segment.name, segment.width, segment.height)
        except UnreadablePicture:
            return False
        try:
            reader.picture(frame.pts_us)
        except UnreadablePicture:
            return False
        finally:
            reader.close()
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


def _spooled(frame: Frame, spool: Spool) -> Picture | None:
    try:
        return None if frame.spool_name is None else spool.get(frame.spool_name)
    except StoreUnusable:  # the same power cut damaged the entry
        return None
