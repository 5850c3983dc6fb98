"""faster-paddle: PP-OCRv6 tiny in Rust with its own ONNX Runtime, all of it inside one wheel (MIT).

The only file that imports faster_paddle.  It finds and reads lines in one step and tells where each line stands, not
where its characters do: those are spread over the line by its ink (`ocr.spread`), so boxes of words are a little less
exact than RapidOCR's.  A line whose box leaves out its outer marks, or reaches over the borders of a table, is read a
second time, by itself.  Never downloads (only its "medium" model would), uses one thread.  Called by `ocr.engines`.
"""

from __future__ import annotations

import importlib.util
from collections.abc import Sequence
from typing import Any

import numpy as np

from ocr.banded import read_in_bands
from ocr.bands import WIDTH
from ocr.pieces import clipped
from ocr.places import exact_places
from ocr.spread import spread
from ocr.words import build_line
from timeline.errors import PartMissing
from timeline.model import Box, Line, Picture

LEAST_CONFIDENCE = 0.5  # of 1; icons and pictures read as text stay below it
ROOM = 2  # pixels above and below a box; in a tighter one an upright stroke of a character looks like a table's border
AROUND = 6  # pixels around a line that is read by itself; with none nothing is found, with many it falls to pieces
INSTALL = "install it with: pip install faster-paddle"

Found = dict[Box, tuple[str, float]]
"""Text and confidence of each line by its box."""


class FasterPaddleEngine:
    """Reads with faster-paddle; the models are loaded once, here.  Raises PartMissing when it is not installed."""

    name = "faster-paddle"

    def __init__(self) -> None:
        check_installed()
        import faster_paddle

        self._ocr: Any = faster_paddle.OcrEngine(model_size="tiny", threads=1, det_max_side=WIDTH, det_min_side=0)

    def read(self, picture: Picture, part: Box | None = None) -> list[Line]:
        """Return the lines of a picture in reading order, or those of a part of it."""
        return read_in_bands(picture, part, self._read_band)

    def _read_band(self, picture: Picture) -> list[Line]:
        built = [
            build_line(spread(text, picture, place), picture, place, min(1.0, confidence))
            for place, (text, confidence) in self._found(picture).items()
        ]
        return [line for line in built if line is not None]

    def _found(self, picture: Picture) -> Found:
        """Return what is read in a picture, the lines whose boxes are not exact read again."""
        read = self._read_once(picture)
        found: Found = {}
        for box in read:
            roomy = Box(box.x0, max(0, box.y0 - ROOM), box.x1, min(picture.shape[0], box.y1 + ROOM))
            places = exact_places([roomy], picture)
            if [(place.x0, place.x1) for place in places] == [(box.x0, box.x1)]:
                found[box] = read[box]
            else:
                found |= self._read_again(picture, places) or {box: read[box]}
        return found

    def _read_again(self, picture: Picture, places: Sequence[Box]) -> Found:
        """Return what stands at these places, each read by itself; nothing unless each is read as one line."""
        found: Found = {}
        for place in places:
            read = self._read_once(_enlarged(picture, place))
            if len(read) != 1:
                return {}
            found[place] = next(iter(read.values()))
        return found

    def _read_once(self, picture: Picture) -> Found:
        read = self._ocr.ocr(_bitmap(picture))["bounds"].values()
        placed = ((_box(one, picture.shape), one["text"], float(one["confidence"])) for one in read)
        return {box: (text, sure) for box, text, sure in placed if text.strip() and sure >= LEAST_CONFIDENCE}


def check_installed() -> None:
    """Raise PartMissing when faster-paddle is not installed."""
    if importlib.util.find_spec("faster_paddle") is None:
        raise PartMissing(f"The package faster-paddle is not installed; {INSTALL}")


def _enlarged(picture: Picture, place: Box) -> Picture:
    """Return a line twice as large with some of what is around it: detection needs both to find it whole."""
    import cv2

    height, width = picture.shape[:2]
    rows = slice(max(0, place.y0 - AROUND), min(height, place.y1 + AROUND))
    columns = slice(max(0, place.x0 - AROUND), min(width, place.x1 + AROUND))
    return np.asarray(cv2.resize(picture[rows, columns], None, fx=2, fy=2, interpolation=cv2.INTER_CUBIC), np.uint8)


def _box(found: dict[str, Any], shape: tuple[int, ...]) -> Box:
    (x0, y0), (x1, y1) = found["topLeftCoord"], found["bottomRightCoord"]
    return clipped(x0, y0, x1, y1, shape)


def _bitmap(picture: Picture) -> bytes:
    """Return the picture as a BMP file: faster-paddle takes encoded pictures only, and this costs no compression."""
    import cv2

    return cv2.imencode(".bmp", np.ascontiguousarray(picture))[1].tobytes()
