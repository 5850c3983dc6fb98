"""`dayreel resume`: end the pause of a home."""

from __future__ import annotations

import argparse

from dayreel import background
from dayreel.context import Context
from timeline.clock import SystemClock
from timeline.pausing import Pausing


def run(context: Context, options: argparse.Namespace) -> int:
    """End the pause; without one that is no error."""
    del options
    ended = Pausing(context.home, SystemClock()).resume()
    running = background.recording(context.home)
    if context.as_json:
        context.data({"paused": False, "paused_until": None, "recording": running})
        return 0
    context.say("The pause is over." if ended else "Nothing was paused.")
    if ended and not running:
        context.say("No recorder runs; `dayreel start` begins one.")
    return 0
