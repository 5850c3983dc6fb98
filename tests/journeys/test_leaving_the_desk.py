"""Nobody there, somebody back, the recorder killed in between: what the day says about it."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Iterator
from pathlib import Path
from subprocess import Popen

import pytest

from tests.support.product import Product, children, wait_until
from tests.support.virtual_screen import VirtualScreen

pytestmark = pytest.mark.journey

IDLE_S = 4.0
START_S = 60.0


@pytest.fixture
def recording(virtual_screen: VirtualScreen, tmp_path: Path) -> Iterator[tuple[Product, Popen[str]]]:
    """A recorder on the virtual screen that takes four seconds without input for an absence."""
    product = Product(tmp_path / "home", virtual_screen.display)
    product.home.mkdir(mode=0o700)
    (product.home / "config.toml").write_text(f"[recorder]\nidle_minutes = {IDLE_S / 60:.4f}\n")
    virtual_screen.xdotool("mousemove", "100", "100")
    virtual_screen.focus(virtual_screen.open_terminal("Ledger", "accounts 2026", script="cat > /dev/null"))
    recorder = product.start("record")
    yield product, recorder
    recorder.send_signal(signal.SIGINT)
    recorder.wait(30)


def reasons(product: Product) -> list[str]:
    """Why nothing was recorded, in the order of time."""
    return [gap["reason"] for gap in product.status()["gaps"]]


def work_and_leave(screen: VirtualScreen, product: Product) -> None:
    """Type until the recorder, which takes some seconds to start, has kept it; return once the pause is noted."""

    def typed_and_kept() -> bool:
        screen.xdotool("type", "work ")
        return product.frames() > 0

    wait_until(typed_and_kept, START_S, "the recorder kept no frame")
    told = len(reasons(product))
    wait_until(lambda: len(reasons(product)) > told, START_S, "the pause was not noted")


def test_a_pause_of_the_user_is_a_gap_until_the_first_key(
    virtual_screen: VirtualScreen, recording: tuple[Product, Popen[str]]
) -> None:
    """Idle is told while it lasts; the first key begins a new frame at once."""
    product, _ = recording
    work_and_leave(virtual_screen, product)
    before = product.frames()
    virtual_screen.xdotool("type", "back again")
    wait_until(lambda: product.frames() > before, 10, "nothing was kept after the pause")
    time.sleep(1)
    assert set(reasons(product)) == {"idle"}


def test_a_recorder_that_was_killed_while_nobody_was_there_leaves_the_reason(
    virtual_screen: VirtualScreen, recording: tuple[Product, Popen[str]]
) -> None:
    """The pause is idle, what follows the kill is the kill."""
    product, supervisor = recording
    work_and_leave(virtual_screen, product)
    os.kill(children(supervisor.pid)["recorder"], signal.SIGKILL)
    wait_until(lambda: "the recorder was killed" in reasons(product), START_S, "the kill was not noted")
    told = reasons(product)
    assert told[told.index("the recorder was killed") - 1] == "idle"
