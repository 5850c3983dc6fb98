"""True pixels in a real terminal: xterm with sixel on a virtual screen, read by dayreel itself."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import mss
import mss.tools
import pytest

pytestmark = pytest.mark.journey

NOW = "2026-03-11T19:00"
WORDS = "laboratory booked for 20 April"  # on the newest frame
DISPLAY = ":351"
WAIT_S = 60.0


@pytest.fixture
def screen(tmp_path: Path) -> Iterator[None]:
    """An xterm that speaks sixel and runs `dayreel` on the bundled recording."""
    command = [sys.executable, "-m", "dayreel", "--home", str(tmp_path / "home")]
    subprocess.run([*command, "demo"], check=True, timeout=240, capture_output=True)
    server = subprocess.Popen(["Xvfb", DISPLAY, "-screen", "0", "1500x940x24"], stderr=subprocess.DEVNULL)
    until = time.monotonic() + WAIT_S
    while not Path(f"/tmp/.X11-unix/X{DISPLAY[1:]}").exists() and time.monotonic() < until:
        time.sleep(0.1)
    look = ["-ti", "vt340", "-tn", "xterm-256color", "-geometry", "184x54+0+0", "-fa", "DejaVu Sans Mono", "-fs", "10"]
    look += ["-xrm", "XTerm*numColorRegisters: 1024", "-xrm", "XTerm*maxGraphicSize: 4000x4000"]
    # The size is the terminal's own, whatever the program that runs the tests says of its.
    own = ["env", "-u", "COLUMNS", "-u", "LINES", "COLORTERM=truecolor", "TZ=UTC", "LANG=C.UTF-8"]
    inside = [*own, *command, "--now", NOW]
    terminal = subprocess.Popen(
        ["xterm", *look, "-e", *inside], env={**os.environ, "DISPLAY": DISPLAY}, stderr=subprocess.DEVNULL
    )
    yield
    for process in (terminal, server):
        process.terminate()
        process.wait(10)


def test_the_frame_is_seen_in_true_pixels(screen: None, tmp_path: Path) -> None:
    """Its words can be read twice: in the picture, drawn with sixels, and in the text below."""
    shot, until, text = tmp_path / "shot.png", time.monotonic() + WAIT_S, ""
    while text.count(WORDS) < 2 and time.monotonic() < until:
        time.sleep(1)
        with mss.MSS(display=DISPLAY) as grabber:
            taken = grabber.grab(grabber.monitors[0])
        mss.tools.to_png(taken.rgb, taken.size, output=str(shot))
        done = subprocess.run(
            [sys.executable, "-m", "dayreel", "--home", str(tmp_path / "none"), "read", str(shot)],
            capture_output=True, text=True, check=True, timeout=60,
        )  # fmt: skip
        text = done.stdout
    assert text.count(WORDS) >= 2
