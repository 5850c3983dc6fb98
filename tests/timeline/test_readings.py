"""What could be read on frames, kept with the spans during which it stood."""

from __future__ import annotations

import pytest

from tests.support.stores import NOON_US, SECOND_US, StoreUnderTest, line, lines
from timeline.model import Box, Interval, Line, PlacedWindow, Window, Word
from timeline.passages import build_passages
from timeline.readings import Readings

DAY = Interval(NOON_US - 12 * 3600 * SECOND_US, NOON_US + 12 * 3600 * SECOND_US)
TEXTS = [
    "plain English words",
    "部署到staging 服务器",
    "ｆｕｌｌ ｗｉｄｔｈ",
    "party 🎉 popper",
    "def get_user_profile(self) -> None:",
    "x" * 3000,
]


@pytest.mark.parametrize("text", TEXTS)
def test_a_line_comes_back_as_it_was_read(store: StoreUnderTest, text: str) -> None:
    """Text, box and words survive the compact form."""
    frame_id = store.writer.add_frame(store.new_frame(0))
    store.read(frame_id, [line(text)])
    assert store.reader.lines(frame_id) == [line(text)]


def test_lines_keep_their_reading_order(store: StoreUnderTest) -> None:
    """The order of a frame is the order in which the engine gave the lines, carried lines included."""
    store.frame(0, ["b", "a"])
    second = store.writer.add_frame(store.new_frame(1))
    store.read(second, [line("new", 5), line("a", 1), line("b", 0)])
    assert [one.text for one in store.reader.lines(second)] == ["new", "a", "b"]


def test_a_line_that_stands_is_one_row(store: StoreUnderTest) -> None:
    """The same text at the same place of the next frame is not stored again."""
    store.frame(0, ["menu", "one"])
    store.frame(1, ["menu", "two"])
    (rows,) = store.reader.db.execute("SELECT count(*) FROM lines").fetchone()
    assert rows == 3


def test_a_passage_that_stands_is_one_span(store: StoreUnderTest) -> None:
    """Ten minutes of the same text are one row, from its first frame to the end of its last."""
    for second in range(3):
        store.frame(second, ["the same words"])
    [passage] = store.reader.changed_passages(0, 10)
    [span] = store.reader.spans(passage.id)
    assert (span.start_us, span.end_us) == (NOON_US, NOON_US + 3 * SECOND_US)


def test_a_passage_seen_again_the_same_day_is_another_span(store: StoreUnderTest) -> None:
    """What stood, went and came back keeps one row with two spans, the newest first."""
    store.frame(0, ["invoice page"])
    store.frame(1, ["something else entirely"])
    store.frame(2, ["invoice page"])
    passage = next(one for one in store.reader.changed_passages(0, 10) if one.text == "invoice page")
    assert [span.start_us - NOON_US for span in store.reader.spans(passage.id)] == [2 * SECOND_US, 0]


def test_text_that_is_typed_on_replaces_its_beginning(store: StoreUnderTest) -> None:
    """A sentence that grows is one passage in the end, not one for each word."""
    for second, text in enumerate(("Dear all", "Dear all the numbers", "Dear all the numbers are in")):
        store.frame(second, [text])
    assert [one.text for one in store.reader.changed_passages(0, 10)] == ["Dear all the numbers are in"]


def test_a_span_never_begins_before_all_of_its_text_stood(store: StoreUnderTest) -> None:
    """What was typed last is not said to have stood since the first word."""
    for second, text in enumerate(("Dear all", "Dear all the numbers", "Dear all the numbers are in")):
        store.frame(second, [text])
    [passage] = store.reader.changed_passages(0, 10)
    assert [span.start_us for span in store.reader.spans(passage.id)] == [NOON_US + 2 * SECOND_US]


def test_text_that_stood_a_while_before_it_grew_is_kept(store: StoreUnderTest) -> None:
    """It can still be found at the time it stood alone."""
    store.frame(0, ["Dear all"], end_s=30)
    store.frame(30, ["Dear all the numbers are in"])
    assert [one.text for one in store.reader.changed_passages(0, 10)] == ["Dear all", "Dear all the numbers are in"]


def test_text_that_grows_past_midnight_is_another_passage(store: StoreUnderTest) -> None:
    """A passage belongs to its day: yesterday's text that is typed again today leaves yesterday's row alone."""
    before_midnight = 12 * 3600 - 2
    store.frame(before_midnight - 2, ["alpha beta gamma"])
    store.frame(before_midnight - 1, ["alpha beta"])
    store.frame(before_midnight + 1, ["alpha beta"], end_s=before_midnight + 5)
    store.frame(before_midnight + 5, ["alpha beta gamma"])
    texts = [one.text for one in store.reader.changed_passages(0, 10)]
    assert sorted(texts) == ["alpha beta", "alpha beta gamma", "alpha beta gamma"]


