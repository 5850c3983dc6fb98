"""The databases of a home held for nobody else, and each given another key.

Owns how it is proved that nothing has a database open, who has when something does, and the going over of one database.
The proof changes nothing, so that a change of the key is refused before it begins.  Called by rotation.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from timeline.database import Database, DatabaseError, open_database
from timeline.errors import AlreadyRunning, DiskFull, StoreUnusable
from timeline.home import Home
from timeline.keys import Key

_BUSY_MS = 1_000  # a command that only looks has gone by then
_REMEDY = "close the terminal interface and other commands of dayreel, then run `dayreel key rotate` again."


@dataclass(slots=True)
class Held:
    """A database that nothing else can open."""

    path: Path
    db: Database
    key: Key

    def is_sound(self) -> bool:
        """Tell whether every page is what was written."""
        try:  # what a killed writer left in the log first: the pages that it stands for may be torn
            self.db.conn.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            return not self.db.conn.execute("PRAGMA cipher_integrity_check").fetchall()
        except DatabaseError as error:
            raise _meaning_of(error, self.path) from error

    def give(self, key: Key) -> None:
        """Write the database anew with another key, in one transaction; the rollback journal keeps the old pages.

        Raises StoreUnusable when a page is damaged, and DiskFull; it is of the old key then.
        """
        if self.key.raw == key.raw:
            return
        try:
            self.db.conn.execute("PRAGMA journal_mode = DELETE")
            self.db.conn.execute(f"PRAGMA rekey = \"x'{key.raw.hex()}'\"")
        except DatabaseError as error:
            raise _meaning_of(error, self.path) from error
        self.key = key

    def release(self) -> None:
        """Let others in again; the database opens with its key, and has its write-ahead log again."""
        self.db.close()
        open_database(self.path, self.key, durable=True).close()


@dataclass(frozen=True, slots=True)
class Databases:
    """All databases of a home."""

    held: tuple[Held, ...]
    foreign: tuple[Path, ...]
    """Those that open with none of the keys; never the timeline."""


@contextmanager
def held_alone(home: Home, keys: tuple[Key, ...]) -> Iterator[Databases]:
    """Keep every database for the block alone.

    Raises AlreadyRunning when something has one open, and StoreUnusable when the timeline opens with none of the keys.
    """
    held, foreign = list[Held](), list[Path]()
    with ExitStack() as releases:
        for path in sorted(path for path in home.root.glob("*.db") if path.is_file()):
            found = _hold(path, keys)
            if found is not None:
                held.append(found)
                releases.callback(_released, found)
            elif path == home.database:
                raise StoreUnusable(f"{path} is damaged, or is of another key: restore it from a backup.")
            else:
                foreign.append(path)
        yield Databases(tuple(held), tuple(foreign))


def _released(held: Held) -> None:
    with suppress(StoreUnusable, DiskFull, DatabaseError):  # it only has no write-ahead log until it is next written
        held.release()


def _hold(path: Path, keys: tuple[Key, ...]) -> Held | None:
    """Return a database held, None when no key opens it."""
    for key in keys:
        try:
            db = open_database(path, key, durable=True)  # may be written: a kill leaves a journal to be rolled back
        except StoreUnusable as error:
            if _is_locked(error.__cause__):
                raise AlreadyRunning(in_use(path)) from error
            continue
        try:
            _shut(db, path)
        except BaseException:
            db.close()
            raise
        return Held(path, db, key)
    return None


def _shut(db: Database, path: Path) -> None:
    """Keep others out of a database until it is closed; that needs them to be out already."""
    try:
        db.conn.execute(f"PRAGMA busy_timeout = {_BUSY_MS}")
        db.conn.execute("PRAGMA locking_mode = EXCLUSIVE")
        db.conn.execute("BEGIN IMMEDIATE")  # takes the lock, which stays after the commit; nothing is written
        db.conn.execute("COMMIT")
    except DatabaseError as error:
        raise _meaning_of(error, path) from error


def in_use(path: Path) -> str:
    """Say who has a file open and what to do."""
    processes = sorted(_open_in(path))
    who = f"process {', '.join(map(str, processes))}" if processes else "another program"
    return f"{path} is open in {who}: {_REMEDY}"


def _open_in(path: Path) -> Iterator[int]:
    """Yield the processes that have a file open, as far as the system tells (proc_pid_fd(5))."""
    wanted = str(path.resolve())
    for folder in Path("/proc").glob("[0-9]*/fd"):
        if folder.parent.name == str(os.getpid()):
            continue
        with suppress(OSError):  # it has ended, or is another user's
            if any(_leads_to(link) == wanted for link in folder.iterdir()):
                yield int(folder.parent.name)


def _leads_to(link: Path) -> str:
    try:
        return os.readlink(link)  # noqa: PTH115 - a Path for each of many would be made and thrown away
    except OSError:  # closed meanwhile
        return ""


def _meaning_of(error: Exception, path: Path) -> Exception:
    if _is_locked(error):
        return AlreadyRunning(in_use(path))
    if "full" in str(error):
        return DiskFull(f"The disk is full: {path} could not be written anew. Free some space.")
    return StoreUnusable(f"{path} is damaged: restore it from a backup.")


def _is_locked(error: BaseException | None) -> bool:
    return error is not None and "locked" in str(error)
