"""The tables of timeline.db, as numbered steps.  A step that has landed is never edited: add another.

Owns the schema; the writer and the reader own what is done with it.  docs/on-disk-format.md describes each column.
"""

from __future__ import annotations

from timeline.database import Database, Migrations, transaction
from timeline.model import Box, Line
from timeline.packing import pack_ids_wide, pack_words_wide, unpack_confidence, unpack_ids, unpack_words
from timeline.passages import joined

migrations = Migrations("timeline")


@migrations()
def m001_first_tables(db: Database) -> None:
    """Frames, what could be read on them, and the passages that are searched."""
    for statement in _FIRST_TABLES:
        db.conn.execute(statement)


@migrations()
def m002_layouts_and_pixels(db: Database) -> None:
    """What stood where, once for all frames that share it, with process and workspace; what is left of a segment."""
    for statement in _LAYOUTS:
        db.conn.execute(statement)


@migrations()
def m003_packed_text(db: Database) -> None:
    """Words, ids, confidences and texts of passages take less room from here on; rows that are there stay as they are.

    An older program would misread the new rows: the number of this step is what makes it refuse.
    """
    for statement in _SMALLER_INDEXES:
        db.conn.execute(statement)


@migrations()
def m004_hidden_and_forgotten(db: Database) -> None:
    """Boxes of frames that nobody sees any more, segments to be written anew for them, what is left of a forgetting."""
    for statement in _HIDDEN:
        db.conn.execute(statement)


@migrations()
def m005_categories(db: Database) -> None:
    """What the user says of categories: their names, and windows as examples."""
    for statement in _CATEGORIES:
        db.conn.execute(statement)


def undo_m005(db: Database) -> None:
    """Bring a store back to the fourth version; names and examples of categories are lost, nothing else."""
    with transaction(db):
        for statement in _NO_CATEGORIES:
            db.conn.execute(statement)


def undo_m004(db: Database) -> None:
    """Bring a store back to the third version.  Raises ValueError while pixels that must go are still in a segment."""
    with transaction(db):
        if db.conn.execute("SELECT 1 FROM rewrites UNION SELECT 1 FROM forgetting").fetchone() is not None:
            raise ValueError("what is to be forgotten is not gone yet: run `dayreel work --tidy` first")
        for statement in _NOTHING_HIDDEN:
            db.conn.execute(statement)


def undo_m003(db: Database) -> None:
    """Bring a store back to the second version: all rows take its forms again, nothing is lost."""
    make = db.conn.create_function
    make("wide_words", 6, lambda text, *rest: pack_words_wide(_line(text, *rest)), deterministic=True)
    make("wide_ids", 1, lambda packed: pack_ids_wide(unpack_ids(packed)), deterministic=True)
    make("wide_confidence", 1, unpack_confidence, deterministic=True)
    with transaction(db):
        _write_out_passages(db)
        for statement in _WIDE:
            db.conn.execute(statement)


def _line(text: str, x0: int, y0: int, x1: int, y1: int, packed: bytes) -> Line:
    box = Box(x0, y0, x1, y1)
    return Line(text, box, 0.0, unpack_words(text, box, packed))


def _write_out_passages(db: Database) -> None:
    """Give each passage that has no text of its own that of its newest lines."""
    run = db.conn.execute
    for (passage_id,) in run("SELECT id FROM passages WHERE text = ''").fetchall():
        (packed,) = run(
            "SELECT line_ids FROM passage_spans WHERE passage_id = ? ORDER BY start_us DESC LIMIT 1", [passage_id]
        ).fetchone()
        texts = [run("SELECT text FROM lines WHERE id = ?", [one]).fetchone()[0] for one in unpack_ids(packed)]
        run("UPDATE passages SET text = ? WHERE id = ?", [joined(texts), passage_id])


def undo_m002(db: Database) -> None:
    """Bring a store back to the first version's tables; process and workspace of windows are lost, nothing else.

    The way back for somebody who must return to an older dayreel; it is no part of any command.  The segments must
    have been made plain again before.
    """
    for statement in _NO_LAYOUTS:
        db.conn.execute(statement)


