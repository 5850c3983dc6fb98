"""When a screen recording began: by its name, its container and the date of its file."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from recorder.video_time import Began, began
from timeline.clip import ClipFacts
from timeline.clock import SECOND_US, to_us

SHANGHAI = ZoneInfo("Asia/Shanghai")
START_US = to_us(datetime(2026, 11, 22, 1, 14, 3, tzinfo=UTC))  # 09:14:03 in Shanghai
MINUTE_US = 60 * SECOND_US
LATER_US = START_US + 86_400 * SECOND_US  # a file that was copied a day later


def facts(created: str | None = None, *, by_android: bool = False) -> ClipFacts:
    """Return what a file says about itself."""
    moment = None if created is None else datetime.fromisoformat(created)
    return ClipFacts(1920, 1080, MINUTE_US, moment, by_android)


@pytest.mark.parametrize(
    "name",
    [
        "2026-11-22 09-14-03.mkv",  # OBS
        "Screen Recording 2026-11-22 at 09.14.03.mov",  # macOS
        "Screen Recording 2026-11-22 at 9.14.03 AM.mov",
        "录屏2026-11-22 上午9.14.03.mov",
        "Screencast from 2026-11-22 09-14-03.webm",  # GNOME
        "录屏 2026-11-22 09-14-03.webm",
        "Screencast from 11-22-2026 09:14:03 AM.webm",  # the older GNOME, in the United States
        "Screen Recording 2026-11-22 091403.mp4",  # Windows
        "Recording 2026-11-22 091403.mp4",
        "屏幕录制 2026-11-22 091403.mp4",
        "2026-11-22_09-14-03.mp4",  # ShareX
        "Notes 2026-11-22 09-14-03.mp4",  # Xbox Game Bar
        "Notes 11_22_2026 9_14_03 AM.mp4",
        "Desktop 2026.11.22 - 09.14.03.02.mp4",  # NVIDIA
        "Screenrecorder-2026-11-22-09-14-03-123.mp4",  # Xiaomi
        "Screen_Recording_20261122_091403_Chrome.mp4",  # Samsung
        "screen-20261122-091403.mp4",  # Pixel
        "Record_2026-11-22-09-14-03.mp4",  # OnePlus
        "SVID_20261122_091403_1.mp4",  # Huawei
        "ScreenRecording_11-22-2026 09-14-03_1.MP4",  # iOS
        "Screencast_20261122_091403.webm",  # KDE
        "simplescreenrecorder-2026-11-22_09.14.03.mkv",
        "vokoscreenNG-2026-11-22_09-14-03.mkv",
        "bandicam 2026-11-22 09-14-03-123.mp4",
        "GMT20261122-011403_Recording_1920x1080.mp4",  # Zoom, in UTC
    ],
)
def test_a_name_states_the_start(name: str) -> None:
    """In local time, whatever container and date say."""
    assert began(name, facts("2020-01-01T00:00:00"), MINUTE_US, LATER_US, SHANGHAI) == Began(START_US, "name")


@pytest.mark.parametrize(
    "name",
    [
        "Replay 2026-11-22 09-15-03.mkv",  # OBS
        "Desktop 2026.11.22 - 09.15.03.02.DVR.mp4",  # NVIDIA
        f"RPReplay_Final{(START_US + MINUTE_US) // SECOND_US}.mp4",  # iOS
    ],
)
def test_the_name_of_a_kept_replay_states_its_end(name: str) -> None:
    """It was kept after it had been seen."""
    assert began(name, facts(), MINUTE_US, LATER_US, SHANGHAI).at_us == START_US


@pytest.mark.parametrize(
    "created", ["2026-11-22T01:14:03", "2026-11-22T01:15:03", "2026-11-22T09:14:03", "2026-11-22T09:15:03"]
)
def test_the_files_date_tells_what_a_containers_time_means(created: str) -> None:
    """Start or end, UTC or local time: the meaning by which it ended when the file was last written."""
    assert began("clip.mp4", facts(created), MINUTE_US, START_US + MINUTE_US, SHANGHAI) == Began(START_US, "container")


def test_a_containers_time_is_the_start_in_utc_where_nothing_else_is_known() -> None:
    """So the standard has it; the file was copied."""
    assert began("clip.mp4", facts("2026-11-22T01:14:03"), MINUTE_US, LATER_US, SHANGHAI).at_us == START_US


def test_androids_time_is_the_end() -> None:
    """Its muxer writes the time at which it closes the file."""
    android = facts("2026-11-22T01:15:03", by_android=True)
    assert began("clip.mp4", android, MINUTE_US, LATER_US, SHANGHAI).at_us == START_US


def test_a_time_with_its_own_offset_is_certain() -> None:
    """Apple's note, wherever the file is read."""
    apple = facts("2026-11-22T09:14:03+08:00")
    assert began("clip.mov", apple, MINUTE_US, START_US, ZoneInfo("Europe/Berlin")).at_us == START_US


def test_the_files_date_is_the_end() -> None:
    """Where neither name nor container say anything."""
    assert began("clip.avi", facts(), MINUTE_US, START_US + MINUTE_US, SHANGHAI) == Began(START_US, "date")
