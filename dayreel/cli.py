"""The command line: names, options and exit codes, as docs/command-line.md promises them.

Owns the parser and the last line of defence: an error of ours is one sentence and its exit code, never a traceback.
Each command lives in dayreel.commands and is imported when it is called, so that --help stays light.
"""

from __future__ import annotations

import argparse
import importlib
import os
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from io import TextIOWrapper
from pathlib import Path
from typing import Any, NoReturn

from dayreel import __version__
from dayreel.asking import ask_passphrase
from dayreel.context import Context, default_home
from timeline.clock import Clock, FixedClock, SystemClock, to_us
from timeline.errors import DayreelError, WrongUsage
from timeline.home import Home
from timeline.safekeeping.unlocking import ask_with

INTERRUPTED = 130  # what shells give for a program ended by Ctrl-C
CLOSED_PIPE = 141  # the reader of our output has gone: 128 + SIGPIPE
# numpy and its kin start a thread a core, which costs more CPU than it saves here (measured: docs/decisions/0005).
THREAD_LIMITS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")
# onnxruntime would write an id of this device into the user's cache and report to its makers.
TELEMETRY_OFF = ("ORT_DISABLE_TELEMETRY",)
KEY_ACTIONS = ("status", "passphrase", "unlock", "lock", "export", "import", "rotate")
CATEGORY_ACTIONS = ("list", "add", "rename", "correct")
MOST_RESULTS = 10_000
MOST_MONITORS = 1_000
MOST_PORT = 65_535


@dataclass(frozen=True, slots=True)
class Argument:
    """One argument of a command, as argparse takes it."""

    names: tuple[str, ...]
    options: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Command:
    """A command: its name, the module and what it is for."""

    name: str
    module: str
    help: str
    arguments: tuple[Argument, ...] = ()


def _argument(*names: str, **options: Any) -> Argument:
    return Argument(names, options)


def _number(least: int, most: int) -> Callable[[str], int]:
    """Return what takes a whole number within bounds from the command line."""

    def number(text: str) -> int:
        value = int(text)
        if not least <= value <= most:
            raise argparse.ArgumentTypeError(f"must be from {least} to {most}")
        return value

    return number


_TIME_HELP = "a time (2026-11-22T09:14) or a phrase (yesterday afternoon, 昨天下午)"
_BOUNDS = (
    _argument("--since", metavar="T", help=f"not before the start of {_TIME_HELP}"),
    _argument("--until", metavar="T", help=f"not after the end of {_TIME_HELP}"),
)
_FILTERS = (
    *_BOUNDS,
    _argument("--app", metavar="A", help="only this application"),
    _argument("--title", metavar="T", help="only windows whose title holds this"),
)
_DIGEST = (
    _argument("date", nargs="?", metavar="DATE", help="a day in it (today): 2026-11-20, yesterday, 上周三"),
    _argument("--markdown", action="store_true", help="as Markdown"),
    _argument("--language", choices=("en", "zh"), metavar="L", help="of the sentences: en, zh (that of the locale)"),
)

