"""A screen that changes all the time, and the environment of what is measured on it.

Owns what is shown; the X server is tests/support/virtual_screen.py.  Called by the benchmarks that kill processes or
cut the power.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from dayreel.cli import TELEMETRY_OFF, THREAD_LIMITS
from tests.support.virtual_screen import VirtualScreen, open_virtual_screen

# A line that differs each time, so that each look at the screen finds a change that has settled.
BUSY = 'n=0; while :; do n=$((n+1)); echo "09:14:$n uploader finished item $((n*7919 % 9973))"; sleep 0.4; done'


@contextmanager
def open_busy_screen(folder: Path) -> Iterator[VirtualScreen]:
    """Start a virtual screen with a terminal that prints; `folder` becomes the programs' home folder."""
    folder.mkdir()
    with open_virtual_screen(folder) as screen:
        screen.open_terminal("Busy", "uploader log", "110x40+20+20", BUSY)
        yield screen


def recording_environment(display: str) -> dict[str, str]:
    """Return the environment of a recorder on a display: no keyring, one thread a library."""
    environment = {**os.environ, **dict.fromkeys((*THREAD_LIMITS, *TELEMETRY_OFF), "1")}
    environment.pop("WAYLAND_DISPLAY", None)
    return {**environment, "DISPLAY": display, "PYTHON_KEYRING_BACKEND": "keyring.backends.null.Keyring"}
