"""Reading only what changed: what is read again, what is carried over, and that both together are a whole reading."""

from __future__ import annotations

import random
from collections.abc import Sequence

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont

from ocr.engine import Engine
from ocr.engines import choose_engine
from ocr.incremental import IncrementalReader, Reading
from tests.support.drawn_screens import (
    BLACK,
    CHINESE,
    CREAM,
    GREY,
    LATIN,
    LIGHT,
    NIGHT,
    WHITE,
    DrawnEngine,
    DrawnWindow,
    drawn,
    paste,
    text_mask,
    write,
)
from timeline.model import Box, Line, Picture

SECOND_US = 1_000_000
LATER_US = 20 * SECOND_US  # nothing is left alone for so long
WHOLE = Box(0, 0, 640, 400)
TEXT = [f"{number} keeper of lamp {number * 37} noted {number * 7919} metres" for number in range(80)]
WORDS = [
    *[
        "harbour",
        "office",
        "opens",
        "nine",
        "weekdays",
        "bring",
        "signed",
        "permit",
        "photographs",
        "boats",
        "longer",
        "twelve",
        "metres",
        "moor",
        "pier",
    ],
    *["if", "else", "return", "}", "{", "x=1", "i+=2", "gauge", "ledger", "港口", "办公室", "打开", "许可证"],
]
SIZES = [(640, 400), (683, 384), (1001, 777)]
DRAWN = [(WHITE, BLACK), (CREAM, BLACK), (NIGHT, LIGHT), (NIGHT, GREY)]


class Screen:
    """One stream of pictures, read in parts by an engine that counts, and whole by another."""

    def __init__(self, *texts: str) -> None:
        self.engine, self.other = DrawnEngine(), DrawnEngine()
        for engine in (self.engine, self.other):
            engine.learn(*texts)
        self.reader = IncrementalReader(self.engine)
        self.at_us = 0

    def show(self, picture: Picture, after_us: int = LATER_US) -> Reading:
        """Read the next picture; what the engine was asked before is forgotten."""
        self.engine.clear()
        self.at_us += after_us
        return self.reader.read(picture, self.at_us)

    def read_again(self, *pictures: Picture) -> list[str]:
        """Show the pictures, each of which is told as if read whole, and return which lines the last one had read.

        Only what was scrolled out so far that it makes no words may be missing: it touches an edge.
        """
        for picture in pictures:
            told, whole = _sorted(self.show(picture).lines), _sorted(self.other.read(picture))
            cut = [one for one in whole if one[0] == 0 or one[2] == picture.shape[0]]
            assert [one for one in told if one not in cut] == [one for one in whole if one not in cut]
            assert all(one in cut or one in whole for one in told)
        return sorted(self.engine.read_lines)


def test_an_equal_picture_is_not_read() -> None:
    """Where nothing changed, the engine is not asked."""
    screen = Screen(*TEXT)
    assert screen.read_again(_page(), _page()) == []
    assert screen.engine.asked == []


def test_a_typed_word_reads_its_line() -> None:
    """The whole line is read again, and no other."""
    before, after = _typed("the keeper"), _typed("the keeper noted")
    assert Screen("the keeper noted", *TEXT).read_again(before, after) == ["the keeper noted"]


def test_a_deleted_letter_reads_its_line() -> None:
    """What is left of the line is read again."""
    assert Screen("the keepe", *TEXT).read_again(_typed("the keeper"), _typed("the keepe")) == ["the keepe"]


def test_a_deleted_word_reads_what_is_left() -> None:
    """Where the last word gave way to paper, the words before it, unchanged as they are, are a line of their own."""
    assert Screen("the", *TEXT).read_again(_typed("the keeper"), _typed("the")) == ["the"]


def test_a_deleted_line_is_gone() -> None:
    """Nothing is read where there is nothing left."""
    assert Screen(*TEXT).read_again(_typed("the keeper"), _typed("")) == []


