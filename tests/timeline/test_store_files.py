"""The files of a home: who may read them, what foreign and damaged ones do, and where the key is."""

from __future__ import annotations

import sqlite3
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.stores import StoreUnderTest
from timeline.database import open_database, transaction
from timeline.errors import DiskFull, KeyUnavailable, StoreUnusable
from timeline.home import Home
from timeline.keys import Key, derive, load_key, seal, unseal
from timeline.reader import Reader
from timeline.writer import Writer

ROOT = Path(__file__).parents[2]


def _mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_folders_and_files_belong_to_their_owner_alone(store: StoreUnderTest) -> None:
    """Folders are 0700, files 0600."""
    store.frame(0, ["words"])
    paths = [store.home.root, *store.home.root.rglob("*")]
    assert [path for path in paths if _mode(path) != (0o700 if path.is_dir() else 0o600)] == []


def test_a_folder_of_somebody_else_is_refused(tmp_path: Path) -> None:
    """`--home ~` must neither mix files nor close the folder to others."""
    (tmp_path / "holiday.txt").write_text("theirs")
    tmp_path.chmod(0o755)
    with pytest.raises(StoreUnusable, match="holds other files"):
        Home(tmp_path).create()
    assert _mode(tmp_path) == 0o755


def test_settings_may_be_there_before_the_store(tmp_path: Path) -> None:
    """A careful user excludes applications before the first recording."""
    (tmp_path / "config.toml").write_text("[privacy]\napps = []\n")
    Home(tmp_path).create()
    assert _mode(tmp_path) == 0o700


def test_the_text_of_the_screen_is_not_in_the_files(store: StoreUnderTest) -> None:
    """Database and write-ahead log are encrypted from the first byte."""
    store.frame(0, ["zebra quartz"])
    for path in store.home.root.rglob("*"):
        if path.is_file():
            assert b"zebra quartz" not in path.read_bytes()


def test_another_key_is_refused_and_changes_nothing(store: StoreUnderTest) -> None:
    """A wrong key is one sentence, and the file stays as it is."""
    store.writer.close()
    before = store.home.database.read_bytes()
    with pytest.raises(StoreUnusable, match="belongs to another key"):
        open_database(store.home.database, Key(b"k" * 32, "file"))
    assert store.home.database.read_bytes() == before
    store.writer = Writer.open(store.home, store.key)


def test_a_plain_sqlite_file_is_refused(tmp_path: Path) -> None:
    """A foreign database is left as it is."""
    home = Home(tmp_path / "home")
    home.create()
    load_key(home, create=True)
    foreign = sqlite3.connect(home.database)
    foreign.execute("CREATE TABLE theirs (x)")
    foreign.close()
    before = home.database.read_bytes()
    with pytest.raises(StoreUnusable, match="no database of dayreel"):
        Writer.open(home, load_key(home))
    assert home.database.read_bytes() == before


def test_a_store_of_a_newer_version_is_refused(store: StoreUnderTest) -> None:
    """An older program must not write what it does not understand."""
    store.writer.db.execute("PRAGMA user_version = 999")
    with pytest.raises(StoreUnusable, match="newer version"):
        Writer.open(store.home, store.key)


def test_a_reader_of_a_newer_store_says_so(store: StoreUnderTest) -> None:
    """An older program must not read what it does not understand either."""
    store.writer.db.execute("PRAGMA user_version = 999")
    with pytest.raises(StoreUnusable, match="newer version"):
        Reader.open(store.home, store.key)


def test_a_reader_of_nothing_says_so(tmp_path: Path) -> None:
    """Reading never makes a store."""
    home = Home(tmp_path / "home")
    home.create()
    key = load_key(home, create=True)
    with pytest.raises(StoreUnusable, match="nothing has been recorded"):
        Reader.open(home, key)
    assert not home.database.exists()


def test_a_reader_cannot_write(store: StoreUnderTest) -> None:
    """Search and the interface can never damage the timeline."""
    from timeline.database import DatabaseError

    with pytest.raises(DatabaseError, match="readonly"):
        store.reader.db.conn.execute("DELETE FROM frames")


def test_a_full_disk_is_said_and_nothing_is_half_written(store: StoreUnderTest) -> None:
    """A transaction that finds no room is rolled back whole."""
    (pages,) = store.writer.db.execute("PRAGMA page_count").fetchone()
    store.writer.db.execute(f"PRAGMA max_page_count = {pages}")

    def fill() -> None:
        with transaction(store.writer.db):
            for number in range(2000):
                store.writer.db.conn.execute("INSERT INTO gaps VALUES (?, 0, 0, ?)", [number, "x" * 100])

    with pytest.raises(DiskFull):
        fill()
    assert store.reader.db.execute("SELECT count(*) FROM gaps").fetchone() == (0,)


def test_a_key_is_made_once(tmp_path: Path) -> None:
    """The second start finds the key of the first."""
    home = Home(tmp_path / "home")
    home.create()
    assert load_key(home, create=True).raw == load_key(home).raw


def test_first_starts_at_the_same_time_share_one_key(tmp_path: Path) -> None:
    """A recorder and an import that both find an empty home must not each make a key."""
    script = (
        "import sys; from pathlib import Path; from timeline.home import Home; from timeline.keys import load_key\n"
        "home = Home(Path(sys.argv[1])); home.create(); sys.stdin.readline()\n"
        "print(load_key(home, create=True).raw.hex())"
    )
    command = [sys.executable, "-c", script, str(tmp_path / "home")]
    starts = [
        subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT) for _ in range(4)
    ]
    keys = {start.communicate("go\n", timeout=60)[0] for start in starts}
    assert keys == {load_key(Home(tmp_path / "home")).raw.hex() + "\n"}


def test_without_a_keyring_the_key_is_a_private_file(tmp_path: Path) -> None:
    """And it says so: status and doctor show it."""
    home = Home(tmp_path / "home")
    home.create()
    assert load_key(home, create=True).kept_in == "file"
    assert _mode(home.key_file) == 0o600


def test_a_store_without_its_key_is_never_given_a_new_one(store: StoreUnderTest) -> None:
    """A new key would make the old store unreadable for good."""
    store.home.key_file.unlink()
    with pytest.raises(KeyUnavailable, match="restore it"):
        load_key(store.home, create=True)


def test_a_damaged_key_file_is_told(store: StoreUnderTest) -> None:
    """A cut key is no key."""
    store.home.key_file.write_text("raw 1234\n")
    with pytest.raises(KeyUnavailable, match="damaged"):
        load_key(store.home)


def test_a_key_does_not_show_itself(store: StoreUnderTest) -> None:
    """No log and no traceback prints it by accident."""
    assert store.key.raw.hex() not in repr(store.key)
    assert repr(store.key.raw) not in repr(store.key)


def test_what_is_sealed_for_one_purpose_does_not_open_for_another(store: StoreUnderTest) -> None:
    """Each use has its own derived key."""
    sealed = seal(derive(store.key, "spool"), b"data")
    assert unseal(derive(store.key, "spool"), sealed) == b"data"
    with pytest.raises(StoreUnusable):
        unseal(derive(store.key, "vectors"), sealed)


def test_a_home_that_cannot_be_a_folder_is_told(tmp_path: Path) -> None:
    """A file in its place is one sentence, not a traceback."""
    (tmp_path / "home").write_text("a file")
    with pytest.raises(StoreUnusable, match="cannot be used"):
        Home(tmp_path / "home").create()
