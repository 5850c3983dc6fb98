"""Existing screenshots into the timeline: through the real writer, spool and segments."""

from __future__ import annotations

import os
import shutil
import signal
import struct
import subprocess
import sys
import zlib
from pathlib import Path
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from ocr.picture_file import load_picture
from recorder.importing import import_files
from recorder.segments import Segments
from tests.support.stores import StoreUnderTest
from tests.support.taking_in import load, paint, take_in
from timeline.errors import WrongUsage
from timeline.model import Frame, Interval, Window
from timeline.pictures import Pictures
from timeline.spool import Spool
from timeline.writer import Writer

ROOT = Path(__file__).resolve().parents[2]
FOUR_US = 1_674_230_640_000_000  # 2023-01-20 16:04:00 UTC
SECOND_US = 1_000_000
ALL_TIME = Interval(0, 2**62)


def test_a_folder_becomes_frames_with_their_spans(store: StoreUnderTest, shots: Path) -> None:
    """Each stands until the next, the last for a minute; all come from an import."""
    paint(shots / "2023-01-20_16-04-00.png", 10)
    paint(shots / "2023-01-20_16-04-20.png", 20)
    take_in(store.home, shots)
    assert [(_second(f.start_us), _second(f.end_us), f.source) for f in _frames(store)] == [
        (0, 20, "import"),
        (20, 80, "import"),
    ]


def test_the_pixels_are_the_files_pixels(store: StoreUnderTest, shots: Path) -> None:
    """The spool gives them back exactly, for the reading of their text."""
    paint(shots / "2023-01-20_16-04-00.png", 10)
    take_in(store.home, shots)
    with Pictures(store.home, store.key, store.reader) as pictures:
        assert np.array_equal(pictures.bgr(_frames(store)[0]), load(shots / "2023-01-20_16-04-00.png"))


def test_pictures_of_any_size_and_day_can_be_decoded(store: StoreUnderTest, shots: Path) -> None:
    """Once the spool is gone the video gives each picture, near the painted grey of 10, 200 and 90."""
    paint(shots / "2023-01-20_16-04-00.png", 10)
    paint(shots / "2023-01-20_16-04-20.png", 200, size=(101, 67))
    paint(shots / "2023-03-20_16-04-20.png", 90)
    take_in(store.home, shots)
    shutil.rmtree(store.home.spool)
    with Pictures(store.home, store.key, store.reader) as pictures:
        greys = [float(pictures.bgr(frame).mean()) for frame in _frames(store)]
    assert greys == pytest.approx([10, 200, 90], abs=4)


def test_an_identical_picture_only_lengthens_the_one_before(store: StoreUnderTest, shots: Path) -> None:
    """A screen that stood still is one frame."""
    paint(shots / "2023-01-20_16-04-00.png", 10)
    paint(shots / "2023-01-20_16-04-20.png", 10)
    report = take_in(store.home, shots)
    assert (report.added, report.extended, _second(_frames(store)[0].end_us)) == (1, 1, 80)


def test_an_identical_picture_after_a_pause_is_a_frame_of_its_own(store: StoreUnderTest, shots: Path) -> None:
    """Nothing says that the screen looked so in the ten minutes between."""
    paint(shots / "2023-01-20_16-04-00.png", 10)
    paint(shots / "2023-01-20_16-14-00.png", 10)
    assert take_in(store.home, shots).added == 2


def test_a_second_import_adds_nothing(store: StoreUnderTest, shots: Path) -> None:
    """Files are known by their content and time."""
    paint(shots / "2023-01-20_16-04-00.png", 10)
    paint(shots / "2023-01-20_16-04-20.png", 10)
    take_in(store.home, shots)
    report = take_in(store.home, shots)
    assert (report.added, report.extended, report.known, len(_frames(store))) == (0, 0, 2, 1)


