"""Sleep, clocks that are set and held-up recorders, seen between two looks on a simulated clock."""

from __future__ import annotations

import pytest

from recorder.leaps import CLOCK_CHANGED, HELD_UP, SUSPENDED, Leap, Leaps, Look
from tests.support.stores import NOON_US, SECOND_US
from timeline.clock import FixedClock, SystemClock


def at(seconds: float) -> int:
    """The instant so many seconds after noon."""
    return NOON_US + round(seconds * SECOND_US)


@pytest.fixture
def clock() -> FixedClock:
    """Noon."""
    return FixedClock(NOON_US)


@pytest.fixture
def leaps(clock: FixedClock) -> Leaps:
    """Looked at noon, and five seconds later."""
    leaps = Leaps(clock)
    leaps.look()
    clock.advance(5)
    leaps.look()
    return leaps


def test_looks_that_follow_each_other_are_no_leap(clock: FixedClock, leaps: Leaps) -> None:
    """A look has the instant of the wall clock."""
    clock.advance(5)
    assert leaps.look() == Look(at(10))


def test_the_first_look_is_no_leap(clock: FixedClock) -> None:
    """What was before is not known."""
    assert Leaps(clock).look() == Look(at(0))


def test_a_sleep_lasts_from_the_look_before_it_to_the_look_after_it(clock: FixedClock, leaps: Leaps) -> None:
    """Eight hours with a closed lid, a second after the last look."""
    clock.advance(1)
    clock.sleep(8 * 3600)
    clock.advance(0.5)
    assert leaps.look() == Look(at(28806.5), Leap(at(5), at(28806.5), SUSPENDED))


def test_a_short_sleep_is_seen(clock: FixedClock, leaps: Leaps) -> None:
    """The clocks tell of it, not the length of the pause."""
    clock.sleep(4)
    assert leaps.look().leap == Leap(at(5), at(9), SUSPENDED)


def test_a_clock_set_forward_is_a_stretch_of_its_own(clock: FixedClock, leaps: Leaps) -> None:
    """No frame may seem to have stood for the hours that were skipped."""
    clock.advance(1)
    clock.set_by(7200)
    assert leaps.look() == Look(at(7206), Leap(at(5), at(7206), CLOCK_CHANGED))


def test_a_clock_set_back_leaves_no_stretch(clock: FixedClock, leaps: Leaps) -> None:
    """The instants follow the wall clock back, and the leap says so."""
    clock.advance(1)
    clock.set_by(-3600)
    look = leaps.look()
    assert look == Look(at(-3594), Leap(at(5), at(-3594), CLOCK_CHANGED))


def test_after_a_leap_looks_go_on(clock: FixedClock, leaps: Leaps) -> None:
    """A leap is told once."""
    clock.set_by(-3600)
    leaps.look()
    clock.advance(1)
    assert leaps.look() == Look(at(-3594))


def test_a_small_step_back_is_bridged(clock: FixedClock, leaps: Leaps) -> None:
    """Instants wait for the clock: they never go back, and no leap is made of a second and a half."""
    clock.advance(0.5)
    clock.set_by(-1.5)
    assert leaps.look() == Look(at(5) + 1)
    clock.advance(0.5)
    assert leaps.look() == Look(at(5) + 2)
    clock.advance(2)
    assert leaps.look() == Look(at(6.5))


def test_a_clock_set_right_on_waking_is_a_sleep(clock: FixedClock, leaps: Leaps) -> None:
    """The stretch ends at what the clock says now."""
    clock.sleep(3600)
    clock.set_by(10)
    assert leaps.look().leap == Leap(at(5), at(3615), SUSPENDED)


def test_a_recorder_that_was_held_up_did_not_see_the_screen(clock: FixedClock, leaps: Leaps) -> None:
    """A stopped process knows nothing of the minute in which it stood."""
    clock.advance(60)
    assert leaps.look().leap == Leap(at(5), at(65), HELD_UP)


def test_a_late_look_is_no_leap(clock: FixedClock, leaps: Leaps) -> None:
    """A busy machine may be late by many seconds."""
    clock.advance(20)
    assert leaps.look().leap is None


def test_the_machines_clocks_agree_while_it_is_awake() -> None:
    """Two looks of the real clock, one right after the other, are no leap."""
    leaps = Leaps(SystemClock())
    first, second = leaps.look(), leaps.look()
    assert second.leap is None
    assert second.at_us > first.at_us
