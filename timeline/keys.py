"""The store's key: made once at random, kept by the system's keyring or in a private file, never shown.

Owns where the key is kept and the sealing of files with keys derived from it.  The file `key` in the home holds either
the key itself (`raw HEX`) or the name under which the system's keyring keeps it (`keyring NAME`).
"""

from __future__ import annotations

import os
import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from timeline.errors import KeyUnavailable, StoreUnusable
from timeline.home import Home, create_private

if TYPE_CHECKING:
    from keyring.backend import KeyringBackend

KEY_BYTES = 32  # AES-256, for SQLCipher and for sealed files
NONCE_BYTES = 12  # the nonce length AES-GCM is specified for (NIST SP 800-38D)
SERVICE = "dayreel"

# The system's own keyrings.  Others (keyrings.alt) may keep the key in plain text without saying so.
TRUSTED_KEYRINGS = (
    "keyring.backends.SecretService",
    "keyring.backends.libsecret",
    "keyring.backends.kwallet",
    "keyring.backends.macOS",
    "keyring.backends.Windows",
)


@dataclass(frozen=True, slots=True, repr=False)
class Key:
    """The raw key of a store and who keeps it.  Has no repr that could show it."""

    raw: bytes
    kept_in: Literal["keyring", "file"]


def load_key(home: Home, *, create: bool = False) -> Key:
    """Return the key of a home; with `create`, make one when the home has none.

    Raises KeyUnavailable when there is none, or when the keyring that keeps it does not hand it out.
    """
    recorded = home.database.exists()  # asked first: a process that starts beside this one makes the key before it
    if home.key_file.exists():
        return _read(home)
    if not create and not recorded:
        raise KeyUnavailable(f"There is no key in {home.root}: nothing has been recorded there yet.")
    if recorded:
        raise KeyUnavailable(
            f"{home.database} exists but its key file {home.key_file} is gone: restore it from a backup, "
            "or begin anew in another folder with --home."
        )
    return _make(home)


def derive(key: Key, purpose: str) -> bytes:
    """Return a key of 32 bytes for one purpose (HKDF-SHA256, RFC 5869), so that no two uses share a key."""
    return HKDF(algorithm=SHA256(), length=KEY_BYTES, salt=None, info=purpose.encode()).derive(key.raw)


def seal(secret: bytes, data: bytes) -> bytes:
    """Return `data` encrypted and authenticated (AES-256-GCM), its random nonce in front."""
    nonce = secrets.token_bytes(NONCE_BYTES)
    return nonce + AESGCM(secret).encrypt(nonce, data, None)


def unseal(secret: bytes, sealed: bytes) -> bytes:
    """Return what was sealed.  Raises StoreUnusable when it was altered, cut or sealed with another key."""
    try:
        return AESGCM(secret).decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], None)
    except (InvalidTag, ValueError) as error:
        raise StoreUnusable("A sealed file is damaged or belongs to another store.") from error


def _read(home: Home) -> Key:
    try:
        kind, _, value = home.key_file.read_text().strip().partition(" ")
    except (OSError, UnicodeDecodeError) as error:
        raise KeyUnavailable(f"The key file {home.key_file} cannot be read: check its owner and rights.") from error
    if kind == "keyring":
        return Key(_from_keyring(value), "keyring")
    if kind != "raw":
        raise KeyUnavailable(f"The key file {home.key_file} is damaged: restore it from a backup.")
    return Key(_decode(value, str(home.key_file)), "file")


def _decode(value: str, place: str) -> bytes:
    try:
        raw = bytes.fromhex(value)
    except ValueError:
        raw = b""
    if len(raw) != KEY_BYTES:
        raise KeyUnavailable(f"The key in {place} is damaged: restore it from a backup.")
    return raw


def _make(home: Home) -> Key:
    raw = secrets.token_bytes(KEY_BYTES)
    backend = trusted_keyring()
    if backend is not None:
        name = secrets.token_hex(8)
        if _keep(backend, name, raw):
            return _publish(home, f"keyring {name}\n", Key(raw, "keyring"))
    return _publish(home, f"raw {raw.hex()}\n", Key(raw, "file"))


def _publish(home: Home, content: str, key: Key) -> Key:
    """Write the key file and return the key; when another process was first, return that one's."""
    return key if create_private(home.key_file, content.encode()) else _read(home)


def trusted_keyring() -> KeyringBackend | None:
    """Return the system's own keyring, None where there is none that works."""
    # On Linux every trusted backend speaks over the session bus; asking without one costs seconds of time-outs.
    if os.name == "posix" and os.uname().sysname == "Linux" and "DBUS_SESSION_BUS_ADDRESS" not in os.environ:
        return None
    import keyring

    backend = keyring.get_keyring()
    candidates = [*getattr(backend, "backends", []), backend]
    return next((one for one in candidates if type(one).__module__.startswith(TRUSTED_KEYRINGS)), None)


def _keep(backend: KeyringBackend, name: str, raw: bytes) -> bool:
    """Tell whether the keyring took the key and gives it back."""
    from keyring.errors import KeyringError

    try:
        backend.set_password(SERVICE, name, raw.hex())
        return backend.get_password(SERVICE, name) == raw.hex()
    except KeyringError:
        return False


def _from_keyring(name: str) -> bytes:
    from keyring.errors import KeyringError

    backend = trusted_keyring()
    if backend is None:
        raise KeyUnavailable(
            "The key of this store is kept by the system's keyring, which does not answer: log in to a desktop "
            "session (or start its keyring service) and try again."
        )
    try:
        value = backend.get_password(SERVICE, name)
    except KeyringError as error:
        raise KeyUnavailable("The system's keyring is locked: unlock it and try again.") from error
    if value is None:
        raise KeyUnavailable(f"The system's keyring no longer holds the key {SERVICE}/{name}: restore it there.")
    return _decode(value, "the system's keyring")
