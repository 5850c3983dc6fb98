"""Taking what the timeline has forgotten out of the index: full text with its vocabulary, texts, vectors, their cache.

Owns no table; works on all of index.db's, beside an indexer that may run.  Called by dayreel.forgetting once the
timeline has forgotten; what is indexed anew after that is the indexer's.
"""

from __future__ import annotations

from collections.abc import Iterator

from index.meaning import VectorIndex, VectorRows, cached_model, cached_texts
from index.store import open_for_writing
from index.texts import HASH_BYTES
from index.tokens import is_cjk, scan
from timeline.database import Database, transaction
from timeline.home import Home
from timeline.keys import Key
from timeline.reader import Reader


def forget_missing(home: Home, key: Key, reader: Reader) -> int:
    """Take out the passages that the timeline has not, or has changed since they were indexed; return how many.

    All of the full text is written anew then, so that words nobody has any more are gone as well.
    """
    if not home.index_database.exists():
        home.vectors.unlink(missing_ok=True)
        return 0
    db = open_for_writing(home, key)
    try:
        gone = _take_out(db, reader)
        db.conn.execute("INSERT INTO passages_text (passages_text) VALUES ('optimize')")
        db.conn.execute("PRAGMA incremental_vacuum").fetchall()
        _publish_vectors(home, key, db)
    finally:
        db.close()
    return gone


def left_in_index(home: Home, key: Key, reader: Reader, words: str | None) -> Iterator[str]:
    """Yield the places in which the index still holds what the timeline has not, and the one word of a forgotten text.

    `words`: the text; of several words the full text may well hold each.
    """
    if not home.index_database.exists():
        return
    db = open_for_writing(home, key)
    try:
        yield from _unknown(db, reader)
        if words is not None and _in_vocabulary(db, words):
            yield "index.db: words of the full text"
        yield from _unknown_vectors(home, key, db)
    finally:
        db.close()


def _take_out(db: Database, reader: Reader) -> int:
    run = db.conn.execute
    with transaction(db):
        (followed,) = run("SELECT value FROM state WHERE name = 'changed'").fetchone()
        current = {one for one, changed in _passages(reader) if changed <= int(followed)}
        gone = [(one,) for (one,) in run("SELECT passage_id FROM entries") if one not in current]
        db.conn.executemany("DELETE FROM passages_text WHERE rowid = ?", gone)
        db.conn.executemany("DELETE FROM entries WHERE passage_id = ?", gone)
        run("DELETE FROM texts WHERE id NOT IN (SELECT text_id FROM entries)")  # their vectors go with them
    return len(gone)


def _passages(reader: Reader) -> list[tuple[int, int]]:
    return list(reader.db.conn.execute("SELECT id, changed FROM passages"))


def _publish_vectors(home: Home, key: Key, db: Database) -> None:
    """Write the cache of the vectors anew when it holds some that went; one that cannot be used goes."""
    cached = cached_model(home, key)
    if cached is None:
        home.vectors.unlink(missing_ok=True)
        return
    (store,) = db.conn.execute("SELECT value FROM state WHERE name = 'store'").fetchone()
    VectorIndex.open(home, key, VectorRows(db, *cached), store).publish(anyway=True)


def _unknown(db: Database, reader: Reader) -> Iterator[str]:
    known = {one for one, _ in _passages(reader)}
    hashes = {bytes(row[0])[:HASH_BYTES] for row in reader.db.conn.execute("SELECT text_hash FROM passages")}
    for statement, place, there in (
        ("SELECT passage_id FROM entries", "entries", known),
        ("SELECT id FROM passages_text_docsize", "full text", known),
        ("SELECT text_hash FROM texts", "texts", hashes),
        ("SELECT text_id FROM vectors", "vectors", {row[0] for row in db.conn.execute("SELECT id FROM texts")}),
    ):
        if any(one not in there for (one,) in db.conn.execute(statement)):
            yield f"index.db: {place}"


def _in_vocabulary(db: Database, words: str) -> bool:
    """Tell whether a text that is one word stands among the words of the full text."""
    tokens = scan(words)
    if len(tokens) != 1 or is_cjk(tokens[0].text):
        return False
    run = db.conn.execute
    run("CREATE VIRTUAL TABLE temp.words_left USING fts5vocab('main', 'passages_text', 'row')")
    try:
        return (
            run("SELECT 1 FROM temp.words_left WHERE instr(term, ?) LIMIT 1", [tokens[0].text]).fetchone() is not None
        )
    finally:
        run("DROP TABLE temp.words_left")


def _unknown_vectors(home: Home, key: Key, db: Database) -> Iterator[str]:
    if not home.vectors.exists():
        return
    try:
        held = cached_texts(home, key)
    except ValueError:
        yield "vectors.index: it cannot be opened"
        return
    texts = {row[0] for row in db.conn.execute("SELECT id FROM texts")}
    if any(one not in texts for one in held.tolist()):
        yield "vectors.index: vectors"
