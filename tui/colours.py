"""Applications to colours.  Pure: the same applications in the same order always get the same colours."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from zlib import crc32

UNKNOWN = "#6b7089"
"""The colour of a window whose application is unknown."""

GAP = "#3a3f52"
"""The colour of a stretch in which nothing was recorded, for a known reason."""

PALETTE = (
    "#7aa2f7",
    "#9ece6a",
    "#e0af68",
    "#f7768e",
    "#bb9af7",
    "#2ac3de",
    "#ff9e64",
    "#73daca",
    "#d7a6c9",
    "#8ba86a",
    "#5f87d7",
    "#c98a5e",
)


def assign_colours(apps: Iterable[str | None]) -> Mapping[str | None, str]:
    """Return a colour for each application, in the order of first appearance.

    A name prefers the colour of its hash, so it keeps it from day to day; when another of the same day already has it,
    the next free one is taken, so that up to a palette's length of applications stay apart.
    """
    colours: dict[str | None, str] = {None: UNKNOWN}
    taken: set[int] = set()
    for app in apps:
        if app is None or app in colours:
            continue
        slot = crc32(app.casefold().encode()) % len(PALETTE)
        while slot in taken and len(taken) < len(PALETTE):
            slot = (slot + 1) % len(PALETTE)
        taken.add(slot)
        colours[app] = PALETTE[slot]
    return colours
