"""The two stores that the cost of encryption is measured with: one that anybody can read, one that nobody can."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from bench.without_key import Side, both_sides, is_plain
from timeline.errors import StoreUnusable
from timeline.keys import derive
from timeline.model import ALL_TIME, NewFrame, Window
from timeline.reader import Reader
from timeline.sealed_file import is_sealed
from timeline.spool import Spool
from timeline.video import SegmentReader, SegmentWriter
from timeline.writer import Writer

PICTURE = np.full((200, 320, 3), 90, np.uint8)


def fill(side: Side) -> None:
    """Keep one frame."""
    with side.applied(), Writer.open(side.home, side.key) as writer:
        segment_id = writer.open_segment("none", 0, 0, 320, 200)
        writer.add_frame(NewFrame(0, 10, 0, 320, 200, Window("Editor", "a title"), segment_id, 0, None))


def test_only_one_of_the_databases_is_plain(tmp_path: Path) -> None:
    """The title stands in its pages; both are read back, each in its own way alone."""
    for side, plain in zip(both_sides(tmp_path), (True, False), strict=True):
        fill(side)
        assert is_plain(side.home.database) is plain
        stored = b"".join(path.read_bytes() for path in side.home.root.glob("timeline.db*"))
        assert (b"a title" in stored) is plain
        with side.applied(), Reader.open(side.home, side.key) as reader:
            assert [frame.window.title for frame in reader.frames(ALL_TIME)] == ["a title"]


def test_the_product_does_not_open_what_has_no_key(tmp_path: Path) -> None:
    """What leaves the key out is the benchmark's alone, and ends with its block."""
    plain, _ = both_sides(tmp_path)
    fill(plain)
    with pytest.raises(StoreUnusable):
        Reader.open(plain.home, plain.key)


def test_only_one_of_the_segments_and_spool_entries_is_plain(tmp_path: Path) -> None:
    """The same frames come out of both."""
    for side, plain in zip(both_sides(tmp_path), (True, False), strict=True):
        secret, path = derive(side.key, "video"), side.home.video / f"one{side.suffix}"
        with SegmentWriter(side.file.create(path, secret), 320, 200, 0, 21, 10) as writer:
            writer.write(PICTURE, 0)
        assert is_sealed(path) is not plain
        with SegmentReader(path, secret, 320, 200) as reader:
            assert abs(int(reader.picture(0).mean()) - 90) <= 2
        with side.applied():
            name = Spool(side.home, side.key).put(PICTURE)
            assert np.array_equal(Spool(side.home, side.key).get(name), PICTURE)  # type: ignore[arg-type]  # it is there
        begins = (side.home.spool / name).read_bytes()[:8]
        assert (begins == (200).to_bytes(4, "little") + (320).to_bytes(4, "little")) is plain
