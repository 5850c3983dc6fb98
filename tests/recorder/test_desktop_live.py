"""Screen and windows on a real X server: what is listed, what is grabbed, and what happens when it goes away."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import numpy as np
import pytest

from recorder.desktop import Desktop, Monitor, ScreenWindow, active_window
from recorder.screen import Screen
from recorder.windows import Windows
from recorder.x_damage import XDamage
from recorder.x_screen import XScreen, numbered, without_mirrors
from tests.support.virtual_screen import VirtualScreen
from timeline.clock import FixedClock
from timeline.errors import NoScreen, PartMissing
from timeline.model import Box, Window

pytestmark = pytest.mark.journey

PROMPT = """
import time, xcffib, xcffib.xproto
x = xcffib.connect()
screen = x.get_setup().roots[0]
window = x.generate_id()
override_redirect, background = 512, 2
fields = background | override_redirect
x.core.CreateWindow(24, window, screen.root, 300, 200, 120, 80, 0, 1, screen.root_visual, fields, [0xFFFFFF, 1])
x.core.ChangeProperty(0, window, 67, 31, 8, 19, b"keepassxc\\0KeePassXC")
x.core.MapWindow(window)
x.flush()
time.sleep(60)
"""
SHADE = """
import struct, sys, time, xcffib, xcffib.xproto
x = xcffib.connect()
atom = lambda name: x.core.InternAtom(False, len(name), name).reply().atom
root = x.get_setup().roots[0].root
state, shaded = atom("_NET_WM_STATE"), atom("_NET_WM_STATE_SHADED")
event = struct.pack("=BBHII5I", 33, 32, 0, int(sys.argv[1]), state, 1, shaded, 0, 1, 0)
x.core.SendEvent(False, root, 1 << 20 | 1 << 19, event)
x.flush()
time.sleep(1)
"""
LISTED_AFTER_S = 5.0  # monitors that no event tells of are asked for this often


@pytest.fixture
def windows(virtual_screen: VirtualScreen) -> Iterator[Windows]:
    """The windows of the virtual screen."""
    with Windows(virtual_screen.display) as windows:
        yield windows


@pytest.fixture(params=[XScreen, Screen], ids=["shared memory", "mss"])
def screen(request: pytest.FixtureRequest, virtual_screen: VirtualScreen) -> Iterator[Screen | XScreen]:
    """The virtual screen, on a clock that stands still; both ways to grab it."""
    with request.param(FixedClock(0), virtual_screen.display) as screen:
        yield screen


def wait_for(windows: Windows, fact: Callable[[Desktop], bool]) -> Desktop:
    """Return the windows as soon as a fact holds; window managers take some milliseconds."""
    until = time.monotonic() + 10
    while not fact(desktop := windows.look()):
        assert time.monotonic() < until
        time.sleep(0.02)
    return desktop


def process_on(screen: VirtualScreen, name: str) -> int:
    """Return the number of the program of this name that runs on a screen."""
    wanted = f"DISPLAY={screen.display}".encode()
    for process in Path("/proc").iterdir():
        with suppress(OSError):  # it may have ended meanwhile
            named = process.name.isdigit() and (process / "comm").read_text().strip() == name
            if named and wanted in (process / "environ").read_bytes().split(b"\0"):
                return int(process.name)
    raise AssertionError(f"{name} does not run")


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


def test_a_grab_shows_the_screen(virtual_screen: VirtualScreen, screen: Screen | XScreen) -> None:
    """The one monitor of 1280x800 is grabbed as BGRA, with the terminal's white in it."""
    virtual_screen.open_terminal("XTerm", "page", "60x20+100+100")
    (monitor,) = screen.monitors()
    assert monitor == Monitor(0, 0, 0, 1280, 800)
    grab = screen.grab(monitor)
    assert grab is not None
    assert grab.shape == (800, 1280, 4)
    assert grab.dtype == np.uint8
    assert (grab[:, :, :3].min(axis=2) > 250).sum() > 10_000


def test_a_part_of_a_monitor_is_grabbed(virtual_screen: VirtualScreen, screen: Screen | XScreen) -> None:
    """A part is the same pixels as in the whole."""
    virtual_screen.open_terminal("XTerm", "page", "60x20+100+100")
    (monitor,) = screen.monitors()
    time.sleep(0.5)
    whole, part = screen.grab(monitor), screen.grab(monitor, Box(64, 128, 640, 320))
    assert whole is not None
    assert part is not None
    assert np.array_equal(part[:, :, :3], whole[128:320, 64:640, :3])


