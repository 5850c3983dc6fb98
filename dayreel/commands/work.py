"""`dayreel work`: read and index what is waiting, and keep house, without recording."""

from __future__ import annotations

import argparse
import signal
import threading

from dayreel.context import Context
from dayreel.locks import hold
from dayreel.sizes import size_text
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
    if options.tidy:
        return _tidy(context, stop)
    frames = _work(context, stop, until_idle=options.until_idle)
    if context.as_json:
        context.data({"read": frames})
    else:
        context.talk(f"{frames} frames were read.")
    return 0


def _tidy(context: Context, stop: threading.Event) -> int:
    """Read what waits, then do all of the housekeeping now and say what it came to."""
    from dayreel.worker import Worker

    with hold(context.home, "worker"), Worker(context.home, context.settings, clock=context.clock) as worker:
        frames = worker.work_until_idle(stop)
        tidied = worker.tidy(stop)
    if context.as_json:
        context.data(
            {
                "read": frames,
                "thumbnails": tidied.thumbnails,
                "reencoded_bytes": tidied.reencoded_bytes,
                "thinned_bytes": tidied.thinned_bytes,
            }
        )
        return 0
    context.talk(f"{frames} frames were read, {tidied.thumbnails} missing thumbnails made.")
    context.talk(f"Encoding the video again saved {size_text(tidied.reencoded_bytes)}.")
    if tidied.thinned_bytes:
        context.talk(f"{size_text(tidied.thinned_bytes)} of old video were let go to keep within storage.budget.")
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
