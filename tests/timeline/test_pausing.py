"""The pause of a home: when it is in force, when it ends, and what becomes of it when clocks and files go wrong."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.room import little_room
from tests.support.stores import NOON_US, SECOND_US
from timeline.clock import FixedClock, SystemClock
from timeline.errors import DiskFull
from timeline.home import Home
from timeline.pausing import NAME, Pause, Pausing

HOUR_S = 3600.0


@pytest.fixture
def home(tmp_path: Path) -> Home:
    """An empty home."""
    made = Home(tmp_path / "home")
    made.create()
    return made


@pytest.fixture
def clock() -> FixedClock:
    """Noon."""
    return FixedClock(NOON_US)


def test_nothing_is_paused_at_first(home: Home, clock: FixedClock) -> None:
    """Nor does asking write anything."""
    assert Pausing(home, clock).current() is None
    assert not (home.root / NAME).exists()


def test_a_pause_without_an_end_lasts_until_it_is_ended(home: Home, clock: FixedClock) -> None:
    """Whoever asks, and however late."""
    Pausing(home, clock).pause()
    clock.advance(400 * 24 * HOUR_S)
    assert Pausing(home, clock).current() == Pause(NOON_US, None)
    assert Pausing(home, clock).resume()
    assert Pausing(home, clock).current() is None
    assert not Pausing(home, clock).resume()


@pytest.mark.parametrize("boot_id", ["", "this-start"])
def test_a_pause_of_a_length_ends_by_itself(home: Home, clock: FixedClock, boot_id: str) -> None:
    """At its end, neither before nor after."""
    pausing = Pausing(home, clock, boot_id)
    pausing.pause(1800)
    clock.advance(1799)
    assert pausing.current() == Pause(NOON_US, 1.0)
    clock.advance(1)
    assert pausing.current() is None


def test_the_later_word_counts(home: Home, clock: FixedClock) -> None:
    """A pause without an end that gets one, and the other way round."""
    pausing = Pausing(home, clock)
    pausing.pause()
    pausing.pause(60)
    assert pausing.current() == Pause(NOON_US, 60)
    pausing.pause()
    assert pausing.current() == Pause(NOON_US, None)


@pytest.mark.parametrize("set_by_s", [-5 * HOUR_S, 5 * HOUR_S])
def test_setting_the_wall_clock_neither_ends_nor_stretches_a_pause(
    home: Home, clock: FixedClock, set_by_s: float
) -> None:
    """Half an hour is half an hour."""
    pausing = Pausing(home, clock, "this-start")
    pausing.pause(1800)
    clock.set_by(set_by_s)
    clock.advance(600)
    assert pausing.current() == Pause(NOON_US, 1200.0)


def test_a_sleep_of_the_machine_counts(home: Home, clock: FixedClock) -> None:
    """Who closes the lid for an hour finds a pause of half an hour over."""
    pausing = Pausing(home, clock, "this-start")
    pausing.pause(1800)
    clock.sleep(HOUR_S)
    assert pausing.current() is None


def test_after_a_new_start_of_the_machine_the_wall_clock_counts(home: Home) -> None:
    """The other clock began anew then."""
    Pausing(home, FixedClock(NOON_US), "one-start").pause(1800)
    after = FixedClock(NOON_US + 600 * SECOND_US, slept_us=0, set_by_us=NOON_US)
    pausing = Pausing(home, after, "another-start")
    assert pausing.current() == Pause(NOON_US, 1200.0)
    after.advance(1200)
    assert pausing.current() is None


def test_the_machines_own_clock_is_understood_by_another_process(home: Home) -> None:
    """Its start is named in the file."""
    Pausing(home, SystemClock()).pause(1800)
    pause = Pausing(home, SystemClock()).current()
    assert pause is not None
    assert 1790 < (pause.left_s or 0) <= 1800


@pytest.mark.parametrize(
    "content",
    [b"", b"paused", b"resume", b"paused until x since 1 boot 2 y mark z\n", b"\xff\xfe\0", b"paused - since"],
)
def test_a_file_that_cannot_be_understood_is_a_pause_without_end(home: Home, clock: FixedClock, content: bytes) -> None:
    """Somebody wanted something; ending it by hand mends the file."""
    (home.root / NAME).write_bytes(content)
    assert Pausing(home, clock).current() == Pause(None, None)
    assert Pausing(home, clock).resume()
    assert Pausing(home, clock).current() is None


def test_a_file_that_cannot_be_read_is_a_pause_without_end(home: Home, clock: FixedClock) -> None:
    """Whatever lies there."""
    (home.root / NAME).mkdir()
    assert Pausing(home, clock).current() == Pause(None, None)


def test_a_pause_that_came_and_went_leaves_its_mark(home: Home, clock: FixedClock) -> None:
    """Who reads twice knows that something was in between, though all is as before."""
    pausing = Pausing(home, clock)
    lines = [pausing.line()]
    for _ in range(3):
        pausing.pause()
        pausing.resume()
        lines.append(pausing.line())
    assert len(set(lines)) == 4


def test_the_file_is_private_and_short(home: Home, clock: FixedClock) -> None:
    """Nobody else has to know."""
    Pausing(home, clock, "6f81a756-1e59-4356-9a19-f22636c1b8ab").pause(1e7)
    state = (home.root / NAME).stat()
    assert (state.st_mode & 0o777, state.st_size < 200) == (0o600, True)


def test_a_pause_that_finds_no_room_is_told(home: Home, clock: FixedClock) -> None:
    """With what helps."""
    with little_room(0), pytest.raises(DiskFull, match="`dayreel stop` ends the recording"):
        Pausing(home, clock).pause()
    assert Pausing(home, clock).current() is None
