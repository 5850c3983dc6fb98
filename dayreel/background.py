"""Recording in the background: starting it, ending it, and telling whether it runs.

Owns no state: the recorder lock of the home says who records.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time

from dayreel.locks import holder
from timeline.errors import DayreelError
from timeline.home import FILE_MODE, Home

START_WAIT_S = 10.0  # for a recorder to say that it cannot record
SETTLED_S = 1.5  # a recorder that lives this long after taking its lock has a screen
END_WAIT_S = 12.0  # recording promises to end within 10 s
LOOK_S = 0.1


def recording(home: Home) -> bool:
    """Tell whether a recorder runs on a home."""
    return holder(home, "recorder") is not None


def start(home: Home) -> bool:
    """Start recording in the background; False when it runs already.

    Raises DayreelError with the recorder's own sentence when it ends at once (no screen, say).
    """
    if recording(home):
        return False
    home.create()
    errors = home.root / "start.log"
    descriptor = os.open(errors, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, FILE_MODE)
    with os.fdopen(descriptor, "wb") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", "dayreel", "--home", str(home.root), "record"],
            stdin=subprocess.DEVNULL, stdout=output, stderr=output, start_new_session=True, cwd="/",
        )  # fmt: skip
    since: float | None = None
    deadline = time.monotonic() + START_WAIT_S
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise _failure(errors.read_text(errors="replace"), process.returncode)
        if since is None and recording(home):
            since = time.monotonic()
        if since is not None and time.monotonic() - since > SETTLED_S:
            return True
        time.sleep(LOOK_S)
    return True


def stop(home: Home) -> bool:
    """End the recording of a home and wait until it has ended; False when none runs.

    Raises DayreelError when it does not end.
    """
    process = holder(home, "recorder")
    if process is None or process <= 0:
        return False
    os.kill(process, signal.SIGTERM)
    deadline = time.monotonic() + END_WAIT_S
    while recording(home):
        if time.monotonic() > deadline:
            raise DayreelError(f"The recorder (process {process}) does not end: end it with `kill -9 {process}`.")
        time.sleep(LOOK_S)
    return True


def _failure(output: str, code: int) -> DayreelError:
    sentences = [line.removeprefix("dayreel: ") for line in output.splitlines() if line.startswith("dayreel: ")]
    error = DayreelError(sentences[-1] if sentences else f"The recorder ended at once with code {code}.")
    error.exit_code = code or DayreelError.exit_code
    return error
