"""A file that grows, encrypted and authenticated piece by piece, and read at any place.

Owns the format of sealed video files (docs/on-disk-format.md), their descriptors and what a torn tail means.  Knows
nothing of what is inside and nothing of PyAV.  `timeline.video` writes and reads segments through it.

    header   8 bytes magic, 4 bytes version, 16 random bytes; the file's own key is HKDF-SHA256(secret, these bytes)
    record   4 bytes length, 1 byte kind, 12 bytes nonce, ciphertext, 16 bytes tag (AES-256-GCM); repeated
    closing  the last record, of its own kind: how many records there are and how many bytes they hold

A record's kind and number are authenticated with it, so records can be neither altered nor swapped nor dropped from the
middle; the closing record tells when the end was cut off.  A file without one is being written, or its writer was
killed: a last record that is not whole is then no error, it was never there.
"""

from __future__ import annotations

import os
import secrets
import struct
from bisect import bisect_right
from collections import OrderedDict
from contextlib import suppress
from pathlib import Path
from typing import Self

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from timeline.closing import Closing
from timeline.errors import StoreUnusable
from timeline.home import FILE_MODE
from timeline.keys import KEY_BYTES, NONCE_BYTES

MAGIC = b"DAYRSEAL"
MOST_KEPT = 4  # decrypted records kept: a demuxer reads one to its end in steps of 32 kB
_HEADER = struct.Struct("<8sI16s")  # magic, version, salt
_HEAD = struct.Struct("<IB")  # bytes of nonce, ciphertext and tag; kind
_BOUND = struct.Struct("<BQ")  # authenticated with each record: its kind and number
_CLOSING = struct.Struct("<QQ")  # inside the closing record: records and plain bytes before it
_VERSION = 1
_DATA, _END = 0, 1
_ADDED_BYTES = NONCE_BYTES + 16  # what a record is longer than its plain bytes: nonce and tag


def is_sealed(path: Path) -> bool:
    """Tell whether a file begins as a sealed one.  Raises OSError when it cannot be read."""
    with path.open("rb", buffering=0) as file:
        return file.read(len(MAGIC)) == MAGIC


