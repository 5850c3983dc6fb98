"""Which files are screenshots, in what order, and how long each stood."""

from __future__ import annotations

import os
from datetime import UTC
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from recorder.screenshot_files import Screenshot, list_files
from timeline.errors import WrongUsage
from timeline.model import Window

FOUR_US = 1_674_230_640_000_000  # 2023-01-20 16:04:00 UTC
SECOND_US = 1_000_000


def test_a_folder_is_listed_in_order_of_time_with_its_subfolders(tmp_path: Path) -> None:
    """Order is by the time in the name inside each folder, whatever the names begin with."""
    _touch(tmp_path, "z 2023-01-20 160400.png", "a 2023-01-20 160500.png", "sub/2023-01-20_16-04.jpg")
    assert [shot.path.name for shot in list_files([tmp_path], UTC).pictures] == [
        "z 2023-01-20 160400.png",
        "a 2023-01-20 160500.png",
        "2023-01-20_16-04.jpg",
    ]


def test_a_picture_stands_until_the_next_of_its_folder(tmp_path: Path) -> None:
    """Twenty seconds lie between the two."""
    _touch(tmp_path, "2023-01-20_16-04-00.png", "2023-01-20_16-04-20.png")
    assert _spans_s(tmp_path)[0] == (0, 20)


def test_a_picture_stands_for_at_most_a_minute(tmp_path: Path) -> None:
    """The next one came ten minutes later; what was between is not known."""
    _touch(tmp_path, "2023-01-20_16-04-00.png", "2023-01-20_16-14-00.png")
    assert _spans_s(tmp_path) == [(0, 60), (600, 660)]


def test_the_pictures_of_another_folder_do_not_shorten_a_span(tmp_path: Path) -> None:
    """Two folders are two screens' worth of pictures."""
    _touch(tmp_path, "one/2023-01-20_16-04-00.png", "two/2023-01-20_16-04-20.png")
    assert _spans_s(tmp_path) == [(0, 60), (20, 80)]


def test_pictures_of_the_same_minute_stand_a_second_each(tmp_path: Path) -> None:
    """Flameshot names only minutes; order within the minute is kept and no span is empty."""
    _touch(tmp_path, "2023-01-20_16-04.png", "2023-01-20_16-04_1.png", "2023-01-20_16-05.png")
    assert _spans_s(tmp_path) == [(0, 1), (1, 60), (60, 120)]


def test_a_file_named_twice_is_listed_once(tmp_path: Path) -> None:
    """By itself and through its folder is the same file."""
    _touch(tmp_path, "2023-01-20_16-04.png")
    assert len(list_files([tmp_path, tmp_path / "2023-01-20_16-04.png"], UTC).pictures) == 1


def test_the_offset_is_that_of_the_zone(tmp_path: Path) -> None:
    """A name in Shanghai's afternoon is eight hours earlier in UTC."""
    _touch(tmp_path, "2023-01-20_16-04-00.png")
    (shot,) = list_files([tmp_path], ZoneInfo("Asia/Shanghai")).pictures
    assert (shot.start_us, shot.offset_s) == (FOUR_US - 8 * 3600 * SECOND_US, 28800)


def test_files_that_are_no_pictures_are_told_in_one_sentence(tmp_path: Path) -> None:
    """Hidden files and sidecars are not worth a word."""
    _touch(tmp_path, "a.pdf", "b.txt", "sub/c.zip", "d.md", ".DS_Store", "sub.windows.jsonl", ".thumbs/x.png")
    assert list_files([tmp_path], UTC).left_out == (
        f"Left out 4 in {tmp_path}, no pictures or videos: a.pdf, b.txt, d.md, ...",
    )


def test_a_named_file_that_is_no_picture_is_refused(tmp_path: Path) -> None:
    """The user meant that very file, so it is more than a word by the way."""
    _touch(tmp_path, "notes.txt")
    assert list_files([tmp_path / "notes.txt"], UTC).refused == (tmp_path / "notes.txt",)


