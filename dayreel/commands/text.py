"""`dayreel text`: what could be read at a time."""

from __future__ import annotations

import argparse

from dayreel import shapes
from dayreel.commands.frame import frame_then
from dayreel.context import Context
from dayreel.store import Store
from timeline.errors import NothingFound


def run(context: Context, options: argparse.Namespace) -> int:
    """Print the text of the frame that stood at a time."""
    try:
        with Store.open(context.home, context.settings) as store:
            frame = frame_then(context, store, options.when)
            lines = store.reader.lines(frame.id)
    except NothingFound as nothing:
        if context.as_json:
            context.data([])
        context.talk(f"dayreel: {nothing}")
        return nothing.exit_code
    if context.as_json:
        context.data([shapes.text_line(line, frame.monitor) for line in lines])
    else:
        for line in lines:
            context.say(line.text)
    return 0
