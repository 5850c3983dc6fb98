"""The unwrapped key, remembered until logout: a private file in the login's runtime folder, which lies in memory.

Owns these files and the proof that they never reach a disk: XDG_RUNTIME_DIR must be the user's own, closed to others,
and a tmpfs, as the login makes it (and removes it at logout).  Elsewhere nothing is remembered.
"""

from __future__ import annotations

import hashlib
import os
import stat
from pathlib import Path

from timeline.errors import DiskFull, StoreUnusable
from timeline.home import FILE_MODE, FOLDER_MODE, make_private_folder, write_private
from timeline.safekeeping.key_file import KEY_BYTES, Wrapped

IN_MEMORY = ("tmpfs", "ramfs")
FOLDER = "dayreel"


def runtime_folder() -> Path | None:
    """Return the login's runtime folder, None when there is none that is private and lies in memory."""
    named = os.environ.get("XDG_RUNTIME_DIR", "")
    folder = Path(named)
    if not named or not folder.is_absolute():
        return None
    try:
        status = folder.stat()
        kind = _filesystem_of(status.st_dev)
    except OSError:
        return None
    private = status.st_uid == os.getuid() and stat.S_IMODE(status.st_mode) & 0o077 == 0
    return folder / FOLDER if private and stat.S_ISDIR(status.st_mode) and kind in IN_MEMORY else None


def remember(entry: Wrapped, raw: bytes) -> bool:
    """Keep a key until logout; False where there is no place for that, or no room in it."""
    folder = runtime_folder()
    if folder is None:
        return False
    try:
        make_private_folder(folder)
        folder.chmod(FOLDER_MODE)
        write_private(folder / _name(entry), note(entry, raw).encode())
    except (OSError, DiskFull, StoreUnusable):  # what a key was changed to counts, remembered or not
        return False
    return True


def recall(entry: Wrapped) -> bytes | None:
    """Return the key that this login remembers of an entry, None when it does not."""
    folder = runtime_folder()
    if folder is None:
        return None
    try:
        descriptor = os.open(folder / _name(entry), os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC)
    except OSError:
        return None
    with os.fdopen(descriptor, errors="replace") as file:
        status = os.fstat(descriptor)
        private = status.st_uid == os.getuid() and stat.S_IMODE(status.st_mode) == FILE_MODE
        return read_note(entry, file.read()) if private else None


def forget(entry: Wrapped) -> bool:
    """Let this login forget a key; False when it did not remember it."""
    folder = runtime_folder()
    if folder is None or not (folder / _name(entry)).exists():
        return False
    (folder / _name(entry)).unlink(missing_ok=True)
    return True


def note(entry: Wrapped, raw: bytes) -> str:
    """Return a key with the mark of the entry that it belongs to: another passphrase or key makes the note void."""
    return f"{_mark(entry)} {raw.hex()}\n"


def read_note(entry: Wrapped, text: str) -> bytes | None:
    """Return the key of a note, None when it is of another entry or damaged."""
    mark, _, key = text.strip().partition(" ")
    if mark != _mark(entry) or len(key) != 2 * KEY_BYTES:
        return None
    try:
        return bytes.fromhex(key)
    except ValueError:
        return None


def _mark(entry: Wrapped) -> str:
    return hashlib.sha256(entry.line().encode()).hexdigest()


def _name(entry: Wrapped) -> str:
    return f"{_mark(entry)[:16]}.key"


def _filesystem_of(device: int) -> str:
    """Return the kind of file system a device number is of, '' when it is not mounted here (proc_pid_mountinfo(5))."""
    number = f"{os.major(device)}:{os.minor(device)}"
    try:
        lines = Path("/proc/self/mountinfo").read_text().splitlines()
    except OSError:  # not Linux
        return ""
    kinds = [line.partition(" - ")[2].split()[0] for line in lines if line.split()[2] == number]
    return kinds[0] if kinds else ""
