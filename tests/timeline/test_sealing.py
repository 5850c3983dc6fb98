"""Sealing old segments: every frame stays readable, whatever is killed and whoever is reading meanwhile."""

from __future__ import annotations

import itertools
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from recorder.segments import SPAN_US, Segments
from tests.support.painted_desktop import grey
from timeline.home import Home
from timeline.keys import Key, derive
from timeline.model import ALL_TIME, Frame, NewFrame, Window
from timeline.pictures import Pictures
from timeline.reader import Reader
from timeline.sealed_file import SealedReader, is_sealed
from timeline.sealing import Sealing
from timeline.writer import Writer

ROOT = Path(__file__).parents[2]
SECOND_US = 1_000_000
START_US = 1_795_312_800_000_000
KEY = Key(bytes(range(32)), "file")
SECRET = derive(KEY, "video")
SHADES = (40, 90, 140)


@dataclass(slots=True)
class OldHome:
    """A home as the first version left it: one closed plain segment for each shade, a frame in each."""

    home: Home
    writer: Writer

    def frames(self) -> list[Frame]:
        with Reader.open(self.home, KEY) as reader:
            return reader.frames(ALL_TIME)

    def names(self) -> list[str]:
        """What the rows say, in order."""
        return [str(name) for (name,) in self.writer.db.conn.execute("SELECT name FROM segments ORDER BY id")]

    def files(self) -> list[str]:
        """What lies in the video folder, in order."""
        return sorted(path.relative_to(self.home.video).as_posix() for path in self.home.video.glob("*/*"))

    def shades(self) -> list[int]:
        """What each frame shows to a reader that opens now."""
        with Reader.open(self.home, KEY) as reader, Pictures(self.home, KEY, reader) as pictures:
            return [round(float(pictures.bgr(frame).mean())) for frame in reader.frames(ALL_TIME)]


@pytest.fixture
def old(tmp_path: Path) -> Iterator[OldHome]:
    """Three frames in three plain segments."""
    home = Home(tmp_path / "home")
    with Writer.open(home, KEY) as writer:
        segments = Segments(home, KEY, writer)
        for number, shade in enumerate(SHADES):
            at_us = START_US + number * SPAN_US
            segment_id, pts_us = segments.write(0, grey(shade), at_us, 0)
            writer.add_frame(NewFrame(0, at_us, 0, 320, 200, Window(), segment_id, pts_us, None))
        segments.close()
        old = OldHome(home, writer)
        for name in old.names():
            make_plain(home, name)
        writer.db.conn.execute("UPDATE segments SET name = substr(name, 1, length(name) - length('.sealed'))")
        yield old


def make_plain(home: Home, name: str) -> None:
    """Put a segment's plain bytes where the first version had them."""
    with SealedReader(home.video / name, SECRET) as reader:
        plain = b"".join(reader.record(number) for number in range(len(reader)))
    (home.video / name.removesuffix(".sealed")).write_bytes(plain)
    (home.video / name).unlink()


def seal_all(old: OldHome) -> int:
    """Take steps until nothing is left and return how many did something."""
    sealing = Sealing(old.home, KEY, old.writer)
    return sum(1 for _ in itertools.takewhile(lambda _: sealing.step(), itertools.count()))


def sealed(names: list[str]) -> list[str]:
    return [f"{name}.sealed" for name in names]


def test_each_step_seals_one_segment(old: OldHome) -> None:
    """Three steps, then nothing is left; rows and files have the new names and no plain file remains."""
    before = old.names()
    assert seal_all(old) == 3
    assert old.names() == sealed(before)
    assert old.files() == sealed(before)
    assert all(is_sealed(old.home.video / name) for name in old.names())


def test_what_is_sealed_is_what_was_there(old: OldHome) -> None:
    """Byte for byte, and complete."""
    plain = {name: (old.home.video / name).read_bytes() for name in old.names()}
    seal_all(old)
    for name, content in plain.items():
        with SealedReader(old.home.video / f"{name}.sealed", SECRET) as reader:
            assert reader.read(len(content)) == content
            assert reader.complete


def test_all_frames_are_shown_after_every_step(old: OldHome) -> None:
    """Some sealed, some not: each is read as what it is."""
    sealing = Sealing(old.home, KEY, old.writer)
    while sealing.step():
        assert old.shades() == pytest.approx(SHADES, abs=2)


def test_a_reader_that_was_there_before_reads_on(old: OldHome) -> None:
    """Segments that it holds open, and segments that it has not opened yet."""
    with Reader.open(old.home, KEY) as reader, Pictures(old.home, KEY, reader) as pictures:
        first, *others = reader.frames(ALL_TIME)
        pictures.bgr(first)
        seal_all(old)
        assert [pictures.bgr(frame).mean() for frame in (first, *others)] == pytest.approx(SHADES, abs=2)


