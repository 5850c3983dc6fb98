"""Segments: H.264 video files of a few minutes, written frame by frame and read at any instant.

With `timeline.encoders`, `timeline.colours` and `timeline.segment_file` it owns all that touches PyAV.  Knows no rows
and no clock: instants and sizes come from the caller.  The recorder and the importer write, `timeline.pictures` reads.

A segment is a fragmented MP4: a header, then one fragment (`moof` + `mdat`) for each frame.  libavformat's own muxer
holds the newest frame back until the next one tells it how long it lasted, which on a still screen is minutes later.
So each encoded frame is muxed alone in memory and its fragment appended to a sealed file as one record: the file is
whole after every frame, survives kill -9, and a write that fails for lack of room is cut off again.  The first
version's segments are the same MP4 without the seal; they are read as well.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from contextlib import suppress
from fractions import Fraction
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, cast

import numpy as np
from numpy.typing import NDArray

from timeline.closing import Closing
from timeline.colours import Converter, even, padded
from timeline.encoders import CRF, FRAME_TICK, GOP, X264, Codec, open_encoder
from timeline.errors import UnreadablePicture
from timeline.model import Picture
from timeline.sealed_file import SealedWriter
from timeline.segment_file import SegmentInput, damaged, write_error

if TYPE_CHECKING:
    from av.packet import Packet
    from av.video.frame import VideoFrame
    from av.video.stream import VideoStream

_TICK = Fraction(1, 1_000_000)  # time base: presentation times are microseconds since the segment's start
_FRAGMENT = {  # one frame a muxer: no trailer, its own absolute time, nothing shifted
    "movflags": "frag_custom+empty_moov+default_base_moof+skip_trailer+frag_discont",
    "use_editlist": "0",
    "avoid_negative_ts": "disabled",
}


class SegmentWriter(Closing):
    """One segment being written.  After an error it must be closed: later frames would build on one that is missing."""

    def __init__(
        self, file: SealedWriter, width: int, height: int, start_us: int, crf: int, gop: int, codec: Codec = X264
    ) -> None:
        """Begin a segment in an empty sealed file, which is taken over."""
        self._file, self._codec = file, codec
        self._size = (even(width), even(height))
        self._start_us = start_us
        self._encoder = open_encoder(codec, self._size, crf, gop)
        self._converter = Converter()
        self._times_us: list[int] = []  # of each frame, by its number
        self._fragments = 0
        self._ended = False  # no packet may follow

    @classmethod
    def create(
        cls,
        path: Path,
        secret: bytes,
        width: int,
        height: int,
        start_us: int,
        crf: int = CRF,
        gop: int = GOP,
        codec: Codec = X264,
    ) -> SegmentWriter:
        """Create the file (0600) for frames of this size; times count from `start_us`.

        `secret` is `derive(key, "video")`.  Raises DiskFull, and UnreadablePicture for a size beyond the encoder; no
        file is left then.
        """
        try:
            file = SealedWriter.create(path, secret)
        except OSError as error:
            raise write_error(error) from error
        try:
            return cls(file, width, height, start_us, crf, gop, codec)
        except BaseException:
            file.abandon()
            path.unlink()
            raise

    @property
    def size_bytes(self) -> int:
        """How long the file is on the disk."""
        return self._file.size_bytes

    def write(self, picture: NDArray[np.uint8], at_us: int) -> int:
        """Encode one picture, BGR or BGRA uint8 (height, width, 3 or 4), and return its time in the segment.

        The time is microseconds since `start_us`, and always later than that of the frame before.  When this returns,
        the frame can be read by another process (not so with a codec that looks ahead).  Raises DiskFull; the file
        then ends with the frame before.  Raises UnreadablePicture when the encoder fails.
        """
        last_us = self._times_us[-1] if self._times_us else -1
        pts_us = max(at_us - self._start_us, last_us + 1)
        frame = self._converter.to_yuv(padded(picture, self._size), self._codec.pixels)
        frame.pts, frame.time_base = len(self._times_us), FRAME_TICK
        self._times_us.append(pts_us)
        self._append(self._encoded(frame))
        return pts_us

    def sync(self) -> None:
        """Return when every frame written is on the disk.  Raises DiskFull."""
        try:
            self._file.sync()
        except OSError as error:
            raise write_error(error) from error

    def close(self) -> None:
        """Write the closing record, bring the file to the disk and let it go; may be called twice.

        Raises DiskFull; the file is let go all the same, and every frame stays readable.
        """
        try:
            if not self._ended:  # a codec that looks ahead still holds frames
                self._append(self._encoded(None))
            self._ended = True
            self._file.close()
        except OSError as error:
            raise write_error(error) from error
        finally:
            self._file.abandon()

    def abandon(self) -> None:
        """Let the file go as a kill would: after an error, so that the last frame written is the last to be read."""
        self._file.abandon()

    def _encoded(self, frame: VideoFrame | None) -> list[Packet[VideoStream]]:
        import av

        try:
            return self._encoder.encode(frame)
        except av.error.FFmpegError as error:
            self._ended = True
            raise UnreadablePicture(f"A picture could not be encoded by {self._codec.name}.") from error

    def _append(self, packets: list[Packet[VideoStream]]) -> None:
        for packet in packets:
            packet.pts = packet.dts = self._times_us[packet.pts or 0]
            packet.time_base = _TICK
            try:
                self._file.append(self._fragment(packet))
            except OSError as error:
                self._ended = True
                raise write_error(error) from error

    def _fragment(self, packet: Packet[VideoStream]) -> bytes:
        import av

        self._fragments += 1
        memory = BytesIO()
        options = {**_FRAGMENT, "fragment_index": str(self._fragments)}
        with av.open(memory, "w", format="mp4", options=options) as container:
            width, height = self._size
            stream = container.add_mux_stream(self._codec.stream, width=width, height=height, time_base=_TICK)
            packet.stream = cast("VideoStream", stream)
            packet.duration = 1  # the real one is known only with the next frame; each fragment states its own time
            container.mux_one(packet)
        whole = memory.getvalue()
        return whole if self._fragments == 1 else whole[_box_start(whole, b"moof") :]


class SegmentReader(Closing):
    """One segment being read; keeps the file open, so that walking forward decodes each frame once."""

    def __init__(self, path: Path, secret: bytes, width: int, height: int) -> None:
        """Open a segment, sealed with `derive(key, "video")` or a plain one of the first version.

        Raises UnreadablePicture when it is missing, damaged or holds no frame yet.
        """
        self._path, self._secret = path, secret
        self._size = (width, height)
        self._converter = Converter()
        self._open()

    def picture(self, pts_us: int) -> Picture:
        """Return the frame at a presentation time, or the nearest before it: BGR uint8 (height, width, 3).

        Raises UnreadablePicture when the segment does not reach to that time or is damaged there.
        """
        if pts_us > self._times[-1] and _size_bytes(self._path) > self._opened_bytes:
            self.close()
            self._open()
        position = bisect_right(self._times, pts_us) - 1
        if position < 0 or pts_us > self._times[-1]:
            raise UnreadablePicture(
                f"Segment {self._path.name} holds no frame for that instant: it was never completed,"
                " or is damaged there."
            )
        return self._cropped(self._decode(position))

    def times(self) -> list[int]:
        """Return the presentation times of the frames, in order, as of when the segment was opened."""
        return list(self._times)

    def close(self) -> None:
        """Close the file; may be called twice."""
        self._input.close()

    def _open(self) -> None:
        self._opened_bytes = _size_bytes(self._path)
        self._input = SegmentInput(self._path, self._secret)
        try:
            packets = self._input.packets()
            if not packets:
                raise UnreadablePicture(f"Segment {self._path.name} holds no frame yet.")
        except BaseException:
            self.close()
            raise
        self._times = [pts_us for pts_us, _ in packets]
        self._keys = [position for position, (_, is_key) in enumerate(packets) if is_key]
        self._frames: Iterator[VideoFrame] = iter(())
        self._frame: VideoFrame | None = None
        self._position = len(packets)  # of self._frame; beyond the end: nothing decoded yet, so the first read seeks

    def _decode(self, position: int) -> VideoFrame:
        key = self._keys[bisect_right(self._keys, position) - 1]
        if not key <= self._position <= position:
            self._frames = self._input.frames(self._times[key])
            self._frame = None
        wanted_us = self._times[position]
        while self._frame is None or self._frame.pts != wanted_us:
            self._frame = self._next_frame(wanted_us)
        self._position = position
        return self._frame

    def _next_frame(self, wanted_us: int) -> VideoFrame:
        try:
            frame = next(self._frames, None)
        except UnreadablePicture:
            self._position = len(self._times)  # whatever was decoded so far is no base for the next read
            raise
        if frame is None or frame.pts is None or frame.pts > wanted_us:
            self._position = len(self._times)
            raise damaged(self._path)
        return frame

    def _cropped(self, frame: VideoFrame) -> Picture:
        width, height = self._size
        return np.ascontiguousarray(self._converter.to_bgr(frame)[:height, :width])


def decodable_pts(path: Path, secret: bytes) -> list[int]:
    """Return the presentation times of all frames that really decode, in order; empty for a file that is no segment."""
    times: list[int] = []
    # Raised at a tail that a crash cut off; the frames before it stay.
    with suppress(UnreadablePicture), SegmentInput(path, secret) as source:
        for frame in source.frames():
            if frame.pts is not None and not frame.is_corrupt:
                times.append(frame.pts)  # noqa: PERF401  a comprehension would lose them all to the error
    return times


def _size_bytes(path: Path) -> int:
    """Return how long a file is, 0 for one that is gone."""
    try:
        return path.stat().st_size
    except FileNotFoundError:
        return 0


def _box_start(data: bytes, kind: bytes) -> int:
    """Return where the first top-level MP4 box of a kind starts."""
    start = 0
    while data[start + 4 : start + 8] != kind:
        start += int.from_bytes(data[start : start + 4], "big")
    return start
