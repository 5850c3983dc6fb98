"""A page whose address is excluded is never kept, one whose address is not is kept: by a real Chromium and recorder.

The pages bear nothing that would exclude them but their address, which only the browser can tell: by its debugging
port, or by what it tells assistive technology.  Each way has a browser of its own, and each page a word and a colour of
its own.  docs/leaks.md tells what is searched.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import product as pairs
from pathlib import Path
from subprocess import CalledProcessError

import pytest
from jeepney import DBusAddress, new_method_call
from jeepney.io.blocking import open_dbus_connection

from tests.leaks.searching import Finding, search_files, search_pixels, search_stored
from tests.leaks.secrets_shown import SECRETS
from tests.leaks.staging import Stage, Watched, both_recording, settle
from tests.support.message_bus import MessageBus, open_message_bus
from tests.support.product import Product, wait_until
from tests.support.virtual_screen import open_virtual_screen

pytestmark = pytest.mark.journey

WAYS = {"port": "--remote-debugging-port=0", "accessibility": "--force-renderer-accessibility"}
KEPT, EXCLUDED = ("first", "returned", "beside"), ("left_for", "nameless", "opened")
CHAIN = ("first", "left_for", "nameless", "returned")  # each page goes on to the next one
OF = dict(zip(pairs(WAYS, (*KEPT, *EXCLUDED)), SECRETS, strict=False))
HOSTS = dict.fromkeys(KEPT, "news.localhost") | dict.fromkeys(EXCLUDED, "my.bank.localhost")
SETTINGS = '[privacy]\nurls = ["*://*.bank.localhost/*"]\n'
BROWSER_S = 60.0
READ_S = 300.0
SHOWN_S = 2.5  # longer than what was secret a moment ago is painted over
ASKED_AGAIN_S = 6.0  # a browser that did not answer in time is asked again after five seconds
COUNT = r"n=0; while :; do n=$((n+1)); printf '\r%06d' $n; sleep 2; done"  # so that the recorder looks


@dataclass(frozen=True, slots=True)
class Browser:
    """One Chromium, whose windows show pages of one way."""

    stage: Stage
    way: str
    profile: Path
    port: int

    def open(self, name: str) -> str:
        """Open a page in a window of its own and return that."""
        self.stage.screen.start(
            "chromium", "--no-sandbox", "--test-type", "--disable-gpu", "--no-first-run", "--new-window",
            "--window-position=20,20", "--window-size=600,420", f"--user-data-dir={self.profile}", WAYS[self.way],
            self.address(name),
        )  # fmt: skip
        return self.shows(name)

    def address(self, name: str) -> str:
        return f"http://{HOSTS[name]}:{self.port}/{self.way}/{name}"

    def shows(self, name: str) -> str:
        """Wait for the window that shows a page."""
        title = name if name == "nameless" else OF[self.way, name].word
        found: list[str] = []

        def came() -> bool:
            try:
                found[:] = self.stage.screen.xdotool("search", "--onlyvisible", "--name", title).splitlines()
            except CalledProcessError:  # none yet
                return False
            return bool(found)

        wait_until(came, BROWSER_S, "the browser's window did not come up")
        return found[-1]

    def go_on(self, window: str, name: str) -> None:
        """Let a page go to the next one, which it does for a key."""
        self.stage.screen.focus(window)
        self.stage.screen.xdotool("key", "n")
        self.shows(name)


def play(browser: Browser) -> None:
    """Show all pages of one way."""
    stage, screen = browser.stage, browser.stage.screen
    window = browser.open("first")
    both_ways(stage, window, ASKED_AGAIN_S)
    browser.go_on(window, "left_for")
    both_ways(stage, window)
    browser.go_on(window, "nameless")
    both_ways(stage, window)
    browser.go_on(window, "returned")
    both_ways(stage, window, ASKED_AGAIN_S)
    opened = browser.open("opened")
    screen.xdotool("windowmove", opened, "20", "240")
    both_ways(stage, opened)
    beside = browser.open("beside")
    screen.xdotool("windowmove", beside, "630", "60")
    both_ways(stage, beside, ASKED_AGAIN_S)
    for one in (opened, beside, window):
        screen.xdotool("windowclose", one)
    settle()


def both_ways(stage: Stage, window: str, shown_s: float = SHOWN_S) -> None:
    """Show a window with the focus, then without."""
    stage.screen.focus(window)
    settle(SHOWN_S)
    stage.focus_ledger()
    settle(shown_s)


def page(way: str, name: str, port: int) -> str:
    """A page in the colour of its secret, with its word in large letters; one of them has no title."""
    secret = OF[way, name]
    title = "" if name == "nameless" else f"<title>{secret.word}</title>"
    following = CHAIN[CHAIN.index(name) + 1 :][:1] if name in CHAIN else ()
    script = "".join(
        f"<script>onkeydown = () => {{ location = 'http://{HOSTS[one]}:{port}/{way}/{one}' }}</script>"
        for one in following
    )
    style = f"background: {secret.tk_colour}; font: bold 40px DejaVu Sans"
    return f'<!doctype html><meta charset="utf-8">{title}{script}<body style="{style}">{secret.word}'


@contextmanager
def serving() -> Iterator[int]:
    """Serve the pages on this machine; yield the port."""

    class Pages(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            _, way, name = self.path.split("/") if self.path.count("/") == 2 else ("", "", "")
            known = (way, name) in OF
            self.send_response(200 if known else 404)
            self.send_header("Content-Type", "text/html")
            self.end_headers()
            if known:
                self.wfile.write(page(way, name, self.server.server_address[1]).encode())

        def log_message(self, format: str, *_: object) -> None:  # noqa: A002  the name it has in the base class
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Pages)
    thread = threading.Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    try:
        yield server.server_port
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def switch_accessibility_on(bus: MessageBus) -> None:
    """What a screen reader does when it starts."""
    status = DBusAddress("/org/a11y/bus", "org.a11y.Bus", "org.freedesktop.DBus.Properties")
    body = ("org.a11y.Status", "IsEnabled", ("b", True))
    with open_dbus_connection(bus.address) as connection:
        connection.send_and_get_reply(new_method_call(status, "Set", "ssv", body), timeout=20)


@pytest.fixture(scope="module")
def recorded(tmp_path_factory: pytest.TempPathFactory) -> list[Finding]:
    """What a recording of all pages left behind: before it was read, after, and beside its home."""
    folder = tmp_path_factory.mktemp("urls")
    temporary = folder / "temporary"
    temporary.mkdir()
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TMPDIR", str(temporary))
        product, watched = _record(folder, patch)
        before = [*search_pixels(product.home, SECRETS), *search_stored(product.home, SECRETS)]
        assert product.start("work", "--until-idle").wait(READ_S) == 0
    outside = search_files([temporary, *watched.opened], SECRETS)
    return [*before, *search_stored(product.home, SECRETS), *outside]


def _record(folder: Path, patch: pytest.MonkeyPatch) -> tuple[Product, Watched]:
    (folder / "screen_home").mkdir()
    watched = Watched()
    with ExitStack() as stack:
        screen = stack.enter_context(open_virtual_screen(folder / "screen_home", 1240, 760))
        bus = stack.enter_context(open_message_bus(folder, environment=screen.environment))
        port = stack.enter_context(serving())
        switch_accessibility_on(bus)
        patch.setenv("DBUS_SESSION_BUS_ADDRESS", bus.address)  # the recorder's; that of programs is the screen's
        product, stage = Product(folder / "home", screen.display), Stage(screen)
        product.home.mkdir(mode=0o700)
        (product.home / "config.toml").write_text(SETTINGS)
        stage.ledger = screen.open_terminal("Ledger", "ledger", "24x4+560+640", COUNT)
        stage.focus_ledger()
        stack.enter_context(both_recording([product], watched))
        for way, address in {"port": "disabled:", "accessibility": bus.address}.items():
            screen.environment["DBUS_SESSION_BUS_ADDRESS"] = address
            play(Browser(stage, way, folder / f"profile-{way}", port))
    return product, watched


@pytest.mark.parametrize(("way", "name"), list(pairs(WAYS, EXCLUDED)))
def test_nothing_of_a_page_at_an_excluded_address_is_kept(recorded: list[Finding], way: str, name: str) -> None:
    """Neither with the focus nor without, as text nor as pixels, in no file."""
    assert [one for one in recorded if one.word == OF[way, name].word] == []


@pytest.mark.parametrize(("way", "name"), list(pairs(WAYS, KEPT)))
def test_a_page_at_another_address_is_kept(recorded: list[Finding], way: str, name: str) -> None:
    """Its pixels, its text and its title; also beside an excluded one, and where an excluded one was before."""
    expected = {("video", "colour"), ("timeline.db", "table lines"), ("timeline.db", "table windows")}
    assert expected <= {(one.place, one.how) for one in recorded if one.word == OF[way, name].word}
