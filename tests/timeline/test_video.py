"""Segments: what goes in comes out, at the right instant, while it is being written and after a crash."""

from __future__ import annotations

import os
import signal
import stat
import subprocess
import sys
from pathlib import Path

import cv2
import numpy as np
import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from numpy.typing import NDArray

from timeline.errors import DiskFull, UnreadablePicture
from timeline.model import Picture
from timeline.sealed_file import SealedWriter
from timeline.segment_file import plain_parts
from timeline.video import SegmentReader, SegmentWriter, decodable_pts

SECOND_US = 1_000_000
START_US = 1_795_312_800_000_000
GREEN = (40, 180, 60)
WIDTH, HEIGHT = 320, 200
SECRET = bytes(32)


def plain(shade: int, width: int = WIDTH, height: int = HEIGHT) -> Picture:
    """A picture of one shade of grey: which frame was decoded can be told from its mean."""
    return np.full((height, width, 3), shade, np.uint8)


def page_with_text() -> Picture:
    """Thin dark letters on white, as a screen shows them."""
    page = plain(255)
    for row in range(9):
        cv2.putText(page, "Rechnung 4711 quick fox", (8, 20 + 20 * row), cv2.FONT_HERSHEY_PLAIN, 1.0, (30, 20, 10), 1)
    return page


def write_shades(path: Path, shades: list[int], *, step_us: int = SECOND_US) -> SegmentWriter:
    """Write one frame a shade and leave the segment open."""
    writer = SegmentWriter.create(path, SECRET, WIDTH, HEIGHT, START_US)
    for number, shade in enumerate(shades):
        writer.write(plain(shade), START_US + number * step_us)
    return writer


def mean_error(one: NDArray[np.uint8], other: NDArray[np.uint8]) -> float:
    """The mean absolute difference of two pictures in levels of 255."""
    return float(np.abs(one.astype(np.int16) - other).mean())


def test_a_frame_has_the_time_since_the_start_of_its_segment(tmp_path: Path) -> None:
    """The presentation time is the instant less the segment's start, to the microsecond."""
    writer = SegmentWriter.create(tmp_path / "a.mp4", SECRET, WIDTH, HEIGHT, START_US)
    times = [writer.write(plain(9), START_US + offset_us) for offset_us in (0, 1_234_567, 290_000_001)]
    writer.close()
    assert times == [0, 1_234_567, 290_000_001]
    assert decodable_pts(tmp_path / "a.mp4", SECRET) == [0, 1_234_567, 290_000_001]


def test_times_grow_even_when_the_clock_does_not(tmp_path: Path) -> None:
    """Two frames of one instant, and one before it, get times of their own in the order of writing."""
    writer = SegmentWriter.create(tmp_path / "a.mp4", SECRET, WIDTH, HEIGHT, START_US)
    times = [writer.write(plain(9), at_us) for at_us in (START_US + 5, START_US + 5, START_US - SECOND_US)]
    writer.close()
    assert times == [5, 6, 7]


@pytest.mark.parametrize(
    "colour_bgr",
    [(0, 0, 255), (0, 255, 0), (255, 0, 0), (0, 255, 255), (255, 0, 255), (255, 255, 255), (0, 0, 0), (30, 120, 200)],
)
def test_a_saturated_colour_comes_back(tmp_path: Path, colour_bgr: tuple[int, int, int]) -> None:
    """No channel of a flat colour is off by more than 3 levels: range and matrix agree on both ways."""
    picture = plain(0)
    picture[:] = colour_bgr
    writer = SegmentWriter.create(tmp_path / "a.mp4", SECRET, WIDTH, HEIGHT, START_US)
    writer.write(picture, START_US)
    writer.close()
    back = SegmentReader(tmp_path / "a.mp4", SECRET, WIDTH, HEIGHT).picture(0)
    assert np.abs(back.reshape(-1, 3).mean(0) - colour_bgr).max() <= 3


def test_thin_text_stays_readable(tmp_path: Path) -> None:
    """A page of one-pixel strokes differs by less than 3 levels on average, and ink is still dark."""
    page = page_with_text()
    writer = SegmentWriter.create(tmp_path / "a.mp4", SECRET, WIDTH, HEIGHT, START_US)
    writer.write(page, START_US)
    writer.close()
    back = SegmentReader(tmp_path / "a.mp4", SECRET, WIDTH, HEIGHT).picture(0)
    assert mean_error(page, back) < 3
    assert float(back[page.max(axis=2) < 60].mean()) < 70


