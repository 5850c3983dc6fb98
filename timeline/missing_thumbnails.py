"""Making thumbnails of frames that have none: of a store of the first version, or after thumbnails.db was lost.

Owns how far it got in this run.  Called by the worker when nothing waits to be read, one frame a step.
"""

from __future__ import annotations

from collections import deque

from timeline.errors import UnreadablePicture
from timeline.hidden import hidden_on
from timeline.pictures import Pictures
from timeline.reader import Reader
from timeline.thumbnails import ThumbnailWriter

LOOK_AT = 2000  # frames looked through in one step: 3 ms


class MissingThumbnails:
    """Goes through all frames once."""

    def __init__(self, reader: Reader, pictures: Pictures, thumbnails: ThumbnailWriter) -> None:
        self._reader, self._pictures, self._thumbnails = reader, pictures, thumbnails
        self._seen_id = 0
        self._missing: deque[int] = deque()
        self.made = 0

    def step(self) -> bool:
        """Make one thumbnail, or look for frames that need one; False when all frames were looked at."""
        if self._missing:
            self._make(self._missing.popleft())
            return True
        frame_ids = self._reader.frame_ids(self._seen_id, LOOK_AT)
        if not frame_ids:
            return False
        self._seen_id = frame_ids[-1]
        self._missing.extend(self._thumbnails.missing(frame_ids))
        return True

    def _make(self, frame_id: int) -> None:
        frame = self._reader.frame(frame_id)
        if frame is None:
            return
        hidden = hidden_on(self._reader.db, frame_id)
        try:
            picture = self._pictures.bgr(frame)
        except UnreadablePicture:  # its pixels are gone: so is the chance of a thumbnail
            return
        self._thumbnails.note(frame, picture)
        if self._reader.frame(frame_id) is None or hidden_on(self._reader.db, frame_id) != hidden:
            self._thumbnails.forget([frame_id])  # forgotten while its picture was made small
            return
        self.made += 1
