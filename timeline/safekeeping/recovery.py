"""Recovery files: the key outside of its home, for the day on which it is lost there.

    dayreel recovery file 1: ...                      a line for whoever finds it
    raw HEX, or wrapped argon2id ...                  as in the file `key`

Owns this format, and that such a file is there whole or not at all.  Called by custody.
"""

from __future__ import annotations

import errno
import os
from contextlib import suppress
from pathlib import Path

from timeline.errors import DiskFull, KeyUnavailable, WrongUsage
from timeline.home import FILE_MODE, NO_ROOM, sync_folder
from timeline.safekeeping.key_file import Raw, Wrapped, parse

_FIRST_LINE = "dayreel recovery file 1: whoever has this {means} can read what dayreel has recorded"
_MOST_BYTES = 4_096
_NO_LINKS = frozenset({errno.EPERM, errno.ENOTSUP, errno.EOPNOTSUPP, errno.ENOSYS, errno.EMLINK})
"""What file systems without hard links say (the FAT of a USB stick)."""


def write_recovery(file: Path, entry: Raw | Wrapped) -> None:
    """Write a recovery file (0600); it is on the disk when this returns.

    Raises WrongUsage when it cannot be there, and DiskFull; nothing is left behind then.
    """
    means = "file" if isinstance(entry, Raw) else "file and its passphrase"
    data = f"{_FIRST_LINE.format(means=means)}\n{entry.line()}\n".encode()
    beside = file.with_name(f".{file.name}.{os.getpid()}.new")
    try:
        _write_beside(beside, data)
        _put_in_place(beside, file)
        _sync(file.parent)
    except FileExistsError as error:
        raise WrongUsage(f"{file} is there already: name another file.") from error
    except OSError as error:
        if error.errno in NO_ROOM:
            raise DiskFull(f"There is no room for {file}: it was not written. Name another place.") from error
        raise WrongUsage(f"{file} cannot be written: {error.strerror}. Name another place.") from error
    finally:
        with suppress(OSError):  # the folder is not there, or not ours
            beside.unlink(missing_ok=True)


def read_recovery(file: Path) -> Raw | Wrapped:
    """Return what a recovery file holds.  Raises WrongUsage when there is none, KeyUnavailable when it is damaged."""
    try:
        with file.open(encoding="utf-8") as opened:
            lines = opened.read(_MOST_BYTES).splitlines()
    except FileNotFoundError as error:
        raise WrongUsage(f"There is no {file}: name the recovery file that `dayreel key export` wrote.") from error
    except OSError as error:
        raise KeyUnavailable(f"The recovery file {file} cannot be read: {error.strerror}.") from error
    except UnicodeDecodeError as error:
        raise KeyUnavailable(f"{file} is no recovery file of dayreel, or is damaged.") from error
    entry = parse(lines[-1]) if lines else None
    if not isinstance(entry, Raw | Wrapped):
        raise KeyUnavailable(f"{file} is no recovery file of dayreel, or is damaged.")
    return entry


def _write_beside(path: Path, data: bytes) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW | os.O_CLOEXEC, FILE_MODE)
    with os.fdopen(descriptor, "wb") as written:
        written.write(data)
        written.flush()
        os.fsync(written.fileno())


def _put_in_place(beside: Path, file: Path) -> None:
    """Give a file its name, the commit point.  Raises FileExistsError when there is one of that name."""
    try:
        os.link(beside, file)
    except OSError as error:
        if error.errno not in _NO_LINKS:
            raise
        if os.path.lexists(file):
            raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), str(file)) from error
        beside.rename(file)


def _sync(folder: Path) -> None:
    try:
        sync_folder(folder)
    except OSError as error:
        if error.errno not in (errno.EINVAL, errno.ENOTSUP):  # file systems that cannot sync a folder
            raise
