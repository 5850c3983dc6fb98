"""Pictures: from the spool while an entry is whole, else from wherever the frame's video stands now."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest

from recorder.segments import Segments
from tests.support.painted_desktop import grey
from tests.support.room import little_room
from timeline.errors import DiskFull, UnreadablePicture
from timeline.home import Home
from timeline.keys import Key
from timeline.model import Frame, NewFrame, Window
from timeline.pictures import Pictures
from timeline.reader import Reader
from timeline.segment_rows import note_gone
from timeline.spool import Spool
from timeline.writer import Writer

START_US = 1_795_312_800_000_000
KEY = Key(bytes(range(32)), "file")
SHADE = 90


@dataclass(slots=True)
class Kept:
    """A home with one frame in a closed segment, in the spool as well."""

    home: Home
    writer: Writer
    reader: Reader
    pictures: Pictures
    frame: Frame

    @property
    def entry(self) -> Path:
        return self.home.spool / (self.frame.spool_name or "")

    def shade(self) -> float:
        return float(self.pictures.bgr(self.frame).mean())

    def write_again(self, shade: int) -> None:
        """Put the frame's picture into another segment, as a re-encoding does, and remove the old file."""
        segments = Segments(self.home, KEY, self.writer)
        segment_id, pts_us = segments.write(0, grey(shade), START_US, 0)
        segments.close()
        old = self.home.video / self.reader.segment(self.frame.segment_id).name
        self.writer.move_frame(self.frame.id, segment_id, pts_us)
        old.unlink()


@pytest.fixture
def kept(tmp_path: Path) -> Iterator[Kept]:
    """The spool holds a picture one shade lighter, so that it can be told where a picture comes from."""
    home = Home(tmp_path / "home")
    with Writer.open(home, KEY) as writer:
        segments = Segments(home, KEY, writer)
        segment_id, pts_us = segments.write(0, grey(SHADE), START_US, 0)
        segments.close()
        name = Spool(home, KEY).put(grey(200)[:, :, :3])
        frame_id = writer.add_frame(NewFrame(0, START_US, 0, 320, 200, Window(), segment_id, pts_us, name))
        with Reader.open(home, KEY) as reader, Pictures(home, KEY, reader) as pictures:
            frame = reader.frame(frame_id)
            assert frame is not None
            yield Kept(home, writer, reader, pictures, frame)


def test_the_spool_comes_first(kept: Kept) -> None:
    """Its pixels are exact."""
    assert kept.shade() == 200


@pytest.mark.parametrize("left_bytes", [0, 7, 12, 40])
def test_an_entry_torn_by_a_power_cut_is_made_up_for_by_the_video(kept: Kept, left_bytes: int) -> None:
    """Empty, without its nonce, or cut off somewhere: the frame is shown from its segment."""
    os.truncate(kept.entry, left_bytes)
    assert kept.shade() == pytest.approx(SHADE, abs=2)


def test_a_lost_entry_is_made_up_for_by_the_video(kept: Kept) -> None:
    """A power cut may take the whole file."""
    kept.entry.unlink()
    assert kept.shade() == pytest.approx(SHADE, abs=2)


def test_a_frame_that_was_moved_is_found(kept: Kept) -> None:
    """Whoever holds the frame as it was gets its picture from where it is now."""
    kept.entry.unlink()
    kept.write_again(140)
    assert kept.shade() == pytest.approx(140, abs=2)


def test_a_frame_whose_pixels_are_gone_is_told_so(kept: Kept) -> None:
    """In one sentence that says why, and that its text is there."""
    kept.entry.unlink()
    note_gone(kept.writer, kept.frame.segment_id)
    with pytest.raises(UnreadablePicture, match=r"removed to keep within storage\.budget; its text is kept\.$"):
        kept.shade()


def test_pixels_that_are_gone_are_not_shown_from_an_open_file(kept: Kept) -> None:
    """Nor is the removed file held open, so that its room is free."""
    kept.entry.unlink()
    kept.shade()
    note_gone(kept.writer, kept.frame.segment_id)
    with pytest.raises(UnreadablePicture):
        kept.shade()
    opened = [str(descriptor.resolve()) for descriptor in Path("/proc/self/fd").iterdir()]
    assert [path for path in opened if path.startswith(str(kept.home.video))] == []


def test_a_frame_whose_pixels_are_gone_is_read_from_the_spool(kept: Kept) -> None:
    """A frame that is kept for its text only has its pixels there until it is read."""
    note_gone(kept.writer, kept.frame.segment_id)
    assert kept.shade() == 200


@pytest.mark.parametrize("durable", [False, True])
def test_a_spool_without_room_says_so_and_leaves_nothing(kept: Kept, *, durable: bool) -> None:
    """Neither an entry nor a part of one."""
    noise = np.random.default_rng(5).integers(0, 255, (100, 100, 3), np.uint8)
    before = sorted(kept.home.spool.iterdir())
    with little_room(1000), pytest.raises(DiskFull):
        Spool(kept.home, KEY).put(noise, durable=durable)
    assert sorted(kept.home.spool.iterdir()) == before


def test_only_an_entry_without_video_is_synced(kept: Kept, monkeypatch: pytest.MonkeyPatch) -> None:
    """The spool is a cache; where it is all there is, file and folder are brought to the disk."""
    synced: list[int] = []
    monkeypatch.setattr(os, "fsync", synced.append)
    spool = Spool(kept.home, KEY)
    spool.put(grey(1)[:, :, :3])
    assert synced == []
    spool.put(grey(1)[:, :, :3], durable=True)
    assert len(synced) == 2
