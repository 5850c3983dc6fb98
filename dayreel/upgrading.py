"""Opening a home's timeline for reading, also one that an older version of dayreel has written; its index as well.

Owns when the schema is brought up by a command that only reads: at once, unless a writer runs (it would be of an older
version, since one of this version has brought the schema up itself) or nothing can be written there.  The steps are
timeline.schema's and index.store's.  Called by whatever opens a reader: dayreel.store, dayreel.taking_in,
dayreel.background; and by the search, for an index that stayed behind.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import get_args

from dayreel.locks import Role, hold, holder
from timeline import schema
from timeline.database import known_version, open_database
from timeline.errors import AlreadyRunning, StoreUnusable
from timeline.home import Home
from timeline.keys import Key
from timeline.reader import Reader
from timeline.writer import Writer

BEGUN_WITHIN_S = 3.0  # a writer of this version that has just been started brings the schema up itself
LOOK_S = 0.1


def open_reader(home: Home, key: Key) -> Reader:
    """Return a reader of a home, its schema brought up when it is of an older version.

    Raises StoreUnusable as Reader.open does, and when an older schema cannot be brought up now.
    """
    try:
        return Reader.open(home, key)
    except StoreUnusable:
        if not home.database.exists() or not is_older(home, key):
            raise
    bring_up(home, key)
    return Reader.open(home, key)


def is_older(home: Home, key: Key) -> bool:
    """Tell whether this program knows steps of the schema that a timeline has not had.

    Raises StoreUnusable when it is missing, not ours or newer.
    """
    db = open_database(home.database, key, read_only=True)
    try:
        known_version(db, schema.migrations, home.database)
        return bool(schema.migrations.pending(db))
    finally:
        db.close()


def index_is_older(home: Home, key: Key) -> bool:
    """Tell whether this program knows steps of the schema that the index has not had; one that is missing or damaged
    is none.

    Raises StoreUnusable when it is newer.
    """
    from index.store import migrations

    if not home.index_database.exists():
        return False
    try:
        db = open_database(home.index_database, key, read_only=True)
    except StoreUnusable:  # it is the worker's to make anew
        return False
    try:
        known_version(db, migrations, home.index_database)
        return bool(db.table_names()) and bool(migrations.pending(db))
    finally:
        db.close()


def bring_up(home: Home, key: Key) -> None:
    """Bring the schema of a timeline up to this program's, and that of its index.

    Raises StoreUnusable when that cannot be now.
    """
    _alone(home, home.database, lambda: is_older(home, key), lambda: _bring_both_up(home, key))


def bring_index_up(home: Home, key: Key) -> None:
    """Bring the schema of an index that stayed behind up to this program's.  Raises as bring_up does."""
    _alone(home, home.index_database, lambda: index_is_older(home, key), lambda: _bring_index_up(home, key))


def _bring_both_up(home: Home, key: Key) -> None:
    Writer.open(home, key).close()
    if index_is_older(home, key):
        _bring_index_up(home, key)


def _bring_index_up(home: Home, key: Key) -> None:
    from index.store import open_for_writing

    open_for_writing(home, key).close()


def _alone(home: Home, database: Path, older: Callable[[], bool], bring: Callable[[], None]) -> None:
    """Bring a database up while nothing else writes to the home; wait a moment for that."""
    if not os.access(home.root, os.W_OK) or not os.access(database, os.W_OK):
        raise StoreUnusable(
            f"{database} is of an older version and cannot be brought up to date where nothing can be written:"
            " copy the folder to another disk and name the copy with --home."
        )
    deadline = time.monotonic() + BEGUN_WITHIN_S
    while older():
        try:
            with ExitStack() as roles:  # all of them: a writer must not begin with the old tables in between
                for role in get_args(Role):
                    roles.enter_context(hold(home, role))
                bring()
        except AlreadyRunning as error:
            if time.monotonic() > deadline:
                raise StoreUnusable(_in_use(home, database)) from error
            time.sleep(LOOK_S)


def _in_use(home: Home, database: Path) -> str:
    running = [str(process) for role in get_args(Role) if (process := holder(home, role)) is not None]
    return (
        f"{database} is of an older version, and a process of that version ({', '.join(running) or 'just ended'})"
        " still writes to it: end it with `dayreel stop`, then ask again."
    )
