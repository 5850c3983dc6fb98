"""The default engine: its models, its silence, and what it mends."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont

from ocr.picture_file import load_picture
from ocr.rapid import RapidEngine, models_folder
from timeline.model import Box, Line, Picture

PICTURES = Path(__file__).parent / "pictures"
TITLES = ["my secret notes", "markerax number 0", "garden music plan", "summer fire from"]


@pytest.fixture(scope="module")
def engine() -> RapidEngine:
    """The engine, loaded once."""
    return RapidEngine()


def test_the_models_come_with_a_package() -> None:
    """Detection, recognition and its characters are files of an installed wheel."""
    folder = models_folder()
    files = ("tiny/det/det.onnx", "tiny/rec/rec.onnx", "ppocrv6_tiny_dict.txt")
    assert all((folder / name).is_file() for name in files)


def test_identifiers_keep_their_underscores(engine: RapidEngine) -> None:
    """Underscores stand where their strokes are, single, double and at the start."""
    lines = [line.text for line in engine.read(load_picture(PICTURES / "code.png"))]
    assert "self._page_cache[page_number]" in lines[1]
    assert lines[2] == "__version__ = make_version()"


@pytest.mark.parametrize("size_px", [10, 11, 12, 14])
@pytest.mark.parametrize(("ink", "paper"), [("black", "white"), ("white", "#5890c9")], ids=["page", "title bar"])
def test_small_proportional_text_is_read_without_false_spaces(
    engine: RapidEngine, size_px: int, ink: str, paper: str
) -> None:
    """The gaps between the letters of small titles, two pixels wide, are no spaces."""
    lines = engine.read(_drawn(TITLES, size_px, ink, paper))
    assert [_word_lengths(line.text) for line in lines] == [_word_lengths(title) for title in TITLES]


def test_a_line_is_recognised_once_wherever_it_stands(monkeypatch: pytest.MonkeyPatch) -> None:
    """The same pixels at another place are the same text, in a box of its own."""
    engine, recognised = RapidEngine(), 0
    recognise = engine._recognise

    def counted(pixels: Picture) -> Line | None:
        nonlocal recognised
        recognised += 1
        return recognise(pixels)

    monkeypatch.setattr(engine, "_recognise", counted)
    page = _drawn(["user@host:~/notes$ make test", "user@host:~/notes$ make test"], 14, "black", "white")
    first, second = (engine._read_line(page, Box(15, 16 + 40 * row, 300, 40 + 40 * row)) for row in range(2))
    assert first is not None
    assert (recognised, second) == (1, first.shifted(0, 40))


def test_a_page_of_many_screens_is_read_to_its_end(engine: RapidEngine) -> None:
    """A picture of 4,000 rows is not scaled down: its small print is read at the top and at the bottom."""
    page = load_picture(PICTURES / "english.png")
    tall = np.full((4000, page.shape[1], 3), 255, np.uint8)
    tall[: page.shape[0]] = page
    tall[-page.shape[0] :] = page
    lines = [line.text for line in engine.read(tall)]
    assert lines[0] == lines[3] == "The harbour office opens at nine on weekdays."


def test_reading_needs_no_network() -> None:
    """With every connection forbidden, the engine loads and reads."""
    program = """
import socket
def refuse(*arguments):
    raise AssertionError("a connection was opened")
socket.socket.connect = refuse
socket.getaddrinfo = refuse
import numpy as np
from ocr.rapid import RapidEngine
assert RapidEngine().read(np.full((64, 256, 3), 255, np.uint8)) == []
"""
    ended = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert (ended.returncode, ended.stdout, ended.stderr) == (0, "", "")


def test_reading_leaves_nothing_in_the_users_home(tmp_path: Path) -> None:
    """onnxruntime keeps an id of the device in the user's cache unless it is told not to report."""
    script = (
        "import numpy as np\nfrom ocr.rapid import RapidEngine\n"
        "RapidEngine().read(np.full((64, 64, 3), 255, dtype=np.uint8))"
    )
    environment = {**os.environ, "HOME": str(tmp_path), "XDG_CACHE_HOME": str(tmp_path / "cache")}
    environment.pop("ORT_DISABLE_TELEMETRY", None)
    subprocess.run(
        [sys.executable, "-c", script], env=environment, check=True, timeout=120, cwd=Path(__file__).parents[2]
    )
    assert list(tmp_path.rglob("*")) == []


def _word_lengths(text: str) -> list[int]:
    """Return where a text has its spaces, whichever letters were read."""
    return [len(word) for word in text.split()]


def _drawn(texts: list[str], size_px: int, ink: str, paper: str) -> Picture:
    """Return a picture with each text on a line of its own, in Pillow's own font."""
    image = Image.new("RGB", (400, 20 + 40 * len(texts)), paper)
    font = ImageFont.load_default(size_px)
    for place, text in enumerate(texts):
        ImageDraw.Draw(image).text((20, 20 + 40 * place), text, fill=ink, font=font)
    return np.ascontiguousarray(np.asarray(image)[:, :, ::-1])
