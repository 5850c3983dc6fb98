"""A segment's file on the disk, sealed or plain: its packets and frames, and closing it after a crash.

Owns how a file is told to be sealed, and what each failure of a file means for its segment.  Part of what touches PyAV;
called by `timeline.video`, and by those who move segments' files as they are.
"""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from timeline.closing import Closing
from timeline.errors import DiskFull, StoreUnusable, UnreadableNow, UnreadablePicture
from timeline.home import NO_ROOM
from timeline.sealed_file import SealedReader, SealedWriter, is_sealed

if TYPE_CHECKING:
    from av.container import InputContainer
    from av.video.frame import VideoFrame
    from av.video.stream import VideoStream

PLAIN_SUFFIX = ".mp4"  # how the names of the first version's segments end
SEALED_SUFFIX = ".mp4.sealed"  # and those of all since
_PASSING = frozenset(
    {errno.EMFILE, errno.ENFILE, errno.EIO, errno.EACCES, errno.EPERM, errno.ENOMEM, errno.EBUSY, errno.ESTALE}
)
"""Errors that lie with the machine or with rights, not with what is in the file."""
_READ_BYTES = 262_144  # libavformat's buffer: each step costs a call of Python's


class SegmentInput(Closing):
    """A segment's file under PyAV, sealed or plain: its packets and its frames.  Its errors are UnreadablePicture."""

    def __init__(self, path: Path, secret: bytes) -> None:
        self._path = path
        self._sealed: SealedReader | None = None
        self._container: InputContainer | None = None
        try:
            with _told(path):
                if path.name.endswith(SEALED_SUFFIX) or is_sealed(path):
                    self._sealed = _not_empty(path, _SoundPart(path, secret))
                self._container = _opened(path, self._sealed)
            self._stream = self._video(self._container)
        except BaseException:
            self.close()
            raise

    def packets(self) -> list[tuple[int, bool]]:
        """Return time and key flag of each whole frame up to the first damage, if there is any.

        Walking the file once also gives libavformat its seek index.
        """
        found: list[tuple[int, bool]] = []
        with suppress(UnreadablePicture), _told(self._path):
            for packet in self._opened_container().demux(self._stream):
                if packet.pts is not None and packet.size and not packet.is_corrupt:
                    found.append((packet.pts, packet.is_keyframe))  # noqa: PERF401  all would be lost to the damage
        return found

    def frames(self, from_us: int = 0) -> Iterator[VideoFrame]:
        """Yield the frames from the key frame at a time on."""
        container = self._opened_container()
        with _told(self._path):
            container.seek(from_us, stream=self._stream)
            yield from container.decode(self._stream)

    def close(self) -> None:
        if self._container is not None:
            self._container.close()
            self._container = None
        if self._sealed is not None:
            self._sealed.close()

    def _video(self, container: InputContainer) -> VideoStream:
        if not container.streams.video:
            raise UnreadablePicture(f"Segment {self._path.name} is no video.")
        stream = container.streams.video[0]
        stream.codec_context.thread_count = 1  # one frame in, one frame out
        return stream

    def _opened_container(self) -> InputContainer:
        if self._container is None:
            raise ValueError("this segment is closed")
        return self._container


class _SoundPart(SealedReader):
    """A sealed file as a demuxer sees it: it ends before its first damaged record, as it does before a torn one."""

    def read(self, size: int) -> bytes:
        try:
            return super().read(size)
        except StoreUnusable:
            self.size_bytes = min(self.size_bytes, self.tell())
            return b""


def plain_parts(path: Path, secret: bytes) -> Iterator[bytes]:
    """Yield what was encoded, byte for byte, as a fragmented MP4 that players take.

    Raises UnreadablePicture where a segment is missing or damaged.
    """
    with _told(path):
        if not path.name.endswith(SEALED_SUFFIX) and not is_sealed(path):
            with path.open("rb") as file:
                yield from iter(lambda: file.read(_READ_BYTES), b"")
            return
        with SealedReader(path, secret) as sealed:
            yield from map(sealed.record, range(len(sealed)))


def _not_empty(path: Path, sealed: SealedReader) -> SealedReader:
    if not sealed.size_bytes:
        sealed.close()
        raise UnreadablePicture(f"Segment {path.name} holds no frame yet.")
    return sealed


def _opened(path: Path, sealed: SealedReader | None) -> InputContainer:
    import av

    source = str(path) if sealed is None else sealed
    options = {"fpsprobesize": "0"}  # guessing a frame rate takes 20 of 30 ms
    return av.open(source, "r", format="mp4", options=options, buffer_size=_READ_BYTES)


@contextmanager
def _told(path: Path) -> Iterator[None]:
    """Tell what a failure of a file means for its segment."""
    import av

    try:
        yield
    except FileNotFoundError as error:
        raise _missing(path) from error
    except OSError as error:
        if error.errno in _PASSING:
            raise UnreadableNow(f"Segment {path.name} cannot be read now: {os.strerror(error.errno)}.") from error
        raise UnreadablePicture(f"Segment {path.name} is damaged or holds no frame yet.") from error
    except (av.error.FFmpegError, StoreUnusable) as error:
        raise UnreadablePicture(f"Segment {path.name} is damaged or holds no frame yet.") from error


def _complete(path: Path, secret: bytes) -> bool:
    with SealedReader(path, secret) as reader:
        return reader.complete


def complete_segment(path: Path, secret: bytes) -> None:
    """Close a segment whose writer was killed: what is torn is cut off, every whole frame stays.

    A plain segment of the first version needs nothing.  Raises DiskFull, and UnreadablePicture when it is missing or
    damaged beyond what a crash does; it is left as it is then.
    """
    try:
        if is_sealed(path) and not _complete(path, secret):
            SealedWriter.resume(path, secret).close()
    except FileNotFoundError as error:
        raise _missing(path) from error
    except OSError as error:
        raise write_error(error) from error
    except StoreUnusable as error:
        raise damaged(path) from error


def _missing(path: Path) -> UnreadablePicture:
    return UnreadablePicture(f"Segment {path.name} is missing from the video folder.")


def damaged(path: Path) -> UnreadablePicture:
    """Return the error of a segment that does not decode somewhere."""
    return UnreadablePicture(f"Segment {path.name} is damaged at that instant.")


def write_error(error: OSError) -> Exception:
    """Return what a failed write means: DiskFull where there was no room, else the error itself."""
    if error.errno in NO_ROOM:
        return DiskFull(
            "There is no room left on the disk for a video segment: free some space, recording then goes on."
        )
    return error
