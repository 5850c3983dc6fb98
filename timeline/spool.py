"""The spool: raw pictures waiting to be read, compressed and sealed, one private file each.

Owns the files below spool/.  An entry is renamed into place before its frame is committed; an entry without a frame
was left by a crash and is swept.  Holds the pixels exactly, where a segment holds them as H.264.

The spool is a cache of the video: an entry is not synced, so a power cut may lose or tear it.  Whoever misses one reads
the frame from its segment.
"""

from __future__ import annotations

import os
import secrets
import struct
import time
import zlib
from pathlib import Path

import numpy as np

from timeline.errors import DiskFull, StoreUnusable
from timeline.home import FILE_MODE, NO_ROOM, Home, sync_folder, write_private
from timeline.keys import Key, derive, seal, unseal
from timeline.model import Picture

_SHAPE = struct.Struct("<II")  # height, width
COMPRESSION = 1  # zlib's fastest: screens shrink 20 to 60 times, levels above cost CPU for little
ORPHAN_AGE_S = 60.0  # an entry this old that no frame names was left by a crash


class Spool:
    """Puts pictures away until they are read."""

    def __init__(self, home: Home, key: Key) -> None:
        self._folder = home.spool
        self._secret = derive(key, "spool")

    def put(self, picture: Picture, *, durable: bool = False) -> str:
        """Store a picture whole and return the name of its entry.  Raises DiskFull; nothing is left behind then.

        `durable`: it is on the disk then, for a frame that no segment holds.
        """
        height, width = picture.shape[:2]
        packed = _SHAPE.pack(height, width) + zlib.compress(np.ascontiguousarray(picture).data, COMPRESSION)
        name = secrets.token_hex(8)
        sealed = seal(self._secret, packed)
        if durable:
            write_private(self._path(name), sealed)
            sync_folder(self._folder)
        else:
            self._write(self._path(name), sealed)
        return name

    def get(self, name: str) -> Picture | None:
        """Return a picture, None when the entry is gone.  Raises StoreUnusable when it is damaged."""
        try:
            sealed = self._path(name).read_bytes()
        except FileNotFoundError:
            return None
        packed = unseal(self._secret, sealed)
        try:
            height, width = _SHAPE.unpack_from(packed)
            pixels = np.frombuffer(zlib.decompress(packed[_SHAPE.size :]), dtype=np.uint8)
        except (struct.error, zlib.error) as error:
            raise StoreUnusable(f"The spool entry {name} is damaged.") from error
        if pixels.size != height * width * 3:
            raise StoreUnusable(f"The spool entry {name} is damaged.")
        return pixels.reshape(height, width, 3)

    def remove(self, name: str) -> None:
        """Remove an entry; one that is gone already is no error."""
        self._path(name).unlink(missing_ok=True)

    def sweep(self, needed: set[str]) -> int:
        """Remove entries that no frame names and that are old enough to belong to no commit under way."""
        oldest = time.time() - ORPHAN_AGE_S
        orphans = [path for path in self._folder.iterdir() if path.name not in needed and _older(path, oldest)]
        for path in orphans:
            path.unlink(missing_ok=True)
        return len(orphans)

    def _write(self, path: Path, sealed: bytes) -> None:
        temporary = path.with_name(f"{path.name}.new")
        try:
            with open(os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, FILE_MODE), "wb") as file:  # noqa: PTH123
                file.write(sealed)
            temporary.replace(path)  # whole for every reader; no fsync, see above
        except OSError as error:
            temporary.unlink(missing_ok=True)
            if error.errno in NO_ROOM:
                raise DiskFull("The disk is full: a picture could not be put into the spool.") from error
            raise

    def _path(self, name: str) -> Path:
        return self._folder / name


def _older(path: Path, oldest: float) -> bool:
    try:
        return path.stat().st_mtime < oldest
    except FileNotFoundError:  # renamed into place or taken since the folder was listed
        return False
