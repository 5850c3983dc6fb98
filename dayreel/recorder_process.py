"""The recorder's process: one screen into one home until its supervisor ends.

Owns the wiring of the recorder.  Imports neither OCR nor encoders: this process runs all day.
"""

from __future__ import annotations

import logging
import sys
import threading
from contextlib import ExitStack

from dayreel.child import Stop, run_child
from dayreel.locks import holder
from dayreel.settings import Settings
from recorder.documents.source import DocumentSource
from recorder.exclusions import DEFAULT_APPS, DEFAULT_TITLES
from recorder.keeper import Keeper
from recorder.memory import give_back_large_blocks
from recorder.pauses import Pauses
from recorder.polling import Polling
from recorder.presence import Presence
from recorder.privacy import Gate
from recorder.private_windows import Pages
from recorder.recorder import STOPPED, Recorder
from recorder.screen import Screen
from recorder.segments import Segments
from recorder.windows import Windows
from recorder.x_damage import NoDamage, XDamage
from recorder.x_screen import NotGrabbable, XScreen
from timeline.budget import StorageLimits
from timeline.clock import Clock, SystemClock
from timeline.encoder_probe import choose_codec
from timeline.errors import DiskFull
from timeline.home import DISK_FULL_WAIT_S, Home
from timeline.keys import Key, load_key
from timeline.spool import Spool
from timeline.standing import Standing
from timeline.writer import KILLED, Writer

log = logging.getLogger(__name__)


def gate_of(settings: Settings, pages: Pages | None = None) -> Gate:
    """Return the privacy gate of the settings; `pages` tells what browsers say of their windows.

    Raises SettingsWrong for a title that is no regular expression, and for an address that is no pattern.
    """
    chosen = settings.privacy
    return Gate([*DEFAULT_APPS, *chosen.apps], [*DEFAULT_TITLES, *chosen.titles], chosen.urls, pages)


def _record(home: Home, settings: Settings, stop: Stop) -> None:
    give_back_large_blocks()
    key, clock, chosen = load_key(home), SystemClock(), settings.recorder
    with ExitStack() as stack:
        trigger, screen = open_trigger(chosen.trigger), open_screen(clock)
        stack.callback(trigger.close)
        stack.callback(screen.close)
        windows = stack.enter_context(Windows())
        presence = stack.enter_context(Presence.open(clock, 60 * chosen.idle_minutes))
        documents = stack.enter_context(DocumentSource())
        gate = gate_of(settings, documents)
        writer = stack.enter_context(open_writer(home, key, stop, settings.privacy.secret_kinds))
        segments = Segments(home, key, writer, codec=choose_codec(chosen.encoder))
        pauses = stack.enter_context(Pauses.of(home, clock))
        standing = Standing(home)
        standing.make()
        limits = StorageLimits(home, settings.storage.budget_bytes, settings.storage.spool_bytes, clock)
        keeper = Keeper(writer, Spool(home, key), segments, limits)
        recorder = Recorder(
            screen,
            windows,
            trigger,
            gate,
            keeper,
            clock,
            interval_s=chosen.interval_s,
            poll_s=chosen.poll_s,
            presence=presence,
            documents=documents,
            standing=standing,
            pauses=pauses,
            alone=holder(home, "import") is None,  # else its segments would be closed under it
        )
        recorder.run(stop, lambda: KILLED if stop.orphaned else STOPPED)


def open_writer(home: Home, key: Key, stop: threading.Event, secrets: frozenset[str]) -> Writer:
    """Return the writer, once there is room on the disk for opening one.  Raises DiskFull when `stop` comes before."""
    while True:
        try:
            return Writer.open(home, key, durable=True, secrets=secrets)
        except DiskFull as error:
            log.warning("%s  Recording begins by itself when there is room.", error)
            if stop.wait(DISK_FULL_WAIT_S):
                raise


def open_trigger(choice: str) -> Polling | XDamage:
    """Return what tells that the screen changed: the display itself, else polling.  Raises NoScreen."""
    if choice == "poll":
        return Polling()
    try:
        return XDamage()
    except NoDamage:
        log.warning("the display does not tell of changes: it is looked at again and again")
        return Polling()


def open_screen(clock: Clock) -> Screen | XScreen:
    """Return what grabs the screen: shared memory where the display allows it, else mss.  Raises NoScreen."""
    try:
        return XScreen(clock)
    except NotGrabbable:
        log.warning("the display cannot be grabbed through shared memory: a slower way is taken")
        return Screen(clock)


if __name__ == "__main__":
    sys.exit(run_child(_record))
