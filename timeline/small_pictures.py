"""Small pictures of frames: how they are made, when two look alike, and how they are kept.

Pure: pictures in, bytes and numbers out.  The only file of this room that imports Pillow.  Called by
timeline.thumbnails.
"""

from __future__ import annotations

from io import BytesIO
from math import sqrt

import numpy as np
from numpy.typing import NDArray

from timeline.errors import UnreadablePicture
from timeline.model import Picture

AREA_PX = 480 * 270  # a screen of 16:9 is a quarter as wide and as high as at 1080p; other shapes take as many pixels
QUALITY = 25  # of WebP: 5.0 kB a thumbnail; 50 takes 7.2 and 35 6.1, headings and layout are told apart in all three
METHOD = 6  # WebP's slowest search: 14 ms and a tenth fewer bytes than 4, which takes 7
TILE_PX = 8  # of the small picture: two lines of text, seven letters wide
VISIBLE_LEVELS = 32  # of 255: a pixel that differs by less is not seen to differ in a small picture
ALIKE_SHARE = 0.02  # of the tiles: a line being typed changes half as many, a paragraph or a dialog more

Shades = NDArray[np.int16]
"""What two small pictures are compared by: grey levels, int16 (height, width)."""


def shrink(picture: Picture) -> Picture:
    """Return a picture of AREA_PX at most, in its own shape; a smaller one as it is."""
    from PIL import Image

    height, width = picture.shape[:2]
    scale = sqrt(AREA_PX / (width * height))
    if scale >= 1:
        return picture
    size = max(1, round(width * scale)), max(1, round(height * scale))
    # Pillow sees three channels in whatever order: the colours need not be swapped for scaling.
    return np.asarray(Image.fromarray(picture).resize(size, Image.Resampling.BOX, reducing_gap=2.0))


def shades(small: Picture) -> Shades:
    """Return the grey levels of a small picture: green, which the eye judges most by, and a little of the others."""
    channels = small.astype(np.int16)
    return (channels[:, :, 0] + 2 * channels[:, :, 1] + channels[:, :, 2]) // 4


def alike(one: Shades, other: Shades) -> bool:
    """Tell whether two small pictures look the same but for a word or a line."""
    if one.shape != other.shape:
        return False
    seen = np.abs(one - other) > VISIBLE_LEVELS
    rows, columns = np.arange(0, seen.shape[0], TILE_PX), np.arange(0, seen.shape[1], TILE_PX)
    tiles = np.logical_or.reduceat(np.logical_or.reduceat(seen, rows, axis=0), columns, axis=1)
    return float(tiles.mean()) <= ALIKE_SHARE


def to_webp(small: Picture) -> bytes:
    """Return a small picture as a WebP file."""
    from PIL import Image

    packed = BytesIO()
    Image.fromarray(np.ascontiguousarray(small[:, :, ::-1])).save(packed, "WEBP", quality=QUALITY, method=METHOD)
    return packed.getvalue()


def from_webp(data: bytes) -> Picture:
    """Return the small picture of a WebP file.  Raises UnreadablePicture when it is damaged."""
    from PIL import Image

    try:
        with Image.open(BytesIO(data), formats=("WEBP",)) as opened:
            return np.ascontiguousarray(np.asarray(opened.convert("RGB"))[:, :, ::-1])
    except (OSError, SyntaxError, ValueError) as failed:  # what Pillow's decoder raises on damaged data
        raise UnreadablePicture("A thumbnail is damaged: remove thumbnails.db, it is made anew.") from failed
