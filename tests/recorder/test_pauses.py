"""The recorder while the user has paused it, on a painted desktop; and how it hears of the pause."""

from __future__ import annotations

import select
import threading
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from recorder.desktop import Grab, Monitor
from recorder.pauses import FolderNews, Pauses
from tests.support.desk import START_US, Desk, open_desk, seconds
from tests.support.painted_desktop import PaintedScreen, grey
from timeline.clock import FixedClock
from timeline.home import Home, write_private
from timeline.model import Box
from timeline.pausing import NAME, PAUSED, Pausing

SOON_S = 10.0
BOOT = "this-start"


@dataclass(slots=True)
class Seen:
    """A desk and its user, who may pause it."""

    desk: Desk
    pausing: Pausing

    def gaps(self) -> list[tuple[float, float, str]]:
        """The gaps, in seconds since the start."""
        return [(seconds(gap.start_us), seconds(gap.end_us), gap.reason) for gap in self.desk.gaps()]

    def shades(self) -> set[int]:
        """What is still held of pixels for the next look."""
        streams = self.desk.recorder._streams.values()
        return {int(shade) for one in streams if one._seen is not None for shade in set(one._seen.flatten())}

    def open_segments(self) -> int:
        """How many segments are being written."""
        (count,) = self.desk.writer.db.execute("SELECT count(*) FROM segments WHERE closed = 0").fetchone()
        return int(count)


@dataclass(slots=True)
class PausedMeanwhile(PaintedScreen):
    """A screen whose user pauses while it is grabbed, and may resume before the grab is looked at."""

    pausing: Pausing = field(kw_only=True)
    resumed: bool = field(kw_only=True)

    def grab(self, monitor: Monitor, part: Box | None = None) -> Grab | None:
        self.pausing.pause()
        grabbed = PaintedScreen.grab(self, monitor, part)
        if self.resumed:
            self.pausing.resume()
        return grabbed


@pytest.fixture
def seen(tmp_path: Path) -> Iterator[Seen]:
    """A desk that was looked at twice."""
    home = Home(tmp_path / "home")
    home.create()
    pauses = Pauses()
    with open_desk(tmp_path, pauses=pauses) as desk:
        pauses._pausing = pausing = Pausing(home, desk.clock, BOOT)
        desk.poll()
        desk.poll()
        yield Seen(desk, pausing)


def test_nothing_is_grabbed_while_it_is_paused(seen: Seen) -> None:
    """However much happens; the segments are whole on the disk meanwhile."""
    assert seen.open_segments() == 1
    grabs = seen.desk.screen.grabs
    seen.pausing.pause()
    for shade in (100, 150, 200):
        seen.desk.screen.pictures[0] = grey(shade)
        seen.desk.poll()
    assert seen.desk.screen.grabs == grabs
    assert len(seen.desk.frames()) == 1
    assert seen.open_segments() == 0


def test_a_pause_is_told_at_once_and_while_it_lasts(seen: Seen) -> None:
    """From when it was asked for, though the recorder saw it later."""
    seen.desk.clock.advance(1)
    seen.pausing.pause()
    seen.desk.poll(3)
    assert seen.gaps() == [(3, 6, PAUSED)]
    for _ in range(3):
        seen.desk.poll(20)
    assert seen.gaps() == [(3, 66, PAUSED)]


def test_after_a_pause_a_new_frame_begins(seen: Seen) -> None:
    """Though the screen looks as it did before."""
    seen.pausing.pause()
    seen.desk.poll()
    seen.pausing.resume()
    seen.desk.poll()
    assert [seconds(frame.start_us) for frame in seen.desk.frames()] == [1, 4]
    assert seen.gaps() == [(2, 4, PAUSED)]


def test_a_pause_ends_by_itself(seen: Seen) -> None:
    """The recorder waits until then and no longer."""
    seen.pausing.pause(12)
    waits = []
    for _ in range(3):
        seen.desk.recorder.step()
        waits.append(seen.desk.recorder.pause_s())
        seen.desk.clock.advance(waits[-1])
    seen.desk.recorder.step()
    assert waits == [5, 5, 2]
    assert seen.desk.recorder.pause_s() == 1.0
    assert seen.gaps() == [(2, 14, PAUSED)]


@pytest.mark.parametrize("resumed", [False, True])
def test_what_is_grabbed_while_a_pause_begins_is_thrown_away(seen: Seen, resumed: bool) -> None:
    """Also when the pause is over again before the recorder looks: it may have been grabbed in between."""
    seen.desk.recorder._screen = PausedMeanwhile([grey(222)], pausing=seen.pausing, resumed=resumed)
    seen.desk.poll()
    assert len(seen.desk.frames()) == 1
    assert 222 not in seen.shades()
    assert seen.desk.recorder.pause_s() < 0.1


@pytest.mark.parametrize("set_by_s", [-7200.0, 7200.0])
def test_a_clock_that_is_set_does_not_end_a_pause(seen: Seen, set_by_s: float) -> None:
    """The gap is parted there; nothing is grabbed."""
    seen.pausing.pause(1800)
    seen.desk.poll()
    grabs = seen.desk.screen.grabs
    seen.desk.clock.set_by(set_by_s)
    for _ in range(3):
        seen.desk.poll()
    assert seen.desk.screen.grabs == grabs
    assert {reason for _, _, reason in seen.gaps()} <= {PAUSED, "the clock was changed"}
    assert all(start < end for start, end, _ in seen.gaps())


def test_a_recorder_that_is_started_in_a_pause_keeps_nothing(tmp_path: Path) -> None:
    """The pause holds whoever records."""
    home = Home(tmp_path / "home")
    home.create()
    Pausing(home, FixedClock(START_US - 10_000_000)).pause()
    with open_desk(tmp_path, pauses=Pauses(Pausing(home, FixedClock(START_US)))) as desk:
        for _ in range(4):
            desk.poll()
        assert (desk.screen.grabs, desk.frames()) == (0, [])
        assert [(seconds(gap.start_us), gap.reason) for gap in desk.gaps()] == [(0, PAUSED)]


def test_a_waiting_recorder_hears_of_a_pause(tmp_path: Path) -> None:
    """And of nothing else that is written in the home."""
    with closing(FolderNews(tmp_path, NAME)) as news:
        threading.Timer(0.1, write_private, (tmp_path / NAME, b"resumed")).start()
        assert select.select([news], [], [], SOON_S)[0] == [news]
        assert news.stirred()
        assert not news.stirred()
        write_private(tmp_path / "vectors.index", b"")
        assert not news.stirred()


def test_without_news_a_pause_is_seen_all_the_same(tmp_path: Path) -> None:
    """At the next look."""
    with pytest.raises(OSError, match="inotify"):
        FolderNews(tmp_path / "missing", NAME)
    home = Home(tmp_path / "home")
    with closing(Pauses.of(home, FixedClock(START_US))) as pauses:
        assert pauses.news is None
        home.create()
        Pausing(home, FixedClock(START_US)).pause()
        assert pauses.look()
