"""The unwrapped key for a child process: by a pipe of its own, never by its arguments or its environment.

Owns that pipe.  Called by whatever starts processes of ours.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from timeline.errors import KeyUnavailable
from timeline.home import Home
from timeline.safekeeping import login, unlocking
from timeline.safekeeping.key_file import Wrapped, read_key_file


@dataclass(frozen=True, slots=True)
class Handing:
    """What to start a child with."""

    environment: dict[str, str]
    descriptors: tuple[int, ...] = ()


@contextmanager
def handing(home: Home) -> Iterator[Handing]:
    """Give what a child is to be started with inside the block, so that it need not ask for what we know.

    A key that no passphrase guards it gets by itself.
    """
    environment = {name: value for name, value in os.environ.items() if name != unlocking.HANDED}
    written = _note(home)
    if written is None:
        yield Handing(environment)
        return
    reading, writing = os.pipe()
    try:
        with os.fdopen(writing, "wb") as pipe:
            pipe.write(written.encode())  # fits into the pipe: nobody has to read yet
        yield Handing({**environment, unlocking.HANDED: str(reading)}, (reading,))
    finally:
        os.close(reading)


def _note(home: Home) -> str | None:
    try:
        entry = read_key_file(home).entry
    except KeyUnavailable:  # none yet, or damaged: the child says so
        return None
    raw = unlocking.known_key(entry) if isinstance(entry, Wrapped) else None
    return None if raw is None or not isinstance(entry, Wrapped) else login.note(entry, raw)
