"""The file index.db: its schema and how it is opened.

All in it is derived from the timeline: it may be deleted at any time and is made again by the indexer.  What is done
with the tables is owned by index.lexical (passages_text), index.meaning (vectors) and index.indexer (the others).
"""

from __future__ import annotations

import logging

import numpy as np

from index.compact import pack_vectors
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

CACHE_KB = 32_768  # of pages that a search has read: each costs 12 us to decrypt again; SQLite's own choice is 2 MB
_HALF = np.dtype("<f2")
_CONVERTED_AT_ONCE = 2_000  # vectors: 30 MB of 512 dimensions while they are converted
_MERGED_PAGES = 64  # of full text at once
# A page of the database holds 4,016 bytes beside SQLCipher's own 80: one of full text of 4,050, FTS5's choice, takes
# two.  Pieces are merged in twos: more writing, less that stands in several of them.
_FULL_TEXT = (("pgsz", 3900), ("usermerge", 2))
_SMALLER_TABLES = (
    "ALTER TABLE vectors RENAME TO old_vectors",
    # One vector a text, as index.compact packs it, of the model that state names.  A growing id tells which came since.
    """CREATE TABLE vectors (
        id INTEGER PRIMARY KEY AUTOINCREMENT, text_id INTEGER NOT NULL UNIQUE REFERENCES texts (id) ON DELETE CASCADE,
        vector BLOB NOT NULL)""",
    "ALTER TABLE state RENAME TO old_state",
    "CREATE TABLE state (name TEXT PRIMARY KEY, value NOT NULL) WITHOUT ROWID",
    "INSERT INTO state SELECT name, value FROM old_state",
    "UPDATE texts SET text_hash = substr(text_hash, 1, 8)",
)
_REPLACED_TABLES = ("DROP TABLE old_vectors", "DROP TABLE old_state")


@migrations()
def m001_first_tables(db: Database) -> None:
    """Full text, distinct texts and their vectors."""
    for statement in _FIRST_TABLES:
        db.conn.execute(statement)


@migrations()
def m002_fewer_vectors(db: Database) -> None:
    """Texts of a word or two have no vector any more: the indexer goes through all and takes them out."""
    db.conn.execute("UPDATE state SET value = 0 WHERE name = 'changed'")


@migrations()
def m003_less_room(db: Database) -> None:
    """Vectors in five bits a number, of one model; shorter hashes; pages of full text that fit pages of the database.

    The vectors that are there are converted, which takes seconds for a hundred thousand; none is made again.
    """
    found = db.conn.execute("SELECT model, length(vector) FROM vectors ORDER BY id DESC LIMIT 1").fetchone()
    [chosen] = db.conn.execute("SELECT value FROM state WHERE name = 'model'").fetchone()
    model, size_bytes = found or (chosen, 0)
    for statement in _SMALLER_TABLES:
        db.conn.execute(statement)
    db.conn.execute("INSERT INTO state VALUES ('vectors', ?)", [model])
    _convert_vectors(db, model, size_bytes // _HALF.itemsize)
    for statement in _REPLACED_TABLES:
        db.conn.execute(statement)
    db.conn.executemany("INSERT INTO passages_text (passages_text, rank) VALUES (?, ?)", _FULL_TEXT)


@migrations()
def m004_simplified(db: Database) -> None:
    """Traditional characters are found by simplified ones: the indexer writes the full text of all passages anew."""
    db.conn.execute("UPDATE state SET value = 0 WHERE name = 'changed'")


def _convert_vectors(db: Database, model: str, dimension: int) -> None:
    last = 0
    while rows := db.conn.execute(
        "SELECT id, text_id, vector FROM old_vectors WHERE id > ? AND model = ? ORDER BY id LIMIT ?",
        [last, model, _CONVERTED_AT_ONCE],
    ).fetchall():
        last = rows[-1][0]
        halves = np.frombuffer(b"".join(row[2] for row in rows), dtype=_HALF).reshape(-1, dimension)
        packed = pack_vectors(halves.astype(np.float32))
        values = [(row_id, text_id, one) for (row_id, text_id, _), one in zip(rows, packed, strict=True)]
        db.conn.executemany("INSERT INTO vectors VALUES (?, ?, ?)", values)


def give_back(db: Database) -> None:
    """Merge what full text was written in small pieces, and give pages that became free back to the disk.

    Some milliseconds: at most 256 KB are merged at once.  A file of an older version keeps its free pages for itself.
    """
    db.conn.execute("INSERT INTO passages_text (passages_text, rank) VALUES ('merge', ?)", [_MERGED_PAGES])
    db.conn.execute("PRAGMA incremental_vacuum").fetchall()


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
        if not db.table_names():
            db.conn.execute("PRAGMA auto_vacuum = INCREMENTAL")
            db.conn.execute("VACUUM")  # only so a file that has its first page takes the setting
        migrate(db, migrations, home.index_database)
        db.conn.execute("PRAGMA incremental_vacuum").fetchall()  # of what the steps of the schema replaced
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
        for part in ("main", "timeline"):
            db.conn.execute(f"PRAGMA {part}.cache_size = -{CACHE_KB}")
    except DatabaseError as error:
        db.close()
        raise (error if _is_busy(error) else StoreUnusable(DAMAGED)) from error
    except BaseException:
        db.close()
        raise
    return db
