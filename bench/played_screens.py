"""Plays a day beside a recorder without its reader, and keeps what the screen really showed.

Owns the processes of one played day and the folder that is left: home/ (the recorder's, its spool unread, so that every
kept frame is there exactly), truth.jsonl (what each state showed), grid.jsonl and grid/ (the exact screen every two
seconds, kept when it had changed).  Called by bench/formats.py.
"""

from __future__ import annotations

import json
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from bench.busy_screen import recording_environment
from bench.day_player import free_display, start_day
from recorder.screen import Screen
from tests.support.product import ROOT, Product, wait_until
from timeline.clock import SystemClock
from timeline.errors import NoScreen
from timeline.home import Home
from timeline.keys import load_key
from timeline.model import Picture
from timeline.spool import Spool

STEP_S = 2.0
FIRST_FRAME_S = 60.0
END_S = 60.0


@dataclass(frozen=True, slots=True)
class Tick:
    """One look at the screen: when, and the entry that holds what was seen (that of the look before when unchanged)."""

    at_s: float
    entry: str


@dataclass(frozen=True, slots=True)
class Played:
    """The folder that a played day leaves."""

    folder: Path

    @property
    def home(self) -> Home:
        return Home(self.folder / "home")

    @property
    def truth(self) -> Path:
        return self.folder / "truth.jsonl"

    def exact(self) -> Spool:
        """Return where the exact screens of the grid are."""
        kept = Home(self.folder / "grid")
        return Spool(kept, load_key(kept))

    def ticks(self) -> list[Tick]:
        """Return the looks in the order of time."""
        lines = (self.folder / "grid.jsonl").read_text().splitlines()
        return [Tick(**json.loads(line)) for line in lines]


def play(player: Path, scenes: Path | None, folder: Path) -> Played:
    """Play a day with a recorder and a camera beside it and return what they left."""
    played, ready, begin = Played(folder), folder / "ready", folder / "begin"
    folder.mkdir(parents=True)
    display = free_display()
    day = start_day(player, scenes, display, played.truth, ready, begin)
    try:
        wait_until(ready.exists, FIRST_FRAME_S, "the virtual screen did not come up")
        with _recorder(played.home, display), _camera(played, display):
            wait_until(lambda: Product(played.home.root).frames() > 0, FIRST_FRAME_S, "the recorder kept no frame")
            begin.touch()
            day.wait()
    finally:
        if day.poll() is None:
            day.terminate()
            day.wait(END_S)
    return played


@contextmanager
def _recorder(home: Home, display: str) -> Iterator[None]:
    """Run the recorder's process alone."""
    home.create()
    load_key(home, create=True)
    command = [sys.executable, "-m", "dayreel.recorder_process", "--home", str(home.root)]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, cwd=ROOT, env=recording_environment(display))
    assert process.stdin is not None
    try:
        yield
    finally:
        process.stdin.close()
        process.wait(END_S)


@contextmanager
def _camera(played: Played, display: str) -> Iterator[None]:
    """Keep the exact screen every STEP_S from another thread."""
    kept = Home(played.folder / "grid")
    kept.create()
    spool, stop = Spool(kept, load_key(kept, create=True)), threading.Event()
    thread = threading.Thread(target=_look_again_and_again, args=(played, spool, display, stop))
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()


def _look_again_and_again(played: Played, spool: Spool, display: str, stop: threading.Event) -> None:
    last: Picture | None = None
    entry = ""
    due = time.monotonic()
    with (played.folder / "grid.jsonl").open("w") as lines, Screen(SystemClock(), display) as screen:
        (monitor,) = screen.monitors()
        with suppress(NoScreen):  # the day is over: its player takes the screen with it
            while not stop.wait(max(0.0, due - time.monotonic())):
                due += STEP_S
                at_s, grab = time.time(), screen.grab(monitor)
                if grab is None:
                    continue
                picture = np.ascontiguousarray(grab[:, :, :3])
                if last is None or not np.array_equal(last, picture):
                    last, entry = picture, spool.put(picture)
                lines.write(json.dumps({"at_s": at_s, "entry": entry}) + "\n")
