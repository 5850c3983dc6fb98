"""`dayreel ask` without a question: a conversation in a real terminal, and what is kept of it."""

from __future__ import annotations

import os
import pty
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.support.endpoint import Behaviour, FakeEndpoint
from tests.support.stores import StoreUnderTest
from timeline.model import Window

WAIT_S = 30.0


@dataclass
class Conversation:
    """A running conversation, its terminal, and what was read from it."""

    process: subprocess.Popen[bytes]
    terminal: int
    heard: str = ""

    def type(self, text: str) -> None:
        os.write(self.terminal, text.encode())

    def until(self, pattern: str) -> str:
        """Read on until something is said, and return all that was said since the last time."""
        ends_s = time.monotonic() + WAIT_S
        while re.search(pattern, self.heard) is None:
            assert time.monotonic() < ends_s, self.heard
            self.heard += os.read(self.terminal, 4096).decode(errors="replace")
        heard, self.heard = self.heard, ""
        return heard


@contextmanager
def conversation(home: Path, **environment: str) -> Iterator[Conversation]:
    """Start `dayreel ask` on a terminal of its own."""
    ours, theirs = pty.openpty()
    command = [sys.executable, "-m", "dayreel", "--home", str(home), "--now", "2025-11-23T12:00:00", "ask"]
    process = subprocess.Popen(
        command, stdin=theirs, stdout=theirs, stderr=theirs, env=os.environ | environment, start_new_session=True
    )
    os.close(theirs)
    try:
        yield Conversation(process, ours)
    finally:
        process.kill()
        process.wait()
        os.close(ours)


def files(home: Path) -> set[str]:
    """Return what lies in a home, but for the databases' logs, which come and go."""
    return {path.name for path in home.iterdir() if not path.name.endswith(("-wal", "-shm"))}


@pytest.fixture
def home(store: StoreUnderTest) -> Path:
    """A day with two windows in it."""
    store.frame(60, ["The churn report is due on Friday the 27th"], Window("Chromium", "Reports"), end_s=660)
    store.frame(700, ["Lunch at noon with the harbour master"], Window("Slack", "general"), end_s=760)
    store.index_text()
    return store.home.root


def test_a_question_follows_the_one_before(home: Path) -> None:
    """The time is kept, Ctrl-D ends, and nothing of it lies in the home."""
    before = files(home)
    with conversation(home) as talk:
        talk.until(r"\? ")
        talk.type("what did I do yesterday?\n")
        assert "Chromium" in talk.until(r"\[1\] 2025-11-22[\s\S]*\? ")
        talk.type("how long was Chromium?\n")
        assert "10 min" in talk.until(r"\[1\] 2025-11-22[\s\S]*\? ")
        talk.type("\x04")
        assert talk.process.wait(WAIT_S) == 0
    assert files(home) == before


def test_an_answer_that_is_waited_for_can_be_given_up(home: Path) -> None:
    """Ctrl-C ends the request and asks for the next question; a second one ends no conversation."""
    with (
        FakeEndpoint(lambda _: Behaviour(hangs=True)) as server,
        conversation(home, OPENAI_BASE_URL=server.base_url, DAYREEL_MODEL="slow") as talk,
    ):
        talk.until(r"\? ")
        talk.type("when is the churn report due?\n")
        ends_s = time.monotonic() + WAIT_S
        while not server.requests and time.monotonic() < ends_s:
            time.sleep(0.05)
        talk.process.send_signal(signal.SIGINT)
        talk.until(r"Given up[\s\S]*\? ")
        talk.process.send_signal(signal.SIGINT)
        talk.until(r"\? ")
        talk.type("\x04")
        assert talk.process.wait(WAIT_S) == 0


def test_without_a_terminal_a_question_is_needed(home: Path) -> None:
    """One sentence and the code of wrong usage."""
    command = [sys.executable, "-m", "dayreel", "--home", str(home), "ask"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False, stdin=subprocess.DEVNULL)
    assert (done.returncode, done.stderr.strip()) == (2, "dayreel: Ask something: the question is empty.")
