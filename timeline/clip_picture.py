"""One decoded picture of somebody else's video: what is compared of it, and what is kept of it.

Pure but for PyAV's conversion.  Comparing needs brightness and colour only, and the decoder hands these over without a
copy; the picture itself is made for those few that are kept: turned upright, in 8 bits, BGR.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from timeline.model import Picture

if TYPE_CHECKING:
    from av.video.frame import VideoFrame

Plane = NDArray[np.uint8]

_PLANAR = frozenset({"yuv420p", "yuvj420p"})  # compared as they are; others are brought to the first
_HIGH_DEFINITION_PX = 720  # lines from which an untagged video is BT.709, and BT.601 below, as players take it
_SDR_WHITE_NITS = 203.0  # how bright white paper is in an HDR video (ITU-R BT.2408)
_HLG_WHITE = 0.75  # the same as a share of hybrid log-gamma's signal
_GAMMA = 2.2


@dataclass(frozen=True, slots=True)
class Look:
    """What is compared of a picture: brightness (height, width), and two planes of colour of half that size."""

    luma: Plane
    colours: tuple[Plane, Plane]


class Shot:
    """A picture of a clip, shown from `at_us` on, counted from the clip's start."""

    __slots__ = ("_frame", "_look", "at_us")

    def __init__(self, frame: VideoFrame, at_us: int) -> None:
        self._frame, self.at_us = frame, at_us
        self._look: Look | None = None

    @property
    def look(self) -> Look:
        """What is compared of it, as it lies in the file: not turned."""
        if self._look is None:
            frame = self._frame if self._frame.format.name in _PLANAR else self._frame.reformat(format="yuv420p")
            luma, first, second = (_plane(frame, index) for index in range(3))
            self._look = Look(luma, (first, second))
        return self._look

    def bgr(self) -> Picture:
        """Return the picture as a player shows it: BGR uint8 (height, width, 3)."""
        frame = self._frame
        picture = _to_bgr(frame).to_ndarray().astype(np.uint8, copy=False)
        levels = _levels_of(int(frame.color_trc))
        if levels is not None:
            picture = levels[picture]
        return np.ascontiguousarray(np.rot90(picture, frame.rotation // 90))


def _plane(frame: VideoFrame, index: int) -> Plane:
    plane = frame.planes[index]
    rows: Plane = np.frombuffer(plane, np.uint8).reshape(-1, plane.line_size)  # type: ignore[call-overload]  # has a buffer
    return rows[: plane.height, : plane.width]


def _to_bgr(frame: VideoFrame) -> VideoFrame:
    from av.video.reformatter import ColorRange, Colorspace, Interpolation

    if frame.format.is_rgb or "pal8" in frame.format.name:
        return frame.reformat(format="bgr24")
    untagged = Colorspace.ITU709 if frame.height >= _HIGH_DEFINITION_PX else Colorspace.ITU601
    known = {
        1: Colorspace.ITU709,
        5: Colorspace.ITU601,
        6: Colorspace.ITU601,
        9: Colorspace.BT2020,
        10: Colorspace.BT2020,
    }
    full = frame.color_range == ColorRange.JPEG or frame.format.name.startswith("yuvj")
    return frame.reformat(
        format="bgr24",
        src_colorspace=known.get(int(frame.colorspace), untagged),  # numbers of ITU-T H.273, table 4
        src_color_range=ColorRange.JPEG if full else ColorRange.MPEG,
        dst_color_range=ColorRange.JPEG,
        interpolation=int(Interpolation.BICUBIC | Interpolation.ACCURATE_RND | Interpolation.FULL_CHR_H_INT),
    )


@cache
def _levels_of(transfer: int) -> Plane | None:
    """Return what each of the 256 levels of an HDR video is on a common screen; None for a common video.

    White paper becomes white, what is brighter is cut: text is read from the picture, skies are not admired in it.
    """
    signal = np.linspace(0.0, 1.0, 256)
    if transfer == 16:  # SMPTE ST 2084, "PQ": absolute brightness up to 10,000 nits
        root = signal ** (1 / 78.84375)
        light = (np.maximum(root - 0.8359375, 0.0) / (18.8515625 - 18.6875 * root)) ** (1 / 0.1593017578125)
        shown = light * 10_000 / _SDR_WHITE_NITS
    elif transfer == 18:  # ARIB STD-B67, "HLG"
        shown = _hlg_light(signal) / _hlg_light(np.array([_HLG_WHITE]))[0]
    else:
        return None
    return np.round(255 * np.clip(shown, 0.0, 1.0) ** (1 / _GAMMA)).astype(np.uint8)


def _hlg_light(signal: NDArray[np.float64]) -> NDArray[np.float64]:
    bright = (np.exp((signal - 0.55991073) / 0.17883277) + 0.28466892) / 12
    return np.where(signal <= 0.5, signal**2 / 3, bright)
