"""Files that nothing needs: what a kill left beside a segment, in the spool, beside the cache of the vectors.

Lists only; timeline.forgetting.finishing removes them, timeline.forgetting.checking tells of them.
"""

from __future__ import annotations

import math
import os
import re
import time
from collections.abc import Iterator
from pathlib import Path

from timeline.database import Database
from timeline.home import Home
from timeline.reencoding import small_name
from timeline.rewriting import being_written
from timeline.segment_file import PLAIN_SUFFIX, SEALED_SUFFIX
from timeline.spool import ORPHAN_AGE_S

VIDEO_AGE_S = 600.0  # a file of video that no row names and nobody has written to for so long was left by a kill
_UNFINISHED = re.compile(r".+\.(\d+)\.new")  # what timeline.home writes beside a file, with its process


def stray_video(home: Home, db: Database) -> list[Path]:
    """Return files of video that no row names or is about to name.

    Recorder and import name a segment before they make its file; what is encoded again or sealed has a name that its
    row tells, so it shows nothing that is not in that row's file; what is written anew is told by timeline.rewriting.
    """
    files = [path for path in home.video.glob("*/*") if path.is_file()]  # before the rows: a new segment is not seen
    busy, old_s = being_written(home), time.time() - VIDEO_AGE_S
    rows = db.conn.execute("SELECT name FROM segments WHERE pixels != 'gone'").fetchall()
    named = {name for (name,) in rows}
    coming = {f"{one}{end}" for name in named for one in (_sealed(name), small_name(name)) for end in ("", ".new")}
    left = [(path, path.relative_to(home.video).as_posix()) for path in files]
    return [
        path for path, name in left if name not in named and (_written_s(path) < old_s or not (busy or name in coming))
    ]


def stray_pictures(home: Home, db: Database, *, alone: bool) -> list[Path]:
    """Return files of the spool that no frame names.

    `alone`: nobody records, takes in or covers pictures now; else only what is too old to be part of a commit.
    """
    files = [path for path in home.spool.iterdir() if path.is_file()]
    needed = {name for (name,) in db.conn.execute("SELECT spool_name FROM frames WHERE spool_name IS NOT NULL")}
    youngest = _youngest(ORPHAN_AGE_S, alone=alone)
    return [path for path in files if path.name not in needed and _written_s(path) < youngest]


def unfinished(home: Home) -> Iterator[Path]:
    """Yield what processes that were killed had not finished writing beside the cache of the vectors."""
    for path in home.root.glob(f"{home.vectors.name}.*.new"):
        name = _UNFINISHED.fullmatch(path.name)
        if name is not None and not _runs(int(name[1])):
            yield path


def _runs(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except (PermissionError, OverflowError):
        return True
    return True


def _sealed(name: str) -> str:
    return name.removesuffix(SEALED_SUFFIX).removesuffix(PLAIN_SUFFIX) + SEALED_SUFFIX


def _youngest(age_s: float, *, alone: bool) -> float:
    return math.inf if alone else time.time() - age_s


def _written_s(path: Path) -> float:
    try:
        return path.stat().st_mtime
    except FileNotFoundError:  # replaced or removed since the folder was listed
        return math.inf
