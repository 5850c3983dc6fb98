"""Segments: when one begins and ends, what its file and row say, and what a crash left open."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from recorder.segments import MOST_FRAMES, Segments
from tests.support.painted_desktop import SIZE, grey
from timeline.encoders import Codec
from timeline.errors import UnreadablePicture
from timeline.home import Home
from timeline.keys import Key, derive
from timeline.model import Frame, NewFrame, Window
from timeline.pictures import Pictures
from timeline.reader import Reader
from timeline.sealed_file import SealedReader, is_sealed
from timeline.spool import Spool
from timeline.video import decodable_pts
from timeline.writer import Writer

SECOND_US = 1_000_000
START_US = 1_795_312_800_000_000  # 2026-11-22 02:00:00 UTC
EAST_8_S = 8 * 3600
KEY = Key(bytes(range(32)), "file")
SECRET = derive(KEY, "video")


@pytest.fixture
def home(tmp_path: Path) -> Home:
    """A home that exists."""
    home = Home(tmp_path / "home")
    home.create()
    return home


@pytest.fixture
def writer(home: Home) -> Iterator[Writer]:
    """The real writer on that home."""
    with Writer.open(home, KEY) as writer:
        yield writer


@pytest.fixture
def segments(home: Home, writer: Writer) -> Iterator[Segments]:
    """Segments of one recorder, closed in the end."""
    segments = Segments(home, KEY, writer)
    yield segments
    segments.close()


def commit(writer: Writer, segment_id: int, pts_us: int, at_us: int, spool_name: str | None = None) -> int:
    """Commit a frame that stands in a segment."""
    width, height = SIZE
    return writer.add_frame(NewFrame(0, at_us, 0, width, height, Window(), segment_id, pts_us, spool_name))


def frame_of(home: Home, frame_id: int) -> Frame:
    """Read a frame back."""
    with Reader.open(home, KEY) as reader:
        frame = reader.frame(frame_id)
    assert frame is not None
    return frame


def file_of(home: Home, segment_id: int) -> Path:
    """The file of a segment."""
    with Reader.open(home, KEY) as reader:
        return home.video / reader.segment(segment_id).name


def test_frames_within_half_an_hour_share_a_segment(segments: Segments) -> None:
    """The second frame stands in the first one's file, at its distance in time."""
    first = segments.write(0, grey(1), START_US, 0)
    assert segments.write(0, grey(2), START_US + 1799 * SECOND_US, 0) == (first[0], 1799 * SECOND_US)


def test_after_half_an_hour_a_new_segment_begins(segments: Segments) -> None:
    """The frame that reaches the span is the first of the next file."""
    first_id, _ = segments.write(0, grey(1), START_US, 0)
    second_id, pts_us = segments.write(0, grey(2), START_US + 1800 * SECOND_US, 0)
    assert second_id != first_id
    assert pts_us == 0


def test_after_so_many_frames_a_new_segment_begins(segments: Segments) -> None:
    """A film fills a file long before half an hour is over."""
    ids = [segments.write(0, grey(at % 200), START_US + at * SECOND_US, 0)[0] for at in range(MOST_FRAMES + 1)]
    assert [len(set(ids[:-1])), ids[-1] == ids[0]] == [1, False]


def test_another_size_begins_a_new_segment(segments: Segments) -> None:
    """A monitor that changed its resolution goes on in a file of that size."""
    first_id, _ = segments.write(0, grey(1), START_US, 0)
    second_id, _ = segments.write(0, grey(1, 640, 400), START_US + SECOND_US, 0)
    assert second_id != first_id


def test_a_clock_that_steps_back_begins_a_new_segment(segments: Segments) -> None:
    """Times in a file only grow, so an earlier instant gets a file of its own."""
    first_id, _ = segments.write(0, grey(1), START_US + SECOND_US, 0)
    second_id, pts_us = segments.write(0, grey(2), START_US, 0)
    assert second_id != first_id
    assert pts_us == 0


def test_each_monitor_has_its_own_segment(segments: Segments) -> None:
    """Two monitors are written side by side."""
    left_id, _ = segments.write(0, grey(1), START_US, 0)
    right_id, _ = segments.write(1, grey(2), START_US, 0)
    assert left_id != right_id
    assert segments.write(0, grey(3), START_US + SECOND_US, 0)[0] == left_id


