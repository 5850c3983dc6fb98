"""Every page of an encrypted database as it lies on the disk, in plain: free ones, old ones, those of the log.

Reads past SQLite, so nothing that a file still holds can hide behind its tables.  Owns the layout of SQLCipher 4's
pages with a raw key.  Called by the check after forgetting.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from pathlib import Path

from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.ciphers.modes import CBC

from timeline.keys import Key

PAGE_BYTES, RESERVED_BYTES, IV_BYTES, SALT_BYTES = 4096, 80, 16, 16  # SQLCipher 4's defaults
_LOG_HEADER_BYTES, _LOG_FRAME_HEADER_BYTES = 32, 24  # of a write-ahead log and of each page in it
_AT_ONCE = 256  # pages read at a time: 1 MB


def plain_pages(database: Path, key: Key) -> Iterator[bytes]:
    """Yield the pages of a database file and of its write-ahead log."""
    yield from (_plain(page, key, number == 0) for number, page in enumerate(_blocks(database, 0, PAGE_BYTES)))
    log = database.with_name(f"{database.name}-wal")
    if log.exists():
        for block in _blocks(log, _LOG_HEADER_BYTES, _LOG_FRAME_HEADER_BYTES + PAGE_BYTES):
            (number,) = struct.unpack_from(">I", block)
            yield _plain(block[_LOG_FRAME_HEADER_BYTES:], key, number == 1)


def _blocks(path: Path, start: int, size: int) -> Iterator[bytes]:
    with path.open("rb") as file:
        file.seek(start)
        while data := file.read(size * _AT_ONCE):
            for at in range(0, len(data) - size + 1, size):
                yield data[at : at + size]


def _plain(page: bytes, key: Key, is_first: bool) -> bytes:
    end = PAGE_BYTES - RESERVED_BYTES
    decryptor = Cipher(AES(key.raw), CBC(page[end : end + IV_BYTES])).decryptor()
    return decryptor.update(page[SALT_BYTES if is_first else 0 : end]) + decryptor.finalize()
