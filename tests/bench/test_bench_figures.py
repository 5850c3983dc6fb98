"""The small sums that the benchmarks' figures are made of."""

from __future__ import annotations

from bench.crash import unaccounted_us
from bench.formats import place_at
from bench.left_store import Reach
from bench.power_cut import lost_s


def test_frames_and_gaps_account_for_a_recording() -> None:
    """Overlaps count once; what lies after the last frame is no part of it."""
    assert unaccounted_us([(0, 10), (20, 30)], [(10, 20), (30, 99)]) == 0


def test_a_hole_is_counted() -> None:
    """Between two frames, before and after a gap."""
    assert unaccounted_us([(0, 10), (20, 30)], [(12, 15)]) == 7


def test_nothing_recorded_leaves_nothing_unaccounted() -> None:
    """Without a frame there is no recording."""
    assert unaccounted_us([], [(0, 10)]) == 0


def test_a_way_shows_its_last_picture_before_an_instant() -> None:
    """The first one where all are later."""
    assert [place_at([1.0, 2.0, 3.0], at_s) for at_s in (0.5, 1.0, 2.9, 9.0)] == [0, 0, 1, 2]


def test_seconds_lost_are_those_known_before() -> None:
    """All since the first frame, where none is left."""
    before = Reach(3, 10_000_000, 14_500_000)
    assert lost_s(Reach(2, 10_000_000, 13_000_000), before) == 1.5
    assert lost_s(Reach(0, 0, 0), before) == 4.5
