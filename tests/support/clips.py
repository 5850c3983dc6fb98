"""Screen recordings as other programs write them, made by PyAV: painted pages, each shown for some seconds.

A page is a picture with text-like marks, so that encoders have edges to blur.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC
from fractions import Fraction
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw

from recorder.clip_frames import ClipFrame, ClipFrames
from timeline.clip import Clip
from timeline.model import Picture

SIZE = (320, 192)  # width, height
WORDS = (
    "the",
    "quarterly",
    "churn",
    "report",
    "goes",
    "to",
    "finance",
    "on",
    "friday",
    "budget",
    "forty",
    "one",
    "more",
)


def page(number: int, size: tuple[int, int] = SIZE, words: int = 12) -> Picture:
    """Return a page of dark words on white, unlike that of any other number: BGR uint8."""
    image = Image.new("RGB", size, "white")
    pen = ImageDraw.Draw(image)
    for word in range(words):
        text = f"{WORDS[(word * 5 + number * 7) % len(WORDS)]}{number}"
        pen.text((8 + 100 * (word % 3), 6 + 24 * (word // 3)), text, fill="black")
    return np.ascontiguousarray(np.asarray(image)[:, :, ::-1])


def with_text(picture: Picture, text: str, at: tuple[int, int], fill: str = "black") -> Picture:
    """Return a copy of a page with one more word on it."""
    image = Image.fromarray(np.ascontiguousarray(picture[:, :, ::-1]))
    ImageDraw.Draw(image).text(at, text, fill=fill)
    return np.ascontiguousarray(np.asarray(image)[:, :, ::-1])


@dataclass(frozen=True, slots=True)
class Making:
    """How a clip is written."""

    codec: str = "libx264"
    options: dict[str, str] = field(default_factory=lambda: {"preset": "ultrafast", "crf": "23"})
    pix_fmt: str = "yuv420p"
    rate: int = 15
    rotation: int = 0
    sound: bool = False
    notes: dict[str, str] = field(default_factory=dict)
    container: dict[str, str] = field(default_factory=dict)
    transfer: int = 2
    """ITU-T H.273's number of the transfer function; 2 is "not said"."""


def write_clip(path: Path, shown: Iterable[tuple[Picture, float]], making: Making | None = None) -> Path:
    """Write pages, each shown for some seconds, at an even frame rate."""
    making = making or Making()
    frames = ((page, index) for page, seconds in shown for index in range(round(seconds * making.rate)))
    return write_frames(path, [(picture, at / making.rate) for at, (picture, _) in enumerate(frames)], making)


def write_frames(path: Path, frames: Sequence[tuple[Picture, float]], making: Making | None = None) -> Path:
    """Write pictures, each beginning at its second: a variable frame rate."""
    import av

    making = making or Making()
    height, width = frames[0][0].shape[:2]
    path.parent.mkdir(parents=True, exist_ok=True)
    with av.open(str(path), "w", container_options=making.container) as container:
        container.metadata.update(making.notes)
        stream = container.add_stream(making.codec, rate=making.rate, options=making.options)
        stream.width, stream.height, stream.pix_fmt = width, height, making.pix_fmt
        stream.codec_context.time_base = Fraction(1, 1000) if making.codec != "gif" else Fraction(1, 100)
        stream.codec_context.color_trc = making.transfer
        if making.rotation:
            stream.set_display_rotation(making.rotation)
        sound = container.add_stream("aac", rate=48_000) if making.sound else None
        for picture, at_s in frames:
            frame = av.VideoFrame.from_ndarray(picture, format="bgr24")
            frame.pts, frame.time_base = round(at_s / stream.codec_context.time_base), stream.codec_context.time_base
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
        if sound is not None:
            for start in range(0, int(frames[-1][1] * 48_000), 1024):
                silence = av.AudioFrame.from_ndarray(np.zeros((1, 1024), np.float32), format="fltp", layout="mono")
                silence.sample_rate, silence.pts = 48_000, start
                container.mux(sound.encode(silence))
            container.mux(sound.encode(None))
    return path


def frames_of(path: Path, from_us: int = 0) -> list[ClipFrame]:
    """Return the frames that are kept of a clip."""
    with Clip.open(path) as clip:
        return list(ClipFrames(clip).frames(from_us))


def spans_s(path: Path) -> list[tuple[float, float]]:
    """Return when the kept frames begin and end, in seconds rounded to a tenth of one."""
    return [(round(frame.start_us / 1e6, 1), round(frame.end_us / 1e6, 1)) for frame in frames_of(path)]


ZONE = UTC
