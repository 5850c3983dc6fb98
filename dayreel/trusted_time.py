"""Until which instant the clock is believed, before something is let go of for its age alone.

A clock that is set to 2099 for a moment must not make everything old.  Owns the rule, no state: what was believed
and what the clocks say now make what is believed from then on.  Called by dayreel.retaining, which keeps it.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from timeline.clock import SECOND_US, Clock

OFF_S = 36 * 3600.0  # a machine may be off overnight and an evening more: so far a restart may go forward unseen
CONFIRMED_AFTER_S = 24 * 3600.0  # a clock that went further forward is believed when it has gone on so long
SET_S = 3600.0  # so far clocks drift apart, and a change to summer time that was done wrongly goes
_BOOT_ID = Path("/proc/sys/kernel/random/boot_id")  # Linux makes one at each start
_BOOT_DIGITS = 8  # of its 36, enough to tell two starts


@dataclass(frozen=True, slots=True)
class Sight:
    """What the clocks said at one look."""

    at_us: int
    """UTC."""
    boot_s: int
    """Seconds since the machine was started, its sleep counted."""
    boot: str
    """Which start that was; "" where the system does not tell: then each look may be after another start."""


@dataclass(frozen=True, slots=True)
class Trusted:
    """The newest instant that is believed, and one beyond it that has still to prove itself."""

    known: Sight
    doubted: Sight | None = None

    def after(self, now: Sight) -> Trusted:
        """Return what is believed after another look."""
        if _between_s(self.known, now) < -SET_S:  # set back: by that nothing becomes older
            return Trusted(now)
        if _follows(self.known, now):
            return Trusted(now)
        doubted = self.doubted
        if doubted is None or _between_s(doubted, now) < -SET_S:  # it was set back since: what was doubted was wrong
            return Trusted(self.known, now)
        if min(_between_s(doubted, now), _elapsed_s(doubted, now)) < CONFIRMED_AFTER_S:
            return self
        return Trusted(now) if _follows(doubted, now) else Trusted(doubted, now)


def look(clock: Clock) -> Sight:
    """Return what the clocks say."""
    try:
        boot = _BOOT_ID.read_text("ascii").strip()[:_BOOT_DIGITS]
    except OSError:  # no Linux
        boot = ""
    return Sight(clock.now_us(), int(clock.boot_s()), boot)


def _follows(known: Sight, now: Sight) -> bool:
    """Tell whether a clock got to where it is by going on: by itself, or while the machine was off for a night."""
    if not _same_start(known, now):
        return _between_s(known, now) <= OFF_S
    return _between_s(known, now) <= _elapsed_s(known, now) + SET_S


def _same_start(one: Sight, other: Sight) -> bool:
    return one.boot != "" and one.boot == other.boot


def _between_s(one: Sight, other: Sight) -> float:
    return (other.at_us - one.at_us) / SECOND_US


def _elapsed_s(one: Sight, other: Sight) -> float:
    """Return how long it really was, as far as that is known: after a restart, as the clock says."""
    return other.boot_s - one.boot_s if _same_start(one, other) else _between_s(one, other)
