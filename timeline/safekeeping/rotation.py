"""Another key for everything: databases, segments, spool and vector cache are written anew with it, one after another.

Owns the order: both keys stand in the file `key` before the first file changes, each file goes over whole (one
transaction, or written beside, compared, synced and renamed), and only when all have is the old key let go.  Killed
anywhere, the next run goes on: which key a file is of is asked of the file.  The caller holds all roles of the home.
"""

from __future__ import annotations

import logging
import secrets
import shutil
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from timeline.database import DatabaseError, open_database
from timeline.errors import AlreadyRunning, DiskFull, KeyUnavailable, StoreUnusable
from timeline.home import Home, sync_folder, write_private
from timeline.keys import Key, derive, key_of, seal, unseal
from timeline.safekeeping import system_keyring, unlocking
from timeline.safekeeping.key_file import (
    KEY_BYTES,
    Entry,
    InKeyring,
    KeyFile,
    Raw,
    Wrapped,
    read_key_file,
    write_key_file,
)
from timeline.sealed_file import SealedReader, SealedWriter

Advance = Callable[[int, int], None]
"""Called with how many bytes are done and how many there are in all."""
ROOM = 2  # times the largest file: its copy, or a database's rollback journal and what else is written meanwhile
_NEW = ".new"  # what a killed run leaves half written

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Rotated:
    """What came of it."""

    files: int
    damaged: int
    """Files of which some or all could not be read before either; what could be is kept."""


def rotate(home: Home, advance: Advance) -> Rotated:
    """Give a home another key, or finish doing so.

    Raises KeyUnavailable, AlreadyRunning when something reads the store, DiskFull; everything stays readable, and the
    next call goes on.
    """
    content = _begun(home)
    assert content.new is not None
    files = _Files(home, key_of(content.entry, home), key_of(content.new, home))
    rotated = files.change_all(advance)
    write_key_file(home, KeyFile(content.new))  # the commit point: the old key is let go
    if isinstance(content.entry, InKeyring):
        system_keyring.forget(content.entry.name)
    if isinstance(content.entry, Wrapped):
        unlocking.forget(content.entry)
    return rotated


def _begun(home: Home) -> KeyFile:
    """Return both keys of a home, the new one made now unless a killed run has made it."""
    content = read_key_file(home)
    if content.new is None:
        _prove_possible(home, key_of(content.entry, home))
        content = KeyFile(content.entry, _another(content.entry, home))
        write_key_file(home, content)
    return content


def _prove_possible(home: Home, key: Key) -> None:
    """Raise StoreUnusable or DiskFull for what would else stop the change half-way, with the store unreadable."""
    if home.database.exists():
        db = open_database(home.database, key, read_only=True)
        try:
            damage = db.conn.execute("PRAGMA cipher_integrity_check").fetchall()
        finally:
            db.close()
        if damage:
            raise StoreUnusable(f"{home.database} is damaged: its key was not changed. Restore it from a backup.")
    largest = max((path.stat().st_size for path in home.root.rglob("*") if path.is_file()), default=0)
    if shutil.disk_usage(home.root).free < ROOM * largest:
        raise DiskFull(f"The disk of {home.root} has no room for a second copy of its largest file: free some space.")


def _another(entry: Entry, home: Home) -> Entry:
    """Return a new key, kept as the old one is.  Raises KeyUnavailable."""
    raw = secrets.token_bytes(KEY_BYTES)
    if isinstance(entry, Raw):
        return Raw(raw)
    if isinstance(entry, InKeyring):
        name = secrets.token_hex(8)
        if not system_keyring.keep(name, raw):
            raise KeyUnavailable("The system's keyring did not take the new key: unlock it and try again.")
        return InKeyring(name)
    from timeline.safekeeping.passphrase import wrap_beside

    _, secret = unlocking.ask_for(entry, str(home.root))
    wrapped = wrap_beside(raw, secret, entry)
    unlocking.note(wrapped, raw)
    return wrapped