def test_a_file_is_known_in_another_zone(store: StoreUnderTest, shots: Path) -> None:
    """What was forgotten must not come back since the machine has travelled."""
    paint(shots / "2023-01-20_16-04-00.png", 10)
    take_in(store.home, shots)
    assert take_in(store.home, shots, zone=ZoneInfo("Asia/Shanghai")).known == 1


def test_a_touched_file_is_known_again(store: StoreUnderTest, shots: Path) -> None:
    """A file's date is no part of what it is."""
    paint(shots / "without a time.png", 10)
    take_in(store.home, shots)
    os.utime(shots / "without a time.png", (1_700_000_000, 1_700_000_000))
    assert take_in(store.home, shots).known == 1


def test_a_moved_file_is_known_again(store: StoreUnderTest, shots: Path) -> None:
    """Where a file lies does not matter."""
    paint(shots / "2023-01-20_16-04-00.png", 10)
    take_in(store.home, shots)
    shots.rename(shots.with_name("elsewhere"))
    assert take_in(store.home, shots.with_name("elsewhere")).known == 1


def test_a_new_file_among_known_ones_is_taken_in(store: StoreUnderTest, shots: Path) -> None:
    """Importing the same folder each evening works."""
    paint(shots / "2023-01-20_16-04-00.png", 10)
    take_in(store.home, shots)
    paint(shots / "2023-01-20_16-04-20.png", 20)
    report = take_in(store.home, shots)
    assert (report.added, report.known) == (1, 1)


def test_windows_come_from_the_sidecar(store: StoreUnderTest, shots: Path) -> None:
    """Inside its stretch the window is known, after it is not."""
    paint(shots / "2023-01-20_16-04-00.png", 10)
    paint(shots / "2023-01-20_16-04-20.png", 20)
    shots.with_name("shots.windows.jsonl").write_text(
        '{"start": "2023-01-20T16:04:00Z", "end": "2023-01-20T16:04:10Z", "app": "XTerm", "title": "logs"}\n'
    )
    take_in(store.home, shots)
    assert [frame.window for frame in _frames(store)] == [Window("XTerm", "logs"), Window()]


def test_a_bad_sidecar_stops_the_import_before_it_begins(store: StoreUnderTest, shots: Path) -> None:
    """Nothing is half-done."""
    paint(shots / "2023-01-20_16-04-00.png", 10)
    shots.with_name("shots.windows.jsonl").write_text("{\n")
    with pytest.raises(WrongUsage, match="line 1"):
        take_in(store.home, shots)
    assert _frames(store) == []


def test_a_damaged_picture_in_a_folder_is_left_out_with_a_word(store: StoreUnderTest, shots: Path) -> None:
    """One bad file does not keep a thousand good ones out."""
    (shots / "2023-01-20_16-04-00.png").write_bytes(b"damaged")
    paint(shots / "2023-01-20_16-04-20.png", 20)
    report = take_in(store.home, shots)
    assert (report.added, len(report.left_out)) == (1, 1)


def test_a_picture_that_claims_too_many_pixels_is_left_out_with_a_word(store: StoreUnderTest, shots: Path) -> None:
    """Its name states no time, so the file is looked into for one; then it is refused like any other damaged one."""
    header = struct.pack(">IIBBBBB", 20_000, 20_000, 8, 2, 0, 0, 0)
    chunk = b"IHDR" + header
    bomb = b"\x89PNG\r\n\x1a\n" + struct.pack(">I", 13) + chunk + struct.pack(">I", zlib.crc32(chunk))
    (shots / "bomb.png").write_bytes(bomb + struct.pack(">I", 10) + b"IDAT")
    paint(shots / "2023-01-20_16-04-20.png", 20)
    with Writer.open(store.home, store.key) as writer:
        segments = Segments(store.home, store.key, writer)
        report = import_files(
            [shots], writer=writer, spool=Spool(store.home, store.key), segments=segments, load=load_picture
        )
        segments.close()
    assert (report.added, len(report.left_out)) == (1, 1)


