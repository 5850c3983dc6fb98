"""Sealed files: plain bytes come back, and nothing that was altered, swapped or cut off passes for what was written."""

from __future__ import annotations

import os
import signal
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from timeline.errors import StoreUnusable
from timeline.sealed_file import SealedReader, SealedWriter, is_sealed

SECRET = bytes(range(32))
HEADER_BYTES = 28
ADDED_BYTES = 5 + 12 + 16  # length and kind, nonce, tag
PARTS = (b"first" * 100, b"second" * 50, b"third" * 20)
PLAIN = b"".join(PARTS)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Where the file is to be."""
    return tmp_path / "a.sealed"


def write(path: Path, parts: tuple[bytes, ...] = PARTS, *, closed: bool = True) -> None:
    """Write a file of so many records; left as a kill would, unless it is closed."""
    writer = SealedWriter.create(path, SECRET)
    for part in parts:
        writer.append(part)
    writer.close() if closed else writer.abandon()


def read(path: Path, secret: bytes = SECRET) -> bytes:
    """Return all plain bytes."""
    with SealedReader(path, secret) as reader:
        return b"".join(iter(lambda: reader.read(1000), b""))


def places() -> list[tuple[int, int]]:
    """Where the records of PARTS begin and end in the file."""
    found, start = [], HEADER_BYTES
    for part in PARTS:
        found.append((start, start + ADDED_BYTES + len(part)))
        start = found[-1][1]
    return found


def test_what_was_written_is_read(path: Path) -> None:
    """All bytes come back, in order."""
    write(path)
    assert read(path) == PLAIN


def test_no_plain_byte_is_on_the_disk(path: Path) -> None:
    """The file holds none of what was written, and two of the same content share nothing but their magic."""
    write(path)
    write(path.with_name("b.sealed"))
    one, other = path.read_bytes(), path.with_name("b.sealed").read_bytes()
    assert b"first" not in one
    assert one[12:] != other[12:]
    assert one[HEADER_BYTES + 5 : 200] != other[HEADER_BYTES + 5 : 200]


def test_it_can_be_told_from_other_files(path: Path) -> None:
    """By its first bytes; an empty file is not sealed."""
    write(path)
    path.with_name("plain").write_bytes(b"ftypisom")
    path.with_name("empty").touch()
    assert is_sealed(path)
    assert not is_sealed(path.with_name("plain"))
    assert not is_sealed(path.with_name("empty"))


def test_it_is_for_its_owner_only(path: Path) -> None:
    """Mode 0600."""
    write(path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_any_place_can_be_read(path: Path) -> None:
    """From the start, from the end and from where one is; a read ends with its record."""
    write(path)
    with SealedReader(path, SECRET) as reader:
        assert reader.size_bytes == len(PLAIN)
        assert reader.seek(-7, os.SEEK_END) == len(PLAIN) - 7
        assert reader.read(100) == PLAIN[-7:]
        assert reader.read(100) == b""
        assert reader.seek(498) == 498
        assert reader.read(10) == PLAIN[498:500]
        assert reader.seek(2, os.SEEK_CUR) == 502
        assert reader.read(3) == PLAIN[502:505]
        assert reader.tell() == 505


def test_a_growing_file_is_read_by_others(path: Path) -> None:
    """What is appended is seen after a refresh, and only then is the file known to be complete."""
    writer = SealedWriter.create(path, SECRET)
    with SealedReader(path, SECRET) as reader:
        assert reader.size_bytes == 0
        writer.append(b"one")
        reader.refresh()
        assert reader.read(10) == b"one"
        writer.append(b"two")
        writer.close()
        assert not reader.complete
        reader.refresh()
        assert reader.read(10) == b"two"
        assert reader.complete


@pytest.mark.parametrize("kept_bytes", [0, 5, HEADER_BYTES - 1, HEADER_BYTES])
def test_a_file_without_a_whole_record_is_empty(path: Path, kept_bytes: int) -> None:
    """A writer killed at once leaves nothing, which is no damage."""
    write(path, closed=False)
    os.truncate(path, kept_bytes)
    assert read(path) == b""


@pytest.mark.parametrize("cut_bytes", [1, 20, 100, 132])
def test_a_torn_tail_was_never_there(path: Path, cut_bytes: int) -> None:
    """Wherever a kill cut the last record, the ones before it are read."""
    write(path, closed=False)
    os.truncate(path, places()[2][1] - cut_bytes)
    assert read(path) == PARTS[0] + PARTS[1]


@pytest.mark.parametrize("place", [12, 28, 32, 33, 40, 60, 500])
def test_an_altered_byte_is_told(path: Path, place: int) -> None:
    """In the salt, in a length, a kind, a nonce or the content: no altered record is handed out."""
    write(path)
    altered = bytearray(path.read_bytes())
    altered[place] ^= 1
    path.write_bytes(altered)
    with pytest.raises(StoreUnusable, match="damaged, was altered"):
        read(path)


def test_swapped_records_are_told(path: Path) -> None:
    """Each record knows its number."""
    write(path, (b"aaaa", b"bbbb"))
    data, length = path.read_bytes(), ADDED_BYTES + 4
    first, second, rest = (
        data[HEADER_BYTES : HEADER_BYTES + length],
        data[HEADER_BYTES + length : HEADER_BYTES + 2 * length],
        data[HEADER_BYTES + 2 * length :],
    )
    path.write_bytes(data[:HEADER_BYTES] + second + first + rest)
    with pytest.raises(StoreUnusable):
        read(path)


def test_a_record_taken_out_of_a_closed_file_is_told(path: Path) -> None:
    """The closing record counts them."""
    write(path)
    data, (start, end) = path.read_bytes(), places()[2]
    path.write_bytes(data[:start] + data[end:])
    with pytest.raises(StoreUnusable):
        read(path)


def test_a_closed_file_that_was_cut_off_is_not_complete(path: Path) -> None:
    """Without its closing record a file is one that was never closed."""
    write(path)
    os.truncate(path, places()[2][1])
    with SealedReader(path, SECRET) as reader:
        assert not reader.complete


def test_what_stands_behind_the_closing_record_is_told(path: Path) -> None:
    """Nothing can be appended by somebody without the key."""
    write(path)
    path.write_bytes(path.read_bytes() + b"more")
    with pytest.raises(StoreUnusable):
        read(path)


def test_another_key_opens_nothing(path: Path) -> None:
    """Not even an empty file that was closed."""
    write(path, ())
    with pytest.raises(StoreUnusable):
        read(path, bytes(32))


def test_a_file_of_a_newer_version_is_left_alone(path: Path) -> None:
    """It is told from damage."""
    write(path)
    data = bytearray(path.read_bytes())
    data[8] = 2
    path.write_bytes(data)
    with pytest.raises(StoreUnusable, match="newer version"):
        read(path)


def test_a_killed_writers_file_is_gone_on_with(path: Path) -> None:
    """The torn tail goes, what was whole stays, and the file can be closed."""
    write(path, closed=False)
    os.truncate(path, places()[2][1] - 3)
    with SealedWriter.resume(path, SECRET) as writer:
        writer.append(b"fourth")
    assert read(path) == PARTS[0] + PARTS[1] + b"fourth"
    with SealedReader(path, SECRET) as reader:
        assert reader.complete


def test_a_last_record_that_never_reached_the_disk_is_cut_off(path: Path) -> None:
    """A power cut may leave its length and not its bytes."""
    write(path, closed=False)
    data, (start, _) = bytearray(path.read_bytes()), places()[2]
    data[start + 20 :] = bytes(len(data) - start - 20)
    path.write_bytes(data)
    SealedWriter.resume(path, SECRET).close()
    assert read(path) == PARTS[0] + PARTS[1]


def test_a_file_damaged_further_in_front_is_left_as_it_is(path: Path) -> None:
    """More than one record is no power cut's work."""
    write(path, closed=False)
    data = bytearray(path.read_bytes())
    for _, end in places()[1:]:
        data[end - 1] ^= 1
    path.write_bytes(data)
    with pytest.raises(StoreUnusable):
        SealedWriter.resume(path, SECRET)
    assert path.read_bytes() == data


