"""Which data folder an entry of the system's keyring belongs to, and letting go of those that are its own.

A copy of a data folder names the entry that the original names.  Reading it is right for both; the one that forgets it
takes the key from the other.  So an entry carries the mark of the folder it was made for, and only that one lets go.
Owns the mark and the sentences about what stays in the keyring.  Called by timeline.keys, custody, rotation, uninstall.
"""

from __future__ import annotations

import hashlib
import os
import secrets
import shlex
import sys
from dataclasses import dataclass

from timeline.errors import KeyUnavailable
from timeline.home import Home
from timeline.safekeeping import system_keyring
from timeline.safekeeping.key_file import Entry, InKeyring, KeyFile, Raw, read_key_file, write_key_file

MARK_CHARACTERS = 16


@dataclass(frozen=True, slots=True)
class Left:
    """An entry that stays in the keyring."""

    name: str
    is_own: bool
    """Whether it was to go and could not; else another data folder may need it."""

    def sentence(self) -> str:
        """Say why it is there still and how to remove it."""
        place, remove = f"{system_keyring.SERVICE}/{self.name}", removal(self.name)
        if self.is_own:
            return (
                f"The system's keyring did not let go of the key {place}, so whoever is logged in can still read it"
                f" there: unlock the keyring, then `{remove}`."
            )
        return (
            f"The system's keyring still keeps the key {place}: this data folder was copied or moved, and the one that"
            f" key was made for may need it. When there is no other one: `{remove}`."
        )


def removal(name: str) -> str:
    """Return the command that removes an entry from the keyring."""
    return f"{shlex.quote(sys.executable)} -m keyring del {system_keyring.SERVICE} {name}"


def mark_of(home: Home) -> str:
    """Return what tells this data folder from its copies: its place and the number of its folder.

    A copy has another place or another number; so has one that was moved or restored, which errs on the safe side.
    Device numbers are left out: they change from one start of the machine to the next (btrfs, LVM).
    """
    root = home.root.resolve()
    told = os.fsencode(f"{root.stat().st_ino} {root}")
    return hashlib.sha256(told).hexdigest()[:MARK_CHARACTERS]


def is_own(home: Home, entry: InKeyring) -> bool:
    """Tell whether an entry was made for this very data folder; one without a mark may be anybody's."""
    return entry.owner == mark_of(home)


def new_entry(home: Home, raw: bytes) -> Entry:
    """Return what a key file says of a key without a passphrase: the keyring takes it where there is one."""
    return kept_in_keyring(home, raw) or Raw(raw)


def kept_in_keyring(home: Home, raw: bytes) -> InKeyring | None:
    """Give a key to the system's keyring under a new name; None when it does not take it."""
    name = secrets.token_hex(8)
    return InKeyring(name, mark_of(home)) if system_keyring.keep(name, raw) else None


def commit(home: Home, content: KeyFile, fresh: Entry) -> None:
    """Write the key file, the commit point; when that fails, the keyring lets go of what was put there for it."""
    try:
        write_key_file(home, content)
    except BaseException:
        if isinstance(fresh, InKeyring) and not _may_name(home, fresh):
            system_keyring.forget(fresh.name)
        raise


def let_go(home: Home, entry: Entry) -> Left | None:
    """Forget an entry that the key file no longer names; return it when it stays in the keyring."""
    if not isinstance(entry, InKeyring):
        return None
    if not is_own(home, entry):
        return Left(entry.name, is_own=False)
    return None if system_keyring.forget(entry.name) else Left(entry.name, is_own=True)


def _may_name(home: Home, entry: InKeyring) -> bool:
    """Tell whether the key file names an entry, or cannot be asked."""
    try:
        content = read_key_file(home)
    except KeyUnavailable:
        return home.key_file.exists()
    return entry in (content.entry, content.new)