_FIRST_TABLES = (
    # The window that had the focus; '' is never stored: unknown is NULL.
    """CREATE TABLE windows (id INTEGER PRIMARY KEY, app TEXT, title TEXT, url TEXT)""",
    """CREATE UNIQUE INDEX windows_by_name ON windows (ifnull(app, ''), ifnull(title, ''), ifnull(url, ''))""",
    # One video file; name is its path below video/.
    """CREATE TABLE segments (
        id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, monitor INTEGER NOT NULL, start_us INTEGER NOT NULL,
        width INTEGER NOT NULL, height INTEGER NOT NULL, closed INTEGER NOT NULL DEFAULT 0)""",
    """CREATE TABLE moments (
        id INTEGER PRIMARY KEY, monitor INTEGER NOT NULL, source TEXT NOT NULL,
        window_id INTEGER NOT NULL REFERENCES windows (id), start_us INTEGER NOT NULL, end_us INTEGER NOT NULL,
        offset_s INTEGER NOT NULL, first_frame INTEGER NOT NULL, last_frame INTEGER NOT NULL)""",
    """CREATE INDEX moments_by_start ON moments (start_us)""",
    """CREATE TABLE frames (
        id INTEGER PRIMARY KEY, monitor INTEGER NOT NULL, start_us INTEGER NOT NULL, end_us INTEGER NOT NULL,
        offset_s INTEGER NOT NULL, width INTEGER NOT NULL, height INTEGER NOT NULL,
        window_id INTEGER NOT NULL REFERENCES windows (id), moment_id INTEGER NOT NULL REFERENCES moments (id),
        segment_id INTEGER NOT NULL REFERENCES segments (id), pts_us INTEGER NOT NULL, spool_name TEXT,
        source TEXT NOT NULL, active INTEGER NOT NULL)""",
    # The windows that were visible on a frame, the lowest first: whose text is whose.
    """CREATE TABLE frame_windows (
        frame_id INTEGER NOT NULL REFERENCES frames (id), place INTEGER NOT NULL,
        window_id INTEGER NOT NULL REFERENCES windows (id), x0 INTEGER NOT NULL, y0 INTEGER NOT NULL,
        x1 INTEGER NOT NULL, y1 INTEGER NOT NULL, PRIMARY KEY (frame_id, place)) WITHOUT ROWID""",
    """CREATE INDEX frames_by_start ON frames (start_us)""",
    """CREATE INDEX frames_by_stream ON frames (source, monitor, id)""",
    """CREATE INDEX frames_by_stream_start ON frames (source, monitor, start_us)""",
    """CREATE INDEX frames_by_segment ON frames (segment_id)""",
    """CREATE INDEX frames_spooled ON frames (id) WHERE spool_name IS NOT NULL""",
    # waiting -> leased -> read (text kept) -> done (searchable); failed after too many attempts.
    """CREATE TABLE jobs (
        frame_id INTEGER PRIMARY KEY REFERENCES frames (id), state TEXT NOT NULL DEFAULT 'waiting',
        attempts INTEGER NOT NULL DEFAULT 0, failures INTEGER NOT NULL DEFAULT 0, error TEXT)""",
    # SQLite uses it only for queries that say state != 'done' themselves.
    """CREATE INDEX jobs_open ON jobs (state, frame_id) WHERE state != 'done'""",
    # A line of text, once for as long as it stands at the same place of consecutive frames.
    """CREATE TABLE lines (
        id INTEGER PRIMARY KEY, text TEXT NOT NULL, x0 INTEGER NOT NULL, y0 INTEGER NOT NULL, x1 INTEGER NOT NULL,
        y1 INTEGER NOT NULL, confidence REAL NOT NULL, words BLOB NOT NULL, first_frame INTEGER NOT NULL,
        last_frame INTEGER NOT NULL)""",
    # What could be read on a frame: its lines in reading order, and the spans of its passages.
    """CREATE TABLE readings (
        frame_id INTEGER PRIMARY KEY REFERENCES frames (id), line_ids BLOB NOT NULL, span_ids BLOB NOT NULL)""",
    """CREATE TABLE passages (
        id INTEGER PRIMARY KEY, window_id INTEGER NOT NULL REFERENCES windows (id), day TEXT NOT NULL,
        text TEXT NOT NULL, text_hash BLOB NOT NULL, changed INTEGER NOT NULL UNIQUE)""",
    """CREATE UNIQUE INDEX passages_by_text ON passages (day, window_id, text_hash)""",
    # A stretch in which a passage stood on the screen; frame_id is its newest frame, line_ids its lines there.
    """CREATE TABLE passage_spans (
        id INTEGER PRIMARY KEY, passage_id INTEGER NOT NULL REFERENCES passages (id), monitor INTEGER NOT NULL,
        first_frame INTEGER NOT NULL, frame_id INTEGER NOT NULL, start_us INTEGER NOT NULL, end_us INTEGER NOT NULL,
        offset_s INTEGER NOT NULL, line_ids BLOB NOT NULL)""",
    """CREATE INDEX spans_by_passage ON passage_spans (passage_id, start_us)""",
    """CREATE INDEX spans_by_start ON passage_spans (start_us, end_us, passage_id)""",
    """CREATE INDEX spans_by_frame ON passage_spans (frame_id)""",
    """CREATE TABLE gaps (
        id INTEGER PRIMARY KEY, start_us INTEGER NOT NULL, end_us INTEGER NOT NULL, reason TEXT NOT NULL)""",
    # One run of the recorder; end_us is NULL while it runs and after it was killed.
    """CREATE TABLE recordings (id INTEGER PRIMARY KEY, start_us INTEGER NOT NULL, end_us INTEGER, reason TEXT)""",
    # The files that were taken in, by the digest of their content and time.
    """CREATE TABLE imports (digest BLOB PRIMARY KEY)""",
)

