"""`dayreel uninstall`: remove everything of dayreel's from this user's account, asked twice."""

from __future__ import annotations

import argparse
import sys
from contextlib import ExitStack
from typing import get_args

from dayreel import background
from dayreel.asking import typed
from dayreel.context import Context, default_home
from dayreel.locks import Role, hold
from dayreel.sizes import size_text
from dayreel.uninstalling import KEY_IN_KEYRING, Trace, check, kept_keys, remove, traces
from timeline.errors import DayreelError, WrongUsage
from timeline.safekeeping.belonging import Left

WORD = "remove"
TWICE = 2
_PROGRAM = (
    "The program itself stays: remove it as it was installed (`pipx uninstall dayreel`, `pip uninstall dayreel`)."
)
_COPIES = "Copies (backups) that you made cannot be read without this key, unless you have a recovery file."
_LEFT = "These could not be removed, do it by hand: "


def run(context: Context, options: argparse.Namespace) -> int:
    """List everything, ask twice, remove it, and say what stays."""
    check(context.home)
    found = [*traces(context.home, usual=context.home.root.resolve() == default_home().resolve())]
    kept = kept_keys(context.home)
    for trace in found:
        context.talk(f"{size_text(trace.size_bytes):>10}  {trace.what}: {trace.place}")
    if any(trace.path is None for trace in found):
        context.talk(_COPIES)
    if background.recording(context.home):
        context.talk("dayreel is recording now: that ends first.")
    if options.yes < TWICE and not _agreed(context, found):
        context.talk("Nothing was removed.")
        return DayreelError.exit_code
    background.stop(context.home)
    with ExitStack() as roles:
        for role in get_args(Role):
            roles.enter_context(hold(context.home, role))
        left = [trace for trace in found if not remove(trace)]
    for one in kept:
        context.talk(one.sentence())
    return _tell(context, found, left, kept)


def _agreed(context: Context, found: list[Trace]) -> bool:
    """Ask twice.  Raises WrongUsage when there is nobody to ask."""
    if not sys.stdin.isatty():
        raise WrongUsage("Removing everything is asked twice on a terminal: without one, say --yes --yes.")
    size = size_text(sum(trace.size_bytes for trace in found))
    if typed(f"Remove all of this, {size}, for good? [y/N] ").casefold() not in ("y", "yes"):
        return False
    del context
    return typed(f"What was recorded cannot be brought back. Type `{WORD}` to remove it: ") == WORD


def _tell(context: Context, found: list[Trace], left: list[Trace], kept: list[Left]) -> int:
    removed = [trace for trace in found if trace not in left]
    if context.as_json:
        context.data(
            {
                "removed": [{"what": one.what, "place": one.place, "bytes": one.size_bytes} for one in removed],
                "left": [{"what": one.what, "place": one.place, "bytes": one.size_bytes} for one in left],
                "kept": [{"what": KEY_IN_KEYRING, "place": one.name} for one in kept],
            }
        )
    else:
        context.say(f"Removed: {size_text(sum(trace.size_bytes for trace in removed))}.")
    if left:
        context.talk(_LEFT + "; ".join(f"{one.what} ({one.place})" for one in left))
    context.talk("Copies that you made stay: backups, exported videos and recovery files.")
    context.talk(_PROGRAM)
    return DayreelError.exit_code if left else 0
