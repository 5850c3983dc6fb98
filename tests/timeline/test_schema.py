"""The steps of the schema, forward and back."""

from __future__ import annotations

import struct
from pathlib import Path

import pytest

from tests.support.stores import StoreUnderTest, line, lines
from timeline import schema
from timeline.database import Database, Migrations, migrate, open_database, transaction
from timeline.errors import StoreUnusable
from timeline.hidden import want_rewrite
from timeline.home import Home
from timeline.keys import Key, load_key
from timeline.model import Box, PlacedWindow, Window
from timeline.passages import text_hash
from timeline.reader import Reader

WINDOWS = (
    PlacedWindow(Window("chromium", "heapq"), Box(0, 0, 1920, 1080), 411, 0),
    PlacedWindow(Window("xterm", "shell"), Box(90, 35, 600, 465), 977, None),
)


def first_version(home: Home, key: Key) -> Database:
    """Return a store with the first version's tables only."""
    home.create()
    db = open_database(home.database, key)
    first = Migrations("timeline")
    first()(schema.m001_first_tables)
    migrate(db, first, home.database)
    return db


def tables(db: Database) -> set[tuple[str, str]]:
    """Return the tables and indexes with their columns, whatever way their statement was written."""
    rows = db.conn.execute("SELECT type, name FROM sqlite_master WHERE name NOT LIKE 'sqlite_%'").fetchall()
    return {(name, str(db.conn.execute(f"PRAGMA table_info({name})").fetchall())) for _, name in rows}


def test_frames_share_the_layout_they_have_in_common(store: StoreUnderTest) -> None:
    """Geometry, process and workspace are stored once for as long as no window moves."""
    ids = [store.writer.add_frame(store.new_frame(second, windows=WINDOWS)) for second in range(3)]
    assert [store.reader.windows_of(one) for one in ids] == [list(WINDOWS)] * 3
    assert store.writer.db.execute("SELECT count(*) FROM layouts").fetchone() == (1,)


def test_a_store_of_the_first_version_keeps_its_windows(tmp_path: Path) -> None:
    """The windows of old frames become layouts."""
    home = Home(tmp_path / "home")
    home.create()
    key = load_key(home, create=True)
    db = first_version(home, key)
    db.conn.executescript(
        "INSERT INTO windows VALUES (1, 'xterm', 'shell', NULL);"
        "INSERT INTO segments VALUES (1, '2025-11-22/a.mp4', 0, 5, 64, 48, 1);"
        "INSERT INTO moments VALUES (1, 0, 'screen', 1, 5, 9, 0, 3, 3);"
        "INSERT INTO frames VALUES (3, 0, 5, 9, 0, 64, 48, 1, 1, 1, 0, NULL, 'screen', 1);"
        "INSERT INTO frame_windows VALUES (3, 0, 1, 1, 2, 30, 40);"
    )
    migrate(db, schema.migrations, home.database)
    db.close()
    with Reader.open(home, key) as reader:
        assert reader.windows_of(3) == [PlacedWindow(Window("xterm", "shell"), Box(1, 2, 30, 40))]
        assert reader.segment(1).pixels == "recorded"


def test_the_way_back_leaves_the_first_version(store: StoreUnderTest, tmp_path: Path) -> None:
    """Undoing the second step gives the first version's tables and keeps where windows were."""
    frame_id = store.writer.add_frame(store.new_frame(0, windows=WINDOWS))
    schema.undo_m005(store.writer.db)
    schema.undo_m004(store.writer.db)
    schema.undo_m003(store.writer.db)
    schema.undo_m002(store.writer.db)
    other = Home(tmp_path / "other")
    other.create()
    with_first = first_version(other, load_key(other, create=True))
    assert tables(store.writer.db) == tables(with_first)
    rows = store.writer.db.execute(
        "SELECT frame_id, place, x0, y0, x1, y1 FROM frame_windows ORDER BY place"
    ).fetchall()
    assert rows == [(frame_id, 0, 0, 0, 1920, 1080), (frame_id, 1, 90, 35, 600, 465)]
    with_first.close()


def test_the_way_back_can_be_gone_again(store: StoreUnderTest) -> None:
    """A store that was brought back is brought forward like any old one."""
    frame_id = store.writer.add_frame(store.new_frame(0, windows=WINDOWS))
    schema.undo_m005(store.writer.db)
    schema.undo_m004(store.writer.db)
    schema.undo_m003(store.writer.db)
    schema.undo_m002(store.writer.db)
    migrate(store.writer.db, schema.migrations, store.home.database)
    assert [one.box for one in store.reader.windows_of(frame_id)] == [one.box for one in WINDOWS]


def a_page(store: StoreUnderTest) -> None:
    """Read two frames: lines of words, of one word and of Chinese, in two windows, most of it standing on."""
    page = [*lines("words of a page", "alone", "部署到staging 服务器"), line("make test", 8, x=95)]
    store.read(store.writer.add_frame(store.new_frame(0, windows=WINDOWS)), page)
    grown = [*page, line("and one more", 17, confidence=0.123)]
    store.read(store.writer.add_frame(store.new_frame(1, windows=WINDOWS)), grown)
    store.writer.remember_import(b"digest of a file")


