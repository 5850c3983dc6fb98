"""When tiles are due, on a clock of the test's own."""

from __future__ import annotations

import numpy as np
import pytest

from recorder.changes import TILE_PX
from recorder.tiles import BURST, FLICKER_SETTLE_S, REFILL_S, RESTLESS_SETTLE_S, SETTLE_S, Tiled, Tiles
from timeline.model import Box

INTERVAL_S = 2.0
ONE = Box(10, 10, 20, 20)
FAR = Box(TILE_PX * 8, TILE_PX * 5, TILE_PX * 8 + 4, TILE_PX * 5 + 4)


@pytest.fixture
def tiles() -> Tiles:
    """A monitor of 10 by 7 tiles, the last row and column cut off."""
    return Tiles(TILE_PX * 10 - 20, TILE_PX * 7 - 30, INTERVAL_S)


def first(tiles: Tiles) -> Tiled:
    """The tile that ONE lies in."""
    return tiles.inside(ONE)


def keep_now_and_then(tiles: Tiles, *times_s: float) -> None:
    """Let the first tile have been kept at these times."""
    for at_s in times_s:
        tiles.keep(first(tiles), at_s)


def test_nothing_is_due_on_a_still_screen(tiles: Tiles) -> None:
    """Without a stir there is nothing to wait for."""
    assert tiles.due_in_s(100.0) is None
    assert not tiles.due(100.0).any()


def test_a_tile_is_due_once_it_has_stood_still(tiles: Tiles) -> None:
    """It settles after its last stir, not after its first."""
    tiles.stir(first(tiles), 10.0)
    tiles.stir(first(tiles), 10.1)
    assert tiles.due_in_s(10.1) == pytest.approx(SETTLE_S)
    assert not tiles.due(10.1 + SETTLE_S - 0.01).any()
    assert np.array_equal(tiles.due(10.1 + SETTLE_S), first(tiles))


def test_a_tile_that_keeps_moving_is_due_once_an_interval(tiles: Tiles) -> None:
    """A film is looked at though it never stands still."""
    times_s = [10 + n / 20 for n in range(41)]
    for at_s in times_s:
        tiles.stir(first(tiles), at_s)
    assert not tiles.due(11.99).any()
    assert tiles.due(12.0).any()


def test_a_moving_tile_does_not_delay_the_rest(tiles: Tiles) -> None:
    """A page beside a spinner is due as if there were none."""
    tiles.stir(tiles.inside(FAR), 10.0)
    tiles.stir(first(tiles), 10.0 + SETTLE_S)
    assert np.array_equal(tiles.due(10.0 + SETTLE_S), tiles.inside(FAR))


def test_a_tile_that_was_looked_at_waits_for_the_next_stir(tiles: Tiles) -> None:
    """Looking is what ends the waiting, whether or not a frame was kept."""
    tiles.stir(first(tiles), 10.0)
    tiles.looked(tiles.due(11.0), 11.0)
    assert not tiles.pending


def test_a_few_keys_are_looked_at_one_by_one(tiles: Tiles) -> None:
    """A restless tile has a burst of looks before it must wait."""
    keep_now_and_then(tiles, 9.0, 9.5)
    at_s = 10.0
    for _ in range(round(BURST)):
        tiles.stir(first(tiles), at_s)
        assert tiles.due(at_s + RESTLESS_SETTLE_S).any()
        tiles.looked(tiles.due(at_s + RESTLESS_SETTLE_S), at_s + RESTLESS_SETTLE_S)
        at_s += RESTLESS_SETTLE_S
    tiles.stir(first(tiles), at_s)
    assert not tiles.due(at_s + RESTLESS_SETTLE_S).any()


def test_typing_is_looked_at_at_a_steady_pace(tiles: Tiles) -> None:
    """Ten seconds of slow keys are no more looks than the bucket refills."""
    keep_now_and_then(tiles, 9.0, 9.5)
    looks = 0
    for tenth in range(100):
        at_s = 10 + tenth / 10
        if tenth % 4 == 0:
            tiles.stir(first(tiles), at_s)
        due = tiles.due(at_s)
        if due.any():
            looks += 1
            tiles.looked(due, at_s)
            tiles.keep(due, at_s)
    assert looks <= BURST + 10 / REFILL_S