def test_bgra_gives_the_same_picture_as_bgr(tmp_path: Path) -> None:
    """A grab as it comes from the screen, with a fourth byte of any value, is written like its three channels."""
    picture = page_with_text()
    picture[:100] = GREEN
    grab = np.dstack([picture, np.zeros((HEIGHT, WIDTH), np.uint8)])
    for name, source in (("bgr.mp4", picture), ("bgra.mp4", grab)):
        writer = SegmentWriter.create(tmp_path / name, SECRET, WIDTH, HEIGHT, START_US)
        writer.write(source, START_US)
        writer.close()
    bgr, bgra = (SegmentReader(tmp_path / name, SECRET, WIDTH, HEIGHT).picture(0) for name in ("bgr.mp4", "bgra.mp4"))
    assert mean_error(bgr, bgra) < 0.5


def test_an_odd_size_comes_back_as_it_was(tmp_path: Path) -> None:
    """The column and row that the encoder needs more are cut off again."""
    writer = SegmentWriter.create(tmp_path / "a.mp4", SECRET, 101, 67, START_US)
    writer.write(plain(120, 101, 67), START_US)
    writer.close()
    back = SegmentReader(tmp_path / "a.mp4", SECRET, 101, 67).picture(0)
    assert back.shape == (67, 101, 3)
    assert back.flags.c_contiguous
    assert mean_error(back, plain(120, 101, 67)) < 2


def test_a_part_of_a_larger_array_can_be_written(tmp_path: Path) -> None:
    """A picture that is a view with strides of its own is taken as well."""
    large = plain(200, 640, 400)
    large[:, :WIDTH] = 20
    writer = SegmentWriter.create(tmp_path / "a.mp4", SECRET, WIDTH, HEIGHT, START_US)
    writer.write(large[50 : 50 + HEIGHT, :WIDTH], START_US)
    writer.close()
    assert mean_error(SegmentReader(tmp_path / "a.mp4", SECRET, WIDTH, HEIGHT).picture(0), plain(20)) < 2


def test_a_picture_of_another_size_is_refused(tmp_path: Path) -> None:
    """A frame that does not fit the segment is a mistake of the caller, not a stretched picture."""
    writer = SegmentWriter.create(tmp_path / "a.mp4", SECRET, WIDTH, HEIGHT, START_US)
    with pytest.raises(ValueError, match="does not fit"):
        writer.write(plain(9, WIDTH + 2, HEIGHT), START_US)
    writer.close()


def test_every_frame_can_be_read_in_any_order(tmp_path: Path) -> None:
    """Reading back and forth over several key frames gives each instant its own frame."""
    shades = [7 * number for number in range(35)]
    write_shades(tmp_path / "a.mp4", shades).close()
    reader = SegmentReader(tmp_path / "a.mp4", SECRET, WIDTH, HEIGHT)
    order = [34, 0, 17, 16, 16, 18, 5, 29, 30, 9, 10, 33]
    seen = [round(float(reader.picture(number * SECOND_US).mean()) / 7) for number in order]
    reader.close()
    assert seen == order


def test_an_instant_between_two_frames_gives_the_earlier(tmp_path: Path) -> None:
    """A frame stands until the next one."""
    write_shades(tmp_path / "a.mp4", [50, 100, 150]).close()
    reader = SegmentReader(tmp_path / "a.mp4", SECRET, WIDTH, HEIGHT)
    assert reader.picture(2 * SECOND_US - 1).mean() == pytest.approx(100, abs=2)


def test_the_newest_frame_is_readable_while_the_segment_is_open(tmp_path: Path) -> None:
    """Nothing is held back until the next frame: what write() returned from is in the file."""
    writer = write_shades(tmp_path / "a.mp4", [50])
    assert SegmentReader(tmp_path / "a.mp4", SECRET, WIDTH, HEIGHT).picture(0).mean() == pytest.approx(50, abs=2)
    writer.close()


def test_an_open_reader_sees_frames_written_after_it_opened(tmp_path: Path) -> None:
    """A segment that grew is read on without being opened anew by the caller."""
    writer = write_shades(tmp_path / "a.mp4", [50])
    reader = SegmentReader(tmp_path / "a.mp4", SECRET, WIDTH, HEIGHT)
    writer.write(plain(90), START_US + SECOND_US)
    assert reader.picture(SECOND_US).mean() == pytest.approx(90, abs=2)
    writer.close()


