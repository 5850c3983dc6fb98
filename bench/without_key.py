"""A store without encryption beside an encrypted one, so that the cost can be measured; the product has no such thing.

Owns what leaves the key out: databases are opened without one, the vector cache and the spool are not sealed, a
segment's records are written as plain bytes.  All else is the product's own code.  Used by bench/encryption.py.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager, nullcontext
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, Self
from unittest.mock import patch

import sqlcipher3
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from timeline.home import Home
from timeline.keys import Key, load_key
from timeline.sealed_file import SealedWriter
from timeline.segment_file import PLAIN_SUFFIX, SEALED_SUFFIX

PLAIN_DATABASE = b"SQLite format 3\0"  # an encrypted one begins with random bytes
_KEY_OF_ATTACHED = re.compile(r"""KEY "x'[0-9a-f]*'\"""")
_SEALING = ("index.meaning", "timeline.spool")


@dataclass(frozen=True, slots=True)
class Side:
    """One of two stores, and what makes it what it is."""

    home: Home
    key: Key
    applied: Callable[[], AbstractContextManager[None]]
    """Whatever is done to the store is done inside of this."""
    file: type[SealedWriter]
    suffix: str

    @property
    def name(self) -> str:
        return self.home.root.name


def both_sides(folder: Path) -> tuple[Side, Side]:
    """Return two empty stores, the plain one and the encrypted one."""
    plain, encrypted = Home(folder / "plain"), Home(folder / "encrypted")
    for home in (plain, encrypted):
        home.create()
    return (
        Side(plain, load_key(plain, create=True), without_key, _PlainFile, PLAIN_SUFFIX),
        Side(encrypted, load_key(encrypted, create=True), nullcontext, SealedWriter, SEALED_SUFFIX),
    )


@contextmanager
def without_key() -> Iterator[None]:
    """Leave the key out of what is opened, written and read in this block."""
    with ExitStack() as stack:
        stack.enter_context(patch.object(sqlcipher3, "connect", partial(sqlcipher3.connect, factory=_Unkeyed)))
        for module in _SEALING:
            for name in ("seal", "unseal"):
                stack.enter_context(patch(f"{module}.{name}", lambda _, data: data))
        yield


def is_plain(database: Path) -> bool:
    """Tell whether anybody can read a database."""
    with database.open("rb") as file:
        return file.read(len(PLAIN_DATABASE)) == PLAIN_DATABASE


class _Unkeyed(sqlcipher3.Connection):
    """A connection that never takes the key which the product gives it: its file is an ordinary SQLite database."""

    def execute(self, statement: str, *values: Any) -> Any:
        if statement.startswith("PRAGMA key"):
            return super().execute("SELECT 1")
        return super().execute(_KEY_OF_ATTACHED.sub("KEY ''", statement), *values)


class _PlainFile(SealedWriter):
    """What a segment's writer writes to, without the seal: the records' plain bytes, one after the other."""

    @classmethod
    def begin(cls, descriptor: int, secret: bytes) -> Self:
        return cls(descriptor, AESGCM(secret), 0, 0, 0)

    def _append(self, kind: int, data: bytes) -> None:
        if kind == 0:  # the closing record is no part of the video
            self._write(data)
