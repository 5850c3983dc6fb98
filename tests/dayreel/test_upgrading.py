"""Commands that only read, on a home that an older version of dayreel has written."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from dayreel import upgrading
from dayreel.cli import main
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
