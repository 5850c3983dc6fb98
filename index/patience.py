"""How long one search may take: what is left when the time is over is left out, and that is told.

Owned by one search.  Whoever works in steps asks between them; `index.search` tells the caller.
"""

from __future__ import annotations

import time

LONGEST_S = 0.15  # of gathering by text: with meaning, reading and marking a search stays below a quarter of a second


class Patience:
    """A point in time from which on only what must be done is done."""

    def __init__(self) -> None:
        self._until_s = time.monotonic() + LONGEST_S
        self.was_bounded = False
        """Whether anything was left out, for time or for number."""

    @property
    def is_over(self) -> bool:
        """Whether the time is over."""
        return time.monotonic() > self._until_s
