"""Screen recordings into the timeline: through the real writer, spool and segments."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from datetime import timedelta, timezone
from hashlib import blake2b
from pathlib import Path

import numpy as np
import pytest

from recorder import videos
from recorder.intake import ImportReport, Kept, Stages
from recorder.screenshot_files import list_files
from recorder.segments import Segments
from tests.support.clips import Making, page, write_clip
from tests.support.stores import StoreUnderTest
from tests.support.taking_in import paint, take_in
from timeline.errors import DiskFull
from timeline.imports import DIGEST_BYTES
from timeline.model import ALL_TIME, Frame, Window
from timeline.pictures import Pictures
from timeline.spool import Spool

ROOT = Path(__file__).resolve().parents[2]
NAME = "2026-11-22 09-14-03.mp4"
START_US = 1_795_338_843_000_000  # 2026-11-22 09:14:03 UTC
PAGES = [(page(1), 1.6), (page(2), 1.6), (page(3), 1.6)]


@pytest.fixture
def clip(tmp_path: Path) -> Path:
    """A recording of three pages."""
    return write_clip(tmp_path / "clips" / NAME, PAGES)


def frames(store: StoreUnderTest) -> list[Frame]:
    """Return all frames of a store."""
    return store.reader.frames(ALL_TIME)


def starts_s(store: StoreUnderTest) -> list[float]:
    """Return when the frames begin, in seconds since the video's start."""
    return [round((frame.start_us - START_US) / 1e6, 1) for frame in frames(store)]


def test_a_video_becomes_frames_with_their_spans(store: StoreUnderTest, clip: Path) -> None:
    """Each ends where the next begins, the last at the video's end."""
    report = take_in(store.home, clip)
    kept = frames(store)
    assert (report.files, report.added, starts_s(store)) == (1, 3, [0.0, 1.6, 3.2])
    assert [frame.end_us for frame in kept][:2] == [frame.start_us for frame in kept][1:]
    assert kept[-1].end_us == pytest.approx(START_US + 4_800_000, abs=110_000)
    assert {frame.source for frame in kept} == {"import"}


def test_the_pictures_are_in_the_spool_and_in_the_video(store: StoreUnderTest, clip: Path) -> None:
    """The worker reads the first, the second stays."""
    take_in(store.home, clip)
    kept = frames(store)
    assert all(frame.spool_name for frame in kept)
    for entry in store.home.spool.iterdir():
        entry.unlink()
    with Pictures(store.home, store.key, store.reader) as pictures:
        shown = [pictures.bgr(frame).astype(np.int16) for frame in kept]
    assert [float(np.abs(one - page(number)).mean()) < 6 for number, one in enumerate(shown, 1)] == [True] * 3


def test_a_full_spool_is_passed_by(store: StoreUnderTest, clip: Path) -> None:
    """The frames are then read from their segments."""
    kept = Kept(page(1), START_US, START_US + 1, 0, Window())
    segments = Segments(store.home, store.key, store.writer)
    stages = Stages(store.writer, Spool(store.home, store.key), segments, spool_admits=lambda: False)
    stages.keep(kept, b"0123456789abcdef")
    segments.close()
    with Pictures(store.home, store.key, store.reader) as pictures:
        (frame,) = frames(store)
        assert frame.spool_name is None
        assert np.abs(pictures.bgr(frame).astype(np.int16) - page(1)).mean() < 6


def test_a_second_import_adds_nothing(store: StoreUnderTest, clip: Path) -> None:
    """Wherever the file lies by then, and whatever its date is."""
    take_in(store.home, clip)
    moved = clip.rename(clip.with_name(f"copy of {NAME}"))
    os.utime(moved, (1, 1))
    report = take_in(store.home, moved)
    assert (report.added, report.known, len(frames(store))) == (0, 1, 3)


def test_a_video_is_known_in_any_zone(store: StoreUnderTest, clip: Path) -> None:
    """Its name states a time on the clock: what was forgotten of it must not come back after a journey."""
    take_in(store.home, clip)
    report = take_in(store.home, clip, zone=timezone(timedelta(hours=9)))
    assert (report.added, report.known, len(frames(store))) == (0, 1, 3)


def test_a_video_of_an_earlier_version_is_known(store: StoreUnderTest, clip: Path) -> None:
    """That version took the instant for what the name states."""
    digest = blake2b(clip.read_bytes(), digest_size=DIGEST_BYTES)
    digest.update(START_US.to_bytes(8, "big", signed=True))
    store.writer.remember_import(digest.digest())
    assert take_in(store.home, clip).known == 1


@pytest.mark.parametrize("notes", [{}, {"creation_time": "2026-11-22T09:14:03.000000Z"}])
def test_a_copy_of_a_video_whose_name_states_no_time_is_known(
    store: StoreUnderTest, tmp_path: Path, notes: dict[str, str]
) -> None:
    """The file's date, which has a part in finding its time, changes with every copy."""
    untold = write_clip(tmp_path / "clip.mp4", PAGES, Making(notes=notes))
    take_in(store.home, untold)
    os.utime(untold, (1_600_000_000, 1_600_000_000))
    assert take_in(store.home, untold).known == 1


