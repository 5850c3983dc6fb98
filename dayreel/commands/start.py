"""`dayreel start`: record this screen in the background."""

from __future__ import annotations

import argparse

from dayreel import background
from dayreel.context import Context
from dayreel.first_start import tell_at_first_start
from timeline.clock import SystemClock
from timeline.errors import AlreadyRunning
from timeline.pausing import Pausing
from timeline.surroundings import synced_warning


def run(context: Context, options: argparse.Namespace) -> int:
    """Start recording and return once it runs."""
    del options
    context.settings  # noqa: B018 - a mistake in them is said here, before anything starts
    tell_at_first_start(context)
    if not background.start(context.home, context.talk):
        raise AlreadyRunning(f"{context.home.root} is being recorded already: `dayreel stop` ends it.")
    paused = Pausing(context.home, SystemClock()).current() is not None
    synced = synced_warning(context.home.root)
    if synced is not None:
        context.talk(f"note: {synced}")
    if context.as_json:
        context.data({"recording": True, "paused": paused})
    else:
        context.say(f"Recording into {context.home.root}; `dayreel stop` ends it.")
        if paused:
            context.say("It is paused: nothing is kept until `dayreel resume`, or until the time that was given.")
    return 0
