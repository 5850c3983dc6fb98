"""Changes of where a key is kept: a passphrase set or removed, a recovery file written or taken back.

Owns the order: the new place is proved to give the key back before the file `key` names it (the commit point), and the
old place lets go of it last.  The key itself stays the same; changing that is timeline.safekeeping.rotation's.
"""

from __future__ import annotations

import os
from pathlib import Path

from timeline.database import open_database
from timeline.errors import KeyUnavailable, StoreUnusable, WrongUsage
from timeline.home import FILE_MODE, Home, sync_folder
from timeline.keys import Key, new_entry
from timeline.safekeeping import system_keyring, unlocking
from timeline.safekeeping.key_file import Entry, InKeyring, KeyFile, Raw, Wrapped, parse, read_key_file, write_key_file
from timeline.safekeeping.passphrase import LEAST_CHARACTERS, unwrap, wrap

_FIRST_LINE = "dayreel recovery file 1: whoever has this {means} can read what dayreel has recorded"
_MOST_BYTES = 4_096  # of a recovery file


def set_passphrase(home: Home, key: Key, passphrase: str) -> None:
    """Guard the key of a home by a passphrase, in place of what guarded it.  Raises WrongUsage for a short one."""
    entry = _wrapped(key, passphrase)
    _commit(home, entry)
    unlocking.note(entry, key.raw)


def remove_passphrase(home: Home, key: Key) -> Entry:
    """Give the key to the system's keyring, or where there is none to a file, and return which."""
    entry = new_entry(key.raw)
    _commit(home, entry)
    return entry


def export_key(home: Home, key: Key, file: Path, passphrase: str | None) -> None:
    """Write a recovery file (0600); None: not guarded by a passphrase.

    Raises WrongUsage for a short passphrase, for a place inside the home, and for a file that is there already.
    """
    entry = Raw(key.raw) if passphrase is None else _wrapped(key, passphrase)
    if home.root.resolve() in file.resolve().parents:
        raise WrongUsage(f"{file} lies in the data folder and would be lost with it: name a place elsewhere.")
    try:
        descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, FILE_MODE)
    except FileExistsError as error:
        raise WrongUsage(f"{file} is there already: name another file.") from error
    with os.fdopen(descriptor, "w") as written:
        means = "file" if passphrase is None else "file and its passphrase"
        written.write(f"{_FIRST_LINE.format(means=means)}\n{entry.line()}\n")
        written.flush()
        os.fsync(written.fileno())
    sync_folder(file.absolute().parent)


def import_key(home: Home, file: Path) -> Entry:
    """Take the key of a recovery file as that of a home, and return where it is kept now.

    Asks for the file's passphrase.  Raises KeyUnavailable when the file holds no key or its passphrase is not given,
    and StoreUnusable, changing nothing, when the store does not open with it.
    """
    recovered = _read_recovery(file)
    raw = recovered.raw if isinstance(recovered, Raw) else _unwrapped(recovered, file)
    key = Key(raw, "file")
    if home.database.exists():
        open_database(home.database, key, read_only=True).close()
    else:
        home.create()
    entry = new_entry(raw)
    _commit(home, entry)
    return entry


def _wrapped(key: Key, passphrase: str) -> Wrapped:
    if len(passphrase) < LEAST_CHARACTERS:
        raise WrongUsage(f"A passphrase has at least {LEAST_CHARACTERS} characters; several words are better.")
    entry = wrap(key.raw, passphrase)
    if unwrap(entry, passphrase) != key.raw:
        raise StoreUnusable("The key could not be wrapped: what was written is not what was read. Nothing was changed.")
    return entry


def _commit(home: Home, entry: Entry) -> None:
    before = _entries(home)
    write_key_file(home, KeyFile(entry))
    for old in before:
        if isinstance(old, InKeyring) and old != entry:
            system_keyring.forget(old.name)
        if isinstance(old, Wrapped):
            unlocking.forget(old)


def _entries(home: Home) -> list[Entry]:
    """Return what the key file says; one that is gone or damaged says nothing.  Raises KeyUnavailable in a change."""
    try:
        content = read_key_file(home)
    except KeyUnavailable:
        return []
    if content.new is not None:
        raise KeyUnavailable("The key is being changed: finish that with `dayreel key rotate` first.")
    return [content.entry]


def _read_recovery(file: Path) -> Raw | Wrapped:
    try:
        with file.open(encoding="utf-8") as opened:
            lines = opened.read(_MOST_BYTES).splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise KeyUnavailable(f"{file} cannot be read as a recovery file of dayreel.") from error
    entry = parse(lines[-1]) if lines else None
    if not isinstance(entry, Raw | Wrapped):
        raise KeyUnavailable(f"{file} is no recovery file of dayreel, or is damaged.")
    return entry


def _unwrapped(entry: Wrapped, file: Path) -> bytes:
    why = f"The recovery file {file} is guarded by a passphrase."
    for _ in range(unlocking.TRIES):
        raw = unwrap(entry, unlocking.ask(why))
        if raw is not None:
            return raw
        why = "That is not the passphrase of the recovery file; try again."
    raise KeyUnavailable(f"That was not the passphrase of {file}, {unlocking.TRIES} times: nothing was changed.")