def test_a_picture_beyond_the_encoder_is_left_out_with_a_word(store: StoreUnderTest, shots: Path) -> None:
    """A full-page screenshot may be 20,000 px high; the pictures after it are taken in, and no empty file stays."""
    paint(shots / "2023-01-20_16-04-00.png", 10, size=(1200, 20_000))
    paint(shots / "2023-01-20_16-04-20.png", 20)
    report = take_in(store.home, shots)
    assert report.added == 1
    assert "16,384" in report.left_out[0]
    assert [path for path in store.home.video.rglob("*.mp4") if not path.stat().st_size] == []


def test_a_picture_at_the_limit_is_taken_in(store: StoreUnderTest, shots: Path) -> None:
    """An odd side is grown by a pixel before it is encoded, and still fits."""
    paint(shots / "2023-01-20_16-04-00.png", 10, size=(33, 16_383))
    paint(shots / "2023-01-20_16-04-20.png", 20, size=(16_384, 1))
    assert take_in(store.home, shots).added == 2


def test_a_file_that_may_not_be_read_is_left_out_with_a_word(
    store: StoreUnderTest, shots: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The others of the folder are taken in."""
    paint(shots / "2023-01-20_16-04-00.png", 10)
    paint(shots / "2023-01-20_16-04-20.png", 20)
    read_bytes = Path.read_bytes

    def refusing(path: Path) -> bytes:  # a mode of 0000 does not hinder root, who runs the tests in a container
        if path.name == "2023-01-20_16-04-00.png":
            raise PermissionError(13, "Permission denied", str(path))
        return read_bytes(path)

    monkeypatch.setattr(Path, "read_bytes", refusing)
    report = take_in(store.home, shots)
    assert report.added == 1
    assert "Permission denied" in report.left_out[0]


@pytest.mark.parametrize("name", ["2023-01-20_16-04-00.png", "notes.txt"])
def test_a_named_file_that_is_no_picture_is_refused_and_all_others_are_in(
    store: StoreUnderTest, shots: Path, name: str
) -> None:
    """The report tells of both."""
    (shots / name).write_bytes(b"damaged")
    paint(shots / "2023-01-20_16-04-20.png", 20)
    report = take_in(store.home, shots / name, shots / "2023-01-20_16-04-20.png")
    assert (report.added, report.refused, len(_frames(store))) == (1, [shots / name], 1)


def test_progress_is_told_file_by_file(store: StoreUnderTest, shots: Path) -> None:
    """Known files count too, so that the bar reaches its end."""
    for second in range(3):
        paint(shots / f"2023-01-20_16-04-0{second}.png", second * 40)
    told: list[tuple[int, int]] = []
    take_in(store.home, shots, on_progress=lambda done, total: told.append((done, total)))
    assert told == [(1, 3), (2, 3), (3, 3)]


@pytest.mark.crash
@pytest.mark.parametrize("after", [1, 3])
def test_an_import_that_was_killed_goes_on_without_doubling(store: StoreUnderTest, shots: Path, after: int) -> None:
    """Killed when `after` files are in; the second run takes in just the rest."""
    for second in range(6):
        paint(shots / f"2023-01-20_16-04-0{second}.png", second * 40)
    command = [sys.executable, "-m", "tests.support.taking_in", str(store.home.root), str(shots), str(after)]
    killed = subprocess.run(command, cwd=ROOT, check=False)
    report = take_in(store.home, shots)
    assert killed.returncode == -signal.SIGKILL
    assert (report.known, report.added, len(_frames(store))) == (after, 6 - after, 6)


@pytest.fixture
def shots(tmp_path: Path) -> Path:
    """An empty folder for screenshots."""
    folder = tmp_path / "shots"
    folder.mkdir()
    return folder


def _frames(store: StoreUnderTest) -> list[Frame]:
    return store.reader.frames(ALL_TIME)


def _second(at_us: int) -> int:
    return (at_us - FOUR_US) // SECOND_US
