"""Runs: stretches in which a window, or windows of one sort, stood on the screen without another between.

Pure.  What "how often" counts and what "right before" means.  Called by the answers that count and order.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from assistant.sessions import BREAK_US, Activity, Stretch, joined
from timeline.clock import SECOND_US
from timeline.model import Window

GLANCE_US = 2 * SECOND_US  # what stood for less was on its way in or out; it is no visit while others were longer


@dataclass(frozen=True, slots=True)
class Run(Stretch):
    """Consecutive activities."""

    activities: tuple[Activity, ...]

    @property
    def window(self) -> Window:
        """The window that stood longest."""
        return max(self.activities, key=lambda each: each.active_us).window


def runs(every: Sequence[Activity], matches: Callable[[Window], bool]) -> list[Run]:
    """Return the runs of the windows that match; a break of minutes, or another window, ends one."""
    found: list[list[Activity]] = []
    last_at = -2
    for at, each in enumerate(every):
        if not matches(each.window):
            continue
        if found and at == last_at + 1 and each.start_us - found[-1][-1].end_us <= BREAK_US:
            found[-1].append(each)
        else:
            found.append([each])
        last_at = at
    made = [Run(tuple(each)) for each in found]
    return [one for one in made if one.active_us >= GLANCE_US] or made


def window_runs(every: Sequence[Activity]) -> list[Run]:
    """Return all windows in the order in which they came, each as long as it stayed; glances are left out."""
    made = joined(every, lambda last, each: last.window == each.window and each.start_us - last.end_us <= BREAK_US)
    return [Run(tuple(one)) for one in made if sum(each.active_us for each in one) >= GLANCE_US]
