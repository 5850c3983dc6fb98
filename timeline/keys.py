"""The store's key: made once at random, never shown; and the sealing of files with keys derived from it.

Owns what a key is and the loading of it; where it is kept and how it is come by is timeline.safekeeping's.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from typing import Literal

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from timeline.errors import KeyUnavailable, StoreUnusable
from timeline.home import Home, create_private
from timeline.safekeeping import changing, system_keyring, unlocking
from timeline.safekeeping.belonging import new_entry
from timeline.safekeeping.key_file import KEY_BYTES, Entry, InKeyring, KeyFile, Raw, parse
from timeline.safekeeping.system_keyring import Say

NONCE_BYTES = 12  # the nonce length AES-GCM is specified for (NIST SP 800-38D)

KeptIn = Literal["keyring", "file", "passphrase"]
"""Who keeps a key; `passphrase`: a file that is of no use without one."""

__all__ = [
    "KEY_BYTES",
    "NONCE_BYTES",
    "KeptIn",
    "Key",
    "derive",
    "key_of",
    "load_key",
    "seal",
    "unseal",
]


@dataclass(frozen=True, slots=True, repr=False)
class Key:
    """The raw key of a store and who keeps it.  Has no repr that could show it."""

    raw: bytes
    kept_in: KeptIn


def load_key(home: Home, *, create: bool = False, say: Say | None = None) -> Key:
    """Return the key of a home; with `create`, make one when the home has none.

    `say`: wait for a keyring that is locked, and tell of that.
    Raises KeyUnavailable when there is none, or when the keyring or the one asked for a passphrase does not give it.
    """
    recorded = home.database.exists()  # asked first: a process that starts beside this one makes the key before it
    if home.key_file.exists():
        return _read(home, say)
    if not create and not recorded:
        raise KeyUnavailable(f"There is no key in {home.root}: nothing has been recorded there yet.")
    if recorded:
        raise KeyUnavailable(
            f"The key file {home.key_file} is gone. Without it nothing recorded there can be read, neither text nor"
            " pictures; the files themselves are whole. Bring the key back from a recovery file with"
            " `dayreel key import FILE`, or restore it from a backup; to begin anew, name another folder with --home."
        )
    return _make(home, say)


def key_of(entry: Entry, home: Home, say: Say | None = None) -> Key:
    """Return the key that an entry of a key file stands for.  Raises KeyUnavailable."""
    if isinstance(entry, Raw):
        return Key(entry.raw, "file")
    if isinstance(entry, InKeyring):
        fetched = parse(f"raw {system_keyring.fetch(entry.name, say)}")
        if not isinstance(fetched, Raw):
            raise KeyUnavailable("The key in the system's keyring is damaged: restore it from a backup.")
        return Key(fetched.raw, "keyring")
    return Key(unlocking.unlocked(entry, str(home.root)), "passphrase")


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


def _read(home: Home, say: Say | None) -> Key:
    return key_of(changing.settled(home), home, say)


def _make(home: Home, say: Say | None) -> Key:
    raw = secrets.token_bytes(KEY_BYTES)
    entry = new_entry(home, raw)
    if say is not None and isinstance(entry, Raw) and system_keyring.trusted_keyring() is not None:
        say(
            f"The system's keyring did not take the key: it is kept in {home.key_file}, a file readable by you alone."
            " `dayreel key passphrase` guards it."
        )
    if create_private(home.key_file, KeyFile(entry).text().encode()):
        return Key(raw, "keyring" if isinstance(entry, InKeyring) else "file")
    if isinstance(entry, InKeyring):  # another process was first
        system_keyring.forget(entry.name)
    return _read(home, None)
