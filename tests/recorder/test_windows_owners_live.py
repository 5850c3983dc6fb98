"""Whose a window is on a real X server, as the display tells it and not the window."""

from __future__ import annotations

import os
import signal
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from recorder.desktop import Desktop
from recorder.exclusions import DEFAULT_APPS, DEFAULT_TITLES
from recorder.privacy import Gate
from recorder.windows import Windows
from tests.support.virtual_screen import VirtualScreen
from timeline.model import Box, Window

pytestmark = pytest.mark.journey

# A vault that says nothing of its process, a menu of it without any property, and a sheet over all the screen.
VAULT_AND_MENU = """
import time, xcffib, xcffib.xproto
x = xcffib.connect()
screen = x.get_setup().roots[0]
def show(place, passes_by, name=b""):
    window = x.generate_id()
    x.core.CreateWindow(24, window, screen.root, *place, 0, 1, screen.root_visual, 2 | 512, [0xFFFFFF, passes_by])
    if name:
        x.core.ChangeProperty(0, window, 67, 31, 8, len(name), name)
    x.core.MapWindow(window)
    x.flush()
show((100, 100, 200, 100), 0, b"vault\\0KeePassXC\\0")
time.sleep(0.3)
show((600, 500, 120, 80), 1)
time.sleep(60)
"""
SHEET = """
import time, xcffib, xcffib.xproto
x = xcffib.connect()
screen = x.get_setup().roots[0]
window = x.generate_id()
x.core.CreateWindow(24, window, screen.root, 0, 0, 1280, 800, 0, 1, screen.root_visual, 512, [1])
x.core.MapWindow(window)
x.flush()
time.sleep(60)
"""


@pytest.fixture
def windows(virtual_screen: VirtualScreen) -> Iterator[Windows]:
    """The windows of the virtual screen."""
    with Windows(virtual_screen.display) as windows:
        yield windows


def wait_for(windows: Windows, fact: Callable[[Desktop], bool]) -> Desktop:
    """Return the windows as soon as a fact holds."""
    until = time.monotonic() + 20
    while not fact(desktop := windows.look()):
        assert time.monotonic() < until
        time.sleep(0.02)
    return desktop


def test_a_menu_without_any_property_is_its_programs(virtual_screen: VirtualScreen, windows: Windows) -> None:
    """The display knows connection and process; a terminal beside them is another's."""
    virtual_screen.open_terminal("Ledger", "accounts 2026")
    program = virtual_screen.start(sys.executable, "-c", VAULT_AND_MENU)
    desktop = wait_for(windows, lambda seen: len(seen) == 3)
    [vault] = [seen for seen in desktop if seen.window.app == "KeePassXC"]
    [menu] = [seen for seen in desktop if seen.window == Window()]
    assert vault.owners == menu.owners
    assert (vault.pid, menu.pid, menu.popup, menu.box) == (program.pid, program.pid, True, Box(600, 500, 720, 580))
    assert Gate(DEFAULT_APPS, DEFAULT_TITLES).hidden(desktop) == {vault.id, menu.id}


def test_a_program_cannot_name_another_process_as_its_own(virtual_screen: VirtualScreen, windows: Windows) -> None:
    """In a container every program is process 2; the display knows better."""
    number = virtual_screen.open_terminal("Ledger", "accounts 2026")
    wrong = str(os.getpid())
    virtual_screen.run("xprop", "-id", number, "-f", "_NET_WM_PID", "32c", "-set", "_NET_WM_PID", wrong)
    [ledger] = wait_for(windows, lambda seen: len(seen) == 1)
    assert Path(f"/proc/{ledger.pid}/comm").read_text() == "xterm\n"


def test_a_sheet_over_the_whole_screen_hides_nothing(virtual_screen: VirtualScreen, windows: Windows) -> None:
    """Compositors paint the desktop on such a one: what lies below it can be seen on it."""
    virtual_screen.open_terminal("keepassxc", "vault")
    virtual_screen.focus(virtual_screen.open_terminal("Ledger", "accounts 2026", "30x8+700+500"))
    virtual_screen.start(sys.executable, "-c", SHEET)
    desktop = wait_for(windows, lambda seen: len(seen) == 3)
    decision = Gate(DEFAULT_APPS, DEFAULT_TITLES).decide(desktop, desktop)
    assert (decision.verdict, len(decision.masks)) == ("keep", 1)
    assert decision.masks[0].width < 600


def test_a_dialog_says_whose_it_is(virtual_screen: VirtualScreen, windows: Windows) -> None:
    """By the window it is for, also when that is of another program."""
    vault = virtual_screen.open_terminal("keepassxc", "vault")
    other = virtual_screen.open_terminal("Portal", "Open", "40x8+500+400")
    whose = ("-f", "WM_TRANSIENT_FOR", "32x", "-set", "WM_TRANSIENT_FOR", hex(int(vault)))
    virtual_screen.run("xprop", "-id", other, *whose)
    desktop = wait_for(windows, lambda seen: any(one.dialog_of for one in seen))
    assert len(Gate(DEFAULT_APPS, DEFAULT_TITLES).hidden(desktop)) == 2


def test_the_frame_of_a_window_that_is_just_going_is_still_its_own(
    virtual_screen: VirtualScreen, windows: Windows
) -> None:
    """Its title stands there until the window manager takes the frame away, though the window itself is unmapped."""
    number = virtual_screen.open_terminal("keepassxc", "vault")
    wait_for(windows, lambda seen: len(seen) == 1)
    manager = next(
        process
        for process in Path("/proc").iterdir()
        if process.name.isdigit() and _runs_on(process, "openbox", virtual_screen.display)
    )
    os.kill(int(manager.name), signal.SIGSTOP)
    try:
        virtual_screen.xdotool("windowunmap", number)
        time.sleep(0.3)
        [vault] = windows.look()
        assert (vault.window.app, vault.opaque) == ("keepassxc", False)
    finally:
        os.kill(int(manager.name), signal.SIGCONT)
    wait_for(windows, lambda seen: not seen)


def _runs_on(process: Path, name: str, display: str) -> bool:
    try:
        named = (process / "comm").read_text().strip() == name
        return named and f"DISPLAY={display}".encode() in (process / "environ").read_bytes().split(b"\0")
    except OSError:  # it has ended meanwhile
        return False
