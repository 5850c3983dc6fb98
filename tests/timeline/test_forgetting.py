"""Forgetting in the timeline: by time, id, window and text; what stays is whole."""

from __future__ import annotations

import pytest

from tests.support.forgetting import SHELL, film, forget, in_pages, seconds, texts_of
from tests.support.stores import NOON_US, SECOND_US, StoreUnderTest, line
from timeline.errors import UnreadablePicture
from timeline.forgetting.finishing import clean_pages
from timeline.forgetting.neighbours import Neighbours
from timeline.forgetting.plan import Selection, Thing
from timeline.forgetting.selection import select
from timeline.hidden import hidden_on
from timeline.model import ALL_TIME, Box, Picture, PlacedWindow, Window

BANK = Window("Bank", "My account")


def named(app: str):
    """Return the rule that tells an application."""
    return lambda window: window.app == app


def sound(store: StoreUnderTest) -> None:
    """Nothing names a row that is not there, and every reading holds its passages."""
    run = store.writer.db.conn.execute
    assert run("PRAGMA foreign_key_check").fetchall() == []
    frames = {row[0] for row in run("SELECT id FROM frames")}
    for table, column in (("passage_spans", "frame_id"), ("passage_spans", "first_frame"), ("moments", "first_frame"),
                          ("moments", "last_frame"), ("lines", "first_frame"), ("lines", "last_frame")):  # fmt: skip
        assert {row[0] for row in run(f"SELECT {column} FROM {table}")} <= frames, (table, column)
    for frame_id in frames:
        store.reader.passages_of_frame(frame_id)
    assert (
        run("SELECT count(*) FROM passages WHERE id NOT IN (SELECT passage_id FROM passage_spans)").fetchone()[0] == 0
    )
    assert (
        run("SELECT count(*) FROM passage_spans WHERE passage_id NOT IN (SELECT id FROM passages)").fetchone()[0] == 0
    )
    for start, end in run("SELECT start_us, end_us FROM passage_spans UNION ALL SELECT start_us, end_us FROM moments"):
        assert start < end


def test_frames_of_a_time_go(store):
    """Those before and after stay, and the time between is a gap that says so."""
    ids = film(store, [["morning mail arrived"], ["secret plan one"], ["secret plan two"], ["evening news came"]])
    forget(store, Selection(seconds(1, 3)))
    assert [frame.id for frame in store.reader.frames(ALL_TIME)] == [ids[0], ids[3]]
    assert texts_of(store) == ["morning mail arrived", "evening news came"]
    assert [(gap.start_us, gap.end_us, gap.reason) for gap in store.reader.gaps(ALL_TIME)] == [
        (NOON_US + SECOND_US, NOON_US + 3 * SECOND_US, "forgotten")
    ]
    sound(store)


def test_a_passage_that_stood_on_both_sides_is_cut(store):
    """It has a span before the gap and one after it, and none inside."""
    film(store, [["all day long this"]] * 5)
    forget(store, Selection(seconds(2, 3)))
    [passage] = store.reader.changed_passages(0, 10)
    spans = store.reader.spans(passage.id)
    assert [(one.start_us - NOON_US, one.end_us - NOON_US) for one in spans] == [
        (3 * SECOND_US, 5 * SECOND_US), (0, 2 * SECOND_US),
    ]  # fmt: skip
    assert [moment.start_us - NOON_US for moment in store.reader.moments(ALL_TIME)] == [0, 3 * SECOND_US]
    sound(store)


def test_a_frame_that_began_before_ends_where_the_time_begins(store):
    """What it showed was seen before; it stays."""
    frame = store.frame(0, ["long standing page"], end_s=100)
    forget(store, Selection(seconds(60, 90)))
    kept = store.reader.frame(frame)
    assert (kept.start_us, kept.end_us) == (NOON_US, NOON_US + 60 * SECOND_US)
    assert store.reader.moments(ALL_TIME)[0].end_us == NOON_US + 60 * SECOND_US
    sound(store)


