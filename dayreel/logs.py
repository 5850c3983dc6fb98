"""Where the background processes write their log: one private file in the home, kept small.

Never holds text of the screen, titles or keys: modules log counts, durations and classes of errors only.
"""

from __future__ import annotations

import logging
import os
import sys
import threading
from types import TracebackType

from timeline.home import FILE_MODE, Home

MOST_BYTES = 1_000_000  # a log this large is put aside when a recording starts; one older one is kept
FORMAT = "%(asctime)s %(process)d %(levelname)s %(name)s: %(message)s"

log = logging.getLogger(__name__)


def log_to_home(home: Home) -> None:
    """Append this process's log to the home's log file; supervisor, recorder and worker share it."""
    home.create()
    os.close(os.open(home.log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, FILE_MODE))
    logging.raiseExceptions = False  # a line that cannot be written would else be shown on stderr with what is in it
    logging.getLogger("faiss").setLevel(logging.WARNING)  # it tells at each start which processors it looked for
    logging.basicConfig(level=logging.INFO, format=FORMAT, handlers=[logging.FileHandler(home.log)], force=True)


def put_old_log_aside(home: Home) -> None:
    """Begin a new log file when the old one has grown large; called while nothing else writes to it."""
    if home.log.exists() and home.log.stat().st_size > MOST_BYTES:
        home.log.replace(home.log.with_suffix(".log.1"))


def log_failures_without_words() -> None:
    """Let what nobody catches be logged by kind and place, in every thread; Python would print its message."""

    def failed(error: BaseException | None) -> None:
        if error is not None:
            log.error("nobody caught %s in %s", type(error).__name__, place_of(error))

    def hook(_: type[BaseException], error: BaseException, __: TracebackType | None) -> None:
        failed(error)

    sys.excepthook = hook
    threading.excepthook = lambda told: failed(told.exc_value)
    sys.unraisablehook = lambda told: failed(told.exc_value)


def place_of(error: BaseException) -> str:
    """Return where an error was raised, as FILE:LINE; its message may hold text of the screen and is never logged."""
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    return "an unknown place" if trace is None else f"{trace.tb_frame.f_code.co_filename}:{trace.tb_lineno}"