class SealedWriter(Closing):
    """A sealed file being written.  After an error nothing more may be appended: close it, or abandon it."""

    def __init__(self, descriptor: int, cipher: AESGCM, records: int, plain_bytes: int, size_bytes: int) -> None:
        """Go on after so many records; the descriptor is taken over."""
        self._descriptor: int | None = descriptor
        self._cipher = cipher
        self._records, self._plain_bytes = records, plain_bytes
        self.size_bytes = size_bytes
        """How long the file is on the disk."""

    @classmethod
    def create(cls, path: Path, secret: bytes) -> Self:
        """Create a file (0600).  Raises OSError, also when there is one already; no new file is left then."""
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, FILE_MODE)
        try:
            return cls.begin(descriptor, secret)
        except BaseException:
            os.close(descriptor)
            path.unlink()
            raise

    @classmethod
    def begin(cls, descriptor: int, secret: bytes) -> Self:
        """Write the header to an empty file; its descriptor is taken over.  Raises OSError, taking nothing over."""
        salt = secrets.token_bytes(16)
        writer = cls(descriptor, _cipher(secret, salt), 0, 0, 0)
        writer._write(_HEADER.pack(MAGIC, _VERSION, salt))
        return writer

    @classmethod
    def resume(cls, path: Path, secret: bytes) -> Self:
        """Go on where a killed writer stopped.

        What is cut off: a record that is not whole, and the last one when it is whole but for what a power cut kept
        from the disk.  Raises OSError, and StoreUnusable for a file that is closed or has no header, or in which more
        than that is damaged: it stays as it is then.
        """
        with SealedReader(path, secret) as reader:
            cipher, records = reader.cipher, reader.sound_records()
            if cipher is None or reader.complete:
                raise StoreUnusable("A sealed file cannot be written further: it was closed, or never begun.")
            plain_bytes, size_bytes = reader.lengths_before(records)
        descriptor = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CLOEXEC)
        try:
            os.ftruncate(descriptor, size_bytes)
            return cls(descriptor, cipher, records, plain_bytes, size_bytes)
        except BaseException:
            os.close(descriptor)
            raise

    def append(self, data: bytes) -> None:
        """Append one record with one write.  Raises OSError; the file then ends with the record before."""
        self._append(_DATA, data)
        self._records += 1
        self._plain_bytes += len(data)

    def sync(self) -> None:
        """Return when all that was appended is on the disk.  Raises OSError."""
        sync = os.fdatasync if hasattr(os, "fdatasync") else os.fsync  # macOS has only the second
        sync(self._open_descriptor())

    def close(self) -> None:
        """Append the closing record, bring the file to the disk and let it go; may be called twice.

        Raises OSError; the file is let go all the same, and what was appended stays readable.
        """
        if self._descriptor is None:
            return
        try:
            self._append(_END, _CLOSING.pack(self._records, self._plain_bytes))
            os.fsync(self._descriptor)
        finally:
            self.abandon()

    def abandon(self) -> None:
        """Let the file go without a closing record, as a kill would; may be called twice."""
        if self._descriptor is not None:
            descriptor, self._descriptor = self._descriptor, None
            os.close(descriptor)

    def _append(self, kind: int, data: bytes) -> None:
        nonce = secrets.token_bytes(NONCE_BYTES)  # random: after a failed write the number comes again
        sealed = self._cipher.encrypt(nonce, data, _BOUND.pack(kind, self._records))
        self._write(b"".join((_HEAD.pack(NONCE_BYTES + len(sealed), kind), nonce, sealed)))

    def _write(self, data: bytes) -> None:
        descriptor = self._open_descriptor()
        rest = memoryview(data)
        try:
            while rest:
                rest = rest[os.write(descriptor, rest) :]
        except OSError:
            with suppress(OSError):  # a reader copes with a torn tail as well
                os.ftruncate(descriptor, self.size_bytes)
                os.lseek(descriptor, self.size_bytes, os.SEEK_SET)
            raise
        self.size_bytes += len(data)

    def _open_descriptor(self) -> int:
        if self._descriptor is None:
            raise ValueError("this sealed file is closed")
        return self._descriptor


