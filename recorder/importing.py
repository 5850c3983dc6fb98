"""Files into the timeline: screenshots by folder and time, then screen recordings.

Owns the order and the progress over all files.  Called by `dayreel import` and `dayreel demo`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import tzinfo
from pathlib import Path

from recorder.intake import ImportReport, RawSpool, Stages, VideoWriter
from recorder.screenshot_files import list_files
from recorder.screenshots import PictureIntake
from recorder.videos import INTERVAL_S, VideoIntake
from timeline.clip import Clip
from timeline.clock import SECOND_US
from timeline.errors import UnreadablePicture
from timeline.imports import Imports
from timeline.model import Picture
from timeline.writer import Writer


def import_files(
    paths: Sequence[Path],
    *,
    writer: Writer,
    spool: RawSpool,
    segments: VideoWriter,
    load: Callable[[Path], Picture],
    spool_admits: Callable[[], bool] = lambda: True,
    interval_s: float = INTERVAL_S,
    zone: tzinfo | None = None,
    on_progress: Callable[[int, int], None] | None = None,
) -> ImportReport:
    """Take in the pictures and videos of files and folders and return what was done; those known are passed over.

    `interval_s` is the time between two frames of what keeps moving in a video.  Progress counts a picture as one and a
    video as its seconds.  A file that cannot be taken in keeps no other out: the report names it.  Raises WrongUsage,
    before anything is taken in, for a path that does not exist and for a bad sidecar.
    """
    listing = list_files(paths, zone)
    report = ImportReport(left_out=list(listing.left_out), refused=list(listing.refused))
    lengths_s = [_length_s(video.path) for video in listing.videos]
    bar = _Bar(len(listing.pictures) + sum(lengths_s), on_progress)
    stages = Stages(writer, spool, segments, spool_admits)

    pictures = PictureIntake(stages, load, report)
    for shot in listing.pictures:
        pictures.take(shot)
        bar.finish(1)
    videos = VideoIntake(stages, Imports(writer), report, zone, round(interval_s * SECOND_US))
    for video, length_s in zip(listing.videos, lengths_s, strict=True):
        videos.take(video, bar.show)
        bar.finish(length_s)
    return report


class _Bar:
    """How far all files together are."""

    def __init__(self, total: int, tell: Callable[[int, int], None] | None) -> None:
        self._total, self._tell = total, tell
        self._done = self._shown = 0

    def show(self, inside: int) -> None:
        """Tell how far the present file is."""
        now = min(self._done + inside, self._total)
        if self._tell is not None and now > self._shown:
            self._shown = now
            self._tell(now, self._total)

    def finish(self, length: int) -> None:
        """Tell that the present file, of this length, is done."""
        self.show(length)
        self._done += length


def _length_s(path: Path) -> int:
    """Return a video's length in whole seconds, at least one; one that cannot be read counts as one as well."""
    try:
        with Clip.open(path) as clip:
            return max(1, clip.length_us() // SECOND_US)
    except UnreadablePicture:
        return 1
