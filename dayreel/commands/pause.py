"""`dayreel pause`: record nothing from now on, for so long or until `dayreel resume`.

A recorder goes by the machine's clock: what `--now` made a pause that is over by it is never called one.
"""

from __future__ import annotations

import argparse
import re
from datetime import tzinfo

from dayreel import background
from dayreel.context import Context
from timeline.clock import SECOND_US, Clock, SystemClock, iso, offset_s, to_local
from timeline.errors import WrongUsage
from timeline.pausing import Pause, Pausing
from timeline.phrases import parse_when
from timeline.phrases.duration import LONGEST_S, parse_duration

_UNTIL = re.compile(r"(?:until|till|直到|到)\s*(?P<when>\S.*)", re.IGNORECASE)
_CLOCK_TIME = re.compile(r"\d{1,2}(?::\d{2}(?::\d{2})?|点\S*|\s*[ap]m)", re.IGNORECASE)


def run(context: Context, options: argparse.Namespace) -> int:
    """Pause a home, whether or not a recorder runs; a pause that was there is replaced."""
    seconds = _seconds(" ".join(options.duration), context.clock)
    if not context.home.begun:  # looking away must not fail for what is wrong with the folder
        context.home.create()
    pause = Pausing(context.home, context.clock).pause(seconds)
    running = background.recording(context.home)
    until = until_iso(pause, context.clock)
    holds = Pausing(context.home, SystemClock()).current() is not None
    if not holds:
        context.talk(f"Noted until {until} as of --now, which is over by the clock of this machine: nothing is paused.")
    if context.as_json:
        context.data({"paused": holds, "paused_until": until, "recording": running})
        return 0
    if holds:
        _tell(context, until, running=running)
    return 0


def _tell(context: Context, until: str | None, *, running: bool) -> None:
    ends = "until `dayreel resume`" if until is None else f"until {until}, or `dayreel resume`"
    context.say(f"Paused {ends}: nothing that is shown from now on is kept.")
    if not running:
        context.say("No recorder runs now; one that is started meanwhile is paused as well.")


def until_iso(pause: Pause | None, clock: Clock, zone: tzinfo | None = None) -> str | None:
    """Return when a pause ends by itself, as JSON tells it; None when it does not, or there is none."""
    until_us = None if pause is None else pause.until_us(clock.now_us())
    return None if until_us is None else iso(until_us, offset_s(until_us, zone))


def _seconds(said: str, clock: Clock) -> float | None:
    """Return for how long to pause; None: until it is ended."""
    if not said.strip():
        return None
    named = _UNTIL.fullmatch(said.strip())
    return parse_duration(said) if named is None else _seconds_until(named["when"], clock)


def _seconds_until(when: str, clock: Clock) -> float:
    """Return the seconds until a time begins; a clock time alone is the next one."""
    now = to_local(clock.now_us())
    start_us = parse_when(when, now).start_us
    if start_us <= clock.now_us() and _CLOCK_TIME.fullmatch(when.strip()):
        days = (f"today {when}", f"tomorrow {when}")
        start_us = next((at for day in days if (at := parse_when(day, now).start_us) > clock.now_us()), start_us)
    seconds = (start_us - clock.now_us()) / SECOND_US
    if not 0 < seconds <= LONGEST_S:
        raise WrongUsage(
            f"{when[:60]!r} is over, or more than a year ahead: name a time to come, such as 'until 14:00'."
        )
    return seconds
