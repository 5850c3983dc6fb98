"""Committing frames: spool, segment, timeline, in the order in which nothing can be lost.

Owns that order and what a frame is made of.  Never decides whether a frame is worth keeping (recorder.stream) or may be
kept (recorder.privacy).  Called by the recorder.

The raw pixels go to the spool, then to the segment, which is then on the disk; then `Writer.add_frame` commits the
frame with its reading job: that line is the commit point.  Whatever fails before leaves no frame.
"""

from __future__ import annotations

from typing import Protocol

import numpy as np

from recorder.desktop import Grab, Monitor
from recorder.segments import Segments
from recorder.stream import Sight
from timeline.clock import offset_s
from timeline.model import NewFrame, Picture, PlacedWindow
from timeline.spool import Spool
from timeline.writer import Writer


class Limits(Protocol):
    """What the disk allows."""

    def spool_admits(self) -> bool:
        """Tell whether raw pixels may be put away for the reader; else it takes them from the segment."""

    def pixels_allowed(self) -> bool:
        """Tell whether video may grow; else a frame is kept for its text only."""


class Unlimited:
    """No bounds but the disk itself."""

    def spool_admits(self) -> bool:
        return True

    def pixels_allowed(self) -> bool:
        return True


class Keeper:
    """Commits the frames of one recorder."""

    def __init__(self, writer: Writer, spool: Spool, segments: Segments, limits: Limits | None = None) -> None:
        self.writer, self.segments, self.spool = writer, segments, spool
        self._limits = limits or Unlimited()

    def commit(
        self, monitor: Monitor, picture: Grab, sight: Sight, at_us: int, windows: tuple[PlacedWindow, ...]
    ) -> int:
        """Commit what a monitor shows, BGRA, and return the frame's id.  Raises DiskFull; nothing is kept then."""
        offset, with_pixels = offset_s(at_us), self._limits.pixels_allowed()
        spool_name = None
        if not with_pixels or self._limits.spool_admits():  # without video the spool is the reader's only source
            spool_name = self.spool.put(_bgr(picture), durable=not with_pixels)
        try:
            if with_pixels:
                segment_id, pts_us = self.segments.write(monitor.index, picture, at_us, offset)
            else:
                segment_id, pts_us = self.segments.without_pixels(monitor.index, picture.shape[:2], at_us, offset), 0
            return self.writer.add_frame(  # the commit point
                NewFrame(
                    monitor=monitor.index,
                    at_us=at_us,
                    offset_s=offset,
                    width=monitor.width,
                    height=monitor.height,
                    window=sight.window,
                    segment_id=segment_id,
                    pts_us=pts_us,
                    spool_name=spool_name,
                    active=sight.active,
                    windows=windows,
                )
            )
        except BaseException:
            if spool_name is not None:
                self.spool.remove(spool_name)
            raise


def _bgr(picture: Grab) -> Picture:
    """Return the three colours of a grab; channel by channel, which takes 2 ms of 1080p where numpy's copy takes 10."""
    colours = np.empty((*picture.shape[:2], 3), np.uint8)
    for channel in range(3):
        colours[:, :, channel] = picture[:, :, channel]
    return colours
