"""No memory of ours on the disk: a crash leaves no core file, and nobody but root may look into the process.

Owns what is asked of the system for it, for processes that hold the key and pictures of the screen for long.  Called
where they begin; each process must ask for itself, since a new program starts with the system's defaults.
"""

from __future__ import annotations

import sys
from contextlib import suppress

_SET_DUMPABLE = 4  # PR_SET_DUMPABLE, prctl(2): a limit on the size does not hold where a program takes the dumps


def forbid_crash_dumps() -> None:
    """Let a crash of this process leave nothing but the line in the system's log."""
    if sys.platform == "win32":
        return
    import resource

    with suppress(OSError, ValueError):  # a system that allows no change of it
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if sys.platform == "linux":
        import ctypes

        ctypes.CDLL(None).prctl(_SET_DUMPABLE, 0, 0, 0, 0)
