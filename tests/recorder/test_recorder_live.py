"""The recorder on a real X server with a window manager and terminals."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest

from recorder.exclusions import DEFAULT_APPS, DEFAULT_TITLES
from recorder.keeper import Keeper
from recorder.polling import Polling
from recorder.privacy import FLAT_COLOUR, Gate
from recorder.recorder import Recorder
from recorder.screen import Screen
from recorder.segments import Segments
from recorder.windows import Windows
from recorder.x_damage import XDamage
from recorder.x_screen import XScreen
from tests.support.virtual_screen import VirtualScreen
from timeline.clock import SystemClock
from timeline.home import Home
from timeline.keys import Key, derive
from timeline.model import Frame, Gap, Interval, Picture, Window
from timeline.reader import Reader
from timeline.spool import Spool
from timeline.video import SegmentReader
from timeline.writer import Writer

pytestmark = pytest.mark.journey

KEY = Key(bytes(range(32)), "file")
ALL_TIME = Interval(0, 1 << 60)
FILL = r"for n in $(seq 40); do echo 'secret 7731-ZEBRA secret 7731-ZEBRA'; done"


@dataclass(slots=True)
class Recording:
    """A recorder on the virtual screen."""

    home: Home
    recorder: Recorder

    def watch(self, seconds: float = 0.6) -> None:
        """Look at the screen for so long, as often as the recorder's loop would at most."""
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            self.recorder.step()
            time.sleep(0.05)

    def frames(self) -> list[Frame]:
        """All committed frames."""
        with Reader.open(self.home, KEY) as reader:
            return reader.frames(ALL_TIME)

    def gaps(self) -> list[Gap]:
        """All gaps."""
        with Reader.open(self.home, KEY) as reader:
            return reader.gaps(ALL_TIME)

    def raw(self, frame: Frame) -> Picture:
        """What the spool holds of a frame."""
        picture = Spool(self.home, KEY).get(frame.spool_name or "")
        assert picture is not None
        return picture

    def video(self, frame: Frame) -> Picture:
        """What the segment holds of a frame."""
        with Reader.open(self.home, KEY) as reader:
            segment = reader.segment(frame.segment_id)
        video = SegmentReader(self.home.video / segment.name, derive(KEY, "video"), segment.width, segment.height)
        picture = video.picture(frame.pts_us)
        video.close()
        return picture


@pytest.fixture(params=["told", "polled"])
def recording(request: pytest.FixtureRequest, virtual_screen: VirtualScreen, tmp_path: Path) -> Iterator[Recording]:
    """The recorder as it is wired in the product, on the virtual screen; told of changes, and looking for them."""
    home, clock, display = Home(tmp_path / "home"), SystemClock(), virtual_screen.display
    told = request.param == "told"
    with (
        Writer.open(home, KEY, durable=True) as writer,
        closing(XScreen(clock, display) if told else Screen(clock, display)) as screen,
        closing(XDamage(display) if told else Polling()) as trigger,
        Windows(display) as windows,
    ):
        gate, keeper = Gate(DEFAULT_APPS, DEFAULT_TITLES), Keeper(writer, Spool(home, KEY), Segments(home, KEY, writer))
        recorder = Recorder(screen, windows, trigger, gate, keeper, clock)
        yield Recording(home, recorder)
        recorder.close()


def settle() -> None:
    """Give the window manager and the terminals the time to draw."""
    time.sleep(0.5)


def flat_share(picture: Picture) -> float:
    """The share of a picture that has the colour of masks, within what H.264 does to it."""
    return float((np.abs(picture.astype(np.int16) - FLAT_COLOUR).max(axis=2) <= 3).mean())


def test_a_terminal_is_recorded_with_its_name(virtual_screen: VirtualScreen, recording: Recording) -> None:
    """The frame bears class and title of the window with the focus, and shows it in spool and video."""
    virtual_screen.focus(virtual_screen.open_terminal("Ledger", "accounts 2026", script=FILL))
    settle()
    recording.watch()
    (frame,) = recording.frames()
    assert frame.window == Window("Ledger", "accounts 2026")
    assert np.abs(recording.raw(frame).astype(np.int16) - recording.video(frame)).mean() < 3


def test_a_still_screen_stores_nothing(virtual_screen: VirtualScreen, recording: Recording) -> None:
    """Looks at an unchanged terminal add no frame and no byte of video."""
    virtual_screen.focus(virtual_screen.open_terminal("Ledger", "accounts 2026", script=FILL))
    settle()
    recording.watch()
    sizes = [path.stat().st_size for path in recording.home.video.rglob("*.sealed")]
    for _ in range(5):
        time.sleep(0.1)
        recording.watch()
    assert len(recording.frames()) == 1
    assert [path.stat().st_size for path in recording.home.video.rglob("*.sealed")] == sizes


def test_typing_is_recorded(virtual_screen: VirtualScreen, recording: Recording) -> None:
    """A typed word is a new frame of the same moment."""
    virtual_screen.focus(virtual_screen.open_terminal("Ledger", "accounts 2026", script="cat > /dev/null"))
    settle()
    recording.watch()
    virtual_screen.xdotool("type", "--delay", "5", "budget")
    settle()
    recording.watch()
    first, second = recording.frames()
    assert first.moment_id == second.moment_id
    assert not np.array_equal(recording.raw(first), recording.raw(second))


