"""Screen and windows on a real X server: what is listed, what is grabbed, and what happens when it goes away."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator

import numpy as np
import pytest

from recorder.desktop import Desktop, Monitor, ScreenWindow, active_window
from recorder.screen import LIST_EVERY_S, Screen
from recorder.windows import Windows
from tests.support.virtual_screen import VirtualScreen
from timeline.clock import FixedClock
from timeline.errors import NoScreen, PartMissing
from timeline.model import Window

pytestmark = pytest.mark.journey


@pytest.fixture
def windows(virtual_screen: VirtualScreen) -> Iterator[Windows]:
    """The windows of the virtual screen."""
    with Windows(virtual_screen.display) as windows:
        yield windows


@pytest.fixture
def screen(virtual_screen: VirtualScreen) -> Iterator[Screen]:
    """The virtual screen, on a clock that stands still."""
    with Screen(FixedClock(0), virtual_screen.display) as screen:
        yield screen


def wait_for(windows: Windows, fact: Callable[[Desktop], bool]) -> Desktop:
    """Return the windows as soon as a fact holds; window managers take some milliseconds."""
    until = time.monotonic() + 10
    while not fact(desktop := windows.look()):
        assert time.monotonic() < until
        time.sleep(0.02)
    return desktop


def titled(desktop: Desktop, title: str) -> ScreenWindow:
    """Return the window with a title."""
    (found,) = (seen for seen in desktop if seen.window.title == title)
    return found


def test_the_active_window_is_named(virtual_screen: VirtualScreen, windows: Windows) -> None:
    """Class and title of an xterm, which has no _NET_WM_NAME, are those it was started with."""
    virtual_screen.focus(virtual_screen.open_terminal("Ledger", "accounts 2026"))
    active = active_window(windows.look())
    assert active is not None
    assert active.window == Window("Ledger", "accounts 2026")


def test_a_chinese_title_is_read(virtual_screen: VirtualScreen, windows: Windows) -> None:
    """A UTF-8 title comes back whole."""
    number = virtual_screen.open_terminal("XTerm", "plain")
    virtual_screen.xdotool("set_window", "--name", "会议记录 – 预算", number)
    desktop = wait_for(windows, lambda seen: seen[0].window.title != "plain")
    assert desktop[0].window.title == "会议记录 – 预算"


def test_a_title_in_the_old_property_is_read(virtual_screen: VirtualScreen, windows: Windows) -> None:
    """A program that sets only WM_NAME is named by it."""
    number = virtual_screen.open_terminal("XTerm", "plain")
    virtual_screen.run("xprop", "-id", number, "-f", "WM_NAME", "8s", "-set", "WM_NAME", "Übersicht")
    desktop = wait_for(windows, lambda seen: seen[0].window.title != "plain")
    assert desktop[0].window.title == "Übersicht"


def test_windows_are_listed_from_the_lowest_up(virtual_screen: VirtualScreen, windows: Windows) -> None:
    """The one that got the focus last is the highest and the active one."""
    first = virtual_screen.open_terminal("One", "one")
    virtual_screen.open_terminal("Two", "two", "80x24+300+200")
    virtual_screen.focus(first)
    desktop = wait_for(windows, lambda seen: [each.window.app for each in seen] == ["Two", "One"])
    assert [seen.active for seen in desktop] == [False, True]
    assert all(seen.opaque for seen in desktop)


def test_the_box_of_a_window_includes_its_frame(virtual_screen: VirtualScreen, windows: Windows) -> None:
    """The title bar that the window manager draws bears the title, so it belongs to the window."""
    number = virtual_screen.open_terminal("XTerm", "framed", "40x10+100+120")
    geometry = dict(
        line.split("=") for line in virtual_screen.xdotool("getwindowgeometry", "--shell", number).splitlines()
    )
    box = titled(windows.look(), "framed").box
    assert box is not None
    assert (box.x0, box.y0) == (100, 120)
    assert box.height > int(geometry["HEIGHT"]) + 10


def test_a_minimised_window_is_not_listed(virtual_screen: VirtualScreen, windows: Windows) -> None:
    """What cannot be seen is no reason to paint anything over."""
    virtual_screen.open_terminal("XTerm", "stays")
    number = virtual_screen.open_terminal("XTerm2", "goes")
    virtual_screen.xdotool("windowminimize", "--sync", number)
    desktop = wait_for(windows, lambda seen: len(seen) == 1)
    assert desktop[0].window.title == "stays"


def test_without_a_window_manager_the_tree_is_used(virtual_screen: VirtualScreen, windows: Windows) -> None:
    """The windows are the root's children, the one that holds the focus is the active one."""
    virtual_screen.run("openbox", "--exit")
    virtual_screen.run("xprop", "-root", "-remove", "_NET_CLIENT_LIST_STACKING", "-remove", "_NET_ACTIVE_WINDOW")
    number = virtual_screen.open_terminal("Bare", "bare")
    virtual_screen.xdotool("windowfocus", "--sync", number)
    active = active_window(windows.look())
    assert active is not None
    assert active.window == Window("Bare", "bare")


