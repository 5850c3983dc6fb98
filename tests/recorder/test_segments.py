"""Segments: when one begins and ends, what its file and row say, and what a crash left open."""

from __future__ import annotations

import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

from recorder.segments import Segments
from tests.support.painted_desktop import SIZE, grey
from timeline.home import Home
from timeline.keys import Key
from timeline.model import Frame, NewFrame, Window
from timeline.pictures import Pictures
from timeline.reader import Reader
from timeline.spool import Spool
from timeline.video import decodable_pts
from timeline.writer import Writer

SECOND_US = 1_000_000
START_US = 1_795_312_800_000_000  # 2026-11-22 02:00:00 UTC
EAST_8_S = 8 * 3600
KEY = Key(bytes(range(32)), "file")


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
    segments = Segments(home, writer)
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


def test_frames_within_five_minutes_share_a_segment(segments: Segments) -> None:
    """The second frame stands in the first one's file, at its distance in time."""
    first = segments.write(0, grey(1), START_US, 0)
    assert segments.write(0, grey(2), START_US + 299 * SECOND_US, 0) == (first[0], 299 * SECOND_US)


def test_after_five_minutes_a_new_segment_begins(segments: Segments) -> None:
    """The frame that reaches the span is the first of the next file."""
    first_id, _ = segments.write(0, grey(1), START_US, 0)
    second_id, pts_us = segments.write(0, grey(2), START_US + 300 * SECOND_US, 0)
    assert second_id != first_id
    assert pts_us == 0


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
    assert path.suffix == ".mp4"


def test_day_folders_are_private(home: Home, segments: Segments) -> None:
    """Folder 0700, file 0600."""
    segment_id, _ = segments.write(0, grey(1), START_US, 0)
    path = file_of(home, segment_id)
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_finished_segment_is_closed_without_a_new_frame(writer: Writer, segments: Segments) -> None:
    """On a still screen the span ends all the same."""
    segments.write(0, grey(1), START_US, 0)
    segments.close_finished(START_US + 299 * SECOND_US)
    assert len(writer.open_segments()) == 1
    segments.close_finished(START_US + 300 * SECOND_US)
    assert writer.open_segments() == []


def test_segments_left_open_are_closed_at_the_next_start(home: Home, writer: Writer) -> None:
    """The frames of a killed recorder stay where they are, and its segment is whole."""
    killed = Segments(home, writer)
    segment_id, pts_us = killed.write(0, grey(50), START_US, 0)
    frame_id = commit(writer, segment_id, pts_us, START_US)
    assert Segments(home, writer).close_left_open(Spool(home, KEY)) == 0
    assert writer.open_segments() == []
    assert frame_of(home, frame_id).segment_id == segment_id
    killed.close()


def test_a_frame_lost_from_its_segment_is_mended_from_the_spool(home: Home, writer: Writer) -> None:
    """After a power cut the last frame is written again, and every reader finds it there."""
    spool = Spool(home, KEY)
    killed = Segments(home, writer)
    segment_id, pts_us = killed.write(0, grey(50), START_US, 0)
    frame_id = commit(writer, segment_id, pts_us, START_US, spool.put(grey(50)[:, :, :3]))
    killed.close()
    writer.db.conn.execute("UPDATE segments SET closed = 0")
    file_of(home, segment_id).write_bytes(b"")
    segments = Segments(home, writer)
    assert segments.close_left_open(spool) == 1
    mended = frame_of(home, frame_id)
    spool.remove(mended.spool_name or "")
    with Reader.open(home, KEY) as reader, Pictures(home, KEY, reader) as pictures:
        assert pictures.bgr(mended).mean() == pytest.approx(50, abs=2)
    assert decodable_pts(file_of(home, mended.segment_id)) == [0]
    assert writer.open_segments() == []


def test_a_frame_lost_everywhere_does_not_stop_the_start(home: Home, writer: Writer) -> None:
    """Without video and without spool the frame keeps its row and its text, and recording goes on."""
    segments = Segments(home, writer)
    segment_id, pts_us = segments.write(0, grey(50), START_US, 0)
    commit(writer, segment_id, pts_us, START_US)
    segments.close()
    writer.db.conn.execute("UPDATE segments SET closed = 0")
    file_of(home, segment_id).unlink()
    assert segments.close_left_open(Spool(home, KEY)) == 0
    assert writer.open_segments() == []
