"""`dayreel` without a command: the terminal interface."""

from __future__ import annotations

import argparse
import sys

from dayreel.context import Context
from dayreel.services import HomeServices
from timeline.errors import WrongUsage
from timeline.keys import load_key


def run(context: Context, options: argparse.Namespace) -> int:
    """Open the interface on this terminal."""
    del options
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        raise WrongUsage("The interface needs a terminal: run `dayreel` in one, or see `dayreel --help` for commands.")
    if context.home.key_file.exists():
        load_key(context.home)  # a passphrase is asked for here: later the terminal is the interface's
    from tui.app import DayreelApp
    from tui.picture_mode import choose_picture_mode

    mode = choose_picture_mode(context.settings.tui.picture)
    app = DayreelApp(HomeServices(context.home, context.settings, context.clock), mode)
    app.run()
    return app.return_code or 0
