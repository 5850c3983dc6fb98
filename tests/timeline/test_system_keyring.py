"""The system's keyring: the key goes there and comes back; one that is locked is waited for; none is ever replaced."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from dayreel.cli import main
from tests.support.secret_service import SecretService, desktop_keyring
from timeline.errors import KeyUnavailable
from timeline.home import Home
from timeline.keys import load_key
from timeline.safekeeping import custody, system_keyring
from timeline.safekeeping.rotation import rotate

# The package keyring lets go of its connection without closing it when a keyring stays locked.
pytestmark = pytest.mark.filterwarnings(
    "ignore:Exception ignored in. <socket:pytest.PytestUnraisableExceptionWarning", "ignore::ResourceWarning"
)


@pytest.fixture
def service(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[SecretService]:
    """A desktop's keyring, unlocked, and nothing else on its bus."""
    with desktop_keyring(tmp_path, monkeypatch) as found:
        yield found


@pytest.fixture
def home(tmp_path: Path) -> Home:
    made = Home(tmp_path / "home")
    made.create()
    return made


def test_the_keyring_keeps_the_key(service: SecretService, home: Home) -> None:
    """The file has a name only; the key comes back from the keyring."""
    key = load_key(home, create=True)
    assert key.kept_in == "keyring"
    assert key.raw.hex() not in home.key_file.read_text()
    assert service.secrets() == [key.raw.hex().encode()]
    assert load_key(home).raw == key.raw


def test_a_keyring_that_is_locked_at_login_is_waited_for(service: SecretService, home: Home) -> None:
    """Somebody unlocks it a little later, not through our prompt: the key comes, and it was said why it took long."""
    key, said = load_key(home, create=True), list[str]()
    service.locked = True
    service.answer_prompt = lambda _: False

    def unlock() -> None:
        service.locked = False

    threading.Timer(1.5, unlock).start()
    assert load_key(home, say=said.append).raw == key.raw
    assert len(said) == 1
    assert "locked" in said[0]


def test_a_keyring_that_stays_locked_is_one_sentence(
    service: SecretService, home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The wait is bounded, also before a prompt that nobody answers."""
    load_key(home, create=True)
    service.locked = True
    monkeypatch.setattr(system_keyring, "WAIT_S", 1.0)
    with pytest.raises(KeyUnavailable, match="is locked: unlock it"):
        load_key(home, say=lambda _: None)
    assert service.prompts == 1


def test_a_prompt_that_is_dismissed_is_not_shown_again(service: SecretService, home: Home) -> None:
    """Whoever says no to a search is not asked twice."""
    load_key(home, create=True)
    service.locked, service.answer_prompt = True, lambda _: False
    with pytest.raises(KeyUnavailable, match="is locked"):
        load_key(home)
    assert service.prompts == 1


def test_a_key_that_the_keyring_lost_is_told(service: SecretService, home: Home) -> None:
    """And what brings it back."""
    load_key(home, create=True)
    service.items.clear()
    with pytest.raises(KeyUnavailable, match="dayreel key import"):
        load_key(home)


def test_a_keyring_that_went_away_is_told(service: SecretService, home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    """No other place is taken in its stead."""
    load_key(home, create=True)
    monkeypatch.delenv("DBUS_SESSION_BUS_ADDRESS")
    with pytest.raises(KeyUnavailable, match="does not answer"):
        load_key(home)


def test_a_passphrase_takes_the_key_out_of_the_keyring(service: SecretService, home: Home) -> None:
    """Else whoever is logged in could read it there still; without the passphrase it goes back."""
    key = load_key(home, create=True)
    custody.set_passphrase(home, key, "eight characters")
    assert service.secrets() == []
    custody.remove_passphrase(home, key)
    assert service.secrets() == [key.raw.hex().encode()]
    assert load_key(home).raw == key.raw


def test_a_keyring_that_refuses_is_told_and_not_passed_over_in_silence(service: SecretService, home: Home) -> None:
    """The key then lies in a file, and whoever records hears of it."""
    said: list[str] = []
    service.locked, service.answer_prompt = True, lambda _: False
    assert load_key(home, create=True, say=said.append).kept_in == "file"
    assert "did not take the key" in said[0]


def test_another_key_takes_the_place_of_the_old_one(service: SecretService, home: Home) -> None:
    """The keyring has one key again when all is written anew."""
    old = load_key(home, create=True)
    rotate(home, lambda done, total: None)
    new = load_key(home)
    assert new.raw != old.raw
    assert service.secrets() == [new.raw.hex().encode()]


def test_uninstalling_takes_the_key_out_of_the_keyring(service: SecretService, home: Home) -> None:
    """What is left in backups cannot be read any more."""
    load_key(home, create=True)
    assert main(["--home", str(home.root), "uninstall", "--yes", "--yes"]) == 0
    assert service.secrets() == []
    assert not home.root.exists()
