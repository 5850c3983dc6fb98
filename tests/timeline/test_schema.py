"""The steps of the schema, forward and back."""

from __future__ import annotations

from pathlib import Path

from tests.support.stores import StoreUnderTest
from timeline import schema
from timeline.database import Database, Migrations, migrate, open_database
from timeline.home import Home
from timeline.keys import Key, load_key
from timeline.model import Box, PlacedWindow, Window
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
    schema.undo_m002(store.writer.db)
    migrate(store.writer.db, schema.migrations, store.home.database)
    assert [one.box for one in store.reader.windows_of(frame_id)] == [one.box for one in WINDOWS]


def test_a_new_segment_is_as_it_was_recorded(store: StoreUnderTest) -> None:
    """Nothing is re-encoded before it is closed."""
    assert store.reader.segment(store.segment_id).pixels == "recorded"