COMMANDS = (
    Command("record", "record", "record this screen in the foreground until Ctrl-C"),
    Command("start", "start", "record this screen in the background"),
    Command("stop", "stop", "end the recording in the background"),
    Command(
        "pause", "pause", "record nothing for a while, or until `resume`",
        (_argument("duration", nargs="*", metavar="DURATION", help="30m, 1h30m, 半小时, until 14:00 (no end)"),),
    ),
    Command("resume", "resume", "end the pause"),
    Command(
        "work", "work", "read and index what is waiting, without recording",
        (
            _argument("--until-idle", action="store_true", help="end when nothing waits"),
            _argument("--tidy", action="store_true", help="do all of the housekeeping now as well, then end"),
        ),
    ),
    Command("status", "status", "what is recorded, what waits, what it takes on the disk"),
    Command(
        "search", "search", "find what was on the screen",
        (
            _argument("query", nargs="?", metavar="QUERY", help="words, \"a phrase\", -without"),
            *_FILTERS,
            _argument("--limit", type=_number(1, MOST_RESULTS), default=10, metavar="N", help="how many results (10)"),
            _argument("--mode", choices=("hybrid", "text", "meaning"), default="hybrid", help="how to look (hybrid)"),
            _argument("--queries", metavar="FILE", help="one query a line (- for stdin), one JSON list a line out"),
            _argument("--watch", action="store_true", help="go on and show each new match as it appears, until Ctrl-C"),
        ),
    ),
    Command(
        "ask", "ask", "answer a question about what you did, with proof",
        (
            _argument("question", nargs="?", metavar="QUESTION", help="without one, in a terminal: a conversation"),
            _argument("--no-llm", action="store_true", help="from the record alone, asking no model"),
            _argument("--model", metavar="NAME", help="the model to ask, instead of the one in the settings"),
            _argument("--yes", action="store_true", help="agree that text of the screen goes to the endpoint's host"),
        ),
    ),
    Command("day", "day", "what a day was spent on", _DIGEST),
    Command("week", "week", "what a calendar week was spent on", _DIGEST),
    Command(
        "category", "category", "the categories that time is counted under; say where one was wrong",
        (
            _argument(
                "action", nargs="?", default="list", choices=CATEGORY_ACTIONS, metavar="ACTION",
                help="list; add NAME; rename NAME NEW; correct WHEN NAME",
            ),
            _argument("values", nargs="*", metavar="VALUE", help="what the action needs"),
            _argument("--whole-app", action="store_true", help="correct: all windows of that application"),
        ),
    ),
    Command(
        "text", "text", "the text that could be read at a time",
        (_argument("when", metavar="WHEN", help=_TIME_HELP),),
    ),
    Command(
        "frame", "frame", "the picture at a time",
        (
            _argument("when", nargs="?", metavar="WHEN", help=_TIME_HELP),
            _argument("--id", metavar="ID", help="the frame with this id instead"),
            _argument("--monitor", type=_number(0, MOST_MONITORS), metavar="N", help="that of this monitor"),
            _argument("--out", required=True, metavar="FILE.png", help="the file to write"),
        ),
    ),
    Command("read", "read", "read pictures without storing them", (_argument("images", nargs="+", metavar="IMAGE"),)),
    Command(
        "import", "take_in", "take in screenshots, screen recordings and folders of them",
        (
            _argument("paths", nargs="+", metavar="PATH"),
            _argument("--no-wait", action="store_true", help="return before they are searchable"),
        ),
    ),
    Command(
        "export", "export", "write the video of a time as plain files, for any player",
        (_argument("folder", metavar="DIR", help="where to, outside of the data folder"), *_BOUNDS),
    ),
    Command(
        "forget", "forget", "remove something for good: pixels, text and all that was made of them",
        (
            _argument("--last", metavar="D", help="the last 10m, 2h, 半小时"),
            _argument("--between", nargs=2, metavar=("A", "B"), help="from the start of A to the end of B"),
            _argument("--id", metavar="ID", help="a search result, frame:ID or moment:ID"),
            _argument("--app", metavar="A", help="an application, by name or glob"),
            _argument("--title", metavar="T", help="windows whose title matches this regular expression"),
            _argument("--text", metavar="T", help="every line that holds this, wherever it stood"),
            _argument("--rule", action="store_true", help="all that the privacy settings exclude today"),
            _argument("--yes", action="store_true", help="do not ask"),
        ),
    ),
    Command(
        "retain", "retain", "what has become older than the settings under [retention] allow, and letting go of it",
        (
            _argument("--dry-run", action="store_true", help="only show what would go"),
            _argument("--yes", action="store_true", help="do not ask"),
        ),
    ),
    Command("doctor", "doctor", "check every part, and say what to mend"),
    Command("config", "config", "the settings in force and where each comes from"),
    Command(
        "key", "key", "where the key is kept; a passphrase for it, a recovery file, another key",
        (
            _argument("action", choices=KEY_ACTIONS, metavar="ACTION", help=", ".join(KEY_ACTIONS)),
            _argument("file", nargs="?", metavar="FILE", help="the recovery file to export to or import from"),
            _argument("--remove", action="store_true", help="passphrase: let none guard the key any more"),
            _argument(
                "--plain", nargs="?", const="", metavar="FILE",
                help="export: without a passphrase; whoever has it can read all",
            ),
        ),
    ),
    Command(
        "uninstall", "uninstall", "remove everything that dayreel has put on this machine for you",
        (_argument("--yes", action="count", default=0, help="given twice: do not ask"),),
    ),
    Command("mcp", "mcp", "the memory as read-only tools for a desktop agent (MCP), on standard input and output"),
    Command(
        "serve", "serve", "the terminal interface in a browser, on this machine only",
        (_argument("--port", type=_number(0, MOST_PORT), default=8737, metavar="N", help="its port (8737); 0: any"),),
    ),
    Command("demo", "demo", "take in a short recorded day and show what can be found in it"),
)  # fmt: skip


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code."""
    for name in (*THREAD_LIMITS, *TELEMETRY_OFF):
        os.environ.setdefault(name, "1")
    if sys.stdout is None:  # started with its stdout closed
        sys.stdout = Path(os.devnull).open("w")  # noqa: SIM115 - open for as long as the process
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="replace")
    options = _parser().parse_args(arguments)
    try:
        return _run(options)
    except DayreelError as error:
        sys.stderr.write(f"dayreel: {error}\n")
        return error.exit_code
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:
        sys.stdout = None
        return CLOSED_PIPE
    except Exception as error:  # the last net: one sentence instead of a traceback
        known = _as_ours(error)
        sys.stderr.write(f"dayreel: {known}\n")
        return known.exit_code


def _run(options: argparse.Namespace) -> int:
    context = Context(
        home=Home(Path(getattr(options, "home", None) or default_home()).expanduser().absolute()),
        clock=_clock(getattr(options, "now", None)),
        as_json=getattr(options, "json", False),
    )
    ask_with(ask_passphrase)
    name = next((one.module for one in COMMANDS if one.name == options.command), "interface")
    code: int = importlib.import_module(f"dayreel.commands.{name}").run(context, options)
    sys.stdout.flush()
    return code


def _as_ours(error: Exception) -> DayreelError:
    """Return what a failure of the database, of the disk or of the program itself is to the user."""
    from dayreel.logs import place_of
    from timeline.errors import DiskFull, StoreUnusable
    from timeline.home import NO_ROOM

    if type(error).__module__.startswith("sqlcipher3"):
        return StoreUnusable(f"The database cannot be read or written ({type(error).__name__}): run `dayreel doctor`.")
    if isinstance(error, OSError) and error.errno in NO_ROOM:
        return DiskFull("The disk is full: what did not fit was not stored. Free some space.")
    if isinstance(error, OSError) and error.filename is not None:
        return StoreUnusable(f"{error.filename}: {error.strerror}. Check its owner and rights.")
    mistake = f"{type(error).__name__} in {place_of(error)}"
    return DayreelError(f"This is a mistake in dayreel: {mistake}. Please report it.")


def _clock(now: str | None) -> Clock:
    if now is None:
        return SystemClock()
    try:
        return FixedClock(to_us(datetime.fromisoformat(now)))
    except ValueError as error:
        raise WrongUsage(f"--now takes a time such as 2026-11-22T18:00, not {now!r}.") from error


class _Parser(argparse.ArgumentParser):
    """A parser that says what is wrong in one sentence."""

    def error(self, message: str) -> NoReturn:
        self.exit(WrongUsage.exit_code, f"dayreel: {message}; see `{self.prog} --help`.\n")


def _parser() -> argparse.ArgumentParser:
    common = _Parser(add_help=False, argument_default=argparse.SUPPRESS)
    common.add_argument("--home", metavar="DIR", help="the data folder (DAYREEL_HOME, else the user's data folder)")
    common.add_argument("--now", metavar="ISO", help="take this as the present time")
    common.add_argument("--json", action="store_true", help="one JSON value on stdout and nothing else")
    parser = _Parser(
        prog="dayreel",
        description="The memory of everything that was on your screen. Without a command: the terminal interface.",
        parents=[common],
        allow_abbrev=False,
    )
    parser.add_argument("--version", action="version", version=f"dayreel {__version__}")
    commands = parser.add_subparsers(dest="command", metavar="COMMAND")
    for command in COMMANDS:
        one = commands.add_parser(command.name, help=command.help, parents=[common], allow_abbrev=False)
        for argument in command.arguments:
            one.add_argument(*argument.names, **argument.options)
    return parser