def test_a_grab_shows_the_screen(virtual_screen: VirtualScreen, screen: Screen) -> None:
    """The one monitor of 1280x800 is grabbed as BGRA, with the terminal's white in it."""
    virtual_screen.open_terminal("XTerm", "page", "60x20+100+100")
    (monitor,) = screen.monitors()
    assert monitor == Monitor(0, 0, 0, 1280, 800)
    grab = screen.grab(monitor)
    assert grab is not None
    assert grab.shape == (800, 1280, 4)
    assert grab.dtype == np.uint8
    assert (grab[:, :, :3].min(axis=2) > 250).sum() > 10_000


def test_monitors_that_appear_and_disappear_are_seen(virtual_screen: VirtualScreen) -> None:
    """A screen cut in two is listed as two monitors after some seconds, and as one again later."""
    clock = FixedClock(0)
    with Screen(clock, virtual_screen.display) as screen:
        counts = [len(screen.monitors())]
        virtual_screen.run("xrandr", "--setmonitor", "LEFT", "640/170x800/210+0+0", "screen")
        virtual_screen.run("xrandr", "--setmonitor", "RIGHT", "640/170x800/210+640+0", "none")
        clock.advance(LIST_EVERY_S)
        monitors = screen.monitors()
        counts.append(len(monitors))
        right = screen.grab(monitors[1])
        virtual_screen.run("xrandr", "--delmonitor", "RIGHT")
        clock.advance(LIST_EVERY_S)
        counts.append(len(screen.monitors()))
    assert counts == [1, 2, 1]
    assert monitors[1] == Monitor(1, 640, 0, 640, 800)
    assert right is not None
    assert right.shape == (800, 640, 4)


def test_a_monitor_that_has_just_changed_is_not_grabbed(screen: Screen) -> None:
    """An area outside of the screen gives nothing, and the next listing is fresh."""
    assert screen.grab(Monitor(0, 1000, 0, 1280, 800)) is None
    assert screen.monitors() == (Monitor(0, 0, 0, 1280, 800),)


def test_a_display_that_goes_away_is_no_screen(virtual_screen: VirtualScreen) -> None:
    """Grabbing, looking and closing after the X server died give one sentence, or nothing, but no foreign error."""
    screen, windows = Screen(FixedClock(0), virtual_screen.display), Windows(virtual_screen.display)
    (monitor,) = screen.monitors()
    virtual_screen.server.kill()
    virtual_screen.server.wait()
    with pytest.raises(NoScreen, match=f"display {virtual_screen.display} does not answer"):
        screen.grab(monitor)
    with pytest.raises(NoScreen, match=f"display {virtual_screen.display} does not answer"):
        windows.look()
    screen.close()
    windows.close()


def test_without_a_display_there_is_one_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    """DISPLAY unset is said as such, by the screen and by the windows."""
    monkeypatch.delenv("DISPLAY", raising=False)
    with pytest.raises(NoScreen, match="DISPLAY is not set"):
        Screen(FixedClock(0)).monitors()
    with pytest.raises(NoScreen, match="DISPLAY is not set"):
        Windows()


def test_a_missing_libxcb_is_named(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Where xcffib cannot be loaded, the message says what to install."""
    folder = tmp_path_factory.mktemp("broken")
    (folder / "xcffib.py").write_text("raise OSError('cannot load library libxcb.so.1')")
    asking = (
        "from recorder.windows import Windows\ntry: Windows(':0')\nexcept Exception as e: print(type(e).__name__, e)"
    )
    paths = os.pathsep.join([str(folder), *filter(None, sys.path)])
    done = subprocess.run(
        [sys.executable, "-c", asking],
        env={**os.environ, "PYTHONPATH": paths},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.startswith(PartMissing.__name__)
    assert "apt-get install libxcb1" in done.stdout