def test_a_file_replaced_between_row_and_opening_is_looked_up_again(
    old: OldHome, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The row was read, then the file went: the frame is shown all the same."""
    ask = Reader.segment

    def ask_and_seal(reader: Reader, segment_id: int) -> object:
        segment = ask(reader, segment_id)
        seal_all(old)
        return segment

    monkeypatch.setattr(Reader, "segment", ask_and_seal)
    assert old.shades() == pytest.approx(SHADES, abs=2)


def test_a_segment_being_written_is_left_alone(old: OldHome) -> None:
    """Only closed ones are sealed."""
    old.writer.db.conn.execute("UPDATE segments SET closed = 0 WHERE id = 2")
    before = old.names()
    assert seal_all(old) == 2
    assert old.names() == [f"{before[0]}.sealed", before[1], f"{before[2]}.sealed"]


def test_a_segment_that_got_another_file_meanwhile_keeps_that(old: OldHome, monkeypatch: pytest.MonkeyPatch) -> None:
    """Re-encoded while it was being sealed: the row stays as it is, and no third file is left."""
    compare = Sealing._compare

    def compare_and_rename(sealing: Sealing, plain: Path, sealed: Path) -> None:
        compare(sealing, plain, sealed)
        old.writer.db.conn.execute("UPDATE segments SET name = 'elsewhere' WHERE id = 1")

    monkeypatch.setattr(Sealing, "_compare", compare_and_rename)
    before = old.files()
    assert Sealing(old.home, KEY, old.writer).step()
    assert old.names()[0] == "elsewhere"
    assert old.files() == before


def test_a_missing_file_does_not_hold_up_the_others(old: OldHome) -> None:
    """Its row stays as it is; a later start tries again."""
    before = old.names()
    (old.home.video / before[0]).unlink()
    assert seal_all(old) == 3
    assert old.names() == [before[0], *sealed(before[1:])]


def test_a_database_from_a_backup_finds_what_was_sealed_since(old: OldHome) -> None:
    """Its rows name plain files; the sealed ones beside them are taken."""
    before = old.names()
    seal_all(old)
    old.writer.db.conn.execute("UPDATE segments SET name = substr(name, 1, length(name) - length('.sealed'))")
    seal_all(old)
    assert old.names() == sealed(before)
    assert old.shades() == pytest.approx(SHADES, abs=2)


KILLED_AT = {
    "before the sealed file is whole": "timeline.sealing.Sealing._compare = die",
    "before it has its name": "Path.replace = die",
    "before the row names it": "timeline.sealing.rename = die",
    "before the plain file is removed": "timeline.sealing._remove = die",
}


@pytest.mark.crash
@pytest.mark.parametrize("place", KILLED_AT.values(), ids=KILLED_AT.keys())
def test_killed_anywhere_nothing_is_lost_and_the_next_run_finishes(old: OldHome, place: str) -> None:
    """kill -9 between any two steps: all frames are shown at once, and after the next run no plain file is left."""
    before = old.names()
    killed = (
        "import os, signal, sys, timeline.sealing; from pathlib import Path\n"
        "from timeline.home import Home; from timeline.keys import Key; from timeline.writer import Writer\n"
        f"def die(*_): os.kill(os.getpid(), signal.SIGKILL)\n{place}\n"
        "home, key = Home(Path(sys.argv[1])), Key(bytes(range(32)), 'file')\n"
        "with Writer.open(home, key) as writer: timeline.sealing.Sealing(home, key, writer).step()\n"
    )
    done = subprocess.run([sys.executable, "-c", killed, str(old.home.root)], cwd=ROOT, check=False)
    assert done.returncode == -signal.SIGKILL
    assert old.shades() == pytest.approx(SHADES, abs=2)
    seal_all(old)
    assert old.names() == old.files() == sealed(before)
    assert old.shades() == pytest.approx(SHADES, abs=2)


def test_without_room_nothing_is_changed(old: OldHome) -> None:
    """The plain file stays, nothing is left beside it, and it is told as a full disk."""
    before = old.names()
    full = (
        "import resource, signal, sys; from pathlib import Path; from timeline.errors import DiskFull\n"
        "from timeline.home import Home; from timeline.keys import Key; from timeline.sealing import Sealing\n"
        "from timeline.writer import Writer\n"
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        "home, key = Home(Path(sys.argv[1])), Key(bytes(range(32)), 'file')\n"
        "with Writer.open(home, key) as writer:\n"
        "    resource.setrlimit(resource.RLIMIT_FSIZE, (500, 500))\n"
        "    try: Sealing(home, key, writer).step()\n"
        "    except DiskFull: print('full')\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", full, str(old.home.root)], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout == "full\n"
    assert old.names() == old.files() == before
