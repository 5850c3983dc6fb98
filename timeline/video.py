"""Segments: H.264 video files of a few minutes, written frame by frame and read at any instant.

Owns everything that touches PyAV.  Knows no rows and no clock: instants and sizes come from the caller.  The recorder
and the importer write, `timeline.pictures` reads.

A segment is a fragmented MP4: a header, then one fragment (`moof` + `mdat`) for each frame.  libavformat's own muxer
holds the newest frame back until the next one tells it how long it lasted, which on a still screen is minutes later.
So each encoded frame is muxed alone in memory and its fragment appended with one write: the file is complete after
every frame, survives kill -9, and a write that fails for lack of room is cut off again.
"""

from __future__ import annotations

import errno
import os
from bisect import bisect_right
from collections.abc import Iterator
from contextlib import suppress
from fractions import Fraction
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, cast

import numpy as np
from numpy.typing import NDArray

from timeline.errors import DiskFull, UnreadablePicture
from timeline.model import Picture

if TYPE_CHECKING:
    from av.container import InputContainer
    from av.packet import Packet
    from av.video.codeccontext import VideoCodecContext
    from av.video.frame import VideoFrame
    from av.video.stream import VideoStream

CRF = 22  # quality: 32 kB a changed page, text as readable as at 18 (42 kB); 26 saves another fifth
GOP = 10  # frames from one key frame to the next: costs 0-22 % more than 60, a seek takes an eighth of the time
PRESET = "veryfast"  # 30 ms CPU a changed 1080p page on one thread
MOST_SIDE_PX = 16_384  # libx264 opens for no longer side
_TICK = Fraction(1, 1_000_000)  # time base: presentation times are microseconds since the segment's start
# x264 sees an even 25 frames a second.  Told the real times it takes a frame that stands for a second for one worth
# 2.2 times the bytes (its quantiser scales with (0.04 s / duration) ** 0.4): crf 22 then means crf 11.
_ENCODER_TICK = Fraction(1, 25)
_FRAGMENT = {  # one frame a muxer: no trailer, its own absolute time, nothing shifted
    "movflags": "frag_custom+empty_moov+default_base_moof+skip_trailer+frag_discont",
    "use_editlist": "0",
    "avoid_negative_ts": "disabled",
}
_NO_ROOM = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
_CHANNELS = {3: "bgr24", 4: "bgra"}


class SegmentWriter:
    """One segment being written.  After an error it must be closed: later frames would build on one that is missing."""

    def __init__(self, descriptor: int, width: int, height: int, start_us: int, crf: int, gop: int) -> None:
        self._descriptor: int | None = descriptor
        self._size = (_even(width), _even(height))
        self._start_us = start_us
        self._encoder = _open_encoder(self._size, crf, gop)
        self._converter = _Converter()
        self._last_pts_us = -1
        self._written = 0
        self._fragments = 0

    @classmethod
    def create(
        cls, path: Path, width: int, height: int, start_us: int, crf: int = CRF, gop: int = GOP
    ) -> SegmentWriter:
        """Create the file (0600) for frames of this size; times count from `start_us`.

        Raises DiskFull, and UnreadablePicture for a size beyond the encoder; no file is left then.
        """
        try:
            descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
        except OSError as error:
            raise _write_error(error, path.name) from error
        try:
            return cls(descriptor, width, height, start_us, crf, gop)
        except BaseException:
            os.close(descriptor)
            path.unlink()
            raise

    def write(self, picture: NDArray[np.uint8], at_us: int) -> int:
        """Encode one picture, BGR or BGRA uint8 (height, width, 3 or 4), and return its time in the segment.

        The time is microseconds since `start_us`, and always later than that of the frame before.  When this returns,
        the frame can be read by another process.  Raises DiskFull; the file then ends with the frame before.
        """
        pts_us = max(at_us - self._start_us, self._last_pts_us + 1)
        frame = self._converter.to_yuv(_padded(picture, self._size))
        frame.pts, frame.time_base = self._fragments, _ENCODER_TICK
        for packet in self._encoder.encode(frame):
            packet.pts = packet.dts = pts_us
            packet.time_base = _TICK
            self._append(self._fragment(packet))
        self._last_pts_us = pts_us
        return pts_us

    def close(self) -> None:
        """Bring the file to the disk and let it go; may be called twice."""
        if self._descriptor is None:
            return
        descriptor, self._descriptor = self._descriptor, None
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)

    def _fragment(self, packet: Packet[VideoStream]) -> bytes:
        import av

        self._fragments += 1
        memory = BytesIO()
        options = {**_FRAGMENT, "fragment_index": str(self._fragments)}
        with av.open(memory, "w", format="mp4", options=options) as container:
            width, height = self._size
            stream = container.add_mux_stream("h264", width=width, height=height, time_base=_TICK)
            packet.stream = cast("VideoStream", stream)
            packet.duration = 1  # the real one is known only with the next frame; each fragment states its own time
            container.mux_one(packet)
        whole = memory.getvalue()
        return whole if self._fragments == 1 else whole[_box_start(whole, b"moof") :]

    def _append(self, data: bytes) -> None:
        if self._descriptor is None:
            raise ValueError("this segment is closed")
        rest = memoryview(data)
        try:
            while rest:
                rest = rest[os.write(self._descriptor, rest) :]
        except OSError as error:
            with suppress(OSError):  # a reader copes with a torn tail as well
                os.ftruncate(self._descriptor, self._written)
            raise _write_error(error, "a video segment") from error
        self._written += len(data)


