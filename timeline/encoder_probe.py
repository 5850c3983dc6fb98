"""Whether the encoder of a graphics card may write segments: it is tried on text before the first frame is recorded.

Owns the choice behind `recorder.encoder` and what an encoder must prove.  A process of its own tries it, since a driver
may crash or hang.  Called by the recorder's process, as `python -m timeline.encoder_probe NAME` by itself.

An encoder is good when every packet leaves at once, with its own time, a key frame stands at every GOP, and, against
libx264 on the same pictures, no part of one is less legible and the bytes are not many more.
"""

from __future__ import annotations

import logging
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import cast

import numpy as np
from numpy.typing import NDArray

from timeline.clock import SECOND_US
from timeline.encoders import CARDS, CRF, X264, Codec
from timeline.errors import DayreelError
from timeline.keys import KEY_BYTES
from timeline.model import Picture
from timeline.segment_file import SegmentInput
from timeline.video import SegmentReader, SegmentWriter

PROBE_S = 30.0  # a card that takes longer for a dozen pictures is no help; libx264 takes one second
WORST_LOSS_DB = 1.5  # of PSNR in the worst tile, against libx264: two steps of its quantiser
MOST_BYTES = 2.0  # times those of libx264, which without its search for scrolled pages takes as many
_GOP = 10  # of the trial: a dozen pictures then show whether key frames come when they should
_SIZE = (1280, 720)  # width, height; the smallest cards take 4096 a side
_TILE_PX = 80  # some words of a line
_CELL = (16, 8)  # of a letter, height and width in pixels
_SECRET = bytes(KEY_BYTES)  # hides nothing: the pictures are made up here

log = logging.getLogger(__name__)


def choose_codec(choice: str) -> Codec:
    """Return the codec of `recorder.encoder`: libx264, or with "auto" the first card's that proves good."""
    if choice != "auto":
        return X264
    for codec in CARDS:
        flaw = _flaw_elsewhere(codec)
        if not flaw:
            log.info("the graphics card encodes: %s", codec.name)
            return codec
        log.debug("%s: %s", codec.name, flaw)
    log.info("no encoder of a graphics card was found good: libx264 encodes")
    return X264


def flaw_of(codec: Codec) -> str:
    """Return why a codec may not write segments, '' when it may."""
    pictures = pages(_GOP + 2)
    its = _tried(codec, pictures)
    if isinstance(its, str):
        return its
    ours = _tried(X264, pictures)
    if isinstance(ours, str):
        return f"nor does libx264: {ours}"
    if any(after <= before for before, after in pairwise(its.grown)):
        return "a packet does not leave at once"
    if its.times != ours.times:
        return "frames are lost or have other times"
    if any(after - before > _GOP for before, after in pairwise((-1, *its.keys, len(pictures)))):
        return "there is no key frame at every GOP"
    if its.worst_db < ours.worst_db - WORST_LOSS_DB:
        return f"a part of a picture is {ours.worst_db - its.worst_db:.1f} dB worse"
    if its.grown[-1] > MOST_BYTES * ours.grown[-1]:
        return f"{its.grown[-1] / ours.grown[-1]:.1f} times the bytes"
    return ""


@dataclass(frozen=True, slots=True)
class _Trial:
    """What became of the pictures: the file's length after each, times, key frames' numbers, the worst tile's PSNR."""

    grown: tuple[int, ...]
    times: tuple[int, ...]
    keys: tuple[int, ...]
    worst_db: float