_LAYOUTS = (
    # The windows that were visible on a frame, the lowest first: whose text is whose.  Frames share a layout.
    """CREATE TABLE layouts (id INTEGER PRIMARY KEY, digest BLOB UNIQUE)""",
    """CREATE TABLE layout_windows (
        layout_id INTEGER NOT NULL REFERENCES layouts (id), place INTEGER NOT NULL,
        window_id INTEGER NOT NULL REFERENCES windows (id), x0 INTEGER NOT NULL, y0 INTEGER NOT NULL,
        x1 INTEGER NOT NULL, y1 INTEGER NOT NULL, pid INTEGER, workspace INTEGER,
        PRIMARY KEY (layout_id, place)) WITHOUT ROWID""",
    """ALTER TABLE frames ADD COLUMN layout_id INTEGER REFERENCES layouts (id)""",
    """INSERT INTO layouts (id) SELECT DISTINCT frame_id FROM frame_windows""",
    """INSERT INTO layout_windows (layout_id, place, window_id, x0, y0, x1, y1)
        SELECT frame_id, place, window_id, x0, y0, x1, y1 FROM frame_windows""",
    """UPDATE frames SET layout_id = id WHERE id IN (SELECT id FROM layouts)""",
    """DROP TABLE frame_windows""",
    # recorded, re-encoded, or gone: the text of its frames stays then.
    """ALTER TABLE segments ADD COLUMN pixels TEXT NOT NULL DEFAULT 'recorded'""",
    """CREATE INDEX segments_recorded ON segments (start_us) WHERE pixels = 'recorded'""",
)

_NO_LAYOUTS = (
    """DROP INDEX segments_recorded""",
    """ALTER TABLE segments DROP COLUMN pixels""",
    """CREATE TABLE frame_windows (
        frame_id INTEGER NOT NULL REFERENCES frames (id), place INTEGER NOT NULL,
        window_id INTEGER NOT NULL REFERENCES windows (id), x0 INTEGER NOT NULL, y0 INTEGER NOT NULL,
        x1 INTEGER NOT NULL, y1 INTEGER NOT NULL, PRIMARY KEY (frame_id, place)) WITHOUT ROWID""",
    """INSERT INTO frame_windows SELECT f.id, l.place, l.window_id, l.x0, l.y0, l.x1, l.y1
        FROM frames f JOIN layout_windows l ON l.layout_id = f.layout_id""",
    """ALTER TABLE frames DROP COLUMN layout_id""",
    """DROP TABLE layout_windows""",
    """DROP TABLE layouts""",
    """DELETE FROM _sqlite_migrations WHERE migration_set = 'timeline' AND name = 'm002_layouts_and_pixels'""",
    """PRAGMA user_version = 1""",
)

