"""How the recorder's and the worker's processes live and end: with the supervisor that started them.

Owns the stop event of a child: it is set when the pipe from the supervisor closes (so also when that was killed, which
is told from an end by the byte that is sent before), and on SIGTERM.  SIGINT and SIGHUP are left to the supervisor,
since a terminal sends them to all three at once.
"""

from __future__ import annotations

import argparse
import logging
import os
import signal
import sys
import threading
from collections.abc import Callable
from pathlib import Path

from dayreel.cli import TELEMETRY_OFF, THREAD_LIMITS
from dayreel.crash_dumps import forbid_crash_dumps
from dayreel.logs import log_failures_without_words, log_to_home, place_of
from dayreel.settings import Settings, load_settings
from timeline.errors import DayreelError
from timeline.home import Home

CRASHED = "DAYREEL_CRASHED"  # in the environment of a child whose forerunner died by a fault of its own
END = b"."  # what a supervisor sends before it closes the pipe; one that was killed sends nothing

log = logging.getLogger(__name__)


class Stop(threading.Event):
    """Set when a child is to end."""

    orphaned = False
    """Whether that is because its supervisor has died."""


def run_child(work: Callable[[Home, Settings, Stop], None]) -> int:
    """Run a child's work until it is told to stop, and return its exit code; an error of ours goes to stderr."""
    forbid_crash_dumps()
    log_failures_without_words()
    for name in (*THREAD_LIMITS, *TELEMETRY_OFF):
        os.environ.setdefault(name, "1")
    parser = argparse.ArgumentParser()
    parser.add_argument("--home", type=Path, required=True)
    home = Home(parser.parse_args().home)
    stop = Stop()
    for number in (signal.SIGINT, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, lambda *_: stop.set())
    threading.Thread(target=_wait_for_supervisor, args=(stop,), daemon=True).start()
    try:
        log_to_home(home)
        work(home, load_settings(home.settings), stop)
    except DayreelError as error:
        sys.stderr.write(f"dayreel: {error}\n")
        return error.exit_code
    except Exception as error:  # the outer loop of this process: its kind and place are logged, never its message
        log.error("ended by %s in %s", type(error).__name__, place_of(error))
        return DayreelError.exit_code
    return 0


def _wait_for_supervisor(stop: Stop) -> None:
    told = False
    while sent := os.read(0, 1):
        told |= sent == END
    stop.orphaned = not told and not stop.is_set()
    stop.set()
