"""Copies of a data folder and the keyring: each reads with the same entry, and none takes it from the other."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from dayreel.cli import main
from tests.support.secret_service import SecretService, desktop_keyring
from tests.support.stores import StoreUnderTest
from timeline.errors import DiskFull
from timeline.home import Home
from timeline.keys import load_key
from timeline.reader import Reader
from timeline.safekeeping import belonging, custody, system_keyring
from timeline.safekeeping.key_file import InKeyring, KeyFile, Raw, read_key_file, write_key_file
from timeline.safekeeping.rotation import rotate

# The package keyring lets go of its connection without closing it.
pytestmark = pytest.mark.filterwarnings(
    "ignore:Exception ignored in. <socket:pytest.PytestUnraisableExceptionWarning", "ignore::ResourceWarning"
)
PASSPHRASE = "eight characters"


@pytest.fixture
def service(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[SecretService]:
    """A desktop's keyring, unlocked, and nothing else on its bus."""
    with desktop_keyring(tmp_path, monkeypatch) as found:
        yield found


@pytest.fixture
def home(tmp_path: Path, service: SecretService) -> Home:
    """A home whose key the keyring keeps."""
    store = StoreUnderTest.make(tmp_path / "home")
    store.frame(0, ["harbour lights"])
    store.close()
    return store.home


@pytest.fixture
def copy(home: Home) -> Home:
    """The same, copied as `cp -a` does."""
    made = home.root.with_name("copy")
    subprocess.run(["cp", "-a", str(home.root), str(made)], check=True)
    return Home(made)


def _assert_readable(home: Home) -> None:
    with Reader.open(home, load_key(home)) as reader:
        assert reader.counts().frames == 1


def test_a_copy_given_another_key_leaves_the_original_its_own(home: Home, copy: Home, service: SecretService) -> None:
    """Both can be read, each with an entry of its own."""
    rotated = rotate(copy, lambda done, total: None)
    assert rotated.left is not None
    assert not rotated.left.is_own
    _assert_readable(home)
    _assert_readable(copy)
    assert len(service.secrets()) == 2


def test_a_copy_given_a_passphrase_leaves_the_original_its_key(home: Home, copy: Home) -> None:
    """And back again: the copy then has an entry of its own, which it may forget."""
    key = load_key(copy)
    assert custody.set_passphrase(copy, key, PASSPHRASE).left is not None
    _assert_readable(home)
    assert custody.remove_passphrase(copy, key).left is None
    assert custody.set_passphrase(copy, key, PASSPHRASE).left is None
    _assert_readable(home)


def test_a_copy_that_is_uninstalled_leaves_the_original_its_key(
    home: Home, copy: Home, capsys: pytest.CaptureFixture[str]
) -> None:
    """What stays is said, with the command that removes it."""
    name = _name(home)
    assert main(["--home", str(copy.root), "uninstall", "--yes", "--yes", "--json"]) == 0
    shown = capsys.readouterr()
    assert json.loads(shown.out)["kept"] == [{"what": "key in the system's keyring", "place": name}]
    assert f"-m keyring del dayreel {name}" in shown.err
    assert not copy.root.exists()
    _assert_readable(home)


def test_what_removes_an_entry_is_a_command_that_does_it(home: Home, service: SecretService) -> None:
    """As the sentence has it, in a shell."""
    subprocess.run(belonging.removal(_name(home)), shell=True, check=True, timeout=60)
    assert service.secrets() == []


def test_the_original_is_its_entrys_own(home: Home, copy: Home, service: SecretService) -> None:
    """Nothing stays in the keyring when a passphrase is set where the key was made."""
    assert custody.set_passphrase(home, load_key(home), PASSPHRASE).left is None
    assert service.secrets() == []


def test_a_home_that_was_moved_goes_on(home: Home, service: SecretService) -> None:
    """It is read; what it forgets of before is left and told, and from then on it has an entry of its own."""
    moved = Home(home.root.with_name("moved"))
    home.root.rename(moved.root)
    _assert_readable(moved)
    assert rotate(moved, lambda done, total: None).left is not None
    _assert_readable(moved)
    assert rotate(moved, lambda done, total: None).left is None
    assert len(service.secrets()) == 2


