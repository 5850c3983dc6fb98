"""The encoders of segments and how each is set: one frame in, one packet out, a key frame every GOP.

Owns quality, key frame distance and preset: what is changed here is changed everywhere.  Part of what touches PyAV;
`timeline.video` encodes with it, `timeline.encoder_probe` tries those of graphics cards.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, cast

from timeline.errors import UnreadablePicture

if TYPE_CHECKING:
    from av.video.codeccontext import VideoCodecContext

CRF = 26  # quality: 0.2 points of English words lost, no Chinese character; 30 loses five points of code
GOP = 45  # frames from one key frame to the next: fewer bytes than 30, and a seek decodes 22 frames, 3 ms each
PRESET = "veryfast"  # 30 ms CPU a changed 1080p page on one thread
# umh and merange 128 find a scroll that the preset's hexagon of 16 px does not; without scenecut a scrolled page stays
# a change of the page before; four references find a tab that was shown before; qcomp 1 gives each frame one quality;
# subme 0 looks for no half pixels, which screens do not have, weightp 0 for no fading: 2.5 MB less memory, no
# byte more.  Together a frame takes 26 kB where the preset alone takes 46 (decision 0015).
_SCREEN = "qcomp=1:scenecut=0:me=umh:merange=128:ref=4:subme=0:weightp=0"
MOST_SIDE_PX = 16_384  # libx264 opens for no longer side
# An encoder sees an even 25 frames a second.  Told the real times x264 takes a frame that stands for a second for one
# worth 2.2 times the bytes (its quantiser scales with (0.04 s / duration) ** 0.4): crf 22 then means crf 11.
FRAME_TICK = Fraction(1, 25)


@dataclass(frozen=True, slots=True)
class Codec:
    """An encoder by its name in FFmpeg; `{crf}` in the value of an option stands for the quality."""

    name: str
    options: tuple[tuple[str, str], ...]
    pixels: str = "yuv420p"
    """The layout of pixels it takes, a 4:2:0 one."""
    stream: str = "h264"
    """The kind of its packets, as a file names it."""
    device: str = ""
    """What frames must be uploaded to first, as FFmpeg names it; empty where the encoder takes them from memory."""


X264 = Codec("libx264", (("preset", PRESET), ("tune", "zerolatency"), ("crf", "{crf}"), ("x264-params", _SCREEN)))
# Quantiser 22 of a card stands for crf 22: what that is worth the probe measures.  Packets at once, no look-ahead.
CARDS = (
    Codec(
        "h264_nvenc", (("rc", "constqp"), ("qp", "{crf}"), ("delay", "0"), ("zerolatency", "1"), ("rc-lookahead", "0"))
    ),
    Codec("h264_qsv", (("global_quality", "{crf}"), ("async_depth", "1"), ("look_ahead", "0")), "nv12"),
    Codec("h264_vaapi", (("rc_mode", "CQP"), ("qp", "{crf}"), ("async_depth", "1")), "nv12", device="vaapi"),
    Codec("h264_videotoolbox", (("realtime", "1"), ("q", "65")), "nv12"),
    Codec("h264_mf", (("rate_control", "quality"), ("quality", "75"), ("hw_encoding", "1")), "nv12"),
)


def open_encoder(codec: Codec, size: tuple[int, int], crf: int, gop: int) -> VideoCodecContext:
    """Return an encoder for frames of an even size (width, height), no B frames, BT.709 in limited range.

    Raises UnreadablePicture when it does not open: for libx264 that is a size beyond it.
    """
    import av

    try:
        encoder = _encoder(codec, size, crf, gop)
        encoder.open()
    except (av.error.FFmpegError, OSError, ValueError, RuntimeError) as error:  # as each kind of card fails otherwise
        raise UnreadablePicture(
            f"A picture of {size[0]}x{size[1]} px cannot be kept: no side may be longer than {MOST_SIDE_PX:,} px."
        ) from error
    return encoder


def _encoder(codec: Codec, size: tuple[int, int], crf: int, gop: int) -> VideoCodecContext:
    import av
    from av.codec.hwaccel import HWAccel
    from av.video.reformatter import ColorRange, Colorspace

    card = HWAccel(codec.device) if codec.device else None
    encoder = cast("VideoCodecContext", av.CodecContext.create(codec.name, "w", hwaccel=card))
    encoder.width, encoder.height = size
    encoder.pix_fmt = codec.pixels
    encoder.time_base = FRAME_TICK
    encoder.framerate = 1 / FRAME_TICK
    encoder.gop_size = gop
    encoder.max_b_frames = 0  # every packet leaves at once, in order
    encoder.thread_count = 1  # more threads cost more CPU in all, and the recorder is in no hurry
    encoder.colorspace = Colorspace.ITU709
    encoder.color_range = ColorRange.MPEG
    encoder.options = {name: value.format(crf=crf) for name, value in codec.options}
    return encoder