def test_an_instant_after_the_end_is_unreadable(tmp_path: Path) -> None:
    """A frame that never reached the file is reported, not replaced by an older one."""
    write_shades(tmp_path / "a.mp4", [50, 60]).close()
    with pytest.raises(UnreadablePicture, match=r"a\.mp4 holds no frame for that instant"):
        SegmentReader(tmp_path / "a.mp4", SECRET, WIDTH, HEIGHT).picture(2 * SECOND_US)


def test_files_that_are_no_segments_are_unreadable(tmp_path: Path) -> None:
    """A missing file, an empty one and a text each give one sentence."""
    (tmp_path / "empty.mp4").touch()
    (tmp_path / "text.mp4").write_text("no video at all")
    for name in ("missing.mp4", "empty.mp4", "text.mp4"):
        with pytest.raises(UnreadablePicture, match=name):
            SegmentReader(tmp_path / name, SECRET, WIDTH, HEIGHT)
        assert decodable_pts(tmp_path / name, SECRET) == []


def test_a_segment_is_for_its_owner_only(tmp_path: Path) -> None:
    """The file is 0600 from the moment it exists."""
    writer = SegmentWriter.create(tmp_path / "a.mp4", SECRET, WIDTH, HEIGHT, START_US)
    assert stat.S_IMODE((tmp_path / "a.mp4").stat().st_mode) == 0o600
    writer.close()


def test_closing_twice_is_harmless_and_leaks_no_handle(tmp_path: Path) -> None:
    """After a writer and a reader are closed, as many files are open as before."""
    write_shades(tmp_path / "warm.mp4", [1]).close()
    before = len(list(Path("/proc/self/fd").iterdir()))
    writer = write_shades(tmp_path / "a.mp4", [50])
    reader = SegmentReader(tmp_path / "a.mp4", SECRET, WIDTH, HEIGHT)
    for closable in (writer, writer, reader, reader):
        closable.close()
    assert len(list(Path("/proc/self/fd").iterdir())) == before


@pytest.mark.parametrize("cut_bytes", [1, 60, 400])
def test_a_torn_tail_costs_only_the_last_frame(tmp_path: Path, cut_bytes: int) -> None:
    """A file cut in the middle of its last fragment keeps every frame before."""
    write_shades(tmp_path / "a.mp4", [50, 60]).close()
    whole_bytes = (tmp_path / "a.mp4").stat().st_size
    path = tmp_path / "b.mp4"
    writer = SegmentWriter.create(path, SECRET, WIDTH, HEIGHT, START_US)
    for number in range(3):
        writer.write(page_with_text() if number == 2 else plain(50 + 10 * number), START_US + number * SECOND_US)
    writer.abandon()
    assert path.stat().st_size - cut_bytes > whole_bytes
    os.truncate(path, path.stat().st_size - cut_bytes)
    assert decodable_pts(path, SECRET) == [0, SECOND_US]
    with pytest.raises(UnreadablePicture):
        SegmentReader(path, SECRET, WIDTH, HEIGHT).picture(2 * SECOND_US)


def test_an_altered_frame_is_told_and_those_before_it_are_shown(tmp_path: Path) -> None:
    """What does not prove to be what was written is never decoded."""
    path = tmp_path / "a.mp4.sealed"
    with write_shades(path, [50]) as writer:
        first_bytes = writer.size_bytes
        writer.write(plain(90), START_US + SECOND_US)
    altered = bytearray(path.read_bytes())
    altered[first_bytes + 40] ^= 1
    path.write_bytes(altered)
    with SegmentReader(path, SECRET, WIDTH, HEIGHT) as reader:
        assert reader.picture(0).mean() == pytest.approx(50, abs=2)
        with pytest.raises(UnreadablePicture, match="or is damaged there"):
            reader.picture(SECOND_US)


def test_another_key_opens_no_segment(tmp_path: Path) -> None:
    """It is told as damaged."""
    write_shades(tmp_path / "a.mp4.sealed", [50]).close()
    with pytest.raises(UnreadablePicture, match="is damaged"):
        SegmentReader(tmp_path / "a.mp4.sealed", bytes(range(32)), WIDTH, HEIGHT)


def test_a_plain_segment_of_the_first_version_is_read(tmp_path: Path) -> None:
    """By its content; the key is not needed."""
    write_shades(tmp_path / "a.mp4.sealed", [50, 90]).close()
    (tmp_path / "a.mp4").write_bytes(b"".join(plain_parts(tmp_path / "a.mp4.sealed", SECRET)))
    with SegmentReader(tmp_path / "a.mp4", bytes(range(32)), WIDTH, HEIGHT) as reader:
        assert reader.times() == [0, SECOND_US]
        assert reader.picture(SECOND_US).mean() == pytest.approx(90, abs=2)


