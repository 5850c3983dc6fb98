"""`dayreel status`: what is recorded, what waits, what it takes on the disk, and what to know."""

from __future__ import annotations

import argparse
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from dayreel import background, shapes
from dayreel.commands.pause import until_iso
from dayreel.conditions import Condition, warnings_of
from dayreel.context import Context
from dayreel.locks import holder
from dayreel.quietness import battery_below
from dayreel.retaining import agreed
from dayreel.settings import OcrSettings
from dayreel.sizes import size_text
from dayreel.store import Store
from timeline.clock import SECOND_US, iso
from timeline.errors import NothingFound
from timeline.growth import daily_bytes, days_left
from timeline.hidden import frames_hiding
from timeline.home import DISK_FULL, Home
from timeline.model import Frame, Gap, Interval
from timeline.pausing import Pausing
from timeline.reader import Reader, StoreCounts
from timeline.segment_file import PLAIN_SUFFIX
from timeline.standing import Standing
from timeline.surroundings import synced_warning, unsafe
from timeline.usage import HomeBytes, Usage

GAPS_SINCE_US = 7 * 24 * 3600 * SECOND_US  # the gaps of a week are shown


def run(context: Context, options: argparse.Namespace) -> int:
    """Print the state of a home; an empty one is no error."""
    del options
    state = _state(context)
    if context.as_json:
        context.data(state)
        return 0
    running = "recording" if state["recording"] else "not recording"
    context.say(f"{context.home.root}: {running}{_paused(state)}")
    context.say(f"{state['frames']} frames, {state['moments']} moments, {state['passages']} passages")
    context.say(f"{state['pending']} frames wait to be read; newest frame {state['newest_frame'] or 'none'}")
    context.say("on the disk: " + ", ".join(f"{name} {size_text(size)}" for name, size in state["bytes"].items()))
    context.say(_budget_line(state["budget"]))
    if state["hidden"]:
        context.say("hidden on frames: " + ", ".join(f"{kind} {count}" for kind, count in state["hidden"].items()))
    for gap in state["gaps"]:
        context.say(f"nothing recorded {gap['start']} - {gap['end']}: {gap['reason']}")
    for warning in state["warnings"]:
        context.say(f"note: {warning}")
    return 0


def _paused(state: dict[str, Any]) -> str:
    if not state["paused"]:
        return ""
    return f", paused until {state['paused_until'] or '`dayreel resume`'}"


@dataclass(frozen=True, slots=True)
class _Held:
    """What the store holds; nothing while there is none."""

    counts: StoreCounts = field(default_factory=lambda: StoreCounts(0, 0, 0, 0, 0))
    newest: Frame | None = None
    searchable: Frame | None = None
    gaps: tuple[shapes.Json, ...] = ()
    daily_bytes: float | None = None
    hidden: dict[str, int] = field(default_factory=dict)


def _state(context: Context) -> dict[str, Any]:
    home, storage = context.home, context.settings.storage
    used, free_bytes = Usage(home).measure(), _free_bytes(home)
    condition = Condition(home.root, home.log, used.total, storage.budget_bytes, free_bytes, storage.spool)
    unagreed = not agreed(home, context.settings.retention)
    condition = replace(condition, waits_for_power=_waits_for_power(context.settings.ocr))
    condition = replace(condition, synced=synced_warning(home.root), unagreed=unagreed)
    condition = replace(condition, unsafe=tuple(unsafe(home.root)))
    held, warnings = _Held(), list[str]()
    pause = Pausing(home, context.clock).current()
    try:
        with Store.open(home, context.settings) as store:
            if store.key.kept_in == "file":
                condition = replace(condition, key_in_file=home.key_file)
            if home.database.exists():
                held = _held(store, used, context.clock.now_us())
                lasting = _lasting(home, context.clock.now_us())
                condition = replace(condition, waits_for_room=lasting is not None and lasting.reason == DISK_FULL)
                condition = _with_store(condition, store.reader, held, reads=_is_read(home))
    except NothingFound as nothing:
        warnings.append(str(nothing))
    return {
        "recording": background.recording(home),
        "paused": pause is not None,
        "paused_until": until_iso(pause, context.clock),
        "pending": held.counts.pending,
        "newest_frame": _start(held.newest),
        "newest_searchable": _start(held.searchable),
        "frames": held.counts.frames,
        "moments": held.counts.moments,
        "passages": held.counts.passages,
        "bytes": asdict(used),
        "budget": {
            "bytes": storage.budget_bytes,
            "used": used.total,
            "days_left": days_left(held.daily_bytes, used.total, storage.budget_bytes, free_bytes),
        },
        "hidden": held.hidden,
        "gaps": list(held.gaps),
        "warnings": [*warnings, *warnings_of(condition)],
    }


def _held(store: Store, used: HomeBytes, now_us: int) -> _Held:
    reader = store.reader
    return _Held(
        counts=reader.counts(),
        newest=reader.newest_frame(),
        searchable=reader.newest_searchable(),
        gaps=tuple(shapes.gap(gap) for gap in _gaps(store, now_us)),
        daily_bytes=daily_bytes(store.home, reader, used, now_us),
        hidden=frames_hiding(reader.db),
    )


def _gaps(store: Store, now_us: int) -> list[Gap]:
    """Return the gaps of a week, and the one that lasts though the timeline has no room for it."""
    told = store.reader.gaps(Interval(now_us - GAPS_SINCE_US, now_us))
    lasting = _lasting(store.home, now_us)
    if lasting is None:
        return told
    return [*(gap for gap in told if gap.start_us < lasting.start_us), lasting]


def _lasting(home: Home, now_us: int) -> Gap | None:
    return Standing(home).gap(now_us) if background.recording(home) else None


def _with_store(condition: Condition, reader: Reader, held: _Held, *, reads: bool) -> Condition:
    pixels = reader.segment_pixels()
    return replace(
        condition,
        reads=reads,
        failed=reader.failures(),
        unspooled=reader.unspooled(),
        text_only=held.newest is not None and reader.segment(held.newest.segment_id).pixels == "gone",
        plain=sum(name.endswith(PLAIN_SUFFIX) for name, what in pixels.items() if what != "gone"),
        gone=sum(what == "gone" for what in pixels.values()),
    )


def _waits_for_power(settings: OcrSettings) -> int | None:
    return settings.least_battery if battery_below(settings.least_battery) else None


def _is_read(home: Home) -> bool:
    return not background.recording(home) or holder(home, "worker") is not None


def _free_bytes(home: Home) -> int:
    import shutil

    there = next(folder for folder in (home.root, *home.root.parents) if folder.exists())
    return shutil.disk_usage(there).free


def _budget_line(budget: dict[str, Any]) -> str:
    limit = "no budget" if budget["bytes"] is None else f"budget {size_text(budget['bytes'])}"
    lasts = "" if budget["days_left"] is None else f", enough for about {budget['days_left']:.0f} days"
    return f"{limit}: {size_text(budget['used'])} used{lasts}"


def _start(frame: Frame | None) -> str | None:
    return None if frame is None else iso(frame.start_us, frame.offset_s)