def test_a_restored_backup_goes_on(home: Home, copy: Home) -> None:
    """In the place of the original, but another folder: it may be that the original is still somewhere."""
    shutil.rmtree(home.root)
    copy.root.rename(home.root)
    _assert_readable(home)
    assert custody.set_passphrase(home, load_key(home), PASSPHRASE).left is not None


def test_an_entry_without_a_mark_may_be_anybodys(home: Home) -> None:
    """As earlier versions wrote it: it is read and never forgotten."""
    write_key_file(home, KeyFile(InKeyring(_name(home))))
    _assert_readable(home)
    left = custody.set_passphrase(home, load_key(home), PASSPHRASE).left
    assert left is not None
    assert not left.is_own


def test_a_keyring_that_does_not_let_go_is_told(
    home: Home, service: SecretService, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever set a passphrase must know that the key still lies open there."""
    key = load_key(home)
    monkeypatch.delenv("DBUS_SESSION_BUS_ADDRESS")
    left = custody.set_passphrase(home, key, PASSPHRASE).left
    assert left is not None
    assert left.is_own
    assert "did not let go" in left.sentence()
    assert len(service.secrets()) == 1


def test_an_entry_that_has_gone_already_is_no_failure(home: Home, service: SecretService) -> None:
    """There is nothing to tell of."""
    key = load_key(home)
    service.items.clear()
    assert custody.set_passphrase(home, key, PASSPHRASE).left is None


def test_a_keyring_keeps_nothing_for_a_key_file_that_could_not_be_written(
    home: Home, service: SecretService, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else the key that a passphrase guards would lie open there."""
    key = load_key(home)
    custody.set_passphrase(home, key, PASSPHRASE)

    def full(*_: object) -> None:
        raise DiskFull("no room")

    monkeypatch.setattr(belonging, "write_key_file", full)
    with pytest.raises(DiskFull):
        custody.remove_passphrase(home, key)
    assert service.secrets() == []
    assert read_key_file(home).new is None


def test_an_interrupted_change_whose_keyring_vanished_goes_on_when_it_is_back(
    home: Home, service: SecretService, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Both keys stay named meanwhile; nothing is let go."""
    fresh = belonging.kept_in_keyring(home, bytes(range(32)))
    write_key_file(home, KeyFile(read_key_file(home).entry, fresh))
    with monkeypatch.context() as gone:
        gone.setattr(system_keyring, "trusted_keyring", lambda: None)
        assert main(["--home", str(home.root), "key", "rotate"]) == 7
    assert len(service.secrets()) == 2
    assert rotate(home, lambda done, total: None).left is None
    assert load_key(home).raw == bytes(range(32))
    _assert_readable(home)


def test_a_keyring_that_loses_the_new_key_half_way_is_given_it_again(home: Home, service: SecretService) -> None:
    """Everything is of that key by then, and the old one is about to go."""
    old = load_key(home).raw.hex().encode()

    def lose(*_: int) -> None:
        service.items = {one: item for one, item in service.items.items() if item[1] == old}

    rotate(home, lose)
    _assert_readable(home)
    assert isinstance(read_key_file(home).entry, InKeyring)
    assert service.secrets() == [load_key(home).raw.hex().encode()]


def test_a_keyring_that_goes_away_half_way_leaves_the_new_key_in_a_file(
    home: Home, service: SecretService, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is told where the key is kept, and that the old one could not be removed."""
    rotated = rotate(home, lambda *_: monkeypatch.delenv("DBUS_SESSION_BUS_ADDRESS", raising=False))
    assert isinstance(rotated.entry, Raw)
    assert rotated.left is not None
    assert rotated.left.is_own
    _assert_readable(home)


def _name(home: Home) -> str:
    entry = read_key_file(home).entry
    assert isinstance(entry, InKeyring)
    return entry.name
