"""What was secret a moment ago: its pixels may still stand though no window says so any more.

Owns the places of excluded windows of the last second and a half.  Windows run ahead of pixels: a title changes up to a
second before its page, and what lies below a closed or minimised window is painted when its program gets to it.  Called
by the recorder, which paints these places over like those of windows that are excluded now.
"""

from __future__ import annotations

from collections.abc import Iterable

from timeline.model import Box

LINGER_S = 1.5  # a page is painted a second after its title at the latest (measured with Chromium on a busy machine)


class Lingering:
    """The places that were secret lately.  `now_s` is of a clock that never jumps."""

    def __init__(self) -> None:
        self._secret: frozenset[Box] = frozenset()
        self._left_s: dict[Box, float] = {}

    def note(self, secret: Iterable[Box], now_s: float) -> None:
        """Note what is secret now; a place that is so no more begins to linger, however long nobody looked."""
        now = frozenset(secret)
        self._left_s = {
            box: left_s for box, left_s in self._left_s.items() if box not in now and _lingers(left_s, now_s)
        }
        self._left_s.update(dict.fromkeys(self._secret - now, now_s))
        self._secret = now

    def masks(self, now_s: float) -> tuple[Box, ...]:
        """Return what to paint over beside what is secret now."""
        return tuple(box for box, left_s in self._left_s.items() if _lingers(left_s, now_s))

    def due_in_s(self, now_s: float) -> float | None:
        """Return the seconds until a place may be seen again; None when there is none."""
        ends = [left_s + LINGER_S - now_s for left_s in self._left_s.values() if _lingers(left_s, now_s)]
        return max(0.01, min(ends)) if ends else None


def _lingers(left_s: float, now_s: float) -> bool:
    return now_s - left_s < LINGER_S
