"""Forgetting at random: whatever goes, in whatever order, what stays is whole and names nothing that went."""

from __future__ import annotations

import random

import pytest

from tests.support.forgetting import forget, seconds, texts_of
from tests.support.stores import NOON_US, SECOND_US, StoreUnderTest, lines
from timeline.forgetting.folding import fold
from timeline.forgetting.plan import Selection, Thing
from timeline.forgetting.selection import select
from timeline.model import ALL_TIME, Box, PlacedWindow, Window
from timeline.passages import text_hash

WORDS = ["alpha", "beta", "gamma", "delta", "omega", "秘密", "计划"]
WINDOWS = [Window("Editor", "alpha notes"), Window("Chat", "beta"), Window("Bank", None), Window()]


def fill(store: StoreUnderTest, chance: random.Random, frames: int) -> None:
    """Record frames on two monitors whose text grows, stays and changes; some have layouts, some are not read."""
    texts: dict[int, list[str]] = {0: [], 1: []}
    for number in range(frames):
        monitor = chance.randrange(2)
        own = texts[monitor]
        if chance.random() < 0.4 or not own:
            own[:] = [" ".join(chance.choices(WORDS, k=4)) for _ in range(chance.randint(1, 6))]
        elif chance.random() < 0.5:
            own[-1] += " " + chance.choice(WORDS)
        window = chance.choice(WINDOWS)
        placed = (
            PlacedWindow(window, Box(0, 0, 1920, 1080)),
            PlacedWindow(chance.choice(WINDOWS), Box(90, 60, 900, 110)),
        )
        windows = placed if chance.random() < 0.6 else ()
        frame_id = store.writer.add_frame(store.new_frame(number * 3, window, monitor=monitor, windows=windows))
        if chance.random() < 0.9:
            store.read(frame_id, lines(*own))
        if chance.random() < 0.3:
            store.writer.extend_frame(frame_id, NOON_US + (number * 3 + 40) * SECOND_US)


def any_selection(chance: random.Random, frames: int) -> Selection:
    """Return what somebody may want to forget."""
    start = chance.uniform(0, frames * 3)
    within = chance.choice([ALL_TIME, seconds(start, start + chance.uniform(1, 60))])
    kind = chance.randrange(4)
    if kind == 0:
        return Selection(seconds(start, start + chance.uniform(1, 30)))
    if kind == 1:
        return Selection(within, text=" ".join(chance.choices(WORDS, k=2)))
    if kind == 2:
        app = chance.choice(["Editor", "Chat", "Bank"])
        return Selection(within, excludes=lambda window: window.app == app)
    return Selection(thing=Thing(chance.choice(["frame", "moment", "passage"]), chance.randint(1, frames)))


def assert_whole(store: StoreUnderTest) -> None:
    """Nothing names a row that is not there, every span lies on frames that are, every reading can be shown."""
    run = store.writer.db.conn.execute
    assert run("PRAGMA foreign_key_check").fetchall() == []
    frames = {row[0] for row in run("SELECT id FROM frames")}
    named = (
        ("passage_spans", "frame_id"), ("passage_spans", "first_frame"), ("moments", "first_frame"),
        ("moments", "last_frame"), ("lines", "first_frame"), ("lines", "last_frame"), ("frames", "id"),
    )  # fmt: skip
    for table, column in named:
        assert {row[0] for row in run(f"SELECT {column} FROM {table}")} <= frames, (table, column)
    lines_there = {row[0] for row in run("SELECT id FROM lines")}
    used = set()
    for (frame_id,) in run("SELECT frame_id FROM readings").fetchall():
        shown = store.reader.lines(frame_id)
        used |= {line.text for line in shown}
        store.reader.passages_of_frame(frame_id)
    assert {row[0] for row in run("SELECT text FROM lines")} == used
    assert len(lines_there) == run("SELECT count(*) FROM lines").fetchone()[0]
    for passage in store.reader.changed_passages(0, 10_000):
        assert text_hash(passage.text) == passage.text_hash
        assert store.reader.spans(passage.id)
    for start, end in run("SELECT start_us, end_us FROM passage_spans UNION ALL SELECT start_us, end_us FROM moments"):
        assert start < end
    assert {row[0] for row in run("SELECT moment_id FROM frames")} == {row[0] for row in run("SELECT id FROM moments")}


@pytest.mark.parametrize("seed", range(25))
def test_what_stays_is_whole(store, seed):
    """After each of several forgettings, and more is recorded after them."""
    chance = random.Random(seed)
    fill(store, chance, 40)
    for _ in range(5):
        selection = any_selection(chance, 40)
        forget(store, selection)
        assert_whole(store)
        assert select(store.reader.db, selection).empty
        if selection.text is not None and selection.within == ALL_TIME:
            assert [one for one in texts_of(store) if fold(selection.text) in fold(one)] == []
    fill(store, chance, 10)
    assert_whole(store)
