"""The first start tells what will be recorded; a passphrase typed once at a start serves recorder and worker."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from dayreel.locks import holder
from tests.support.product import ROOT, Product, wait_until
from tests.support.terminal import run_on_terminal
from tests.support.virtual_screen import VirtualScreen
from timeline.home import Home
from timeline.keys import load_key

pytestmark = pytest.mark.journey

PASSPHRASE = "seven purple ropes"
START_S = 60.0


def test_the_first_start_explains_itself_in_six_lines(virtual_screen: VirtualScreen, tmp_path: Path) -> None:
    """What, where, for whom, how to exclude, pause and forget; said once, and not to programs."""
    product = Product(tmp_path / "home", virtual_screen.display)
    first = product.run("start")
    product.run("stop")
    second = product.run("start")
    product.run("stop")
    assert len(first.stderr.splitlines()) == 6
    for word in ("[privacy]", "dayreel pause", "dayreel forget", "nothing leaves this machine", str(product.home)):
        assert word in first.stderr
    assert second.stderr == ""
    quiet = Product(tmp_path / "quiet", virtual_screen.display)
    assert quiet.run("start", "--json").stderr == ""
    quiet.run("stop")


def test_a_passphrase_typed_at_the_start_serves_recorder_and_worker(
    virtual_screen: VirtualScreen, tmp_path: Path
) -> None:
    """Where no login remembers it, the start asks once; no argument and no environment holds the key."""
    home = Home(tmp_path / "home")
    product = Product(home.root, virtual_screen.display)
    product.run("start")
    product.run("stop")
    raw = load_key(home).raw.hex()
    environment = {name: value for name, value in os.environ.items() if name != "XDG_RUNTIME_DIR"}
    environment |= {"DISPLAY": virtual_screen.display, "PYTHON_KEYRING_BACKEND": "keyring.backends.null.Keyring"}

    def type_(arguments: list[str], *answers: str) -> tuple[int, str]:
        command = [sys.executable, "-m", "dayreel", "--home", str(home.root), *arguments]
        return run_on_terminal(command, environment, ROOT, [("Passphrase: ", answer) for answer in answers])

    code, shown = type_(["key", "passphrase"], PASSPHRASE, PASSPHRASE)
    assert code == 0, shown
    virtual_screen.focus(virtual_screen.open_terminal("Ledger", "accounts", script="echo harbour lights; cat"))
    code, shown = type_(["start"], PASSPHRASE)
    try:
        assert code == 0, shown
        wait_until(lambda: holder(home, "worker") is not None, START_S, "the worker does not run")
        for process in [holder(home, "recorder"), holder(home, "worker"), *_children(holder(home, "recorder"))]:
            for secret in ("cmdline", "environ"):
                assert raw.encode() not in Path(f"/proc/{process}/{secret}").read_bytes()
        found = lambda: "harbour" in type_(["search", "harbour"], PASSPHRASE)[1].partition("Passphrase: ")[2]  # noqa: E731
        wait_until(found, START_S, "what stood on the screen was not read")
    finally:
        product.run("stop")


def _children(process: int | None) -> list[int]:
    return [int(one) for one in Path(f"/proc/{process}/task/{process}/children").read_text().split()]


def test_uninstalling_ends_a_recording_first(virtual_screen: VirtualScreen, tmp_path: Path) -> None:
    """Nothing is written again into what was removed."""
    product = Product(tmp_path / "data" / "dayreel", virtual_screen.display)
    product.run("start")
    recorder = holder(Home(product.home), "recorder")
    done = product.run("uninstall", "--yes", "--yes")
    assert done.returncode == 0, done.stderr
    wait_until(lambda: _has_ended(recorder), 10, "the recorder goes on")
    assert list((tmp_path / "data").iterdir()) == []


def _has_ended(process: int | None) -> bool:
    """Tell whether a process is gone, or nobody has taken note yet that it is."""
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] == "Z"
    except FileNotFoundError:
        return True
