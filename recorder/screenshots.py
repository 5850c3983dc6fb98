"""Existing screenshots into the timeline, through the same stages as the recorder's own frames.

Owns what becomes a frame and what only lengthens the frame before, and that no file is taken in twice.  Never reads
text, never decodes a file itself (`load` is given by the front door), never decides where a moment ends.
Called by `dayreel import`.

One file is one step: spool, segment, then one transaction that commits the frame and marks the file as taken in.  A
process killed in between leaves a whole number of files taken in, and importing again goes on with the next.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import tzinfo
from hashlib import blake2b
from pathlib import Path
from typing import Protocol

import numpy as np

from recorder.screenshot_files import Screenshot, list_screenshots
from timeline.errors import UnreadablePicture
from timeline.model import NewFrame, Picture
from timeline.video import MOST_SIDE_PX

_DIGEST_BYTES = 16
_MONITOR = 0  # a file does not say from which monitor it came


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
    """What an import did: files that became frames, that lengthened the one before, that were known already.

    `left_out` has a sentence for each file that could not be taken in, `refused` those that the user named themselves.
    """

    added: int = 0
    extended: int = 0
    known: int = 0
    left_out: list[str] = field(default_factory=list)
    refused: list[Path] = field(default_factory=list)


@dataclass(slots=True)
class _Last:
    """The frame written last: what an identical picture right after it extends."""

    frame_id: int
    picture: Picture
    shot: Screenshot


def import_pictures(
    paths: Sequence[Path],
    *,
    writer: FrameWriter,
    spool: RawSpool,
    segments: VideoWriter,
    load: Callable[[Path], Picture],
    zone: tzinfo | None = None,
    on_progress: Callable[[int, int], None] | None = None,
) -> ImportReport:
    """Take in the pictures of files and folders and return what was done; files taken in before are passed over.

    A file that cannot be taken in keeps no other out: the report names it.  Raises WrongUsage, before anything is taken
    in, for a path that does not exist and for a bad sidecar.
    """
    listing = list_screenshots(paths, zone)
    report = ImportReport(left_out=list(listing.left_out), refused=list(listing.refused))
    intake = _Intake(writer, spool, segments, load, report)
    for done, shot in enumerate(listing.pictures, 1):
        intake.take(shot)
        if on_progress is not None:
            on_progress(done, len(listing.pictures))
    return report


@dataclass(slots=True)
class _Intake:
    """Takes one screenshot after the other into the timeline."""

    writer: FrameWriter
    spool: RawSpool
    segments: VideoWriter
    load: Callable[[Path], Picture]
    report: ImportReport
    last: _Last | None = None

    def take(self, shot: Screenshot) -> None:
        """Take in one file, unless it was before or cannot be read."""
        try:
            digest = _digest(shot)
            if self.writer.imported(digest):
                self.report.known += 1
                self.last = None
                return
            picture = self.load(shot.path)
            _check_size(shot.path, picture)
        except UnreadablePicture as error:
            self._refuse(shot, error)
            return
        self._keep(shot, picture, digest)

    def _keep(self, shot: Screenshot, picture: Picture, digest: bytes) -> None:
        last = self.last
        if last is not None and _goes_on(last, shot, picture):
            self.writer.extend_frame(last.frame_id, shot.end_us)
            self.writer.remember_import(digest)  # killed just before, the file becomes a frame of its own next time
            self.last = _Last(last.frame_id, last.picture, shot)
            self.report.extended += 1
            return
        self.last = _Last(self._add(shot, picture, digest), picture, shot)
        self.report.added += 1

    def _add(self, shot: Screenshot, picture: Picture, digest: bytes) -> int:
        name = self.spool.put(picture)
        segment_id, pts_us = self.segments.write(_MONITOR, picture, shot.start_us, shot.offset_s)
        height, width = picture.shape[:2]
        frame = NewFrame(
            monitor=_MONITOR,
            at_us=shot.start_us,
            offset_s=shot.offset_s,
            width=width,
            height=height,
            window=shot.window,
            segment_id=segment_id,
            pts_us=pts_us,
            spool_name=name,
            source="import",
        )
        return self.writer.add_frame(frame, shot.end_us, digest)

    def _refuse(self, shot: Screenshot, error: UnreadablePicture) -> None:
        self.report.left_out.append(f"Left out: {error}")
        if shot.named:
            self.report.refused.append(shot.path)


def _goes_on(last: _Last, shot: Screenshot, picture: Picture) -> bool:
    """Tell whether a picture shows just what the one before it in its folder showed until then."""
    before = last.shot
    same_run = before.path.parent == shot.path.parent and before.end_us == shot.start_us
    return same_run and before.window == shot.window and np.array_equal(last.picture, picture)


def _check_size(path: Path, picture: Picture) -> None:
    """Raise UnreadablePicture for a picture beyond the video's encoder; `dayreel read` may still read its text."""
    height, width = picture.shape[:2]
    if max(height, width) > MOST_SIDE_PX:
        raise UnreadablePicture(
            f"{path} is {width}x{height} px, and no side may be longer than {MOST_SIDE_PX:,} px; cut it up."
        )


def _digest(shot: Screenshot) -> bytes:
    """Return what tells one taken-in file from all others: its content and the time it states, wherever it lies.

    Raises UnreadablePicture when the file may not be read.
    """
    try:
        content = shot.path.read_bytes()
    except OSError as error:
        raise UnreadablePicture(f"{shot.path} cannot be read ({error.strerror}); check its permissions.") from error
    digest = blake2b(content, digest_size=_DIGEST_BYTES)
    digest.update(shot.taken_us.to_bytes(8, "big", signed=True))
    return digest.digest()
