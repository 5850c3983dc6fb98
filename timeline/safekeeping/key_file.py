"""The file `key` of a home: what it says, read and written whole.

    raw HEX                                           the key itself
    keyring NAME OWNER                                the system's keyring keeps it under this name; OWNER marks the
                                                      home it was made for (earlier versions wrote none)
    wrapped argon2id MEMORY PASSES LANES SALT HEX     the key, wrapped by a passphrase (memory in KiB)
    next ...                                          a second line, one of the three: the key that everything is
                                                      being changed to; both are needed until that is done

Owns this format and nothing of how a key is come by.  Recovery files hold the first or the third line.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from itertools import count
from pathlib import Path

from timeline.errors import KeyUnavailable
from timeline.home import Home, create_private, sync_folder, write_private

KEY_BYTES = 32  # AES-256, for SQLCipher and for sealed files
SALT_BYTES = 16
WRAPPED_BYTES = 40  # RFC 3394 adds 8 bytes that tell whether the passphrase is right
MOST_MEMORY_KIB = 4_194_304  # a damaged file must not make us ask for more memory than there is
MOST_PASSES = 100
MOST_LANES = 64
_NEXT = "next "


@dataclass(frozen=True, slots=True, repr=False)
class Raw:
    """The key itself.  Has no repr that could show it."""

    raw: bytes

    def line(self) -> str:
        return f"raw {self.raw.hex()}"


@dataclass(frozen=True, slots=True)
class InKeyring:
    """The name under which the system's keyring keeps the key."""

    name: str
    owner: str | None = None
    """The mark of the home that it was made for; None: of an earlier version, which wrote none."""

    def line(self) -> str:
        return f"keyring {self.name}" if self.owner is None else f"keyring {self.name} {self.owner}"


@dataclass(frozen=True, slots=True)
class Cost:
    """What one guess at a passphrase costs (argon2id, RFC 9106)."""

    memory_kib: int
    passes: int
    lanes: int


@dataclass(frozen=True, slots=True, repr=False)
class Wrapped:
    """The key wrapped by a passphrase."""

    cost: Cost
    salt: bytes
    wrapped: bytes

    def line(self) -> str:
        cost = f"{self.cost.memory_kib} {self.cost.passes} {self.cost.lanes}"
        return f"wrapped argon2id {cost} {self.salt.hex()} {self.wrapped.hex()}"


Entry = Raw | InKeyring | Wrapped


@dataclass(frozen=True, slots=True)
class KeyFile:
    """What a key file says."""

    entry: Entry
    new: Entry | None = None
    """The key that everything is being changed to, None when no change is under way."""

    def text(self) -> str:
        lines = [self.entry.line()] if self.new is None else [self.entry.line(), _NEXT + self.new.line()]
        return "".join(f"{line}\n" for line in lines)


def read_key_file(home: Home, path: Path | None = None) -> KeyFile:
    """Return what the key file of a home says, or one that was put aside there.

    Raises KeyUnavailable when it cannot be read or is damaged.
    """
    path = path or home.key_file
    try:
        lines = path.read_text().splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise KeyUnavailable(f"The key file {path} cannot be read: check its owner and rights.") from error
    entries = [parse(line.removeprefix(_NEXT)) for line in lines]
    if (
        len(entries) not in (1, 2)
        or None in entries
        or [line.startswith(_NEXT) for line in lines] != _MARKS[len(lines)]
    ):
        raise KeyUnavailable(
            f"The key file {path} is damaged: restore it from a backup, or bring the key back from a"
            " recovery file with `dayreel key import FILE`."
        )
    first, second = entries[0], entries[1] if len(entries) == 2 else None
    assert first is not None
    return KeyFile(first, second)


_MARKS = {1: [False], 2: [False, True]}


def write_key_file(home: Home, content: KeyFile) -> None:
    """Replace the key file whole; it is on the disk when this returns, and no half written one is left beside it."""
    write_private(home.key_file, content.text().encode())
    sync_folder(home.root)
    for left in home.root.glob(f"{home.key_file.name}.*.new"):  # by one that was killed: it may hold a key
        with suppress(OSError):  # the key file is written: that this stays must not look like a failure
            left.unlink(missing_ok=True)


def set_aside(home: Home, text: bytes) -> Path:
    """Keep what a key file says, for files that may need that key still, and return where."""
    for number in count(1):
        path = home.root / f"{home.key_file.name}.before-{number}"
        if create_private(path, text):
            return path
    raise AssertionError("numbers do not end")


def parse(line: str) -> Entry | None:
    """Return what one line says, None when it says nothing that we know."""
    match line.split():
        case ["raw", key] if (raw := _bytes_of(key, KEY_BYTES)) is not None:
            return Raw(raw)
        case ["keyring", name]:
            return InKeyring(name)
        case ["keyring", name, owner]:
            return InKeyring(name, owner)
        case ["wrapped", "argon2id", memory, passes, lanes, salt, wrapped]:
            return _wrapped((memory, passes, lanes), salt, wrapped)
    return None


def _wrapped(numbers: tuple[str, str, str], salt_hex: str, wrapped_hex: str) -> Wrapped | None:
    salt, wrapped = _bytes_of(salt_hex, SALT_BYTES), _bytes_of(wrapped_hex, WRAPPED_BYTES)
    if salt is None or wrapped is None or not all(one.isascii() and one.isdigit() for one in numbers):
        return None
    cost = Cost(*(int(one[:9]) for one in numbers))
    bounds = (
        (cost.passes, 1, MOST_PASSES),
        (cost.lanes, 1, MOST_LANES),
        (cost.memory_kib, 8 * cost.lanes, MOST_MEMORY_KIB),
    )
    return Wrapped(cost, salt, wrapped) if all(least <= one <= most for one, least, most in bounds) else None


def _bytes_of(text: str, count: int) -> bytes | None:
    try:
        data = bytes.fromhex(text)
    except ValueError:
        return None
    return data if len(data) == count else None
