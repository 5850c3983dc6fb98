"""What every engine must do, run against each one that can run on this system."""

from __future__ import annotations

import logging
import os
import re
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont

from ocr.engine import Engine, holds
from ocr.engines import FIGURES, choose_engine
from ocr.picture_file import load_picture
from timeline.model import Box, Line, Picture

PICTURES = Path(__file__).parent / "pictures"
ENGLISH = [
    "The harbour office opens at nine on weekdays.",
    "Please bring the signed permit and two photographs.",
    "Boats longer than twelve metres moor at pier four.",
]
LATIN = Path("/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf")
COLOURS = [("#e6e6e6", "#1e1e1e"), ("#9cdcfe", "#1e1e1e"), ("#0645ad", "#ffffff"), ("#c0392b", "#fff8dc")]
WRITES = re.compile(r'(?:openat\([^"]*"(?P<opened>[^"]*)", [^)]*(?:O_WRONLY|O_RDWR|O_CREAT)|mkdir\("(?P<made>[^"]*)")')


@pytest.fixture(scope="module", params=FIGURES)
def engine(request: pytest.FixtureRequest) -> Engine:
    """Each engine, loaded once."""
    return choose_engine(request.param)


@pytest.fixture(scope="module")
def english() -> Picture:
    """Three lines of English."""
    return load_picture(PICTURES / "english.png")


@pytest.fixture(scope="module")
def mixed() -> Picture:
    """Two lines of Chinese with Latin words in them."""
    return load_picture(PICTURES / "mixed.png")


def test_a_picture_without_text_has_no_lines(engine: Engine) -> None:
    """An even surface is read as nothing."""
    assert engine.read(np.full((200, 400, 3), 240, np.uint8)) == []


@pytest.mark.parametrize("shape", [(1, 1, 3), (3, 900, 3), (900, 2, 3), (0, 0, 3)])
def test_a_tiny_picture_has_no_lines(engine: Engine, shape: tuple[int, int, int]) -> None:
    """A picture too small for a character is read as nothing, without an error."""
    assert engine.read(np.zeros(shape, np.uint8)) == []


def test_lines_come_in_reading_order(engine: Engine, english: Picture) -> None:
    """The page is read word for word, from top to bottom."""
    assert [line.text for line in engine.read(english)] == ENGLISH


def test_chinese_is_read_without_spaces(engine: Engine) -> None:
    """A Chinese line has no white space in it."""
    lines = engine.read(load_picture(PICTURES / "chinese.png"))
    assert lines[1].text == "请携带签字的许可证和两张照片。"


def test_words_end_at_white_space_and_between_scripts(engine: Engine, mixed: Picture) -> None:
    """A Chinese run is one word, and so is the Latin word beside it."""
    words = [[word.text for word in line.words] for line in engine.read(mixed)]
    assert words == [
        ["请用", "Firefox", "打开", "harbour.example", "网站"],
        ["在终端中运行", "make", "install", "命令"],
    ]


def test_punctuation_stays_on_its_word(engine: Engine, english: Picture) -> None:
    """The full stop belongs to the last word."""
    assert engine.read(english)[0].words[-1].text == "weekdays."


def test_boxes_lie_inside_the_picture(engine: Engine, english: Picture) -> None:
    """No box is empty or reaches over an edge, also where text is cut off by the edge."""
    height, width = 100, 500
    for line in engine.read(np.ascontiguousarray(english[28 : 28 + height, 40 : 40 + width])):
        for box in (line.box, *(word.box for word in line.words)):
            assert 0 <= box.x0 < box.x1 <= width
            assert 0 <= box.y0 < box.y1 <= height


def test_a_line_holds_its_words(engine: Engine, english: Picture) -> None:
    """The boxes of the words, in order, make up the box of the line."""
    for line in engine.read(english):
        assert [word.box.x0 for word in line.words] == sorted(word.box.x0 for word in line.words)
        assert line.words[0].box.union(line.words[-1].box).width == line.box.width


def test_a_word_box_frames_its_ink(engine: Engine, english: Picture) -> None:
    """The first word is framed within 3 pixels."""
    box = engine.read(english)[0].words[0].box
    expected = Box(24, 23, 57, 36)
    assert max(abs(a - b) for a, b in zip(_sides(box), _sides(expected), strict=True)) <= 3


