"""faster-paddle: what is done for lines whose boxes are not exact."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont

from ocr.faster_paddle import FasterPaddleEngine, check_installed
from ocr.picture_file import load_picture
from timeline.errors import PartMissing
from timeline.model import Picture

PICTURES = Path(__file__).parent / "pictures"
LATIN = Path("/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf")


@pytest.fixture(scope="module")
def engine() -> FasterPaddleEngine:
    """The engine, loaded once."""
    return FasterPaddleEngine()


def test_the_last_mark_of_a_line_is_read(engine: FasterPaddleEngine) -> None:
    """A full stop that detection left out is found in the ink beside the box, and the line read again."""
    assert engine.read(load_picture(PICTURES / "english.png"))[2].text.endswith("pier four.")


def test_identifiers_keep_their_underscores(engine: FasterPaddleEngine) -> None:
    """Underscores stand where their strokes are, though no character's place is known."""
    assert "self._page_cache[page_number]" in engine.read(load_picture(PICTURES / "code.png"))[1].text


def test_a_page_of_many_screens_is_read_to_its_end(engine: FasterPaddleEngine) -> None:
    """A picture of 4,000 rows is read band by band, each line once."""
    page = load_picture(PICTURES / "english.png")
    tall = np.full((4000, page.shape[1], 3), 255, np.uint8)
    places = range(0, 4000 - page.shape[0], 2 * page.shape[0])
    for y in places:
        tall[y : y + page.shape[0]] = page
    starts = [line.text.split()[0] for line in engine.read(tall)]
    assert starts == ["The", "Please", "Boats"] * len(places)


def test_cells_of_a_table_are_lines_of_their_own(engine: FasterPaddleEngine) -> None:
    """No line reaches over an upright rule between two cells."""
    lines = engine.read(_table(["Harbour", "Tuesday", "Eleven"]))
    assert [line.text for line in lines] == ["Harbour", "Tuesday", "Eleven"]


def test_without_its_package_the_line_to_run_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """The reason names the package."""
    monkeypatch.setattr("importlib.util.find_spec", lambda _: None)
    with pytest.raises(PartMissing, match="pip install faster-paddle"):
        check_installed()


def _table(cells: list[str]) -> Picture:
    """Return one row of a table, its cells close together and parted by rules of one pixel."""
    image = Image.new("RGB", (80 * len(cells) + 60, 60), "white")
    draw, font = ImageDraw.Draw(image), ImageFont.truetype(LATIN, 14)
    for place, text in enumerate(cells):
        left = 30 + 72 * place
        draw.rectangle((left, 16, left + 72, 44), outline="black")
        draw.text((left + 6, 21), text, fill="black", font=font)
    return np.ascontiguousarray(np.asarray(image)[:, :, ::-1])
