"""`dayreel forget` killed inside any step, of the index and of the databases' pages as well: the next start ends it."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from dayreel.cli import main
from dayreel.embedders import embedder_factory
from dayreel.forgetting import check
from index.indexer import Indexer
from index.meaning import VectorIndex, VectorRows
from tests.support.forgetting import NAME, film
from tests.support.killing import ENOUGH, run_killed
from tests.support.stores import StoreUnderTest
from timeline.home import Home
from timeline.keys import load_key
from timeline.model import ALL_TIME
from timeline.pictures import Pictures
from timeline.reader import Reader
from timeline.spool import Spool
from timeline.thumbnails import ThumbnailWriter

CODE = "the code is 4711-abc, which nobody else may ever know"
PAGES = [["morning mail arrived from all of them"], [CODE, "kind regards"], [CODE], ["evening news came at eight"]]
TEXT = ("--text", "4711-abc")


@pytest.fixture(scope="module")
def recorded(tmp_path_factory) -> Path:
    """A recorded home with raw pictures, thumbnails, full text, vectors and their cache; to be copied."""
    store = StoreUnderTest.make(tmp_path_factory.mktemp("recorded") / "home")
    ids = film(store, PAGES)
    store.writer.db.conn.execute("DELETE FROM segments WHERE name != ?", [NAME])
    with (
        Pictures(store.home, store.key, store.reader) as pictures,
        ThumbnailWriter(store.home, store.key) as thumbnails,
    ):
        for one in ids:
            thumbnails.note(store.reader.frame(one), pictures.bgr(store.reader.frame(one)))
        name = Spool(store.home, store.key).put(pictures.bgr(store.reader.frame(ids[1])))
    store.writer.db.conn.execute("UPDATE frames SET spool_name = ? WHERE id = ?", [name, ids[1]])
    embedder = embedder_factory("use")
    indexer = Indexer.open(store.home, store.key, embedder)
    indexer.catch_up(store.reader)
    made = embedder()
    assert made is not None
    rows = VectorRows(indexer._db, made.name, made.dimension)
    VectorIndex.open(store.home, store.key, rows, indexer._texts.state("store")).publish(anyway=True)
    indexer.close()
    store.close()
    return store.home.root


@pytest.fixture
def home(recorded, tmp_path) -> Home:
    """A copy of it."""
    return Home(Path(shutil.copytree(recorded, tmp_path / "home")))


def whole(home: Home, key) -> bool:
    """Tell whether all frames are there, each with its picture, and the texts that stay."""
    with Reader.open(home, key) as reader, Pictures(home, key, reader) as pictures:
        for frame in reader.frames(ALL_TIME):
            pictures.bgr(frame)
        texts = sorted(one.text for one in reader.changed_passages(0, 99))
        return reader.counts().frames == len(PAGES) and texts == [PAGES[3][0], "kind regards", PAGES[0][0]]


@pytest.mark.parametrize("ending", [("forget", "--yes", *TEXT), ("work", "--until-idle")])
@pytest.mark.parametrize(
    ("mark", "count"),
    [
        ("DELETE FROM entries", 1), ("'optimize'", 1), ("replace {home}/vectors.index", 1),
        ("PRAGMA incremental_vacuum", 3), ("PRAGMA wal_checkpoint", 1), ("PRAGMA wal_checkpoint", 2),
        ("PRAGMA wal_checkpoint", 3), ("unlink {home}/video", 2), ("DELETE FROM forgetting", ENOUGH - 1),
    ],
)  # fmt: skip
def test_killed_inside_a_step_the_next_start_ends_it(home, mark, count, ending):
    """Of the index: in its transaction, before its words are merged, before the vectors are swapped; of the pages:
    before those of any database; before a segment's old file goes; and at the very end."""
    key, mark = load_key(home), mark.format(home=home.root)
    command = ["forget", "--home", str(home.root), "--yes", *TEXT]
    if count == ENOUGH - 1:
        other = Home(Path(shutil.copytree(home.root, home.root.with_name("counted"))))
        total = run_killed(mark, ENOUGH, ["forget", "--home", str(other.root), "--yes", *TEXT])
        assert total is not None
        count = total
    assert run_killed(mark, count, command) is None
    assert main([ending[0], "--home", str(home.root), *ending[1:]]) in (0, 3)
    assert check(home, key, text="4711-abc") == []
    assert whole(home, key)
    with Reader.open(home, key) as reader:
        assert reader.db.conn.execute("SELECT count(*) FROM forgetting").fetchone() == (0,)


def test_killed_before_its_commit_nothing_is_lost(home):
    """It is as if nobody had asked."""
    command = ["forget", "--home", str(home.root), "--yes", *TEXT]
    assert run_killed("INSERT OR IGNORE INTO forgetting", 5, command) is None
    with Reader.open(home, load_key(home)) as reader:
        assert sum("4711-abc" in one.text for one in reader.changed_passages(0, 99)) == 2
        assert reader.db.conn.execute("SELECT count(*) FROM hidden").fetchone() == (0,)
