"""Which part of a picture is looked at: how near, and around which point.  Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Self

import numpy as np

from timeline.model import Box, Picture

_ZOOMS = (1.0, 1.5, 2.0, 3.0, 4.0, 6.0, 8.0)


@dataclass(frozen=True, slots=True)
class View:
    """A part of a picture; `x` and `y` are its middle, as parts of the whole."""

    zoom: float = 1.0
    x: float = 0.5
    y: float = 0.5

    def zoomed(self, step: int) -> Self:
        """Return the next nearer (1) or farther (-1) look at the same point."""
        index = min(max(_ZOOMS.index(self.zoom) + step, 0), len(_ZOOMS) - 1)
        return self._inside(_ZOOMS[index], self.x, self.y)

    def moved(self, right: float, down: float) -> Self:
        """Return the look at another place, so many parts of the view away."""
        return self._inside(self.zoom, self.x + right / self.zoom, self.y + down / self.zoom)

    def centred_on(self, boxes: Sequence[Box], width_px: int, height_px: int) -> Self:
        """Return the same zoom with the first box in the middle."""
        if not boxes or self.zoom == 1:
            return self
        x, y = boxes[0].centre
        return self._inside(self.zoom, x / width_px, y / height_px)

    def box(self, width_px: int, height_px: int) -> Box:
        """Return the part in the pixels of a picture."""
        width, height = max(round(width_px / self.zoom), 1), max(round(height_px / self.zoom), 1)
        left = min(max(round(self.x * width_px - width / 2), 0), width_px - width)
        top = min(max(round(self.y * height_px - height / 2), 0), height_px - height)
        return Box(left, top, left + width, top + height)

    def _inside(self, zoom: float, x: float, y: float) -> Self:
        half = 0.5 / zoom
        return replace(self, zoom=zoom, x=min(max(x, half), 1 - half), y=min(max(y, half), 1 - half))


WHOLE = View()


def looked_at(picture: Picture, boxes: Sequence[Box], view: View) -> tuple[Picture, list[Box]]:
    """Return the part of a picture that is looked at, and the boxes in its pixels."""
    part = view.box(picture.shape[1], picture.shape[0])
    shown = picture[part.y0 : part.y1, part.x0 : part.x1]
    inside = [box.shifted(-part.x0, -part.y0) for box in boxes if box.intersects(part)]
    return shown, inside


def side_by_side(pictures: Sequence[Picture], boxes: Sequence[Sequence[Box]]) -> tuple[Picture, list[Box]]:
    """Return pictures beside each other, the lower ones on black, and all their boxes where they stand then."""
    height, gap_px = max(one.shape[0] for one in pictures), 8
    parts: list[Picture] = []
    moved: list[Box] = []
    left = 0
    for picture, own in zip(pictures, boxes, strict=True):
        padded = np.zeros((height, picture.shape[1] + gap_px, 3), np.uint8)
        padded[: picture.shape[0], : picture.shape[1]] = picture
        moved += [box.shifted(left, 0) for box in own]
        left += padded.shape[1]
        parts.append(padded)
    return np.hstack(parts)[:, :-gap_px], moved
