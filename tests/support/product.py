"""The program as a user runs it: its command line in processes of their own, on a home of their own.

Owns the environment of these processes: no keyring, no endpoint, no screen but the one named.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
COMMAND_S = 300.0  # no command that is waited for takes longer
_MODULES = {"recorder": "dayreel.recorder_process", "worker": "dayreel.worker_process"}
_UNWANTED = ("DAYREEL_HOME", "DAYREEL_MODEL", "OPENAI_BASE_URL", "OPENAI_API_KEY", "DISPLAY", "WAYLAND_DISPLAY")


@dataclass(frozen=True, slots=True)
class Product:
    """The command line on one home and, for those commands that need one, on one display."""

    home: Path
    display: str | None = None

    def start(self, *arguments: str) -> subprocess.Popen[str]:
        """Start a command and return its process; what it says goes where ours goes."""
        return subprocess.Popen(self._command(arguments), cwd=ROOT, env=self._environment(), text=True)

    def run(self, *arguments: str, talk_in: str = "") -> subprocess.CompletedProcess[str]:
        """Run a command to its end, whatever its exit code."""
        return subprocess.run(
            self._command(arguments),
            cwd=ROOT,
            env=self._environment(),
            input=talk_in,
            capture_output=True,
            text=True,
            timeout=COMMAND_S,
            check=False,
        )

    def data(self, *arguments: str) -> Any:
        """Return the JSON value of a command.  Raises RuntimeError when it failed (3, nothing found, is no failure)."""
        done = self.run(*arguments, "--json")
        if done.returncode not in (0, 3):
            raise RuntimeError(f"dayreel {arguments[0]} ended with {done.returncode}: {done.stderr}")
        return json.loads(done.stdout)

    def status(self) -> dict[str, Any]:
        """Return what `dayreel status` says."""
        status: dict[str, Any] = self.data("status")
        return status

    def frames(self) -> int:
        """Return how many frames are kept; 0 as well while a recorder is still making the store."""
        done = self.run("status", "--json")
        return int(json.loads(done.stdout)["frames"]) if done.returncode == 0 else 0

    def _command(self, arguments: tuple[str, ...]) -> list[str]:
        return [sys.executable, "-m", "dayreel", "--home", str(self.home), *arguments]

    def _environment(self) -> dict[str, str]:
        environment = {name: value for name, value in os.environ.items() if name not in _UNWANTED}
        environment["PYTHON_KEYRING_BACKEND"] = "keyring.backends.null.Keyring"
        return environment if self.display is None else {**environment, "DISPLAY": self.display}


def children(supervisor: int) -> dict[str, int]:
    """Return the process ids of recorder and worker, as far as they run.

    One that was forked and is not yet what it will be has still the supervisor's command line: it is neither, and to
    stop it would stop the supervisor, which waits for it.
    """
    found = {}
    for child in Path(f"/proc/{supervisor}/task/{supervisor}/children").read_text().split():
        command = _command_line(child)
        found |= {name: int(child) for name, module in _MODULES.items() if module in command}
    return found


def _command_line(process: str) -> str:
    try:
        return Path(f"/proc/{process}/cmdline").read_text()
    except FileNotFoundError:  # it has ended
        return ""


def cpu_s(process: int) -> float:
    """Return the CPU seconds a process has spent, in itself and in the kernel."""
    fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")  # utime and stime, proc(5)


def wait_until(happened: Callable[[], bool], seconds: float, complaint: str) -> None:
    """Wait until something has happened.  Raises RuntimeError with a complaint when it takes too long."""
    until = time.monotonic() + seconds
    while not happened():
        if time.monotonic() > until:
            raise RuntimeError(complaint)
        time.sleep(0.1)
