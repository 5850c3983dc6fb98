"""Giving freed pictures back to the system.

Called once, by a process that records.  A frame of 1080p is 8 MB; glibc learns from the first ones that blocks of this
size come often and keeps them in its heap, where small blocks that live longer pin them: 50 to 70 MB more, measured by
bench/long_day.py.
"""

from __future__ import annotations

import ctypes
import sys

_MMAP_THRESHOLD = -3  # M_MMAP_THRESHOLD of mallopt(3); setting it also ends its growing
LARGE_BYTES = 262_144  # larger blocks are mapped one by one, and unmapped when they are freed


def give_back_large_blocks() -> None:
    """Let freed pictures leave this process; nothing where the C library is not glibc."""
    if sys.platform == "linux":
        mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
        if mallopt is not None:
            mallopt(_MMAP_THRESHOLD, LARGE_BYTES)
