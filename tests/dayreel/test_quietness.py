"""What the system tells of battery and processors, from folders like those of Linux."""

from __future__ import annotations

from pathlib import Path

import pytest

from dayreel.quietness import battery_below, is_busy, on_battery


def supply(system: Path, name: str, status: str, capacity: str) -> None:
    """Write what the kernel tells of a battery."""
    folder = system / "sys/class/power_supply" / name
    folder.mkdir(parents=True)
    (folder / "status").write_text(f"{status}\n")
    (folder / "capacity").write_text(f"{capacity}\n")


def test_a_machine_without_a_battery_never_waits_for_one(tmp_path: Path) -> None:
    """Nothing is told: nothing is low."""
    assert not battery_below(100, tmp_path)


@pytest.mark.parametrize(("status", "capacity", "low"), [
    ("Discharging", "14", True),
    ("Discharging", "15", False),
    ("Charging", "3", False),
    ("Discharging", "unknown", False),
])  # fmt: skip
def test_a_battery_is_low_when_it_is_emptied_and_below(tmp_path: Path, status: str, capacity: str, low: bool) -> None:
    """At the level itself, and while it is charged, it is not."""
    supply(tmp_path, "BAT0", status, capacity)
    assert battery_below(15, tmp_path) == low


def test_of_several_batteries_the_fullest_counts(tmp_path: Path) -> None:
    """A mouse that is nearly empty stops nothing."""
    supply(tmp_path, "BAT0", "Discharging", "60")
    supply(tmp_path, "hidpp_battery_0", "Discharging", "5")
    assert on_battery(tmp_path)
    assert not battery_below(15, tmp_path)


@pytest.mark.parametrize(("percent", "busy"), [("0.00", False), ("35.10", True)])
def test_a_machine_is_busy_when_tasks_wait(tmp_path: Path, percent: str, busy: bool) -> None:
    """As the kernel's pressure of the last ten seconds tells."""
    (tmp_path / "proc/pressure").mkdir(parents=True)
    (tmp_path / "proc/pressure/cpu").write_text(f"some avg10={percent} avg60=0.00 avg300=0.00 total=1\n")
    assert is_busy(tmp_path) == busy
