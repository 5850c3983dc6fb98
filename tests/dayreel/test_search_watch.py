"""`dayreel search --watch`: new matches as they appear."""

from __future__ import annotations

import json
import signal
import subprocess
import sys

import pytest

from dayreel.cli import main
from tests.support.stores import StoreUnderTest

WAIT_S = 30


def show(store: StoreUnderTest, at_s: float, text: str) -> None:
    """Show and index a text."""
    store.frame(at_s, [text], end_s=at_s + 60)
    store.index_text()


def test_new_matches_are_shown_until_interrupted(store: StoreUnderTest) -> None:
    """Not what was there before, not what lacks a word, each once; Ctrl-C is no failure."""
    show(store, 0, "build failed long ago")
    command = [
        sys.executable,
        "-m",
        "dayreel",
        "--home",
        str(store.home.root),
        "--json",
        "search",
        "--watch",
        "build failed",
    ]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as watching:
        assert watching.stdout is not None
        assert watching.stderr is not None
        assert "Ctrl-C" in watching.stderr.readline()
        show(store, 60, "build passed")
        show(store, 120, "the build has failed again")
        shown = watching.stdout.readline()
        assert shown, watching.stderr.read()
        assert json.loads(shown)["text"] == "the build has failed again"
        watching.send_signal(signal.SIGINT)
        assert watching.wait(WAIT_S) == 0
        assert watching.stdout.read() == ""


def test_watching_many_queries_is_wrong_usage(store: StoreUnderTest, capsys: pytest.CaptureFixture[str]) -> None:
    """One sentence says what to do."""
    assert main(["--home", str(store.home.root), "search", "--watch", "--queries", "-"]) == 2
    assert "--watch waits for one QUERY" in capsys.readouterr().err
