"""Looks for secrets in everything that a home holds, by text and by pixels, with the home's own key.

Owns what counts as a finding.  Reads files as they lie there, decrypted but not through the product's queries: tables,
free pages and write-ahead logs of every database, the spool, each frame of each video, thumbnails, the vector cache,
logs, and whatever else is there.
"""

from __future__ import annotations

import io
import struct
import zlib
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.ciphers.modes import CBC
from numpy.typing import NDArray
from PIL import Image

from ocr.engines import choose_engine
from tests.leaks.secrets_shown import Secret
from timeline.database import open_database
from timeline.errors import StoreUnusable
from timeline.home import Home
from timeline.keys import Key, derive, load_key, unseal
from timeline.model import Picture
from timeline.segment_file import SegmentInput
from timeline.spool import Spool

LETTERS = 6  # of a word: so many in a row are no accident, and no stemmer cuts so deep
LEVELS = 26  # how far a colour may be from what was shown: video and WebP shift it by 10
FEWEST_PX = 24  # of a colour in a picture; a small edge of a window has more
LEAST_PART_PX = (110, 200)  # height, width: what changed and room around it; no secret is shown smaller
BLOCK_PX, BLOCK_LEVELS = 16, 16
COLOURFUL = 60  # levels between a pixel's channels: greys are looked at no further
PAGE_BYTES, RESERVED_BYTES, IV_BYTES, SALT_BYTES = 4096, 80, 16, 16  # SQLCipher 4
WAL_HEADER_BYTES, WAL_FRAME_HEADER_BYTES = 32, 24


@dataclass(frozen=True, slots=True)
class Finding:
    """A secret and where it was found."""

    word: str
    place: str
    how: str


def search_stored(folder: Path, secrets: Sequence[Secret]) -> list[Finding]:
    """Return what databases, the vector cache and all other files below a home hold of secrets."""
    home = Home(folder)
    key = load_key(home)
    return [*_in_databases(home, key, secrets), *_in_vectors(home, key, secrets), *_in_files([folder], secrets)]


def search_pixels(folder: Path, secrets: Sequence[Secret]) -> list[Finding]:
    """Return what spool and video show of secrets.  What is written in the spool's pictures, the worker reads."""
    home = Home(folder)
    key = load_key(home)
    spool = Spool(home, key)
    found = []
    for path in sorted(home.spool.iterdir()):
        picture = spool.get(path.name)
        if picture is not None:
            found += [Finding(word, "spool", "colour") for word in in_colours(picture, secrets)]
    return [*found, *_in_video(home, key, secrets)]


def search_files(paths: Iterable[Path], secrets: Sequence[Secret]) -> list[Finding]:
    """Return what files outside of the home hold, as text."""
    return list(_in_files(paths, secrets))


def in_bytes(data: bytes, secrets: Iterable[Secret]) -> Iterator[str]:
    """Yield the words that stand in bytes, in any case, in UTF-8 or UTF-16."""
    lowered = data.lower()
    for secret in secrets:
        part = secret.word[:LETTERS].lower()
        if any(part.encode(how) in lowered for how in ("utf-8", "utf-16-le", "utf-16-be")):
            yield secret.word


def in_colours(picture: Picture, secrets: Iterable[Secret]) -> Iterator[str]:
    """Yield the words whose colour stands in a picture, BGR."""
    spread = picture.max(axis=2).astype(np.int16) - picture.min(axis=2)
    colourful = picture[spread >= COLOURFUL].astype(np.int16)
    if colourful.shape[0] < FEWEST_PX:
        return
    for secret in secrets:
        shown = np.array(secret.colour[::-1], np.int16)
        if int((np.abs(colourful - shown).max(axis=1) <= LEVELS).sum()) >= FEWEST_PX:
            yield secret.word


def pages(database: Path, key: Key) -> Iterator[bytes]:
    """Yield every page of a database and of its write-ahead log in plain: free ones and old ones as well."""
    data = database.read_bytes()
    for start in range(0, len(data) - PAGE_BYTES + 1, PAGE_BYTES):
        yield _plain_page(data[start : start + PAGE_BYTES], key, SALT_BYTES if start == 0 else 0)
    log = database.with_name(f"{database.name}-wal")
    logged = log.read_bytes() if log.exists() else b""
    step = WAL_FRAME_HEADER_BYTES + PAGE_BYTES
    for start in range(WAL_HEADER_BYTES, len(logged) - step + 1, step):
        (number,) = struct.unpack_from(">I", logged, start)
        page = logged[start + WAL_FRAME_HEADER_BYTES : start + step]
        yield _plain_page(page, key, SALT_BYTES if number == 1 else 0)


def _plain_page(page: bytes, key: Key, salt_bytes: int) -> bytes:
    """Decrypt one page as SQLCipher 4 does with a raw key: AES-256-CBC, its IV at the page's end."""
    end = PAGE_BYTES - RESERVED_BYTES
    decryptor = Cipher(AES(key.raw), CBC(page[end : end + IV_BYTES])).decryptor()
    return decryptor.update(page[salt_bytes:end]) + decryptor.finalize()


