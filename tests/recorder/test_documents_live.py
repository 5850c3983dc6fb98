"""The page that a real Chromium shows, by its debugging port and by what it tells assistive technology."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from jeepney import DBusAddress, new_method_call
from jeepney.io.blocking import open_dbus_connection

from recorder.desktop import ScreenWindow
from recorder.documents.accessibility import Accessibility
from recorder.documents.debugging_port import page_of
from recorder.documents.source import DocumentSource
from recorder.windows import Windows
from tests.support.message_bus import MessageBus, open_message_bus
from tests.support.virtual_screen import VirtualScreen

pytestmark = pytest.mark.journey

TITLE = "Budget 预算 2026 - plan"
BROWSER_S = 60.0  # a loaded machine of two cores


@pytest.fixture
def message_bus(virtual_screen: VirtualScreen, tmp_path: Path) -> Iterator[MessageBus]:
    """The session's bus, whose programs use it."""
    with open_message_bus(tmp_path, environment=virtual_screen.environment) as bus:
        virtual_screen.environment["DBUS_SESSION_BUS_ADDRESS"] = bus.address
        yield bus


@pytest.fixture
def page(tmp_path: Path) -> str:
    """The address of a page that names its second page."""
    (tmp_path / "page.html").write_text(f'<meta charset="utf-8"><title>{TITLE}</title><h1>Hello</h1>')
    return (tmp_path / "page.html").as_uri()


def open_page(screen: VirtualScreen, profile: Path, page: str, *options: str) -> ScreenWindow:
    """Open a page in a Chromium of its own and return its window once it bears the page's title."""
    screen.start(
        "chromium", "--no-sandbox", "--test-type", "--disable-gpu", "--no-first-run", f"--user-data-dir={profile}",
        *options, page,
    )  # fmt: skip
    with Windows(screen.display) as windows:
        until = time.monotonic() + BROWSER_S
        while True:
            shown = [one for one in windows.look() if (one.window.title or "").startswith(TITLE)]
            if shown:
                return shown[0]
            assert time.monotonic() < until
            time.sleep(0.2)


def told(ask: Callable[[], str | None]) -> str | None:
    """Return the first answer; a browser that has a title already may still be building what it tells."""
    until = time.monotonic() + BROWSER_S
    while (answer := ask()) is None:
        assert time.monotonic() < until
        time.sleep(0.2)
    return answer


def switch_accessibility_on(bus: MessageBus) -> None:
    """What a screen reader does when it starts."""
    status = DBusAddress("/org/a11y/bus", "org.a11y.Bus", "org.freedesktop.DBus.Properties")
    body = ("org.a11y.Status", "IsEnabled", ("b", True))
    with open_dbus_connection(bus.address) as connection:
        connection.send_and_get_reply(new_method_call(status, "Set", "ssv", body), timeout=20)


def test_the_debugging_port_tells_the_page(
    virtual_screen: VirtualScreen, message_bus: MessageBus, page: str, tmp_path: Path
) -> None:
    """A browser that took a port by itself; the source knows it at a later look."""
    window = open_page(virtual_screen, tmp_path / "profile", page, "--remote-debugging-port=0")
    pid, title = window.pid, window.window.title
    assert pid is not None
    assert title is not None
    assert told(lambda: page_of(pid, title)) == page
    assert page_of(pid, "Another - Chromium") is None
    with DocumentSource(Accessibility(message_bus.address)) as source:
        assert told(lambda: source.document(window)) == page


def test_a_browser_without_a_port_tells_assistive_technology(
    virtual_screen: VirtualScreen, message_bus: MessageBus, page: str, tmp_path: Path
) -> None:
    """Where a screen reader switched accessibility on; the title must be that of the window."""
    switch_accessibility_on(message_bus)
    window = open_page(virtual_screen, tmp_path / "profile", page, "--force-renderer-accessibility")
    pid, title = window.pid, window.window.title
    assert pid is not None
    assert title is not None
    assert page_of(pid, title) is None
    with Accessibility(message_bus.address) as accessibility:
        assert told(lambda: accessibility.document_of(pid, title)) == page
        assert accessibility.document_of(pid, "Another - Chromium") is None


def test_accessibility_is_never_switched_on(
    virtual_screen: VirtualScreen, message_bus: MessageBus, page: str, tmp_path: Path
) -> None:
    """Asking starts no service."""
    window = open_page(virtual_screen, tmp_path / "profile", page)
    assert window.pid is not None
    with Accessibility(message_bus.address) as accessibility:
        assert accessibility.document_of(window.pid, window.window.title or "") is None
    with open_dbus_connection(message_bus.address) as connection:
        asked = DBusAddress("/org/freedesktop/DBus", "org.freedesktop.DBus", "org.freedesktop.DBus")
        reply = connection.send_and_get_reply(new_method_call(asked, "ListNames"), timeout=5)
    assert "org.a11y.atspi.Registry" not in reply.body[0]
