"""When a screen recording began: from its name as the usual tools write it, else from its container, else its date.

Pure.  Names hold local time without an offset, so the zone's rules give it.  Called by recorder.videos.

    OBS          2026-11-22 09-14-03.mkv              GNOME     Screencast from 2026-11-22 09-14-03.webm
    macOS        Screen Recording 2026-11-22 at 09.14.03.mov    录屏2026-11-22 09.14.03.mov
    Windows      Screen Recording 2026-11-22 091403.mp4         屏幕录制 2026-11-22 091403.mp4
    Game Bar     Notes 2026-11-22 09-14-03.mp4        Notes 11_22_2026 9_14_03 AM.mp4 (the older one)
    ShareX       2026-11-22_09-14-03.mp4              KDE       Screencast_20261122_091403.webm
    NVIDIA       Desktop 2026.11.22 - 09.14.03.02.mp4 Zoom      GMT20261122-011403_Recording.mp4 (UTC)
    Android      Screenrecorder-2026-11-22-09-14-03-123.mp4     Screen_Recording_20261122_091403_Chrome.mp4
    iOS          ScreenRecording_11-22-2026 09-14-03_1.MP4      RPReplay_Final1795310043.mp4 (seconds of UTC)

These names state the start, but that of a replay that was kept afterwards (OBS `Replay ...`, NVIDIA `....DVR.mp4`) and
ReplayKit's state the end.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from typing import Literal

from recorder.screenshot_time import time_in_name
from timeline.clip import ClipFacts
from timeline.clock import SECOND_US, to_us

AGREES_US = 5 * SECOND_US  # a file is closed within so long after its last picture
_ENDS = re.compile(r"^replay\b|\.dvr\.\w+$", re.IGNORECASE)
_SECONDS = re.compile(r"^RPReplay_Final(?P<seconds>\d{10})\b", re.IGNORECASE)
_GREENWICH = re.compile(r"(?:^|[^A-Za-z])GMT(?=\d{8}-\d{6})")
_MONTH_FIRST = re.compile(
    r"(?<!\d)(?P<month>\d\d?)[-_](?P<day>\d\d?)[-_](?P<year>20\d\d)[ _]"
    r"(?P<hour>\d\d?)[-_:](?P<minute>\d\d)[-_:](?P<second>\d\d)(?!\d)(?:[ _](?P<half>[AP])M)?",
    re.IGNORECASE,
)

Source = Literal["name", "container", "date"]


@dataclass(frozen=True, slots=True)
class Began:
    """When a recording began, and what said so."""

    at_us: int
    source: Source


def began(name: str, facts: ClipFacts, length_us: int, changed_us: int, zone: tzinfo | None = None) -> Began:
    """Return when a recording began.  `changed_us` is the date of change of its file, taken to be its end."""
    named = _named_us(name, zone)
    if named is not None:
        return Began(named - (length_us if _names_end(name) else 0), "name")
    if facts.created is not None:
        return Began(_created_us(facts, facts.created, length_us, changed_us, zone), "container")
    return Began(changed_us - length_us, "date")


def stated_in(name: str) -> datetime | None:
    """Return the time that a file's name states, in UTC or, where it is that of a clock, without a zone; else None."""
    seconds = _SECONDS.search(name)
    if seconds is not None:
        return datetime.fromtimestamp(int(seconds["seconds"]), UTC)
    stated = time_in_name(_GREENWICH.sub(" ", name)) or _month_first(name)
    return stated.replace(tzinfo=UTC) if stated is not None and _GREENWICH.search(name) else stated


def _named_us(name: str, zone: tzinfo | None) -> int | None:
    """Return the instant that a file's name states, or None when it states none."""
    stated = stated_in(name)
    if stated is None:
        return None
    return _local_us(stated, zone) if stated.tzinfo is None else to_us(stated)


def _names_end(name: str) -> bool:
    return _ENDS.search(name) is not None or _SECONDS.search(name) is not None


def _month_first(name: str) -> datetime | None:
    match = _MONTH_FIRST.search(name)
    if match is None:
        return None
    hour = int(match["hour"])
    if match["half"]:
        hour = hour % 12 + (12 if match["half"].lower() == "p" else 0)
    try:
        return datetime(  # noqa: DTZ001 - a name states no zone
            int(match["year"]), int(match["month"]), int(match["day"]), hour, int(match["minute"]), int(match["second"])
        )
    except ValueError:
        return None


def _created_us(facts: ClipFacts, created: datetime, length_us: int, changed_us: int, zone: tzinfo | None) -> int:
    """Return the start that a container's time means.

    By the standard it is the start in UTC, by Apple's own note with its offset.  But some write the end (Android), and
    some local time as if it were UTC.  The file's date tells them apart where it was not lost in copying: of the four
    meanings the first counts by which the recording ended when the file was last written.
    """
    if created.tzinfo is not None:
        return to_us(created)
    as_utc, as_local = to_us(created.replace(tzinfo=UTC)), _local_us(created, zone)
    meanings = (as_utc, as_utc - length_us, as_local, as_local - length_us)
    agreeing = (start for start in meanings if abs(start + length_us - changed_us) <= AGREES_US)
    return next(agreeing, as_utc - (length_us if facts.by_android else 0))


def _local_us(naive: datetime, zone: tzinfo | None) -> int:
    return to_us(naive if zone is None else naive.replace(tzinfo=zone))