@pytest.mark.parametrize(
    "sidecar", [f"{NAME}.windows.jsonl", "2026-11-22 09-14-03.windows.jsonl", "../clips.windows.jsonl"]
)
def test_windows_come_from_the_sidecar(store: StoreUnderTest, clip: Path, sidecar: str) -> None:
    """A frame has the window that was active for most of it, though it was told a little late."""
    (clip.parent / sidecar).write_text(
        '{"start": "2026-11-22T09:14:03Z", "end": "2026-11-22T09:14:04.7Z", "app": "XTerm", "title": "logs"}\n'
        '{"start": "2026-11-22T09:14:04.7Z", "end": "2026-11-22T09:14:06Z", "app": "Chromium", "title": "Design"}\n'
    )
    take_in(store.home, clip)
    assert [one.window for one in frames(store)] == [Window("XTerm", "logs"), Window("Chromium", "Design"), Window()]


def test_pictures_and_videos_of_a_folder_are_taken_in_together(store: StoreUnderTest, clip: Path) -> None:
    """Hidden files and sidecars are not worth a word; the rest is named."""
    paint(clip.parent / "2026-11-22_09-00-00.png", 10)
    (clip.parent / "notes.txt").touch()
    report = take_in(store.home, clip.parent)
    assert (report.files, report.added, len(report.left_out)) == (2, 4, 1)


def test_a_video_that_cannot_be_read_keeps_no_other_out(store: StoreUnderTest, clip: Path) -> None:
    """One sentence names it; named by the user it is refused."""
    broken = clip.with_name("broken.mp4")
    broken.write_bytes(clip.read_bytes()[:3000])
    report = take_in(store.home, broken, clip)
    assert (report.added, report.refused) == (3, [broken])
    assert "cut off" in report.left_out[0]


def test_a_damaged_video_gives_what_can_be_decoded_and_a_word(store: StoreUnderTest, clip: Path) -> None:
    """And it counts as taken in."""
    making = Making(options={"crf": "18", "g": "5"}, container={"movflags": "faststart"})
    whole = write_clip(clip, [(page(number), 0.5) for number in range(16)], making)
    whole.write_bytes(whole.read_bytes()[: whole.stat().st_size * 2 // 3])
    report = take_in(store.home, whole)
    assert report.added > 5
    assert "damaged or cut off at 0:00:0" in report.left_out[0]
    assert take_in(store.home, whole).known == 1


def test_progress_counts_a_video_by_its_seconds(store: StoreUnderTest, clip: Path) -> None:
    """And a picture as one; it ends at the whole and never goes back."""
    paint(clip.parent / "2026-11-22_09-00-00.png", 10)
    told: list[tuple[int, int]] = []
    take_in(store.home, clip.parent, on_progress=lambda done, total: told.append((done, total)))
    assert (told[0], told[-1], told) == ((1, 5), (5, 5), sorted(told))
    assert len(told) > 3


@pytest.mark.crash
@pytest.mark.parametrize("after", [2, 3, 4])
def test_an_import_that_was_killed_goes_on_without_doubling(store: StoreUnderTest, clip: Path, after: int) -> None:
    """Killed at some second of the video: the frames are those of an import that was not."""
    command = [sys.executable, "-m", "tests.support.taking_in", str(store.home.root), str(clip), str(after)]
    assert subprocess.run(command, cwd=ROOT, check=False).returncode == -signal.SIGKILL
    before = len(frames(store))
    report = take_in(store.home, clip)
    assert (report.known, before + report.added, starts_s(store)) == (0, 3, [0.0, 1.6, 3.2])
    assert take_in(store.home, clip).known == 1


def test_a_full_disk_ends_the_import_and_the_next_goes_on(
    store: StoreUnderTest, clip: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was committed stays, and is not taken in twice."""
    keep, kept = Stages.keep, []

    def until_full(stages: Stages, one: Kept, digest: bytes) -> int:
        if len(kept) == 2:
            raise DiskFull("The disk is full.")
        kept.append(one)
        return keep(stages, one, digest)

    monkeypatch.setattr(Stages, "keep", until_full)
    with pytest.raises(DiskFull):
        take_in(store.home, clip)
    monkeypatch.undo()
    report: ImportReport = take_in(store.home, clip)
    assert (report.added, starts_s(store)) == (1, [0.0, 1.6, 3.2])


def test_a_moving_gif_is_a_video_and_a_still_one_a_picture(tmp_path: Path) -> None:
    """Both have the same suffix."""
    gif = Making(codec="gif", options={}, pix_fmt="rgb8", rate=10)
    write_clip(tmp_path / "moving.gif", PAGES, gif)
    write_clip(tmp_path / "still.gif", [(page(1), 0.1)], gif)
    listing = list_files([tmp_path])
    assert [one.path.name for one in listing.videos] == ["moving.gif"]
    assert [one.path.name for one in listing.pictures] == ["still.gif"]


def test_a_recording_that_still_grows_is_left_for_later(
    store: StoreUnderTest, clip: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else it would be taken in again, whole, once it has ended."""
    digest_of = videos.blake2b

    def grown_meanwhile(**size: int) -> object:
        with clip.open("ab") as recorder:
            recorder.write(b"more")
        return digest_of(**size)

    monkeypatch.setattr(videos, "READ_BYTES", 1000)
    monkeypatch.setattr(videos, "blake2b", grown_meanwhile)
    assert "still being written" in take_in(store.home, clip).left_out[0]
    assert frames(store) == []
