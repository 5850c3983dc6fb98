"""Starting workday.py, which plays scenes on a screen of its own and writes down what each state showed."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

DISPLAYS = range(150, 700)


def start_day(
    player: Path, scenes: Path | None, display: str, truth: Path, ready: Path, begin: Path
) -> subprocess.Popen[bytes]:
    """Start the player: it makes `ready` when the screen is up, and plays once `begin` is there."""
    chosen = ["--scenes", str(scenes.resolve())] if scenes else []
    return subprocess.Popen(
        [sys.executable, str(player), "--display", display, "--truth", str(truth), "--ready", str(ready),
         "--wait", str(begin), *chosen]
    )  # fmt: skip


def free_display() -> str:
    """Return a display that no X server on this machine has."""
    return f":{next(number for number in DISPLAYS if not Path(f'/tmp/.X{number}-lock').exists())}"
