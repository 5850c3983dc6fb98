"""`dayreel export`: the video of a time as plain files that any player takes.

What is hidden in a segment and not written out of it yet is not exported: such a segment is written anew for it.
"""

from __future__ import annotations

import argparse
import errno
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path

from dayreel import shapes
from dayreel.context import Context
from dayreel.store import Store
from dayreel.times import interval_of
from timeline.errors import DiskFull, NothingFound, UnreadablePicture, WrongUsage
from timeline.fragments import with_last_frame_lasting
from timeline.home import FILE_MODE, FOLDER_MODE, NO_ROOM
from timeline.keys import derive
from timeline.model import Segment
from timeline.rewriting import Rewriting
from timeline.segment_file import plain_parts
from timeline.segment_rows import last_span_us, segments_within
from timeline.writer import Writer

_NO_LINKS = frozenset({errno.EPERM, errno.EACCES, errno.EOPNOTSUPP, errno.ENOSYS})
"""What file systems say that know no links: of sticks, of network folders, of phones."""


@dataclass(frozen=True, slots=True)
class Exported:
    """One video that lies in the folder now; `new` is False where it lay there before."""

    segment: Segment
    file: Path
    new: bool


def run(context: Context, options: argparse.Namespace) -> int:
    """Write the segments of a time into a folder."""
    folder = _folder(context, options.folder)
    interval = interval_of(context, options.since, options.until)
    done, damaged = list[Exported](), 0
    full: DiskFull | None = None
    try:
        with Store.open(context.home, context.settings) as store:
            segments = segments_within(store.reader, interval)
            kept = [segment for segment in segments if segment.pixels != "gone"]
            for segment in kept:
                try:
                    done.append(_export(store, segment, folder))
                except UnreadablePicture as error:
                    context.talk(f"dayreel: {error}")
                    damaged += 1
            if len(kept) < len(segments):
                context.talk(f"{len(segments) - len(kept)} segments have no pixels any more; their text is kept.")
            if waiting := store.reader.pending():
                context.talk(f"{waiting} pictures are not read yet: secrets on them are not hidden. Try again later.")
    except NothingFound as nothing:
        context.talk(f"dayreel: {nothing}")
    except DiskFull as error:  # what was written before is whole, and is told
        full = error
    _tell(context, folder, done)
    if full is not None:
        raise full
    if damaged:
        return UnreadablePicture.exit_code
    return 0 if done else NothingFound.exit_code


def _folder(context: Context, name: str) -> Path:
    """Return the folder to write into, which may be still to be made.

    Raises WrongUsage where that would mix plain files with the store's, and where there can be no folder.
    """
    try:
        folder = Path(name).expanduser().absolute()
        if folder.resolve().is_relative_to(context.home.root.resolve()):
            raise WrongUsage(f"{folder} lies inside the data folder, where everything is sealed: name another.")
        there = next(one for one in (folder, *folder.parents) if one.exists())
    except (OSError, RuntimeError, ValueError) as error:  # too long, no such user, a zero byte
        raise WrongUsage(f"{name!r} cannot be a folder: name another.") from error
    if not there.is_dir():
        raise WrongUsage(f"{there} is no folder: name another.")
    if not os.access(there, os.W_OK | os.X_OK):
        raise WrongUsage(f"Nothing can be written in {there}: name another folder, or mend its rights.")
    return folder


def _make(folder: Path) -> None:
    try:
        folder.mkdir(mode=FOLDER_MODE, parents=True, exist_ok=True)
    except OSError as error:
        if error.errno in NO_ROOM:
            raise
        raise WrongUsage(f"The folder {folder} cannot be made ({error.strerror}): name another.") from error


