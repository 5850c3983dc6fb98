"""One recorder and one worker for each home: advisory locks that end with their process, however it ends.

Owns the files `recorder.lock` and `worker.lock`; the holder writes its process id into them.
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Literal

from timeline.errors import AlreadyRunning
from timeline.home import FILE_MODE, Home

Role = Literal["recorder", "worker"]


@contextmanager
def hold(home: Home, role: Role) -> Iterator[None]:
    """Hold a role for as long as the block runs.  Raises AlreadyRunning when another process does."""
    home.create()
    descriptor = os.open(home.lock(role), os.O_RDWR | os.O_CREAT, FILE_MODE)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise AlreadyRunning(
                f"Another {role} (process {holder(home, role)}) already works on {home.root}."
            ) from error
        os.ftruncate(descriptor, 0)
        os.write(descriptor, f"{os.getpid()}\n".encode())
        yield
    finally:
        os.close(descriptor)


def holder(home: Home, role: Role) -> int | None:
    """Return the id of the process that holds a role, None when nobody does."""
    try:
        descriptor = os.open(home.lock(role), os.O_RDWR)
    except FileNotFoundError:
        return None
    try:
        fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        written = os.read(descriptor, 32).strip()
        return int(written) if written.isdigit() else -1
    finally:
        os.close(descriptor)
    return None
