"""Calls as strace writes them down, as operations on the files of one folder."""

from __future__ import annotations

import pytest

from bench.disk_trace import Operation, Trace


def test_a_file_is_made_written_and_synced() -> None:
    """Each write() goes on where the one before ended."""
    fd = f"3<{hexed('/home/a')}>"
    lines = [
        f'7 openat(AT_FDCWD<{hexed("/")}>, "{hexed("/home/a")}", O_WRONLY|O_CREAT|O_EXCL, 0600) = {fd}',
        f'7 write({fd}, "{hexed("abc")}", 3) = 3',
        f'7 write({fd}, "{hexed("def")}", 3) = 2',
        f"7 fdatasync({fd}) = 0",
    ]
    assert understood(*lines) == [
        Operation("make", "a", 0),
        Operation("write", "a", 1, place=0, data=b"abc"),
        Operation("write", "a", 2, place=3, data=b"de"),
        Operation("sync", "a", 3),
    ]


def test_a_database_writes_at_places() -> None:
    """pwrite64 names its place; a file that is there already is not made again."""
    lines = [
        f'7 openat(AT_FDCWD<{hexed("/")}>, "{hexed("/home/d")}", O_RDWR|O_CREAT, 0600) = 3<{hexed("/home/d")}>',
        f'7 openat(AT_FDCWD<{hexed("/")}>, "{hexed("/home/d")}", O_RDWR|O_CREAT, 0600) = 4<{hexed("/home/d")}>',
        f'7 pwrite64(4<{hexed("/home/d")}>, "{hexed("xy")}", 2, 4096) = 2',
    ]
    assert understood(*lines)[1:] == [Operation("write", "d", 1, place=4096, data=b"xy")]


def test_a_log_grows_at_its_end() -> None:
    """O_APPEND by two processes."""
    opened = f'openat(AT_FDCWD<{hexed("/")}>, "{hexed("/home/l")}", O_WRONLY|O_CREAT|O_APPEND, 0600)'
    lines = [
        f"7 {opened} = 3<{hexed('/home/l')}>",
        f'7 write(3<{hexed("/home/l")}>, "{hexed("one")}", 3) = 3',
        f"8 {opened} = 5<{hexed('/home/l')}>",
        f'8 write(5<{hexed("/home/l")}>, "{hexed("two")}", 3) = 3',
    ]
    assert [one.place for one in understood(*lines)] == [0, 0, 3]


def test_names_change() -> None:
    """Renames, links, removals and folders."""
    lines = [
        f'7 mkdir("{hexed("/home/day")}", 0700) = 0',
        f'7 link("{hexed("/home/a")}", "{hexed("/home/b")}") = 0',
        f'7 rename("{hexed("/home/b")}", "{hexed("/home/day/c")}") = 0',
        f'7 unlinkat(AT_FDCWD<{hexed("/home")}>, "{hexed("a")}", 0) = 0',
    ]
    assert understood(*lines) == [
        Operation("folder", "day", 0),
        Operation("link", "a", 1, other="b"),
        Operation("rename", "b", 2, other="day/c"),
        Operation("remove", "a", 3),
    ]


def test_a_sync_covers_what_was_done_when_it_was_asked_for() -> None:
    """A call that waits is told in two lines, with those of others between."""
    lines = [
        f"7 fsync(3<{hexed('/home/a')}> <unfinished ...>",
        f'8 pwrite64(4<{hexed("/home/a")}>, "{hexed("x")}", 1, 0) = 1',
        "7 <... fsync resumed>) = 0",
    ]
    assert [(one.kind, one.began) for one in understood(*lines)] == [("write", 0), ("sync", 0)]


def test_what_failed_or_lies_elsewhere_is_left_out() -> None:
    """So are SQLite's shared memory and calls that were cut off at the end."""
    lines = [
        f'7 unlink("{hexed("/home/a")}") = -1 ENOENT (No such file or directory)',
        f'7 unlink("{hexed("/homes/a")}") = 0',
        f"7 ftruncate(3<{hexed('/home/d-shm')}>, 32768) = 0",
        f"7 fsync(3<{hexed('/home/a')}> <unfinished ...>",
    ]
    assert understood(*lines) == []


def test_a_call_that_is_not_understood_is_no_silence() -> None:
    """A benchmark that overlooks writes would prove nothing."""
    with pytest.raises(ValueError, match="writev"):
        understood(f"7 writev(3<{hexed('/home/a')}>, [], 1) = 3")


def understood(*lines: str) -> list[Operation]:
    """Return the operations below /home."""
    return list(Trace("/home").operations(lines))


def hexed(text: str) -> str:
    """Return text as strace -xx shows it."""
    return "".join(f"\\x{byte:02x}" for byte in text.encode())
