"""The worker's process: low priority, one worker on one home until its supervisor ends."""

from __future__ import annotations

import os
import sys
import threading

from dayreel.child import CRASHED, run_child
from dayreel.locks import hold
from dayreel.settings import Settings
from timeline.home import Home

NICENESS = 10  # whatever the user does comes first


def _work(home: Home, settings: Settings, stop: threading.Event) -> None:
    os.nice(NICENESS)
    with hold(home, "worker"):
        from dayreel.worker import Worker  # only by the one that holds the role: it costs half a second

        with Worker(home, settings, crashed=CRASHED in os.environ) as worker:
            worker.work(stop)


if __name__ == "__main__":
    sys.exit(run_child(_work))
