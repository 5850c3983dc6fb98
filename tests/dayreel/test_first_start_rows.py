"""What is told before the first recording: the same in the terminal and in the interface, and once only."""

from __future__ import annotations

from pathlib import Path

import pytest

from dayreel.context import Context
from dayreel.first_start import tell_at_first_start
from dayreel.services import HomeServices
from dayreel.settings import Settings
from timeline.clock import SystemClock
from timeline.home import Home
from timeline.keys import load_key


def test_the_interface_tells_what_the_command_line_tells(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Word for word, below one sentence."""
    home = Home(tmp_path / "home")
    tell_at_first_start(Context(home, SystemClock(), as_json=False))
    first, *lines = capsys.readouterr().err.splitlines()
    rows = HomeServices(home, Settings(), SystemClock()).before_first_start()
    assert first == "dayreel is about to record this screen for the first time:"
    assert [line.split() for line in lines] == [f"{word} {meaning}".split() for word, meaning in rows]
    assert [word for word, _ in rows] == ["what", "where", "who", "exclude", "stop"]


def test_nothing_is_told_of_a_home_that_was_begun(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """It has a key."""
    home = Home(tmp_path / "home")
    home.create()
    load_key(home, create=True)
    tell_at_first_start(Context(home, SystemClock(), as_json=False))
    assert capsys.readouterr().err == ""
    assert HomeServices(home, Settings(), SystemClock()).before_first_start() == ()