class _Files:
    """The files of a home, on their way from one key to another."""

    def __init__(self, home: Home, old: Key, new: Key) -> None:
        self._home, self._old, self._new = home, old, new
        self._damaged = 0

    def change_all(self, advance: Advance) -> Rotated:
        """Bring every file to the new key."""
        self._sweep()
        work = [*self._work()]
        total, done = sum(path.stat().st_size for path, _ in work), 0
        for path, change in work:
            size = path.stat().st_size
            change(path)
            done += size
            advance(done, total)
        for folder in {path.parent for path, _ in work}:
            sync_folder(folder)
        return Rotated(len(work), self._damaged)

    def _work(self) -> Iterator[tuple[Path, Callable[[Path], None]]]:
        """Yield each file and what changes it."""
        home = self._home
        for path in sorted(home.video.rglob("*.sealed")):
            yield path, self._segment
        for path in sorted(home.spool.iterdir()):
            yield path, self._spool_entry
        if home.vectors.exists():
            yield home.vectors, self._vectors
        for path in sorted(home.root.glob("*.db")):
            yield path, self._database

    def _sweep(self) -> None:
        for folder in (self._home.video, self._home.spool):
            for path in folder.rglob(f"*{_NEW}"):
                path.unlink(missing_ok=True)
        for path in self._home.root.glob(f"{self._home.vectors.name}.*{_NEW}"):
            path.unlink(missing_ok=True)

    def _database(self, path: Path) -> None:
        try:
            open_database(path, self._new).close()  # may be written: a kill leaves a journal to be rolled back first
        except StoreUnusable:
            try:
                _rekey(path, self._old, self._new)
            except StoreUnusable:
                if path == self._home.database:
                    raise
                self._damaged += 1  # derived data: the worker makes it anew

    def _spool_entry(self, path: Path) -> None:
        self._whole(path, "spool")

    def _vectors(self, path: Path) -> None:
        self._whole(path, path.name)

    def _whole(self, path: Path, purpose: str) -> None:
        """Seal a small file anew; one that is damaged stays as it is: it can be made again."""
        data = path.read_bytes()
        with suppress(StoreUnusable):
            unseal(derive(self._new, purpose), data)
            return
        try:
            plain = unseal(derive(self._old, purpose), data)
        except StoreUnusable:
            self._damaged += 1
            return
        write_private(path, seal(derive(self._new, purpose), plain))

    def _segment(self, path: Path) -> None:
        old, new = derive(self._old, "video"), derive(self._new, "video")
        if _opens(path, new):
            return
        beside = path.with_name(f"{path.name}{_NEW}")
        try:
            with SealedReader(path, old) as reader:
                whole = _copy(reader, beside, new)
        except StoreUnusable:  # cut off or altered: no reader opens it, with either key
            self._damaged += 1
            return
        if not whole:
            self._damaged += 1
            log.warning("a damaged segment lost what could not be read of it when the key was changed")
        beside.replace(path)


def _opens(path: Path, secret: bytes) -> bool:
    """Tell whether a sealed file is of this key; one without any record is of any."""
    try:
        with SealedReader(path, secret) as reader:
            if len(reader) and not reader.complete:  # a closing record was authenticated when the file was opened
                reader.record(0)
    except StoreUnusable:
        return False
    return True


def _copy(source: SealedReader, path: Path, secret: bytes) -> bool:
    """Write a sealed file anew, closed if it was closed; False when records were damaged, which are left out.

    Raises StoreUnusable when none can be read.
    """
    sound = [number for number in range(len(source)) if _sound(source, number)]
    if not sound:
        raise StoreUnusable("A sealed file is damaged, was altered, or belongs to another store.")
    writer = SealedWriter.create(path, secret)
    try:
        for number in sound:
            writer.append(source.record(number))
        if source.complete:
            writer.close()
        else:
            writer.sync()
    finally:
        writer.abandon()
    with SealedReader(path, secret) as copy:
        same = all(copy.record(place) == source.record(number) for place, number in enumerate(sound))
        if len(copy) != len(sound) or copy.complete != source.complete or not same:
            raise KeyUnavailable("A segment could not be sealed anew: what was written is not what was read.")
    return len(sound) == len(source)


def _sound(source: SealedReader, number: int) -> bool:
    try:
        source.record(number)
    except StoreUnusable:
        return False
    return True


def _rekey(path: Path, old: Key, new: Key) -> None:
    """Write a database anew with another key, in one transaction.  Raises AlreadyRunning when something reads it."""
    db = open_database(path, old, durable=True)
    try:
        db.conn.execute("PRAGMA busy_timeout = 1000")
        (mode,) = db.conn.execute("PRAGMA journal_mode = DELETE").fetchone()  # the rollback journal keeps the old pages
        if mode != "delete":
            raise AlreadyRunning(_IN_USE)
        db.conn.execute(f"PRAGMA rekey = \"x'{new.raw.hex()}'\"")
    except DatabaseError as error:
        if "locked" in str(error):
            raise AlreadyRunning(_IN_USE) from error
        raise
    finally:
        db.close()
    open_database(path, new, durable=True).close()  # opens with the new key, and has its write-ahead log again


_IN_USE = (
    "Another program reads this store: close the terminal interface and other commands of dayreel, then try again."
    " Nothing is lost."
)
