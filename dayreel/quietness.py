"""Whether the machine has nothing better to do: nobody waits for the processor, and it does not run from a battery.

Owns what is asked of the system.  Where the system does not tell, it counts as quiet.  Called by
dayreel.housekeeping, and by the worker before it reads.
"""

from __future__ import annotations

import os
from pathlib import Path

BUSY_PRESSURE = 20.0  # percent of the last 10 s in which something waited for a processor
BUSY_LOAD = 0.7  # tasks a processor, where the system tells no pressure


def is_quiet(system: Path = Path("/")) -> bool:
    """Tell whether work that can wait may be done now."""
    return not on_battery(system) and not is_busy(system)


def on_battery(system: Path = Path("/")) -> bool:
    """Tell whether a battery is being emptied."""
    return any(_text(path) == "Discharging" for path in system.glob("sys/class/power_supply/*/status"))


def battery_below(percent: int, system: Path = Path("/")) -> bool:
    """Tell whether a battery is being emptied and is below a level; where there are several, the fullest counts."""
    levels = [
        int(level)
        for folder in system.glob("sys/class/power_supply/*")
        if _text(folder / "status") == "Discharging" and (level := _text(folder / "capacity")).isdecimal()
    ]
    return bool(levels) and max(levels) < percent


def is_busy(system: Path = Path("/")) -> bool:
    """Tell whether tasks wait for a processor."""
    pressure = _text(system / "proc/pressure/cpu")  # "some avg10=0.55 avg60=... total=...\nfull ..."
    if pressure.startswith("some avg10="):
        return float(pressure.split()[1].removeprefix("avg10=")) > BUSY_PRESSURE
    if not hasattr(os, "getloadavg"):
        return False
    return os.getloadavg()[0] / (os.cpu_count() or 1) > BUSY_LOAD


def _text(path: Path) -> str:
    try:
        return path.read_text().strip()
    except OSError:  # not told here
        return ""
