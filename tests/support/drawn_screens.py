"""Desktops of windows drawn line by line, and an engine that reads exactly what was drawn.

Owns drawing without grey edges, so that a line has the same pixels wherever it stands, and a small engine that finds
lines by their ink and looks their shapes up.  It counts what it was asked to read.  Used by the tests of reading in
parts; real engines have tests of their own.
"""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache

import cv2
import numpy as np
from PIL import Image, ImageDraw, ImageFont

from ocr.engine import checked_picture, holds
from ocr.layout import in_reading_order
from timeline.model import Box, Line, Picture, Word

LATIN = "/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf"
CHINESE = "/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc"
SIZE_PX = 14
PITCH_PX = 22  # from line to line
PAD_PX = 16  # between a window's edge and its text: lines of two windows never become one
WORD_GAP_PX = 14  # ink so near belongs to the same line
DOT_GAP_PX = 2  # between the dot of an i and its stem
LEAST_PX = 6  # of a line's height; what an edge leaves of a line may be less, and is none
CONTEXT_PX = 16  # that the engine sees around a part
WHITE, CREAM, NIGHT = (255, 255, 255), (236, 246, 250), (30, 30, 30)  # BGR
BLACK, LIGHT, GREY = (0, 0, 0), (231, 230, 232), (180, 181, 183)
INKS = (BLACK, LIGHT, GREY)


@lru_cache(maxsize=4096)
def text_mask(text: str, size_px: int = SIZE_PX) -> np.ndarray[tuple[int, int], np.dtype[np.bool_]]:
    """Return the ink of a text, cropped to it, without grey edges."""
    font = ImageFont.truetype(CHINESE if any(ord(letter) > 0x2E80 for letter in text) else LATIN, size_px)
    image = Image.new("1", (round(font.getlength(text)) + 2 * size_px, 3 * size_px))
    ImageDraw.Draw(image).text((size_px, size_px), text, fill=1, font=font)
    mask = np.asarray(image)
    rows, columns = np.flatnonzero(mask.any(axis=1)), np.flatnonzero(mask.any(axis=0))
    return mask[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]


@lru_cache(maxsize=4096)
def _rise(text: str, size_px: int = SIZE_PX) -> int:
    """Return how far below the top of its row the ink of a text begins."""
    font = ImageFont.truetype(CHINESE if any(ord(letter) > 0x2E80 for letter in text) else LATIN, size_px)
    return int(font.getbbox(text)[1])


@dataclass(slots=True)
class DrawnEngine:
    """Reads pictures of drawn lines: each shape of ink it was taught is its text, any other a name of its shape."""

    name: str = "drawn"
    inks: Sequence[tuple[int, int, int]] = INKS
    part_gap_px: int = WORD_GAP_PX
    """How near ink belongs to the same line when a part is read; engines tell lines apart by what they see around."""
    context_px: int = CONTEXT_PX
    asked: list[Box | None] = field(default_factory=list)
    """The parts that were read, in order; None is a whole picture."""
    read_lines: list[str] = field(default_factory=list)
    _known: dict[bytes, str] = field(default_factory=dict)

    def learn(self, *texts: str) -> None:
        """Learn what lines look like."""
        for text in filter(None, texts):
            self._known[_shape(text_mask(text))] = text

    def clear(self) -> None:
        """Forget what was asked so far."""
        self.asked.clear()
        self.read_lines.clear()

    def read(self, picture: Picture, part: Box | None = None) -> list[Line]:
        """Return the lines of a picture in reading order, or those of a part, of which it sees a little around."""
        self.asked.append(part)
        lines = self._lines(checked_picture(picture), part)
        self.read_lines += [line.text for line in lines]
        return lines

    def _lines(self, picture: Picture, part: Box | None) -> list[Line]:
        height, width = picture.shape[:2]
        seen = Box(0, 0, width, height)
        if part is not None:
            seen = Box(
                max(0, part.x0 - self.context_px),
                max(0, part.y0 - self.context_px),
                min(width, part.x1 + self.context_px),
                min(height, part.y1 + self.context_px),
            )
        gap_px = WORD_GAP_PX if part is None else self.part_gap_px
        crop = picture[seen.y0 : seen.y1, seen.x0 : seen.x1]
        ink = np.any([np.all(crop == colour, axis=2) for colour in self.inks], axis=0)
        boxes = [box for box in _runs(ink, gap_px) if box.height >= LEAST_PX]
        lines = [self._line(ink[box.y0 : box.y1, box.x0 : box.x1], box.shifted(seen.x0, seen.y0)) for box in boxes]
        return in_reading_order([line for line in lines if holds(part, line.box)])

    def _line(self, ink: np.ndarray[tuple[int, int], np.dtype[np.bool_]], box: Box) -> Line:
        shape = _shape(ink)
        text = self._known.get(shape, f"shape {zlib.crc32(shape):08x}")
        return Line(text, box, 0.99, (Word(text, box),))


