"""Screens to H.264 with any settings, and back: what the benchmarks of the video compare.

Pure but for the encoder; writes no file.  Encoder and colours are the product's own (timeline.encoders,
timeline.colours), so that only the setting differs.  Called by bench/legibility.py and bench/formats.py.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import av
from av.video.codeccontext import VideoCodecContext
from av.video.frame import VideoFrame

from timeline.colours import Converter, even, padded
from timeline.encoders import CRF, FRAME_TICK, GOP, X264, Codec, open_encoder
from timeline.model import Picture


@dataclass(frozen=True, slots=True)
class Setting:
    """An encoder with its quality and key frame distance."""

    crf: int = CRF
    gop: int = GOP
    codec: Codec = X264

    @property
    def name(self) -> str:
        options = [value for name, value in self.codec.options if name not in ("crf", "tune")]
        return " ".join([f"crf {self.crf} gop {self.gop}", *options])


@dataclass(frozen=True, slots=True)
class Coded:
    """One coded frame: its bytes without a container, whether it is a key frame, the CPU seconds it took."""

    data: bytes
    key: bool
    cpu_s: float


class Encoder:
    """Pictures of one size in, coded frames out."""

    def __init__(self, width: int, height: int, setting: Setting) -> None:
        self._size = (even(width), even(height))
        self._context = open_encoder(setting.codec, self._size, setting.crf, setting.gop)
        self._converter, self._count = Converter(), 0

    def encode(self, picture: Picture) -> Iterator[Coded]:
        """Yield what is ready after one more picture, BGR uint8 (height, width, 3): one frame unless it looks ahead."""
        started = time.process_time()
        frame = self._converter.to_yuv(padded(picture, self._size), "yuv420p")
        frame.pts, frame.time_base = self._count, FRAME_TICK
        self._count += 1
        packets = self._context.encode(frame)
        spent_s = time.process_time() - started
        for packet in packets:
            yield Coded(bytes(packet), packet.is_keyframe, spent_s)

    def finish(self) -> Iterator[Coded]:
        """Yield what an encoder that looks ahead still holds."""
        started = time.process_time()
        for packet in self._context.encode(None):
            spent_s, started = time.process_time() - started, time.process_time()
            yield Coded(bytes(packet), packet.is_keyframe, spent_s)


def x264(preset: str, parameters: str = "") -> Codec:
    """Return libx264 as the recorder uses it with another preset and `name=value:name=value` of its own."""
    more = (("x264-params", parameters),) if parameters else ()
    return Codec("libx264", (("preset", preset), ("tune", "zerolatency"), ("crf", "{crf}"), *more))


def encode(pictures: Sequence[Picture], setting: Setting) -> list[Coded]:
    """Return pictures of one size as coded frames, one for each."""
    height, width = pictures[0].shape[:2]
    encoder = Encoder(width, height, setting)
    frames = [coded for picture in pictures for coded in encoder.encode(picture)]
    return [*frames, *encoder.finish()]


def decode(frames: Iterable[Coded]) -> Iterator[Picture]:
    """Yield the pictures of coded frames: BGR uint8 (height, width, 3) of even sides."""
    converter = Converter()
    for frame in _decoded(frames):
        yield converter.to_bgr(frame)


def decode_last(frames: Iterable[Coded]) -> Picture:
    """Return the last picture of coded frames; the ones before it are decoded and not turned into pictures."""
    (last,) = deque(_decoded(frames), maxlen=1)
    return Converter().to_bgr(last)


def subsampled(picture: Picture) -> Picture:
    """Return a picture of even sides that went through 4:2:0 and back and lost nothing else."""
    converter = Converter()
    return converter.to_bgr(converter.to_yuv(picture))


def _decoded(frames: Iterable[Coded]) -> Iterator[VideoFrame]:
    context = av.CodecContext.create("h264", "r")
    assert isinstance(context, VideoCodecContext)
    context.thread_count = 1
    for coded in frames:
        yield from context.decode(av.Packet(coded.data))
    yield from context.decode(None)
