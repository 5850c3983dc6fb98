"""`dayreel start`: record this screen in the background."""

from __future__ import annotations

import argparse

from dayreel import background
from dayreel.context import Context
from timeline.errors import AlreadyRunning


def run(context: Context, options: argparse.Namespace) -> int:
    """Start recording and return once it runs."""
    del options
    context.settings  # noqa: B018 - a mistake in them is said here, before anything starts
    if not background.start(context.home):
        raise AlreadyRunning(f"{context.home.root} is being recorded already: `dayreel stop` ends it.")
    if context.as_json:
        context.data({"recording": True})
    else:
        context.say(f"Recording into {context.home.root}; `dayreel stop` ends it.")
    return 0
