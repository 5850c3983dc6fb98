"""Existing screenshots into the timeline, through the same stages as the recorder's own frames.

Owns what becomes a frame and what only lengthens the frame before, and that no file is taken in twice.  Never reads
text, never decodes a file itself (`load` is given by the front door), never decides where a moment ends.
Called by recorder.importing.

One file is one step: spool, segment, then one transaction that commits the frame and marks the file as taken in.  A
process killed in between leaves a whole number of files taken in, and importing again goes on with the next.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path

import numpy as np

from recorder.intake import ImportReport, Kept, Stages
from recorder.screenshot_files import Screenshot
from recorder.screenshot_time import time_in_name
from timeline.encoders import MOST_SIDE_PX
from timeline.errors import UnreadablePicture
from timeline.imports import DIGEST_BYTES
from timeline.model import Picture


@dataclass(slots=True)
class _Last:
    """The frame written last: what an identical picture right after it extends."""

    frame_id: int
    picture: Picture
    shot: Screenshot


@dataclass(slots=True)
class PictureIntake:
    """Takes one screenshot after the other into the timeline; `load` raises UnreadablePicture."""

    stages: Stages
    load: Callable[[Path], Picture]
    report: ImportReport
    last: _Last | None = None

    def take(self, shot: Screenshot) -> None:
        """Take in one file, unless it was before or cannot be read."""
        try:
            digest, *older = _digests(shot)
            if any(self.stages.writer.imported(one) for one in (digest, *older)):
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
        self.report.files += 1
        last = self.last
        if last is not None and _goes_on(last, shot, picture):
            self.stages.writer.extend_frame(last.frame_id, shot.end_us)
            self.stages.writer.remember_import(
                digest
            )  # killed just before, the file becomes a frame of its own next time
            self.last = _Last(last.frame_id, last.picture, shot)
            self.report.extended += 1
            return
        kept = Kept(picture, shot.start_us, shot.end_us, shot.offset_s, shot.window)
        self.last = _Last(self.stages.keep(kept, digest), picture, shot)
        self.report.added += 1

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


def _digests(shot: Screenshot) -> list[bytes]:
    """Return what tells one taken-in file from all others, and what earlier versions took for it.

    That is its content, and the time on the clock that its name states, whatever the zone: what was forgotten must not
    come back from another zone, nor by a touch.  Raises UnreadablePicture when the file may not be read.
    """
    try:
        content = blake2b(shot.path.read_bytes(), digest_size=DIGEST_BYTES)
    except OSError as error:
        raise UnreadablePicture(f"{shot.path} cannot be read ({error.strerror}); check its permissions.") from error
    stated, older = content.copy(), content
    named = time_in_name(shot.path.name)
    if named is not None:
        stated.update(named.isoformat().encode())
    older.update(shot.taken_us.to_bytes(8, "big", signed=True))
    return [stated.digest(), older.digest()]
