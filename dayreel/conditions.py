"""What to know about a home besides what it holds: room, budget, encryption, what reads it.  Each is one sentence.

Owns these sentences and when they are said; measures nothing itself.  Called by `dayreel status`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from dayreel.sizes import size_text
from timeline.home import LEAST_FREE_BYTES
from timeline.thinning import NEAR_SHARE

FULL_BYTES = 500_000  # free: less than a page and its text need; a recorder that waits for room says so itself


@dataclass(frozen=True, slots=True)
class Condition:
    """The state of a home, as far as a warning may come of it."""

    root: Path
    log: Path
    used_bytes: int
    budget_bytes: int | None
    free_bytes: int
    spool_setting: str
    unsafe: tuple[str, ...] = ()
    """Why others may read or change the home, each with what to do."""
    key_in_file: Path | None = None
    """Where the key lies, when no keyring keeps it."""
    reads: bool = True
    """Whether something reads the frames, or nothing has to."""
    failed: Mapping[str, int] = field(default_factory=dict)
    """Why frames could not be read, and how many for each reason."""
    waits_for_power: int | None = None
    """The battery's level below which reading waits, when it is below."""
    unspooled: int = 0
    plain: int = 0
    gone: int = 0
    text_only: bool = False
    """Whether the newest frame was kept without its picture."""
    unagreed: bool = False
    """Whether the settings let go of old things, and nobody has agreed to that."""
    synced: str | None = None
    """What to know of a home that is copied to other machines."""
    waits_for_room: bool = False
    """Whether a recorder says that the disk is full."""


def warnings_of(now: Condition) -> list[str]:
    """Return what to know about a home, each in a sentence or two that says what to do."""
    return [*_about_the_store(now), *_about_reading(now), *_about_room(now)]


def _about_the_store(now: Condition) -> Iterator[str]:
    yield from now.unsafe
    if now.plain:
        yield (
            f"{now.plain} video segments of an earlier version are not encrypted yet:"
            " the worker does it while nothing waits to be read."
        )
    if now.unagreed:
        yield "Nothing is let go by its age yet: `dayreel retain` shows what the settings would remove, and asks."
    if now.synced is not None:
        yield now.synced
    if now.key_in_file is not None:
        readers = "" if now.unsafe else " (readable by its owner only)"
        yield f"The key is kept in the file {now.key_in_file}{readers}, not in a keyring."


def _about_reading(now: Condition) -> Iterator[str]:
    if not now.reads:
        yield f"The process that reads the frames does not run now; if this stays so, see {now.log}."
    if now.waits_for_power is not None:
        yield (
            f"Reading waits: the battery is below {now.waits_for_power} % (ocr.least_battery)."
            " Pictures are kept meanwhile; `dayreel work --until-idle` reads them now."
        )
    if now.failed:
        reasons = ", ".join(f"{why or 'for an unknown reason'} ({number})" for why, number in now.failed.items())
        count = sum(now.failed.values())
        yield f"{count} frames could not be read and were set aside: {reasons}. Their pictures are kept."
    if now.unspooled:
        yield (
            f"{now.unspooled} frames wait to be read from the video: reading lags, and unread pictures have reached"
            f" storage.spool ({now.spool_setting}). Nothing is lost."
        )


def _about_room(now: Condition) -> Iterator[str]:
    if now.gone:
        yield f"The pictures of {now.gone} segments were let go, by their age or to keep within storage.budget."
    if now.budget_bytes is not None and now.used_bytes >= now.budget_bytes and now.text_only:
        yield (
            f"The budget of {size_text(now.budget_bytes)} is used up by what must not be let go: text is recorded"
            " without pictures. Raise storage.budget to go on with both."
        )
    elif now.budget_bytes is not None and now.used_bytes >= NEAR_SHARE * now.budget_bytes:
        yield (
            f"{size_text(now.used_bytes)} of the budget of {size_text(now.budget_bytes)} are used: the oldest pictures"
            " are being let go, text stays. Raise storage.budget to keep more."
        )
    if now.waits_for_room or now.free_bytes < FULL_BYTES:
        yield (
            f"The disk of {now.root} is full: nothing is recorded or read. Free some space; both then go on by"
            " themselves within half a minute."
        )
    elif now.free_bytes < LEAST_FREE_BYTES:
        yield f"Only {size_text(now.free_bytes)} are free on the disk of {now.root}: free some or lower storage.budget."