def _runs(ink: np.ndarray[tuple[int, int], np.dtype[np.bool_]], gap_px: int) -> list[Box]:
    """Return the boxes of what stands together."""
    kernel = np.ones((DOT_GAP_PX + 1, gap_px + 1), np.uint8)
    _, labels = cv2.connectedComponents(cv2.dilate(ink.astype(np.uint8), kernel))
    boxes = []
    for label in np.unique(labels[ink]):
        ys, xs = np.nonzero((labels == label) & ink)
        boxes.append(Box(int(xs.min()), int(ys.min()), int(xs.max()) + 1, int(ys.max()) + 1))
    return boxes


def _shape(ink: np.ndarray[tuple[int, int], np.dtype[np.bool_]]) -> bytes:
    return repr(ink.shape).encode() + np.packbits(ink).tobytes()


@dataclass(slots=True)
class DrawnWindow:
    """A window of lines; it scrolls, and cuts what does not fit."""

    place: Box
    lines: list[str]
    paper: tuple[int, int, int] = WHITE
    ink: tuple[int, int, int] = BLACK
    scrolled_px: int = 0
    aside_px: int = 0
    pitch_px: int = PITCH_PX
    frame: tuple[int, int, int] | None = (150, 140, 130)

    def draw(self, picture: Picture) -> None:
        """Draw the window over the picture."""
        place = self.place
        whole = np.empty((place.height, place.width, 3), np.uint8)
        whole[:] = self.paper
        inside = whole[PAD_PX:-PAD_PX, PAD_PX:-PAD_PX]
        for number, text in enumerate(self.lines):
            y = number * self.pitch_px - self.scrolled_px
            if text and -self.pitch_px < y < inside.shape[0]:
                write(inside, text, -self.aside_px, y, self.ink)
        if self.frame is not None:
            whole[0, :] = whole[-1, :] = self.frame
            whole[:, 0] = whole[:, -1] = self.frame
        paste(picture, whole, place.x0, place.y0)


def write(picture: Picture, text: str, x: int, y: int, ink: tuple[int, int, int] = BLACK) -> None:
    """Write a line into the picture; what does not fit is cut off."""
    mask = text_mask(text)
    y += _rise(text)
    height, width = picture.shape[:2]
    inside = mask[max(0, -y) : max(0, height - y), max(0, -x) : max(0, width - x)]
    if inside.size:
        picture[max(0, y) :, max(0, x) :][: inside.shape[0], : inside.shape[1]][inside] = ink


def paste(picture: Picture, part: Picture, x: int, y: int) -> None:
    """Lay a picture over another; what does not fit is cut off."""
    height, width = picture.shape[:2]
    inside = part[max(0, -y) : max(0, height - y), max(0, -x) : max(0, width - x)]
    picture[max(0, y) :, max(0, x) :][: inside.shape[0], : inside.shape[1]] = inside


def drawn(
    windows: list[DrawnWindow], width: int = 640, height: int = 400, desk: tuple[int, int, int] = (120, 90, 60)
) -> Picture:
    """Return a picture of windows, the last on top."""
    picture = np.empty((height, width, 3), np.uint8)
    picture[:] = desk
    for window in windows:
        window.draw(picture)
    return picture