def test_the_name_tells_local_day_time_and_monitor(home: Home, segments: Segments) -> None:
    """At 02:00 UTC eight hours to the east it is 10:00 of the same day."""
    segment_id, _ = segments.write(1, grey(1), START_US, EAST_8_S)
    path = file_of(home, segment_id)
    assert path.parent == home.video / "2026-11-22"
    assert path.name.startswith("100000-m1-")
    assert path.name.endswith(".mp4.sealed")


def test_day_folders_are_private(home: Home, segments: Segments) -> None:
    """Folder 0700, file 0600."""
    segment_id, _ = segments.write(0, grey(1), START_US, 0)
    path = file_of(home, segment_id)
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_finished_segment_is_closed_without_a_new_frame(writer: Writer, segments: Segments) -> None:
    """On a still screen the span ends all the same."""
    segments.write(0, grey(1), START_US, 0)
    segments.close_finished(START_US + 1799 * SECOND_US)
    assert len(writer.open_segments()) == 1
    segments.close_finished(START_US + 1800 * SECOND_US)
    assert writer.open_segments() == []


def test_segments_left_open_are_closed_at_the_next_start(home: Home, writer: Writer) -> None:
    """The frames of a killed recorder stay where they are, and its segment is whole."""
    killed = Segments(home, KEY, writer)
    segment_id, pts_us = killed.write(0, grey(50), START_US, 0)
    frame_id = commit(writer, segment_id, pts_us, START_US)
    assert Segments(home, KEY, writer).close_left_open(Spool(home, KEY)) == 0
    assert writer.open_segments() == []
    assert frame_of(home, frame_id).segment_id == segment_id
    killed.close()


@pytest.fixture
def synced(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, int]]:
    """What was brought to the disk, in order: the path and how long the file was then (0 for a folder)."""
    calls: list[tuple[str, int]] = []

    def watch(sync: Callable[[int], None]) -> Callable[[int], None]:
        def watched(descriptor: int) -> None:
            sync(descriptor)
            path = Path(f"/proc/self/fd/{descriptor}").readlink()
            if "/video" in str(path):
                calls.append((str(path), path.stat().st_size if path.is_file() else 0))

        return watched

    monkeypatch.setattr(os, "fsync", watch(os.fsync))
    monkeypatch.setattr(os, "fdatasync", watch(os.fdatasync))
    return calls


def test_a_frame_is_on_the_disk_before_it_can_be_committed(
    home: Home, segments: Segments, synced: list[tuple[str, int]]
) -> None:
    """With the first frame of a file its bytes, then the names of file and folder; then the bytes alone."""
    segment_id, _ = segments.write(0, grey(1), START_US, 0)
    path = file_of(home, segment_id)
    assert synced == [(str(path), path.stat().st_size), (str(path.parent), 0), (str(home.video), 0)]
    synced.clear()
    segments.write(0, grey(99), START_US + SECOND_US, 0)
    assert synced == [(str(path), path.stat().st_size)]


def test_a_closed_segment_is_on_the_disk(home: Home, segments: Segments, synced: list[tuple[str, int]]) -> None:
    """With its closing record, before its row says that it is closed."""
    segment_id, _ = segments.write(0, grey(1), START_US, 0)
    path = file_of(home, segment_id)
    synced.clear()
    segments.close()
    assert synced == [(str(path), path.stat().st_size)]
    with SealedReader(path, SECRET) as reader:
        assert reader.complete


def test_no_pixel_is_on_the_disk_in_plain(home: Home, segments: Segments) -> None:
    """A segment is a sealed file that opens with the store's key for video and with no other."""
    segment_id, _ = segments.write(0, grey(1), START_US, 0)
    assert is_sealed(file_of(home, segment_id))
    assert decodable_pts(file_of(home, segment_id), SECRET) == [0]
    assert decodable_pts(file_of(home, segment_id), derive(KEY, "spool")) == []