def test_the_same_words_in_two_panes_are_one_span(store: StoreUnderTest) -> None:
    """A second copy on the frame neither ends the first nor begins a new span with every frame."""
    for second in range(5):
        frame_id = store.writer.add_frame(store.new_frame(second))
        store.read(frame_id, [line("two words", 0, x=100), line("two words", 0, x=900), line("two words", 20)])
    (spans,) = store.reader.db.execute("SELECT count(*) FROM passage_spans").fetchone()
    assert spans <= 2


def test_a_grown_passage_counts_as_changed(store: StoreUnderTest) -> None:
    """Indexes that have seen the beginning are told of the end."""
    store.frame(0, ["Dear all"])
    [before] = store.reader.changed_passages(0, 10)
    store.frame(1, ["Dear all the"])
    assert [one.id for one in store.reader.changed_passages(before.changed, 10)] == [before.id]


def test_text_belongs_to_the_window_it_stands_in(store: StoreUnderTest) -> None:
    """What shows beside a small terminal is the browser's, though the terminal has the focus."""
    browser, terminal = Window("Chromium", "page"), Window("xterm", "shell")
    new = store.new_frame(
        0,
        terminal,
        windows=(PlacedWindow(browser, Box(0, 0, 1920, 1080)), PlacedWindow(terminal, Box(90, 35, 600, 65))),
    )
    store.read(store.writer.add_frame(new), lines("make test", "words of the page"))
    told = {one.text: one.window.app for one in store.reader.changed_passages(0, 10)}
    assert told == {"make test": "xterm", "words of the page": "Chromium"}


def test_a_page_behind_another_window_stands_on(store: StoreUnderTest) -> None:
    """Opening a terminal over a page ends the moment, not the span of what still shows of the page."""
    browser, terminal = Window("Chromium", "page"), Window("xterm", "shell")
    page = PlacedWindow(browser, Box(0, 0, 1920, 1080))
    store.read(store.writer.add_frame(store.new_frame(0, browser, windows=(page,))), lines("words of the page"))
    covered = store.new_frame(1, terminal, windows=(page, PlacedWindow(terminal, Box(0, 500, 600, 900))))
    store.read(store.writer.add_frame(covered), [line("words of the page"), line("make test", 17)])
    passage = next(one for one in store.reader.changed_passages(0, 10) if one.text == "words of the page")
    [span] = store.reader.spans(passage.id)
    assert span.end_us == NOON_US + 2 * SECOND_US


def test_extending_a_frame_extends_the_spans_on_it(store: StoreUnderTest) -> None:
    """The recorder learns of a still screen after the worker has read it."""
    frame_id = store.frame(0, ["still words"])
    store.writer.extend_frame(frame_id, NOON_US + 60 * SECOND_US)
    [passage] = store.reader.changed_passages(0, 10)
    assert store.reader.spans(passage.id)[0].end_us == NOON_US + 60 * SECOND_US


def test_a_span_ends_when_nothing_was_recorded_in_between(store: StoreUnderTest) -> None:
    """Nobody knows what stood on the screen while the recorder saw nothing."""
    store.frame(0, ["the same words"])
    store.frame(300, ["the same words"])
    [passage] = store.reader.changed_passages(0, 10)
    assert len(store.reader.spans(passage.id)) == 2


def test_the_passages_of_a_frame_are_those_that_stood_on_it(store: StoreUnderTest) -> None:
    """A carried passage belongs to every frame of its span, a gone one to none after it."""
    page = [line("standing words", 0), line("first words", 20)]
    first = store.writer.add_frame(store.new_frame(1))
    store.read(first, page)
    second = store.writer.add_frame(store.new_frame(2))
    store.read(second, [page[0], line("second words", 20)])
    assert [one.text for one in store.reader.passages_of_frame(second)] == ["standing words", "second words"]


def test_nearly_wholly_new_text_of_an_unknown_window_begins_a_moment(store: StoreUnderTest) -> None:
    """Screenshots without windows are told apart by what stands on them."""
    for second, text in ((0, ["one", "two"]), (10, ["one", "three"]), (20, ["four", "five"])):
        frame_id = store.writer.add_frame(store.new_frame(second, Window(), source="import"))
        store.read(frame_id, lines(*text))
    assert [(one.first_frame, one.last_frame) for one in store.reader.moments(DAY)] == [(1, 2), (3, 3)]


