"""What is told while a home's key is being changed to another, or that was interrupted.

Owns these sentences.  Called by whatever reads a key, and by rotation.
"""

from __future__ import annotations

import fcntl
import os

from timeline.errors import KeyUnavailable
from timeline.home import Home
from timeline.safekeeping.key_file import Entry, read_key_file

_MOST_BYTES = 32  # of a process id


def settled(home: Home) -> Entry:
    """Return what the key file names as the key.  Raises KeyUnavailable, also while that is being changed."""
    content = read_key_file(home)
    if content.new is not None:
        raise KeyUnavailable(sentence(home))
    return content.entry


def sentence(home: Home) -> str:
    """Say whether the key is being changed or that was interrupted, and what to do."""
    process = _changed_by(home)
    if process is not None:
        return f"The key of {home.root} is being changed by process {process}: wait until that has ended."
    return f"The change of the key of {home.root} was interrupted. {remedy()}"


def remedy() -> str:
    """Say what finishes a change that stopped half-way."""
    return "Nothing is lost, but nothing can be read until it is finished: run `dayreel key rotate`."


def _changed_by(home: Home) -> str | None:
    """Return the id of the process that changes the key, None when nobody does."""
    try:
        descriptor = os.open(home.lock("key"), os.O_RDONLY | os.O_CLOEXEC)
    except OSError:
        return None
    try:
        fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return os.read(descriptor, _MOST_BYTES).decode(errors="replace").strip() or "of an unknown number"
    except OSError:
        return None
    finally:
        os.close(descriptor)
    return None
