"""Sealing the plain segments of the first version, one at a time, while everybody reads and writes on.

Owns the order in which a plain file becomes a sealed one: written beside it, synced, compared byte for byte, renamed,
named by the row (the commit point), and only then the plain one removed.  Killed anywhere, the next run goes on; at no
instant is a frame unreadable.  Called by the worker when nothing waits to be read.
"""

from __future__ import annotations

import logging
from pathlib import Path

from timeline.errors import StoreUnusable, UnreadablePicture
from timeline.home import Home, sync_folder
from timeline.keys import Key, derive
from timeline.model import Segment
from timeline.sealed_file import SealedReader, SealedWriter
from timeline.segment_file import PLAIN_SUFFIX, SEALED_SUFFIX, write_error
from timeline.segment_rows import first_closed, named, rename
from timeline.writer import Writer

RECORD_BYTES = 262_144  # of a sealed record: little is decrypted in vain for a seek, and heads are 0.01 % of the file

log = logging.getLogger(__name__)


class Sealing:
    """Seals what the first version left plain.  Reads and writes on the connection of the writer it is given."""

    def __init__(self, home: Home, key: Key, writer: Writer) -> None:
        self._home, self._writer = home, writer
        self._secret = derive(key, "video")
        self._after_id = 0
        self._swept = False

    def step(self) -> bool:
        """Seal one segment and tell whether there may be more.  Raises DiskFull; nothing is changed then."""
        if not self._swept:
            self._sweep()
            self._swept = True
        segment = first_closed(self._writer, PLAIN_SUFFIX, self._after_id)
        if segment is None:
            return False
        self._after_id = segment.id  # one that cannot be sealed is not tried again before the next start
        try:
            self._seal(segment)
        except (StoreUnusable, UnreadablePicture, FileNotFoundError, PermissionError) as error:
            log.warning("segment %d stays as it is: %s", segment.id, type(error).__name__)
        except OSError as error:
            raise write_error(error) from error
        return True

    def _seal(self, segment: Segment) -> None:
        plain = self._home.video / segment.name
        sealed = _sealed_beside(plain)
        if plain.exists() or not sealed.exists():  # else a database from a backup names a file that was sealed since
            self._write_beside(plain, sealed)
        name = f"{segment.name}{_ADDED_SUFFIX}"
        if rename(self._writer, segment, name):  # the commit point
            _remove(plain)
        elif not named(self._writer, name):  # re-encoded meanwhile: the row names another file
            _remove(sealed)

    def _write_beside(self, plain: Path, sealed: Path) -> None:
        beside = sealed.with_name(f"{sealed.name}.new")
        beside.unlink(missing_ok=True)
        try:
            with SealedWriter.create(beside, self._secret) as writer, plain.open("rb") as file:
                while part := file.read(RECORD_BYTES):
                    writer.append(part)
            self._compare(plain, beside)
            beside.replace(sealed)
        finally:
            beside.unlink(missing_ok=True)
        sync_folder(sealed.parent)

    def _compare(self, plain: Path, sealed: Path) -> None:
        """Raise StoreUnusable unless the sealed file is whole and holds the plain one's bytes, all and no more."""
        with SealedReader(sealed, self._secret) as reader, plain.open("rb") as file:
            same = all(file.read(len(part)) == part for part in map(reader.record, range(len(reader))))
            if not same or file.read(1) or not reader.complete:
                raise StoreUnusable("A segment could not be sealed: what was written is not what was read.")

    def _sweep(self) -> None:
        """Remove plain files whose sealed ones are named already: a kill came between the two."""
        for plain in self._home.video.glob(f"*/*{PLAIN_SUFFIX}"):
            sealed = _sealed_beside(plain)
            if sealed.exists() and named(self._writer, sealed.relative_to(self._home.video).as_posix()):
                _remove(plain)


_ADDED_SUFFIX = SEALED_SUFFIX.removeprefix(PLAIN_SUFFIX)


def _sealed_beside(plain: Path) -> Path:
    return plain.with_name(f"{plain.name}{_ADDED_SUFFIX}")


def _remove(file: Path) -> None:
    file.unlink(missing_ok=True)
    sync_folder(file.parent)
