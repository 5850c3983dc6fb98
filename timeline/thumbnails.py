"""Thumbnails of frames, for scrubbing and for what is left when a segment's pixels are gone.

Owns thumbnails.db.  All in it is derived: it may be deleted, and is made again from the segments by the worker, which
alone writes it; a thumbnail whose segment is gone cannot be made again.  Frames that look alike share a thumbnail.
Called by the worker (ThumbnailWriter), the terminal interface and `dayreel frame` (Thumbnails).
"""

from __future__ import annotations

import logging
from collections import deque
from collections.abc import Iterable, Sequence

from timeline.closing import Closing
from timeline.database import Database, DatabaseError, Migrations, Row, migrate, open_database, transaction
from timeline.errors import StoreUnusable
from timeline.home import Home
from timeline.keys import Key
from timeline.model import Frame, Picture
from timeline.small_pictures import Shades, alike, from_webp, shades, shrink, to_webp

REMEMBERED = 8  # thumbnails of a stream that the next frame may share: whoever switches between windows comes back

log = logging.getLogger(__name__)
migrations = Migrations("thumbnails")

_FIRST_TABLES = (
    # A thumbnail has the id of the frame it was made from; `alike` frames are shown by it as well.
    """CREATE TABLE thumbnails (id INTEGER PRIMARY KEY, webp BLOB NOT NULL)""",
    """CREATE TABLE shown (
        frame_id INTEGER PRIMARY KEY, thumbnail_id INTEGER NOT NULL REFERENCES thumbnails (id))""",
    """CREATE INDEX shown_by_thumbnail ON shown (thumbnail_id)""",
)


@migrations()
def m001_first_tables(db: Database) -> None:
    """Thumbnails, and which frame is shown by which."""
    for statement in _FIRST_TABLES:
        db.conn.execute(statement)


class ThumbnailWriter(Closing):
    """Makes thumbnails.  One process at a time: the one that holds the worker's lock."""

    def __init__(self, home: Home, key: Key) -> None:
        """Open the thumbnails of a home.  Raises StoreUnusable when they are newer than this program."""
        self._home, self._key = home, key
        self._db = _open_sound(home, key)
        self._recent: dict[tuple[str, int], deque[tuple[int, Shades]]] = {}

    def close(self) -> None:
        self._db.close()

    def note(self, frame: Frame, picture: Picture) -> None:
        """Keep a thumbnail of a frame, or that an older one of its stream shows it well.  Raises DiskFull.

        A file that turns out to be damaged is made anew: no thumbnail may keep a frame from being read.
        """
        small = shrink(picture)
        try:
            self._keep(frame, small)
        except DatabaseError as error:
            if not _is_damage(error):
                raise
            self._db.close()
            self._recent.clear()
            _discard(self._home)
            self._db = _open_sound(self._home, self._key)
            self._keep(frame, small)

    def _keep(self, frame: Frame, small: Picture) -> None:
        looks, recent = shades(small), self._recent.setdefault((frame.source, frame.monitor), deque(maxlen=REMEMBERED))
        known = next((one for one, other in reversed(recent) if alike(looks, other)), None)
        with transaction(self._db):
            run = self._db.conn.execute
            if known is not None and not self._rows("SELECT 1 FROM thumbnails WHERE id = ?", known):
                known = None  # another process has forgotten it
            if known is None:
                run("INSERT OR REPLACE INTO thumbnails (id, webp) VALUES (?, ?)", [frame.id, to_webp(small)])
            run("INSERT OR REPLACE INTO shown (frame_id, thumbnail_id) VALUES (?, ?)", [frame.id, known or frame.id])
        if known is None:
            recent.append((frame.id, looks))

    def missing(self, frame_ids: Sequence[int]) -> list[int]:
        """Return those of some frames, given in ascending order, that have no thumbnail."""
        if not frame_ids:
            return []
        rows = self._rows("SELECT frame_id FROM shown WHERE frame_id BETWEEN ? AND ?", frame_ids[0], frame_ids[-1])
        known = {frame_id for (frame_id,) in rows}
        return [one for one in frame_ids if one not in known]

    def forget(self, frame_ids: Iterable[int]) -> None:
        """Remove what shows these frames, and for all frames that share it: it shows the pixels of these."""
        wanted = [(one,) for one in frame_ids]
        with transaction(self._db):
            for table, column in (("shown", "thumbnail_id"), ("shown", "frame_id"), ("thumbnails", "id")):
                self._db.conn.executemany(f"DELETE FROM {table} WHERE {column} = ?", wanted)
        self._recent.clear()

    def remove_oldest(self, count: int, before_id: int | None = None) -> int:
        """Remove the oldest thumbnails, those of frames before one only, and return how many there were.

        Their room is given back to the disk.
        """
        rows = self._rows(
            "SELECT id FROM thumbnails WHERE ?1 IS NULL OR id < ?1 ORDER BY id LIMIT ?2", before_id, count
        )
        if not rows:
            return 0
        self.forget(frame_id for (frame_id,) in rows)
        self._db.conn.execute("PRAGMA incremental_vacuum").fetchall()
        self._db.conn.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
        return len(rows)

    def _rows(self, statement: str, *values: object) -> list[Row]:
        return list(self._db.conn.execute(statement, values))


