"""The picture of any frame: from the spool while it is there, else decoded from its segment; what is hidden is covered.

Owns the open segment readers of one user (not for several threads at once).  A segment's file may be replaced at any
time (sealed, re-encoded) or removed to save room: what its row says now is asked for each picture.
"""

from __future__ import annotations

from collections import OrderedDict

from timeline.closing import Closing
from timeline.errors import StoreUnusable, UnreadablePicture
from timeline.hidden import hidden_on, painted
from timeline.home import Home
from timeline.keys import Key, derive
from timeline.model import Frame, Picture, Segment
from timeline.reader import Reader
from timeline.spool import Spool
from timeline.video import SegmentReader

MOST_OPEN = 4  # segments kept open: opening one costs 50 ms, each holds one decoder's memory
TRIES = 3  # a file may be replaced between the look at its row and its opening, and again in the next try


class Pictures(Closing):
    """Hands out the pictures of frames."""

    def __init__(self, home: Home, key: Key, reader: Reader) -> None:
        self._home, self._reader = home, reader
        self._secret = derive(key, "video")
        self._spool = Spool(home, key)
        self._open: OrderedDict[str, SegmentReader] = OrderedDict()

    def bgr(self, frame: Frame) -> Picture:
        """Return the picture of a frame, its hidden boxes painted over.

        Raises UnreadablePicture when neither spool nor video holds it: it is damaged, or it was removed to save room.
        """
        picture = self._spooled(frame)
        tries = 0
        while picture is None:
            tries += 1
            try:
                picture = self._decoded(frame)
            except UnreadablePicture:
                if tries == TRIES:
                    raise
                frame = self._reader.frame(frame.id) or frame  # it may stand in another segment now
        return painted(picture, hidden_on(self._reader.db, frame.id))

    def close(self) -> None:
        """Close all segments."""
        for name in list(self._open):
            self._forget(name)

    def _spooled(self, frame: Frame) -> Picture | None:
        try:
            return None if frame.spool_name is None else self._spool.get(frame.spool_name)
        except StoreUnusable:  # torn by a power cut or damaged: the segment holds the frame as well
            return None

    def _decoded(self, frame: Frame) -> Picture:
        segment = self._reader.segment(frame.segment_id)
        if segment.pixels == "gone":
            self._forget(segment.name)
            raise UnreadablePicture(
                "The picture of that time was removed to keep within storage.budget; its text is kept."
            )
        try:
            return self._segment(segment).picture(frame.pts_us)
        except UnreadablePicture:
            self._forget(segment.name)  # it may have grown or been replaced since it was opened
            raise

    def _segment(self, segment: Segment) -> SegmentReader:
        reader = self._open.get(segment.name)
        if reader is None:
            path = self._home.video / segment.name
            reader = SegmentReader(path, self._secret, segment.width, segment.height)
            self._open[segment.name] = reader
        self._open.move_to_end(segment.name)
        while len(self._open) > MOST_OPEN:
            self._forget(next(iter(self._open)))
        return reader

    def _forget(self, name: str) -> None:
        reader = self._open.pop(name, None)
        if reader is not None:
            reader.close()