def test_what_is_typed_is_restless_in_the_next_tile_as_well(tiles: Tiles) -> None:
    """Text grows to the right: the neighbours of a kept tile count with it."""
    keep_now_and_then(tiles, 9.0, 9.5)
    assert tiles.restless(10.0)[0, 1]
    assert tiles.restless(10.0)[1, 1]
    assert not tiles.restless(10.0)[0, 3]


def test_a_tile_that_was_quiet_for_long_is_not_restless(tiles: Tiles) -> None:
    """Restlessness passes."""
    keep_now_and_then(tiles, 9.0, 9.5)
    assert not tiles.restless(30.0).any()


def test_a_flickering_tile_is_looked_at_once_an_interval(tiles: Tiles) -> None:
    """A caret that blinks every half second costs one look in two seconds."""
    tiles.stir(first(tiles), 10.0)
    tiles.flicker(first(tiles), 10.0)
    looks = []
    for tenth in range(1, 60):
        at_s = 10 + tenth / 10
        if tenth % 5 == 0:
            tiles.stir(first(tiles), at_s)
        due = tiles.due(at_s)
        if due.any():
            looks.append(at_s)
            tiles.looked(due, at_s)
            tiles.flicker(due, at_s)
    assert looks == pytest.approx([12.0, 14.0])


def test_a_flickering_tile_that_stands_is_due(tiles: Tiles) -> None:
    """What stood longer than a caret does is no flicker."""
    tiles.stir(first(tiles), 10.0)
    tiles.flicker(first(tiles), 10.0)
    assert tiles.due(10.0 + FLICKER_SETTLE_S).any()


def test_without_news_a_first_change_is_due_at_once() -> None:
    """Polling sees a change late already."""
    tiles = Tiles(640, 400, INTERVAL_S, polled=True)
    tiles.stir(first(tiles), 10.0)
    assert tiles.due(10.0).any()


def test_without_news_a_moving_tile_is_due_once_an_interval() -> None:
    """Polling does not keep a film more often than watching does."""
    tiles = Tiles(640, 400, INTERVAL_S, polled=True)
    tiles.keep(tiles.inside(ONE), 10.0)
    tiles.stir(first(tiles), 10.1)
    assert tiles.due_in_s(10.1) == pytest.approx(RESTLESS_SETTLE_S)
    tiles.stir(first(tiles), 11.99)
    assert tiles.due(12.0).any()


def test_the_reach_of_tiles_ends_at_the_monitors_edge(tiles: Tiles) -> None:
    """The last row and column are cut off."""
    corner = np.zeros(tiles.shape, np.bool_)
    corner[-1, -1] = True
    assert tiles.reach(corner) == Box(TILE_PX * 9, TILE_PX * 6, TILE_PX * 10 - 20, TILE_PX * 7 - 30)


@pytest.mark.parametrize("box", [Box(-50, -50, -10, -10), Box(2000, 10, 2010, 20)])
def test_a_box_beside_the_monitor_touches_nothing(tiles: Tiles, box: Box) -> None:
    """Windows reach over the edges; so does what is drawn in them."""
    assert not tiles.inside(box).any()


def test_one_look_reckons_the_due_times_once(tiles: Tiles, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is worth a grab, what is worth a frame and how long to sleep are one question; a stir asks it anew."""
    reckoned: list[float] = []
    reckon = Tiles._reckoned

    def noted(self: Tiles, now_s: float) -> object:
        reckoned.append(now_s)
        return reckon(self, now_s)

    monkeypatch.setattr(Tiles, "_reckoned", noted)
    tiles.stir(first(tiles), 10.0)
    tiles.due(10.01)
    tiles.due(10.01)
    tiles.due_in_s(10.02)
    assert reckoned == [10.01]
    tiles.stir(tiles.inside(FAR), 10.02)
    tiles.due_in_s(10.02)
    assert reckoned == [10.01, 10.02]