def told(store: StoreUnderTest) -> list[object]:
    """Return all that a reader says of the text of a store."""
    reader = store.reader
    passages = reader.changed_passages(0, 100)
    return [
        *(reader.lines(one) for one in (1, 2)), passages, *(reader.spans(one.id) for one in passages),
        *(reader.passages_of_frame(one) for one in (1, 2)),
    ]  # fmt: skip


def stored(db: Database) -> dict[str, list[tuple[object, ...]]]:
    """Return the rows in which text is kept."""
    tables = ("lines", "readings", "passages", "passage_spans", "imports")
    return {table: list(db.conn.execute(f"SELECT * FROM {table} ORDER BY 1")) for table in tables}


def test_a_store_of_the_second_version_says_the_same(store: StoreUnderTest) -> None:
    """Lines, words, order and passages of old rows are read as they were written; more is added to them."""
    a_page(store)
    before = told(store)
    schema.undo_m005(store.writer.db)
    schema.undo_m004(store.writer.db)
    schema.undo_m003(store.writer.db)
    old = stored(store.writer.db)
    assert old["passages"][0][3] == "words of a page\nalone\n部署到staging 服务器"
    assert [len(row[7]) for row in old["lines"]] == [48, 12, 24, 24, 36]
    migrate(store.writer.db, schema.migrations, store.home.database)
    assert told(store) == before
    assert store.writer.imported(b"digest of a file")
    store.frame(2, ["words of a page", "alone"])
    assert [one.text for one in store.reader.lines(3)] == ["words of a page", "alone"]


def test_the_way_back_writes_all_rows_as_the_second_version_did(store: StoreUnderTest) -> None:
    """12 bytes a word, 8 an id, confidences of 0 to 1, each passage with its text; to go it again changes nothing."""
    a_page(store)
    schema.undo_m005(store.writer.db)
    schema.undo_m004(store.writer.db)
    schema.undo_m003(store.writer.db)
    old = stored(store.writer.db)
    assert old["lines"][-1][1:9] == (
        "and one more", 100, 550, 220, 570, 0.123,
        struct.pack("<18H", 0, 3, 100, 550, 130, 570, 4, 7, 140, 550, 170, 570, 8, 12, 180, 550, 220, 570), 2,
    )  # fmt: skip
    assert old["readings"][1][1] == struct.pack("<5q", 1, 2, 3, 4, 5)
    assert {text_hash(str(row[3])) for row in old["passages"]} == {row[4] for row in old["passages"]}
    migrate(store.writer.db, schema.migrations, store.home.database)
    schema.undo_m005(store.writer.db)
    schema.undo_m004(store.writer.db)
    schema.undo_m003(store.writer.db)
    assert stored(store.writer.db) == old
    assert store.writer.db.execute("PRAGMA user_version").fetchone() == (2,)


def test_a_program_of_the_second_version_refuses_packed_rows(store: StoreUnderTest) -> None:
    """It would misread them."""
    second = Migrations("timeline")
    second()(schema.m001_first_tables)
    second()(schema.m002_layouts_and_pixels)
    with pytest.raises(StoreUnusable, match="newer version"):
        migrate(store.writer.db, second, store.home.database)


def test_the_text_of_a_passage_is_stored_once(store: StoreUnderTest) -> None:
    """As its lines."""
    store.frame(0, ["words that stand here", "and below"])
    [passage] = store.reader.changed_passages(0, 10)
    assert passage.text == "words that stand here\nand below"
    assert store.writer.db.execute("SELECT text FROM passages").fetchall() == [("",)]


def test_a_new_segment_is_as_it_was_recorded(store: StoreUnderTest) -> None:
    """Nothing is re-encoded before it is closed."""
    assert store.reader.segment(store.segment_id).pixels == "recorded"


def test_a_passage_is_found_by_its_index(store: StoreUnderTest) -> None:
    """Not by going through all of them, nor through all of a window."""
    plan = store.writer.db.execute(
        "EXPLAIN QUERY PLAN SELECT id FROM passages WHERE window_id = ?1 AND substr(text_hash, 1, 4) = substr(?2, 1, 4)"
        " AND text_hash = ?2 AND day = ?3",
        [1, b"0123456789abcdef", "2025-11-22"],
    ).fetchall()
    assert [row[3] for row in plan] == ["SEARCH passages USING INDEX passages_by_text (window_id=? AND <expr>=?)"]


def test_the_way_back_waits_for_what_is_to_be_forgotten(store: StoreUnderTest) -> None:
    """An older program would show what is hidden and still in a segment."""
    frame_id = store.writer.add_frame(store.new_frame(0))
    with transaction(store.writer.db):
        want_rewrite(store.writer.db, [frame_id], urgent=True)
    with pytest.raises(ValueError, match="not gone yet"):
        schema.undo_m004(store.writer.db)
    assert "hidden" in {name for name, _ in tables(store.writer.db)}
