"""What is left of a recording whose processes were killed: everything that was committed."""

from __future__ import annotations

import random

import pytest

from bench.crash import Aftermath, kill_and_look

pytestmark = pytest.mark.crash
VICTIMS = ("recorder", "worker", "recorder")


@pytest.fixture(scope="module")
def aftermath(tmp_path_factory: pytest.TempPathFactory) -> Aftermath:
    """A busy screen recorded, the recorder killed twice and the worker once, the rest read afterwards."""
    return kill_and_look(tmp_path_factory.mktemp("killed"), VICTIMS, random.Random())


def test_both_databases_are_whole(aftermath: Aftermath) -> None:
    """SQLite and SQLCipher find no fault."""
    assert aftermath.broken_databases == []


def test_every_committed_frame_can_be_seen_right_after(aftermath: Aftermath) -> None:
    """Spool and video together hold each of them."""
    assert aftermath.lost_after_kills == 0


def test_at_most_one_frame_a_kill_is_lost_from_the_video(aftermath: Aftermath) -> None:
    """The spool is empty by then; the recorder was killed twice."""
    assert aftermath.lost_in_the_end <= 2


def test_every_frame_is_read_in_the_end(aftermath: Aftermath) -> None:
    """Nothing waits and nothing was set aside."""
    assert (aftermath.pending, aftermath.unread) == (0, 0)


def test_the_recording_still_ends_well(aftermath: Aftermath) -> None:
    """In time and with exit code 0, though its children were killed before."""
    assert aftermath.late_ends == 0