def _tried(codec: Codec, pictures: list[Picture]) -> _Trial | str:
    """Encode and decode pictures as the recorder would; return what came of it, or why nothing did."""
    width, height = _SIZE
    with tempfile.TemporaryDirectory(prefix="dayreel-probe-") as folder:
        path = Path(folder) / "probe.mp4.sealed"
        try:
            grown = []
            with SegmentWriter.create(path, _SECRET, width, height, 0, CRF, _GOP, codec) as writer:
                for number, picture in enumerate(pictures):
                    writer.write(picture, number * SECOND_US)
                    grown.append(writer.size_bytes)
            with SegmentInput(path, _SECRET) as source:
                packets = source.packets()
            with SegmentReader(path, _SECRET, width, height) as reader:
                worst_db = min(
                    _worst_db(picture, reader.picture(number * SECOND_US)) for number, picture in enumerate(pictures)
                )
        except (DayreelError, OSError, ValueError) as error:
            return f"it does not encode ({type(error.__cause__ or error).__name__})"
    keys = tuple(number for number, (_, is_key) in enumerate(packets) if is_key)
    return _Trial(tuple(grown), tuple(pts_us for pts_us, _ in packets), keys, worst_db)


def _flaw_elsewhere(codec: Codec) -> str:
    command = [sys.executable, "-m", "timeline.encoder_probe", codec.name]
    folder = Path(__file__).parents[1]
    try:
        done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=PROBE_S, check=False)
    except subprocess.TimeoutExpired:
        return "it takes too long"
    return done.stdout.strip() if done.returncode == 0 else "it crashes"


def pages(count: int) -> list[Picture]:
    """Return pictures such as a screen shows while somebody types, scrolls, turns to a dark page; always the same."""
    rng = np.random.default_rng(4711)
    glyphs = _glyphs(rng)
    rows, columns = _SIZE[1] // _CELL[0], _SIZE[0] // _CELL[1]
    text = rng.integers(0, len(glyphs), (rows, columns))
    text[rng.random(text.shape) < 0.2] = -1  # the spaces between words
    for row, end in enumerate(rng.integers(columns // 3, columns, rows)):
        text[row, end:] = -1
    made = []
    for number in range(count):
        text[rows // 2, 8 * number : 8 * number + 7] = rng.integers(0, len(glyphs), 7)  # a word is typed
        scrolled = np.roll(text, -3, axis=0) if number % 4 == 3 else text
        made.append(_page(glyphs, scrolled, dark=number % 6 == 5))
    return made


def _glyphs(rng: np.random.Generator) -> NDArray[np.uint8]:
    """Return 40 letters of strokes one pixel thin, uint8 (40, height, width of a cell), 1 where ink is."""
    glyphs = np.zeros((40, *_CELL), np.uint8)
    for glyph in glyphs:
        for x_px in rng.integers(0, 6, 2):
            glyph[rng.integers(0, 4) : rng.integers(7, 11), x_px] = 1
        for y_px in rng.integers(0, 10, 2):
            glyph[y_px, 0:6] = 1
    return glyphs


def _page(glyphs: NDArray[np.uint8], text: NDArray[np.int64], *, dark: bool) -> Picture:
    ink = np.where((text >= 0)[:, :, None, None], glyphs[text], 0).transpose(0, 2, 1, 3)
    ink = ink.reshape(ink.shape[0] * ink.shape[1], -1)
    width, height = _SIZE
    page = np.zeros((height, width), np.uint8)
    page[: ink.shape[0], : ink.shape[1]] = ink[:height, :width]
    paper, letters = ((32, 28, 24), (210, 215, 220)) if dark else ((255, 252, 248), (60, 30, 20))
    picture = np.where(page[:, :, None] == 1, np.array(letters, np.uint8), np.array(paper, np.uint8))
    return cast("Picture", np.ascontiguousarray(picture))


def _worst_db(one: Picture, other: Picture) -> float:
    """Return the PSNR of the tile that differs most, in decibels."""
    square = ((one.astype(np.float32) - other) ** 2).mean(axis=2)
    height, width = (side - side % _TILE_PX for side in square.shape)
    tiles = square[:height, :width].reshape(height // _TILE_PX, _TILE_PX, width // _TILE_PX, _TILE_PX)
    return float(10 * np.log10(255**2 / max(1e-3, float(tiles.mean(axis=(1, 3)).max()))))


if __name__ == "__main__":
    sys.stdout.write(flaw_of(next(codec for codec in CARDS if codec.name == sys.argv[1])))
