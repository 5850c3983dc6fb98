"""Commands that only read, on a home that an older version of dayreel has written."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest

from dayreel import upgrading
from dayreel.cli import main
from dayreel.locks import hold
from index import store as index_steps
from index.indexer import Indexer
from index.lexical import Lexical
from index.store import discard
from tests.support.stores import NOON_US, StoreUnderTest
from timeline import schema
from timeline.database import Migrations, migrate, open_database
from timeline.errors import StoreUnusable
from timeline.home import Home
from timeline.keys import load_key

HOLDS = "import sys, time; from dayreel.locks import hold; from timeline.home import Home; from pathlib import Path\n"
HOLDS += "with hold(Home(Path(sys.argv[1])), sys.argv[2]):\n    print(flush=True); sys.stdin.read()"


@pytest.fixture
def older(tmp_path: Path) -> Home:
    """A home of the first version, with one gap in it."""
    home = Home(tmp_path / "older")
    home.create()
    first = Migrations("timeline")
    first()(schema.m001_first_tables)
    db = open_database(home.database, load_key(home, create=True))
    migrate(db, first, home.database)
    db.conn.execute("INSERT INTO gaps (start_us, end_us, reason) VALUES (?, ?, 'idle')", [NOON_US, NOON_US + 10])
    db.close()
    return home


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["status"], 0),
        (["search", "uploader"], 3),
        (["text", "2025-11-22T12:00Z"], 3),
        (["ask", "what did I read?", "--no-llm"], 3),
        (["frame", "2025-11-22T12:00Z", "--out", "/tmp/never.png"], 3),
    ],
)
def test_a_command_that_reads_brings_an_older_home_up_to_date(
    older: Home, arguments: list[str], code: int, capsys: pytest.CaptureFixture[str]
) -> None:
    """It answers as on a home of this version."""
    assert main(["--home", str(older.root), *arguments, "--json"]) == code
    json.loads(capsys.readouterr().out or "[]")
    assert not upgrading.is_older(older, load_key(older))


def test_what_an_older_home_holds_is_told_after_it_was_brought_up(
    older: Home, capsys: pytest.CaptureFixture[str]
) -> None:
    """Status lists its gap."""
    assert main(["--home", str(older.root), "--now", "2025-11-22T18:00Z", "--json", "status"]) == 0
    assert [gap["reason"] for gap in json.loads(capsys.readouterr().out)["gaps"]] == ["idle"]


@pytest.mark.parametrize("role", ["recorder", "worker", "import"])
def test_a_home_that_an_older_version_writes_to_is_left_alone(
    older: Home, role: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who it is and what to do is said in one sentence; its tables stay as it knows them."""
    monkeypatch.setattr(upgrading, "BEGUN_WITHIN_S", 0.0)
    command = [sys.executable, "-c", HOLDS, str(older.root), role]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as writer:
        assert writer.stdout is not None
        writer.stdout.readline()
        with pytest.raises(StoreUnusable, match=rf"a process of that version \({writer.pid}\) still writes"):
            upgrading.open_reader(older, load_key(older))
        assert upgrading.is_older(older, load_key(older))


