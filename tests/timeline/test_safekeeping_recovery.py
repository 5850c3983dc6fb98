"""Recovery files: there whole or not at all; taken back only where they belong, losing no other key."""

from __future__ import annotations

import errno
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.stores import StoreUnderTest
from timeline.errors import KeyUnavailable, StoreUnusable, WrongUsage
from timeline.home import Home
from timeline.keys import derive, load_key
from timeline.safekeeping import recovery
from timeline.safekeeping.custody import export_key, import_key, set_passphrase
from timeline.safekeeping.key_file import KeyFile, Raw, read_key_file, write_key_file
from timeline.safekeeping.rotation import rotate
from timeline.sealed_file import SealedWriter

ROOT = Path(__file__).parents[2]


@pytest.fixture
def home(store: StoreUnderTest) -> Home:
    """A home with a text; its key is a file."""
    store.frame(0, ["harbour lights"])
    store.close()
    return store.home


@pytest.fixture
def file(home: Home, tmp_path: Path) -> Path:
    """Its recovery file."""
    export_key(home, load_key(home), tmp_path / "recovery", None)
    return tmp_path / "recovery"


def test_a_full_disk_leaves_no_recovery_file(home: Home, tmp_path: Path) -> None:
    """A half-written one would be trusted."""
    run = (
        "import resource, signal, sys; from pathlib import Path; from timeline.home import Home\n"
        "from timeline.errors import DiskFull; from timeline.keys import load_key\n"
        "from timeline.safekeeping.custody import export_key\n"
        "home = Home(Path(sys.argv[1])); key = load_key(home); signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (20, 20))\n"
        "try: export_key(home, key, Path(sys.argv[2]), None)\n"
        "except DiskFull as error: print(error)"
    )
    folder = tmp_path / "stick"
    folder.mkdir()
    told = subprocess.run(
        [sys.executable, "-c", run, str(home.root), str(folder / "recovery")],
        cwd=ROOT, capture_output=True, text=True, check=True,
    ).stdout  # fmt: skip
    assert "no room" in told
    assert list(folder.iterdir()) == []


def test_a_stick_without_links_takes_a_recovery_file(
    home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """FAT has none; a file that is there is not written over on it either."""

    def refuse(*_: object) -> None:
        raise PermissionError(errno.EPERM, "Operation not permitted")

    monkeypatch.setattr(os, "link", refuse)
    export_key(home, load_key(home), tmp_path / "a", None)
    assert recovery.read_recovery(tmp_path / "a") == Raw(load_key(home).raw)
    with pytest.raises(WrongUsage, match="is there already"):
        export_key(home, load_key(home), tmp_path / "a", None)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a", "home"]


def test_a_missing_folder_is_told(home: Home, tmp_path: Path) -> None:
    """Nothing is made."""
    with pytest.raises(WrongUsage, match="cannot be written: No such file or directory"):
        export_key(home, load_key(home), tmp_path / "none" / "file", None)
    assert not (tmp_path / "none").exists()


def test_a_file_of_another_home_is_told_as_such(home: Home, tmp_path: Path) -> None:
    """And not as damage."""
    other = StoreUnderTest.make(tmp_path / "other")
    other.close()
    export_key(other.home, other.key, tmp_path / "theirs", None)
    with pytest.raises(StoreUnusable, match="theirs is the recovery file of another data folder"):
        import_key(home, tmp_path / "theirs")


def test_a_damaged_timeline_does_not_keep_the_key_from_the_rest(home: Home, file: Path) -> None:
    """The segments are of that key as well."""
    key = load_key(home)
    segment = home.video / "2025-11-22" / "a.sealed"
    segment.parent.mkdir()
    with SealedWriter.create(segment, derive(key, "video")) as writer:
        writer.append(b"pixels")
    home.database.write_bytes(bytes(8192))
    home.key_file.unlink()
    import_key(home, file)
    assert load_key(home).raw == key.raw


@pytest.mark.parametrize("made", [True, False])
def test_an_import_into_nothing_makes_nothing(file: Path, tmp_path: Path, made: bool) -> None:
    """A mistyped home is told; nothing tells whether the key belongs there."""
    root = tmp_path / "hoem"
    if made:
        root.mkdir()
    with pytest.raises(WrongUsage, match="name the data folder"):
        import_key(Home(root), file)
    assert [*root.iterdir()] == [] if made else not root.exists()


def test_a_key_that_is_replaced_is_put_aside(home: Home, file: Path) -> None:
    """A backup of the timeline with its old key was brought back: newer segments are of the key that was there."""
    backup = home.root.with_name("backup.db")
    shutil.copy(home.database, backup)
    rotate(home, lambda done, total: None)
    newer = load_key(home).raw
    for path in home.root.glob("timeline.db*"):
        path.unlink()
    shutil.copy(backup, home.database)
    moved = import_key(home, file)
    assert moved.put_aside is not None
    assert read_key_file(home, moved.put_aside) == KeyFile(Raw(newer))
    with pytest.raises(StoreUnusable):
        import_key(home, _other(home))


def _other(home: Home) -> Path:
    file = home.root.with_name("of-nothing")
    recovery.write_recovery(file, Raw(bytes(32)))
    return file


def test_the_same_key_is_not_put_aside(home: Home, file: Path) -> None:
    """Nothing is replaced by it; a passphrase that this process knows is taken off."""
    assert import_key(home, file).put_aside is None
    set_passphrase(home, load_key(home), "eight characters")
    assert import_key(home, file).put_aside is None
    assert sorted(path.name for path in home.root.glob("key*")) == ["key"]


def test_nothing_is_taken_back_in_the_middle_of_a_change(home: Home, file: Path) -> None:
    """Both keys are needed until that is finished."""
    both = KeyFile(Raw(load_key(home).raw), Raw(bytes(32)))
    write_key_file(home, both)
    with pytest.raises(KeyUnavailable, match="dayreel key rotate"):
        import_key(home, file)
    assert read_key_file(home) == both


@pytest.mark.parametrize("content", [b"", b"\xff\xfe", b"words\n", b"raw 00\n", b"keyring name\n"])
def test_what_is_no_recovery_file_is_told(home: Home, tmp_path: Path, content: bytes) -> None:
    """One sentence, and the key stays."""
    (tmp_path / "file").write_bytes(content)
    with pytest.raises(KeyUnavailable, match="no recovery file of dayreel, or is damaged"):
        import_key(home, tmp_path / "file")
