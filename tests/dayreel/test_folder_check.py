"""What `dayreel doctor`, `start` and `status` say of where a home lies and who may read it."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from dayreel.cli import main
from dayreel.doctor import Finding, examine
from timeline.home import Home


def folder_finding(root: Path) -> Finding:
    """Return what doctor finds of the folder."""
    return next(one for one in examine(Home(root)) if one.check == "folder")


@pytest.fixture
def home(tmp_path: Path) -> Home:
    """An empty home."""
    made = Home(tmp_path / "home")
    made.create()
    return made


def test_a_folder_of_ones_own_is_well(home: Home) -> None:
    """Checking it changes nothing."""
    assert folder_finding(home.root).state == "ok"


def test_a_folder_that_is_not_there_yet_is_a_warning(tmp_path: Path) -> None:
    """It is made by the first recording."""
    assert folder_finding(tmp_path / "none").state == "warning"


@pytest.mark.parametrize(("name", "mode"), [(".", 0o750), ("video", 0o755), ("timeline.db", 0o644)])
def test_what_others_may_read_is_a_warning_with_the_command_that_mends_it(home: Home, name: str, mode: int) -> None:
    """Of a folder and of a file."""
    path = home.root / name
    if name == "timeline.db":
        path.touch()
    path.chmod(mode)
    found = folder_finding(home.root)
    assert (found.state, found.mend) == ("warning", f"chmod {'600' if name == 'timeline.db' else '700'} {path}")


def test_a_link_is_broken(home: Home, tmp_path: Path) -> None:
    """Nothing is recorded there; doctor's sentence is that of the recorder."""
    home.spool.rmdir()
    home.spool.symlink_to(tmp_path)
    found = folder_finding(home.root)
    assert found.state == "broken"
    assert f"{home.spool} is a link" in found.detail


@pytest.mark.skipif(os.geteuid() != 0, reason="only root may give files away")
@pytest.mark.parametrize("command", [["start"], ["record"], ["pause"]])
def test_a_folder_of_another_user_is_refused(
    home: Home, command: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    """In one sentence, with the code of a store that cannot be used."""
    os.chown(home.root, 12345, 12345)
    assert main(["--home", str(home.root), *command]) == 6
    told = capsys.readouterr().err
    assert "belongs to another user: run dayreel as that user" in told
    assert told.count("dayreel: ") == 1


def test_a_synced_folder_is_told_by_doctor_and_status(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """It is used all the same: leaving it out of what is copied is enough."""
    home = Home(tmp_path / "Dropbox" / "dayreel")
    home.create()
    assert folder_finding(home.root).state == "warning"
    assert main(["--home", str(home.root), "--json", "status"]) == 0
    assert any("a folder that Dropbox copies" in one for one in json.loads(capsys.readouterr().out)["warnings"])
