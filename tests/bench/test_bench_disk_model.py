"""What a disk that forgets may leave of files after a power cut."""

from __future__ import annotations

import random
from collections.abc import Iterable

import pytest

from bench.disk_model import PAGE_BYTES, Disk, View
from bench.disk_trace import Operation

CUTS = 200
PAGE = b"n" * PAGE_BYTES


def test_what_was_synced_is_there() -> None:
    """A file that was synced, in a folder that was synced."""
    assert _left("posix", [make("a"), write("a", b"text"), sync("a"), sync(".")]) == {(("a", b"text"),)}


def test_a_name_needs_a_sync_of_its_folder() -> None:
    """Synced bytes do not help a file whose name is gone; the journal of ext4 brings the name with them."""
    operations = [make("a"), write("a", b"text"), sync("a")]
    assert _left("posix", operations) == {(), (("a", b"text"),)}
    assert _left("ext4", operations) == {(("a", b"text"),)}


def test_a_file_in_a_folder_that_was_lost_is_lost() -> None:
    """However well it was synced itself."""
    operations = [_operation("folder", "day"), make("day/a"), sync("day/a"), sync("day")]
    assert _left("posix", operations) == {(), (("day", None), ("day/a", b""))}


def test_later_bytes_are_there_or_not() -> None:
    """A write that was not synced replaces the older bytes wholly or not at all within a page."""
    operations = [make("a"), sync("."), write("a", b"old"), sync("a"), write("a", b"new")]
    assert _left("posix", operations) == {(("a", b"old"),), (("a", b"new"),)}


def test_pages_arrive_in_any_order() -> None:
    """The second of two pages may be there without the first, which is zero then."""
    operations = [make("a"), sync("."), write("a", PAGE), write("a", PAGE, PAGE_BYTES)]
    assert (("a", bytes(PAGE_BYTES) + PAGE),) in _left("posix", operations)


def test_ext4_never_shows_bytes_that_were_not_written() -> None:
    """A file may be too short, but holds no zeros where data was written."""
    operations = [make("a"), sync("."), write("a", PAGE), write("a", PAGE, PAGE_BYTES)]
    assert _left("ext4", operations) == {(("a", PAGE[:0]),), (("a", PAGE),), (("a", PAGE + PAGE),)}


def test_a_rename_replaces_whole_or_not_at_all() -> None:
    """The old file or the new one, never none."""
    operations = [make("a"), write("a", b"old"), sync("a"), sync("."), make("b"), write("b", b"new"), sync("b")]
    left = _left("posix", [*operations, sync("."), _operation("rename", "b", "a")])
    assert left == {(("a", b"old"), ("b", b"new")), (("a", b"new"),)}


def test_a_cut_off_file_is_long_or_short() -> None:
    """A truncation that was not synced."""
    operations = [make("a"), sync("."), write("a", b"long"), sync("a"), _operation("truncate", "a", place=2)]
    assert {dict(one)["a"] for one in _left("posix", operations)} <= {b"long", b"lo", b"lo\0\0"}


def test_a_write_during_a_sync_is_not_covered() -> None:
    """Only what was done when the sync was asked for is safe afterwards."""
    late_sync = Operation("sync", "a", began=2)
    assert (("a", b""),) in _left("posix", [make("a"), sync("."), write("a", b"text"), late_sync])


@pytest.mark.parametrize("view", ["posix", "ext4", "kill", "deaf"])
def test_nothing_is_invented(view: View) -> None:
    """Every byte that is left was written once, or is a zero."""
    operations = [make("a"), sync("."), write("a", b"abc"), sync("a"), write("a", b"xyz", 1)]
    for left in _left(view, operations):
        for _, data in left:
            assert set(data or b"") <= set(b"abcxyz\0")


def test_a_killed_program_loses_nothing() -> None:
    """What it wrote stands in the system's memory."""
    assert _left("kill", [make("a"), write("a", b"text"), make("b")]) == {(("a", b"text"), ("b", b""))}


def _left(view: View, operations: Iterable[Operation]) -> set[tuple[tuple[str, bytes | None], ...]]:
    """Return all that was found after many cuts at the end of the operations."""
    numbered = [_numbered(one, number) for number, one in enumerate(operations)]
    disk = Disk(view)
    disk.run(numbered)
    return {tuple(sorted(disk.after_cut(random.Random(seed)).items())) for seed in range(CUTS)}


def _numbered(operation: Operation, number: int) -> Operation:
    began = number if operation.began < 0 else operation.began
    return Operation(operation.kind, operation.path, began, operation.other, operation.place, operation.data)


def _operation(kind: str, path: str, other: str = "", place: int = 0, data: bytes = b"") -> Operation:
    return Operation(kind, path, -1, other, place, data)  # type: ignore[arg-type]  # kinds are written out above


def make(path: str) -> Operation:
    """A new file."""
    return _operation("make", path)


def write(path: str, data: bytes, place: int = 0) -> Operation:
    """Bytes at a place."""
    return _operation("write", path, place=place, data=data)


def sync(path: str) -> Operation:
    """A file or a folder brought to the disk."""
    return _operation("sync", path)
