"""`dayreel export`: the way back from sealed segments to plain files."""

from __future__ import annotations

import errno
import json
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import av
import pytest

from dayreel.cli import main
from recorder.segments import Segments
from tests.support.painted_desktop import grey
from tests.support.room import little_room
from timeline.home import Home
from timeline.keys import derive, load_key
from timeline.model import NewFrame, Window
from timeline.sealed_file import SealedReader
from timeline.segment_rows import note_gone
from timeline.writer import Writer

SECOND_US = 1_000_000
START_US = 1_795_312_800_000_000  # 2026-11-22 02:00:00 UTC
SHADES = (40, 90, 140)
MINUTES = (0, 40, 80)
DURATION_FIELDS_BYTES = 8  # one in tfhd, one in trun
Output = pytest.CaptureFixture[str]


@dataclass(slots=True)
class Recorded:
    """A home with three segments of two frames each, forty minutes apart."""

    home: Home
    writer: Writer

    def encoded(self) -> list[bytes]:
        """What the encoder's packets were wrapped in, of each segment."""
        return [self.plain(name) for (name,) in self.writer.db.conn.execute("SELECT name FROM segments ORDER BY id")]

    def plain(self, name: str) -> bytes:
        with SealedReader(self.home.video / name, derive(load_key(self.home), "video")) as reader:
            return b"".join(reader.record(number) for number in range(len(reader)))


@pytest.fixture
def recorded(tmp_path: Path) -> Iterator[Recorded]:
    """The home, closed segments."""
    home = Home(tmp_path / "home")
    home.create()
    key = load_key(home, create=True)
    with Writer.open(home, key) as writer:
        segments = Segments(home, key, writer)
        for minute, shade in zip(MINUTES, SHADES, strict=True):
            for second in (0, 5):
                at_us = START_US + (60 * minute + second) * SECOND_US
                segment_id, pts_us = segments.write(0, grey(shade + second), at_us, 0)
                writer.add_frame(NewFrame(0, at_us, 0, 320, 200, Window(), segment_id, pts_us, None))
        segments.close()
        yield Recorded(home, writer)


def export(recorded: Recorded, folder: Path, *options: str) -> int:
    """Run the command."""
    return main(["--home", str(recorded.home.root), "export", str(folder), *options])


def differing_bytes(one: bytes, other: bytes) -> int:
    """In how many places two files of one length differ."""
    return sum(a != b for a, b in zip(one, other, strict=True))


def test_what_is_exported_is_what_was_encoded(recorded: Recorded, tmp_path: Path) -> None:
    """Byte for byte but for how long the last frame lasts, one file a segment, in the order of time."""
    assert export(recorded, tmp_path / "out") == 0
    files = sorted((tmp_path / "out").iterdir())
    for file, encoded in zip(files, recorded.encoded(), strict=True):
        assert differing_bytes(file.read_bytes(), encoded) <= DURATION_FIELDS_BYTES
    assert [file.name[:18] for file in files] == ["2026-11-22-020000-", "2026-11-22-024000-", "2026-11-22-032000-"]
    assert {file.suffix for file in files} == {".mp4"}


def test_a_player_takes_it(recorded: Recorded, tmp_path: Path) -> None:
    """FFmpeg's own demuxer and decoder find both frames, five seconds apart."""
    export(recorded, tmp_path / "out")
    with av.open(str(min((tmp_path / "out").iterdir()))) as container:
        assert [round(frame.time, 3) for frame in container.decode(video=0) if frame.time is not None] == [0.0, 5.0]


def test_the_last_frame_lasts_as_long_as_it_stood(recorded: Recorded, tmp_path: Path) -> None:
    """Others last until the next one; the last would be gone at once."""
    [(last,)] = recorded.writer.db.conn.execute("SELECT max(id) FROM frames").fetchall()
    recorded.writer.extend_frame(last, START_US + (60 * MINUTES[-1] + 47) * SECOND_US)
    export(recorded, tmp_path / "out")
    with av.open(str(max((tmp_path / "out").iterdir()))) as container:
        durations = [packet.duration * packet.time_base for packet in container.demux(video=0) if packet.size]
        assert durations[-1] == 42
        assert container.streams.video[0].duration is None or container.duration == 47 * SECOND_US


