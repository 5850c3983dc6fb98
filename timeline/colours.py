"""Colours between the screen's BGR and the video's YUV 4:2:0: BT.709, limited range.

Owns the conversion both ways and the padding to even sides that 4:2:0 needs.  Part of what touches PyAV; called by
`timeline.video`, which tags the files accordingly.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from timeline.model import Picture

if TYPE_CHECKING:
    from av.video.frame import VideoFrame

_CHANNELS = {3: "bgr24", 4: "bgra"}


class Converter:
    """Converts pictures and frames; keeps its tables from one to the next."""

    def __init__(self) -> None:
        from av.video.reformatter import VideoReformatter

        self._reformatter = VideoReformatter()

    def to_yuv(self, picture: NDArray[np.uint8], pixels: str = "yuv420p") -> VideoFrame:
        """Return a picture of even sides, BGR or BGRA uint8 (height, width, 3 or 4), in a 4:2:0 layout of pixels."""
        from av.video.frame import VideoFrame
        from av.video.reformatter import ColorRange, Colorspace, Interpolation

        exact = Interpolation.AREA | Interpolation.ACCURATE_RND | Interpolation.FULL_CHR_H_INP
        return self._reformatter.reformat(  # `exact`: white stays 255 (254 and 252 without) for 1 ms more
            VideoFrame.from_numpy_buffer(picture, format=_CHANNELS[picture.shape[2]]),
            format=pixels,
            dst_colorspace=Colorspace.ITU709,
            dst_color_range=ColorRange.MPEG,
            interpolation=int(exact),
        )

    def to_bgr(self, frame: VideoFrame) -> Picture:
        """Return a decoded frame as BGR uint8 (height, width, 3)."""
        from av.video.reformatter import ColorRange, Colorspace

        converted = self._reformatter.reformat(
            frame,
            format="bgr24",
            src_colorspace=Colorspace.ITU709,
            src_color_range=ColorRange.MPEG,
            dst_color_range=ColorRange.JPEG,
        )
        return converted.to_ndarray().astype(np.uint8, copy=False)


def even(length_px: int) -> int:
    """Return a length that 4:2:0 can halve."""
    return length_px + length_px % 2


def padded(picture: NDArray[np.uint8], size: tuple[int, int]) -> NDArray[np.uint8]:
    """Return the picture grown to an even size (width, height) by repeating its last column and row; contiguous."""
    height, width = picture.shape[:2]
    right, below = size[0] - width, size[1] - height
    if not 0 <= right <= 1 or not 0 <= below <= 1:
        raise ValueError(f"a {width}x{height} picture does not fit a segment of {size[0]}x{size[1]}")
    if right or below:
        return np.pad(picture, ((0, below), (0, right), (0, 0)), mode="edge")
    return np.ascontiguousarray(picture)
