"""Which files were taken in, and how far one got whose import was killed.

A file is known by a digest of its content.  A picture is one step and needs nothing more; a video is many steps, so
each of its frames is committed together with a digest of its own, and the file's digest comes last.  What a killed
import had committed is found by these: nothing has to be kept in step with the frames.
"""

from __future__ import annotations

from hashlib import blake2b

from timeline.model import Interval
from timeline.writer import Writer

DIGEST_BYTES = 16
_MONITOR = 0  # a file does not say from which monitor it came


def frame_digest(file_digest: bytes, start_us: int) -> bytes:
    """Return what tells one frame of a video from all others: the file, and when in it the frame begins."""
    return blake2b(file_digest + start_us.to_bytes(8, "big", signed=True), digest_size=DIGEST_BYTES).digest()


class Imports:
    """Knows what was taken in, on a writer's connection."""

    def __init__(self, writer: Writer) -> None:
        self._writer = writer

    def known(self, digest: bytes) -> bool:
        """Tell whether a file, or a frame of one, was taken in before."""
        return self._writer.imported(digest)

    def remember(self, digest: bytes) -> None:
        """Note that a file was taken in whole."""
        self._writer.remember_import(digest)

    def reached_us(self, file_digest: bytes, span: Interval) -> int | None:
        """Return where the newest frame of a file ends that was committed, None when none was.

        `span` is when the video was shown: only frames that begin in it are looked at.
        """
        frames = self._writer.db.conn.execute(
            "SELECT start_us, end_us FROM frames WHERE source = 'import' AND monitor = ? AND start_us BETWEEN ? AND ?"
            " ORDER BY start_us DESC",
            [_MONITOR, span.start_us, span.end_us],
        )
        for start_us, end_us in frames:
            if self.known(frame_digest(file_digest, start_us - span.start_us)):
                return int(end_us)
        return None
