"""The recorder's process: one screen into one home until its supervisor ends.

Owns the wiring of the recorder.  Imports neither OCR nor encoders: this process runs all day.
"""

from __future__ import annotations

import sys
import threading

from dayreel.child import run_child
from dayreel.settings import Settings
from recorder.exclusions import DEFAULT_APPS, DEFAULT_TITLES
from recorder.privacy import Gate
from recorder.recorder import Recorder
from recorder.screen import Screen
from recorder.segments import Segments
from recorder.windows import Windows
from timeline.clock import SystemClock
from timeline.home import Home
from timeline.keys import load_key
from timeline.spool import Spool
from timeline.writer import Writer


def gate_of(settings: Settings) -> Gate:
    """Return the privacy gate of the settings.  Raises SettingsWrong for a title that is no regular expression."""
    return Gate([*DEFAULT_APPS, *settings.privacy.apps], [*DEFAULT_TITLES, *settings.privacy.titles])


def _record(home: Home, settings: Settings, stop: threading.Event) -> None:
    key, clock, gate = load_key(home), SystemClock(), gate_of(settings)
    with Screen(clock) as screen, Windows() as windows, Writer.open(home, key) as writer:
        recorder = Recorder(
            screen,
            windows,
            gate,
            writer,
            Spool(home, key),
            Segments(home, writer),
            clock,
            settings.recorder.interval_s,
        )
        recorder.run(stop)


if __name__ == "__main__":
    sys.exit(run_child(_record))
