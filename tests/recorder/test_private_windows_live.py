"""Private windows of a real Chromium: by the tab they begin with, by how it was started, by assistive technology."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from jeepney import DBusAddress, new_method_call
from jeepney.io.blocking import open_dbus_connection

from recorder.desktop import ScreenWindow
from recorder.documents.accessibility import Accessibility
from recorder.documents.source import DocumentSource
from recorder.exclusions import DEFAULT_APPS, DEFAULT_TITLES
from recorder.privacy import Gate
from recorder.windows import Windows
from tests.support.message_bus import open_message_bus
from tests.support.virtual_screen import VirtualScreen

pytestmark = pytest.mark.journey

BROWSER_S = 60.0
PLAIN, BANK = "Plain page", "My bank"


@pytest.fixture
def windows(virtual_screen: VirtualScreen) -> Iterator[Windows]:
    """The windows of the virtual screen."""
    with Windows(virtual_screen.display) as windows:
        yield windows


def page(title: str) -> str:
    """The address of a page of this title."""
    return f"data:text/html,<title>{title}</title><h1>{title}</h1>"


def open_browser(screen: VirtualScreen, profile: Path, *options: str) -> None:
    """Start a Chromium of its own."""
    screen.start(
        "chromium", "--no-sandbox", "--test-type", "--disable-gpu", "--no-first-run", f"--user-data-dir={profile}",
        *options,
    )  # fmt: skip


def wait_for(windows: Windows, gate: Gate, title: str, fact: Callable[[bool], bool] = lambda _: True) -> ScreenWindow:
    """Return the window whose title begins so, once a fact holds about whether it is hidden."""
    until = time.monotonic() + BROWSER_S
    while True:
        desktop = windows.look()
        hidden = gate.hidden(desktop)
        for seen in desktop:
            if (seen.window.title or "").startswith(title) and fact(seen.id in hidden):
                return seen
        assert time.monotonic() < until, [(one.window, one.id in hidden) for one in desktop]
        time.sleep(0.02)


def open_private(screen: VirtualScreen, windows: Windows, gate: Gate, ordinary: ScreenWindow) -> ScreenWindow:
    """Open a private window from an ordinary one and return it with its empty tab."""
    screen.focus(str(ordinary.id))
    screen.xdotool("key", "ctrl+shift+n")
    return wait_for(windows, gate, "New Incognito Tab")


def go_to(screen: VirtualScreen, window: ScreenWindow, address: str) -> None:
    """Open another page in a window."""
    screen.focus(str(window.id))
    screen.xdotool("key", "ctrl+l")
    screen.xdotool("type", address)
    screen.xdotool("key", "Return")


def test_a_window_that_began_with_the_private_tab_stays_private(
    virtual_screen: VirtualScreen, windows: Windows, tmp_path: Path
) -> None:
    """Its later pages bear no mark; the ordinary window of the same process is kept."""
    gate = Gate(DEFAULT_APPS, DEFAULT_TITLES)
    open_browser(virtual_screen, tmp_path / "profile", page(PLAIN))
    ordinary = wait_for(windows, gate, PLAIN, lambda hidden: not hidden)
    private = open_private(virtual_screen, windows, gate, ordinary)
    go_to(virtual_screen, private, page(BANK))
    assert wait_for(windows, gate, BANK).id in gate.hidden(windows.look())
    assert ordinary.id not in gate.hidden(windows.look())


def test_a_browser_that_was_started_private_is_hidden(
    virtual_screen: VirtualScreen, windows: Windows, tmp_path: Path
) -> None:
    """By the option on its command line."""
    gate = Gate(DEFAULT_APPS, DEFAULT_TITLES)
    open_browser(virtual_screen, tmp_path / "profile", "--incognito", page(BANK))
    wait_for(windows, gate, BANK, lambda hidden: hidden)


def test_assistive_technology_tells_private_windows(
    virtual_screen: VirtualScreen, windows: Windows, tmp_path: Path
) -> None:
    """A private window that nobody saw beginning, as when the recorder starts later."""
    with open_message_bus(tmp_path, environment=virtual_screen.environment) as bus:
        virtual_screen.environment["DBUS_SESSION_BUS_ADDRESS"] = bus.address
        status = DBusAddress("/org/a11y/bus", "org.a11y.Bus", "org.freedesktop.DBus.Properties")
        with open_dbus_connection(bus.address) as connection:
            body = ("org.a11y.Status", "IsEnabled", ("b", True))
            connection.send_and_get_reply(new_method_call(status, "Set", "ssv", body), timeout=20)
        open_browser(virtual_screen, tmp_path / "profile", page(PLAIN))
        early = Gate([], [])
        ordinary = wait_for(windows, early, PLAIN)
        private = open_private(virtual_screen, windows, early, ordinary)
        go_to(virtual_screen, private, page(BANK))
        wait_for(windows, early, BANK)
        with DocumentSource(Accessibility(bus.address)) as pages:
            gate = Gate(DEFAULT_APPS, DEFAULT_TITLES, pages=pages)
            assert wait_for(windows, gate, BANK, lambda hidden: hidden).id == private.id
            assert wait_for(windows, gate, PLAIN, lambda hidden: not hidden).id == ordinary.id


def test_the_menus_of_a_browser_are_hidden_while_a_private_window_of_it_is_seen(
    virtual_screen: VirtualScreen, windows: Windows, tmp_path: Path
) -> None:
    """They say nothing of themselves, not even whose they are, so that nobody knows which window opened them."""
    gate = Gate(DEFAULT_APPS, DEFAULT_TITLES)
    open_browser(virtual_screen, tmp_path / "profile", page(PLAIN))
    ordinary = wait_for(windows, gate, PLAIN)
    private = open_private(virtual_screen, windows, gate, ordinary)
    assert [menu.id in gate.hidden(windows.look()) for menu in menus_of(virtual_screen, windows, private)] == [True]
    virtual_screen.xdotool("key", "Escape")
    virtual_screen.xdotool("windowminimize", "--sync", str(private.id))
    assert [menu.id in gate.hidden(windows.look()) for menu in menus_of(virtual_screen, windows, ordinary)] == [False]


def menus_of(screen: VirtualScreen, windows: Windows, window: ScreenWindow) -> list[ScreenWindow]:
    """Open the menu of a browser's window and return what passes by the window manager then."""
    screen.focus(str(window.id))
    screen.xdotool("key", "alt+f")
    until = time.monotonic() + BROWSER_S
    while not (menus := [seen for seen in windows.look() if seen.popup and seen.pid == window.pid]):
        assert time.monotonic() < until
        time.sleep(0.1)
    return menus


def test_a_page_is_hidden_by_its_address(virtual_screen: VirtualScreen, windows: Windows, tmp_path: Path) -> None:
    """While the browser tells it; the page before and the page after are kept."""
    for name in ("open", "secret"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "page.html").write_text(f"<title>{name} page</title>")
    opened, secret = ((tmp_path / name / "page.html").as_uri() for name in ("open", "secret"))
    with DocumentSource(Accessibility("unix:path=/nonexistent")) as pages:
        gate = Gate(DEFAULT_APPS, DEFAULT_TITLES, [f"file://{tmp_path}/secret/*"], pages)
        open_browser(virtual_screen, tmp_path / "profile", "--remote-debugging-port=0", opened)
        window = wait_for(windows, gate, "open page", lambda hidden: not hidden)
        go_to(virtual_screen, window, secret)
        wait_for(windows, gate, "secret page", lambda hidden: hidden)
        go_to(virtual_screen, window, opened)
        wait_for(windows, gate, "open page", lambda hidden: not hidden)