def test_where_nothing_can_be_written_an_older_home_is_told_of(older: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    """As of a mounted backup: what to do stands in the sentence."""
    monkeypatch.setattr("os.access", lambda path, mode: False)
    with pytest.raises(StoreUnusable, match="copy the folder to another disk"):
        upgrading.open_reader(older, load_key(older))


def test_a_newer_home_is_never_touched(store: StoreUnderTest) -> None:
    """Its version is said as ever."""
    store.writer.db.execute("PRAGMA user_version = 99")
    with pytest.raises(StoreUnusable, match="newer version"):
        upgrading.open_reader(store.home, store.key)


def test_a_home_whose_maker_was_killed_is_finished(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A database without any table is one that was never finished."""
    home = Home(tmp_path / "begun")
    home.create()
    load_key(home, create=True)
    home.database.touch(mode=0o600)
    assert main(["--home", str(home.root), "--json", "status"]) == 0
    assert json.loads(capsys.readouterr().out)["frames"] == 0


def test_doctor_says_that_a_home_is_older_and_changes_nothing(older: Home, capsys: pytest.CaptureFixture[str]) -> None:
    """It is no damage."""
    main(["--home", str(older.root), "--json", "doctor"])
    [finding] = [one for one in json.loads(capsys.readouterr().out) if one["check"] == "store"]
    assert finding["state"] == "warning"
    assert upgrading.is_older(older, load_key(older))


def second_index(store: StoreUnderTest) -> None:
    """Turn the index into what the version before wrote, the full text included."""
    Indexer.open(store.home, store.key, None).close()
    discard(store.home)
    second = Migrations("index")
    second()(index_steps.m001_first_tables)
    second()(index_steps.m002_fewer_vectors)
    db = open_database(store.home.index_database, store.key)
    migrate(db, second, store.home.index_database)
    for one in store.reader.changed_passages(0, 100):
        db.conn.execute("INSERT INTO texts VALUES (?, ?)", [one.id, one.text_hash])
        db.conn.execute("INSERT INTO entries VALUES (?, ?)", [one.id, one.id])
        db.conn.execute("UPDATE state SET value = ? WHERE name = 'changed'", [one.changed])
        Lexical(db).put(one.id, one.text, one.window, date(2025, 11, 22))
    db.close()


@pytest.fixture
def indexed(store: StoreUnderTest) -> StoreUnderTest:
    """A home of this version whose index is of the one before."""
    store.frame(0, ["the weather of tomorrow"])
    second_index(store)
    return store


def found(home: Home, capsys: pytest.CaptureFixture[str]) -> list[str]:
    """Search by text and return what was found."""
    assert main(["--home", str(home.root), "--json", "search", "weather", "--mode", "text"]) == 0
    return [hit["text"] for hit in json.loads(capsys.readouterr().out)]


def test_what_an_older_home_holds_is_found_after_status_brought_it_up(
    indexed: StoreUnderTest, capsys: pytest.CaptureFixture[str]
) -> None:
    """Its index is brought up with it: no worker must run before."""
    schema.undo_m005(indexed.writer.db)
    schema.undo_m004(indexed.writer.db)
    schema.undo_m003(indexed.writer.db)
    indexed.close()
    assert upgrading.is_older(indexed.home, indexed.key)
    assert main(["--home", str(indexed.home.root), "status"]) == 0
    capsys.readouterr()
    assert not upgrading.index_is_older(indexed.home, indexed.key)
    assert found(indexed.home, capsys) == ["the weather of tomorrow"]


def test_an_older_index_alone_is_brought_up_by_a_search(
    indexed: StoreUnderTest, capsys: pytest.CaptureFixture[str]
) -> None:
    """Where the timeline was brought up without it."""
    assert found(indexed.home, capsys) == ["the weather of tomorrow"]


def test_an_older_index_that_is_in_use_says_what_to_do(
    indexed: StoreUnderTest, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A worker of the older version writes to it."""
    monkeypatch.setattr(upgrading, "BEGUN_WITHIN_S", 0.0)
    with hold(indexed.home, "worker"):
        assert main(["--home", str(indexed.home.root), "search", "weather", "--mode", "text"]) == 6
    assert "end it with `dayreel stop`, then ask again" in capsys.readouterr().err


@pytest.mark.parametrize("damage", [b"no database", b""])
def test_an_index_that_cannot_be_brought_up_is_the_workers_to_make_anew(
    indexed: StoreUnderTest, damage: bytes, capsys: pytest.CaptureFixture[str]
) -> None:
    """One that is missing or damaged: the sentence names the command."""
    indexed.home.index_database.write_bytes(damage)
    for end in ("-wal", "-shm"):
        indexed.home.root.joinpath(f"index.db{end}").unlink(missing_ok=True)
    assert main(["--home", str(indexed.home.root), "search", "weather", "--mode", "text"]) == 6
    assert "run `dayreel work`, which builds it anew" in capsys.readouterr().err