class Thumbnails(Closing):
    """Reads thumbnails; one thread at a time.  A home that has none yet is no error."""

    def __init__(self, home: Home, key: Key) -> None:
        self._home, self._key = home, key
        self._db: Database | None = None

    def of(self, frame: Frame) -> Picture | None:
        """Return the small picture that shows a frame; None when there is none (yet), or none that can be used."""
        db = self._opened()
        if db is None:
            return None
        try:
            row = db.conn.execute(
                "SELECT webp FROM shown JOIN thumbnails ON id = thumbnail_id WHERE frame_id = ?", [frame.id]
            ).fetchone()
        except DatabaseError:  # made anew by the worker at its next start
            self.close()
            return None
        return None if row is None else from_webp(row[0])

    def close(self) -> None:
        """Let the database go; may be called twice."""
        if self._db is not None:
            self._db.close()
            self._db = None

    def _opened(self) -> Database | None:
        if self._db is None and self._home.thumbnails.exists():
            try:
                self._db = open_database(self._home.thumbnails, self._key, read_only=True)
            except StoreUnusable:  # damaged, or of another key
                return None
        return self._db


def _open_sound(home: Home, key: Key) -> Database:
    """Return a connection for writing; a file that is damaged or does not open with this key is made anew."""
    try:
        return _open_for_writing(home, key)
    except (StoreUnusable, DatabaseError) as error:
        if not _is_damage(error):
            raise
        log.warning("thumbnails.db is damaged or not of this store: it is made anew")
        _discard(home)
        return _open_for_writing(home, key)


def _open_for_writing(home: Home, key: Key) -> Database:
    db = open_database(home.thumbnails, key)
    try:
        if not db.table_names():
            db.conn.execute("PRAGMA auto_vacuum = INCREMENTAL")
            db.conn.execute("VACUUM")  # only so a file that has its first page takes the setting
        migrate(db, migrations, home.thumbnails)
    except BaseException:
        db.close()
        raise
    return db


def _is_damage(error: BaseException) -> bool:
    """Tell whether a file cannot be opened for what is in it: not since it is newer, busy, or the disk is full."""
    cause = error.__cause__ if isinstance(error, StoreUnusable) else error
    name = str(getattr(cause, "sqlite_errorname", ""))
    return isinstance(cause, DatabaseError) and not name.startswith(("SQLITE_BUSY", "SQLITE_LOCKED"))


def _discard(home: Home) -> None:
    for end in ("-wal", "-shm", ""):
        home.thumbnails.with_name(home.thumbnails.name + end).unlink(missing_ok=True)
