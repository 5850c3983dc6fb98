"""Another key for everything: databases, segments, spool and vector cache are written anew with it, one after another.

Owns the order: all that could stop it is asked before anything is written; both keys stand in the file `key` before the
first file changes; each file goes over whole (one transaction, or written beside, compared, synced and renamed), the
databases first, while nothing else can open them; and only when all have is the old key let go.  Killed anywhere, the
next run goes on: which key a file is of is asked of the file.  The caller holds all roles of the home.
"""

from __future__ import annotations

import errno
import logging
import os
import secrets
import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from timeline.errors import AlreadyRunning, DayreelError, DiskFull, KeyUnavailable, StoreUnusable
from timeline.home import NO_ROOM, Home, sync_folder, write_private
from timeline.keys import Key, derive, key_of, seal, unseal
from timeline.safekeeping import changing, system_keyring, unlocking
from timeline.safekeeping.belonging import Left, commit, kept_in_keyring, let_go, new_entry
from timeline.safekeeping.exclusive import Databases, Held, held_alone
from timeline.safekeeping.key_file import (
    KEY_BYTES,
    Entry,
    InKeyring,
    KeyFile,
    Raw,
    Wrapped,
    read_key_file,
    set_aside,
)
from timeline.sealed_file import SealedReader, SealedWriter

Advance = Callable[[int, int], None]
"""Called with how many bytes are done and how many there are in all."""
ROOM = 2  # times the largest file: its copy, or a database's rollback journal and what else is written meanwhile
_NEW = ".new"  # what a killed run leaves half written
log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Rotated:
    """What came of it."""

    entry: Entry
    """Where the new key is kept."""
    files: int
    damaged: int
    """Files of which some or all could not be read before either; what could be is kept."""
    left: Left | None = None
    """The old key, when it stays in the system's keyring."""
    put_aside: Path | None = None
    """A file that names the old key, when segments that could not be opened are still of it."""


def rotate(home: Home, advance: Advance) -> Rotated:
    """Give a home another key, or finish doing so.

    Raises KeyUnavailable, AlreadyRunning when something reads the store, DiskFull, StoreUnusable: before it has begun
    nothing is changed then; after that the sentence says so, everything is kept, and the next call goes on.
    """
    content = read_key_file(home)
    if content.new is None:
        return _begin(home, content.entry, advance)
    new, old = key_of(content.new, home), key_of(content.entry, home)
    with _unfinished(), held_alone(home, (new, old)) as databases:
        return _finish(home, content, _Files(home, old, new, databases), advance)


def _begin(home: Home, entry: Entry, advance: Advance) -> Rotated:
    old, secret = _old_key(entry, home)
    _prove_may_write(home)
    with ExitStack() as releases:
        with _unchanged():
            databases = releases.enter_context(held_alone(home, (old,)))
        _prove_possible(home, databases)
        raw = secrets.token_bytes(KEY_BYTES)
        content = KeyFile(entry, _kept_alike(raw, entry, home, secret))
        assert content.new is not None
        commit(home, content, content.new)
        with _unfinished():
            return _finish(home, content, _Files(home, old, Key(raw, old.kept_in), databases), advance)


def _finish(home: Home, content: KeyFile, files: _Files, advance: Advance) -> Rotated:
    assert content.new is not None
    count = files.change_all(advance)
    new = _there_still(home, content.new, files.new)
    aside = set_aside(home, KeyFile(content.entry).text().encode()) if files.unopened else None
    commit(home, KeyFile(new), new)  # the commit point: the old key is let go
    if isinstance(content.entry, Wrapped):
        unlocking.forget(content.entry)
    return Rotated(new, count, files.damaged, None if aside else let_go(home, content.entry), aside)


@contextmanager
def _unchanged() -> Iterator[None]:
    """Have a refusal say that it is one."""
    try:
        yield
    except AlreadyRunning as error:
        raise AlreadyRunning(f"{error} Nothing was changed.") from error


