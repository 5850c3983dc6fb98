"""What is left to do after a forgetting was committed: thumbnails, raw pictures, stray files, pages of the databases.

Owns the table forgetting.  Each step may be done twice and is struck off when it is done, so whoever comes after a kill
goes on where it stopped.  The segments are timeline.rewriting's, the index is index.forgetting's; dayreel.forgetting
puts them between these.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Iterable
from pathlib import Path

from timeline.database import DatabaseError, open_database, transaction
from timeline.errors import StoreUnusable
from timeline.forgetting.applying import COVER, SPOOL, THUMBNAIL
from timeline.forgetting.leftovers import stray_pictures, stray_video, unfinished
from timeline.hidden import hidden_on, painted
from timeline.home import Home
from timeline.keys import Key
from timeline.rewriting import being_written
from timeline.spool import Spool
from timeline.thumbnails import ThumbnailWriter
from timeline.writer import Writer

READERS_WAIT_S = 20.0  # for somebody who reads an older state of a database, so that its log can be emptied
LOOK_S = 0.1

log = logging.getLogger(__name__)


class Finishing:
    """Strikes off what is left of a forgetting."""

    def __init__(self, home: Home, key: Key, writer: Writer) -> None:
        self._home, self._key, self._writer = home, key, writer
        self._spool = Spool(home, key)

    def left(self) -> list[str]:
        """Return the steps that are not done."""
        return [step for (step,) in self._writer.db.conn.execute("SELECT step FROM forgetting ORDER BY step")]

    def done(self, steps: Iterable[str]) -> None:
        """Strike off steps."""
        with transaction(self._writer.db):
            self._writer.db.conn.executemany("DELETE FROM forgetting WHERE step = ?", [(one,) for one in steps])

    def thumbnails(self) -> None:
        """Remove what shows frames that are dropped or covered; the latter are made again from the covered picture."""
        steps = self._named(THUMBNAIL)
        if steps and self._home.thumbnails.exists():
            with ThumbnailWriter(self._home, self._key) as thumbnails:
                thumbnails.forget(int(one.removeprefix(THUMBNAIL)) for one in steps)
        self.done(steps)

    def raw_pictures(self) -> None:
        """Remove the spool's entries of dropped frames, and cover those of the others."""
        for step in self._named(SPOOL):
            self._spool.remove(step.removeprefix(SPOOL))
            self.done([step])
        steps = self._named(COVER)
        for step in steps:
            self._cover(int(step.removeprefix(COVER)))
        self.done(steps)

    def stray_files(self, *, alone: bool) -> bool:
        """Remove files that nothing needs; False while somebody writes segments anew, whose files may be such as well.

        `alone`: nobody else puts pictures into the spool now.
        """
        home, db, sure = self._home, self._writer.db, not being_written(self._home)
        with transaction(db):  # nobody lets a row name a file meanwhile
            for path in (*stray_video(home, db), *stray_pictures(home, db, alone=alone), *unfinished(home)):
                path.unlink(missing_ok=True)
        return sure

    def _cover(self, frame_id: int) -> None:
        """Put a covered picture in the place of a frame's raw one."""
        db = self._writer.db
        row = db.conn.execute("SELECT spool_name FROM frames WHERE id = ?", [frame_id]).fetchone()
        if row is None or row[0] is None:
            return
        new = None
        try:
            picture = self._spool.get(row[0])
            new = None if picture is None else self._spool.put(painted(picture, hidden_on(db, frame_id)))
        except StoreUnusable:  # torn or damaged: the segment holds the frame as well
            log.warning("the raw picture of frame %d is damaged and was removed", frame_id)
        with transaction(db):
            changed = db.conn.execute(
                "UPDATE frames SET spool_name = ? WHERE id = ? AND spool_name = ?", [new, frame_id, row[0]]
            )
        self._spool.remove(row[0])
        if new is not None and not changed.rowcount:  # read meanwhile
            self._spool.remove(new)

    def _named(self, beginning: str) -> list[str]:
        return [one for one in self.left() if one.startswith(beginning)]


def clean_pages(path: Path, key: Key, *, whole: bool = False) -> bool:
    """Give free pages of a database back and empty its write-ahead log; tell whether nobody stood in the way.

    What is deleted is overwritten at once (secure_delete), so nothing is left in pages that stay.  `whole`: write all
    pages anew as well, which takes as much memory as the file is large.
    """
    if not path.exists():
        return True
    db = open_database(path, key)
    try:
        if whole:
            db.conn.execute("VACUUM")
        db.conn.execute("PRAGMA incremental_vacuum").fetchall()
        until = time.monotonic() + READERS_WAIT_S
        while not _emptied(db.conn.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()):
            if time.monotonic() > until:
                return False
            time.sleep(LOOK_S)
    except DatabaseError as error:
        if "BUSY" not in str(getattr(error, "sqlite_errorname", "")):
            raise
        return False
    finally:
        db.close()
    return True


def _emptied(checkpointed: tuple[int, int, int]) -> bool:
    busy, _, _ = checkpointed
    return not busy