def test_confidence_lies_between_nought_and_one(engine: Engine, mixed: Picture) -> None:
    """Confidence is a share, whatever the engine counts in."""
    assert all(0 < line.confidence <= 1 for line in engine.read(mixed))


def test_reading_is_deterministic(engine: Engine, mixed: Picture) -> None:
    """The same picture gives the same lines."""
    assert engine.read(mixed) == engine.read(mixed)


def test_a_view_of_a_larger_picture_is_read(engine: Engine, english: Picture) -> None:
    """An array that is not contiguous is read as its copy would be."""
    view = english[:, :600]
    assert not view.flags.c_contiguous
    assert engine.read(view) == engine.read(np.ascontiguousarray(view))


def test_a_picture_is_not_changed(engine: Engine, english: Picture) -> None:
    """Reading leaves the pixels as they were."""
    before = english.copy()
    engine.read(english)
    assert np.array_equal(before, english)


@pytest.mark.parametrize(
    "picture", [np.zeros((40, 40), np.uint8), np.zeros((40, 40, 4), np.uint8), np.zeros((40, 40, 3))]
)
def test_what_is_no_picture_is_refused(engine: Engine, picture: Picture) -> None:
    """Grey, BGRA and floating point arrays are mistakes of the caller."""
    with pytest.raises(ValueError, match="BGR uint8"):
        engine.read(picture)


