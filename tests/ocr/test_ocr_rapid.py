"""The default engine: its models, its silence, and what it mends."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from ocr.picture_file import load_picture
from ocr.rapid import RapidEngine, models_folder

PICTURES = Path(__file__).parent / "pictures"


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
