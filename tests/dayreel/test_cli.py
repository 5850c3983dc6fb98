"""The command line: options in any place, exit codes, one sentence for a mistake, JSON and nothing else on stdout."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from dayreel.cli import COMMANDS, main
from tests.support.stores import StoreUnderTest

Output = pytest.CaptureFixture[str]


def test_help_names_every_command(capsys: Output) -> None:
    """What is not there yet is absent, what is there is named."""
    with pytest.raises(SystemExit) as ended:
        main(["--help"])
    shown = capsys.readouterr().out
    assert ended.value.code == 0
    assert [one.name for one in COMMANDS if f"    {one.name}" not in shown] == []


@pytest.mark.parametrize(
    "arguments",
    [
        ["nonsense"],
        ["search", "--limit", "many"],
        ["search", "x", "--limit", "0"],
        ["search", "x", "--limit", "1" + "0" * 20],
        ["search", "--mode", "guess", "x"],
        ["frame", "now"],
        ["--colour"],
    ],
)
def test_wrong_arguments_are_wrong_usage(arguments: list[str], capsys: Output) -> None:
    """Exit code 2 and one sentence on stderr."""
    with pytest.raises(SystemExit) as ended:
        main(arguments)
    assert ended.value.code == 2
    said = capsys.readouterr().err
    assert said.startswith("dayreel: ")
    assert len(said.splitlines()) == 1


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["search"], "one QUERY, or --queries FILE"),
        (["search", "x", "--since", "gibberish"], "gibberish"),
        (["search", "x", "--since", "2026-11-22", "--until", "2026-11-20"], "--since must be before --until"),
        (["search", "--queries", "/nowhere/at/all"], "/nowhere/at/all cannot be read"),
        (["frame", "--out", "x.png"], "WHEN, or --id ID"),
        (["ask", "  "], "the question is empty"),
        (["--now", "tomorrow", "status"], "--now takes a time"),
    ],
)
def test_a_mistake_is_one_sentence(tmp_path: Path, arguments: list[str], sentence: str, capsys: Output) -> None:
    """What, where, what to do; no traceback; exit code 2."""
    assert main(["--home", str(tmp_path / "home"), *arguments]) == 2
    shown = capsys.readouterr()
    assert shown.out == ""
    assert shown.err.startswith("dayreel: ")
    assert sentence in shown.err
    assert len(shown.err.splitlines()) == 1


@pytest.mark.parametrize("place", [0, 1])
def test_common_options_stand_before_and_after_the_command(tmp_path: Path, place: int, capsys: Output) -> None:
    """--home, --now and --json are accepted on both sides."""
    common = ["--home", str(tmp_path / "home"), "--json"]
    assert main([*common, "status"] if place == 0 else ["status", *common]) == 0
    assert json.loads(capsys.readouterr().out)["frames"] == 0


@pytest.mark.parametrize(
    ("arguments", "empty"),
    [(["search", "anything"], []), (["text", "now"], []), (["frame", "now", "--out", "x.png"], None)],
)
def test_an_empty_home_finds_nothing(tmp_path: Path, arguments: list[str], empty: object, capsys: Output) -> None:
    """Exit code 3, the empty JSON value, and nothing is made on the disk."""
    home = tmp_path / "home"
    assert main(["--home", str(home), "--json", *arguments]) == 3
    assert json.loads(capsys.readouterr().out) == empty
    assert not home.exists()


def test_asking_an_empty_home_says_that_nothing_was_recorded(tmp_path: Path, capsys: Output) -> None:
    """No citations, exit code 3, and a sentence that says why."""
    assert main(["--home", str(tmp_path / "home"), "--json", "ask", "what did I do"]) == 3
    answer = json.loads(capsys.readouterr().out)
    assert answer["citations"] == []
    assert "Nothing has been recorded" in answer["answer"]


def test_status_says_where_the_key_is(store: StoreUnderTest, capsys: Output) -> None:
    """A key in a file is no key in a keyring."""
    store.frame(0, ["words"])
    assert main(["--home", str(store.home.root), "--json", "status"]) == 0
    warnings = " ".join(json.loads(capsys.readouterr().out)["warnings"])
    assert "key is kept in the file" in warnings


def test_text_gives_what_could_be_read_then(store: StoreUnderTest, capsys: Output) -> None:
    """In reading order, each line with its box and monitor."""
    store.frame(0, ["first", "第二行"])
    assert main(["--home", str(store.home.root), "--json", "text", "2025-11-22T12:00:00+00:00"]) == 0
    assert json.loads(capsys.readouterr().out) == [
        {"text": "first", "box": [100, 40, 150, 60], "monitor": 0},
        {"text": "第二行", "box": [100, 70, 130, 90], "monitor": 0},
    ]


def test_a_time_that_nothing_holds_says_why(store: StoreUnderTest, capsys: Output) -> None:
    """The gap's reason stands in the sentence."""
    recording = store.writer.begin_recording(1)
    store.writer.end_recording(recording, 1_763_812_860_000_000, "stopped")
    store.writer.begin_recording(1_763_812_920_000_000)
    assert main(["--home", str(store.home.root), "text", "2025-11-22T12:01:30+00:00"]) == 3
    assert "(stopped)" in capsys.readouterr().err


def test_a_foreign_database_is_one_sentence(tmp_path: Path, capsys: Output) -> None:
    """Exit code 6; the file stays as it is."""
    home = tmp_path / "home"
    home.mkdir()
    (home / "key").write_text("raw " + "00" * 32)
    (home / "timeline.db").write_bytes(b"SQLite format 3\x00" + b"\x01" * 4096)
    before = (home / "timeline.db").read_bytes()
    assert main(["--home", str(home), "search", "x"]) == 6
    assert "left as it is" in capsys.readouterr().err
    assert (home / "timeline.db").read_bytes() == before


def test_config_shows_every_setting(tmp_path: Path, capsys: Output) -> None:
    """As JSON: name, value, source and purpose."""
    assert main(["--home", str(tmp_path / "home"), "--json", "config"]) == 0
    shown = json.loads(capsys.readouterr().out)
    assert {"name", "value", "source", "help"} == set(shown["settings"][0])


def test_recording_without_a_screen_is_one_sentence(tmp_path: Path) -> None:
    """Exit code 4, through supervisor and recorder; no traceback."""
    done = subprocess.run(
        [sys.executable, "-m", "dayreel", "--home", str(tmp_path / "home"), "record"],
        capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert done.returncode == 4
    assert "DISPLAY" in done.stderr
    assert "Traceback" not in done.stderr


def test_the_interface_needs_a_terminal(tmp_path: Path) -> None:
    """Without one it says so, and names the help."""
    done = subprocess.run(
        [sys.executable, "-m", "dayreel", "--home", str(tmp_path / "home")],
        stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert done.returncode == 2
    assert "needs a terminal" in done.stderr


def test_a_reader_that_goes_away_is_no_traceback(store: StoreUnderTest) -> None:
    """`dayreel text ... | head -1` ends quietly."""
    store.frame(0, [f"line {number}" for number in range(200)])
    command = f"{sys.executable} -m dayreel --home {store.home.root} text 2025-11-22T12:00:00+00:00 | head -1"
    done = subprocess.run(["bash", "-c", command], capture_output=True, text=True, timeout=60, check=False)
    assert done.stdout == "line 0\n"
    assert done.stderr == ""