def test_a_dangling_link_and_a_pipe_are_among_the_others(tmp_path: Path) -> None:
    """Only files are taken in; the rest of the folder is."""
    _touch(tmp_path, "2023-01-20_16-04.png")
    (tmp_path / "gone.png").symlink_to(tmp_path / "nowhere.png")
    os.mkfifo(tmp_path / "pipe.png")
    listing = list_files([tmp_path], UTC)
    assert [shot.path.name for shot in listing.pictures] == ["2023-01-20_16-04.png"]
    assert listing.left_out == (f"Left out 2 in {tmp_path}, no pictures or videos: gone.png, pipe.png",)


def test_a_named_pipe_is_refused(tmp_path: Path) -> None:
    """Reading it would wait for ever."""
    os.mkfifo(tmp_path / "pipe.png")
    assert list_files([tmp_path / "pipe.png"], UTC).refused == (tmp_path / "pipe.png",)


def test_a_missing_path_is_wrong_usage(tmp_path: Path) -> None:
    """Nothing is listed when one of the paths does not exist."""
    with pytest.raises(WrongUsage, match="does not exist"):
        list_files([tmp_path / "nowhere"], UTC)


def test_the_sidecar_beside_a_folder_gives_its_windows(tmp_path: Path) -> None:
    """The stretch that holds the picture's instant names the window."""
    _touch(tmp_path, "day/2023-01-20_16-04-00.png")
    _sidecar(tmp_path / "day.windows.jsonl", "16:00", "16:05", "Chromium")
    assert _only(tmp_path / "day").window == Window("Chromium", "a title")


def test_the_sidecar_of_the_folder_above_holds_for_a_subfolder(tmp_path: Path) -> None:
    """Up to the folder that was named."""
    _touch(tmp_path, "day/morning/2023-01-20_16-04-00.png")
    _sidecar(tmp_path / "day.windows.jsonl", "16:00", "16:05", "Chromium")
    assert _only(tmp_path / "day").window == Window("Chromium", "a title")


def test_the_nearest_sidecar_wins(tmp_path: Path) -> None:
    """A sidecar inside the named folder is closer than the one beside it."""
    _touch(tmp_path, "day/morning/2023-01-20_16-04-00.png")
    _sidecar(tmp_path / "day.windows.jsonl", "16:00", "16:05", "Chromium")
    _sidecar(tmp_path / "day" / "morning.windows.jsonl", "16:00", "16:05", "XTerm")
    assert _only(tmp_path / "day").window == Window("XTerm", "a title")


def test_a_named_file_has_the_sidecar_of_its_folder(tmp_path: Path) -> None:
    """A picture keeps its window whether it comes by itself or with its folder."""
    _touch(tmp_path, "day/2023-01-20_16-04-00.png")
    _sidecar(tmp_path / "day.windows.jsonl", "16:00", "16:05", "Chromium")
    assert _only(tmp_path / "day" / "2023-01-20_16-04-00.png").window == Window("Chromium", "a title")


def test_outside_every_stretch_the_window_is_unknown(tmp_path: Path) -> None:
    """The sidecar ends before the picture was taken."""
    _touch(tmp_path, "day/2023-01-20_16-04-00.png")
    _sidecar(tmp_path / "day.windows.jsonl", "15:00", "16:04", "Chromium")
    assert _only(tmp_path / "day").window == Window()


def _touch(folder: Path, *names: str) -> None:
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()


def _sidecar(path: Path, start: str, end: str, app: str) -> None:
    path.write_text(
        f'{{"start": "2023-01-20T{start}:00Z", "end": "2023-01-20T{end}:00Z", "app": "{app}", "title": "a title"}}\n'
    )


def _only(path: Path) -> Screenshot:
    (shot,) = list_files([path], UTC).pictures
    return shot


def _spans_s(folder: Path) -> list[tuple[int, int]]:
    pictures = list_files([folder], UTC).pictures
    return [((shot.start_us - FOUR_US) // SECOND_US, (shot.end_us - FOUR_US) // SECOND_US) for shot in pictures]
