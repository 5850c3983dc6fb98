"""The file index.db: its schema and how it is opened.

All in it is derived from the timeline: it may be deleted at any time and is made again by the indexer.  What is done
with the tables is owned by index.lexical (passages_text), index.meaning (vectors) and index.indexer (the others).
"""

from __future__ import annotations

import logging

from index.tokens import TOKENIZER
from timeline.database import Database, DatabaseError, Migrations, attach, known_version, migrate, open_database
from timeline.errors import StoreUnusable
from timeline.home import Home
from timeline.keys import Key

DAMAGED = "The index is damaged: run `dayreel work`, which builds it anew."
MISSING = "The index is missing: run `dayreel work`, which builds it anew."

log = logging.getLogger(__name__)
migrations = Migrations("index")

_FIRST_TABLES = (
    # changed: how far the timeline was followed; model: whose vectors are made; store: which index.db this is
    "CREATE TABLE state (name TEXT PRIMARY KEY, value NOT NULL)",
    "INSERT INTO state VALUES ('changed', 0), ('model', ''), ('store', hex(randomblob(16)))",
    # Every distinct text once, by the timeline's hash.  AUTOINCREMENT: the id of a text that went away may still stand
    # in the vector cache and must never mean another text.
    "CREATE TABLE texts (id INTEGER PRIMARY KEY AUTOINCREMENT, text_hash BLOB NOT NULL UNIQUE)",
    # Which text each indexed passage has.
    "CREATE TABLE entries (passage_id INTEGER PRIMARY KEY, text_id INTEGER NOT NULL REFERENCES texts (id))",
    "CREATE INDEX entries_by_text ON entries (text_id)",
    # The tokens of index.tokens; rowid is the passage's id.  The text itself stays in timeline.db.
    f"""CREATE VIRTUAL TABLE passages_text USING fts5 (
        body, parts, stems, meta, content = '', contentless_delete = 1, tokenize = "{TOKENIZER}")""",
    # One vector a text and model: float16 little-endian, of length 1.  A growing id tells which came since.
    """CREATE TABLE vectors (
        id INTEGER PRIMARY KEY AUTOINCREMENT, text_id INTEGER NOT NULL REFERENCES texts (id) ON DELETE CASCADE,
        model TEXT NOT NULL, vector BLOB NOT NULL, UNIQUE (text_id, model))""",
)


@migrations()
def m001_first_tables(db: Database) -> None:
    """Full text, distinct texts and their vectors."""
    for statement in _FIRST_TABLES:
        db.conn.execute(statement)


@migrations()
def m002_fewer_vectors(db: Database) -> None:
    """Texts of a word or two have no vector any more: the indexer goes through all and takes them out."""
    db.conn.execute("UPDATE state SET value = 0 WHERE name = 'changed'")


def open_for_writing(home: Home, key: Key) -> Database:
    """Return a connection to the index of a home, made or brought to the newest schema when needed.

    One that is damaged or does not open with this key is removed and made anew.  Raises StoreUnusable when it is newer
    than this program.
    """
    try:
        return _open_sound(home, key)
    except _Damaged as error:
        log.warning("index.db is damaged or not of this store (%s): it is built anew", error)
        discard(home)
        return _open_sound(home, key)


class _Damaged(Exception):
    """The file is no index that can be used."""


def _open_sound(home: Home, key: Key) -> Database:
    try:
        db = open_database(home.index_database, key)
    except StoreUnusable as error:
        if error.__cause__ is not None and _is_busy(error.__cause__):
            raise
        raise _Damaged("it cannot be opened") from error
    try:
        if is_damaged(db):
            raise _Damaged("pages are damaged")
        migrate(db, migrations, home.index_database)
    except DatabaseError as error:
        db.close()
        if _is_busy(error):
            raise
        raise _Damaged(str(error)) from error
    except BaseException:
        db.close()
        raise
    return db


def discard(home: Home) -> None:
    """Remove the index and what was made from it; index.db goes last, so that a kill in between is seen as damage."""
    name = home.index_database.name
    for path in (home.vectors, *(home.root / f"{name}{end}" for end in ("-wal", "-shm", ""))):
        path.unlink(missing_ok=True)


def is_damaged(db: Database) -> bool:
    """Tell whether a page of the index is not as it was written; 15 ms a MB, each page's HMAC is computed.

    The tables of the full text are opened as well: they hold what the HMACs of a file copied in parts cannot tell.
    """
    try:
        if db.conn.execute("PRAGMA cipher_integrity_check").fetchone() is not None:
            return True
        if db.conn.execute("SELECT 1 FROM sqlite_master WHERE name = 'passages_text'").fetchone() is not None:
            db.conn.execute("SELECT rowid FROM passages_text LIMIT 1").fetchone()
    except DatabaseError as error:
        if _is_busy(error):
            raise
        return True
    return False


def _is_busy(error: BaseException) -> bool:
    return str(getattr(error, "sqlite_errorname", "")).startswith(("SQLITE_BUSY", "SQLITE_LOCKED"))


def open_for_search(home: Home, key: Key) -> Database | None:
    """Return a read-only connection to the index with the timeline attached as `timeline`; None: there is no index.

    Raises StoreUnusable when the index is damaged or newer than this program, or the timeline is not ours.
    """
    if not (home.index_database.exists() and home.database.exists()):
        return None
    try:
        db = open_database(home.index_database, key, read_only=True)
    except StoreUnusable as error:
        raise StoreUnusable(DAMAGED) from error
    try:
        known_version(db, migrations, home.index_database)
        if migrations.pending(db):
            db.close()
            return None
        attach(db, home.database, key, "timeline")
    except DatabaseError as error:
        db.close()
        raise (error if _is_busy(error) else StoreUnusable(DAMAGED)) from error
    except BaseException:
        db.close()
        raise
    return db