def _export(store: Store, segment: Segment, folder: Path) -> Exported:
    """Write one segment under a name that is free, unless the same bytes lie there.

    Raises UnreadablePicture and DiskFull; nothing of it is left in the folder then.
    """
    _make(folder)
    stem = segment.name.replace("/", "-").removesuffix(".sealed").removesuffix(".mp4")
    part = folder / f".{stem}-{secrets.token_hex(4)}.part"
    try:
        with _plain(store, segment, folder) as parts:
            _write(part, parts)
        for number in count(1):  # another content has the name when the segment grew or was re-encoded since
            file = folder / (f"{stem}.mp4" if number == 1 else f"{stem}-{number}.mp4")
            if _publish(part, file):
                return Exported(segment, file, new=True)
            if _same(part, file):
                return Exported(segment, file, new=False)
        raise AssertionError("counting has no end")
    except (OSError, DiskFull) as error:
        if isinstance(error, DiskFull) or error.errno in NO_ROOM:
            raise DiskFull(f"The disk of {folder} is full: {stem}.mp4 was not written. Free some space.") from error
        raise
    finally:
        part.unlink(missing_ok=True)


@contextmanager
def _plain(store: Store, segment: Segment, folder: Path) -> Iterator[Iterator[bytes]]:
    """Give a segment's bytes as readers may see them, its last frame lasting as long as it stood.

    Raises UnreadablePicture.
    """
    stood_us = last_span_us(store.reader, segment.id)
    copy = folder / f".{secrets.token_hex(8)}.sealed"
    try:
        parts = plain_parts(_file_to_show(store, segment, copy), derive(store.key, "video"))
        yield parts if stood_us is None else with_last_frame_lasting(parts, stood_us)
    finally:
        copy.unlink(missing_ok=True)


def _file_to_show(store: Store, segment: Segment, copy: Path) -> Path:
    """Return a segment's sealed file; a copy of it where something in it is hidden that is not written out yet."""
    rewriting = Rewriting(store.home, store.key, Writer(store.reader.db))
    if not store.reader.db.execute("SELECT 1 FROM rewrites WHERE segment_id = ?", [segment.id]).fetchone():
        return _file_now(store, segment)
    if not rewriting.write_copy(store.reader.segment(segment.id), copy):
        raise UnreadablePicture(f"No picture of {segment.name} can be read: it was not exported.")
    return copy


def _file_now(store: Store, segment: Segment) -> Path:
    """Return a segment's file, that which it has now when it was replaced since its row was read."""
    name = segment.name
    if not (store.home.video / name).exists():
        name = store.reader.segment(segment.id).name
    return store.home.video / name


def _write(part: Path, parts: Iterator[bytes]) -> None:
    with open(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, FILE_MODE), "wb") as file:  # noqa: PTH123 - the mode
        file.writelines(parts)
        file.flush()
        os.fsync(file.fileno())


def _publish(part: Path, file: Path) -> bool:
    """Give a whole file its name and tell whether that was free; what lies there is never replaced."""
    try:
        os.link(part, file)
    except FileExistsError:
        return False
    except OSError as error:
        if error.errno not in _NO_LINKS:
            raise
        if file.exists():
            return False
        part.rename(file)
    return True


def _same(one: Path, other: Path) -> bool:
    return other.is_file() and one.stat().st_size == other.stat().st_size and one.read_bytes() == other.read_bytes()


def _tell(context: Context, folder: Path, done: list[Exported]) -> None:
    sizes_bytes = [one.file.stat().st_size for one in done]
    if context.as_json:
        context.data([_shape(one, size_bytes) for one, size_bytes in zip(done, sizes_bytes, strict=True)])
        return
    for one in done:
        context.say(f"{one.file}{'' if one.new else ' (was there)'}")
    size_mb = sum(sizes_bytes) / 1_000_000
    context.talk(
        f"{len(done)} videos, {size_mb:.1f} MB, not encrypted, in {folder}" if done else "Nothing was exported."
    )


def _shape(one: Exported, size_bytes: int) -> shapes.Json:
    return {
        "file": str(one.file),
        "start": shapes.local(one.segment.start_us),
        "monitor": one.segment.monitor,
        "width": one.segment.width,
        "height": one.segment.height,
        "bytes": size_bytes,
        "new": one.new,
    }
