"""Idle time, alarms and lockers on a real X server."""

from __future__ import annotations

import select
import sys
import time
from collections.abc import Callable, Iterator

import pytest

from recorder.x_presence import XPresence, XSight
from tests.support.virtual_screen import VirtualScreen
from timeline.clock import SystemClock
from timeline.errors import NoScreen

pytestmark = pytest.mark.journey

# A window like slock's or i3lock's: over everything, past the window manager.
_LOCKER = """
import sys, time, xcffib, xcffib.xproto as p
x = xcffib.connect(); s = x.get_setup().roots[0]; w = x.generate_id()
x.core.CreateWindow(s.root_depth, w, s.root, 0, 0, int(sys.argv[2]), s.height_in_pixels, 0, 1, s.root_visual,
                    p.CW.OverrideRedirect, [1])
if sys.argv[1]:
    name = sys.argv[1].encode() + bytes(1) + sys.argv[1].encode() + bytes(1)
    x.core.ChangeProperty(0, w, 67, 31, 8, len(name), name)
x.core.MapWindow(w)
if sys.argv[3:]:
    x.core.GrabKeyboard(False, s.root, 0, 1, 1).reply()
x.flush(); print(w, flush=True); time.sleep(3600)
"""


@pytest.fixture
def presence(virtual_screen: VirtualScreen) -> Iterator[XPresence]:
    """The user of the virtual screen."""
    with XPresence(SystemClock(), virtual_screen.display) as presence:
        yield presence


def look_until(presence: XPresence, fact: Callable[[XSight], bool]) -> XSight:
    """Return the first look at which a fact holds."""
    until = time.monotonic() + 15
    while not fact(sight := presence.look()):
        assert time.monotonic() < until
        time.sleep(0.05)
    return sight


def readable(presence: XPresence, timeout_s: float) -> bool:
    """Tell whether the presence wakes within that time."""
    return bool(select.select([presence.fileno()], [], [], timeout_s)[0])


def start_locker(screen: VirtualScreen, name: str, width: int = 1280, *options: str) -> None:
    """Cover the screen past the window manager; with an option, hold the keyboard too."""
    screen.start(sys.executable, "-c", _LOCKER, name, str(width), *options)


def test_the_time_without_input_is_counted_from_the_last_input(
    virtual_screen: VirtualScreen, presence: XPresence
) -> None:
    """It grows, and a move of the pointer ends it."""
    look_until(presence, lambda sight: sight.idle_s is not None and sight.idle_s > 1.5)
    virtual_screen.xdotool("mousemove_relative", "5", "5")
    look_until(presence, lambda sight: sight.idle_s is not None and sight.idle_s < 1.5)


def test_the_first_input_wakes(virtual_screen: VirtualScreen, presence: XPresence) -> None:
    """A move of the pointer wakes who asked to be woken, once idle for over a second."""
    look_until(presence, lambda sight: sight.idle_s is not None and sight.idle_s > 1.5)
    presence.wake_at_input()
    presence.look()
    assert not readable(presence, 0.3)
    virtual_screen.xdotool("mousemove_relative", "5", "5")
    assert readable(presence, 10)
    presence.look()
    assert not readable(presence, 0)


def test_who_did_not_ask_is_not_woken(virtual_screen: VirtualScreen, presence: XPresence) -> None:
    """While the user works no input costs the recorder anything."""
    look_until(presence, lambda sight: sight.idle_s is not None and sight.idle_s > 1.5)
    presence.wake_at_input()
    presence.sleep_through_input()
    presence.look()
    virtual_screen.xdotool("mousemove_relative", "5", "5")
    assert not readable(presence, 0.5)


def test_a_blanked_screen_is_seen(virtual_screen: VirtualScreen, presence: XPresence) -> None:
    """The server's own screen saver."""
    virtual_screen.run("xset", "s", "activate")
    assert presence.look().blanked
    virtual_screen.run("xset", "s", "reset")
    assert not presence.look().blanked


@pytest.mark.parametrize("locker", [("i3lock", 1280), ("", 1280, "keyboard")])
def test_a_locker_over_the_screen_is_seen_until_it_goes(
    virtual_screen: VirtualScreen, presence: XPresence, locker: tuple[str, int, str]
) -> None:
    """By its name, or by having none and holding the keyboard; its end wakes."""
    start_locker(virtual_screen, *locker)
    look_until(presence, lambda sight: sight.locked)
    virtual_screen.close()
    assert readable(presence, 10)
    look_until(presence, lambda sight: not sight.locked)


@pytest.mark.parametrize(("name", "width"), [("flameshot", 1280), ("i3lock", 600), ("", 1280)])
def test_other_windows_past_the_window_manager_are_no_lockers(
    virtual_screen: VirtualScreen, presence: XPresence, name: str, width: int
) -> None:
    """A screenshot tool covers the screen too, or a desktop's own window without a name; a prompt is not all of it."""
    start_locker(virtual_screen, name, width)
    until = time.monotonic() + 4
    while time.monotonic() < until:
        assert not presence.look().locked
        time.sleep(0.2)


def test_xscreensaver_says_whether_it_locked_or_blanked(virtual_screen: VirtualScreen, presence: XPresence) -> None:
    """In a property of the root, whose change wakes."""
    put = ("xprop", "-root", "-f", "_SCREENSAVER_STATUS", "32a", "-set", "_SCREENSAVER_STATUS")
    virtual_screen.run(*put, "LOCK")
    assert not look_until(presence, lambda sight: sight.locked).blanked
    virtual_screen.run(*put, "BLANK")
    assert readable(presence, 10)
    assert not look_until(presence, lambda sight: sight.blanked).locked
    virtual_screen.run("xprop", "-root", "-remove", "_SCREENSAVER_STATUS")
    assert readable(presence, 10)
    look_until(presence, lambda sight: not sight.blanked)


def test_a_display_that_goes_away_is_no_screen(virtual_screen: VirtualScreen, presence: XPresence) -> None:
    """One sentence, no foreign error."""
    virtual_screen.server.kill()
    virtual_screen.server.wait()
    with pytest.raises(NoScreen, match=f"display {virtual_screen.display} does not answer"):
        presence.look()


def test_a_compositing_manager_is_no_locker(virtual_screen: VirtualScreen, presence: XPresence) -> None:
    """Its overlay covers the screen, without a name."""
    overlay = (
        "import time, xcffib, xcffib.xproto, xcffib.composite as c; x = xcffib.connect(); e = x(c.key);"
        "e.QueryVersion(0, 4).reply(); e.GetOverlayWindow(x.get_setup().roots[0].root).reply(); time.sleep(3600)"
    )
    virtual_screen.start(sys.executable, "-c", overlay)
    until = time.monotonic() + 4
    while time.monotonic() < until:
        assert not presence.look().locked
        time.sleep(0.2)