def test_a_text_goes_from_its_passage(store):
    """The other lines of the passage stay, and the line's box is hidden wherever it stood."""
    ids = film(store, [["Dear Ms Quill", "the code is 4711-abc", "kind regards"]] * 3 + [["other things now"]])
    forget(store, Selection(text="4711-ABC"))
    assert sorted(texts_of(store)) == ["Dear Ms Quill\nkind regards", "other things now"]
    assert [len(hidden_on(store.reader.db, one)) for one in ids] == [1, 1, 1, 0]
    assert [line.text for line in store.reader.lines(ids[0])] == ["Dear Ms Quill", "kind regards"]
    sound(store)


def test_a_text_over_two_lines_goes_with_both(store):
    """Where it was wrapped it stands in neither alone."""
    film(store, [["meet me at the old", "harbour bridge tonight", "bring tea"]])
    forget(store, Selection(text="old harbour  bridge"))
    assert texts_of(store) == ["bring tea"]
    sound(store)


def test_a_chinese_text_goes_over_two_lines(store):
    """No space stands where Chinese is wrapped."""
    film(store, [["我们在旧海", "港桥见面", "带茶来吧朋友"]])
    forget(store, Selection(text="旧 海港桥"))
    assert texts_of(store) == ["带茶来吧朋友"]


def test_a_title_that_holds_the_text_goes(store):
    """The application stays, and the passages of the window take their next number, to be indexed again."""
    film(store, [["plain words here"]], [Window("Editor", "Letter to Quill")])
    before = store.reader.changed_passages(0, 10)[0].changed
    forget(store, Selection(text="quill"))
    [passage] = store.reader.changed_passages(0, 10)
    assert passage.window == Window("Editor", None)
    assert passage.changed > before
    assert store.reader.moments(ALL_TIME)[0].window == Window("Editor", None)
    sound(store)


def test_a_whole_window_goes(store):
    """Its frames, its passages and its name, where it had the focus and filled the screen."""
    whole = PlacedWindow(BANK, Box(0, 0, 640, 360), 99, 0)
    film(store, [["balance 1,234 EUR"]], [BANK], [whole])
    forget(store, Selection(excludes=named("Bank")))
    assert store.reader.counts().frames == 0
    assert store.writer.db.conn.execute("SELECT count(*) FROM windows").fetchone() == (0,)
    sound(store)


def test_a_window_beside_others_is_hidden(store):
    """Of the frame stays what the others show; nothing names the window any more."""
    placed = [PlacedWindow(SHELL, Box(0, 0, 640, 360), 1, 0), PlacedWindow(BANK, Box(90, 60, 640, 200), 99, 0)]
    [frame] = film(store, [["make test passed", "balance 1,234 EUR"]], [SHELL], placed)
    forget(store, Selection(excludes=named("Bank")))
    assert [line.text for line in store.reader.lines(frame)] == ["make test passed"]
    assert [one.box for one in hidden_on(store.reader.db, frame)] == [Box(90, 60, 640, 200)]
    assert [(one.window, one.pid) for one in store.reader.windows_of(frame)] == [(SHELL, 1), (Window(), None)]
    assert texts_of(store) == ["make test passed"]
    sound(store)


def test_a_frame_whose_window_stood_nobody_knows_where_goes_whole(store):
    """The window with the focus is not among those whose place is known: nothing else is sure to hold it."""
    placed = [PlacedWindow(SHELL, Box(0, 0, 640, 360), 1, 0)]
    ids = film(store, [["balance 1,234 EUR"], ["make test passed"]], [BANK, SHELL], placed)
    forget(store, Selection(excludes=named("Bank")))
    assert [frame.id for frame in store.reader.frames(ALL_TIME)] == [ids[1]]
    sound(store)


def test_only_a_time_of_a_window_goes(store):
    """Outside of the interval it stays, with its name."""
    whole = [PlacedWindow(BANK, Box(0, 0, 640, 360))]
    ids = film(store, [["balance one hundred"], ["balance two hundred"]], [BANK, BANK], whole)
    forget(store, Selection(seconds(1, 2), excludes=named("Bank")))
    assert [(frame.id, frame.window) for frame in store.reader.frames(ALL_TIME)] == [(ids[0], BANK)]
    assert store.reader.windows_of(ids[0])[0].window == BANK
    sound(store)


