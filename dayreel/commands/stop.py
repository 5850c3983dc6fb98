"""`dayreel stop`: end the recording in the background."""

from __future__ import annotations

import argparse

from dayreel import background
from dayreel.context import Context


def run(context: Context, options: argparse.Namespace) -> int:
    """End the recording and return once it has ended."""
    del options
    stopped = background.stop(context.home)
    if context.as_json:
        context.data({"recording": False})
    else:
        context.say("Recording ended." if stopped else "Nothing was recording.")
    return 0