def test_a_closed_file_takes_no_more(path: Path) -> None:
    """What is complete stays so."""
    write(path)
    before = path.read_bytes()
    with pytest.raises(StoreUnusable, match="cannot be written further"):
        SealedWriter.resume(path, SECRET)
    assert path.read_bytes() == before


def test_a_file_that_is_there_is_not_replaced(path: Path) -> None:
    """Creating is exclusive."""
    path.write_text("mine")
    with pytest.raises(FileExistsError):
        SealedWriter.create(path, SECRET)
    assert path.read_text() == "mine"


def test_a_write_without_room_leaves_the_records_before(path: Path) -> None:
    """The file is cut back, and closing it afterwards still works once there is room."""
    writing = (
        "import resource, signal, sys; from pathlib import Path; from timeline.sealed_file import SealedWriter\n"
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        "writer = SealedWriter.create(Path(sys.argv[1]), bytes(range(32))); writer.append(b'kept' * 100)\n"
        "soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (writer.size_bytes + 50, hard))\n"
        "try: writer.append(b'lost' * 100)\n"
        "except OSError as error: print(error.errno)\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard)); writer.close()\n"
    )
    command = [sys.executable, "-c", writing, str(path)]
    done = subprocess.run(command, cwd=Path(__file__).parents[2], capture_output=True, text=True, check=True)
    assert done.stdout == "27\n"  # EFBIG
    assert read(path) == b"kept" * 100


def test_closing_without_room_keeps_what_was_written(path: Path) -> None:
    """The file is then one that was never closed, and holds no descriptor."""
    writing = (
        "import os, resource, signal, sys; from pathlib import Path; from timeline.sealed_file import SealedWriter\n"
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN); before = len(os.listdir('/proc/self/fd'))\n"
        "writer = SealedWriter.create(Path(sys.argv[1]), bytes(range(32))); writer.append(b'kept' * 100)\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (writer.size_bytes, writer.size_bytes))\n"
        "try: writer.close()\n"
        "except OSError as error: print(error.errno, len(os.listdir('/proc/self/fd')) - before)\n"
    )
    command = [sys.executable, "-c", writing, str(path)]
    done = subprocess.run(command, cwd=Path(__file__).parents[2], capture_output=True, text=True, check=True)
    assert done.stdout == "27 0\n"
    assert read(path) == b"kept" * 100


@pytest.mark.crash
def test_every_appended_record_survives_kill_9(path: Path) -> None:
    """A writer killed without warning leaves each record that it told of."""
    writing = (
        "import itertools, sys; from pathlib import Path; from timeline.sealed_file import SealedWriter\n"
        "writer = SealedWriter.create(Path(sys.argv[1]), bytes(range(32)))\n"
        "for number in itertools.count():\n"
        "    writer.append(number.to_bytes(4, 'big') * 5000); print(number, flush=True)\n"
    )
    command = [sys.executable, "-c", writing, str(path)]
    with subprocess.Popen(command, cwd=Path(__file__).parents[2], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        told = [int(process.stdout.readline()) for _ in range(50)]
        os.kill(process.pid, signal.SIGKILL)
        told += [int(number) for number in process.stdout.read().split()]
    with SealedReader(path, SECRET) as reader:
        assert [int.from_bytes(reader.record(number)[:4], "big") for number in told] == told