def _in_databases(home: Home, key: Key, secrets: Sequence[Secret]) -> Iterator[Finding]:
    for path in sorted(home.root.glob("*.db")):
        for page in pages(path, key):
            yield from (Finding(word, path.name, "page") for word in in_bytes(page, secrets))
        database = open_database(path, key, read_only=True)
        try:
            for table, value in _values(database.conn):
                yield from (Finding(word, path.name, f"table {table}") for word in _in_value(value, secrets))
            for table, term in _terms(database.conn):
                yield from (Finding(word, path.name, f"words of {table}") for word in in_bytes(term.encode(), secrets))
        finally:
            database.close()


def _values(connection: Any) -> Iterator[tuple[str, object]]:
    run = connection.execute
    tables = [name for (name,) in run("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()]
    for table in tables:
        for row in run(f'SELECT * FROM "{table}"'):
            yield from ((table, value) for value in row)


def _terms(connection: Any) -> Iterator[tuple[str, str]]:
    """Yield the words of each full-text index; on its pages they share their beginnings."""
    run = connection.execute
    for (table,) in run("SELECT name FROM sqlite_master WHERE sql LIKE '%USING fts5%'").fetchall():
        run(f"CREATE VIRTUAL TABLE temp.words_of_{table} USING fts5vocab('main', '{table}', 'row')")
        yield from ((table, term) for (term,) in run(f"SELECT term FROM temp.words_of_{table}"))


def _in_value(value: object, secrets: Sequence[Secret]) -> Iterator[str]:
    """Yield the words in a value of a table: a text, bytes, packed bytes or a picture."""
    if isinstance(value, str):
        yield from in_bytes(value.encode(), secrets)
    elif isinstance(value, bytes):
        yield from in_bytes(value, secrets)
        for width in (zlib.MAX_WBITS, -zlib.MAX_WBITS):
            with suppress(zlib.error):
                yield from in_bytes(zlib.decompressobj(width).decompress(value), secrets)
        with suppress(OSError):
            rgb = np.asarray(Image.open(io.BytesIO(value)).convert("RGB"))
            yield from in_colours(rgb[:, :, ::-1], secrets)


def _in_vectors(home: Home, key: Key, secrets: Sequence[Secret]) -> Iterator[Finding]:
    if home.vectors.exists():
        with suppress(StoreUnusable):
            plain = unseal(derive(key, "vectors.index"), home.vectors.read_bytes())
            yield from (Finding(word, home.vectors.name, "unsealed") for word in in_bytes(plain, secrets))


def _in_files(paths: Iterable[Path], secrets: Sequence[Secret]) -> Iterator[Finding]:
    """Yield what files hold as they are: logs, settings, locks, temporary files; names count too."""
    for top in paths:
        for path in [top, *top.rglob("*")] if top.is_dir() else [top]:
            data = path.name.encode() + b"\0"
            with suppress(OSError):  # a socket, or gone meanwhile
                data += path.read_bytes() if path.is_file() else b""
            yield from (Finding(word, path.name, "file") for word in in_bytes(data, secrets))


def _in_video(home: Home, key: Key, secrets: Sequence[Secret]) -> Iterator[Finding]:
    """Look at each frame of each segment, named by a row or not."""
    for path in sorted(home.video.rglob("*.mp4*")):
        yield from _in_pictures("video", frames_of(path, derive(key, "video")), secrets)


def frames_of(path: Path, secret: bytes) -> Iterator[Picture]:
    """Yield every frame of a segment, BGR."""
    segment = SegmentInput(path, secret)
    try:
        if segment.packets():
            for frame in segment.frames():
                yield frame.to_ndarray(format="bgr24")
    finally:
        segment.close()


def _in_pictures(place: str, pictures: Iterable[Picture], secrets: Sequence[Secret]) -> Iterator[Finding]:
    """Look for colours, and read what is written where a picture differs from the one before."""
    engine, before, known = choose_engine("auto"), None, set[bytes]()
    for picture in pictures:
        yield from (Finding(word, place, "colour") for word in in_colours(picture, secrets))
        part = picture if before is None or before.shape != picture.shape else _differing(before, picture)
        before = picture
        large = part.shape[0] >= LEAST_PART_PX[0] and part.shape[1] >= LEAST_PART_PX[1]
        if large and (looks := _looks(part)) not in known:  # the same desktop comes back again and again
            known.add(looks)
            read = " ".join(line.text for line in engine.read(np.ascontiguousarray(part)))
            yield from (Finding(word, place, "text") for word in in_bytes(read.encode(), secrets))


def _differing(before: Picture, after: Picture) -> NDArray[np.uint8]:
    """Return the part of a picture that an eye sees to differ, with some room around it."""
    differs = np.abs(after.astype(np.int16) - before).max(axis=2) > LEVELS
    rows, columns = np.flatnonzero(differs.any(axis=1)), np.flatnonzero(differs.any(axis=0))
    if not rows.size:
        return after[:0]
    room = 40
    return after[max(0, rows[0] - room) : rows[-1] + room, max(0, columns[0] - room) : columns[-1] + room]


def _looks(part: Picture) -> bytes:
    """Return what a part looks like from afar: a letter as large as a secret's changes it, noise of video does not."""
    height, width = (side // BLOCK_PX * BLOCK_PX for side in part.shape[:2])
    blocks = part[:height, :width].reshape(height // BLOCK_PX, BLOCK_PX, width // BLOCK_PX, BLOCK_PX, 3)
    coarse = (blocks.mean(axis=(1, 3)) + BLOCK_LEVELS / 2) // BLOCK_LEVELS
    return coarse.astype(np.uint8).tobytes() + bytes(f"{height}x{width}", "ascii")
