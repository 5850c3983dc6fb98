"""A disk that forgets: which bytes and names of files are left when the power is cut.

Pure.  Two views of what a sync promises.  "posix": the bytes of a file are safe up to its own last sync, a name only
after a sync of its folder; of everything later any part may have reached the disk, in any order, page by page.  "ext4":
names and sizes go through one journal in their order, any sync brings the journal up to then to the disk, and a file
never ends in bytes that were not written (data=ordered); pages written over older ones may still arrive or not.
"kill" keeps everything, as when only the program is killed: the baseline.  "deaf" is posix with a disk that obeys no
sync: it shows that what is missing is found missing.  Called by bench/power_cut.py.
"""

from __future__ import annotations

import random
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import Literal

from bench.disk_trace import Operation

PAGE_BYTES = 4096
NOTHING_SHARE = 1 / 3  # of the cuts: nothing that was not synced has reached the disk
View = Literal["kill", "ext4", "posix", "deaf"]


@dataclass(frozen=True, slots=True)
class _Change:
    """One change of a file's bytes: data at a place, or (None) everything from there on cut off."""

    number: int
    place: int
    data: bytes | None

    @property
    def end(self) -> int:
        return self.place + len(self.data or b"")


@dataclass(slots=True)
class _File:
    """Bytes that are safe, and the changes since."""

    safe: bytearray = field(default_factory=bytearray)
    later: list[_Change] = field(default_factory=list)

    def sync(self, began: int) -> None:
        """Make every change safe that was done when the sync was asked for."""
        for change in self.later:
            if change.number < began:
                _apply(self.safe, change)
        self.later = [change for change in self.later if change.number >= began]

    def whole(self) -> bytes:
        """Return the bytes as the program saw them."""
        content = bytearray(self.safe)
        for change in self.later:
            _apply(content, change)
        return bytes(content)

    def left(self, dice: random.Random, *, ordered: bool) -> bytes:
        """Return bytes as they may be found after a power cut."""
        sizes = [len(self.safe)]
        for change in self.later:
            sizes.append(change.place if change.data is None else max(sizes[-1], change.end))
        arrived = dice.randint(0, len(self.later))  # so far the size has reached the disk
        content = bytearray(self.safe[: sizes[arrived]].ljust(sizes[arrived], b"\0"))
        for page in range(0, len(content), PAGE_BYTES):
            self._fill(content, page, arrived if ordered and page + PAGE_BYTES > len(self.safe) else 0, dice)
        return bytes(content)

    def _fill(self, content: bytearray, page: int, at_least: int, dice: random.Random) -> None:
        """Give one page the bytes of some moment since the last sync, not before the first `at_least` changes."""
        stop = min(page + PAGE_BYTES, len(content))
        touching = [n for n, one in enumerate(self.later) if one.place < stop and (one.data is None or one.end > page)]
        chosen = touching[: dice.randint(sum(n < at_least for n in touching), len(touching))]
        for number in chosen:
            change = self.later[number]
            start, end = max(page, change.place), stop if change.data is None else min(stop, change.end)
            new = bytes(end - start) if change.data is None else change.data[start - change.place : end - change.place]
            content[start:end] = new


_Names = dict[str, _File | None]


@dataclass(frozen=True, slots=True)
class _Naming:
    """One change of names: `gone` no longer stands in its folder, `name` does, for a file or (None) a folder."""

    number: int
    gone: str | None
    name: str | None
    file: _File | None = None

    @property
    def folder(self) -> str:
        return str(PurePosixPath(self.name or self.gone or ".").parent)


@dataclass(slots=True)
class Disk:
    """One folder on a disk."""

    view: View
    _now: _Names = field(default_factory=dict)
    _safe: _Names = field(default_factory=dict)
    _later: list[_Naming] = field(default_factory=list)
    _done: int = 0

    def run(self, operations: Iterable[Operation]) -> None:
        """Let a program's operations happen."""
        for operation in operations:
            self._one(operation)
            self._done += 1

    def after_cut(self, dice: random.Random) -> dict[str, bytes | None]:
        """Return what may be found after a power cut now: bytes for each file, None for each folder."""
        if self.view == "kill":
            return {path: None if file is None else file.whole() for path, file in self._now.items()}
        nothing = dice.random() < NOTHING_SHARE
        names = dict(self._safe)
        for naming in [] if nothing else self._arrived(dice):
            _rename(names, naming)
        return {
            path: None if file is None else bytes(file.safe) if nothing else file.left(dice, ordered=self._ordered)
            for path, file in sorted(names.items())
            if _reachable(path, names)
        }

    @property
    def _ordered(self) -> bool:
        return self.view == "ext4"

    def _arrived(self, dice: random.Random) -> list[_Naming]:
        if self._ordered:
            return self._later[: dice.randint(0, len(self._later))]
        return [naming for naming in self._later if dice.random() < 0.5]

    def _one(self, operation: Operation) -> None:
        if operation.kind == "sync":
            self._sync(operation)
        elif operation.kind in ("write", "truncate"):
            file = self._now.get(operation.path)
            if file is not None:  # a file that was removed while it was open is nobody's any more
                data = operation.data if operation.kind == "write" else None
                file.later.append(_Change(self._done, operation.place, data))
        else:
            naming = self._naming(operation)
            _rename(self._now, naming)
            self._later.append(naming)

    def _naming(self, operation: Operation) -> _Naming:
        path, file = operation.path, self._now.get(operation.path)
        if operation.kind == "make":
            return _Naming(self._done, None, path, _File())
        if operation.kind == "folder":
            return _Naming(self._done, None, path)
        if operation.kind == "remove":
            return _Naming(self._done, path, None)
        return _Naming(self._done, path if operation.kind == "rename" else None, operation.other, file)

    def _sync(self, operation: Operation) -> None:
        if self.view == "deaf":
            return
        file = self._now.get(operation.path)
        if file is not None:
            file.sync(operation.began)
        still_later = []
        for naming in self._later:
            if naming.number < operation.began and self._covers(operation, naming):
                _rename(self._safe, naming)
            else:
                still_later.append(naming)
        self._later = still_later

    def _covers(self, sync: Operation, naming: _Naming) -> bool:
        return self._ordered or naming.folder == sync.path


def _apply(content: bytearray, change: _Change) -> None:
    if change.data is None:
        del content[change.place :]
        content.extend(bytes(change.place - len(content)))
        return
    content.extend(bytes(max(0, change.place - len(content))))
    content[change.place : change.end] = change.data


def _rename(names: _Names, naming: _Naming) -> None:
    if naming.gone is not None:
        names.pop(naming.gone, None)
    if naming.name is not None:
        names[naming.name] = naming.file


def _reachable(path: str, names: _Names) -> bool:
    """Tell whether all folders above a path are there."""
    return all(str(above) in names for above in PurePosixPath(path).parents if str(above) != ".")
