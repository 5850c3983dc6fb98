"""Opening encrypted SQLite databases.  The only file that knows sqlcipher3 and sqlite-utils.

Owns how a database is opened: key, journal, time-outs, rights of the file, whose it is.  Knows no table.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import sqlcipher3
from sqlite_utils import Database, Migrations

from timeline.errors import AlreadyRunning, DiskFull, StoreUnusable
from timeline.home import FILE_MODE
from timeline.keys import Key

DatabaseError: type[Exception] = sqlcipher3.DatabaseError
"""The base of what the database raises; sqlcipher3's classes are not those of the standard sqlite3."""

APPLICATION_ID = 0x64617972  # "dayr" in the header of each database of ours
BUSY_TIMEOUT_MS = 10_000  # longer than any transaction of ours; a reader never waits in WAL mode
Row = tuple[Any, ...]

__all__ = [
    "Database",
    "DatabaseError",
    "Migrations",
    "Row",
    "attach",
    "known_version",
    "migrate",
    "open_database",
    "transaction",
]


def open_database(path: Path, key: Key, *, read_only: bool = False, durable: bool = False) -> Database:
    """Return a connection to an encrypted database, made with mode 0600 when it is missing and may be written.

    `durable`: each commit is synced, so that it survives a power cut; else the last ones may be lost to one, never the
    database.
    Raises StoreUnusable when the file is missing (read-only), is not ours, or does not open with this key;
    AlreadyRunning when another process holds all of it (a change of the key).
    """
    if read_only and not path.exists():
        raise StoreUnusable(f"There is no {path.name} in {path.parent}: nothing has been recorded there yet.")
    try:
        connection = _connect(path, key, read_only=read_only)
    except DatabaseError as error:
        if _is_full(error):
            raise DiskFull(f"The disk is full: {path} could not be opened for writing. Free some space.") from error
        if "locked" in str(error):
            raise AlreadyRunning(f"{path} is held by another dayreel just now: try again in a minute.") from error
        raise StoreUnusable(_cannot_open(path)) from error
    if durable:
        connection.execute("PRAGMA synchronous = FULL")
    return Database(connection)


def _connect(path: Path, key: Key, *, read_only: bool) -> Any:
    if not read_only:
        path.touch(mode=FILE_MODE, exist_ok=True)
    mode = "rw"
    if read_only:  # a store on a disk that cannot be written (a mounted backup) has no room for SQLite's shared memory
        mode = "ro" if os.access(path.parent, os.W_OK) else "ro&immutable=1"
    connection = sqlcipher3.connect(
        f"{path.absolute().as_uri()}?mode={mode}",
        uri=True,
        isolation_level=None,  # transactions are opened by hand: see transaction()
        check_same_thread=False,  # one owner at a time; owners may hand it on
        timeout=BUSY_TIMEOUT_MS / 1000,
    )
    try:
        _prepare(connection, path, key, read_only=read_only)
    except BaseException:
        connection.close()
        raise
    return connection


def _prepare(connection: Any, path: Path, key: Key, *, read_only: bool) -> None:
    connection.execute("PRAGMA cipher_log_level = NONE")  # it would write to stderr past our own messages
    connection.execute(f"PRAGMA key = \"x'{key.raw.hex()}'\"")
    (application,) = connection.execute("PRAGMA application_id").fetchone()
    (tables,) = connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
    if application != APPLICATION_ID and tables:
        raise StoreUnusable(_cannot_open(path))
    if not read_only:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = NORMAL")  # a crash of the process loses nothing; see on-disk-format
        connection.execute("PRAGMA secure_delete = ON")  # removed text does not stay in free pages
        if application != APPLICATION_ID:
            connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
    connection.execute("PRAGMA foreign_keys = ON")


def _is_full(error: Exception) -> bool:
    return "full" in str(error) or "disk I/O error" in str(error)  # WAL files that cannot grow give the second


def _cannot_open(path: Path) -> str:
    return (
        f"{path} is no database of dayreel, is damaged, or belongs to another key: it was left as it is. "
        "Name another folder with --home, or restore the file or its key from a backup."
    )


def attach(db: Database, path: Path, key: Key, name: str) -> None:
    """Attach another encrypted database under a name, read-only as the connection is."""
    try:
        db.conn.execute(
            f"ATTACH DATABASE ? AS {name} KEY \"x'{key.raw.hex()}'\"", [f"{path.absolute().as_uri()}?mode=ro"]
        )
    except DatabaseError as error:
        raise StoreUnusable(_cannot_open(path)) from error


def migrate(db: Database, migrations: Migrations, path: Path) -> None:
    """Bring a database to the newest schema, all steps in one transaction.

    Raises StoreUnusable when a newer version of dayreel has already changed it.
    """
    known = known_version(db, migrations, path)
    if db.execute("PRAGMA user_version").fetchone() == (known,):
        return
    with transaction(db):
        migrations.apply(db)
        db.execute(f"PRAGMA user_version = {known}")


def known_version(db: Database, migrations: Migrations, path: Path) -> int:
    """Return the number of schema steps this program knows.

    Raises StoreUnusable when the database has had more.
    """
    known = len(migrations.pending(Database(memory=True)))  # applied() would count a newer program's steps as well
    (version,) = db.execute("PRAGMA user_version").fetchone()
    if version > known:
        raise StoreUnusable(f"{path} was written by a newer version of dayreel: update dayreel to open it.")
    return known


@contextmanager
def transaction(db: Database) -> Iterator[None]:
    """Run a block as one write transaction; the COMMIT at its end is the commit point.

    Raises DiskFull when there was no room; nothing of the block is stored then.
    """
    try:
        db.conn.execute("BEGIN IMMEDIATE")
        try:
            yield
            db.conn.execute("COMMIT")
        except BaseException:
            db.rollback()
            raise
    except DatabaseError as error:
        if _is_full(error):
            raise DiskFull("The disk is full: nothing was stored. Free some space.") from error
        raise
