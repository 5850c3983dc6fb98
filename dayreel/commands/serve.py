"""`dayreel serve`: the terminal interface in a browser on this machine."""

from __future__ import annotations

import argparse
import shlex
import sys

from dayreel.context import Context
from timeline.clock import FixedClock, iso
from timeline.errors import PartMissing
from timeline.keys import load_key


def run(context: Context, options: argparse.Namespace) -> int:
    """Serve until SIGINT or SIGTERM."""
    try:
        from dayreel.serving import GuardedServer, usable_port
    except ModuleNotFoundError as error:
        raise PartMissing("textual-serve is not installed: pip install 'dayreel[serve]'.") from error
    if context.home.key_file.exists():
        load_key(context.home)  # what is wrong with the key is told here, where it can be read
    command = [sys.executable, "-m", "dayreel", "--home", str(context.home.root)]
    if isinstance(context.clock, FixedClock):
        command += ["--now", iso(context.clock.now_us(), 0)]
    server = GuardedServer("exec " + shlex.join(command), usable_port(options.port), context.talk)
    server.serve()
    return 0
