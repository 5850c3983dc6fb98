"""What it costs to see whether somebody is there, and to ask which page a window shows.

    python bench/presence.py [--looks N] [--questions N]

A virtual screen, a message bus of its own, six terminals and a Chromium with a debugging port and accessibility on.
Printed: milliseconds of CPU and of waiting, per call (means): looking for input, locks and signals at the rate of the
keep-alive and at that of a busy screen, asking who inhibits idling, asking for a page by the debugging port, by
assistive technology and by its title.  CPU is that of this process alone.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from jeepney import DBusAddress, new_method_call
from jeepney.io.blocking import open_dbus_connection

from recorder.dbus import Bus
from recorder.documents.accessibility import Accessibility
from recorder.documents.debugging_port import page_of
from recorder.documents.titles import Who, told_by
from recorder.inhibitors import Inhibitors
from recorder.presence import Presence
from recorder.windows import Windows
from recorder.x_presence import LOCKERS_EVERY_S, XPresence
from tests.support.message_bus import MessageBus, open_message_bus
from tests.support.virtual_screen import VirtualScreen, open_virtual_screen
from timeline.clock import FixedClock

TITLE = "Budget - plan"
TERMINALS = 6
WHO = Who("/home/mei", "mei", "studio")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--looks", type=int, default=2000)
    parser.add_argument("--questions", type=int, default=200)
    options = parser.parse_args()
    with (
        tempfile.TemporaryDirectory(prefix="dayreel-presence-") as scratch,
        open_virtual_screen(Path(scratch)) as screen,
    ):
        for number in range(TERMINALS):
            screen.open_terminal(f"Terminal{number}", f"terminal {number}")
        with open_message_bus(Path(scratch), environment=screen.environment) as bus:
            measure_presence(screen, bus, options.looks)
            measure_documents(screen, bus, Path(scratch), options.questions)


def measure_presence(screen: VirtualScreen, bus: MessageBus, looks: int) -> None:
    """Print what a look costs with all windows looked through each time, and with that left out."""
    clock, session = FixedClock(0), Bus.connect(bus.address)
    with Presence(clock, XPresence(clock, screen.display), None, session, 3600) as presence:

        def keep_alive() -> object:
            clock.advance(LOCKERS_EVERY_S)
            return presence.look()

        tell("look, lockers looked for", keep_alive, looks)
        tell("look, lockers known", presence.look, looks)
        tell("inhibitors", Inhibitors(session, session).idle_inhibited, looks)


def measure_documents(screen: VirtualScreen, bus: MessageBus, folder: Path, questions: int) -> None:
    """Print what a question about a browser's window costs each way."""
    (folder / "page.html").write_text(f"<title>{TITLE}</title><h1>Hello</h1>")
    screen.environment["DBUS_SESSION_BUS_ADDRESS"] = bus.address
    switch_accessibility_on(bus)
    screen.start(
        "chromium", "--no-sandbox", "--test-type", "--disable-gpu", "--no-first-run", f"--user-data-dir={folder}",
        "--remote-debugging-port=0", "--force-renderer-accessibility", (folder / "page.html").as_uri(),
    )  # fmt: skip
    with Windows(screen.display) as windows, Accessibility(bus.address) as accessibility:
        while not (shown := [one for one in windows.look() if (one.window.title or "").startswith(TITLE)]):
            time.sleep(0.2)
        pid, title = shown[0].pid or 0, shown[0].window.title or ""
        while None in (page_of(pid, title), accessibility.document_of(pid, title)):
            time.sleep(0.2)
        tell("page, by the debugging port", lambda: page_of(pid, title), questions)
        tell("page, by assistive technology", lambda: accessibility.document_of(pid, title), questions)
    tell("file, by its title", lambda: told_by("Gvim", "main.py (~/src/app) - GVIM1", WHO), questions)
    tell("file, by a title of 4,000 characters", lambda: told_by("XTerm", "~/" + " - a (b" * 570, WHO), questions)


def switch_accessibility_on(bus: MessageBus) -> None:
    """What a screen reader does when it starts."""
    status = DBusAddress("/org/a11y/bus", "org.a11y.Bus", "org.freedesktop.DBus.Properties")
    body = ("org.a11y.Status", "IsEnabled", ("b", True))
    with open_dbus_connection(bus.address) as connection:
        connection.send_and_get_reply(new_method_call(status, "Set", "ssv", body), timeout=20)


def tell(what: str, ask: Callable[[], object], times: int) -> None:
    """Print the mean CPU and wall time of a call."""
    cpu_s, wall_s = time.process_time(), time.perf_counter()
    for _ in range(times):
        ask()
    cpu_ms = (time.process_time() - cpu_s) / times * 1000
    print(f"{what:40} {cpu_ms:7.3f} ms CPU {(time.perf_counter() - wall_s) / times * 1000:8.3f} ms")


if __name__ == "__main__":
    main()