def test_a_passage_never_crosses_columns() -> None:
    """A side bar and the text beside it are two passages."""
    left = [Line(f"link {n}", Box(10, 30 * n, 150, 30 * n + 20), 1.0) for n in range(4)]
    right = [Line(f"body text {n}", Box(300, 30 * n, 900, 30 * n + 20), 1.0) for n in range(4)]
    assert build_passages([*left, *right]) == [left, right]


def test_single_words_that_stand_alone_are_one_passage() -> None:
    """Icons, initials and buttons do not crowd the results."""
    alone = [Line(text, Box(900 * n, 200 * n, 900 * n + 20, 200 * n + 20), 1.0) for n, text in enumerate("GJG")]
    text = [line("some words stand here", 2)]
    assert build_passages([*alone[:2], *text, alone[2]]) == [text, alone]


def test_what_stands_in_the_margin_parts_no_text() -> None:
    """Initials of who wrote a message, bullets and line numbers, wherever among the lines they come."""
    text = [line("what somebody wrote to somebody else", row, x=200) for row in range(3)]
    marks = [line(mark, row, x=100) for row, mark in enumerate(("N", "•", "12"))]
    assert build_passages([text[0], marks[0], *marks[1:], text[1], text[2]]) == [text, marks]


def test_a_cell_of_one_character_is_part_of_its_row() -> None:
    """What stands before it in its row tells it from an initial."""
    row = [line("wrong answers", 0, x=100), line("3", 0, x=400), line("in the last week", 0, x=500)]
    assert build_passages(row) == [row]


def test_the_cells_of_a_row_stay_together() -> None:
    """A table read row by row is one passage, however far its columns are apart."""
    table = [
        Line(text, Box(x, 30 * row, x + 80, 30 * row + 20), 1.0)
        for row, cells in enumerate((("Modem", "4.6", "most of it"), ("Sum", "9.4", "in December")))
        for text, x in zip(cells, (150, 560, 900), strict=True)
    ]
    assert build_passages(table) == [table]


def test_a_long_text_is_cut_into_passages_of_at_most_160_words() -> None:
    """Forty lines of ten words become three passages."""
    text = [line("ten words stand on each of these many short lines", row) for row in range(40)]
    assert [len(passage) for passage in build_passages(text)] == [16, 16, 8]


def test_chinese_counts_by_characters() -> None:
    """A line of twenty characters weighs as much as twelve words."""
    text = [line("这一行一共有二十个汉字用来测量段落的长度", row) for row in range(15)]
    assert [len(passage) for passage in build_passages(text)] == [13, 2]


def test_a_word_that_is_not_in_its_line_is_left_out(store: StoreUnderTest) -> None:
    """An engine that contradicts itself costs a box, not the frame."""
    frame_id = store.writer.add_frame(store.new_frame(0))
    store.read(frame_id, [Line("one two", Box(0, 0, 70, 20), 1.0, (Word("three", Box(0, 0, 30, 20)),))])
    assert store.reader.lines(frame_id)[0].words == ()


def test_a_fuller_reading_takes_the_place_of_the_first(store: StoreUnderTest) -> None:
    """What was left out is there, what stood stands as it stood, each passage once."""
    store.frame(0, ["menu words"])
    frame_id = store.frame(1, ["menu words"])
    assert Readings(store.writer).amend_reading(frame_id, [line("menu words"), line("a caption below", 20)])
    assert [one.text for one in store.reader.lines(frame_id)] == ["menu words", "a caption below"]
    spans = {one.text: store.reader.spans(one.id) for one in store.reader.changed_passages(0, 10)}
    assert {text: [span.start_us - NOON_US for span in some] for text, some in spans.items()} == {
        "menu words": [0],
        "a caption below": [SECOND_US],
    }


def test_only_the_newest_reading_is_made_fuller(store: StoreUnderTest) -> None:
    """A frame after which others were read keeps what it has: spans have gone on from it."""
    first = store.frame(0, ["one"])
    store.frame(1, ["two"])
    assert not Readings(store.writer).amend_reading(first, [line("one"), line("more", 20)])
    assert [one.text for one in store.reader.lines(first)] == ["one"]


def test_a_forgotten_frame_is_not_read_anew(store: StoreUnderTest) -> None:
    """A frame that is gone stays gone."""
    assert not Readings(store.writer).amend_reading(4711, [line("one")])
