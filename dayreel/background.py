"""Recording in the background: starting it, ending it, and telling whether it runs.

Owns no state: the recorder lock of the home says who records.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from contextlib import suppress

from dayreel.locks import UNKNOWN, holder
from dayreel.upgrading import open_reader
from timeline.errors import DayreelError, StoreUnusable
from timeline.home import FILE_MODE, Home
from timeline.keys import load_key
from timeline.reader import Reader
from timeline.safekeeping.handing import handing
from timeline.safekeeping.system_keyring import Say

START_WAIT_S = 20.0  # for a recorder to see the screen, or to say that it cannot
END_WAIT_S = 12.0  # recording promises to end within 10 s
LOOK_S = 0.1


def recording(home: Home) -> bool:
    """Tell whether a recorder runs on a home."""
    return holder(home, "recorder") is not None


def start(home: Home, say: Say | None = None) -> bool:
    """Start recording in the background and return once it records; False when it runs already.

    Raises DayreelError with the recorder's own sentence when it ends at once (no screen, say), or when it does not
    begin in time.  `say`: wait for a locked keyring, and tell of that.
    """
    if recording(home):
        return False
    home.create()
    errors = home.root / "start.log"
    descriptor = os.open(errors, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, FILE_MODE)
    if home.database.exists():
        open_reader(
            home, load_key(home, say=say)
        ).close()  # brought up here, else an older recording would count as the new one
    before = _newest_recording(home)
    with os.fdopen(descriptor, "wb") as output, handing(home) as handed:
        process = subprocess.Popen(
            [sys.executable, "-m", "dayreel", "--home", str(home.root), "record"],
            stdin=subprocess.DEVNULL, stdout=output, stderr=output, start_new_session=True, cwd="/",
            env=handed.environment, pass_fds=handed.descriptors,
        )  # fmt: skip
    deadline = time.monotonic() + START_WAIT_S
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise _failure(errors.read_text(errors="replace"), process.returncode)
        if _newest_recording(home) > before:
            return True
        time.sleep(LOOK_S)
    raise DayreelError(f"The recorder (process {process.pid}) has not begun within {START_WAIT_S:g} s: see {home.log}.")


def stop(home: Home) -> bool:
    """End the recording of a home and wait until it has ended; False when none runs.

    Raises DayreelError when it does not end.
    """
    if not recording(home):
        return False
    deadline = time.monotonic() + END_WAIT_S
    told = False
    while (process := holder(home, "recorder")) is not None:
        if time.monotonic() > deadline:
            raise DayreelError(f"The recorder (process {process}) does not end: end it with `kill -9 {process}`.")
        if process != UNKNOWN and not told:
            with suppress(ProcessLookupError):  # it ended by itself in between
                os.kill(process, signal.SIGTERM)
            told = True
        time.sleep(LOOK_S)
    return True


def _newest_recording(home: Home) -> int:
    """Return the number of the newest recording that began, 0 for none."""
    if not home.database.exists():
        return 0
    try:
        with Reader.open(home, load_key(home)) as reader:
            return reader.newest_recording()
    except StoreUnusable:  # being made just now
        return 0


def _failure(output: str, code: int) -> DayreelError:
    sentences = [line.removeprefix("dayreel: ") for line in output.splitlines() if line.startswith("dayreel: ")]
    error = DayreelError(sentences[-1] if sentences else f"The recorder ended at once with code {code}.")
    error.exit_code = code or DayreelError.exit_code
    return error
