"""The supervisor killed, its recorder left behind: what the day says, and who closes the segments."""

from __future__ import annotations

import signal
import time
from pathlib import Path

import pytest

from dayreel.locks import holder
from dayreel.taking_in import take_in
from tests.support.product import Product, wait_until
from tests.support.virtual_screen import VirtualScreen
from timeline.home import Home
from timeline.keys import load_key
from timeline.reader import Reader

pytestmark = pytest.mark.journey

START_S = 60.0


def test_a_killed_supervisor_is_told_as_a_kill(virtual_screen: VirtualScreen, tmp_path: Path) -> None:
    """An import that begins at once leaves the segments to the recorder that still ends."""
    product = Product(tmp_path / "home", virtual_screen.display)
    home = Home(product.home)
    virtual_screen.focus(virtual_screen.open_terminal("Ledger", "accounts 2026", script="cat > /dev/null"))
    first = product.start("record")
    wait_until(lambda: product.frames() > 0, START_S, "the recorder kept no frame")
    first.kill()
    first.wait()
    take_in(home, [], lambda done, total: None)
    wait_until(lambda: holder(home, "recorder") is None, START_S, "the orphan does not end")
    with Reader.open(home, load_key(home)) as reader:
        assert reader.db.execute("SELECT count(*) FROM segments WHERE NOT closed").fetchone() == (0,)
    time.sleep(1.5)
    second = product.start("record")
    wait_until(lambda: bool(product.status()["gaps"]), START_S, "no gap was told")
    assert [gap["reason"] for gap in product.status()["gaps"]] == ["the recorder was killed"]
    second.send_signal(signal.SIGINT)
    assert second.wait(30) == 0
