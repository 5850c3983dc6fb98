"""Pausing a recorder at work on a real X server: what is shown meanwhile is nowhere afterwards."""

from __future__ import annotations

import signal
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from subprocess import Popen

import numpy as np
import pytest

from tests.support.product import Product, wait_until
from tests.support.virtual_screen import VirtualScreen
from timeline.home import Home
from timeline.keys import load_key
from timeline.model import ALL_TIME, Picture
from timeline.pictures import Pictures
from timeline.reader import Reader
from timeline.spool import Spool

pytestmark = pytest.mark.journey

START_S = 60.0
COLOUR = (0xE0, 0x10, 0xD0)  # red, green, blue: nothing else on this screen comes near it
SECRET = "ZEBRA7731"
ROUNDS = 4


@pytest.fixture
def recording(virtual_screen: VirtualScreen, tmp_path: Path) -> Iterator[tuple[Product, Popen[str]]]:
    """A recorder that has kept a first frame of a terminal in which somebody types."""
    product = Product(tmp_path / "home", virtual_screen.display)
    virtual_screen.focus(virtual_screen.open_terminal("Ledger", "accounts 2026", script="cat > /dev/null"))
    recorder = product.start("record")
    try:
        wait_until(lambda: product.frames() > 0, START_S, "the recorder kept no frame")
        yield product, recorder
    finally:
        recorder.send_signal(signal.SIGINT)
        recorder.wait(30)


def show_secret(screen: VirtualScreen) -> Popen[bytes]:
    """Open a window of one colour over all of the screen."""
    colour = "#" + "".join(f"{channel:02x}" for channel in COLOUR)
    shown = screen.start("xterm", "-class", "Zebra", "-T", f"{SECRET} title", "-bg", colour, "-geometry", "200x60+0+0",
                         "-e", "sh", "-c", f"yes {SECRET} | head -500; exec sleep 60")  # fmt: skip
    screen.xdotool("search", "--sync", "--onlyvisible", "--class", "^Zebra$")
    return shown


def hide(screen: VirtualScreen, shown: Popen[bytes]) -> None:
    """Close it, and wait until it is gone."""
    shown.terminate()
    shown.wait(10)
    wait_until(lambda: "Zebra" not in screen.run("xwininfo", "-root", "-tree"), 10, "the window stayed")


def has_colour(picture: Picture) -> bool:
    """Tell whether a picture (BGR) has a patch of that colour."""
    off = np.abs(picture.astype(np.int16) - np.array(COLOUR[::-1])).max(axis=2)
    return int((off < 24).sum()) > 50


def kept(product: Product) -> list[Picture]:
    """Every picture that is kept: of each frame its spool entry, and what its segment holds."""
    home = Home(product.home)
    key = load_key(home)
    with Reader.open(home, key) as reader, closing(Pictures(home, key, reader)) as pictures:
        spool, found = Spool(home, key), []
        for frame in reader.frames(ALL_TIME):
            raw = None if frame.spool_name is None else spool.get(frame.spool_name)
            if raw is not None:
                found.append(raw)
                spool.remove(frame.spool_name or "")
            found.append(pictures.bgr(frame))
    return found


def texts(product: Product) -> str:
    """Everything that the timeline's tables hold."""
    home = Home(product.home)
    with Reader.open(home, load_key(home)) as reader:
        names = [row[0] for row in reader.db.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()]
        return " ".join(str(reader.db.execute(f"SELECT * FROM {name}").fetchall()) for name in names)


def test_what_is_shown_in_a_pause_is_nowhere_afterwards(
    virtual_screen: VirtualScreen, recording: tuple[Product, Popen[str]]
) -> None:
    """It appears right after `pause` has returned and goes right before `resume` is called, several times over."""
    product, recorder = recording
    for number in range(ROUNDS):
        assert product.run("pause").returncode == 0
        shown = show_secret(virtual_screen)
        time.sleep(number * 0.7)
        hide(virtual_screen, shown)
        assert product.run("resume").returncode == 0
        before = product.frames()
        virtual_screen.xdotool("type", f"after {number} ")
        wait_until(lambda before=before: product.frames() > before, 10, "nothing was kept after the pause")
    assert {gap["reason"] for gap in product.status()["gaps"]} == {"paused"}
    recorder.send_signal(signal.SIGINT)
    recorder.wait(30)
    assert product.run("work", "--until-idle").returncode == 0
    found = texts(product)
    assert SECRET.lower() not in found.lower()
    assert "Zebra" not in found
    assert "Ledger" in found
    assert [has_colour(picture) for picture in kept(product)].count(True) == 0


def test_the_same_window_is_kept_without_a_pause(
    virtual_screen: VirtualScreen, recording: tuple[Product, Popen[str]]
) -> None:
    """So what looks for it would find it."""
    product, recorder = recording
    shown = show_secret(virtual_screen)
    time.sleep(2)
    hide(virtual_screen, shown)
    recorder.send_signal(signal.SIGINT)
    recorder.wait(30)
    assert "Zebra" in texts(product)
    assert any(has_colour(picture) for picture in kept(product))


def test_a_pause_outlives_the_recorder_and_ends_by_itself(virtual_screen: VirtualScreen, tmp_path: Path) -> None:
    """A recorder that is started meanwhile keeps nothing until then, then begins by itself on a still screen."""
    product = Product(tmp_path / "home", virtual_screen.display)
    virtual_screen.focus(virtual_screen.open_terminal("Ledger", "accounts 2026"))
    assert product.run("pause", "20s").returncode == 0
    assert "It is paused" in product.run("start").stdout
    try:
        status = product.status()
        assert (status["recording"], status["paused"], status["frames"]) == (True, True, 0)
        wait_until(lambda: not product.status()["paused"], START_S, "the pause did not end")
        wait_until(lambda: product.frames() > 0, 5, "nothing was kept after the pause")
        assert [gap["reason"] for gap in product.status()["gaps"]] == ["paused"]
    finally:
        assert product.run("stop").returncode == 0