@contextmanager
def _unfinished() -> Iterator[None]:
    """Have every failure say what has become of the store and what to do."""
    try:
        yield
    except DayreelError as error:
        raise type(error)(f"{error} The change of the key stopped half-way. {changing.remedy()}") from error
    except OSError as error:
        kind = DiskFull if error.errno in NO_ROOM else StoreUnusable
        where = "" if error.filename is None else f"{error.filename}: "
        bad = " If it stays so, move that file to another disk." if error.errno == errno.EIO else ""
        what = f"{where}{error.strerror}.{bad} The change of the key stopped half-way."
        raise kind(f"{what} {changing.remedy()}") from error


def _prove_may_write(home: Home) -> None:
    """Raise StoreUnusable when rights would stop the change half-way, with the store unreadable."""
    files = [*_sealed(home), *_spooled(home), *home.root.glob("*.db"), *home.root.glob(home.vectors.name)]
    folders = {home.root, *(path.parent for path in files)}
    closed = [path for path in folders if not os.access(path, os.W_OK | os.X_OK)]
    closed += [path for path in files if not os.access(path, os.R_OK | os.W_OK)]
    if closed:
        raise StoreUnusable(
            f"{min(closed)} cannot be read or written by you: the key was not changed. Check its owner and rights."
        )


def _prove_possible(home: Home, databases: Databases) -> None:
    """Raise StoreUnusable or DiskFull for what would else stop the change half-way, with the store unreadable."""
    for held in databases.held:
        if not held.is_sound():
            mend = "restore it from a backup" if held.path == home.database else "remove it, the worker makes it anew"
            raise StoreUnusable(f"{held.path} is damaged: the key was not changed. To change it, {mend}.")
    largest = max((path.stat().st_size for path in home.root.rglob("*") if path.is_file()), default=0)
    if shutil.disk_usage(home.root).free < ROOM * largest:
        raise DiskFull(f"The disk of {home.root} has no room for a second copy of its largest file: free some space.")


def _old_key(entry: Entry, home: Home) -> tuple[Key, bytes | None]:
    """Return the present key, and what its passphrase wraps with; that one is asked for even when it is remembered."""
    if not isinstance(entry, Wrapped):
        return key_of(entry, home), None
    raw, secret = unlocking.ask_for(entry, str(home.root))
    return Key(raw, "passphrase"), secret


def _kept_alike(raw: bytes, entry: Entry, home: Home, secret: bytes | None) -> Entry:
    """Return what the key file says of a new key, kept as the old one is.  Raises KeyUnavailable."""
    if isinstance(entry, Wrapped) and secret is not None:
        from timeline.safekeeping.passphrase import wrap_beside

        wrapped = wrap_beside(raw, secret, entry)
        unlocking.note(wrapped, raw)
        return wrapped
    if not isinstance(entry, InKeyring):
        return Raw(raw)
    kept = kept_in_keyring(home, raw)
    if kept is None:
        raise KeyUnavailable("The system's keyring did not take the new key: unlock it and try again.")
    return kept


def _there_still(home: Home, entry: Entry, key: Key) -> Entry:
    """Return where the new key is kept; a keyring that has lost it meanwhile is given it again, or a file is."""
    if isinstance(entry, InKeyring) and not system_keyring.gives(entry.name, key.raw):
        return new_entry(home, key.raw)
    return entry


def _sealed(home: Home) -> list[Path]:
    return sorted(path for path in home.video.rglob("*.sealed") if path.is_file())


def _spooled(home: Home) -> list[Path]:
    return sorted(path for path in home.spool.glob("*") if path.is_file())