def test_one_passage_goes_by_its_id(store):
    """As a search result names it."""
    film(store, [["first things first"], ["second things second"]])
    passage = store.reader.changed_passages(0, 10)[0]
    forget(store, Selection(thing=Thing("passage", passage.id)))
    assert texts_of(store) == ["second things second"]
    sound(store)


@pytest.mark.parametrize(("kind", "left"), [("frame", 2), ("moment", 0)])
def test_a_frame_or_a_moment_goes_by_its_id(store, kind, left):
    """A frame alone, or all of its moment."""
    [first, *_] = film(store, [["one two three"], ["four five six"], ["seven eight nine"]])
    thing = first if kind == "frame" else store.reader.frame(first).moment_id
    forget(store, Selection(thing=Thing(kind, thing)))
    assert store.reader.counts().frames == left
    sound(store)


def test_a_frame_beside_that_shows_the_same_pixels_is_covered(store):
    """It was not read, or misread."""
    ids = film(store, [["the code is 4711-abc"]] * 3 + [["nothing like that"]], unread=[0, 2])
    forget(store, Selection(text="4711-abc"), look=True)
    assert [len(hidden_on(store.reader.db, one)) for one in ids] == [1, 1, 1, 0]


def test_a_half_typed_text_goes(store):
    """The frames while it was typed give it away."""
    ids = film(store, [["code"], ["code harbour"], ["code harbourbridge"]])
    forget(store, Selection(text="harbourbridge"), look=True)
    assert [len(hidden_on(store.reader.db, one)) for one in ids] == [0, 1, 1]
    assert texts_of(store) == []
    assert [[line.text for line in store.reader.lines(one)] for one in ids] == [["code"], [], []]
    sound(store)


def test_no_id_and_no_number_of_a_change_is_given_twice(store):
    """Also when the newest frame and passage were forgotten: the index would take one for the other."""
    frame = store.frame(0, ["alpha beta gamma"])
    [old] = store.reader.changed_passages(0, 10)
    forget(store, Selection(seconds(0, 1)))
    assert store.frame(100, ["delta epsilon zeta"]) > frame
    [new] = store.reader.changed_passages(0, 10)
    assert new.id > old.id
    assert new.changed > old.changed


def test_a_recorder_that_extends_a_forgotten_frame_does_no_harm(store):
    """The next frame begins a moment of its own."""
    frame = store.frame(0, ["alpha beta gamma"])
    forget(store, Selection(seconds(0, 1)))
    store.writer.extend_frame(frame, NOON_US + 9 * SECOND_US)
    store.frame(10, ["delta epsilon zeta"])
    assert len(store.reader.moments(ALL_TIME)) == 1
    sound(store)


def test_words_are_gone_from_the_pages_on_the_disk(store):
    """From free pages and from the log too."""
    for number in range(300):
        texts = [f"line {number} of much text", f"zebrafish{number} kept here" if number % 3 else "quokka hides here"]
        store.frame(number, texts)
    assert in_pages(store, "quokka")
    forget(store, Selection(text="quokka"))
    assert clean_pages(store.home.database, store.key)
    assert not in_pages(store, "quokka")
    assert in_pages(store, "zebrafish")
    sound(store)


def test_nothing_selected_is_an_empty_plan(store):
    """Of every kind."""
    film(store, [["one two three"]])
    for selection in (
        Selection(seconds(50, 60)), Selection(text="nowhere"), Selection(thing=Thing("frame", 99)),
        Selection(excludes=named("Nobody")),
    ):  # fmt: skip
        assert select(store.reader.db, selection).empty


def test_a_line_that_lies_a_little_elsewhere_on_each_frame_is_found_and_ends(store: StoreUnderTest) -> None:
    """Frames that lead to each other are each looked at once."""
    for at, x in enumerate((100, 105, 110)):
        store.read(store.writer.add_frame(store.new_frame(at)), [line("the quokka smiles", x=x)])

    def nothing(_: int) -> Picture:
        raise UnreadablePicture("there is no picture")

    plan = select(store.reader.db, Selection(text="quokka"))
    added = Neighbours(store.reader.db, nothing, "quokka").added(plan)
    assert {frame_id: len(boxes) for frame_id, boxes in added.boxes.items()} == {1: 1, 2: 1, 3: 1}
