"""The process that encodes segments anew: without what is hidden or forgotten in them, and smaller when they are old.

Lowest priority; ends when none is left.  What must go from the pixels goes first, what is to be forgotten before all.

Started and ended by dayreel.housekeeping, whose process holds the worker's lock; it may be killed at any instant.  A
process of its own, so that the encoder's memory is given back and a kill is all it takes to have the machine for
something else.
"""

from __future__ import annotations

import os
import sys
import threading

from dayreel.child import run_child
from dayreel.settings import Settings
from timeline.clock import SystemClock
from timeline.home import Home
from timeline.keys import load_key
from timeline.reader import Reader
from timeline.reencoding import OLD_ENOUGH_US, Reencoding
from timeline.rewriting import Rewriting
from timeline.writer import Writer

NICENESS = 19


def _tidy(home: Home, settings: Settings, stop: threading.Event) -> None:
    os.nice(max(0, NICENESS - os.nice(0)))
    key, clock = load_key(home), SystemClock()
    with Writer.open(home, key, durable=True) as writer, Reader.open(home, key) as reader:
        rewriting = Rewriting(home, key, writer)
        while rewriting.step(stop):
            pass
        if settings.storage.reencode == "auto":
            chore = Reencoding(home, key, writer, reader)
            while chore.step(clock.now_us() - OLD_ENOUGH_US, stop):
                pass


if __name__ == "__main__":
    sys.exit(run_child(_tidy))
