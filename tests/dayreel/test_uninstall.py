"""`dayreel uninstall`: everything of dayreel's goes, nothing else does, and it is asked twice."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.support.product import ROOT
from tests.support.stores import StoreUnderTest
from tests.support.terminal import run_on_terminal
from timeline.home import Home

FIRST, SECOND = "[y/N]", "Type `remove`"


@dataclass(frozen=True, slots=True)
class Account:
    """A user with a folder, settings and a home of dayreel's."""

    folder: Path
    home: Home

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            self._command(arguments), env=self._environment(), cwd=ROOT, capture_output=True, text=True, timeout=60,
            check=False, stdin=subprocess.DEVNULL,
        )  # fmt: skip

    def type(self, *answers: tuple[str, str]) -> tuple[int, str]:
        return run_on_terminal(self._command(()), self._environment(), ROOT, answers)

    def _command(self, arguments: tuple[str, ...]) -> list[str]:
        return [sys.executable, "-m", "dayreel", "--home", str(self.home.root), "uninstall", *arguments]

    def _environment(self) -> dict[str, str]:
        unwanted = ("XDG_CONFIG_HOME", "XDG_RUNTIME_DIR")
        environment = {name: value for name, value in os.environ.items() if name not in unwanted}
        usual = str(self.folder / "data" / "dayreel")
        return {
            **environment,
            "HOME": str(self.folder),
            "DAYREEL_HOME": usual,
            "PYTHON_KEYRING_BACKEND": "keyring.backends.null.Keyring",
        }


@pytest.fixture
def account(tmp_path: Path) -> Account:
    store = StoreUnderTest.make(tmp_path / "user" / "data" / "dayreel")
    store.frame(0, ["words"])
    store.close()
    (tmp_path / "user" / "letter.txt").write_text("theirs")
    return Account(tmp_path / "user", store.home)


def test_it_is_asked_twice_the_second_time_for_a_word(account: Account) -> None:
    """A yes alone removes nothing."""
    code, shown = account.type((FIRST, "y"), (SECOND, "yes"))
    assert (code, account.home.database.exists()) == (1, True)
    assert "Nothing was removed" in shown
    code, shown = account.type((FIRST, "y"), (SECOND, "remove"))
    assert (code, account.home.root.exists()) == (0, False)
    assert "pipx uninstall dayreel" in shown


def test_nothing_is_removed_unasked(account: Account) -> None:
    """Without a terminal --yes must be given twice."""
    assert account.run().returncode == 2
    assert account.run("--yes").returncode == 2
    assert account.home.database.exists()


def test_what_starts_dayreel_at_login_goes_too(account: Account) -> None:
    """And the demo's home; what is others' stays."""
    autostart = account.folder / ".config" / "autostart"
    autostart.mkdir(parents=True)
    (autostart / "dayreel.desktop").write_text("[Desktop Entry]\n")
    (autostart / "theirs.desktop").write_text("[Desktop Entry]\n")
    demo = StoreUnderTest.make(account.home.root.with_name("dayreel-demo"))
    demo.close()
    done = account.run("--yes", "--yes", "--json")
    assert done.returncode == 0
    removed = json.loads(done.stdout)["removed"]
    assert [one["what"] for one in removed] == ["start at login", "recordings and settings", "recordings and settings"]
    left = sorted(path.relative_to(account.folder).as_posix() for path in account.folder.rglob("*") if path.is_file())
    assert left == [".config/autostart/theirs.desktop", "letter.txt"]


def test_a_folder_that_is_no_home_is_refused(tmp_path: Path) -> None:
    """Whatever lies there stays."""
    (tmp_path / "holiday.txt").write_text("theirs")
    account = Account(tmp_path, Home(tmp_path))
    refused = account.run("--yes", "--yes")
    assert refused.returncode == 2
    assert "no data folder of dayreel" in refused.stderr
    assert (tmp_path / "holiday.txt").exists()


def test_a_link_to_a_home_is_refused(account: Account, tmp_path: Path) -> None:
    """What it leads to may be shared or a mistake."""
    link = tmp_path / "link"
    link.symlink_to(account.home.root)
    assert Account(account.folder, Home(link)).run("--yes", "--yes").returncode == 2
    assert account.home.database.exists()


def test_a_home_that_holds_the_users_own_folder_is_refused(account: Account) -> None:
    """A store in the wrong place must not take everything with it."""
    owner = Account(account.home.root / "video", account.home)
    assert owner.run("--yes", "--yes").returncode == 2
    assert account.home.database.exists()


def test_a_link_inside_a_home_is_removed_and_not_followed(account: Account, tmp_path: Path) -> None:
    """Only the link goes."""
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "kept").write_text("theirs")
    (account.home.video / "link").symlink_to(elsewhere)
    assert account.run("--yes", "--yes").returncode == 0
    assert (elsewhere / "kept").exists()
    assert not account.home.root.exists()


def test_what_is_beside_the_recordings_stays(account: Account) -> None:
    """Somebody may keep a file of theirs in the data folder."""
    (account.home.root / "notes.txt").write_text("theirs")
    assert account.run("--yes", "--yes").returncode == 0
    assert [path.name for path in account.home.root.iterdir()] == ["notes.txt"]


def test_a_folder_with_a_file_called_key_is_refused(tmp_path: Path) -> None:
    """That makes it no data folder."""
    (tmp_path / "key").write_text("k")
    (tmp_path / "thesis.tex").write_text("theirs")
    assert Account(tmp_path, Home(tmp_path)).run("--yes", "--yes").returncode == 2
    assert (tmp_path / "thesis.tex").exists()


def test_another_home_leaves_what_the_login_has(account: Account, tmp_path: Path) -> None:
    """What starts dayreel at login starts the usual home."""
    autostart = account.folder / ".config" / "autostart"
    autostart.mkdir(parents=True)
    (autostart / "dayreel.desktop").write_text("[Desktop Entry]\n")
    other = StoreUnderTest.make(tmp_path / "other")
    other.close()
    assert Account(account.folder, other.home).run("--yes", "--yes").returncode == 0
    assert (autostart / "dayreel.desktop").exists()
