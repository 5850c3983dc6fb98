"""When a screenshot was taken, by its name, its EXIF and the date of its file."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from PIL import Image

from recorder.screenshot_time import taken_at, time_in_name

AFTERNOON = datetime(2023, 1, 20, 16, 4, 0)  # noqa: DTZ001 - names state no zone
SHANGHAI = ZoneInfo("Asia/Shanghai")
BERLIN = ZoneInfo("Europe/Berlin")


@pytest.mark.parametrize(
    "name",
    [
        "Screenshot from 2023-01-20 16-04-00.png",  # GNOME
        "Screenshot from 2023-01-20 16-04-00-1.png",  # GNOME, the second of that second
        "截图 2023-01-20 16-04-00.png",
        "Screenshot at 2023-01-20 16-04-00.png",  # MATE
        "Screenshot 2023-01-20 at 4.04.00 PM.png",  # macOS
        "Screenshot 2023-01-20 at 4.04.00\u202fPM.png",  # macOS 13: a narrow no-break space
        "Screen Shot 2023-01-20 at 4.04.00 PM (2).png",
        "Screenshot 2023-01-20 at 16.04.00.png",
        "截屏2023-01-20 16.04.00.png",
        "截屏2023-01-20 下午4.04.00.png",
        "屏幕快照 2023-01-20 下午4.04.00.png",
        "Screenshot 2023-01-20 160400.png",  # Windows
        "屏幕截图 2023-01-20 160400.png",
        "2023-01-20_16-04-00.png",  # ShareX
        "firefox_2023-01-20_16-04-00.png",
        "2023-01-20_16-04.png",  # Flameshot
        "2023-01-20_16-04_1.png",
        "2023-01-20_16-04_12.png",  # the thirteenth of that minute, not its twelfth second
        "Screenshot_20230120_160400.png",  # KDE Spectacle
        "Screenshot_2023-01-20_16-04-00.png",  # Xfce
        "Screenshot_20230120-160400_Chrome.jpg",  # Android
        "Screenshot_2023-01-20-16-04-00-123_com.example.app.jpg",
        "IMG_20230120_160400.jpg",
        "微信截图_20230120160400.png",
        "2023-01-20-160400_1920x1080_scrot.png",  # scrot
        "screen 2023.01.20 16.04.00.png",
        "2023-01-20T16:04:00.png",
    ],
)
def test_a_name_states_its_time(name: str) -> None:
    """Each tool's way of writing four o'clock and four minutes is understood."""
    assert time_in_name(name) == AFTERNOON


@pytest.mark.parametrize(
    ("name", "hour"),
    [
        ("Screenshot 2023-01-20 at 12.04.00 AM.png", 0),
        ("Screenshot 2023-01-20 at 12.04.00 PM.png", 12),
        ("Screenshot 2023-01-20 at 9.04.00 am.png", 9),
        ("截屏2023-01-20 上午12.04.00.png", 0),
        ("截屏2023-01-20 上午9.04.00.png", 9),
    ],
)
def test_half_days_are_turned_into_hours(name: str, hour: int) -> None:
    """Twelve in the morning is midnight, twelve in the afternoon is noon."""
    assert time_in_name(name) == AFTERNOON.replace(hour=hour)


@pytest.mark.parametrize(
    "name",
    [
        "Screenshot (12).png",
        "chrome_cXk2P0aB1d.png",
        "Screenshot 2023-13-40 at 16.04.00.png",
        "Screenshot 2023-01-20.png",
        "Screenshot 2023-01-20 at 14.04.00 PM.png",
        "Screenshot from 2023-01-20 25-04-00.png",
        "scan-120230120160400.png",
        "photo_20230120_1604007.png",
        "invoice 1999-9.png",
        "",
    ],
)
def test_a_name_without_a_time_states_none(name: str) -> None:
    """Numbers, impossible dates and dates without a time are no time."""
    assert time_in_name(name) is None


def test_digits_that_are_no_date_do_not_hide_the_date_behind_them() -> None:
    """The first stamp that is a real time counts."""
    assert time_in_name("ticket 20239999 1234 Screenshot 2023-01-20 160400.png") == AFTERNOON


def test_the_zones_rules_give_the_offset_of_a_named_time(tmp_path: Path) -> None:
    """A name in winter has the winter offset, one in summer the summer offset."""
    winter = taken_at(tmp_path / "Screenshot_20230120_160400.png", BERLIN)
    summer = taken_at(tmp_path / "Screenshot_20230720_160400.png", BERLIN)
    assert (winter.isoformat(), summer.isoformat()) == ("2023-01-20T16:04:00+01:00", "2023-07-20T16:04:00+02:00")


def test_exif_states_the_time_where_the_name_does_not(tmp_path: Path) -> None:
    """DateTimeOriginal is local time of the zone."""
    path = _photo(tmp_path, {0x9003: "2023:01:20 16:04:00"})
    assert taken_at(path, SHANGHAI).isoformat() == "2023-01-20T16:04:00+08:00"


def test_exifs_own_offset_is_kept(tmp_path: Path) -> None:
    """OffsetTimeOriginal wins over the zone of this machine."""
    path = _photo(tmp_path, {0x9003: "2023:01:20 16:04:00", 0x9011: "-05:00"})
    assert taken_at(path, SHANGHAI).isoformat() == "2023-01-20T16:04:00-05:00"


@pytest.mark.parametrize("tags", [{}, {0x9003: "not a date"}])
def test_the_files_date_is_the_last_resort(tmp_path: Path, tags: dict[int, str]) -> None:
    """Without a time in name and EXIF the date of change counts."""
    path = _photo(tmp_path, tags)
    os.utime(path, (1_674_230_640, 1_674_230_640))
    assert taken_at(path, UTC).isoformat() == "2023-01-20T16:04:00+00:00"


def test_a_damaged_file_is_dated_by_its_change(tmp_path: Path) -> None:
    """That a file is no picture is found later, when it is loaded."""
    path = tmp_path / "shot.png"
    path.write_bytes(b"not a picture")
    os.utime(path, (1_674_230_640, 1_674_230_640))
    assert taken_at(path, UTC).isoformat() == "2023-01-20T16:04:00+00:00"


def _photo(folder: Path, tags: dict[int, str]) -> Path:
    path = folder / "photo.jpg"
    exif = Image.Exif()
    exif.get_ifd(0x8769).update(tags)
    Image.new("RGB", (16, 16)).save(path, exif=exif)
    return path
