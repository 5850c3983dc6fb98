"""One answer from the display, the session and the running programs, on a real X server and a real bus."""

from __future__ import annotations

import select
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from recorder.dbus import Bus
from recorder.presence import IDLE, Presence
from recorder.session import LOCKED
from recorder.x_presence import XPresence
from tests.support.message_bus import MessageBus, open_message_bus
from tests.support.virtual_screen import VirtualScreen
from timeline.clock import SystemClock

pytestmark = pytest.mark.journey

IDLE_AFTER_S = 2.0
POWER = "org.freedesktop.PowerManagement"
LOCKER = ("org.gnome.ScreenSaver", "/org/gnome/ScreenSaver")


@pytest.fixture
def message_bus(tmp_path: Path) -> Iterator[MessageBus]:
    """The session's bus."""
    with open_message_bus(tmp_path) as bus:
        yield bus


def user(screen: VirtualScreen, message_bus: MessageBus, idle_after_s: float = IDLE_AFTER_S) -> Presence:
    """The presence of somebody at the screen."""
    clock = SystemClock()
    return Presence(clock, XPresence(clock, screen.display), None, Bus.connect(message_bus.address), idle_after_s)


def looks(presence: Presence, seconds: float, playing: bool = False) -> set[str | None]:
    """All answers within some seconds."""
    until, answers = time.monotonic() + seconds, set()
    while time.monotonic() < until:
        answers.add(presence.look(playing))
        time.sleep(0.1)
    return answers


def wait_until(presence: Presence, reason: str | None) -> None:
    """Look until this is the answer."""
    until = time.monotonic() + 20
    while presence.look() != reason:
        assert time.monotonic() < until
        time.sleep(0.05)


def test_who_touches_nothing_is_idle_until_the_next_input(
    virtual_screen: VirtualScreen, message_bus: MessageBus
) -> None:
    """The first move of the pointer wakes the recorder, which then records again."""
    with user(virtual_screen, message_bus) as presence:
        wait_until(presence, IDLE)
        while select.select([presence], [], [], 0.3)[0]:  # what came before has been looked at
            assert presence.look() == IDLE
        virtual_screen.xdotool("mousemove_relative", "5", "5")
        assert select.select([presence], [], [], 10)[0]
        assert presence.look() is None


def test_zero_minutes_are_never(virtual_screen: VirtualScreen, message_bus: MessageBus) -> None:
    """Whoever wants to record a screen that nobody touches may."""
    with user(virtual_screen, message_bus, 0) as presence:
        assert looks(presence, 3) == {None}


def test_a_film_that_says_so_is_watched(virtual_screen: VirtualScreen, message_bus: MessageBus) -> None:
    """Nobody is idle who watches, and the time counts from the end of the film."""
    tables = {"methods": {(f"{POWER}.Inhibit", "HasInhibit"): ("b", (True,))}}
    with user(virtual_screen, message_bus) as presence:
        with message_bus.service(POWER, **tables):
            assert looks(presence, 2 * IDLE_AFTER_S) == {None}
        wait_until(presence, IDLE)


def test_a_film_that_fills_the_screen_is_watched(virtual_screen: VirtualScreen, message_bus: MessageBus) -> None:
    """Also where no program says so."""
    with user(virtual_screen, message_bus) as presence:
        assert looks(presence, 2 * IDLE_AFTER_S, playing=True) == {None}


def test_a_blanked_screen_is_not_watched(virtual_screen: VirtualScreen, message_bus: MessageBus) -> None:
    """Whatever plays behind it, and however recent the last input."""
    with user(virtual_screen, message_bus, 3600) as presence:
        virtual_screen.run("xset", "s", "activate")
        assert presence.look(playing=True) == IDLE


def test_a_lock_is_no_idleness(virtual_screen: VirtualScreen, message_bus: MessageBus) -> None:
    """The more telling reason stands, and its end wakes the recorder."""
    name, path = LOCKER
    with user(virtual_screen, message_bus) as presence, message_bus.service(name) as saver:
        saver.emit(path, name, "ActiveChanged", "b", True)
        wait_until(presence, LOCKED)
        assert looks(presence, 2 * IDLE_AFTER_S) == {LOCKED}
        virtual_screen.xdotool("mousemove_relative", "5", "5")
        presence.look()
        saver.emit(path, name, "ActiveChanged", "b", False)
        assert select.select([presence], [], [], 10)[0]
        wait_until(presence, None)