def test_a_changed_head_reads_the_whole_line() -> None:
    """A line whose end stayed is read from its beginning."""
    before, after = _typed("one keeper of the lamp"), _typed("own keeper of the lamp")
    assert Screen("own keeper of the lamp").read_again(before, after) == ["own keeper of the lamp"]


@pytest.mark.parametrize("scrolled_px", [66, 130, 37, 150, 235])
def test_a_vertical_scroll_reads_what_came_in(scrolled_px: int) -> None:
    """Up or down, what stayed is carried, but for what the edges cut and its neighbours."""
    screen = Screen(*TEXT)
    read = screen.read_again(_page(131), _page(scrolled_px))
    assert len(read) <= abs(131 - scrolled_px) // 22 + 4


@pytest.mark.parametrize("aside_px", [3, 40])
def test_a_horizontal_scroll_carries_what_stayed_whole(aside_px: int) -> None:
    """Lines that no edge cuts are not read when they move aside."""
    lines = [f"{' ' * 24}{text}" for text in TEXT]
    short = [text[: 8 + number % 5] for number, text in enumerate(TEXT)]
    pages = [drawn([DrawnWindow(WHOLE, short, aside_px=px)]) for px in (-60, -60 - aside_px)]
    assert Screen(*short, *lines).read_again(*pages) == []


def test_two_panes_scroll_at_once() -> None:
    """Each pane's lines go with the pane."""
    screen = Screen(*TEXT)
    assert len(screen.read_again(_panes(100, 400), _panes(144, 378))) <= 2 + 1 + 4


def test_a_dragged_window_takes_its_lines_along() -> None:
    """Neither they nor what the window uncovers, known from before, are read again."""
    lamps, ground = [f"lamp {number}" for number in range(8)], [text[:14] for text in TEXT]
    desk, place = DrawnWindow(WHOLE, ground), Box(300, 64, 560, 300)
    window, moved = DrawnWindow(place, lamps), DrawnWindow(place.shifted(16, 37), lamps)
    screen = Screen(*lamps, *ground)
    assert screen.read_again(drawn([desk]), drawn([desk, window]), drawn([desk, moved])) == []


def test_what_a_window_uncovers_is_read() -> None:
    """Lines that were cut by the window are read whole when it is gone, and those it hid are read."""
    screen, window = Screen(*TEXT), DrawnWindow(Box(200, 100, 500, 200), ["a note"])
    read = screen.read_again(drawn([DrawnWindow(WHOLE, TEXT), window]), drawn([DrawnWindow(WHOLE, TEXT)]))
    assert set(TEXT[4:8]) <= set(read)
    assert len(read) <= 7


def test_a_menu_that_closes_gives_back_what_it_hid() -> None:
    """A popup is read once; the page below it is known, also the lines of which a part had stayed to be seen."""
    menu = DrawnWindow(Box(90, 60, 300, 200), ["Open", "Save", "Close"])
    page, opened = DrawnWindow(WHOLE, TEXT), [DrawnWindow(WHOLE, TEXT), menu]
    screen = Screen(*TEXT, "Open", "Save", "Close")
    assert screen.read_again(drawn([page]), drawn(opened), drawn([page])) == []
    assert screen.read_again(drawn(opened)) == []


def test_a_tab_that_is_back_is_not_read() -> None:
    """A page that was read before is known when it shows again."""
    other = drawn([DrawnWindow(WHOLE, TEXT[::-1])])
    assert Screen(*TEXT).read_again(_page(), other, _page(), other) == []


