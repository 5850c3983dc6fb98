"""The recorder on a real X server with a window manager and terminals."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest

from recorder.exclusions import DEFAULT_APPS, DEFAULT_TITLES
from recorder.privacy import FLAT_COLOUR, Gate
from recorder.recorder import Recorder
from recorder.screen import Screen
from recorder.segments import Segments
from recorder.windows import Windows
from tests.support.virtual_screen import VirtualScreen
from timeline.clock import SystemClock
from timeline.home import Home
from timeline.keys import Key
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
        video = SegmentReader(self.home.video / segment.name, segment.width, segment.height)
        picture = video.picture(frame.pts_us)
        video.close()
        return picture


@pytest.fixture
def recording(virtual_screen: VirtualScreen, tmp_path: Path) -> Iterator[Recording]:
    """The recorder as it is wired in the product, on the virtual screen."""
    home, clock = Home(tmp_path / "home"), SystemClock()
    with (
        Writer.open(home, KEY) as writer,
        Screen(clock, virtual_screen.display) as screen,
        Windows(virtual_screen.display) as windows,
    ):
        gate, segments = Gate(DEFAULT_APPS, DEFAULT_TITLES), Segments(home, writer)
        recorder = Recorder(screen, windows, gate, writer, Spool(home, KEY), segments, clock)
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
    recording.recorder.step()
    (frame,) = recording.frames()
    assert frame.window == Window("Ledger", "accounts 2026")
    assert np.abs(recording.raw(frame).astype(np.int16) - recording.video(frame)).mean() < 3


def test_a_still_screen_stores_nothing(virtual_screen: VirtualScreen, recording: Recording) -> None:
    """Looks at an unchanged terminal add no frame and no byte of video."""
    virtual_screen.focus(virtual_screen.open_terminal("Ledger", "accounts 2026", script=FILL))
    settle()
    recording.recorder.step()
    sizes = [path.stat().st_size for path in recording.home.video.rglob("*.mp4")]
    for _ in range(5):
        time.sleep(0.1)
        recording.recorder.step()
    assert len(recording.frames()) == 1
    assert [path.stat().st_size for path in recording.home.video.rglob("*.mp4")] == sizes


def test_typing_is_recorded(virtual_screen: VirtualScreen, recording: Recording) -> None:
    """A typed word is a new frame of the same moment."""
    virtual_screen.focus(virtual_screen.open_terminal("Ledger", "accounts 2026", script="cat > /dev/null"))
    settle()
    recording.recorder.step()
    virtual_screen.xdotool("type", "--delay", "5", "budget")
    settle()
    recording.recorder.step()
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
        recording.recorder.step()
        time.sleep(0.05)
    assert recording.frames() == []
    assert list(recording.home.spool.iterdir()) == []
    assert list(recording.home.video.rglob("*.mp4")) == []
    virtual_screen.xdotool("windowminimize", "--sync", vault)
    settle()
    recording.recorder.step()
    assert [gap.reason for gap in recording.gaps()] == ["excluded"]
    assert [frame.window.app for frame in recording.frames()] == ["Ledger"]


def test_an_unfocused_password_manager_is_painted_over(virtual_screen: VirtualScreen, recording: Recording) -> None:
    """Its whole frame is flat in spool and video, while the terminal beside it is recorded."""
    ledger = virtual_screen.open_terminal("Ledger", "accounts 2026", "50x10+700+500")
    virtual_screen.open_terminal("keepassxc", "vault", "80x24+40+40", script=FILL)
    virtual_screen.focus(ledger)
    settle()
    recording.recorder.step()
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
    recording.recorder.step()
    (frame,) = recording.frames()
    assert flat_share(recording.raw(frame)) < 0.01
