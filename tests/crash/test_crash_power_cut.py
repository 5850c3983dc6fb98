"""What is left of a recording when the power is cut at any point: the store, and all but the last seconds."""

from __future__ import annotations

import random
from typing import Any

import pytest

from bench.power_cut import cut_and_look

pytestmark = pytest.mark.crash

RECORDED_S = 5.0
POINTS = 15
MOST_LOST_S = 5.0


@pytest.fixture(scope="module")
def figures(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """A few seconds of a busy screen, and what is left of them at random points of what was asked of the disk."""
    return cut_and_look(tmp_path_factory.mktemp("cut"), RECORDED_S, POINTS, random.Random(), starts=0)


@pytest.mark.parametrize("view", ["ext4", "posix"])
def test_the_store_opens(figures: dict[str, Any], view: str) -> None:
    """Whatever was not synced is missing."""
    assert figures[view]["not opened"] == {}


@pytest.mark.parametrize("view", ["ext4", "posix"])
def test_the_databases_are_whole(figures: dict[str, Any], view: str) -> None:
    """And no segment stays open once the next recorder has started."""
    assert figures[view]["not whole"] == {}


@pytest.mark.parametrize("view", ["ext4", "posix"])
def test_every_frame_that_is_left_can_be_seen(figures: dict[str, Any], view: str) -> None:
    """Before and after the next start has mended the segments."""
    assert figures[view]["frames without a picture"] == 0
    assert figures[view]["frames without a picture after mending"] == 0


@pytest.mark.parametrize("view", ["ext4", "posix"])
def test_seconds_are_lost_at_most(figures: dict[str, Any], view: str) -> None:
    """At most the frame that was being committed, and how long the one before it had stood."""
    assert figures[view]["frames lost"]["most"] <= 1
    assert figures[view]["seconds lost"]["most"] <= MOST_LOST_S


def test_a_disk_that_obeys_no_sync_loses_more(figures: dict[str, Any]) -> None:
    """Else the model of the disk would find nothing missing whatever is done."""
    assert figures["deaf"]["frames lost"]["most"] > 1