def test_nothing_that_was_read_is_logged(
    engine: Engine, english: Picture, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    """Neither the log nor the terminal shows a word of the screen."""
    with caplog.at_level(logging.DEBUG):
        engine.read(english)
    shown = capfd.readouterr()
    assert not any("harbour" in text for text in (caplog.text, shown.out, shown.err))


@pytest.mark.parametrize("part", [Box(0, 50, 700, 90), Box(0, 20, 700, 90), Box(10, 5, 600, 145)])
def test_a_part_is_read_as_it_is_in_the_whole(engine: Engine, english: Picture, part: Box) -> None:
    """The lines whose centre lies in the part come out, word for word, where they are in the whole picture."""
    height, width = english.shape[:2]
    part = Box(part.x0, part.y0, min(part.x1, width), min(part.y1, height))
    expected = [line for line in engine.read(english) if holds(part, line.box)]
    found = engine.read(english, part)
    assert [line.text for line in found] == [line.text for line in expected]
    for line, other in zip(found, expected, strict=True):
        assert max(abs(a - b) for a, b in zip(_sides(line.box), _sides(other.box), strict=True)) <= 2


def test_an_empty_part_has_no_lines(engine: Engine, english: Picture) -> None:
    """Of a part in which no line has its centre, nothing is told, whatever stands around it."""
    assert engine.read(english, Box(0, 0, english.shape[1], 8)) == []


def test_the_whole_picture_as_a_part_is_the_whole_picture(engine: Engine, mixed: Picture) -> None:
    """A part that is as large as the picture has all its lines."""
    height, width = mixed.shape[:2]
    assert [line.text for line in engine.read(mixed, Box(0, 0, width, height))] == _texts(engine.read(mixed))


def test_two_parts_hold_each_line_once(engine: Engine, english: Picture) -> None:
    """Parts that share a border, between two lines, together have the lines of the whole."""
    height, width = english.shape[:2]
    first, second = (line.box for line in engine.read(english)[:2])
    border = (first.y1 + second.y0) // 2
    parts = (Box(0, 0, width, border), Box(0, border, width, height))
    assert [text for part in parts for text in _texts(engine.read(english, part))] == ENGLISH


def test_reading_a_part_changes_no_pixel(engine: Engine, english: Picture) -> None:
    """Neither the part nor what is around it is written to."""
    before = english.copy()
    engine.read(english, Box(10, 20, 300, 60))
    assert np.array_equal(before, english)


def test_the_words_hold_all_that_the_line_holds(engine: Engine, english: Picture, mixed: Picture) -> None:
    """Joined, the words are the text of the line but for its white space."""
    lines = [*engine.read(english), *engine.read(mixed)]
    assert ["".join(word.text for word in line.words) for line in lines] == [
        "".join(line.text.split()) for line in lines
    ]


def test_a_word_lies_inside_its_line(engine: Engine, english: Picture, mixed: Picture) -> None:
    """No word's box reaches over the box of its line."""
    for line in [*engine.read(english), *engine.read(mixed)]:
        assert all(word.box.union(line.box) == line.box for word in line.words)


@pytest.mark.parametrize(("ink", "paper"), COLOURS, ids=["dark", "blue on dark", "link", "red on cream"])
def test_coloured_and_light_text_is_read(engine: Engine, ink: str, paper: str) -> None:
    """Light on dark, links and coloured text are read word for word."""
    assert [line.text for line in engine.read(_drawn(16, ink, paper))] == ENGLISH


@pytest.mark.parametrize("size_px", [28, 32], ids=["scale 2", "scale 2, large"])
def test_a_screen_of_scale_two_is_read(engine: Engine, size_px: int) -> None:
    """Letters twice as large are read word for word."""
    assert [line.text for line in engine.read(_drawn(size_px))] == ENGLISH


@pytest.mark.parametrize("size_px", [11, 12, 13])
def test_small_print_is_read(engine: Engine, size_px: int) -> None:
    """Of letters of the smallest usual sizes nine words in ten are right."""
    words = [word for line in engine.read(_drawn(size_px)) for word in line.text.split()]
    assert len(set(words) & set(_words(ENGLISH))) >= 0.9 * len(_words(ENGLISH))


def test_a_large_screen_is_read_without_cutting_lines(engine: Engine) -> None:
    """Of three columns on 3840 x 2160 pixels every line is found once, from its first word to its last."""
    picture = np.full((2160, 3840, 3), 255, np.uint8)
    lines = _drawn(20)
    places = [(x, y) for x in (40, 1300, 2560) for y in range(20, 2160 - lines.shape[0], 160)]
    for x, y in places:
        picture[y : y + lines.shape[0], x : x + lines.shape[1]] = lines
    ends = [(line.words[0].text, line.words[-1].text.rstrip(".")) for line in engine.read(picture)]
    assert ends == [(line.split()[0], line.split()[-1].rstrip(".")) for line in ENGLISH] * len(places)


def test_no_program_is_left_running(engine: Engine, english: Picture) -> None:
    """What an engine starts has ended when the lines are there."""
    engine.read(english)
    assert [path.read_text() for path in Path("/proc/self/task").glob("*/children") if path.read_text()] == []


@pytest.mark.parametrize("name", FIGURES)
def test_nothing_is_sent_or_kept(name: str, tmp_path: Path) -> None:
    """Loading and reading connect to nothing, and write to nothing but the folder for temporary files, left empty."""
    temporary, trace = tmp_path / "temporary", tmp_path / "trace"
    temporary.mkdir()
    program = (
        "from pathlib import Path\nfrom ocr.engines import choose_engine\nfrom ocr.picture_file import load_picture\n"
        f"assert choose_engine({name!r}).read(load_picture(Path({str(PICTURES / 'english.png')!r})))"
    )
    calls = "trace=openat,creat,mkdir,connect"
    environment = {
        **os.environ,
        "HOME": str(tmp_path / "home"),
        "TMPDIR": str(temporary),
        "PYTHONDONTWRITEBYTECODE": "1",
    }
    subprocess.run(
        ["strace", "-f", "--seccomp-bpf", "-qq", "-e", calls, "-o", trace, sys.executable, "-c", program],
        env=environment,
        cwd=Path(__file__).parents[2],
        check=True,
        timeout=120,
    )
    seen = trace.read_text()
    written = {found["opened"] or found["made"] for found in WRITES.finditer(seen)}
    assert {path for path in written if not path.startswith((str(temporary), "/dev/", "/proc/"))} == set()
    assert "AF_INET" not in seen
    assert list(temporary.iterdir()) == []


def _texts(lines: list[Line]) -> list[str]:
    return [line.text for line in lines]


def _words(lines: list[str]) -> list[str]:
    return [word for line in lines for word in line.split()]


def _drawn(size_px: int, ink: str = "black", paper: str = "white") -> Picture:
    """Return a picture of the English lines in letters of that size."""
    font = ImageFont.truetype(LATIN, size_px)
    image = Image.new("RGB", (round(size_px * 32), size_px * 2 * len(ENGLISH) + size_px), paper)
    for place, text in enumerate(ENGLISH):
        ImageDraw.Draw(image).text((size_px, size_px * (2 * place + 0.7)), text, fill=ink, font=font)
    return np.ascontiguousarray(np.asarray(image)[:, :, ::-1])


def _sides(box: Box) -> tuple[int, int, int, int]:
    return box.x0, box.y0, box.x1, box.y1
