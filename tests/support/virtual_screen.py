"""A real X server without a monitor, with a window manager: what the journeys record.

Owns the processes it started and ends exactly those.  Programs started here see a home folder of their own.
"""

from __future__ import annotations

import os
import select
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

_PROGRAMS = ("Xvfb", "openbox", "xdotool", "xprop", "xterm")
_START_TIMEOUT_S = 20.0  # a loaded machine of two cores needs up to 5 s for the X server
_POLL_S = 0.05


@dataclass(slots=True)
class VirtualScreen:
    """One X display and the programs on it; `display` is the value of DISPLAY."""

    display: str
    width: int
    height: int
    environment: dict[str, str]
    server: subprocess.Popen[bytes]
    _programs: ExitStack = field(default_factory=ExitStack)

    def start(self, *command: str) -> subprocess.Popen[bytes]:
        """Start a program on this display; it is ended with the display at the latest."""
        return self._programs.enter_context(_program(command, self.environment))

    def run(self, *command: str) -> str:
        """Run a program on this display to its end and return what it printed."""
        done = subprocess.run(command, env=self.environment, capture_output=True, text=True, check=True, timeout=60)
        return done.stdout.strip()

    def xdotool(self, *arguments: str) -> str:
        """Run xdotool on this display and return what it printed."""
        return self.run("xdotool", *arguments)

    def open_terminal(self, window_class: str, title: str, geometry: str = "80x24+40+40", script: str = "") -> str:
        """Open an xterm with this class and title that runs a shell script and stays; return its window id."""
        waiting = f"{script}\nexec sleep 3600"
        self.start("xterm", "-class", window_class, "-T", title, "-geometry", geometry, "-e", "sh", "-c", waiting)
        return self.xdotool("search", "--sync", "--onlyvisible", "--class", f"^{window_class}$").splitlines()[0]

    def focus(self, window_id: str) -> None:
        """Give a window the focus and wait until the window manager says it has it."""
        self.xdotool("windowactivate", "--sync", window_id)

    def close(self) -> None:
        """End every program started here."""
        self._programs.close()


@contextmanager
def open_virtual_screen(home: Path, width: int = 1280, height: int = 800) -> Iterator[VirtualScreen]:
    """Start Xvfb on a display number it chose itself, and openbox on it; `home` is the programs' home folder."""
    missing = [name for name in _PROGRAMS if shutil.which(name) is None]
    if missing:
        raise RuntimeError(
            f"The journeys need {', '.join(missing)}: apt-get install xvfb openbox xdotool x11-utils xterm"
        )
    environment = {**os.environ, "HOME": str(home), "XDG_CONFIG_HOME": str(home), "XDG_CACHE_HOME": str(home)}
    environment.pop("WAYLAND_DISPLAY", None)
    with ExitStack() as stack:
        server, display = _start_server(stack, environment, width, height)
        screen = VirtualScreen(display, width, height, {**environment, "DISPLAY": display}, server)
        stack.callback(screen.close)
        screen.start("openbox", "--sm-disable")
        _wait_for_window_manager(screen)
        yield screen


def _start_server(
    stack: ExitStack, environment: dict[str, str], width: int, height: int
) -> tuple[subprocess.Popen[bytes], str]:
    read_end, write_end = os.pipe()
    stack.callback(os.close, read_end)
    options = f"-displayfd {write_end} -screen 0 {width}x{height}x24 -nolisten tcp -noreset"
    try:
        server = stack.enter_context(_program(("Xvfb", *options.split()), environment, (write_end,)))
    finally:
        os.close(write_end)
    return server, f":{_read_line(read_end)}"


def _read_line(descriptor: int) -> str:
    line = b""
    while not line.endswith(b"\n"):
        ready, _, _ = select.select([descriptor], [], [], _START_TIMEOUT_S)
        chunk = os.read(descriptor, 16) if ready else b""
        if not chunk:
            raise RuntimeError("Xvfb did not start")
        line += chunk
    return line.decode().strip()


def _wait_for_window_manager(screen: VirtualScreen) -> None:
    until = time.monotonic() + _START_TIMEOUT_S
    while "window id" not in screen.run("xprop", "-root", "_NET_SUPPORTING_WM_CHECK"):
        if time.monotonic() > until:
            raise RuntimeError("openbox did not start")
        time.sleep(_POLL_S)


@contextmanager
def _program(
    command: tuple[str, ...], environment: dict[str, str], pass_fds: tuple[int, ...] = ()
) -> Iterator[subprocess.Popen[bytes]]:
    quiet = subprocess.DEVNULL
    process = subprocess.Popen(command, env=environment, stdin=quiet, stdout=quiet, stderr=quiet, pass_fds=pass_fds)
    try:
        yield process
    finally:
        process.terminate()
        try:
            process.wait(timeout=5)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
