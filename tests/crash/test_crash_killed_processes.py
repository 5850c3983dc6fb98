"""What is left of a recording whose processes were killed: everything that was committed."""

from __future__ import annotations

import random

import pytest

from bench.crash import Aftermath, kill_and_look

pytestmark = pytest.mark.crash
KILLS = {"recorder": 5, "worker": 2}
RECORDED_S = 12.0


@pytest.fixture(scope="module")
def aftermath(tmp_path_factory: pytest.TempPathFactory) -> Aftermath:
    """A busy screen recorded, both processes killed at random instants, the rest read afterwards."""
    return kill_and_look(tmp_path_factory.mktemp("killed"), KILLS, RECORDED_S, random.Random(), read=True)


def test_both_databases_are_whole(aftermath: Aftermath) -> None:
    """SQLite and SQLCipher find no fault."""
    assert aftermath.broken_databases == []


def test_every_frame_that_was_committed_is_there(aftermath: Aftermath) -> None:
    """Another process had seen them in the store."""
    assert aftermath.seen_committed > 0
    assert aftermath.seen_and_gone == 0


def test_every_frame_can_be_seen_right_after(aftermath: Aftermath) -> None:
    """Spool and video together hold each of them."""
    assert aftermath.without_picture == 0


def test_every_frame_can_be_seen_in_the_end(aftermath: Aftermath) -> None:
    """The spool is empty by then: the video alone holds them."""
    assert aftermath.without_picture_when_read == 0


def test_a_kill_leaves_at_most_one_frame_half_done(aftermath: Aftermath) -> None:
    """The one that was being written."""
    assert aftermath.most_half_done <= 1


def test_every_frame_is_read_in_the_end(aftermath: Aftermath) -> None:
    """A reading that was cut off is done again."""
    assert aftermath.never_read == 0


def test_the_kills_are_told(aftermath: Aftermath) -> None:
    """Each run but the last is one that was killed; a gap is only where the next did not begin within a second."""
    assert aftermath.told_kills > 0
    assert aftermath.untold_kills == 0