class SegmentReader:
    """One segment being read; keeps the file open, so that walking forward decodes each frame once."""

    def __init__(self, path: Path, width: int, height: int) -> None:
        self._path = path
        self._size = (width, height)
        self._converter = _Converter()
        self._open()

    def picture(self, pts_us: int) -> Picture:
        """Return the frame at a presentation time, or the nearest before it: BGR uint8 (height, width, 3).

        Raises UnreadablePicture when the segment does not reach to that time or is damaged there.
        """
        if pts_us > self._times[-1] and self._path.stat().st_size > self._size_bytes:
            self.close()
            self._open()
        position = bisect_right(self._times, pts_us) - 1
        if position < 0 or pts_us > self._times[-1]:
            raise UnreadablePicture(
                f"Segment {self._path.name} holds no frame for that instant: it was never completed."
            )
        return self._cropped(self._decode(position))

    def close(self) -> None:
        """Close the file; may be called twice."""
        self._container.close()

    def _open(self) -> None:
        self._size_bytes = self._path.stat().st_size if self._path.exists() else 0
        self._container, self._stream = _open_input(self._path)
        packets = list(_packets(self._container, self._stream))
        self._times = [pts_us for pts_us, _ in packets]
        self._keys = [position for position, (_, is_key) in enumerate(packets) if is_key]
        self._frames: Iterator[VideoFrame] = iter(())
        self._frame: VideoFrame | None = None
        self._position = len(packets)  # of self._frame; beyond the end: nothing decoded yet, so the first read seeks
        if not packets:
            self.close()
            raise UnreadablePicture(f"Segment {self._path.name} holds no frame yet.")

    def _decode(self, position: int) -> VideoFrame:
        key = self._keys[bisect_right(self._keys, position) - 1]
        if not key <= self._position <= position:
            self._container.seek(self._times[key], stream=self._stream)
            self._frames = self._container.decode(self._stream)
            self._frame = None
        wanted_us = self._times[position]
        while self._frame is None or self._frame.pts != wanted_us:
            self._frame = self._next_frame(wanted_us)
        self._position = position
        return self._frame

    def _next_frame(self, wanted_us: int) -> VideoFrame:
        import av

        try:
            frame = next(self._frames, None)
        except av.error.FFmpegError as error:
            raise self._damaged() from error
        if frame is None or frame.pts is None or frame.pts > wanted_us:
            raise self._damaged()
        return frame

    def _damaged(self) -> UnreadablePicture:
        self._position = len(self._times)  # whatever was decoded so far is no base for the next read
        return UnreadablePicture(f"Segment {self._path.name} is damaged at that instant.")

    def _cropped(self, frame: VideoFrame) -> Picture:
        width, height = self._size
        return np.ascontiguousarray(self._converter.to_bgr(frame)[:height, :width])


def decodable_pts(path: Path) -> list[int]:
    """Return the presentation times of all frames that really decode, in order; empty for a file that is no segment."""
    import av

    try:
        container, stream = _open_input(path)
    except UnreadablePicture:
        return []
    times: list[int] = []
    with container, suppress(av.error.FFmpegError):  # raised at a tail that a crash cut off; the frames before it stay
        for frame in container.decode(stream):
            if frame.pts is not None and not frame.is_corrupt:
                times.append(frame.pts)  # noqa: PERF401  a comprehension would lose them all to the error
    return times


