"""A desktop with secrets on it and a recorder before it: the stage of the leak suite.

Owns the programs that show secrets, the recorder's processes, and what is watched of these from outside: command
lines, environments and files that they open beside their home.
"""

from __future__ import annotations

import os
import signal
import stat
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from tests.leaks.secrets_shown import Secret
from tests.support.product import ROOT, Product, children, wait_until
from tests.support.virtual_screen import VirtualScreen

START_S = 60.0
END_S = 60.0
LOOK_S = 0.1


@dataclass(slots=True)
class Shown:
    """A program that shows a secret."""

    process: subprocess.Popen[str]
    window: str

    def do(self, *command: object) -> None:
        """Tell it something and wait until the display has done it."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(" ".join(map(str, command)) + "\n")
        self.process.stdin.flush()
        if command[0] != "close":
            assert self.process.stdout.readline() == "done\n"

    def close(self) -> None:
        """End it, whatever it does."""
        with suppress(BrokenPipeError, ValueError):
            self.do("close")
        self.end()

    def end(self) -> None:
        """Kill it, as a crash does."""
        self.process.kill()
        self.process.wait()
        for pipe in (self.process.stdin, self.process.stdout):
            if pipe is not None:
                with suppress(BrokenPipeError):
                    pipe.close()


@dataclass(slots=True)
class Stage:
    """A virtual screen on which secrets are shown."""

    screen: VirtualScreen
    shown: list[Shown] = field(default_factory=list)
    ledger: str = ""

    def show(self, secret: Secret, class_name: str, title: str, geometry: str = "420x220+60+60") -> Shown:
        """Show a secret in a window and return once it is on the screen."""
        words = (class_name, title, secret.word, secret.tk_colour, geometry)
        process = subprocess.Popen(
            (sys.executable, "-m", "tests.leaks.secret_window", *words),
            cwd=ROOT, env=self.screen.environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        )  # fmt: skip
        assert process.stdout is not None
        assert process.stdout.readline() == "shown\n"
        pattern = f"^{class_name.capitalize()}$"
        window = self.screen.xdotool("search", "--sync", "--onlyvisible", "--class", pattern).splitlines()[-1]
        self.shown.append(Shown(process, window))
        return self.shown[-1]

    def open_ledger(self) -> None:
        """Open an ordinary terminal in which something happens all the time, so that the recorder looks."""
        count = r"n=0; while :; do n=$((n+1)); printf '\r%06d' $n; sleep 0.8; done"
        self.ledger = self.screen.open_terminal("Ledger", "ledger", "24x4+560+640", count)

    def focus_ledger(self) -> None:
        """Give the terminal the focus."""
        self.screen.focus(self.ledger)

    def close(self) -> None:
        """End all that is shown."""
        for one in self.shown:
            one.close()


@dataclass(slots=True)
class Watched:
    """What the processes of the recorder showed of themselves while it ran."""

    told: set[bytes] = field(default_factory=set)
    """Command lines, names and environments."""
    opened: set[Path] = field(default_factory=set)
    """Files that they opened for writing outside of the home."""


@contextmanager
def both_recording(products: Sequence[Product], watched: Watched) -> Iterator[list[subprocess.Popen[str]]]:
    """Run `dayreel record` on homes, with workers that stand still, as those an hour behind; end it as a user does."""
    recorders = [product.start("record") for product in products]
    done, homes = threading.Event(), {product.home for product in products}
    watcher = threading.Thread(target=_watch, args=([one.pid for one in recorders], homes, watched, done))
    watcher.start()
    try:
        for recorder in recorders:
            wait_until(lambda one=recorder: "worker" in children(one.pid), START_S, "no worker was started")
            os.kill(children(recorder.pid)["worker"], signal.SIGSTOP)
        wait_until(lambda: all(product.frames() for product in products), START_S, "the recorder kept no frame")
        yield recorders
    finally:
        for recorder in recorders:
            _end(recorder)
        done.set()
        watcher.join()


def _end(recorder: subprocess.Popen[str]) -> None:
    workers = [pid for name, pid in children(recorder.pid).items() if name == "worker"]
    recorder.send_signal(signal.SIGINT)
    for worker in workers:
        os.kill(worker, signal.SIGKILL)  # it stands still, and would be waited for
    recorder.wait(END_S)


def _watch(supervisors: Sequence[int], homes: set[Path], watched: Watched, done: threading.Event) -> None:
    while not done.wait(LOOK_S):
        for supervisor in supervisors:
            with suppress(OSError):  # it has ended
                for process in (supervisor, *children(supervisor).values()):
                    _note(process, homes, watched)


def _note(process: int, homes: set[Path], watched: Watched) -> None:
    place = Path(f"/proc/{process}")
    for name in ("cmdline", "comm", "environ"):
        watched.told.add((place / name).read_bytes())
    for one in (place / "fd").iterdir():
        with suppress(OSError):
            target = one.readlink()
            written = one.lstat().st_mode & stat.S_IWUSR  # libraries are only read, and some hold lists of words
            if written and target.is_absolute() and target.is_file() and homes.isdisjoint(target.parents):
                watched.opened.add(target)


def settle(seconds: float = 0.7) -> None:
    """Let the recorder see what is on the screen."""
    time.sleep(seconds)
