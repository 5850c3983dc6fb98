"""The interface in a real browser: Chromium, a token, and nothing left behind."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, sync_playwright

from tests.support.stores import StoreUnderTest
from timeline.model import Window

pytestmark = pytest.mark.journey

NOW = "2025-11-22T12:30:00+00:00"
WAIT_S = 60.0


@pytest.fixture
def served(store: StoreUnderTest) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """`dayreel serve` on a small recorded noon, and the address it printed."""
    store.frame(0, ["The churn report is due on Friday"], Window("Chromium", "Reports"))
    command = [sys.executable, "-m", "dayreel", "--home", str(store.home.root)]
    subprocess.run([*command, "work", "--until-idle"], check=True, timeout=120)
    environment = {**os.environ, "TZ": "UTC", "LANG": "C.UTF-8"}
    server = subprocess.Popen(
        [*command, "--now", NOW, "serve", "--port", "0"], stderr=subprocess.PIPE, text=True, env=environment
    )
    assert server.stderr is not None
    address = next(line.split()[1] for line in server.stderr if line.startswith("Open "))
    yield server, address
    if server.poll() is None:
        server.kill()
    server.wait(10)
    server.stderr.close()


def children_of(process: int) -> list[int]:
    """Return the processes that one has started."""
    return [int(one) for one in Path(f"/proc/{process}/task/{process}/children").read_text().split()]


def test_the_day_is_seen_in_a_browser_and_ends_with_the_server(
    served: tuple[subprocess.Popen[str], str], tmp_path: Path
) -> None:
    """The token lets in; the page shows the frame's text; when the server ends, its children do."""
    server, address = served
    with sync_playwright() as tools:
        browser = tools.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": 1000, "height": 700})
        page.goto(address)
        assert "token" not in page.url
        until = time.monotonic() + WAIT_S
        while "churn" not in (text := _read(page, tmp_path)) and time.monotonic() < until:
            page.wait_for_timeout(500)
        assert "churn report is due" in text
        children = children_of(server.pid)
        assert children
        server.send_signal(signal.SIGINT)
        server.wait(30)
        browser.close()
    until = time.monotonic() + WAIT_S
    while any(Path(f"/proc/{child}").exists() for child in children) and time.monotonic() < until:
        time.sleep(0.2)
    assert not [child for child in children if Path(f"/proc/{child}").exists()]


def _read(page: Page, folder: Path) -> str:
    """Return what can be read on a page that is drawn on a canvas, as dayreel reads any screen."""
    shot = folder / "page.png"
    page.screenshot(path=shot)
    done = subprocess.run(
        [sys.executable, "-m", "dayreel", "--home", str(folder / "none"), "read", str(shot)],
        capture_output=True, text=True, check=True, timeout=60,
    )  # fmt: skip
    return done.stdout


def test_without_the_token_nothing_is_served(served: tuple[subprocess.Popen[str], str]) -> None:
    """Not the page, not the socket, not for another site's script."""
    _, address = served
    bare = address.partition("?")[0]
    for url, headers in (
        (bare, {}),
        (f"{bare}ws", {}),
        (f"{bare}?token=wrong", {}),
        (address, {"Host": "evil.example"}),
        (address, {"Origin": "http://evil.example"}),
    ):
        with pytest.raises(urllib.error.HTTPError, match="403") as refused:
            urllib.request.urlopen(urllib.request.Request(url, headers=headers), timeout=10)
        refused.value.close()