_SMALLER_INDEXES = (
    # Four bytes of a text's hash tell it from the others of its window; timeline.spans compares the whole.
    """DROP INDEX passages_by_text""",
    """CREATE INDEX passages_by_text ON passages (window_id, substr(text_hash, 1, 4))""",
    # A passage has few spans, all of one day: they are sorted when they are asked for.
    """DROP INDEX spans_by_passage""",
    """CREATE INDEX spans_by_passage ON passage_spans (passage_id)""",
    """CREATE TABLE imports_by_digest (digest BLOB PRIMARY KEY) WITHOUT ROWID""",
    """INSERT INTO imports_by_digest SELECT digest FROM imports""",
    """DROP TABLE imports""",
    """ALTER TABLE imports_by_digest RENAME TO imports""",
)

_WIDE = (
    """DROP INDEX passages_by_text""",
    """CREATE UNIQUE INDEX passages_by_text ON passages (day, window_id, text_hash)""",
    """DROP INDEX spans_by_passage""",
    """CREATE INDEX spans_by_passage ON passage_spans (passage_id, start_us)""",
    """UPDATE lines SET words = wide_words(text, x0, y0, x1, y1, words), confidence = wide_confidence(confidence)""",
    """UPDATE readings SET line_ids = wide_ids(line_ids), span_ids = wide_ids(span_ids)""",
    """UPDATE passage_spans SET line_ids = wide_ids(line_ids)""",
    """CREATE TABLE wide_imports (digest BLOB PRIMARY KEY)""",
    """INSERT INTO wide_imports SELECT digest FROM imports""",
    """DROP TABLE imports""",
    """ALTER TABLE wide_imports RENAME TO imports""",
    """DELETE FROM _sqlite_migrations WHERE migration_set = 'timeline' AND name = 'm003_packed_text'""",
    """PRAGMA user_version = 2""",
)

_HIDDEN = (
    # A box of a frame that is painted over for every reader, and why: a kind of secret, or 'forgotten'.
    """CREATE TABLE hidden (
        frame_id INTEGER NOT NULL REFERENCES frames (id), x0 INTEGER NOT NULL, y0 INTEGER NOT NULL,
        x1 INTEGER NOT NULL, y1 INTEGER NOT NULL, kind TEXT NOT NULL, PRIMARY KEY (frame_id, x0, y0, x1, y1))
        WITHOUT ROWID""",
    # Segments whose file holds pixels that must go; urgent: at once, else when all their frames have been read.
    """CREATE TABLE rewrites (segment_id INTEGER PRIMARY KEY REFERENCES segments (id), urgent INTEGER NOT NULL)""",
    # What a forgetting that was begun has still to clean.
    """CREATE TABLE forgetting (step TEXT PRIMARY KEY) WITHOUT ROWID""",
    # The highest ids and change number that forgotten rows had: none is given twice.
    """CREATE TABLE highest (what TEXT PRIMARY KEY, value INTEGER NOT NULL) WITHOUT ROWID""",
    """INSERT INTO highest VALUES ('frames', 0), ('passages', 0), ('changed', 0)""",
)

_NOTHING_HIDDEN = (
    """DROP TABLE hidden""",
    """DROP TABLE rewrites""",
    """DROP TABLE forgetting""",
    """DROP TABLE highest""",
    """DELETE FROM _sqlite_migrations WHERE migration_set = 'timeline' AND name = 'm004_hidden_and_forgotten'""",
    """PRAGMA user_version = 3""",
)

_CATEGORIES = (
    # A category as the user calls it: one that is built in under another name, or one of their own (key is its name).
    """CREATE TABLE categories (key TEXT PRIMARY KEY, name TEXT NOT NULL UNIQUE) WITHOUT ROWID""",
    # A window that the user put into a category, alone or for all windows of its application.  It names the window's
    # row and holds no text: what is forgotten takes its examples along.
    """CREATE TABLE category_examples (
        window_id INTEGER NOT NULL REFERENCES windows (id) ON DELETE CASCADE, whole_app INTEGER NOT NULL,
        category TEXT NOT NULL, PRIMARY KEY (window_id, whole_app)) WITHOUT ROWID""",
)

_NO_CATEGORIES = (
    """DROP TABLE category_examples""",
    """DROP TABLE categories""",
    """DELETE FROM _sqlite_migrations WHERE migration_set = 'timeline' AND name = 'm005_categories'""",
    """PRAGMA user_version = 4""",
)
