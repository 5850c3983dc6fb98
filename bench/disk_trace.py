"""What a program asked of its files, in order: strace's record as operations on the files of one folder.

Pure: takes the lines of `strace -f -y -xx -s 100000000 -e trace=CALLS`, yields operations.  Knows no disk; what of them
survives a power cut is bench/disk_model.py.  Memory maps are not seen: SQLite's -shm files are left out, they are built
anew whenever a database is opened.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import Literal

CALLS = (
    "openat,open,creat,write,pwrite64,writev,pwritev,pwritev2,sendfile,copy_file_range,fallocate,lseek,truncate,"
    "ftruncate,fsync,fdatasync,sync_file_range,rename,renameat,renameat2,link,linkat,unlink,unlinkat,mkdir,mkdirat,rmdir"
)
_UNKNOWN = ("writev", "pwritev", "pwritev2", "sendfile", "copy_file_range", "fallocate", "truncate", "sync_file_range")
_LINE = re.compile(r"(\d+) +(\w+)\((.*)\) += (-?\d+)(?:<(.*?)>)?", re.DOTALL)
_UNFINISHED = " <unfinished ...>"
_RESUMED = re.compile(r"(\d+) +<\.\.\. \w+ resumed>(.*)", re.DOTALL)
_STRING = re.compile(r'"((?:\\x[0-9a-f]{2})*)"')
_FD = re.compile(r"^\d+<((?:\\x[0-9a-f]{2})*)>")
_AT = re.compile(r"(?:AT_FDCWD|\d+)<((?:\\x[0-9a-f]{2})*)>, \"((?:\\x[0-9a-f]{2})*)\"")

Kind = Literal["make", "folder", "write", "truncate", "sync", "rename", "link", "remove"]


@dataclass(frozen=True, slots=True)
class Operation:
    """One change of a file or folder, or a sync of one; `began` is the number of operations done when it was asked for.

    Paths are relative to the folder; its own is ".".  `other` is the new name of a rename or link; `place` the offset
    of a write or the size after a truncation.
    """

    kind: Kind
    path: str
    began: int
    other: str = ""
    place: int = 0
    data: bytes = b""


@dataclass(slots=True)
class Trace:
    """Reads strace's lines; `root` is the folder whose files matter."""

    root: str
    _places: dict[str, int | None] = field(default_factory=dict)
    """Where the next write() of a file goes; None: at its end."""
    _sizes: dict[str, int] = field(default_factory=dict)

    def operations(self, lines: Iterable[str]) -> Iterator[Operation]:
        """Yield what was done below the folder, in the order in which it was finished.

        Raises ValueError for a call that changes a file in a way that is not understood.
        """
        waiting: dict[str, tuple[str, int]] = {}
        done = 0
        for line in lines:
            whole, began = line.rstrip("\n"), done
            if whole.endswith(_UNFINISHED):
                waiting[whole.split(" ", 1)[0]] = whole.removesuffix(_UNFINISHED), done
                continue
            resumed = _RESUMED.match(whole)
            if resumed is not None:
                start, began = waiting.pop(resumed[1], ("", done))
                whole = start + resumed[2]
            for operation in self._understand(whole, began):
                done += 1
                yield operation

    def _understand(self, line: str, began: int) -> Iterator[Operation]:
        found = _LINE.match(line)
        if found is None or int(found[4]) < 0:
            return
        name, arguments, result = found[2], found[3], int(found[4])
        if name in _UNKNOWN:
            if self._own(_fd_path(arguments)) is not None:
                raise ValueError(f"a file was changed by {name}, which is not understood here")
        elif name in ("openat", "open", "creat"):
            yield from self._opened(arguments, self._own(_text(found[5] or "")), began)
        elif name in ("write", "pwrite64", "lseek", "ftruncate", "fsync", "fdatasync"):
            yield from self._on_file(name, arguments, result, began)
        else:
            yield from self._on_name(name, arguments, began)

    def _opened(self, arguments: str, path: str | None, began: int) -> Iterator[Operation]:
        if path is None or "O_DIRECTORY" in arguments:
            return
        self._places[path] = None if "O_APPEND" in arguments else 0
        if "O_CREAT" in arguments and path not in self._sizes:
            self._sizes[path] = 0
            yield Operation("make", path, began)
        if "O_TRUNC" in arguments and self._sizes.get(path):
            self._sizes[path] = 0
            yield Operation("truncate", path, began)

    def _on_file(self, name: str, arguments: str, result: int, began: int) -> Iterator[Operation]:
        path = self._own(_fd_path(arguments))
        if path is None:
            return
        if name == "lseek":
            self._places[path] = result
        elif name == "ftruncate":
            self._sizes[path] = int(arguments.rpartition(", ")[2], 0)
            yield Operation("truncate", path, began, place=self._sizes[path])
        elif name in ("fsync", "fdatasync"):
            yield Operation("sync", path, began)
        else:
            yield self._written(name, path, arguments, result, began)

    def _written(self, name: str, path: str, arguments: str, result: int, began: int) -> Operation:
        quoted = _STRING.search(arguments)
        data = _raw(quoted[1])[:result] if quoted else b""
        if name == "pwrite64":
            place = int(arguments.rpartition(", ")[2], 0)
        else:
            known = self._places.get(path, 0)
            place = self._sizes.get(path, 0) if known is None else known
            if known is not None:
                self._places[path] = place + result
        self._sizes[path] = max(self._sizes.get(path, 0), place + result)
        return Operation("write", path, began, place=place, data=data)

    def _on_name(self, name: str, arguments: str, began: int) -> Iterator[Operation]:
        paths = [self._own(path) for path in _named(name, arguments)]
        if not paths or paths[0] is None:
            return
        path, other = paths[0], paths[1] if len(paths) > 1 else None
        if name.startswith(("rename", "link")):
            if other is None:
                raise ValueError("a file left the folder")
            self._sizes[other] = self._sizes.get(path, 0)
            kind: Kind = "link"
            if name.startswith("rename"):
                self._sizes.pop(path, None)
                kind = "rename"
            yield Operation(kind, path, began, other=other)
        elif name.startswith("mkdir"):
            yield Operation("folder", path, began)
        else:
            self._sizes.pop(path, None)
            yield Operation("remove", path, began)

    def _own(self, path: str | None) -> str | None:
        """Return a path relative to the folder; None for one outside of it, or for SQLite's shared memory."""
        if path is None or path.endswith("-shm") or not PurePosixPath(path).is_relative_to(self.root):
            return None
        return str(PurePosixPath(path).relative_to(self.root))


def _named(name: str, arguments: str) -> list[str]:
    """Return the absolute paths that a call names."""
    if name.endswith(("at", "at2")):
        return [str(PurePosixPath(_text(folder)) / _text(path)) for folder, path in _AT.findall(arguments)]
    return [_text(path) for path in _STRING.findall(arguments)]


def _fd_path(arguments: str) -> str | None:
    found = _FD.match(arguments)
    return None if found is None else _text(found[1])


def _text(escaped: str) -> str:
    return _raw(escaped).decode("utf-8", "surrogateescape")


def _raw(escaped: str) -> bytes:
    return bytes.fromhex(escaped.replace("\\x", ""))
