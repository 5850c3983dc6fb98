"""`dayreel` without a command: the terminal interface."""

from __future__ import annotations

import argparse
import os
import sys
import threading
import time
from typing import TYPE_CHECKING

from dayreel.context import Context
from dayreel.services import HomeServices
from timeline.errors import WrongUsage
from timeline.keys import load_key

if TYPE_CHECKING:
    from tui.app import DayreelApp

_LOOK_S = 0.5


def run(context: Context, options: argparse.Namespace) -> int:
    """Open the interface on this terminal."""
    del options
    served = "TEXTUAL_DRIVER" in os.environ  # in a browser, by `dayreel serve`
    if not served and not (sys.stdin.isatty() and sys.stdout.isatty()):
        raise WrongUsage("The interface needs a terminal: run `dayreel` in one, or see `dayreel --help` for commands.")
    if context.home.key_file.exists():
        load_key(context.home)  # a passphrase is asked for here: later the terminal is the interface's
    from tui import wording

    chosen = context.settings.tui
    wording.use(wording.language_of(chosen.language))  # before anything of the interface is imported
    from tui.app import DayreelApp
    from tui.look import Look
    from tui.picture_mode import choose_picture_mode

    mode = choose_picture_mode("off" if chosen.lists == "plain" else chosen.picture, chosen.link)
    look = Look(chosen.theme, still=chosen.motion == "reduced", plain=chosen.lists == "plain")
    app = DayreelApp(HomeServices(context.home, context.settings, context.clock), mode, look)
    if served:
        threading.Thread(target=_end_with_parent, args=(app,), daemon=True).start()
    app.run()
    return app.return_code or 0


def _end_with_parent(app: DayreelApp) -> None:
    """End the interface when the server that started it is gone, however that ended."""
    parent = os.getppid()
    while os.getppid() == parent:
        time.sleep(_LOOK_S)
    app.call_from_thread(app.exit)
