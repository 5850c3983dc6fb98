"""How a process comes by a wrapped key: it has it, was handed it, the login remembers it, or somebody is asked.

Owns what this process knows and the one who asks (the front door installs it; processes that serve others have none and
so never ask).  Called by timeline.keys.
"""

from __future__ import annotations

import os
from collections.abc import Callable

from timeline.errors import KeyUnavailable
from timeline.safekeeping import login
from timeline.safekeeping.key_file import Wrapped

HANDED = "DAYREEL_KEY_FD"
"""The environment variable that names the pipe by which a child is handed the key; the key itself is never there."""
TRIES = 3
_MOST_BYTES = 1_024  # of a note in a pipe

Ask = Callable[[str], str]
"""Given a sentence that says what for, returns a passphrase.  Raises KeyUnavailable when nobody can be asked."""

_known: dict[str, bytes] = {}  # by the line of the entry
_asks: list[Ask] = []


def ask_with(ask: Ask) -> None:
    """Let this process ask for passphrases from now on."""
    _asks[:] = [ask]


def unlocked(entry: Wrapped, place: str) -> bytes:
    """Return the key of an entry.  Raises KeyUnavailable when nobody gives the passphrase."""
    known = known_key(entry)
    if known is not None:
        return known
    raw, _ = ask_for(entry, place)
    return raw


def known_key(entry: Wrapped) -> bytes | None:
    """Return the key of an entry if it can be had without asking."""
    raw = _known.get(entry.line()) or _handed(entry) or login.recall(entry)
    if raw is not None:
        _known[entry.line()] = raw
    return raw


def ask_for(entry: Wrapped, place: str) -> tuple[bytes, bytes]:
    """Ask for the passphrase of an entry; return its key and what the passphrase wraps with, remembered from now on.

    Raises KeyUnavailable when there is nobody to ask, or after three wrong ones.
    """
    from timeline.safekeeping.passphrase import unwrap_with, wrapping_key

    why = f"The key of {place} is guarded by a passphrase."
    for _ in range(TRIES):
        secret = wrapping_key(ask(why), entry.salt, entry.cost)
        raw = unwrap_with(secret, entry)
        if raw is not None:
            note(entry, raw)
            return raw, secret
        why = "That is not the passphrase; try again."
    raise KeyUnavailable(
        f"That was not the passphrase of {place}, {TRIES} times. Without it only a recovery file helps:"
        " `dayreel key import FILE`."
    )


def ask(why: str) -> str:
    """Return a passphrase.  Raises KeyUnavailable when there is nobody to ask."""
    if not _asks:
        raise KeyUnavailable("A passphrase guards the key, and this process cannot ask for it: `dayreel key unlock`.")
    return _asks[0](why)


def note(entry: Wrapped, raw: bytes) -> None:
    """Let this process and this login remember a key."""
    _known[entry.line()] = raw
    login.remember(entry, raw)


def forget(entry: Wrapped) -> bool:
    """Let this process and this login forget a key; False when the login did not remember it."""
    _known.pop(entry.line(), None)
    return login.forget(entry)


def _handed(entry: Wrapped) -> bytes | None:
    """Return the key that the parent process put into a pipe, once."""
    number = os.environ.pop(HANDED, "")
    if not number.isdigit():
        return None
    try:
        with os.fdopen(int(number)) as pipe:
            return login.read_note(entry, pipe.read(_MOST_BYTES))
    except (OSError, UnicodeDecodeError):
        return None
