"""The trigger where a display does not tell what was drawn on it: none; the recorder looks again and again.

The fallback for displays without XDamage, and for compositors that pass it by.
"""

from __future__ import annotations

from timeline.closing import Closing
from timeline.model import Box


class Polling(Closing):
    """Never tells anything: `polled` says that the whole screen must be looked at."""

    polled = True

    def take(self) -> tuple[Box, ...]:
        return ()

    def close(self) -> None:
        """Nothing is open."""