class SealedReader(Closing):
    """A sealed file as plain bytes to read and seek, as PyAV does; what was appended since is seen by `refresh()`.

    Opening walks the heads of the records, 5 bytes each; a record is decrypted when it is first read.
    """

    def __init__(self, path: Path, secret: bytes) -> None:
        """Open a file.  Raises OSError, and StoreUnusable when it is no sealed file, or was altered or cut off."""
        self._secret = secret
        self._records: list[tuple[int, int]] = []  # where each one's nonce stands in the file, and where its tag ends
        self._starts: list[int] = []  # of each one's plain bytes
        self._kept: OrderedDict[int, bytes] = OrderedDict()
        self._position = 0
        self.cipher: AESGCM | None = None
        """None while not even the header was written."""
        self.size_bytes = 0
        """How many plain bytes the whole records hold."""
        self.complete = False
        """Whether the file was closed: nothing is missing and nothing will be appended."""
        self._descriptor: int | None = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
        try:
            self.refresh()
        except BaseException:
            self.close()
            raise

    def __len__(self) -> int:
        """Return how many records there are."""
        return len(self._records)

    def refresh(self) -> None:
        """Look for records that were appended since.  Raises StoreUnusable as on opening."""
        file_bytes = os.fstat(self._open_descriptor()).st_size
        if file_bytes < _HEADER.size:
            return
        if self.cipher is None:
            self.cipher = self._read_header()
        _, place = self.lengths_before(len(self))
        while place + _HEAD.size <= file_bytes:
            length, kind = _HEAD.unpack(self._bytes_at(place, _HEAD.size))
            start, place = place + _HEAD.size, place + _HEAD.size + length
            if length < _ADDED_BYTES or place > file_bytes:
                return  # a tail that was not written whole
            if kind == _END:
                self._check_end(start, place, file_bytes)
                return
            self._note(start, place)

    def record(self, number: int) -> bytes:
        """Return the plain bytes of one record.  Raises StoreUnusable when they are not what was written."""
        known = self._kept.get(number)
        if known is None:
            known = self._kept[number] = self._decrypt(*self._records[number], _DATA, number)
        self._kept.move_to_end(number)
        while len(self._kept) > MOST_KEPT:
            self._kept.popitem(last=False)
        return known

    def sound_records(self) -> int:
        """Return how many records are left without the last one, should a power cut have kept its bytes from the disk.

        Raises StoreUnusable when the one before it is damaged as well: no power cut does that.
        """
        for number in range(len(self) - 1, max(-1, len(self) - 3), -1):
            with suppress(StoreUnusable):
                self.record(number)
                return number + 1
        if len(self) > 1:
            raise _damaged()
        return 0

    def lengths_before(self, number: int) -> tuple[int, int]:
        """Return the plain bytes before a record, and the bytes of the file before it."""
        if number == 0:
            return 0, _HEADER.size
        start, end = self._records[number - 1]
        return self._starts[number - 1] + end - start - _ADDED_BYTES, end

    def read(self, size: int) -> bytes:
        """Return bytes from the present position, at most to the end of a record; b'' at the end of the file."""
        if self._position >= self.size_bytes:
            return b""
        number = bisect_right(self._starts, self._position) - 1
        skip = self._position - self._starts[number]
        data = self.record(number)[skip : skip + size]
        self._position += len(data)
        return data

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        """Go to a position and return it."""
        base = {os.SEEK_SET: 0, os.SEEK_CUR: self._position, os.SEEK_END: self.size_bytes}.get(whence)
        if base is None or base + offset < 0:
            raise ValueError("there is no such place in a file")
        self._position = base + offset
        return self._position

    def tell(self) -> int:
        """Return the present position."""
        return self._position

    def close(self) -> None:
        """Let the file go; may be called twice."""
        self._kept.clear()
        if self._descriptor is not None:
            descriptor, self._descriptor = self._descriptor, None
            os.close(descriptor)

    def _read_header(self) -> AESGCM:
        magic, version, salt = _HEADER.unpack(self._bytes_at(0, _HEADER.size))
        if magic != MAGIC:
            raise StoreUnusable("A file that should be sealed is not.")
        if version != _VERSION:
            raise StoreUnusable("A sealed file was written by a newer version of dayreel: update dayreel to read it.")
        return _cipher(self._secret, salt)

    def _note(self, start: int, end: int) -> None:
        self._records.append((start, end))
        self._starts.append(self.size_bytes)
        self.size_bytes += end - start - _ADDED_BYTES

    def _check_end(self, start: int, end: int, file_bytes: int) -> None:
        told = self._decrypt(start, end, _END, len(self))
        if told != _CLOSING.pack(len(self), self.size_bytes) or end != file_bytes:
            raise _damaged()
        self.complete = True

    def _decrypt(self, start: int, end: int, kind: int, number: int) -> bytes:
        sealed = self._bytes_at(start, end - start)
        if self.cipher is None:
            raise _damaged()
        try:
            return self.cipher.decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], _BOUND.pack(kind, number))
        except (InvalidTag, ValueError) as error:
            raise _damaged() from error

    def _bytes_at(self, place: int, count: int) -> bytes:
        return os.pread(self._open_descriptor(), count, place)

    def _open_descriptor(self) -> int:
        if self._descriptor is None:
            raise ValueError("this sealed file is closed")
        return self._descriptor


def _cipher(secret: bytes, salt: bytes) -> AESGCM:
    return AESGCM(HKDF(algorithm=SHA256(), length=KEY_BYTES, salt=salt, info=b"sealed file").derive(secret))


def _damaged() -> StoreUnusable:
    return StoreUnusable("A sealed file is damaged, was altered, or belongs to another store.")
