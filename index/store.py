"""The file index.db: its schema and how it is opened.

All in it is derived from the timeline: it may be deleted at any time and is made again by the indexer.  What is done
with the tables is owned by index.lexical (passages_text), index.meaning (vectors) and index.indexer (the others).
"""

from __future__ import annotations

from index.tokens import TOKENIZER
from timeline.database import Database, Migrations, attach, migrate, open_database
from timeline.home import Home
from timeline.keys import Key

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


def open_for_writing(home: Home, key: Key) -> Database:
    """Return a connection to the index of a home, made or brought to the newest schema when needed.

    Raises StoreUnusable when the file is not ours or is newer than this program.
    """
    db = open_database(home.index_database, key)
    migrate(db, migrations, home.index_database)
    return db


def open_for_search(home: Home, key: Key) -> Database | None:
    """Return a read-only connection to the index with the timeline attached as `timeline`; None: nothing is indexed.

    Raises StoreUnusable when a file is not ours.
    """
    if not (home.index_database.exists() and home.database.exists()):
        return None
    db = open_database(home.index_database, key, read_only=True)
    if migrations.pending(db):
        db.close()
        return None
    attach(db, home.database, key, "timeline")
    return db