class _Files:
    """The files of a home, on their way from one key to another."""

    def __init__(self, home: Home, old: Key, new: Key, databases: Databases) -> None:
        self._home, self._old, self.new, self._databases = home, old, new, databases
        self.damaged = len(databases.foreign)  # derived data: the worker makes it anew
        self.unopened = 0
        """Segments that opened with neither key and stay as they are."""

    def change_all(self, advance: Advance) -> int:
        """Bring every file to the new key; return how many there are."""
        self._sweep()
        work = [*self._work()]
        total, done = sum(path.stat().st_size for path, _ in work), 0
        for path, change in work:
            size = path.stat().st_size
            try:
                change(path)
            except OSError as error:  # reading by a descriptor does not tell of which file
                raise OSError(error.errno, error.strerror, error.filename or str(path)) from error
            done += size
            advance(done, total)
        for folder in {self._home.root, *(path.parent for path, _ in work)}:
            sync_folder(folder)
        return len(work) + len(self._databases.foreign)

    def _work(self) -> Iterator[tuple[Path, Callable[[Path], None]]]:
        """Yield each file and what changes it."""
        for held in self._databases.held:
            yield held.path, lambda _, held=held: self._database(held)  # type: ignore[misc]  # its type is inferred
        for path in _sealed(self._home):
            yield path, self._segment
        for path in _spooled(self._home):
            yield path, self._spool_entry
        if self._home.vectors.exists():
            yield self._home.vectors, self._vectors

    def _sweep(self) -> None:
        for folder in (self._home.video, self._home.spool):
            for path in folder.rglob(f"*{_NEW}"):
                path.unlink(missing_ok=True)
        for path in self._home.root.glob(f"{self._home.vectors.name}.*{_NEW}"):
            path.unlink(missing_ok=True)

    def _database(self, held: Held) -> None:
        try:
            held.give(self.new)
        except StoreUnusable:
            if held.path == self._home.database:
                raise
            self.damaged += 1

    def _spool_entry(self, path: Path) -> None:
        self._whole(path, "spool")

    def _vectors(self, path: Path) -> None:
        self._whole(path, path.name)

    def _whole(self, path: Path, purpose: str) -> None:
        """Seal a small file anew; one that is damaged stays as it is: it can be made again."""
        data = path.read_bytes()
        with suppress(StoreUnusable):
            unseal(derive(self.new, purpose), data)
            return
        try:
            plain = unseal(derive(self._old, purpose), data)
        except StoreUnusable:
            self.damaged += 1
            return
        write_private(path, seal(derive(self.new, purpose), plain))

    def _segment(self, path: Path) -> None:
        old, new = derive(self._old, "video"), derive(self.new, "video")
        if _opens(path, new):
            return
        beside = path.with_name(f"{path.name}{_NEW}")
        try:
            with SealedReader(path, old) as reader:
                whole = _copy(reader, beside, new)
        except StoreUnusable:  # cut off or altered: no reader opens it, with either key
            beside.unlink(missing_ok=True)
            self.damaged += 1
            self.unopened += 1
            return
        if not whole:
            self.damaged += 1
            log.warning("a damaged segment lost what could not be read of it when the key was changed")
        beside.replace(path)


def _opens(path: Path, secret: bytes) -> bool:
    """Tell whether a sealed file is of this key; one without any record is of any."""
    try:
        with SealedReader(path, secret) as reader:
            if len(reader) and not reader.complete:  # a closing record was authenticated when the file was opened
                reader.record(0)
    except StoreUnusable:
        return False
    return True


def _copy(source: SealedReader, path: Path, secret: bytes) -> bool:
    """Write a sealed file anew, closed if it was closed; False when records were damaged, which are left out.

    Raises StoreUnusable when none can be read.
    """
    sound = [number for number in range(len(source)) if _sound(source, number)]
    if not sound:
        raise StoreUnusable("A sealed file is damaged, was altered, or belongs to another store.")
    writer = SealedWriter.create(path, secret)
    try:
        for number in sound:
            writer.append(source.record(number))
        if source.complete:
            writer.close()
        else:
            writer.sync()
    finally:
        writer.abandon()
    if not _same(source, sound, path, secret):
        path.unlink()
        raise KeyUnavailable(f"{path} could not be written: the disk gives back something else.")
    return len(sound) == len(source)


def _same(source: SealedReader, sound: list[int], path: Path, secret: bytes) -> bool:
    """Tell whether a copy holds the sound records of its source; a copy that does not open does not."""
    try:
        with SealedReader(path, secret) as copy:
            whole = len(copy) == len(sound) and copy.complete == source.complete
            return whole and all(copy.record(place) == source.record(number) for place, number in enumerate(sound))
    except StoreUnusable:
        return False


def _sound(source: SealedReader, number: int) -> bool:
    try:
        source.record(number)
    except StoreUnusable:
        return False
    return True
