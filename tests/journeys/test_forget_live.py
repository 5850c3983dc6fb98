"""Forgetting beside a recorder and a worker that run: all of it goes, and they go on."""

from __future__ import annotations

import json
import signal
import time
from pathlib import Path

import pytest

from tests.support.product import Product, wait_until
from tests.support.virtual_screen import open_virtual_screen

pytestmark = pytest.mark.journey

SECRET = "Operation Marmalade begins at seven"
START_S = 60.0


def test_a_text_goes_while_it_is_recorded(tmp_path: Path) -> None:
    """The command ends with nothing found, the recorder writes new frames after it, and the text is not found again."""
    with open_virtual_screen(tmp_path) as screen:
        product = Product(tmp_path / "home", screen.display)
        recorder = product.start("record")
        try:
            wait_until(lambda: product.frames() > 0, START_S, "the recorder kept no first frame")
            noted = screen.open_terminal("Notes", "a note", "70x8+60+60", f"echo '{SECRET}'")
            wait_until(lambda: bool(product.data("search", "marmalade")), START_S, "the text was not read")
            screen.open_terminal("Other", "other", "80x24+0+0", "echo 'quite something else to read here'")
            del noted
            time.sleep(4)
            done = product.run("forget", "--text", "operation marmalade", "--yes", "--json")
            assert (done.returncode, json.loads(done.stdout)["left"]) == (0, []), done.stderr
            assert json.loads(done.stdout)["open_segments"] == 0
            before = product.frames()
            screen.open_terminal("Third", "third", "80x24+300+200", "echo 'a third thing was written'")
            wait_until(lambda: product.frames() > before, START_S, "the recorder kept nothing after it")
            wait_until(lambda: bool(product.data("search", "third thing")), START_S, "nothing was read after it")
        finally:
            recorder.send_signal(signal.SIGINT)
            assert recorder.wait(60) == 0
        assert product.data("search", "marmalade", "--mode", "text") == []
