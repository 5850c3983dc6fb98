"""How much room a home takes on the disk, part by part.

Owns the measuring, cheap enough to be done once a minute for a year of segments.  Never removes anything.  Called by
`dayreel status`, the recorder's budget and the worker's thinning.
"""

from __future__ import annotations

import os
import time
from dataclasses import dataclass
from pathlib import Path

from timeline.home import Home

SETTLED_S = 900.0  # a day's folder in which no file came or went for so long holds none that still grows


@dataclass(frozen=True, slots=True)
class HomeBytes:
    """What each part of a home takes, in bytes."""

    video: int
    database: int
    index: int
    spool: int
    thumbnails: int
    journals: int = 0
    """The databases' write-ahead logs: written over again and again, and given back when nobody has them open."""

    @property
    def total(self) -> int:
        """What is there to stay: what a budget counts."""
        return self.video + self.database + self.index + self.spool + self.thumbnails


class Usage:
    """Measures one home again and again."""

    def __init__(self, home: Home) -> None:
        self._home = home
        self._settled: dict[str, tuple[int, int]] = {}  # a day's folder: when it last changed, and its bytes

    def measure(self) -> HomeBytes:
        """Return what the home takes now; what is not there takes nothing."""
        home = self._home
        return HomeBytes(
            video=self._video_bytes(),
            database=file_bytes(home.database),
            index=file_bytes(home.index_database) + file_bytes(home.vectors),
            spool=folder_bytes(home.spool)[1],
            thumbnails=file_bytes(home.thumbnails),
            journals=sum(map(journal_bytes, (home.database, home.index_database, home.thumbnails))),
        )

    def _video_bytes(self) -> int:
        try:
            days = [entry for entry in os.scandir(self._home.video) if entry.is_dir()]
        except FileNotFoundError:
            return 0
        self._settled = {day.path: known for day in days if (known := self._settled.get(day.path)) is not None}
        return sum(self._day_bytes(day) for day in days)

    def _day_bytes(self, day: os.DirEntry[str]) -> int:
        """Return the bytes of a day, looking at each file only while one may still grow."""
        changed_ns = file_changed_ns(day.path)
        known = self._settled.get(day.path)
        if known is not None and known[0] == changed_ns:
            return known[1]
        _, size_bytes = folder_bytes(Path(day.path))
        if changed_ns < time.time_ns() - SETTLED_S * 1e9:
            self._settled[day.path] = changed_ns, size_bytes
        return size_bytes


def journal_bytes(path: Path) -> int:
    """Return what a database takes beside its file while it is open."""
    return sum(file_bytes(path.with_name(path.name + suffix)) for suffix in ("-wal", "-shm"))


def file_bytes(path: Path | str) -> int:
    """Return how long a file is; 0 for one that is not there."""
    try:
        return Path(path).stat().st_size
    except FileNotFoundError:
        return 0


def folder_bytes(folder: Path) -> tuple[int, int]:
    """Return how many files are in a folder and what they take; none for one that is not there."""
    try:
        with os.scandir(folder) as entries:
            sizes = [file_bytes(entry.path) for entry in entries if not entry.is_dir()]
    except FileNotFoundError:
        return 0, 0
    return len(sizes), sum(sizes)


def file_changed_ns(path: str) -> int:
    """Return when a file or the names in a folder last changed; 0 for one that is not there."""
    try:
        return Path(path).stat().st_mtime_ns
    except FileNotFoundError:
        return 0
