"""Ages are counted by a clock that is believed: one that is set far forward for a moment makes nothing old."""

from __future__ import annotations

import pytest

from dayreel.trusted_time import Sight, Trusted
from tests.support.stores import NOON_US, SECOND_US

HOUR_S, DAY_S = 3600, 86_400
FAR_S = 73 * 365 * DAY_S  # 2098


def sight(at_s: float, boot_s: float, boot: str = "first") -> Sight:
    """Return what the clocks say so long after noon."""
    return Sight(NOON_US + round(at_s * SECOND_US), round(boot_s), boot)


BEGUN = Trusted(sight(0, 100))


def believed_s(trusted: Trusted) -> float:
    """Return the instant that is believed, in seconds after noon."""
    return (trusted.known.at_us - NOON_US) / SECOND_US


def test_a_clock_that_goes_on_is_believed():
    """Also over days of sleep, which the time since the start counts."""
    assert believed_s(BEGUN.after(sight(9 * DAY_S, 100 + 9 * DAY_S))) == 9 * DAY_S


def test_a_clock_set_forward_is_not_believed():
    """More time than has passed: nothing grows older, as often as it is asked."""
    once = BEGUN.after(sight(FAR_S, 160))
    assert believed_s(once) == 0
    assert believed_s(once.after(sight(FAR_S + 60, 220))) == 0


def test_a_clock_set_forward_by_a_day_is_not_believed():
    """What is kept for a day would go."""
    assert believed_s(BEGUN.after(sight(DAY_S, 100 + HOUR_S))) == 0


def test_a_clock_set_forward_twice_is_not_believed():
    """The second time does not confirm the first."""
    once = BEGUN.after(sight(FAR_S, 160))
    assert believed_s(once.after(sight(FAR_S + 99 * DAY_S, 200))) == 0


def test_a_clock_that_was_put_right_again_is_believed_at_once():
    """Whatever was doubted is forgotten."""
    assert believed_s(BEGUN.after(sight(FAR_S, 160)).after(sight(300, 400))) == 300


def test_a_clock_set_back_is_believed():
    """By that nothing becomes older."""
    assert believed_s(BEGUN.after(sight(-DAY_S, 160))) == -DAY_S


@pytest.mark.parametrize("boot_s", [50, 100, 150])
def test_a_night_in_which_the_machine_was_off_is_believed(boot_s):
    """However soon after the start somebody looks."""
    assert believed_s(BEGUN.after(sight(20 * HOUR_S, boot_s, "next"))) == 20 * HOUR_S


def test_a_restart_years_later_is_not_believed_at_once():
    """The battery of the machine's clock may be empty."""
    assert believed_s(BEGUN.after(sight(FAR_S, 150, "next"))) == 0


def test_a_holiday_is_believed_after_a_day():
    """The clock went on for a day after the restart."""
    back = BEGUN.after(sight(21 * DAY_S, 50, "next"))
    assert believed_s(back.after(sight(21.5 * DAY_S, 50 + DAY_S / 2, "next"))) == 0
    assert believed_s(back.after(sight(22 * DAY_S, 50 + DAY_S, "next"))) == 22 * DAY_S


def test_a_machine_that_is_used_once_a_week_is_a_week_late():
    """Each start confirms the one before."""
    first = BEGUN.after(sight(7 * DAY_S, 50, "next"))
    assert believed_s(first) == 0
    assert believed_s(first.after(sight(14 * DAY_S, 60, "third"))) == 7 * DAY_S


def test_a_wrong_clock_after_each_start_is_never_believed():
    """Put right by the network some minutes later."""
    trusted = BEGUN
    for day in range(1, 9):
        trusted = trusted.after(sight(FAR_S, 20, f"{day}")).after(sight(day * 20 * HOUR_S, 300, f"{day}"))
        assert believed_s(trusted) == day * 20 * HOUR_S


def test_where_no_start_is_told_a_night_is_believed_and_a_year_is_not():
    """Other systems than Linux."""
    known = Trusted(sight(0, 100, ""))
    assert believed_s(known.after(sight(20 * HOUR_S, 200, ""))) == 20 * HOUR_S
    assert believed_s(known.after(sight(FAR_S, 200, ""))) == 0
