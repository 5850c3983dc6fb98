"""A command on a terminal of its own (a real pseudo-terminal): what it shows is read, what it asks is answered."""

from __future__ import annotations

import fcntl
import os
import select
import subprocess
import termios
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

LOOK_S = 0.1
ANSWER_S = 120.0  # no command that asks takes longer


def run_on_terminal(
    command: Sequence[str], environment: Mapping[str, str], folder: Path, answers: Sequence[tuple[str, str]]
) -> tuple[int, str]:
    """Run a command, type each answer once its question is shown, and return exit code and all that was shown."""
    ours, theirs = os.openpty()
    process = subprocess.Popen(
        command, env=dict(environment), cwd=folder, stdin=theirs, stdout=theirs, stderr=theirs, start_new_session=True,
        preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0),  # the terminal becomes that of its session
    )  # fmt: skip
    os.close(theirs)
    try:
        return _converse(process, ours, list(answers))
    finally:
        process.kill()
        process.wait()
        os.close(ours)


def _converse(process: subprocess.Popen[bytes], ours: int, answers: list[tuple[str, str]]) -> tuple[int, str]:
    shown, seen, until = "", 0, time.monotonic() + ANSWER_S
    while time.monotonic() < until:
        part = _read(ours)
        if part is None:
            return process.wait(ANSWER_S), shown
        shown += part
        if answers and (place := shown.find(answers[0][0], seen)) >= 0:
            seen = place + len(answers[0][0])
            time.sleep(LOOK_S)  # the echo is switched off after the question is shown
            os.write(ours, answers.pop(0)[1].encode() + b"\n")
    raise RuntimeError(f"the command neither asked nor ended; it showed: {shown}")


def _read(ours: int) -> str | None:
    """Return what was shown since, None when the terminal was closed."""
    ready, _, _ = select.select([ours], [], [], LOOK_S)
    if not ready:
        return ""
    try:
        return os.read(ours, 65_536).decode(errors="replace") or None
    except OSError:  # what Linux says when the other side is closed
        return None
