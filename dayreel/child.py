"""How the recorder's and the worker's processes live and end: with the supervisor that started them.

Owns the stop event of a child: it is set when the pipe from the supervisor closes (so also when that was killed), and
on SIGTERM.  SIGINT is left to the supervisor, since a terminal sends it to all three at once.
"""

from __future__ import annotations

import argparse
import os
import signal
import sys
import threading
from collections.abc import Callable
from pathlib import Path

from dayreel.logs import log_to_home
from dayreel.settings import Settings, load_settings
from timeline.errors import DayreelError
from timeline.home import Home


def run_child(work: Callable[[Home, Settings, threading.Event], None]) -> int:
    """Run a child's work until it is told to stop, and return its exit code; an error of ours goes to stderr."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--home", type=Path, required=True)
    home = Home(parser.parse_args().home)
    stop = threading.Event()
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, lambda *_: stop.set())
    threading.Thread(target=_wait_for_supervisor, args=(stop,), daemon=True).start()
    try:
        log_to_home(home)
        work(home, load_settings(home.settings), stop)
    except DayreelError as error:
        sys.stderr.write(f"dayreel: {error}\n")
        return error.exit_code
    return 0


def _wait_for_supervisor(stop: threading.Event) -> None:
    while os.read(0, 1):
        pass
    stop.set()
