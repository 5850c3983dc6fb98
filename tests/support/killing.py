"""A command that is killed at a chosen step: before a statement of a database, or a sync, rename or removal of a file.

Run as a program, in a process of its own: `python -m tests.support.killing MARK COUNT COMMAND...` ends by SIGKILL just
before the COUNT-th step whose words hold MARK, and tells the number of such steps when there are fewer.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
ENOUGH = 10**9
COMMIT = "FORGOTTEN"  # the mark of steps after the first commit of a forgetting


def run_killed(mark: str, count: int, command: Sequence[str]) -> int | None:
    """Run a command of dayreel and return None when it was killed, else how many steps held the mark."""
    arguments = [sys.executable, "-m", "tests.support.killing", mark, str(count), *command]
    environment = {**os.environ, "PYTHON_KEYRING_BACKEND": "keyring.backends.null.Keyring"}
    done = subprocess.run(
        arguments, check=False, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=120
    )
    if done.returncode == -signal.SIGKILL:
        return None
    return int(done.stderr.rsplit("steps: ", 1)[1])


class _Steps:
    """Counts steps, and kills at one."""

    def __init__(self, mark: str, count: int) -> None:
        self.mark, self.count, self.seen = mark, count, 0

    def step(self, words: str) -> None:
        """Take note of a step; does not return from the one at which to die."""
        if self.mark in words:
            self.seen += 1
            if self.seen == self.count:
                os.kill(os.getpid(), signal.SIGKILL)

    def watch(self) -> None:
        """Follow all databases and the files."""
        from timeline import database

        connect = database._connect

        def watched(*arguments: Any, **options: Any) -> Any:
            connection = connect(*arguments, **options)
            connection.set_trace_callback(self.step)
            return connection

        database._connect = watched
        for owner, name in ((Path, "unlink"), (Path, "replace"), (os, "fsync")):
            setattr(owner, name, self._told(name, getattr(owner, name)))

    def _told(self, name: str, inner: Callable[..., Any]) -> Callable[..., Any]:
        def told(*arguments: Any, **options: Any) -> Any:
            self.step(f"{name} {arguments[0]}")
            return inner(*arguments, **options)

        return told


if __name__ == "__main__":
    from dayreel.cli import main

    steps = _Steps(sys.argv[1], int(sys.argv[2]))
    steps.watch()
    main(sys.argv[3:])
    sys.stderr.write(f"steps: {steps.seen}\n")
