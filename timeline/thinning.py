"""Keeping a home within its budget: the oldest video goes first, then the oldest thumbnails; text stays.

Owns what is let go and in which order; decides by what is on the disk.  Never touches the pixels of the last day, nor a
segment with frames that are still to be read.  Called by the worker between two frames.
"""

from __future__ import annotations

import logging

from timeline.clock import SECOND_US, Clock
from timeline.home import Home
from timeline.reader import Reader
from timeline.segment_rows import note_gone
from timeline.thumbnails import ThumbnailWriter
from timeline.usage import Usage, file_bytes
from timeline.writer import Writer

NEAR_SHARE = 0.95  # of the budget: from here on the oldest pixels are let go
YOUNG_US = 24 * 3600 * SECOND_US  # pixels of the last day are never let go
MOST_THUMBNAILS = 500  # let go in one step: 3 MB

log = logging.getLogger(__name__)


class Thinning:
    """Lets go of old pixels.  The caller holds the home's worker lock."""

    def __init__(
        self,
        home: Home,
        writer: Writer,
        reader: Reader,
        thumbnails: ThumbnailWriter,
        budget_bytes: int | None,
        clock: Clock,
    ) -> None:
        """`budget_bytes`: None is no limit."""
        self._home, self._writer, self._reader, self._thumbnails = home, writer, reader, thumbnails
        self._budget_bytes, self._clock, self._usage = budget_bytes, clock, Usage(home)
        self.freed_bytes = 0
        """How much video was let go."""

    def step(self) -> bool:
        """Let go of one old segment, or of some old thumbnails; False when there is room, or nothing old is left."""
        if self._budget_bytes is None or self._usage.measure().total < NEAR_SHARE * self._budget_bytes:
            return False
        before_us = self._clock.now_us() - YOUNG_US
        segments = self._reader.segments_with_pixels(before_us, 1)
        if not segments:
            return self._let_thumbnails_go(before_us)
        [segment] = segments
        note_gone(self._writer, segment.id)  # the commit point; killed before the next line, the next start removes it
        path = self._home.video / segment.name
        self.freed_bytes += file_bytes(path)
        path.unlink(missing_ok=True)
        log.info("segment %d: its pixels were let go to keep within the budget", segment.id)
        return True

    def _let_thumbnails_go(self, before_us: int) -> bool:
        return self._thumbnails.remove_oldest(MOST_THUMBNAILS, self._reader.first_frame_since(before_us)) > 0
