"""`dayreel record`: record this screen in the foreground until SIGINT or SIGTERM."""

from __future__ import annotations

import argparse
import signal
import threading

from dayreel.context import Context
from dayreel.crash_dumps import forbid_crash_dumps
from dayreel.embedders import embedder_factory
from dayreel.first_start import tell_at_first_start
from dayreel.locks import hold
from dayreel.logs import log_to_home, put_old_log_aside
from dayreel.recorder_process import gate_of
from dayreel.supervisor import Supervisor
from timeline.keys import load_key
from timeline.writer import Writer


def run(context: Context, options: argparse.Namespace) -> int:
    """Record until told to stop; what is unread then stays as jobs."""
    del options
    forbid_crash_dumps()
    home = context.home
    settings = context.settings
    gate_of(settings)  # a mistake in the settings is said here, before anything starts
    embedder_factory(settings.index.embedder)
    with hold(home, "recorder") as lock:
        tell_at_first_start(context)
        key = load_key(home, create=True, say=context.talk)
        Writer.open(home, key).close()  # readers find a whole store from the first second
        put_old_log_aside(home)
        log_to_home(home)
        stop = threading.Event()
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, lambda *_: stop.set())
        context.talk(f"Going to record into {home.root} every {settings.recorder.interval_s:g} s; Ctrl-C ends it.")
        code = Supervisor(home, lock).run(stop)
    if code == 0:
        context.talk("Recording ended; what is not read yet is kept and read next time, or by `dayreel work`.")
    return code
