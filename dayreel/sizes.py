"""Sizes as people write and read them: decimal units, as disks are sold."""

from __future__ import annotations

import re

_SIZE = re.compile(r"(\d{1,9}(?:\.\d{1,3})?) ?(kB|MB|GB|TB)")
_UNITS = ("B", "kB", "MB", "GB", "TB")
_BYTES = {"kB": 10**3, "MB": 10**6, "GB": 10**9, "TB": 10**12}


def size_bytes(text: str) -> int | None:
    """Return the bytes of a size like `50 GB`; None for an empty one: no limit.  Raises ValueError."""
    if not text.strip():
        return None
    found = _SIZE.fullmatch(text.strip())
    if found is None:
        raise ValueError("a size is a number with kB, MB, GB or TB")
    return round(float(found[1]) * _BYTES[found[2]])


def size_text(size: float) -> str:
    """Return a number of bytes in the unit that suits it."""
    shown, unit = float(size), 0
    while abs(shown) >= 1000 and unit < len(_UNITS) - 1:
        shown, unit = shown / 1000, unit + 1
    return f"{shown:.0f} B" if unit == 0 else f"{shown:.1f} {_UNITS[unit]}"