@pytest.mark.parametrize("impossible", ["a_file", "a_file/below", "/proc/below", "n" * 300, "zero\0byte"])
def test_an_impossible_folder_is_wrong_usage(
    recorded: Recorded, tmp_path: Path, capsys: Output, impossible: str
) -> None:
    """One sentence, before anything is written."""
    (tmp_path / "a_file").write_text("kept")
    assert export(recorded, tmp_path / impossible) == 2
    assert "another" in capsys.readouterr().err
    assert (tmp_path / "a_file").read_text() == "kept"


def test_a_folder_that_may_not_be_written_is_wrong_usage(
    recorded: Recorded, tmp_path: Path, capsys: Output, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As for one of another user."""
    monkeypatch.setattr("os.access", lambda path, mode: False)
    assert export(recorded, tmp_path / "out") == 2
    assert "Nothing can be written in" in capsys.readouterr().err


def test_plain_files_are_for_their_owner_only(recorded: Recorded, tmp_path: Path) -> None:
    """Folder 0700, files 0600."""
    export(recorded, tmp_path / "out")
    assert stat.S_IMODE((tmp_path / "out").stat().st_mode) == 0o700
    assert {stat.S_IMODE(file.stat().st_mode) for file in (tmp_path / "out").iterdir()} == {0o600}


def test_only_the_time_that_was_asked_for(recorded: Recorded, tmp_path: Path, capsys: Output) -> None:
    """A segment is written when one of its frames stood within it."""
    bounds = ("--since", "2026-11-22T02:39+00:00", "--until", "2026-11-22T02:42+00:00")
    assert export(recorded, tmp_path / "out", *bounds, "--json") == 0
    (told,) = json.loads(capsys.readouterr().out)
    assert differing_bytes(Path(told["file"]).read_bytes(), recorded.encoded()[1]) <= DURATION_FIELDS_BYTES
    assert (told["monitor"], told["width"], told["height"], told["new"]) == (0, 320, 200, True)
    assert told["bytes"] == len(recorded.encoded()[1])


@pytest.mark.parametrize("hidden", [False, True])
@pytest.mark.parametrize("room_bytes", [0, 1, 500])
def test_a_full_disk_leaves_nothing_half_written(
    recorded: Recorded, tmp_path: Path, capsys: Output, room_bytes: int, hidden: bool
) -> None:
    """Also of a segment that is written anew first; what is to be done is said, with the code of a full disk."""
    if hidden:
        recorded.writer.db.conn.execute("INSERT INTO rewrites (segment_id, urgent) SELECT id, 1 FROM segments")
    with little_room(room_bytes):
        assert export(recorded, tmp_path / "out") == 8
    assert f"The disk of {tmp_path / 'out'} is full" in capsys.readouterr().err
    assert list((tmp_path / "out").iterdir()) == []


def test_what_was_written_before_the_disk_was_full_is_told(
    recorded: Recorded, tmp_path: Path, capsys: Output, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It lies there whole: its names are said beside the failure."""
    in_the_way = "2026-11-22-024000"

    def link(source: Path, target: Path) -> None:
        if target.name.startswith(in_the_way):
            raise OSError(errno.ENOSPC, "No space left on device")
        source.rename(target)

    monkeypatch.setattr("os.link", link)
    assert export(recorded, tmp_path / "out", "--json") == 8
    told = capsys.readouterr()
    assert [Path(one["file"]) for one in json.loads(told.out)] == list((tmp_path / "out").iterdir())
    assert "is full: 2026-11-22-024000" in told.err


@pytest.mark.parametrize("number", [errno.EPERM, errno.EOPNOTSUPP, errno.ENOSYS])
def test_a_folder_that_knows_no_links_takes_it_as_well(
    recorded: Recorded, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    """As sticks and network folders say it; what lies there is not replaced either."""

    def link(source: Path, target: Path) -> None:
        raise OSError(number, "no links here")

    monkeypatch.setattr("os.link", link)
    assert export(recorded, tmp_path / "out") == 0
    first = min((tmp_path / "out").iterdir())
    first.write_text("mine")
    assert export(recorded, tmp_path / "out") == 0
    assert first.read_text() == "mine"
    assert len(list((tmp_path / "out").iterdir())) == 4


def test_a_second_export_writes_nothing(recorded: Recorded, tmp_path: Path, capsys: Output) -> None:
    """The same bytes lie there, and it says so."""
    export(recorded, tmp_path / "out")
    before = {file: file.stat().st_mtime_ns for file in (tmp_path / "out").iterdir()}
    capsys.readouterr()
    assert export(recorded, tmp_path / "out", "--json") == 0
    assert [one["new"] for one in json.loads(capsys.readouterr().out)] == [False, False, False]
    assert {file: file.stat().st_mtime_ns for file in (tmp_path / "out").iterdir()} == before


def test_what_lies_there_is_never_replaced(recorded: Recorded, tmp_path: Path) -> None:
    """Another file of that name stays, and the video gets a name of its own."""
    export(recorded, tmp_path / "out")
    first = min((tmp_path / "out").iterdir())
    first.write_text("mine")
    assert export(recorded, tmp_path / "out") == 0
    assert first.read_text() == "mine"
    second = first.with_name(f"{first.stem}-2.mp4").read_bytes()
    assert differing_bytes(second, recorded.encoded()[0]) <= DURATION_FIELDS_BYTES


def test_nothing_plain_gets_into_the_home(recorded: Recorded, capsys: Output) -> None:
    """Not under any spelling of its path."""
    for folder in (recorded.home.root, recorded.home.video / "new", recorded.home.root / ".." / "home" / "x"):
        assert export(recorded, folder) == 2
    assert "inside the data folder" in capsys.readouterr().err
    assert list(recorded.home.root.rglob("*.mp4")) == []


def test_a_time_without_video_is_nothing_found(recorded: Recorded, tmp_path: Path, capsys: Output) -> None:
    """Exit code 3, the empty JSON value, and no folder made."""
    assert export(recorded, tmp_path / "out", "--until", "2020-01-01", "--json") == 3
    assert json.loads(capsys.readouterr().out) == []
    assert not (tmp_path / "out").exists()


def test_an_empty_home_is_nothing_found(tmp_path: Path, capsys: Output) -> None:
    """As for every command that reads."""
    assert main(["--home", str(tmp_path / "none"), "export", str(tmp_path / "out"), "--json"]) == 3
    assert json.loads(capsys.readouterr().out) == []


def test_a_damaged_segment_does_not_hold_up_the_others(recorded: Recorded, tmp_path: Path, capsys: Output) -> None:
    """It is told, nothing half of it is left, and the exit code says that something could not be read."""
    (name,) = recorded.writer.db.conn.execute("SELECT name FROM segments WHERE id = 2").fetchone()
    path = recorded.home.video / name
    altered = bytearray(path.read_bytes())
    altered[200] ^= 1
    path.write_bytes(altered)
    assert export(recorded, tmp_path / "out") == 5
    assert "is damaged" in capsys.readouterr().err
    assert sorted(file.name[11:17] for file in (tmp_path / "out").iterdir()) == ["020000", "032000"]


def test_segments_without_pixels_are_told(recorded: Recorded, tmp_path: Path, capsys: Output) -> None:
    """What was removed to save room is no failure."""
    note_gone(recorded.writer, 1)
    assert export(recorded, tmp_path / "out") == 0
    assert "1 segments have no pixels any more" in capsys.readouterr().err
    assert len(list((tmp_path / "out").iterdir())) == 2