class _Converter:
    """Colours between the screen's BGR and the video's YUV 4:2:0: BT.709, limited range, and tagged so in the file."""

    def __init__(self) -> None:
        from av.video.reformatter import VideoReformatter

        self._reformatter = VideoReformatter()  # keeps its tables from one picture to the next

    def to_yuv(self, picture: NDArray[np.uint8]) -> VideoFrame:
        from av.video.frame import VideoFrame
        from av.video.reformatter import ColorRange, Colorspace, Interpolation

        exact = Interpolation.AREA | Interpolation.ACCURATE_RND | Interpolation.FULL_CHR_H_INP
        return self._reformatter.reformat(  # `exact`: white stays 255 (254 and 252 without) for 1 ms more
            VideoFrame.from_numpy_buffer(picture, format=_CHANNELS[picture.shape[2]]),
            format="yuv420p",
            dst_colorspace=Colorspace.ITU709,
            dst_color_range=ColorRange.MPEG,
            interpolation=int(exact),
        )

    def to_bgr(self, frame: VideoFrame) -> Picture:
        from av.video.reformatter import ColorRange, Colorspace

        converted = self._reformatter.reformat(
            frame,
            format="bgr24",
            src_colorspace=Colorspace.ITU709,
            src_color_range=ColorRange.MPEG,
            dst_color_range=ColorRange.JPEG,
        )
        return converted.to_ndarray().astype(np.uint8, copy=False)


def _open_encoder(size: tuple[int, int], crf: int, gop: int) -> VideoCodecContext:
    import av
    from av.video.reformatter import ColorRange, Colorspace

    encoder = av.CodecContext.create("libx264", "w")
    encoder.width, encoder.height = size
    encoder.pix_fmt = "yuv420p"
    encoder.time_base = _ENCODER_TICK
    encoder.framerate = 1 / _ENCODER_TICK
    encoder.gop_size = gop
    encoder.max_b_frames = 0  # every packet leaves at once, in order
    encoder.thread_count = 1  # more threads cost more CPU in all, and the recorder is in no hurry
    encoder.colorspace = Colorspace.ITU709
    encoder.color_range = ColorRange.MPEG
    encoder.options = {"preset": PRESET, "tune": "zerolatency", "crf": str(crf)}
    try:
        encoder.open()
    except av.error.FFmpegError as error:
        raise UnreadablePicture(
            f"A picture of {size[0]}x{size[1]} px cannot be kept: no side may be longer than {MOST_SIDE_PX:,} px."
        ) from error
    return encoder


def _open_input(path: Path) -> tuple[InputContainer, VideoStream]:
    import av

    try:
        container = av.open(str(path), options={"fpsprobesize": "0"})  # guessing a frame rate takes 20 of 30 ms
    except FileNotFoundError as error:
        raise UnreadablePicture(f"Segment {path.name} is missing from the video folder.") from error
    except (av.error.FFmpegError, OSError) as error:
        raise UnreadablePicture(f"Segment {path.name} is damaged or holds no frame yet.") from error
    if not container.streams.video:
        container.close()
        raise UnreadablePicture(f"Segment {path.name} is no video.")
    stream = container.streams.video[0]
    stream.codec_context.thread_count = 1  # one frame in, one frame out
    return container, stream


def _packets(container: InputContainer, stream: VideoStream) -> Iterator[tuple[int, bool]]:
    """Yield time and key flag of each whole frame; walking the file once also gives libavformat its seek index."""
    for packet in container.demux(stream):
        if packet.pts is not None and packet.size and not packet.is_corrupt:
            yield packet.pts, packet.is_keyframe


def _padded(picture: NDArray[np.uint8], size: tuple[int, int]) -> NDArray[np.uint8]:
    """Return the picture grown to an even size by repeating its last column and row; contiguous."""
    height, width = picture.shape[:2]
    right, below = size[0] - width, size[1] - height
    if not 0 <= right <= 1 or not 0 <= below <= 1:
        raise ValueError(f"a {width}x{height} picture does not fit a segment of {size[0]}x{size[1]}")
    if right or below:
        return np.pad(picture, ((0, below), (0, right), (0, 0)), mode="edge")
    return np.ascontiguousarray(picture)


def _even(length: int) -> int:
    return length + length % 2  # 4:2:0 halves both sides


def _box_start(data: bytes, kind: bytes) -> int:
    """Return where the first top-level MP4 box of a kind starts."""
    start = 0
    while data[start + 4 : start + 8] != kind:
        start += int.from_bytes(data[start : start + 4], "big")
    return start


def _write_error(error: OSError, what: str) -> Exception:
    if error.errno in _NO_ROOM:
        return DiskFull(f"There is no room left on the disk for {what}: free some space, recording then goes on.")
    return error
