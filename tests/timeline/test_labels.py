"""What the user says of categories is kept beside the windows it is said of."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.stores import StoreUnderTest
from timeline import schema
from timeline.database import migrate
from timeline.forgetting.renaming import drop_unused
from timeline.labels import Example, put, read_labels, set_name
from timeline.model import Window

NOTES = Window("gedit", "notes.txt")
OTHER = Window("gedit", "letter.txt")


@pytest.fixture
def store(tmp_path: Path) -> Iterator[StoreUnderTest]:
    made = StoreUnderTest.make(tmp_path / "home")
    made.writer.add_frame(made.new_frame(0, NOTES))
    made.writer.add_frame(made.new_frame(5, OTHER))
    yield made
    made.close()


def test_a_window_is_an_example(store: StoreUnderTest) -> None:
    """It comes back with its names, which are stored once."""
    assert put(store.writer.db, NOTES, "writing", whole_app=False)
    assert read_labels(store.reader.db).examples == (Example(NOTES, "writing", False),)


def test_a_window_that_was_never_seen_is_none(store: StoreUnderTest) -> None:
    """There is no row to name."""
    assert not put(store.writer.db, Window("gedit", "never seen"), "writing", whole_app=False)


def test_the_last_word_on_an_application_counts(store: StoreUnderTest) -> None:
    """One category for all windows of an application."""
    put(store.writer.db, NOTES, "writing", whole_app=True)
    put(store.writer.db, OTHER, "coding", whole_app=True)
    assert read_labels(store.reader.db).examples == (Example(OTHER, "coding", True),)


def test_a_name_replaces_the_one_before(store: StoreUnderTest) -> None:
    """Of one category."""
    set_name(store.writer.db, "coding", "hacking")
    set_name(store.writer.db, "coding", "编程")
    assert read_labels(store.reader.db).names == {"coding": "编程"}


def test_an_example_goes_with_its_window(store: StoreUnderTest) -> None:
    """What is forgotten leaves no example behind."""
    put(store.writer.db, NOTES, "writing", whole_app=False)
    run = store.writer.db.conn.execute
    run("UPDATE frames SET window_id = (SELECT id FROM windows WHERE title = 'letter.txt')")
    run("UPDATE moments SET window_id = (SELECT id FROM windows WHERE title = 'letter.txt')")
    drop_unused(store.writer.db)
    assert run("SELECT count(*) FROM windows").fetchone() == (1,)
    assert read_labels(store.reader.db).examples == ()


def test_the_way_back_loses_nothing_else(store: StoreUnderTest) -> None:
    """And can be gone again."""
    put(store.writer.db, NOTES, "writing", whole_app=False)
    schema.undo_m005(store.writer.db)
    assert "categories" not in store.writer.db.table_names()
    assert store.writer.db.execute("PRAGMA user_version").fetchone() == (4,)
    migrate(store.writer.db, schema.migrations, store.home.database)
    assert read_labels(store.writer.db).examples == ()
    assert store.writer.db.execute("SELECT count(*) FROM frames").fetchone() == (2,)
