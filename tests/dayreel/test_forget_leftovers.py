"""The look after `dayreel forget` tells the truth: whatever is left, wherever it lies, is told by its place."""

from __future__ import annotations

import os

import pytest

from dayreel.cli import main
from dayreel.embedders import embedder_factory
from dayreel.forgetting import check
from index.indexer import Indexer
from tests.support.forgetting import NAME, film
from tests.support.segments import files
from timeline.database import open_database
from timeline.forgetting.applying import apply
from timeline.forgetting.finishing import Finishing, clean_pages
from timeline.forgetting.plan import Selection
from timeline.forgetting.sampling import samples
from timeline.forgetting.selection import select
from timeline.model import Window
from timeline.pictures import Pictures
from timeline.small_pictures import shrink, to_webp
from timeline.spool import Spool
from timeline.thumbnails import ThumbnailWriter

CODE = "the code is 4711-abc"
PAGES = [["morning mail arrived"], [CODE, "kind regards"], ["evening news came"]]
NO_PROCESS = 2**22 + 1  # above what Linux gives


@pytest.fixture
def clean(store):
    """A home from which a text was forgotten, and in which nothing is found; with the plan and its segments."""
    store.ids = film(store, PAGES, [Window("Mail", "Inbox"), Window("Chat", "Quill"), Window("News", "Page")])
    store.writer.db.conn.execute("DELETE FROM segments WHERE name != ?", [NAME])
    store.segment_id = store.reader.frame(store.ids[0]).segment_id
    with (
        Pictures(store.home, store.key, store.reader) as pictures,
        ThumbnailWriter(store.home, store.key) as thumbnails,
    ):
        store.shown = pictures.bgr(store.reader.frame(store.ids[1]))
        for one in store.ids:
            thumbnails.note(store.reader.frame(one), store.shown)
    indexer = Indexer.open(store.home, store.key, embedder_factory("use"))
    indexer.catch_up(store.reader)
    indexer.close()
    store.old = (store.home.video / NAME).read_bytes()
    store.plan = select(store.reader.db, Selection(text="4711-abc"))
    store.pieces = samples(store.reader.db, store.plan)
    assert main(["forget", "--home", str(store.home.root), "--yes", "--text", "4711-abc"]) == 0
    assert left(store) == []
    return store


def left(store) -> list[str]:
    """Return what the check finds."""
    return check(store.home, store.key, store.plan, None, "4711-abc", store.pieces)


def test_a_segment_left_behind_is_found(clean):
    """As a kill leaves it between the swap and the removal of the old file."""
    (clean.home.video / NAME).write_bytes(clean.old)
    assert left(clean) == ["video: a file that no segment names"]


def test_a_copy_left_half_written_is_found(clean):
    """Beside the segments, under a name that ends in .new."""
    (clean.home.video / f"{NAME.replace('0000000a', '0000000b')}.new").write_bytes(clean.old)
    assert left(clean) == ["video: a file that no segment names"]


def test_a_segment_with_the_old_pixels_is_found(clean):
    """Under the name that its row says."""
    [name] = files(clean.home)
    (clean.home.video / name).write_bytes(clean.old)
    assert left(clean) == ["video: a frame that is not covered"]


def test_a_thumbnail_that_shows_it_is_found(clean):
    """Of a frame that is covered, made from its old picture."""
    with ThumbnailWriter(clean.home, clean.key) as thumbnails:
        db = thumbnails._db.conn
        db.execute("INSERT OR REPLACE INTO thumbnails VALUES (?, ?)", [clean.ids[1], to_webp(shrink(clean.shown))])
        db.execute("INSERT OR REPLACE INTO shown VALUES (?, ?)", [clean.ids[1], clean.ids[1]])
    assert left(clean) == ["thumbnails.db"]


def test_a_covered_thumbnail_is_none(clean):
    """It was made again from what readers see."""
    with (
        Pictures(clean.home, clean.key, clean.reader) as pictures,
        ThumbnailWriter(clean.home, clean.key) as thumbnails,
    ):
        frame = clean.reader.frame(clean.ids[1])
        thumbnails.note(frame, pictures.bgr(frame))
    assert left(clean) == []


def test_a_raw_picture_that_shows_it_is_found(clean):
    """The entry that its frame names."""
    name = Spool(clean.home, clean.key).put(clean.shown)
    clean.writer.db.conn.execute("UPDATE frames SET spool_name = ? WHERE id = ?", [name, clean.ids[1]])
    assert left(clean) == ["spool: a picture that is not covered"]


@pytest.mark.parametrize("end", ["", ".new"])
def test_a_raw_picture_that_no_frame_names_is_found(clean, end):
    """Put there, or half put there, by a recorder that was killed before it committed."""
    path = clean.home.spool / Spool(clean.home, clean.key).put(clean.shown)
    path.rename(f"{path}{end}")
    assert left(clean) == ["spool: a picture that no frame needs"]


def test_vectors_left_half_written_are_found(clean):
    """By a worker that was killed while it wrote their cache anew."""
    clean.home.vectors.with_name(f"vectors.index.{NO_PROCESS}.new").write_bytes(b"sealed")
    assert left(clean) == ["vectors.index: a file that was not finished"]