def test_a_plain_file_does_not_pass_for_a_sealed_one(tmp_path: Path) -> None:
    """Where a row names a sealed file, what anybody could have put there is not shown."""
    write_shades(tmp_path / "a.mp4.sealed", [50]).close()
    (tmp_path / "b.mp4.sealed").write_bytes(b"".join(plain_parts(tmp_path / "a.mp4.sealed", SECRET)))
    with pytest.raises(UnreadablePicture, match="is damaged"):
        SegmentReader(tmp_path / "b.mp4.sealed", SECRET, WIDTH, HEIGHT)


def test_a_segment_whose_file_was_removed_is_read_on_while_open(tmp_path: Path) -> None:
    """Frames it knows are shown; beyond them it says that there are none, instead of failing for the missing file."""
    write_shades(tmp_path / "a.mp4.sealed", [50]).close()
    with SegmentReader(tmp_path / "a.mp4.sealed", SECRET, WIDTH, HEIGHT) as reader:
        (tmp_path / "a.mp4.sealed").unlink()
        assert reader.picture(0).mean() == pytest.approx(50, abs=2)
        with pytest.raises(UnreadablePicture, match="holds no frame for that instant"):
            reader.picture(SECOND_US)


@pytest.mark.crash
def test_every_written_frame_survives_kill_9(tmp_path: Path) -> None:
    """A writer killed without warning leaves each frame that it reported as written decodable."""
    writing = (
        "import sys, itertools, numpy as np; from pathlib import Path; from timeline.video import SegmentWriter\n"
        "writer = SegmentWriter.create(Path(sys.argv[1]), bytes(32), 320, 200, 0); rng = np.random.default_rng(5)\n"
        "for number in itertools.count():\n"
        "    print(writer.write(rng.integers(0, 255, (200, 320, 3), np.uint8), number * 1_000_000), flush=True)\n"
    )
    path = tmp_path / "a.mp4"
    command = [sys.executable, "-c", writing, str(path)]
    with subprocess.Popen(command, cwd=Path(__file__).parents[2], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        reported = [int(process.stdout.readline()) for _ in range(25)]
        os.kill(process.pid, signal.SIGKILL)
        reported += [int(line) for line in process.stdout.read().splitlines()]
    assert decodable_pts(path, SECRET)[: len(reported)] == reported


def test_a_full_disk_is_reported_and_the_file_stays_whole(tmp_path: Path) -> None:
    """A write without room raises DiskFull, and the file ends with the frame before."""
    writing = (
        "import resource, signal, sys, numpy as np; from pathlib import Path\n"
        "from timeline.errors import DiskFull; from timeline.video import SegmentWriter\n"
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        "writer = SegmentWriter.create(Path(sys.argv[1]), bytes(32), 320, 200, 0)\n"
        "rng = np.random.default_rng(5); noise = rng.integers(0, 255, (200, 320, 3), np.uint8)\n"
        "writer.write(noise // 4, 0)\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (Path(sys.argv[1]).stat().st_size + 500,) * 2)\n"
        "try: writer.write(255 - noise, 1_000_000)\n"
        "except DiskFull as error: print(error)\n"
        "writer.close()\n"
    )
    path = tmp_path / "a.mp4"
    command = [sys.executable, "-c", writing, str(path)]
    done = subprocess.run(command, cwd=Path(__file__).parents[2], capture_output=True, text=True, check=True)
    assert done.stdout.startswith("There is no room left on the disk for a video segment")
    assert decodable_pts(path, SECRET) == [0]


def test_a_device_without_room_is_reported() -> None:
    """Where not even the first byte fits, the error is the same."""
    descriptor = os.open("/dev/full", os.O_WRONLY)
    with pytest.raises(DiskFull):
        SegmentWriter(SealedWriter(descriptor, AESGCM(SECRET), 0, 0, 0), WIDTH, HEIGHT, START_US, crf=22, gop=10).write(
            plain(9), START_US
        )
    os.close(descriptor)


def test_a_size_beyond_the_encoder_leaves_no_file_and_no_descriptor(tmp_path: Path) -> None:
    """libx264 takes at most 16,384 px a side; the error is ours and comes before anything is written."""
    open_before = len(list(Path("/proc/self/fd").iterdir()))
    with pytest.raises(UnreadablePicture, match="1200x20000"):
        SegmentWriter.create(tmp_path / "a.mp4", SECRET, 1200, 20_000, START_US)
    assert list(tmp_path.iterdir()) == []
    assert len(list(Path("/proc/self/fd").iterdir())) == open_before
