"""`dayreel status`: what is recorded, what waits, what it takes on the disk, and what to know."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from dayreel import background, shapes
from dayreel.context import Context
from dayreel.locks import holder
from dayreel.store import Store
from timeline.clock import SECOND_US
from timeline.errors import NothingFound
from timeline.home import LEAST_FREE_BYTES, Home
from timeline.model import Frame, Interval
from timeline.reader import StoreCounts

GAPS_SINCE_US = 7 * 24 * 3600 * SECOND_US  # the gaps of a week are shown
_UNITS = ("B", "kB", "MB", "GB", "TB")


def run(context: Context, options: argparse.Namespace) -> int:
    """Print the state of a home; an empty one is no error."""
    del options
    state = _state(context)
    if context.as_json:
        context.data(state)
        return 0
    running = "recording" if state["recording"] else "not recording"
    context.say(f"{context.home.root}: {running}")
    context.say(f"{state['frames']} frames, {state['moments']} moments, {state['passages']} passages")
    context.say(f"{state['pending']} frames wait to be read; newest frame {state['newest_frame'] or 'none'}")
    context.say("on the disk: " + ", ".join(f"{name} {_size(size)}" for name, size in state["bytes"].items()))
    for gap in state["gaps"]:
        context.say(f"nothing recorded {gap['start']} - {gap['end']}: {gap['reason']}")
    for warning in state["warnings"]:
        context.say(f"note: {warning}")
    return 0


def _state(context: Context) -> dict[str, Any]:
    counts, newest, searchable, gaps = StoreCounts(0, 0, 0, 0, 0), None, None, []
    warnings: list[str] = []
    try:
        with Store.open(context.home, context.settings) as store:
            kept_in = store.key.kept_in
            if context.home.database.exists():
                now = context.clock.now_us()
                counts, newest = store.reader.counts(), store.reader.newest_frame()
                searchable = store.reader.newest_searchable()
                gaps = [shapes.gap(gap) for gap in store.reader.gaps(Interval(now - GAPS_SINCE_US, now))]
            warnings += _warnings(context.home, kept_in, counts)
    except NothingFound as nothing:
        warnings.append(str(nothing))
    return {
        "recording": background.recording(context.home),
        "paused_until": None,
        "pending": counts.pending,
        "newest_frame": _start(newest),
        "newest_searchable": _start(searchable),
        "frames": counts.frames,
        "moments": counts.moments,
        "passages": counts.passages,
        "bytes": _bytes(context.home),
        "gaps": gaps,
        "warnings": warnings,
    }


def _warnings(home: Home, kept_in: str, counts: StoreCounts) -> list[str]:
    import shutil

    warnings = ["The video segments are not encrypted; the database, the indexes and the spool are."]
    if kept_in == "file":
        warnings.append(f"The key is kept in the file {home.key_file} (readable by its owner only), not in a keyring.")
    if background.recording(home) and holder(home, "worker") is None:
        warnings.append(f"The process that reads the frames does not run now; if this stays so, see {home.log}.")
    if counts.failed:
        warnings.append(f"{counts.failed} frames could not be read and were set aside; their pictures are kept.")
    free = shutil.disk_usage(home.root).free
    if free < LEAST_FREE_BYTES:
        warnings.append(f"Only {_size(free)} are free on the disk of {home.root}.")
    return warnings


def _bytes(home: Home) -> dict[str, int]:
    return {
        "video": _tree_bytes(home.video),
        "database": _database_bytes(home.database),
        "index": _database_bytes(home.index_database) + _file_bytes(home.vectors),
        "spool": _tree_bytes(home.spool),
        "thumbnails": 0,
    }


def _database_bytes(path: Path) -> int:
    return sum(_file_bytes(path.with_name(path.name + suffix)) for suffix in ("", "-wal", "-shm"))


def _file_bytes(path: Path) -> int:
    try:
        return path.stat().st_size
    except FileNotFoundError:
        return 0


def _tree_bytes(folder: Path) -> int:
    return sum(_file_bytes(path) for path in folder.rglob("*") if path.is_file())


def _start(frame: Frame | None) -> str | None:
    from timeline.clock import iso

    return None if frame is None else iso(frame.start_us, frame.offset_s)


def _size(size: float) -> str:
    for unit in _UNITS:
        if size < 1000 or unit == _UNITS[-1]:
            return f"{size:.0f} {unit}" if unit == "B" else f"{size:.1f} {unit}"
        size /= 1000
    return ""
