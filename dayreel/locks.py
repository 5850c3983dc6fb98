"""One recorder, one worker and one import for each home: advisory locks that end with their process, however it ends.

Owns the files `recorder.lock`, `worker.lock` and `import.lock`; the holder writes its process id into them.
"""

from __future__ import annotations

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Literal

from timeline.errors import AlreadyRunning
from timeline.home import FILE_MODE, Home

Role = Literal["recorder", "worker", "import", "key"]
TAKE_WAIT_S = 0.5  # somebody who only asks holds the lock for an instant
ORPHAN_WAIT_S = 10.0  # the recorder of a killed supervisor closes its segments before it ends
LOOK_S = 0.02
UNKNOWN = -1  # a holder that has not written its number yet
_SENTENCES = {
    "recorder": "Another recorder (process {holder}) already records into {home}.",
    "worker": "Another worker (process {holder}) already reads for {home}.",
    "import": "Another import (process {holder}) already writes to {home}: wait until it has ended.",
    "key": "The key of {home} is being changed or written out (process {holder}): wait until that has ended.",
}


@contextmanager
def hold(home: Home, role: Role) -> Iterator[int]:
    """Hold a role for as long as the block runs, and any process that inherits the descriptor this gives.

    Raises AlreadyRunning when another process does.
    """
    if not home.begun:  # whether it is a safe place is asked by who writes what was recorded
        home.create()
    descriptor = os.open(home.lock(role), os.O_RDWR | os.O_CREAT, FILE_MODE)
    try:
        if not _take(descriptor, home, role):
            raise AlreadyRunning(_SENTENCES[role].format(holder=holder(home, role), home=home.root))
        os.write(descriptor, f"{os.getpid()}\n".encode())
        yield descriptor
        os.ftruncate(descriptor, 0)
    finally:
        os.close(descriptor)


def holder(home: Home, role: Role) -> int | None:
    """Return the id of the process that holds a role, None when nobody does, UNKNOWN when it took it just now."""
    try:
        descriptor = os.open(home.lock(role), os.O_RDWR)
    except FileNotFoundError:
        return None
    try:
        fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        written = os.read(descriptor, 32).strip()
        return int(written) if written.isdigit() else UNKNOWN
    finally:
        os.close(descriptor)
    return None


def _take(descriptor: int, home: Home, role: Role) -> bool:
    """Take the lock and clear what a killed holder left in the file; False when another process holds it."""
    started = time.monotonic()
    while True:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            waited_s = time.monotonic() - started
            if waited_s > ORPHAN_WAIT_S or (waited_s > TAKE_WAIT_S and not _is_left(home, role)):
                return False
            time.sleep(LOOK_S)
        else:
            os.ftruncate(descriptor, 0)
            return True


def _is_left(home: Home, role: Role) -> bool:
    """Tell whether the process that took a role is dead, and a child of it that inherited the lock still ends."""
    process = holder(home, role)
    return process is not None and process != UNKNOWN and not Path(f"/proc/{process}").exists()
