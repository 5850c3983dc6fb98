"""The system's own keyrings: keeping the store's key there and getting it back, also when they are locked at first.

Owns which keyrings are trusted and how long a locked one is waited for.  The only file that knows the package keyring.
"""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable
from contextlib import closing, suppress
from typing import TYPE_CHECKING

from timeline.errors import KeyUnavailable

if TYPE_CHECKING:
    from keyring.backend import KeyringBackend

SERVICE = "dayreel"
WAIT_S = 60.0  # for somebody to unlock the keyring; a prompt that nobody sees would hold up a start for ever
LOOK_S = 0.5  # between two looks at a locked keyring; none of them opens a prompt

# The system's own keyrings.  Others (keyrings.alt) may keep the key in plain text without saying so.
TRUSTED_KEYRINGS = (
    "keyring.backends.SecretService",
    "keyring.backends.libsecret",
    "keyring.backends.kwallet",
    "keyring.backends.macOS",
    "keyring.backends.Windows",
)
_LOCKED = (
    "The system's keyring, which keeps the key of this store, is locked: unlock it (log in to the desktop, or open its"
    " keyring program) and try again."
)

Say = Callable[[str], None]
"""Told why something takes long."""


def trusted_keyring() -> KeyringBackend | None:
    """Return the system's own keyring, None where there is none that works."""
    # On Linux every trusted backend speaks over the session bus; asking without one costs seconds of time-outs.
    if os.name == "posix" and os.uname().sysname == "Linux" and "DBUS_SESSION_BUS_ADDRESS" not in os.environ:
        return None
    import keyring

    backend = keyring.get_keyring()
    candidates = [*getattr(backend, "backends", []), backend]
    return next((one for one in candidates if type(one).__module__.startswith(TRUSTED_KEYRINGS)), None)


def keep(name: str, raw: bytes) -> bool:
    """Tell whether there is a keyring that took the key and gives it back."""
    backend = trusted_keyring()
    if backend is None:
        return False
    try:
        backend.set_password(SERVICE, name, raw.hex())
    except _refusals():
        return False
    return gives(name, raw)


def gives(name: str, raw: bytes) -> bool:
    """Tell whether the keyring gives a key back under a name now."""
    backend = trusted_keyring()
    try:
        return backend is not None and backend.get_password(SERVICE, name) == raw.hex()
    except _refusals():
        return False


def forget(name: str) -> bool:
    """Remove a key from the keyring; False when it may be there still."""
    backend = trusted_keyring()
    if backend is None:
        return False
    from keyring.errors import PasswordDeleteError

    try:
        with suppress(PasswordDeleteError):  # also what it says of one that it does not have
            backend.delete_password(SERVICE, name)
        return backend.get_password(SERVICE, name) is None
    except _refusals():
        return False


def fetch(name: str, say: Say | None = None) -> str:
    """Return what the keyring keeps under a name; with `say`, wait for a locked one to be unlocked, and say so.

    Raises KeyUnavailable when there is no keyring, when it stays locked, or when it does not have the name.
    """
    backend = trusted_keyring()
    if backend is None:
        raise KeyUnavailable(
            "The key of this store is kept by the system's keyring, which does not answer: log in to a desktop "
            "session (or start its keyring service) and try again."
        )
    deadline = time.monotonic() + WAIT_S
    if say is not None and is_locked(backend):
        say(f"The system's keyring is locked: unlock it. Waiting for that up to {WAIT_S:g} s.")
    while True:
        try:
            value = _asked(backend, name, deadline - time.monotonic())
        except _refusals() as error:
            if say is None or not _unlocked_before(backend, deadline):
                raise KeyUnavailable(_LOCKED) from error
        else:
            break
    if value is None:
        raise KeyUnavailable(
            f"The system's keyring no longer holds the key {SERVICE}/{name}; without it nothing of this store can be"
            " read: bring it back with `dayreel key import FILE`, or restore the keyring from a backup."
        )
    return value


def is_locked(backend: KeyringBackend) -> bool | None:
    """Tell whether a keyring is locked, without opening a prompt; None where that cannot be asked."""
    if not type(backend).__module__.startswith("keyring.backends.SecretService"):
        return None
    import secretstorage

    try:
        with closing(secretstorage.dbus_init()) as connection:
            return bool(secretstorage.get_collection_by_alias(connection, "default").is_locked())
    except _refusals():
        return None


def _unlocked_before(backend: KeyringBackend, deadline: float) -> bool:
    """Wait until a keyring is unlocked; False when it is not in time, or when that cannot be seen."""
    while (locked := is_locked(backend)) and time.monotonic() < deadline:
        time.sleep(LOOK_S)
    return locked is False and time.monotonic() < deadline


def _asked(backend: KeyringBackend, name: str, seconds: float) -> str | None:
    """Return what a keyring answers, which may show a prompt.  Raises TimeoutError when nobody answers that."""
    answers: list[str | None] = []
    failures: list[Exception] = []

    def ask() -> None:
        try:
            answers.append(backend.get_password(SERVICE, name))
        except _refusals() as error:
            failures.append(error)

    thread = threading.Thread(target=ask, daemon=True)  # ends with the process, should the prompt never be answered
    thread.start()
    thread.join(max(0.0, seconds))
    if failures:
        raise failures[0]
    if not answers:
        raise TimeoutError
    return answers[0]


def _refusals() -> tuple[type[Exception], ...]:
    """Return what keyrings raise; the package lets errors of its own parts through."""
    from keyring.errors import KeyringError

    try:
        from jeepney import DBusErrorResponse
        from secretstorage.exceptions import SecretStorageException
    except ImportError:  # not on this platform
        return KeyringError, OSError
    return KeyringError, OSError, SecretStorageException, DBusErrorResponse, AssertionError
