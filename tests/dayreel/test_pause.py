"""`dayreel pause` and `resume` without a recorder: what is understood, what is said, what `status` tells."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from dayreel.cli import main
from dayreel.locks import hold
from timeline.clock import SystemClock
from timeline.home import Home
from timeline.pausing import NAME, Pausing

NOW = "2026-11-22T15:00"  # local time, wherever the tests run
PAST, AHEAD = "2020-11-22T15:00", "2099-11-22T15:00"  # long before and long after any machine's clock


class Said:
    """The command line on one home."""

    def __init__(self, home: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.home, self._capsys = home, capsys

    def data(self, *words: str, now: str = NOW) -> Any:
        """Return the JSON value of a command that went well."""
        assert main(["--home", str(self.home), "--now", now, "--json", *words]) == 0
        return json.loads(self._capsys.readouterr().out)

    def text(self, *words: str, code: int = 0, now: str = NOW) -> str:
        """Return what a command says, on both streams."""
        assert main(["--home", str(self.home), "--now", now, *words]) == code
        told = self._capsys.readouterr()
        return told.out + told.err

    def paused(self, now: str = NOW) -> tuple[bool, str | None]:
        """Return what `status` tells, without the seconds and the offset."""
        told = self.data("status", now=now)
        return told["paused"], told["paused_until"] and told["paused_until"][:16]


@pytest.fixture
def said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Said:
    """No home yet."""
    return Said(tmp_path / "home", capsys)


def test_nothing_is_paused_at_first(said: Said) -> None:
    """Resuming is no error then, and makes no home."""
    assert said.paused() == (False, None)
    assert said.text("resume") == "Nothing was paused.\n"
    assert not said.home.exists()


def test_a_pause_without_an_end_has_none(said: Said) -> None:
    """`paused_until` is null, as a time would be invented; `paused` says so."""
    assert said.data("pause") == {"paused": True, "paused_until": None, "recording": False}
    assert said.paused("2027-03-01T00:00") == (True, None)
    assert said.data("resume") == {"paused": False, "paused_until": None, "recording": False}
    assert said.paused() == (False, None)


@pytest.mark.parametrize(
    ("words", "until"),
    [
        (["30m"], "2026-11-22T15:30"),
        (["1h30m"], "2026-11-22T16:30"),
        (["half", "an", "hour"], "2026-11-22T15:30"),
        (["半小时"], "2026-11-22T15:30"),
        (["until", "16:30"], "2026-11-22T16:30"),
        (["until 14:00"], "2026-11-23T14:00"),
        (["until", "tomorrow", "9:00"], "2026-11-23T09:00"),
        (["until", "2026-11-24T08:00"], "2026-11-24T08:00"),
        (["到明天9点"], "2026-11-23T09:00"),
        (["until", "3pm"], "2026-11-23T15:00"),
        (["until", "5", "pm"], "2026-11-22T17:00"),
    ],
)
def test_a_pause_with_an_end_names_it(said: Said, words: list[str], until: str) -> None:
    """A length, or a time to come; `status` tells the same, until it is over."""
    assert said.data("pause", *words)["paused_until"][:16] == until
    assert said.paused() == (True, until)
    assert said.paused("2026-11-25T00:00") == (False, None)


@pytest.mark.parametrize(
    "words", [["30"], ["0m"], ["soon"], ["until", "yesterday"], ["until", "never"], ["400d"], ["until", "2099-01-01"]]
)
def test_what_is_no_length_of_time_is_told_in_a_sentence(said: Said, words: list[str]) -> None:
    """Nothing is paused then, and the code is that of wrong usage."""
    told = said.text("pause", *words, code=2)
    assert told.startswith("dayreel: ")
    assert told.count("\n") == 1
    assert not (said.home / NAME).exists()


def test_a_pause_without_a_recorder_says_that_it_holds(said: Said) -> None:
    """For whatever is started meanwhile."""
    assert "one that is started meanwhile is paused as well" in said.text("pause")
    assert "paused until `dayreel resume`" in said.text("status")
    assert "`dayreel start` begins one" in said.text("resume")


def test_a_pause_of_a_running_recorder_says_when_it_ends(said: Said) -> None:
    """In a sentence, and nothing of starting one."""
    with hold(Home(said.home), "recorder"):
        told = said.text("pause", "30m", now=AHEAD)
        assert said.data("pause", "30m", now=AHEAD)["recording"] is True
    assert told.startswith("Paused until 2099-11-22T15:30:00.000")
    assert told.count("\n") == 1


def test_a_pause_that_is_over_for_the_recorder_is_not_called_one(said: Said) -> None:
    """A recorder goes by the machine's clock, whatever --now says: nothing is paused, and that is said."""
    told = said.text("pause", "30m", now=PAST)
    assert "Paused" not in told
    assert "over by the clock of this machine" in told
    assert Pausing(Home(said.home), SystemClock()).current() is None
    assert said.data("pause", "30m", now=PAST)["paused"] is False


def test_a_pause_that_is_over_for_the_recorder_says_so_beside_its_json(said: Said) -> None:
    """On stderr, as all talk."""
    assert "over by the clock of this machine" in said.text("pause", "30m", "--json", now=PAST)


def test_a_pause_by_another_clock_that_holds_is_called_one(said: Said) -> None:
    """Until then by the machine's clock, or without an end."""
    assert said.data("pause", "30m", now=AHEAD)["paused"] is True
    assert said.data("pause", now=PAST)["paused"] is True


def test_a_folder_of_others_is_not_written_into(said: Said) -> None:
    """A mistyped --home pauses nothing, and says so."""
    said.home.mkdir()
    (said.home / "letter.txt").write_text("mine")
    assert "holds other files" in said.text("pause", code=6)
    assert [path.name for path in said.home.iterdir()] == ["letter.txt"]
