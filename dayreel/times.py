"""The stretch of time that `--since` and `--until` name on the command line."""

from __future__ import annotations

from dayreel.context import Context
from timeline.clock import to_local
from timeline.errors import WrongUsage
from timeline.model import ALL_TIME, Interval
from timeline.phrases import parse_when


def interval_of(context: Context, since: str | None, until: str | None) -> Interval:
    """Return the interval from the start of one time to the end of another; what is not given bounds nothing.

    Raises WrongUsage for what is no time, and for an end before the start.
    """
    now = to_local(context.clock.now_us())
    start_us = parse_when(since, now).start_us if since is not None else ALL_TIME.start_us
    end_us = parse_when(until, now).end_us if until is not None else ALL_TIME.end_us
    if start_us >= end_us:
        raise WrongUsage("--since must be before --until.")
    return Interval(start_us, end_us)