def test_vectors_being_written_are_none(clean):
    """The process that writes them runs."""
    clean.home.vectors.with_name(f"vectors.index.{os.getpid()}.new").write_bytes(b"sealed")
    assert left(clean) == []


def test_an_older_cache_of_the_vectors_is_found(clean):
    """Put back from a backup: it holds the vector of a text that is not there."""
    frame = clean.frame(100, ["much is said here about an entirely different matter"])
    indexer = Indexer.open(clean.home, clean.key, embedder_factory("use"))
    indexer.catch_up(clean.reader)
    indexer._vectors._index.publish(anyway=True)
    indexer.close()
    old = clean.home.vectors.read_bytes()
    assert main(["forget", "--home", str(clean.home.root), "--yes", "--id", f"frame:{frame}"]) == 0
    clean.home.vectors.write_bytes(old)
    assert left(clean) == ["vectors.index: vectors"]


@pytest.mark.parametrize("name", ["timeline.db", "index.db", "thumbnails.db"])
def test_a_table_that_holds_it_is_found(clean, name):
    """Any table of any database: a history, an answer that was kept, a result of a stage."""
    db = open_database(clean.home.root / name, clean.key)
    db.conn.execute("CREATE TABLE answers (at INTEGER, said TEXT)")
    db.conn.execute("INSERT INTO answers VALUES (1, 'it was 4711-ABC, I think')")
    db.close()
    assert f"{name}: answers" in left(clean)


def test_a_free_page_that_holds_it_is_found(clean):
    """Deleted, but not overwritten."""
    run = clean.writer.db.conn.execute
    run("PRAGMA secure_delete = OFF")
    run("CREATE TABLE answers (said TEXT)")
    run("INSERT INTO answers VALUES (?)", [f"{'x' * 9000} {CODE}"])
    run("DELETE FROM answers")
    run("PRAGMA secure_delete = ON")
    run("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
    assert left(clean) == ["timeline.db: pages"]
    assert check(clean.home, clean.key, clean.plan, None, None, clean.pieces) == ["timeline.db: pages"]


def test_a_log_of_the_database_that_holds_it_is_found(clean):
    """Written over in the file, but an older state stands in the log that was not emptied yet."""
    run = clean.writer.db.conn.execute
    run("CREATE TABLE answers (said TEXT)")
    run("INSERT INTO answers VALUES (?)", [CODE])
    run("UPDATE answers SET said = '-'")
    assert left(clean) == ["timeline.db: pages"]
    assert clean_pages(clean.home.database, clean.key)
    assert left(clean) == []


def test_a_log_that_says_it_is_found(clean):
    """The log of recorder and worker."""
    (clean.home.root / "dayreel.log").write_text(f"worker: read '{CODE}'\n", "utf-8")
    assert left(clean) == ["dayreel.log"]


def test_what_somebody_still_reads_is_told(clean, monkeypatch):
    """A reader of an older state keeps the log from being emptied: that is said, and done another time."""
    monkeypatch.setattr("timeline.forgetting.finishing.READERS_WAIT_S", 0.2)
    reader = open_database(clean.home.database, clean.key, read_only=True)
    reader.conn.execute("BEGIN")
    reader.conn.execute("SELECT count(*) FROM lines").fetchone()
    assert main(["forget", "--home", str(clean.home.root), "--yes", "--app", "Mail"]) == 1
    assert "timeline.db: pages and logs that somebody still reads" in left(clean)
    reader.close()
    assert main(["forget", "--home", str(clean.home.root), "--yes", "--app", "Mail"]) == 3
    assert left(clean) == []


def test_all_that_a_kill_can_leave_is_swept(clean):
    """The next forgetting removes it."""
    (clean.home.video / f"{NAME}.new").write_bytes(clean.old)
    (clean.home.video / NAME).write_bytes(clean.old)
    Spool(clean.home, clean.key).put(clean.shown)
    clean.home.vectors.with_name(f"vectors.index.{NO_PROCESS}.new").write_bytes(b"sealed")
    assert main(["forget", "--home", str(clean.home.root), "--yes", "--app", "Mail"]) == 0
    assert left(clean) == []


def test_pieces_that_stand_elsewhere_rightly_are_not_told(clean, capsys):
    """The same words stood at another time, which stays."""
    first = clean.frame(50, ["all the same words here"])
    clean.frame(200, ["all the same words here"])
    assert main(["forget", "--home", str(clean.home.root), "--yes", "--id", f"frame:{first}"]) == 0
    assert "Checked: nothing found." in capsys.readouterr().out


def test_what_went_is_not_told_anywhere(clean):
    """Neither in what is said nor in what is left to do."""
    (clean.home.root / "dayreel.log").write_text(CODE, "utf-8")
    assert "4711" not in str(left(clean))
    apply(clean.writer, Selection(text="evening news"), select(clean.reader.db, Selection(text="evening news")))
    assert "evening" not in str(Finishing(clean.home, clean.key, clean.writer).left())
