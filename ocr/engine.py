"""What a reading engine is: pictures in, lines of text with boxes out.

Owns the protocol that every engine follows, the one check of its input, and which lines belong to a part.  Knows no
engine and never logs what was read.  Called by `ocr.engines`, the worker and `dayreel read`;
tests/ocr/test_ocr_contract.py holds every engine to it.
"""

from __future__ import annotations

from typing import Protocol

import numpy as np

from timeline.model import Box, Line, Picture


class Engine(Protocol):
    """Reads a picture, or a part of one.  One thread uses an engine at a time."""

    name: str

    def read(self, picture: Picture, part: Box | None = None) -> list[Line]:
        """Return the lines of a picture in reading order, with boxes in its pixels and confidences of 0 to 1.

        Of a part, a box that cuts through no line: those whose centre lies in it.
        """


def holds(part: Box | None, box: Box) -> bool:
    """Tell whether a line with this box belongs to a part of a picture; None is the whole picture."""
    x, y = box.centre
    return part is None or (part.x0 <= x < part.x1 and part.y0 <= y < part.y1)


def checked_picture(picture: Picture) -> Picture:
    """Return the picture, copied only where it is not C-contiguous.

    Raises ValueError for anything that is not BGR uint8 (height, width, 3).
    """
    if picture.dtype != np.uint8 or picture.ndim != 3 or picture.shape[2] != 3:
        raise ValueError(f"a picture is BGR uint8 (height, width, 3), not {picture.dtype} {picture.shape}")
    return np.ascontiguousarray(picture)
