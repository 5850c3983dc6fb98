"""A screen recording taken in by the command line: read, found at its time, known the second time."""

from __future__ import annotations

import signal
import time
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont

from tests.support.clips import Making, write_clip
from tests.support.product import Product, wait_until
from timeline.model import Picture

pytestmark = pytest.mark.journey

NAME = "2026-11-22 09-14-03.mp4"
SIZE = (1280, 720)
LINES = (
    "The quarterly churn report goes to finance on Friday",
    "Deployment window of the gateway moved to Thursday night",
    "Invoice 41900 from the printing house is overdue",
)


def slide(text: str) -> Picture:
    """Return a page with one line that is easily read."""
    image = Image.new("RGB", SIZE, "white")
    ImageDraw.Draw(image).text((60, 300), text, font=ImageFont.load_default(36), fill="black")
    return np.ascontiguousarray(np.asarray(image)[:, :, ::-1])


@dataclass(frozen=True, slots=True)
class Memory:
    """A home with one recording in it."""

    product: Product
    clip: Path
    report: Any


@pytest.fixture(scope="module")
def memory(tmp_path_factory: pytest.TempPathFactory) -> Memory:
    """Three slides of three seconds each, and the windows they were shown in."""
    folder = tmp_path_factory.mktemp("video")
    clip = write_clip(folder / NAME, [(slide(text), 3.0) for text in LINES], Making(sound=True))
    (folder / f"{NAME}.windows.jsonl").write_text(
        '{"start": "2026-11-22T09:14:06", "end": "2026-11-22T09:14:09", "app": "Slides", "title": "Operations"}\n'
    )
    product = Product(folder / "home")
    return Memory(product, clip, product.data("import", str(clip)))


def test_each_slide_is_a_frame_and_searchable(memory: Memory) -> None:
    """The command returns when all is read."""
    status = memory.product.status()
    assert memory.report == {"added": 3, "extended": 0, "known": 0}
    assert (status["frames"], status["pending"]) == (3, 0)


def test_a_line_is_found_at_its_time_and_window(memory: Memory) -> None:
    """Three seconds after the recording's start, for three seconds."""
    (found, *_) = memory.product.data("search", "deployment gateway")
    start = datetime.fromisoformat(found["start"])
    assert "Deployment window of the gateway" in found["text"]
    assert (start.hour, start.minute, start.second) == (9, 14, 6)
    assert (found["app"], found["title"]) == ("Slides", "Operations")


def test_the_picture_of_a_time_can_be_had(memory: Memory, tmp_path: Path) -> None:
    """From the segment: the spool was emptied when the frame was read."""
    memory.product.data("frame", "2026-11-22T09:14:07", "--out", str(tmp_path / "a.png"))
    with Image.open(tmp_path / "a.png") as picture:
        shown = np.asarray(picture.convert("RGB"))[:, :, ::-1].astype(np.int16)
    assert np.abs(shown - slide(LINES[1])).mean() < 6  # what writing the clip costs, and the segment


def test_a_second_import_adds_nothing(memory: Memory) -> None:
    """Known by its content and time."""
    assert memory.product.data("import", str(memory.clip)) == {"added": 0, "extended": 0, "known": 1}


def test_a_file_that_is_no_video_is_one_sentence(memory: Memory, tmp_path: Path) -> None:
    """Exit code 5, no traceback."""
    (tmp_path / "a.mp4").write_text("no video")
    done = memory.product.run("import", str(tmp_path / "a.mp4"))
    assert done.returncode == 5
    assert "Traceback" not in done.stderr


def test_an_interrupted_import_goes_on(memory: Memory, tmp_path: Path) -> None:
    """Ctrl-C ends it with 130; the next import takes in the rest and no frame twice."""
    clip = write_clip(tmp_path / "2026-11-23 10-00-00.mp4", [(slide(f"number {n} of many"), 1.0) for n in range(40)])
    product = Product(tmp_path / "home")
    importing = product.start("import", "--no-wait", str(clip))
    wait_until(lambda: product.frames() > 0 or importing.poll() is not None, 60, "nothing was taken in")
    importing.send_signal(signal.SIGINT)
    told_at = time.monotonic()
    assert importing.wait(30) in (130, 0)
    assert time.monotonic() - told_at < 10
    product.run("import", "--no-wait", str(clip))
    assert product.frames() == 40
