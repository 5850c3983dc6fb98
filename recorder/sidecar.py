"""The windows of imported files: `NAME.windows.jsonl` beside the folder or video NAME, one stretch of a window a line.

    {"start": "2026-03-02T09:00:00+08:00", "end": "2026-03-02T09:04:00+08:00", "app": "Chromium", "title": "Design"}

A time without an offset is local; app, title and url may be missing or null.  Reads the file once and keeps it in
memory; writes nothing.  Called by recorder.screenshot_files.
"""

from __future__ import annotations

import json
from bisect import bisect_right
from dataclasses import dataclass
from datetime import datetime, tzinfo
from pathlib import Path

from timeline.clock import to_us
from timeline.errors import WrongUsage
from timeline.model import Interval, Window

SUFFIX = ".windows.jsonl"


@dataclass(frozen=True, slots=True)
class Stretch:
    """One window and when it was the active one."""

    interval: Interval
    window: Window


@dataclass(frozen=True, slots=True)
class Sidecar:
    """The stretches of one file, in order of their start."""

    stretches: tuple[Stretch, ...] = ()

    def window_at(self, at_us: int) -> Window:
        """Return the window of an instant: of stretches that overlap, the one begun last.  Unknown: an empty Window."""
        position = bisect_right(self.stretches, at_us, key=lambda stretch: stretch.interval.start_us)
        for stretch in reversed(self.stretches[:position]):
            if at_us < stretch.interval.end_us:
                return stretch.window
        return Window()

    def window_during(self, span: Interval) -> Window:
        """Return the window that was active for most of a span, of equals the one begun last.

        What a video shows changes a moment before or after the window is told to have changed.
        """
        shares = [
            (_shared_us(stretch.interval, span), stretch.interval.start_us, stretch) for stretch in self.stretches
        ]
        longest = max(shares, key=lambda share: share[:2], default=None)
        return longest[2].window if longest is not None and longest[0] > 0 else Window()


def _shared_us(one: Interval, other: Interval) -> int:
    return min(one.end_us, other.end_us) - max(one.start_us, other.start_us)


def sidecar_of(path: Path) -> Path:
    """Return where the sidecar of a folder or a video stands, whether it is there or not."""
    return path.with_name(path.name + SUFFIX)


def read_sidecar(path: Path, zone: tzinfo | None = None) -> Sidecar:
    """Return the stretches of a sidecar; empty lines are passed over.  Raises WrongUsage at the first bad line."""
    try:
        lines = path.read_text(encoding="utf-8-sig").split("\n")  # splitlines() would also split at U+2028 in a title
    except (OSError, UnicodeDecodeError) as error:
        raise WrongUsage(f"{path} cannot be read as UTF-8 text: mend it or move it away.") from error
    stretches = [_stretch(line, f"{path} line {number}", zone) for number, line in enumerate(lines, 1) if line.strip()]
    return Sidecar(tuple(sorted(stretches, key=lambda stretch: stretch.interval.start_us)))


def _stretch(line: str, place: str, zone: tzinfo | None) -> Stretch:
    try:
        fields = json.loads(line)
    except json.JSONDecodeError as error:
        raise WrongUsage(f"{place} is not JSON: it needs one object with start, end, app and title.") from error
    if not isinstance(fields, dict):
        raise WrongUsage(f"{place} is not an object: it needs start, end, app and title.")
    interval = Interval(_instant(fields, "start", place, zone), _instant(fields, "end", place, zone))
    if interval.end_us <= interval.start_us:
        raise WrongUsage(f"{place} ends before it starts: mend its start or its end.")
    app, title, url = (_text(fields, name, place) for name in ("app", "title", "url"))
    return Stretch(interval, Window(app, title, url))


def _instant(fields: dict[str, object], name: str, place: str, zone: tzinfo | None) -> int:
    value = fields.get(name)
    try:
        moment = datetime.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        moment = None
    if moment is None:
        raise WrongUsage(f'{place} has no usable "{name}": write it as 2026-03-02T09:00:00+08:00.')
    return to_us(moment.replace(tzinfo=zone) if moment.tzinfo is None and zone is not None else moment)


def _text(fields: dict[str, object], name: str, place: str) -> str | None:
    value = fields.get(name)
    if value is not None and not isinstance(value, str):
        raise WrongUsage(f'{place} has a "{name}" that is no text: write it in quotes or leave it out.')
    return value
