"""When a screenshot was taken: from its name as the usual tools write it, else from EXIF, else from the file's date.

Pure but for `taken_at`, which may open the file for its EXIF.  Names hold local time without an offset, so the zone's
rules give it.  Called by recorder.screenshot_files and recorder.video_time; the only file of this
room that imports Pillow.

    GNOME      Screenshot from 2023-01-20 16-04-00.png          截图 2023-01-20 16-04-00.png
    macOS      Screenshot 2023-01-20 at 4.04.00 PM.png          截屏2023-01-20 16.04.00.png (also 下午4.04.00)
    Windows    Screenshot 2023-01-20 160400.png                 屏幕截图 2023-01-20 160400.png
    ShareX     2023-01-20_16-04-00.png                          firefox_2023-01-20_16-04-00.png
    Flameshot  2023-01-20_16-04.png                             2023-01-20_16-04_1.png (the second of that minute)
    Spectacle  Screenshot_20230120_160400.png
    Android    Screenshot_20230120-160400_Chrome.jpg            Screenshot_2023-01-20-16-04-00-123_com.example.jpg
    WeChat     微信截图_20230120160400.png
"""

from __future__ import annotations

import re
import warnings
from datetime import datetime, tzinfo
from pathlib import Path

from timeline.clock import to_local

_EXIF_IFD = 0x8769
_DATE_TIME_ORIGINAL = 0x9003
_OFFSET_TIME_ORIGINAL = 0x9011

# A date, then a time whose fields share one separator, so that the "_1" of a second file is not taken as seconds.
_STAMP = re.compile(
    r"""(?<!\d)
    (?P<year>(?:19|20)\d\d) (?P<date_mark>[-_.]?) (?P<month>\d\d) (?P=date_mark) (?P<day>\d\d)
    (?:\s*[_T-]\s*|\s+at\s+|\s*)
    (?P<half_zh>上午|下午)?
    (?: (?P<hour>\d{1,2}) (?P<mark>[-.:_]) (?P<minute>\d\d) (?:(?P=mark)(?P<second>\d\d))?
      | (?P<compact>\d{4}(?:\d\d)?) )
    (?!\d)
    (?:\s*(?P<half>[ap])\.?m\b)?""",
    re.VERBOSE | re.IGNORECASE,
)


def time_in_name(name: str) -> datetime | None:
    """Return the local time, without a zone, that a screenshot's file name states, or None when it states none."""
    for match in _STAMP.finditer(name):
        try:
            return _moment(match)
        except ValueError:  # digits that are no date, such as 2023-13-40
            continue
    return None


def taken_at(path: Path, zone: tzinfo | None = None) -> datetime:
    """Return when a picture was taken, with its offset: by name, else EXIF, else the file's date of change."""
    named = time_in_name(path.name)
    if named is not None:
        return _localised(named, zone)
    return _time_in_exif(path, zone) or to_local(path.stat().st_mtime_ns // 1000, zone)


def _moment(match: re.Match[str]) -> datetime:
    """Return the time of a match.  Raises ValueError when its digits are none."""
    hour, minute, second = _clock_fields(match)
    half = {"上午": "a", "下午": "p"}.get(match["half_zh"] or "", (match["half"] or "").lower())
    if half:
        if not 1 <= hour <= 12:
            raise ValueError(f"no hour of a half day: {hour}")
        hour = hour % 12 + (12 if half == "p" else 0)
    return datetime(int(match["year"]), int(match["month"]), int(match["day"]), hour, minute, second)  # noqa: DTZ001 - a name states no zone


def _clock_fields(match: re.Match[str]) -> tuple[int, int, int]:
    compact = match["compact"]
    if compact:
        return int(compact[:2]), int(compact[2:4]), int(compact[4:] or 0)
    return int(match["hour"]), int(match["minute"]), int(match["second"] or 0)


def _localised(naive: datetime, zone: tzinfo | None) -> datetime:
    return naive.astimezone() if zone is None else naive.replace(tzinfo=zone)


def _time_in_exif(path: Path, zone: tzinfo | None) -> datetime | None:
    """Return EXIF's DateTimeOriginal, with its own offset where it states one; None without it or when damaged."""
    from PIL import Image

    try:
        with warnings.catch_warnings(action="ignore"), Image.open(path) as picture:  # odd metadata, large sizes
            tags = picture.getexif().get_ifd(_EXIF_IFD)
        taken = datetime.strptime(str(tags[_DATE_TIME_ORIGINAL]), "%Y:%m:%d %H:%M:%S")  # noqa: DTZ007 - zone added below
        stated = tags.get(_OFFSET_TIME_ORIGINAL)
        return datetime.fromisoformat(f"{taken.isoformat()}{stated}") if stated else _localised(taken, zone)
    except (OSError, SyntaxError, KeyError, ValueError, Image.DecompressionBombError):
        # no picture, no EXIF, no such tag, no date in it, a size that Pillow will not open
        return None
