"""What an import of files needs and what it reports: shared by screenshots and videos.

Owns no file and no row.  Used by recorder.screenshots, recorder.videos and recorder.importing.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from timeline.model import NewFrame, Picture, Window

MONITOR = 0  # a file does not say from which monitor it came


class FrameWriter(Protocol):
    """What is asked of timeline.writer."""

    def add_frame(self, new: NewFrame, end_us: int | None = None, digest: bytes | None = None) -> int: ...
    def extend_frame(self, frame_id: int, end_us: int) -> None: ...
    def imported(self, digest: bytes) -> bool: ...
    def remember_import(self, digest: bytes) -> None: ...


class RawSpool(Protocol):
    """What is asked of timeline.spool."""

    def put(self, picture: Picture) -> str: ...


class VideoWriter(Protocol):
    """What is asked of recorder.segments."""

    def write(self, monitor: int, picture: Picture, at_us: int, offset_s: int) -> tuple[int, int]: ...


@dataclass(slots=True)
class ImportReport:
    """What an import did.

    `files` were taken in: pictures as `added` frames or lengthening the one before (`extended`), videos as any number
    of frames.  `known` were in already.  `left_out` has a sentence for each that could not be taken in, `refused`
    those that the user named themselves.
    """

    files: int = 0
    added: int = 0
    extended: int = 0
    known: int = 0
    left_out: list[str] = field(default_factory=list)
    refused: list[Path] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Kept:
    """A picture to be kept, and the span in which it stood."""

    picture: Picture
    start_us: int
    end_us: int
    offset_s: int
    window: Window


@dataclass(frozen=True, slots=True)
class Stages:
    """Where a picture goes: spool, segment, then the commit.

    `spool_admits` tells whether the spool takes another raw picture; one without is read from its segment later.
    """

    writer: FrameWriter
    spool: RawSpool
    segments: VideoWriter
    spool_admits: Callable[[], bool] = lambda: True

    def keep(self, kept: Kept, digest: bytes) -> int:
        """Commit a frame and return its id; `digest` marks what it was taken in from, in the same transaction."""
        name = self.spool.put(kept.picture) if self.spool_admits() else None
        segment_id, pts_us = self.segments.write(MONITOR, kept.picture, kept.start_us, kept.offset_s)
        height, width = kept.picture.shape[:2]
        frame = NewFrame(
            monitor=MONITOR,
            at_us=kept.start_us,
            offset_s=kept.offset_s,
            width=width,
            height=height,
            window=kept.window,
            segment_id=segment_id,
            pts_us=pts_us,
            spool_name=name,
            source="import",
        )
        return self.writer.add_frame(frame, kept.end_us, digest)