def test_a_grab_belongs_to_its_caller(virtual_screen: VirtualScreen, screen: Screen | XScreen) -> None:
    """What was grabbed stays as it was when the next grab is made, and may be painted on."""
    (monitor,) = screen.monitors()
    first = screen.grab(monitor)
    assert first is not None
    first[:] = 7
    virtual_screen.open_terminal("XTerm", "page", "60x20+100+100")
    screen.grab(monitor)
    assert (first == 7).all()


@pytest.mark.parametrize("way", [XScreen, Screen], ids=["shared memory", "mss"])
def test_monitors_that_appear_and_disappear_are_seen(
    virtual_screen: VirtualScreen, way: type[Screen] | type[XScreen]
) -> None:
    """A screen cut in two is listed as two monitors after some seconds, and as one again later."""
    clock = FixedClock(0)
    with way(clock, virtual_screen.display) as screen:
        counts = [len(screen.monitors())]
        virtual_screen.run("xrandr", "--setmonitor", "LEFT", "640/170x800/210+0+0", "screen")
        virtual_screen.run("xrandr", "--setmonitor", "RIGHT", "640/170x800/210+640+0", "none")
        clock.advance(LISTED_AFTER_S)
        monitors = screen.monitors()
        counts.append(len(monitors))
        right = screen.grab(monitors[1])
        virtual_screen.run("xrandr", "--delmonitor", "RIGHT")
        clock.advance(LISTED_AFTER_S)
        counts.append(len(screen.monitors()))
    assert counts == [1, 2, 1]
    assert monitors[1] == Monitor(1, 640, 0, 640, 800)
    assert right is not None
    assert right.shape == (800, 640, 4)


def test_a_monitor_of_another_size_is_seen(virtual_screen: VirtualScreen) -> None:
    """A monitor that is turned keeps its number and has its new size."""
    clock = FixedClock(0)
    with XScreen(clock, virtual_screen.display) as screen:
        virtual_screen.run("xrandr", "--setmonitor", "ONE", "1280/339x800/212+0+0", "screen")
        (wide,) = screen.monitors()
        virtual_screen.run("xrandr", "--delmonitor", "ONE")
        virtual_screen.run("xrandr", "--setmonitor", "ONE", "500/212x800/339+0+0", "screen")
        clock.advance(LISTED_AFTER_S)
        (high,) = screen.monitors()
        grab = screen.grab(high)
    assert (wide, high) == (Monitor(0, 0, 0, 1280, 800), Monitor(0, 0, 0, 500, 800))
    assert grab is not None
    assert grab.shape == (800, 500, 4)


def test_a_monitor_keeps_its_number_while_others_come_and_go() -> None:
    """A stream of frames goes on where another monitor was unplugged; a new one takes the number that is free."""
    assert numbered([7, 8, 9], {}) == {7: 0, 8: 1, 9: 2}
    assert numbered([8, 9], {7: 0, 8: 1, 9: 2}) == {8: 1, 9: 2}
    assert numbered([8, 9, 5], {8: 1, 9: 2}) == {8: 1, 9: 2, 5: 0}


def test_monitors_that_show_the_same_are_one() -> None:
    """A mirrored projector is not recorded twice."""
    first, second, other = Monitor(0, 0, 0, 800, 600), Monitor(1, 0, 0, 800, 600), Monitor(2, 800, 0, 800, 600)
    assert without_mirrors([other, second, first]) == (first, other)


def test_the_process_of_a_window_is_known(virtual_screen: VirtualScreen, windows: Windows) -> None:
    """Process and workspace come with the title."""
    virtual_screen.focus(virtual_screen.open_terminal("Ledger", "accounts 2026"))
    active = active_window(wait_for(windows, lambda seen: active_window(seen) is not None))
    assert active is not None
    assert active.pid is not None
    assert Path(f"/proc/{active.pid}/comm").read_text() == "xterm\n"
    assert active.workspace == 0


