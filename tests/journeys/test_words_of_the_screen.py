"""Where words of the screen and the key must not be: log, process titles, environment, output, temporary files."""

from __future__ import annotations

import os
import resource
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.support.product import ROOT, Product, children, wait_until
from tests.support.virtual_screen import VirtualScreen
from timeline.home import Home
from timeline.keys import load_key

pytestmark = pytest.mark.journey

WORD, TITLE, PAGE = "QUAGGA4419", "OKAPI8812", "TAPIR5530"
START_S = 60.0


def told_by_the_system(process: int) -> bytes:
    """Return what everybody who may can read of a process in /proc."""
    told = b""
    for name in ("cmdline", "comm", "environ", "status", "limits"):
        try:
            told += Path(f"/proc/{process}/{name}").read_bytes()
        except PermissionError:  # nobody but root may look
            continue
    return told


def plain_files(folder: Path) -> bytes:
    """Return everything that a folder's files hold."""
    return b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())


def test_a_busy_run_tells_no_word_of_the_screen(virtual_screen: VirtualScreen, tmp_path: Path) -> None:
    """In its log, in what it says, in its title, its environment, its temporary files; nor the key."""
    product, temporary = Product(tmp_path / "home", virtual_screen.display), tmp_path / "temporary"
    temporary.mkdir()
    script = f"for n in $(seq 12); do echo {WORD} {PAGE} $n; sleep 0.3; done"
    virtual_screen.focus(virtual_screen.open_terminal("Ledger", f"{TITLE} accounts", script=script))
    started = subprocess.run(
        product._command(("start",)), cwd=ROOT, env={**product._environment(), "TMPDIR": str(temporary)},
        capture_output=True, text=True, timeout=60, check=True,
    )  # fmt: skip
    try:
        supervisor = int((product.home / "recorder.lock").read_text())
        wait_until(lambda: len(children(supervisor)) == 2, START_S, "the children did not start")
        processes = [supervisor, *children(supervisor).values()]
        told = b""
        wait_until(lambda: bool(product.data("search", WORD)), START_S, "the words were not read")
        told += b"".join(map(told_by_the_system, processes))
    finally:
        product.run("stop")
    told += started.stdout.encode() + started.stderr.encode() + plain_files(temporary)
    told += plain_files(product.home)  # the log; all else there is encrypted
    key = load_key(Home(product.home)).raw.hex().encode()
    found = [word for word in (WORD, TITLE, PAGE, "Ledger") if word.lower().encode() in told.lower()]
    assert found == []
    assert b"dayreel.recorder_process" in told
    assert told.count(key) == 1  # the key's own file


def test_no_process_of_the_product_leaves_a_core_file(virtual_screen: VirtualScreen, tmp_path: Path) -> None:
    """Supervisor, recorder and worker forbid it; a recorder that crashes leaves none."""
    product = Product(tmp_path / "home", virtual_screen.display)
    recorder = product.start("record")
    try:
        wait_until(lambda: len(children(recorder.pid)) == 2, START_S, "the children did not start")
        processes = {"supervisor": recorder.pid, **children(recorder.pid)}
        wait_until(lambda: product.frames() > 0, START_S, "the recorder kept no frame")
        limits = {name: resource.prlimit(process, resource.RLIMIT_CORE) for name, process in processes.items()}
        owners = {name: Path(f"/proc/{process}/environ").stat().st_uid for name, process in processes.items()}
        os.kill(processes["recorder"], signal.SIGSEGV)
        time.sleep(1)
    finally:
        recorder.send_signal(signal.SIGINT)
        recorder.wait(30)
    assert limits == {"supervisor": (0, 0), "recorder": (0, 0), "worker": (0, 0)}
    assert set(owners.values()) == {0}  # so the system marks processes that must not be dumped
    assert [path for path in (*product.home.iterdir(), *ROOT.iterdir()) if path.name.startswith("core")] == []


FAILING = """
import logging, sys, threading
from dayreel.child import run_child
def thread(): raise ValueError("{word} in a thread")
def work(home, settings, stop):
    page = "{word} in a local name"
    one = threading.Thread(target=thread); one.start(); one.join()
    logging.getLogger("any").info("a line that cannot be formatted %d", page)
    class Left:
        def __del__(self): raise ValueError(page)
    Left()
    raise {error}(page)
sys.exit(run_child(work))
"""


@pytest.mark.parametrize("error", ["ValueError", "SystemError", "UnicodeDecodeError"])
def test_a_failure_on_purpose_in_a_child_leaves_its_kind_and_place_only(tmp_path: Path, error: str) -> None:
    """In the work itself, in a thread, in a destructor, in a line of the log: the message is nowhere."""
    home = tmp_path / "home"
    done = subprocess.run(
        [sys.executable, "-X", "faulthandler", "-c", FAILING.format(word=WORD, error=error), "--home", str(home)],
        stdin=subprocess.PIPE, capture_output=True, cwd=ROOT, timeout=60, check=False,
    )  # fmt: skip
    log = (home / "dayreel.log").read_text()
    assert done.returncode == 1
    assert WORD.encode() not in done.stdout + done.stderr + log.encode()
    assert log.count("nobody caught ValueError in <string>:") == 2
    assert f"ended by {'TypeError' if error == 'UnicodeDecodeError' else error} in <string>:" in log
