"""The picture of any frame: from the spool while it is there, else decoded from its segment.

Owns the open segment readers of one user (not for several threads at once).
"""

from __future__ import annotations

from collections import OrderedDict

from timeline.closing import Closing
from timeline.errors import StoreUnusable, UnreadablePicture
from timeline.home import Home
from timeline.keys import Key
from timeline.model import Frame, Picture
from timeline.reader import Reader
from timeline.spool import Spool
from timeline.video import SegmentReader

MOST_OPEN = 4  # segments kept open: opening one costs 50 ms, each holds one decoder's memory


class Pictures(Closing):
    """Hands out the pictures of frames."""

    def __init__(self, home: Home, key: Key, reader: Reader) -> None:
        self._home, self._reader = home, reader
        self._spool = Spool(home, key)
        self._open: OrderedDict[int, SegmentReader] = OrderedDict()

    def bgr(self, frame: Frame) -> Picture:
        """Return the picture of a frame.  Raises UnreadablePicture when neither spool nor video holds it."""
        picture = self._spooled(frame)
        if picture is not None:
            return picture
        try:
            return self._segment(frame.segment_id).picture(frame.pts_us)
        except UnreadablePicture:
            # A segment being written may have grown since it was opened.
            self._forget(frame.segment_id)
            return self._segment(frame.segment_id).picture(frame.pts_us)

    def _spooled(self, frame: Frame) -> Picture | None:
        try:
            return None if frame.spool_name is None else self._spool.get(frame.spool_name)
        except StoreUnusable:  # a damaged entry: the segment holds the frame as well
            return None

    def close(self) -> None:
        """Close all segments."""
        for segment_id in list(self._open):
            self._forget(segment_id)

    def _segment(self, segment_id: int) -> SegmentReader:
        reader = self._open.get(segment_id)
        if reader is None:
            segment = self._reader.segment(segment_id)
            reader = SegmentReader(self._home.video / segment.name, segment.width, segment.height)
            self._open[segment_id] = reader
        self._open.move_to_end(segment_id)
        while len(self._open) > MOST_OPEN:
            self._forget(next(iter(self._open)))
        return reader

    def _forget(self, segment_id: int) -> None:
        reader = self._open.pop(segment_id, None)
        if reader is not None:
            reader.close()
