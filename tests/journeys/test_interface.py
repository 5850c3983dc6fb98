"""The terminal interface as a user meets it: a real terminal (tmux), real keys, a real encrypted store."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.support.stores import StoreUnderTest
from timeline.model import Window

pytestmark = pytest.mark.journey

NOW = "2025-11-22T12:30:00+00:00"
WAIT_S = 60.0


@dataclass(frozen=True, slots=True)
class Terminal:
    """A tmux session of 80x24 that runs one program."""

    socket: Path

    def run(self, *arguments: str) -> str:
        done = subprocess.run(
            ["tmux", "-S", str(self.socket), *arguments], capture_output=True, text=True, check=True, timeout=30
        )
        return done.stdout

    def press(self, *keys: str) -> None:
        """Press keys by tmux's names, or type text."""
        self.run("send-keys", *keys)

    def wait_for(self, text: str) -> str:
        """Return the screen once it shows a text."""
        until = time.monotonic() + WAIT_S
        while time.monotonic() < until:
            screen = self.run("capture-pane", "-p")
            if text in screen:
                return screen
            time.sleep(0.2)
        raise AssertionError(f"{text!r} did not show:\n{screen}")


@pytest.fixture
def terminal(store: StoreUnderTest, tmp_path: Path) -> Iterator[Terminal]:
    """`dayreel` on a small recorded noon, in English and Chinese."""
    store.frame(0, ["The churn report is due on Friday"], Window("Chromium", "Reports"))
    store.frame(60, ["发布日期改为三月二十五日"], Window("Chromium", "发布计划"))
    command = [sys.executable, "-m", "dayreel", "--home", str(store.home.root)]
    subprocess.run([*command, "work", "--until-idle"], check=True, timeout=120)
    one = Terminal(tmp_path / "tmux")
    environment = {**os.environ, "TZ": "UTC", "LANG": "C.UTF-8", "TERM": "xterm-256color"}
    program = " ".join([*command, "--now", NOW])
    subprocess.run(
        ["tmux", "-S", str(one.socket), "-f", "/dev/null", "new-session", "-d", "-x", "80", "-y", "24", program],
        env=environment, check=True, timeout=30,
    )  # fmt: skip
    yield one
    subprocess.run(["tmux", "-S", str(one.socket), "kill-server"], capture_output=True, timeout=30, check=False)


def test_a_word_is_found_and_gone_to(terminal: Terminal) -> None:
    """Today opens at its newest moment; / finds the earlier one, enter goes there."""
    terminal.wait_for("发布日期改为三月二十五日")
    terminal.press("/")
    terminal.wait_for("─ Search ─")
    terminal.press("churn")
    terminal.wait_for("Reports")
    terminal.press("Enter")
    terminal.wait_for("The churn report is due on Friday")


def test_a_question_is_answered_from_the_record(terminal: Terminal) -> None:
    """`a` asks; without an endpoint the record alone answers, with its source."""
    terminal.wait_for("发布日期改为三月二十五日")
    terminal.press("a")
    terminal.wait_for("─ Ask ─")
    terminal.press("when is the churn report due?")
    terminal.press("Enter")
    assert "From the record alone" in terminal.wait_for("due on Friday")


def test_a_time_a_digest_and_the_keys(terminal: Terminal) -> None:
    """`g` goes to a time in words, `s` adds up the day, `f` tells what would go, `?` names the keys."""
    terminal.wait_for("发布日期改为三月二十五日")
    terminal.press("g")
    terminal.wait_for("─ Go to ─")
    terminal.press("12:00", "Enter")
    terminal.wait_for("The churn report is due on Friday")
    terminal.press("s")
    terminal.wait_for("active")
    terminal.wait_for("Chromium")
    terminal.press("Escape")  # with the next key at once it would be alt+f
    terminal.wait_for("The churn report is due on Friday")
    terminal.press("f")
    terminal.wait_for("this moment")
    terminal.press("Enter")
    terminal.wait_for("Forget for good")
    terminal.press("Escape")
    terminal.wait_for("? Help")
    time.sleep(1)
    terminal.press("?")
    terminal.wait_for("one frame back, forward")
