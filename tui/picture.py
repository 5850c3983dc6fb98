"""Pictures to strips of the terminal: scaled, marked and encoded, ready to be put on the screen.

Pure but for Kitty graphics, whose pixels textual-image sends to the terminal itself.  Runs on the picture lane, never
in the event loop: scaling and encoding take 10 to 160 ms.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from rich.color import Color
from rich.console import Console
from rich.segment import ControlType, Segment
from rich.style import Style
from textual.strip import Strip

from timeline.model import Box, Picture
from tui.picture_mode import PictureMode
from tui.view import WHOLE, View, looked_at

if TYPE_CHECKING:
    from PIL.Image import Image
    from textual_image.renderable.tgp import Image as KittyImage

_MARK_BGR = (80, 170, 255)  # amber, as marks in the text
_NO_OP = ((ControlType.CURSOR_FORWARD, 0),)  # makes a segment a control one: no width, and left alone by Rich
_COLOUR_STEPS = 0xF8  # half-blocks keep 5 bits a channel: neighbours merge into runs, a quarter of the escapes
_FEW_STEPS = 0xE0  # over a slow link 3 bits


@dataclass(frozen=True, slots=True)
class Canvas:
    """Where a picture goes: cells to fill, how to fill them, and the style of what stays empty around it."""

    columns: int
    rows: int
    mode: PictureMode
    background: Style
    view: View = WHOLE


@dataclass(slots=True)
class Painter:
    """Paints pictures; remembers the one the terminal holds, so that it can be taken back."""

    _sent: KittyImage | None = None

    def paint(
        self, picture: Picture, boxes: Sequence[Box], canvas: Canvas, frame_px: tuple[int, int] | None = None
    ) -> list[Strip]:
        """Return the strips of the canvas with the picture in its middle, `boxes` framed.

        `frame_px`: width and height of what a small picture stands for; it fills the same place, boxes are of those.
        """
        width_px, height_px = frame_px or (picture.shape[1], picture.shape[0])
        if frame_px is not None:
            boxes = [_scaled_box(box, picture.shape[1] / width_px, picture.shape[0] / height_px) for box in boxes]
        part = canvas.view.box(width_px, height_px)
        picture, boxes = looked_at(picture, boxes, canvas.view)
        columns, rows = fit(part.width, part.height, canvas)
        marked = framed(picture, boxes, max(picture.shape[1] // (columns * canvas.mode.cell_width_px), 1) * 2)
        image = _image(marked)
        if canvas.mode.kind == "sixel":
            strips = _sixel(image, columns, rows, canvas)
        elif canvas.mode.kind == "kitty":
            strips = self._kitty(image, columns, rows)
        else:
            strips = _half_blocks(image, columns, rows, _FEW_STEPS if canvas.mode.slow else _COLOUR_STEPS)
        return _centred(strips, columns, canvas)

    def _kitty(self, image: Image, columns: int, rows: int) -> list[Strip]:
        from textual_image.renderable.tgp import Image as KittyImage

        shown = KittyImage(image, width=columns, height=rows)
        console = Console(width=columns, height=rows, force_terminal=True, color_system="truecolor")
        segments = list(shown.__rich_console__(console, console.options))
        if self._sent is not None:
            self._sent.cleanup()
        self._sent = shown
        return [
            Strip([Segment(part.text.rstrip("\n"), part.style)], columns)
            for part in segments
            if isinstance(part, Segment)
        ]


def fit(width_px: int, height_px: int, canvas: Canvas) -> tuple[int, int]:
    """Return the columns and rows of the largest picture of this shape in the canvas, enlarged only as it is zoomed."""
    cell_width_px, cell_height_px = canvas.mode.cell_width_px, canvas.mode.cell_height_px
    scale = min(
        canvas.columns * cell_width_px / width_px,
        canvas.rows * cell_height_px / height_px,
        canvas.view.zoom,
    )
    columns, rows = round(width_px * scale / cell_width_px), round(height_px * scale / cell_height_px)
    return min(max(columns, 1), canvas.columns), min(max(rows, 1), canvas.rows)


def _scaled_box(box: Box, across: float, down: float) -> Box:
    """Return a box of a frame in the pixels of a smaller picture of it; a pixel of it is always left."""
    x0, y0 = int(box.x0 * across), int(box.y0 * down)
    return Box(x0, y0, max(round(box.x1 * across), x0 + 1), max(round(box.y1 * down), y0 + 1))


def framed(picture: Picture, boxes: Sequence[Box], thickness_px: int) -> Picture:
    """Return the picture with a frame just outside each box; the picture itself when there are none."""
    if not boxes:
        return picture
    marked = picture.copy()
    for box in boxes:
        x0, y0 = max(box.x0 - thickness_px, 0), max(box.y0 - thickness_px, 0)
        x1, y1 = box.x1 + thickness_px, box.y1 + thickness_px
        marked[y0 : max(box.y0, 0), x0:x1] = _MARK_BGR
        marked[box.y1 : y1, x0:x1] = _MARK_BGR
        marked[y0:y1, x0 : max(box.x0, 0)] = _MARK_BGR
        marked[y0:y1, box.x1 : x1] = _MARK_BGR
    return marked


def _image(picture: Picture) -> Image:
    from PIL import Image as PillowImage

    return PillowImage.fromarray(np.ascontiguousarray(picture[:, :, ::-1]))


def _scaled(image: Image, width_px: int, height_px: int) -> Image:
    from PIL.Image import Resampling

    return image.resize((width_px, height_px), Resampling.BOX, reducing_gap=2.0)


def _half_blocks(image: Image, columns: int, rows: int, steps: int) -> list[Strip]:
    pixels: NDArray[np.uint8] = np.asarray(_scaled(image, columns, rows * 2)) & np.uint8(steps)
    pairs = np.concatenate((pixels[0::2], pixels[1::2]), axis=2)  # (rows, columns, 6): upper and lower colour
    return [_half_block_row(row) for row in pairs]


def _half_block_row(pairs: NDArray[np.uint8]) -> Strip:
    """Return one row of cells; neighbours of the same two colours are one segment."""
    changes = np.flatnonzero((pairs[1:] != pairs[:-1]).any(axis=1)) + 1
    edges = [0, *changes.tolist(), len(pairs)]
    starts = pairs[edges[:-1]].tolist()
    lengths = np.diff(edges).tolist()
    return Strip([Segment("▀" * n, _style(*six)) for six, n in zip(starts, lengths, strict=True)], len(pairs))


@lru_cache(maxsize=1 << 14)
def _style(r0: int, g0: int, b0: int, r1: int, g1: int, b1: int) -> Style:
    return Style(color=Color.from_rgb(r0, g0, b0), bgcolor=Color.from_rgb(r1, g1, b1))


def _sixel(image: Image, columns: int, rows: int, canvas: Canvas) -> list[Strip]:
    """Return blank rows, the last of which draws the picture over all of them and puts the cursor back.

    The drawing stands before the last cell, not after it: what follows the last cell of a strip is lost when the
    compositor cuts strips.  That cell stays free of the picture, or the terminal would wipe the picture's corner.
    """
    from textual_image._sixel import image_to_sixels  # the renderer around it asks the terminal while it is imported

    drawn = max(columns - 1, 1)
    small = _scaled(image, drawn * canvas.mode.cell_width_px, rows * canvas.mode.cell_height_px)
    up = f"\x1b[{rows - 1}A" if rows > 1 else ""
    back = f"\x1b[{columns - 1}D" if columns > 1 else ""
    data = f"\x1b7{back}{up}{image_to_sixels(small)}\x1b8"
    blank = Strip([Segment(" " * columns, canvas.background)], columns)
    last = [
        Segment(" " * (columns - 1), canvas.background),
        Segment(data, None, _NO_OP),
        Segment(" ", canvas.background),
    ]
    return [*([blank] * (rows - 1)), Strip(last, columns)]


def _centred(strips: Sequence[Strip], columns: int, canvas: Canvas) -> list[Strip]:
    above, left = (canvas.rows - len(strips)) // 2, (canvas.columns - columns) // 2
    right = canvas.columns - columns - left
    pads = [Segment(" " * left, canvas.background)], [Segment(" " * right, canvas.background)]
    middle = [Strip([*pads[0], *strip, *pads[1]], canvas.columns) for strip in strips]
    blank = Strip([Segment(" " * canvas.columns, canvas.background)], canvas.columns)
    return [*([blank] * above), *middle, *([blank] * (canvas.rows - above - len(strips)))]
