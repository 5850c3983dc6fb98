"""Screen recordings into the timeline, through the same stages as the recorder's own frames.

Owns that no video is taken in twice, nor a part of one whose import was killed.  Never reads text, never decides which
pictures are worth a frame (recorder.clip_frames) and never decodes (timeline.clip).  Called by recorder.importing.

Each frame is one step: spool, segment, then one transaction that commits it with a digest of its own.  A process killed
in between has taken in the video up to an instant; the next import goes on there.  The file's own digest comes last.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import tzinfo
from hashlib import blake2b
from pathlib import Path

from recorder.clip_frames import ClipFrame, ClipFrames
from recorder.intake import ImportReport, Kept, Stages
from recorder.screenshot_files import VideoFile
from recorder.sidecar import Sidecar
from recorder.video_time import began, stated_in
from timeline.clip import Clip
from timeline.clock import SECOND_US, offset_s
from timeline.encoders import MOST_SIDE_PX
from timeline.errors import UnreadablePicture
from timeline.imports import DIGEST_BYTES, Imports, frame_digest
from timeline.model import Interval

READ_BYTES = 1 << 20  # at once while the digest is made: a video may be larger than the memory
INTERVAL_S = 2.0  # between two frames of what keeps moving


@dataclass(frozen=True, slots=True)
class _Recording:
    """One video on its way into the timeline."""

    clip: Clip
    digest: bytes
    start_us: int
    zone: tzinfo | None
    sidecar: Sidecar

    def kept(self, frame: ClipFrame) -> Kept:
        """Return a frame as it is to be kept."""
        start_us = self.start_us + frame.start_us
        end_us = self.start_us + frame.end_us
        return Kept(
            picture=frame.shot.bgr(),
            start_us=start_us,
            end_us=end_us,
            offset_s=offset_s(start_us, self.zone),
            window=self.sidecar.window_during(Interval(start_us, end_us)),
        )


class VideoIntake:
    """Takes one video after the other into the timeline."""

    def __init__(
        self, stages: Stages, imports: Imports, report: ImportReport, zone: tzinfo | None, interval_us: int
    ) -> None:
        self._stages, self._imports = stages, imports
        self._report, self._zone = report, zone
        self._interval_us = interval_us

    def take(self, video: VideoFile, on_second: Callable[[int], None] = lambda _: None) -> None:
        """Take in one video, unless it was before or cannot be read; tell how many of its seconds are done."""
        try:
            with Clip.open(video.path) as clip:
                self._take(video, clip, on_second)
        except UnreadablePicture as error:
            self._report.left_out.append(f"Left out: {error}")
            if video.named:
                self._report.refused.append(video.path)

    def _take(self, video: VideoFile, clip: Clip, on_second: Callable[[int], None]) -> None:
        _check_size(video.path, clip)
        length_us = clip.length_us()
        begin = began(video.path.name, clip.facts, length_us, video.path.stat().st_mtime_ns // 1000, self._zone)
        digest, older = _digests(video.path, begin.at_us)
        if self._imports.known(digest) or self._imports.known(older):
            self._report.known += 1
            return
        recording = _Recording(clip, digest, begin.at_us, self._zone, video.sidecar)
        reached_us = self._imports.reached_us(digest, Interval(begin.at_us, begin.at_us + length_us))
        from_us = 0 if reached_us is None else max(0, reached_us - begin.at_us)
        kept = self._keep_frames(recording, from_us, on_second)
        if not kept and reached_us is None:
            raise UnreadablePicture(f"{video.path} holds no picture that can be decoded.")
        self._imports.remember(digest)
        self._report.files += 1
        if clip.damaged_us is not None:
            place = _clock_time(clip.damaged_us)
            self._report.left_out.append(f"{video.path} is damaged or cut off at {place}: what could be decoded is in.")

    def _keep_frames(self, recording: _Recording, from_us: int, on_second: Callable[[int], None]) -> int:
        """Commit the frames from an instant on and return how many there were, known ones included."""
        count = 0
        frames = ClipFrames(recording.clip, self._interval_us)
        for frame in frames.frames(from_us, lambda at_us: on_second(at_us // SECOND_US)):
            count += 1
            own = frame_digest(recording.digest, frame.start_us)
            if not self._imports.known(own):
                self._stages.keep(recording.kept(frame), own)
                self._report.added += 1
        return count


def _check_size(path: Path, clip: Clip) -> None:
    """Raise UnreadablePicture for a video whose pictures are beyond the encoder of segments."""
    width, height = clip.facts.width, clip.facts.height
    if max(width, height) > MOST_SIDE_PX:
        raise UnreadablePicture(f"{path} is {width}x{height} px, and no side may be longer than {MOST_SIDE_PX:,} px.")


def _digests(path: Path, begin_us: int) -> tuple[bytes, bytes]:
    """Return what tells one video from all others, and what earlier versions took for it.

    That is its content, and the time that its name states, as it states it: what was forgotten must not come back from
    another zone, nor by a touch.  Raises UnreadablePicture for a file that grows meanwhile or is on a failing disk.
    """
    try:
        before = path.stat()
        digest = blake2b(digest_size=DIGEST_BYTES)
        with path.open("rb") as file:
            while part := file.read(READ_BYTES):
                digest.update(part)
        after = path.stat()
    except OSError as error:
        raise UnreadablePicture(f"{path} cannot be read ({error.strerror}); check its disk.") from error
    if (before.st_size, before.st_mtime_ns) != (after.st_size, after.st_mtime_ns):
        raise UnreadablePicture(f"{path} is still being written: import it once its recording has ended.")
    stated, older = digest.copy(), digest
    named = stated_in(path.name)
    if named is not None:
        stated.update(named.isoformat().encode())
        older.update(begin_us.to_bytes(8, "big", signed=True))
    return stated.digest(), older.digest()


def _clock_time(at_us: int) -> str:
    minutes, seconds = divmod(max(0, at_us) // SECOND_US, 60)
    return f"{minutes // 60}:{minutes % 60:02}:{seconds:02}"