@pytest.mark.parametrize("gap_px", [1, 2, 5, 60])
@pytest.mark.parametrize("top_px", [33, 31])
def test_a_blinking_caret_is_read_twice_at_most(gap_px: int, top_px: int) -> None:
    """Each of its two looks is known from the third blink on."""
    without = _page()
    write(without, "the keeper", 36, 372)
    without[368:] = 255
    write(without, "the keeper", 400, top_px - 1)
    caret = without.copy()
    x = 400 + text_mask("the keeper").shape[1] + gap_px
    caret[top_px : top_px + 14, x : x + 1] = (20, 20, 20)
    screen = Screen("the keeper", *TEXT)
    for picture in (without, caret, without):
        screen.show(picture, SECOND_US // 2)
    for picture in (caret, without, caret):
        assert screen.show(picture, SECOND_US // 2).share == 0


def test_a_switch_to_dark_reads_every_line() -> None:
    """When all pixels change, nothing is carried over."""
    dark = drawn([DrawnWindow(WHOLE, TEXT, NIGHT, LIGHT)])
    screen = Screen(*TEXT)
    assert len(screen.read_again(_page(), dark)) == len(screen.other.read(dark))


@pytest.mark.parametrize("size", SIZES[1:])
def test_another_size_is_read_whole(size: tuple[int, int]) -> None:
    """Pictures of two sizes are not compared."""
    screen = Screen(*TEXT)
    screen.show(_page())
    picture = drawn([DrawnWindow(Box(0, 0, *size), TEXT)], *size)
    assert screen.show(picture).share == 1
    assert screen.engine.asked == [None]


def test_a_scroll_by_half_a_pixel_is_read() -> None:
    """Text that was drawn anew is read anew: no line is carried over that does not look the same."""
    half = ((_page(100).astype(np.uint16) + _page(101)) // 2).astype(np.uint8)
    screen = Screen(*TEXT)
    screen.show(_page(100))
    assert len(screen.show(half).lines) == len(screen.engine.read_lines)


def test_a_line_that_the_edge_cut_is_read_when_it_is_whole() -> None:
    """The half of a line at the edge of its pane does not stay."""
    read = Screen(*TEXT).read_again(_page(140), _page(132))
    assert TEXT[6] in read


def test_a_line_that_the_edge_comes_to_cut_is_read() -> None:
    """What the edge leaves of a line is another shape."""
    read = Screen(*TEXT).read_again(_page(132), _page(140))
    assert TEXT[6] not in read
    assert any(text.startswith("shape") for text in read)


@pytest.mark.parametrize("scrolled_px", [22, 44, 30])
def test_repeated_lines_are_told_as_often_as_they_stand(scrolled_px: int) -> None:
    """Lines that all look alike are neither lost nor doubled when they scroll."""
    lines = [one for number in range(20) for one in (TEXT[number], "}", "}", "")]
    pages = [drawn([DrawnWindow(WHOLE, lines, scrolled_px=px)]) for px in (100, 100 + scrolled_px, 100)]
    assert Screen("}", *lines).read_again(*pages) == []


def test_a_line_that_stands_elsewhere_too_is_read() -> None:
    """Text that comes in is read where it stands, wherever else it was read before."""
    pages = [drawn([DrawnWindow(WHOLE, [*TEXT[:5], "", extra])]) for extra in ("", TEXT[0])]
    assert Screen(*TEXT).read_again(*pages) in ([TEXT[0]], [])


@pytest.mark.parametrize(("x", "y"), [(0, 0), (0, 384), (360, 0), (360, 384), (-20, 200), (500, 200)])
@pytest.mark.parametrize("size", SIZES)
def test_a_change_at_the_edges_is_read(x: int, y: int, size: tuple[int, int]) -> None:
    """Lines that touch or cross the picture's edge are read when they change."""
    pages = [np.full((size[1], size[0], 3), 255, np.uint8) for _ in range(3)]
    for page, text in zip(pages, ("the keeper of the lamp", "the ledger of the lamp", ""), strict=True):
        if text:
            write(page, text, x + (size[0] - 640 if x > 0 else 0), y + (size[1] - 400 if y > 200 else 0))
    assert Screen().read_again(*pages) == []


@pytest.mark.parametrize("word", ["keeper", "no"])
def test_what_an_engine_joins_now_and_told_apart_before_is_told_once(word: str) -> None:
    """Where a line that is read runs into one that was carried, both are read as one: nothing is doubled or lost."""
    screen = Screen()
    screen.engine.part_gap_px, screen.engine.context_px = 44, 34
    pages = []
    for changed in ("ledger and lamp", "harbour and lamp"):
        pages.append(np.full((400, 640, 3), 255, np.uint8))
        write(pages[-1], word, 40, 100)
        write(pages[-1], changed, 40 + text_mask(word).shape[1] + 30, 100)
    screen.show(pages[0])
    lines = screen.show(pages[1]).lines
    assert len(lines) == 1
    assert (lines[0].box.x0, lines[0].box.width) == (40, text_mask(word).shape[1] + 30 + text_mask(changed).shape[1])


def test_a_change_in_pale_letters_is_read() -> None:
    """Grey on a little darker grey is text as well."""
    pages = [
        drawn([DrawnWindow(WHOLE, [*TEXT[:3], word], paper=(150, 150, 150), ink=GREY)]) for word in ("keeper", "ledger")
    ]
    assert Screen("ledger").read_again(*pages) == ["ledger"]


def test_a_changed_cell_of_a_table_is_read() -> None:
    """The other cells of its row and column, a little white space away, are not."""
    cells = {(column, row): f"{100 * column + row}" for column in range(5) for row in range(12)}
    pages = []
    for changed in ("209", "777"):
        picture = np.full((400, 640, 3), 255, np.uint8)
        for (column, row), text in cells.items():
            x, y = 20 + 120 * column, 20 + 30 * row
            picture[y - 8, 12:620] = picture[12:380, x - 8] = (200, 200, 200)
            write(picture, changed if (column, row) == (2, 9) else text, x, y)
        pages.append(picture)
    assert Screen("777").read_again(*pages) == ["777"]


def test_text_over_a_photograph_scrolls_with_it() -> None:
    """A picture below the text moves along with it, and so do the lines on it."""
    photo = np.random.default_rng(2).integers(40, 170, (900, 640, 3), np.uint8)
    for row in range(40):
        write(photo, TEXT[row], 30, 22 * row, LIGHT)
    pages = [np.ascontiguousarray(photo[top : top + 400]) for top in (132, 154, 154 + 66)]
    assert len(Screen(*TEXT).read_again(*pages)) <= 9  # of 18


def test_chinese_lines_scroll() -> None:
    """Chinese text is carried like any other."""
    lines = [f"第 {number * 7919} 号灯塔的看守人记下了港口许可证" for number in range(60)]
    pages = [drawn([DrawnWindow(WHOLE, lines, scrolled_px=px, pitch_px=26)]) for px in (104, 156)]
    assert len(Screen(*lines).read_again(*pages)) <= 4


def test_a_spinner_is_left_alone_after_a_while() -> None:
    """What turns without end and tells nothing is read a few times, then only now and then."""
    screen = Screen(*TEXT)
    read = [screen.show(_spinning(number), SECOND_US // 2).share > 0 for number in range(40)]
    assert all(read[:3])
    assert sum(read[10:]) <= 10


def test_text_beside_a_spinner_is_read_at_once() -> None:
    """A part that is left alone holds back no other."""
    screen = Screen("the keeper", *TEXT)
    for number in range(20):
        screen.show(_spinning(number), SECOND_US // 2)
    picture = _spinning(21)
    write(picture, "the keeper", 36, 372)
    assert "the keeper" in _texts(screen.show(picture, SECOND_US // 2).lines)


def test_what_stood_where_nothing_is_read_is_forgotten_in_the_dark() -> None:
    """A line in a film that was left alone is not told of the black that follows it."""
    screen, night = Screen("a caption"), np.zeros((400, 640, 3), np.uint8)
    screen.engine.inks = (LIGHT,)
    for number in range(20):
        film = np.random.default_rng(number).integers(40, 170, (80, 240, 3), np.uint8)
        write(film, "a caption", 64, 34, LIGHT)
        picture = night.copy()
        paste(picture, film, 304, 208)
        screen.show(picture, SECOND_US // 2)
    assert screen.reader.unsettled
    night[10:30, 10:200] = (90, 90, 90)
    assert _texts(screen.show(night).lines) == []


def test_settling_reads_what_was_left_alone() -> None:
    """When there is time, the part that moved in vain is read as it is now."""
    screen = Screen(*TEXT)
    for number in range(20):
        screen.show(_spinning(number), SECOND_US // 2)
    assert screen.reader.unsettled
    settled = screen.reader.settle()
    assert settled is not None
    assert _sorted(settled.lines) == _sorted(screen.other.read(_spinning(19)))
    assert not screen.reader.unsettled


def test_nothing_is_settled_before_a_picture_came() -> None:
    """A new stream has nothing to read."""
    assert IncrementalReader(DrawnEngine()).settle() is None


def test_the_last_picture_is_told_as_it_was() -> None:
    """What is remembered of the last picture is every pixel of it."""
    screen = Screen()
    assert screen.reader.picture is None
    picture = np.random.default_rng(1).integers(0, 256, (77, 101, 3), np.uint8)
    screen.show(picture)
    assert screen.reader.picture is not None
    assert np.array_equal(screen.reader.picture, picture)


def test_lines_come_in_reading_order() -> None:
    """A line that was read last stands where a reader comes to it."""
    screen = Screen(*TEXT, "the keeper")
    screen.show(_page())
    changed = [*TEXT[:3], "the keeper", *TEXT[4:]]
    picture = drawn([DrawnWindow(WHOLE, changed)])
    assert _texts(screen.show(picture).lines) == _texts(screen.other.read(picture))


@pytest.mark.parametrize("seed", range(8))
def test_a_desktop_at_work_is_told_as_if_read_whole(seed: int) -> None:
    """Typing, scrolling, moving, switching: after every step all lines are there, each with its own box."""
    chance = random.Random(seed)
    desktop = _Desktop(chance, SIZES[seed % len(SIZES)])
    screen = Screen()
    for _ in range(60):
        desktop.step()
        screen.read_again(desktop.picture())


@pytest.fixture(scope="module")
def rapid() -> Engine:
    """The default engine, loaded once."""
    return choose_engine("rapidocr")


def test_the_real_engine_tells_a_typed_line(rapid: Engine) -> None:
    """A small part of the picture is read, and the line told word for word."""
    reader = IncrementalReader(rapid)
    reader.read(_printed("The harbour office opens at nine.", "Please bring the signed"), 0)
    reading = reader.read(_printed("The harbour office opens at nine.", "Please bring the signed permit."), SECOND_US)
    assert _texts(reading.lines) == ["The harbour office opens at nine.", "Please bring the signed permit."]
    assert 0 < reading.share < 0.1


def test_the_real_engine_is_not_asked_for_what_scrolled(rapid: Engine) -> None:
    """Lines that stood on the page keep their words and go with it; only what came in is read."""
    lines = [f"Lamp {number} was lit for {number * 37 + 11} hours" for number in range(30)]
    reader = IncrementalReader(rapid)
    reader.read(_printed(*lines[:14]), 0)
    reading = reader.read(_printed(*lines[2:16]), SECOND_US)
    assert _texts(reading.lines) == _texts(rapid.read(_printed(*lines[2:16])))
    assert reading.share < 0.35


def test_the_real_engine_tells_a_changed_chinese_line(rapid: Engine) -> None:
    """A Chinese line is read whole where two characters of it changed."""
    reader = IncrementalReader(rapid)
    reader.read(_printed("港口办公室九点开门", "请携带签字的许可证", font=CHINESE), 0)
    reading = reader.read(_printed("港口办公室九点开门", "请携带签字的照片", font=CHINESE), SECOND_US)
    assert reading.lines[1].text == "请携带签字的照片"
    assert len(reading.lines) == 2


class _Desktop:
    """Windows of made-up text at which somebody works without aim."""

    def __init__(self, chance: random.Random, size: tuple[int, int]) -> None:
        self.chance, self.size = chance, size
        self.windows = [self._window() for _ in range(3)]
        self.acts = [self.type, self.type, self.edit, self.scroll, self.scroll, self.aside, self.move, self.switch,
                     self.close, self.open, lambda: None]  # fmt: skip

    def step(self) -> None:
        """Do one thing."""
        self.chance.choice(self.acts)()

    def picture(self) -> Picture:
        """Return what is to be seen."""
        return drawn(self.windows, *self.size)

    def type(self) -> None:
        lines = self.windows[-1].lines
        row = self.chance.randrange(len(lines))
        longer = f"{lines[row]} {self.chance.choice(WORDS)}"
        lines[row] = (longer if self.chance.random() < 0.7 else lines[row][:-1]).strip()

    def edit(self) -> None:
        lines = self.windows[-1].lines
        row = self.chance.randrange(len(lines))
        lines[row] = (self.chance.choice(WORDS) + lines[row][2:]).strip()

    def scroll(self) -> None:
        for window in self.chance.sample(self.windows, self.chance.randint(1, len(self.windows))):
            window.scrolled_px = max(0, window.scrolled_px + self.chance.randint(-90, 90))

    def aside(self) -> None:
        window = self.windows[-1]
        window.aside_px = max(0, window.aside_px + self.chance.randint(-40, 40))

    def move(self) -> None:
        window = self.windows[-1]
        window.place = window.place.shifted(self.chance.randint(-50, 50), self.chance.randint(-50, 50))

    def switch(self) -> None:
        self.windows.append(self.windows.pop(self.chance.randrange(len(self.windows))))

    def close(self) -> None:
        if len(self.windows) > 2:
            self.windows.pop()

    def open(self) -> None:
        if len(self.windows) < 5:
            self.windows.append(self._window())

    def _window(self) -> DrawnWindow:
        chance, (width, height) = self.chance, self.size
        x, y = chance.randint(-30, width - 100), chance.randint(-30, height - 60)
        place = Box(x, y, x + chance.randint(160, width * 2 // 3), y + chance.randint(100, height * 2 // 3))
        lines = [self._line() for _ in range(chance.randint(5, 40))]
        return DrawnWindow(place, lines, *chance.choice(DRAWN), frame=chance.choice([None, (150, 140, 130)]))

    def _line(self) -> str:
        kind = self.chance.random()
        if kind < 0.25:
            return "}" if kind < 0.15 else ""
        return " ".join(self.chance.choices(WORDS, k=self.chance.randint(1, 5)))


def _page(scrolled_px: int = 0) -> Picture:
    return drawn([DrawnWindow(WHOLE, TEXT, scrolled_px=scrolled_px)])


def _panes(left_px: int, right_px: int) -> Picture:
    """Return two pages side by side whose lines end before they do."""
    left = DrawnWindow(Box(0, 0, 320, 400), [text[:18] for text in TEXT], scrolled_px=left_px)
    right = DrawnWindow(Box(320, 0, 640, 400), [text[-18:] for text in TEXT], scrolled_px=right_px)
    return drawn([left, right])


def _typed(text: str) -> Picture:
    """Return a page with the text among others."""
    return drawn([DrawnWindow(WHOLE, [*TEXT[:5], text, *TEXT[5:12]])])


def _spinning(number: int) -> Picture:
    """Return a page with one look of a wheel beside its lines."""
    picture = _page()
    image = Image.new("RGB", (40, 40), "white")
    ImageDraw.Draw(image).arc((4, 4, 36, 36), 37 * number, 37 * number + 120, fill="#3060c0", width=4)
    paste(picture, np.asarray(image), 560, 300)
    picture[366:398, 2:638] = 255
    return picture


def _printed(*lines: str, font: str = LATIN) -> Picture:
    """Return lines with grey edges, as a desktop draws them."""
    image = Image.new("RGB", (640, 400), "white")
    for row, text in enumerate(lines):
        ImageDraw.Draw(image).text((24, 12 + 26 * row), text, fill="black", font=ImageFont.truetype(font, 16))
    return np.ascontiguousarray(np.asarray(image)[:, :, ::-1])


def _sorted(lines: Sequence[Line]) -> list[tuple[int, int, int, int, str]]:
    return sorted((line.box.y0, line.box.x0, line.box.y1, line.box.x1, line.text) for line in lines)


def _texts(lines: Sequence[Line]) -> list[str]:
    return [line.text for line in lines]
