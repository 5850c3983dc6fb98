"""The filters that stand in a query: `app: title: url: before: after: on:` to `index.filters.Filters`.  Pure.

Times are read as everywhere (`timeline.phrases`): `before:` and `after:` leave out the day that is named, as "before
Monday" and "after Monday" do; `after:` a clock time begins with it.  Called by `index.query`.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from index.filters import Filters, Name
from index.syntax import Group, Key, Piece
from timeline.clock import SECOND_US
from timeline.errors import WrongUsage
from timeline.model import ALL_TIME, Interval
from timeline.phrases import parse_when

_MINUTE_US = 60 * SECOND_US
_LONGEST_SHOWN = 40  # characters of a value that a message repeats


def filters_of(groups: Iterable[Group], now: datetime) -> Filters:
    """Return what the groups, each of filters of one kind, confine a search to.

    Raises WrongUsage for a time that is none, for times that leave nothing between them, and for an empty value.
    """
    filters = Filters()
    for group in groups:
        filters = filters.within(_filter(group, now))
    interval = filters.interval
    if interval is not None and interval.start_us >= interval.end_us:
        raise WrongUsage("The times in the query leave nothing between them: what after: names must come first.")
    return filters


def _filter(group: Group, now: datetime) -> Filters:
    first = group[0]
    if first.key is None:
        return Filters()
    if not all(piece.text for piece in group):
        raise WrongUsage(
            f"{first.key}: names nothing: write its value right behind it, such as {_EXAMPLES[first.key]}."
        )
    if first.key == "app" or first.key == "title" or first.key == "url":
        return Filters(names=(Name(first.key, tuple(piece.text for piece in group), wanted=not first.no),))
    if first.no:
        raise WrongUsage("A time cannot be left out: confine the search with before: and after:.")
    return Filters(interval=_around(first, now))


def _around(piece: Piece, now: datetime) -> Interval:
    named = _named(piece, now)
    if piece.key == "on":
        return Interval(named.start_us, max(named.end_us, named.start_us + 1))
    if piece.key == "before":
        return Interval(ALL_TIME.start_us, named.start_us)
    is_clock_time = named.end_us - named.start_us <= _MINUTE_US
    return Interval(named.start_us if is_clock_time else named.end_us, ALL_TIME.end_us)


def _named(piece: Piece, now: datetime) -> Interval:
    try:
        return parse_when(piece.text, now)
    except WrongUsage as error:
        said = piece.text if len(piece.text) <= _LONGEST_SHOWN else f"{piece.text[:_LONGEST_SHOWN]}…"
        raise WrongUsage(
            f"{said!r} after {piece.key}: is not understood as a time: give one such as "
            f"{_EXAMPLES[piece.key or 'on']}, or put all of it in quotes to search for it as text."
        ) from error


_EXAMPLES: dict[Key, str] = {
    "app": "app:firefox",
    "title": 'title:"weekly report"',
    "url": "url:example.org",
    "before": "before:2026-11-20 or before:昨天",
    "after": 'after:2026-11-01 or after:"last tuesday"',
    "on": "on:yesterday or on:昨天",
}