def test_a_window_that_passes_by_the_window_manager_is_seen(virtual_screen: VirtualScreen, windows: Windows) -> None:
    """Menus and prompts are in no list, and must be known all the same: they may be excluded."""
    virtual_screen.open_terminal("Ledger", "accounts 2026")
    virtual_screen.start(sys.executable, "-c", PROMPT)
    desktop = wait_for(windows, lambda seen: any(one.window.app == "KeePassXC" for one in seen))
    [prompt] = [one for one in desktop if one.window.app == "KeePassXC"]
    assert prompt.box == Box(300, 200, 420, 280)
    assert desktop[-1] == prompt


def test_a_dead_window_manager_hides_no_window(virtual_screen: VirtualScreen, windows: Windows) -> None:
    """Its list stays on the root for ever; what is opened afterwards is not in it."""
    virtual_screen.open_terminal("Before", "before")
    wait_for(windows, lambda seen: any(one.window.app == "Before" for one in seen))
    os.kill(process_on(virtual_screen, "openbox"), signal.SIGKILL)
    time.sleep(0.5)
    virtual_screen.open_terminal("After", "after")
    wait_for(windows, lambda seen: any(one.window.app == "After" for one in seen))


def test_a_rolled_up_window_covers_nothing(virtual_screen: VirtualScreen, windows: Windows) -> None:
    """It keeps the size it had and shows no more than its title."""
    number = virtual_screen.open_terminal("Ledger", "accounts 2026")
    virtual_screen.focus(number)
    assert wait_for(windows, lambda seen: any(one.window.app == "Ledger" for one in seen))[-1].opaque
    virtual_screen.start(sys.executable, "-c", SHADE, number)
    wait_for(windows, lambda seen: any(one.window.app == "Ledger" and not one.opaque for one in seen))


def test_a_monitor_is_cut_to_what_the_screen_has(virtual_screen: VirtualScreen) -> None:
    """A layout that reaches beyond the screen is recorded as far as there is a screen."""
    virtual_screen.run("xrandr", "--setmonitor", "ONE", "1000/300x700/200+600+200", "screen")
    with XScreen(FixedClock(0), virtual_screen.display) as screen:
        (monitor,) = screen.monitors()
        grab = screen.grab(monitor)
    assert monitor == Monitor(0, 600, 200, 680, 600)
    assert grab is not None


def test_windows_tell_that_something_happened(virtual_screen: VirtualScreen, windows: Windows) -> None:
    """Nothing is asked again while nothing happens; a new window is."""
    wait_for(windows, lambda seen: not seen)
    time.sleep(0.3)
    first = windows.look()
    assert windows.look() is first
    virtual_screen.open_terminal("Ledger", "accounts 2026")
    wait_for(windows, lambda seen: len(seen) == 1)


@pytest.mark.parametrize("drawn", [True, False])
def test_damage_tells_where_was_drawn(virtual_screen: VirtualScreen, drawn: bool) -> None:
    """A still screen tells nothing; a new window tells where it lies."""
    with XDamage(virtual_screen.display) as damage:
        time.sleep(0.3)
        damage.take()
        if drawn:
            virtual_screen.open_terminal("Ledger", "accounts 2026", "40x10+300+200")
            time.sleep(0.3)
        boxes = damage.take()
    assert any(box.intersects(Box(320, 230, 340, 250)) for box in boxes) is drawn
    assert bool(boxes) is drawn


def test_a_monitor_that_has_just_changed_is_not_grabbed(screen: Screen | XScreen) -> None:
    """An area outside of the screen gives nothing, and the next listing is fresh."""
    assert screen.grab(Monitor(0, 1000, 0, 1280, 800)) is None
    assert screen.monitors() == (Monitor(0, 0, 0, 1280, 800),)


def test_a_display_that_goes_away_is_no_screen(virtual_screen: VirtualScreen) -> None:
    """Grabbing, looking and closing after the X server died give one sentence, or nothing, but no foreign error."""
    display = virtual_screen.display
    screens = [Screen(FixedClock(0), display), XScreen(FixedClock(0), display)]
    windows, damage = Windows(display), XDamage(display)
    (monitor,) = screens[0].monitors()
    virtual_screen.server.kill()
    virtual_screen.server.wait()
    for ask in (lambda: screens[0].grab(monitor), lambda: screens[1].grab(monitor), windows.look, damage.take):
        with pytest.raises(NoScreen, match=f"display {display} does not answer"):
            ask()
    for part in (*screens, windows, damage):
        part.close()


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