def test_what_a_kill_left_open_is_complete_after_the_next_start(home: Home, writer: Writer) -> None:
    """Also with a torn tail: the whole frames stay, the closing record follows them."""
    killed = Segments(home, KEY, writer)
    segment_id, pts_us = killed.write(0, grey(50), START_US, 0)
    commit(writer, segment_id, pts_us, START_US)
    path = file_of(home, segment_id)
    with path.open("ab") as file:
        file.write(b"\x90\x01\x00\x00\x00torn")
    Segments(home, KEY, writer).close_left_open(Spool(home, KEY))
    with SealedReader(path, SECRET) as reader:
        assert reader.complete
    assert decodable_pts(path, SECRET) == [0]


def test_a_start_killed_half_way_is_finished_by_the_next(home: Home, writer: Writer) -> None:
    """A file that has its closing record while its row is open only needs the row."""
    segments = Segments(home, KEY, writer)
    segment_id, pts_us = segments.write(0, grey(50), START_US, 0)
    commit(writer, segment_id, pts_us, START_US)
    segments.close()
    writer.db.conn.execute("UPDATE segments SET closed = 0")
    assert Segments(home, KEY, writer).close_left_open(Spool(home, KEY)) == 0
    assert writer.open_segments() == []
    assert decodable_pts(file_of(home, segment_id), SECRET) == [0]


@pytest.mark.parametrize("left", [b"", b"DAYRSEAL", None])
def test_a_segment_without_a_frame_is_removed(home: Home, writer: Writer, left: bytes | None) -> None:
    """Killed between the row and the first whole frame: no file stays, and the row says that its pixels are gone."""
    segment_id = writer.open_segment("2026-11-22/020000-m0-12345678.mp4.sealed", 0, START_US, *SIZE)
    path = home.video / "2026-11-22/020000-m0-12345678.mp4.sealed"
    path.parent.mkdir()
    if left is not None:
        path.write_bytes(left)
    assert Segments(home, KEY, writer).close_left_open(Spool(home, KEY)) == 0
    assert not path.exists()
    with Reader.open(home, KEY) as reader:
        segment = reader.segment(segment_id)
    assert (segment.pixels, segment.closed) == ("gone", True)


def test_a_frame_that_no_commit_followed_stays_in_its_file(home: Home, writer: Writer) -> None:
    """Killed between video and commit, the segment is closed with what it holds."""
    killed = Segments(home, KEY, writer)
    segment_id, _ = killed.write(0, grey(50), START_US, 0)
    Segments(home, KEY, writer).close_left_open(Spool(home, KEY))
    assert writer.open_segments() == []
    assert decodable_pts(file_of(home, segment_id), SECRET) == [0]


def test_a_plain_segment_left_open_by_the_first_version_is_closed(home: Home, writer: Writer) -> None:
    """It is told by its content and stays as it is."""
    segments = Segments(home, KEY, writer)
    segment_id, pts_us = segments.write(0, grey(50), START_US, 0)
    frame_id = commit(writer, segment_id, pts_us, START_US)
    segments.close()
    path = file_of(home, segment_id)
    with SealedReader(path, SECRET) as reader:
        content = reader.record(0)
    plain = path.with_name(path.name.removesuffix(".sealed"))
    plain.write_bytes(content)
    path.unlink()
    writer.db.conn.execute("UPDATE segments SET closed = 0, name = substr(name, 1, length(name) - 7)")
    assert Segments(home, KEY, writer).close_left_open(Spool(home, KEY)) == 0
    assert plain.read_bytes() == content
    with Reader.open(home, KEY) as reader, Pictures(home, KEY, reader) as pictures:
        assert pictures.bgr(frame_of(home, frame_id)).mean() == pytest.approx(50, abs=2)


def test_closing_without_room_keeps_the_frames(tmp_path: Path) -> None:
    """The row stays open, and the next start closes it."""
    recording = (
        "import resource, signal, sys; from pathlib import Path\n"
        "from recorder.segments import Segments; from tests.support.painted_desktop import grey\n"
        "from timeline.errors import DiskFull; from timeline.home import Home; from timeline.keys import Key\n"
        "from timeline.model import NewFrame, Window; from timeline.writer import Writer\n"
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        "home, key = Home(Path(sys.argv[1])), Key(bytes(range(32)), 'file')\n"
        "with Writer.open(home, key) as writer:\n"
        "    segments = Segments(home, key, writer); id, pts = segments.write(0, grey(50), 1_000_000, 0)\n"
        "    writer.add_frame(NewFrame(0, 1_000_000, 0, 320, 200, Window(), id, pts, None))\n"
        "    size = next(home.video.glob('*/*')).stat().st_size\n"
        "    resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))\n"
        "    try: segments.close()\n"
        "    except DiskFull: print('full')\n"
    )
    home = Home(tmp_path / "home")
    command = [sys.executable, "-c", recording, str(home.root)]
    done = subprocess.run(command, cwd=Path(__file__).parents[2], capture_output=True, text=True, check=True)
    assert done.stdout == "full\n"
    with Writer.open(home, KEY) as writer:
        (segment,) = writer.open_segments()
        assert Segments(home, KEY, writer).close_left_open(Spool(home, KEY)) == 0
        assert writer.open_segments() == []
    assert decodable_pts(home.video / segment.name, SECRET) == [0]


