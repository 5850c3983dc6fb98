"""Changes of where a key is kept: a passphrase set or removed, a recovery file written or taken back.

Owns the order: the new place is proved to give the key back before the file `key` names it (the commit point), and the
old place lets go of it last.  The key itself stays the same; changing that is timeline.safekeeping.rotation's.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from timeline.database import open_database
from timeline.errors import KeyUnavailable, StoreUnusable, WrongUsage
from timeline.home import Home
from timeline.keys import Key, derive
from timeline.safekeeping import changing, system_keyring, unlocking
from timeline.safekeeping.belonging import Left, commit, let_go, new_entry
from timeline.safekeeping.key_file import Entry, KeyFile, Raw, Wrapped, parse, read_key_file, set_aside
from timeline.safekeeping.passphrase import LEAST_CHARACTERS, unwrap, wrap
from timeline.safekeeping.recovery import read_recovery, write_recovery
from timeline.sealed_file import SealedReader


@dataclass(frozen=True, slots=True)
class Moved:
    """Where a key is kept now, and what of the old place is still there."""

    entry: Entry
    left: Left | None = None
    put_aside: Path | None = None
    """The key file that was there, when it may hold another key than the one that was brought back."""


def set_passphrase(home: Home, key: Key, passphrase: str) -> Moved:
    """Guard the key of a home by a passphrase, in place of what guarded it.  Raises WrongUsage for a short one."""
    old = changing.settled(home)
    entry = _wrapped(key, passphrase)
    moved = _move(home, old, entry)
    unlocking.note(entry, key.raw)
    return moved


def remove_passphrase(home: Home, key: Key) -> Moved:
    """Give the key to the system's keyring, or where there is none to a file, and return which."""
    old = changing.settled(home)
    return _move(home, old, new_entry(home, key.raw))


def export_key(home: Home, key: Key, file: Path, passphrase: str | None) -> None:
    """Write a recovery file (0600); None: not guarded by a passphrase.

    Raises WrongUsage for a short passphrase, for a place inside the home, and for a file that is there already.
    """
    entry = Raw(key.raw) if passphrase is None else _wrapped(key, passphrase)
    if home.root.resolve() in file.resolve().parents:
        raise WrongUsage(f"{file} lies in the data folder and would be lost with it: name a place elsewhere.")
    write_recovery(file, entry)


def check_import(home: Home, file: Path) -> None:
    """Raise WrongUsage when there is no home or no file, and KeyUnavailable when the file holds no key."""
    if not _files_of(home):
        raise WrongUsage(
            f"Nothing of dayreel's is recorded in {home.root}, so the key of {file} cannot be proved to belong there:"
            " name the data folder with --home, or put its files back first."
        )
    read_recovery(file)


def import_key(home: Home, file: Path) -> Moved:
    """Take the key of a recovery file as that of a home, and return where it is kept now.

    Asks for the file's passphrase.  Raises as `check_import`, KeyUnavailable when the passphrase is not given or a
    change of the key has to be finished first, and StoreUnusable, changing nothing, when the store does not open with
    it.  A key file that may hold another key is put aside, not written over.
    """
    check_import(home, file)
    recovered = read_recovery(file)
    raw = recovered.raw if isinstance(recovered, Raw) else _unwrapped(recovered, file)
    if not any(_opens(path, Key(raw, "file")) for path in _files_of(home)):
        raise StoreUnusable(
            f"{file} is the recovery file of another data folder, or of an earlier key of this one: nothing in"
            f" {home.root} opens with it, and nothing was changed."
        )
    old = _present(home)
    if old is not None and _known(old) == raw:
        return _move(home, old, new_entry(home, raw))
    aside = set_aside(home, home.key_file.read_bytes()) if home.key_file.exists() else None
    entry = new_entry(home, raw)
    commit(home, KeyFile(entry), entry)
    return Moved(entry, put_aside=aside)


def _wrapped(key: Key, passphrase: str) -> Wrapped:
    if len(passphrase) < LEAST_CHARACTERS:
        raise WrongUsage(f"A passphrase has at least {LEAST_CHARACTERS} characters; several words are better.")
    entry = wrap(key.raw, passphrase)
    if unwrap(entry, passphrase) != key.raw:
        raise StoreUnusable("The key could not be wrapped: what was written is not what was read. Nothing was changed.")
    return entry


def _move(home: Home, old: Entry, new: Entry) -> Moved:
    """Have the key file name another place of the same key, and the old place let go of it."""
    commit(home, KeyFile(new), new)
    if isinstance(old, Wrapped):
        unlocking.forget(old)
    return Moved(new, let_go(home, old))


def _present(home: Home) -> Entry | None:
    """Return what the key file says; None for one that is gone or damaged.  Raises KeyUnavailable in a change."""
    try:
        content = read_key_file(home)
    except KeyUnavailable:
        return None
    if content.new is not None:
        raise KeyUnavailable(changing.sentence(home))
    return content.entry


def _known(entry: Entry) -> bytes | None:
    """Return the key of an entry when it can be had without asking anybody."""
    if isinstance(entry, Raw):
        return entry.raw
    if isinstance(entry, Wrapped):
        return unlocking.known_key(entry)
    with suppress(KeyUnavailable):
        fetched = parse(f"raw {system_keyring.fetch(entry.name)}")
        return fetched.raw if isinstance(fetched, Raw) else None
    return None


def _files_of(home: Home) -> list[Path]:
    """Return what tells which key a home is of: databases, the timeline first, then segments."""
    databases = [path for path in (home.database, home.index_database, home.thumbnails) if path.is_file()]
    return [*databases, *sorted(home.video.rglob("*.sealed"))]


def _opens(path: Path, key: Key) -> bool:
    try:
        if path.suffix == ".db":
            open_database(path, key, read_only=True).close()
            return True
        with SealedReader(path, derive(key, "video")) as reader:
            return len(reader) > 0 and (reader.complete or bool(reader.record(0)))
    except (StoreUnusable, OSError):
        return False


def _unwrapped(entry: Wrapped, file: Path) -> bytes:
    why = f"The recovery file {file} is guarded by a passphrase."
    for _ in range(unlocking.TRIES):
        raw = unwrap(entry, unlocking.ask(why))
        if raw is not None:
            return raw
        why = "That is not the passphrase of the recovery file; try again."
    raise KeyUnavailable(f"That was not the passphrase of {file}, {unlocking.TRIES} times: nothing was changed.")