def test_a_focused_password_manager_is_never_kept(virtual_screen: VirtualScreen, recording: Recording) -> None:
    """While it has the focus there is no frame, no spool entry and no video, and one gap afterwards."""
    virtual_screen.open_terminal("Ledger", "accounts 2026", "60x10+600+500")
    vault = virtual_screen.open_terminal("keepassxc", "vault", script=FILL)
    virtual_screen.focus(vault)
    settle()
    for _ in range(3):
        recording.watch()
        time.sleep(0.05)
    assert recording.frames() == []
    assert list(recording.home.spool.iterdir()) == []
    assert list(recording.home.video.rglob("*.sealed")) == []
    virtual_screen.xdotool("windowminimize", "--sync", vault)
    settle()
    recording.watch()
    assert [gap.reason for gap in recording.gaps()] == ["excluded"]
    assert [frame.window.app for frame in recording.frames()] == ["Ledger"]


def test_an_unfocused_password_manager_is_painted_over(virtual_screen: VirtualScreen, recording: Recording) -> None:
    """Its whole frame is flat in spool and video, while the terminal beside it is recorded."""
    ledger = virtual_screen.open_terminal("Ledger", "accounts 2026", "50x10+700+500")
    virtual_screen.open_terminal("keepassxc", "vault", "80x24+40+40", script=FILL)
    virtual_screen.focus(ledger)
    settle()
    recording.watch()
    (frame,) = recording.frames()
    assert frame.window.app == "Ledger"
    for picture in (recording.raw(frame), recording.video(frame)):
        assert flat_share(picture[40:360, 40:520]) > 0.999
        assert flat_share(picture[520:600, 720:900]) < 0.01


def test_a_password_manager_below_another_window_hides_nothing(
    virtual_screen: VirtualScreen, recording: Recording
) -> None:
    """A window that covers it wholly is recorded as it is."""
    virtual_screen.open_terminal("keepassxc", "vault", "40x8+200+200", script=FILL)
    virtual_screen.focus(virtual_screen.open_terminal("Ledger", "accounts 2026", "120x40+40+40"))
    settle()
    recording.watch()
    (frame,) = recording.frames()
    assert flat_share(recording.raw(frame)) < 0.01


@pytest.fixture
def two_monitors(virtual_screen: VirtualScreen) -> VirtualScreen:
    """The virtual screen cut into two monitors."""
    virtual_screen.run("xrandr", "--setmonitor", "LEFT", "640/170x800/210+0+0", "screen")
    virtual_screen.run("xrandr", "--setmonitor", "RIGHT", "640/170x800/210+640+0", "none")
    return virtual_screen


def test_two_monitors_are_two_streams(two_monitors: VirtualScreen, recording: Recording) -> None:
    """Each has segments of its own at its own size; what is written on one adds nothing to the other."""
    recording.watch()
    two_monitors.focus(two_monitors.open_terminal("Ledger", "accounts 2026", "60x20+700+100", script=FILL))
    recording.watch(2)
    frames = recording.frames()
    assert {(frame.monitor, frame.width, frame.height) for frame in frames} == {(0, 640, 800), (1, 640, 800)}
    assert len({frame.segment_id for frame in frames}) == 2
    assert [frame.window.app for frame in frames if frame.monitor == 1][-1] == "Ledger"


def test_a_monitor_that_changes_its_size_begins_another_segment(
    two_monitors: VirtualScreen, recording: Recording
) -> None:
    """The other monitor goes on as it was."""
    recording.watch()
    two_monitors.run("xrandr", "--delmonitor", "RIGHT")
    two_monitors.run("xrandr", "--setmonitor", "RIGHT", "400/106x600/160+640+0", "none")
    recording.watch(6)
    frames = recording.frames()
    assert [(frame.width, frame.height) for frame in frames if frame.monitor == 1] == [(640, 800), (400, 600)]
    assert len([frame for frame in frames if frame.monitor == 0]) == 1
    assert len({frame.segment_id for frame in frames}) == 3


def test_a_blinking_caret_is_no_stream_of_frames(virtual_screen: VirtualScreen, recording: Recording) -> None:
    """Eight seconds of blinking are a few frames at most."""
    blink = r"while :; do printf '\r_'; sleep 0.5; printf '\r '; sleep 0.5; done"
    virtual_screen.focus(virtual_screen.open_terminal("Ledger", "accounts 2026", script=blink))
    recording.watch(8)
    assert len(recording.frames()) <= 6


def test_a_page_beside_what_moves_is_kept_at_once(virtual_screen: VirtualScreen, recording: Recording) -> None:
    """A counter that never stands still does not delay a window that is opened beside it."""
    count = r"n=0; while :; do n=$((n+1)); printf '\r%06d' $n; sleep 0.05; done"
    virtual_screen.open_terminal("Counter", "counter", "20x3+900+600", script=count)
    recording.watch(1)
    virtual_screen.focus(virtual_screen.open_terminal("Ledger", "accounts 2026", "60x20+50+50", script=FILL))
    recording.watch(1.6)
    assert [frame.window.app for frame in recording.frames()][-1] == "Ledger"