def test_frames_without_pixels_have_a_segment_without_a_file(home: Home, writer: Writer, segments: Segments) -> None:
    """They share one for five minutes, as others do; its pixels are said to be gone, and a start leaves it alone."""
    first = segments.without_pixels(0, (200, 320), START_US, 0)
    assert segments.without_pixels(0, (200, 320), START_US + SECOND_US, 0) == first
    assert segments.without_pixels(0, (200, 320), START_US + 1800 * SECOND_US, 0) != first
    assert segments.without_pixels(1, (200, 320), START_US, 0) != first
    frame = frame_of(home, commit(writer, first, 0, START_US))
    assert list(home.video.iterdir()) == []
    assert Segments(home, KEY, writer).close_left_open(Spool(home, KEY)) == 0
    removed = pytest.raises(UnreadablePicture, match=r"removed to keep within storage\.budget; its text is kept")
    with Reader.open(home, KEY) as reader, Pictures(home, KEY, reader) as pictures, removed:
        pictures.bgr(frame)


def test_a_frame_lost_from_its_segment_is_mended_from_the_spool(home: Home, writer: Writer) -> None:
    """After a power cut the last frame is written again, and every reader finds it there."""
    spool = Spool(home, KEY)
    killed = Segments(home, KEY, writer)
    segment_id, pts_us = killed.write(0, grey(50), START_US, 0)
    frame_id = commit(writer, segment_id, pts_us, START_US, spool.put(grey(50)[:, :, :3]))
    killed.close()
    writer.db.conn.execute("UPDATE segments SET closed = 0")
    file_of(home, segment_id).write_bytes(b"")
    segments = Segments(home, KEY, writer)
    assert segments.close_left_open(spool) == 1
    mended = frame_of(home, frame_id)
    spool.remove(mended.spool_name or "")
    with Reader.open(home, KEY) as reader, Pictures(home, KEY, reader) as pictures:
        assert pictures.bgr(mended).mean() == pytest.approx(50, abs=2)
    assert decodable_pts(file_of(home, mended.segment_id), SECRET) == [0]
    assert writer.open_segments() == []


def test_a_frame_lost_everywhere_does_not_stop_the_start(home: Home, writer: Writer) -> None:
    """Without video and without spool the frame keeps its row and its text, and recording goes on."""
    segments = Segments(home, KEY, writer)
    segment_id, pts_us = segments.write(0, grey(50), START_US, 0)
    commit(writer, segment_id, pts_us, START_US)
    segments.close()
    writer.db.conn.execute("UPDATE segments SET closed = 0")
    file_of(home, segment_id).unlink()
    assert segments.close_left_open(Spool(home, KEY)) == 0
    assert writer.open_segments() == []


@pytest.mark.parametrize("fails", ["opening", "encoding"])
def test_an_encoder_that_fails_while_recording_gives_way_to_x264(home: Home, writer: Writer, fails: str) -> None:
    """No picture is lost: the one at which it failed and those after it are encoded by libx264."""
    bad = Codec("h264_of_no_card", ()) if fails == "opening" else Codec("mjpeg", (), "yuv422p", stream="mjpeg")
    segments = Segments(home, KEY, writer, codec=bad)
    first_id, _ = segments.write(0, grey(50), START_US, 0)
    second_id, pts_us = segments.write(0, grey(90), START_US + SECOND_US, 0)
    segments.close()
    assert first_id == second_id
    assert decodable_pts(file_of(home, first_id), SECRET) == [0, pts_us]
