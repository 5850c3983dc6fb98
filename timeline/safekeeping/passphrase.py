"""A key wrapped by a passphrase: argon2id makes a key of the passphrase (RFC 9106), AES wraps with it (RFC 3394).

Owns what a guess costs.  Never asks for a passphrase and never keeps one.
"""

from __future__ import annotations

import secrets
import unicodedata

from cryptography.hazmat.primitives.kdf.argon2 import Argon2id
from cryptography.hazmat.primitives.keywrap import InvalidUnwrap, aes_key_unwrap, aes_key_wrap

from timeline.safekeeping.key_file import KEY_BYTES, SALT_BYTES, Cost, Wrapped

COST = Cost(memory_kib=262_144, passes=3, lanes=4)  # 256 MiB; RFC 9106 has 64 MiB and 3 passes as the least
LEAST_CHARACTERS = 8


def wrap(raw: bytes, passphrase: str, cost: Cost = COST) -> Wrapped:
    """Return a key wrapped by a passphrase, with a new salt."""
    salt = secrets.token_bytes(SALT_BYTES)
    return Wrapped(cost, salt, aes_key_wrap(wrapping_key(passphrase, salt, cost), raw))


def unwrap(entry: Wrapped, passphrase: str) -> bytes | None:
    """Return the key, None when the passphrase is not the one."""
    return unwrap_with(wrapping_key(passphrase, entry.salt, entry.cost), entry)


def unwrap_with(secret: bytes, entry: Wrapped) -> bytes | None:
    """Return the key by what `wrapping_key` gave, None when that is not the one."""
    try:
        return aes_key_unwrap(secret, entry.wrapped)
    except InvalidUnwrap:
        return None


def wrap_beside(raw: bytes, secret: bytes, entry: Wrapped) -> Wrapped:
    """Return another key wrapped by the passphrase of an entry; `secret` is that one's `wrapping_key`."""
    return Wrapped(entry.cost, entry.salt, aes_key_wrap(secret, raw))


def wrapping_key(passphrase: str, salt: bytes, cost: Cost) -> bytes:
    """Return the key that a passphrase makes: about a third of a second and 256 MiB.

    Input methods write the same character in several ways, so the text is brought to one form (Unicode NFC).
    """
    derivation = Argon2id(
        salt=salt, length=KEY_BYTES, iterations=cost.passes, lanes=cost.lanes, memory_cost=cost.memory_kib
    )
    return derivation.derive(unicodedata.normalize("NFC", passphrase).encode())
