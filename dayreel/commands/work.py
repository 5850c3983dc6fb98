"""`dayreel work`: read and index what is waiting, without recording."""

from __future__ import annotations

import argparse
import signal
import threading

from dayreel.context import Context
from dayreel.locks import hold
from dayreel.taking_in import pending, wait_for_worker
from timeline.errors import AlreadyRunning


def run(context: Context, options: argparse.Namespace) -> int:
    """Work until SIGINT or SIGTERM, or until nothing waits."""
    if not context.home.database.exists():
        context.talk(f"Nothing has been recorded in {context.home.root} yet.")
        return 0
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda *_: stop.set())
    frames = _work(context, stop, until_idle=options.until_idle)
    if context.as_json:
        context.data({"read": frames})
    else:
        context.talk(f"{frames} frames were read.")
    return 0


def _work(context: Context, stop: threading.Event, *, until_idle: bool) -> int:
    """Return how many frames were read here; beside a worker that runs, wait for it and read what it left."""
    while True:
        try:
            with hold(context.home, "worker"):
                return _read(context, stop, until_idle=until_idle)
        except AlreadyRunning:
            if not until_idle:
                raise
            wait_for_worker(context.home, stop)
        if stop.is_set() or not pending(context.home):
            return 0


def _read(context: Context, stop: threading.Event, *, until_idle: bool) -> int:
    from dayreel.worker import Worker

    with Worker(context.home, context.settings) as worker:
        return worker.work_until_idle(stop) if until_idle else worker.work(stop)
