"""What the band shows: the stretch of time at each zoom, the colour of each slice of it, and the words below.

Pure: values in, values out.  Called by tui.band, and on the reading lane for stretches longer than a day.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo

from timeline.clock import SECOND_US, to_local, to_us
from timeline.model import Gap, Interval, Moment
from tui import wording
from tui.day import Day

MINUTE_US = 60 * SECOND_US
HOUR_US = 60 * MINUTE_US
ZOOMS = (5 * MINUTE_US, 30 * MINUTE_US, 2 * HOUR_US, None, "week", "month")
"""How long a stretch the band shows; None is the day, from its first to its last activity."""

WHOLE_DAY = 3
"""The zoom that shows the day."""

_LEAST_US = 6 * HOUR_US  # a morning's first minutes are not blown up to the whole width
_TICK_HOURS = (1, 2, 3, 4, 6, 12)
_TICK_MINUTES = (1, 2, 5, 10, 15, 30)
_TICK_CELLS = 7  # room a label wants
_EDGE = 0.1  # of a stretch: nearer to its ends the cursor takes it along


@dataclass(frozen=True, slots=True)
class Slice:
    """What one slice of the band shows: a colour, or nothing; `gap` when it is known why."""

    colour: str | None = None
    gap: bool = False


def zoomed_span(zoom: int, day: Day, at_us: int, now_us: int, before: Interval | None, zone: tzinfo | None) -> Interval:
    """Return the stretch to show around an instant; `before`, the one shown so far, stays while it fits."""
    length = ZOOMS[zoom]
    if length is None:
        return shown_span(day, now_us)
    if isinstance(length, str):
        return _calendar_span(length, day.date, zone)
    if before is not None and before.end_us - before.start_us == length:
        edge_us = round(length * _EDGE)
        if before.start_us + edge_us <= at_us < before.end_us - edge_us:
            return before
    return Interval(at_us - length // 2, at_us - length // 2 + length)


def _calendar_span(what: str, day: date, zone: tzinfo | None) -> Interval:
    if what == "week":
        first = day - timedelta(days=day.weekday())
        after = first + timedelta(days=7)
    else:
        first = day.replace(day=1)
        after = (first + timedelta(days=31)).replace(day=1)
    start, end = (to_us(datetime.combine(one, time(), tzinfo=zone)) for one in (first, after))
    return Interval(start, end)


def shown_span(day: Day, now_us: int) -> Interval:
    """Return the whole hours from the day's first to its last activity, or to now on today; at least six."""
    stretches = day.entries()
    if not stretches:
        return day.interval
    start_us = max(stretches[0].start_us, day.interval.start_us)
    end_us = max(stretch.end_us for stretch in stretches)
    if day.interval.start_us <= now_us < day.interval.end_us:
        end_us = max(end_us, now_us)
    first = day.interval.start_us + (start_us - day.interval.start_us) // HOUR_US * HOUR_US
    last = day.interval.start_us - (day.interval.start_us - end_us) // HOUR_US * HOUR_US
    last = min(max(last, first + _LEAST_US), day.interval.end_us)
    return Interval(max(min(first, last - _LEAST_US), day.interval.start_us), last)


def band_slices(
    moments: Iterable[Moment], gaps: Iterable[Gap], span: Interval, count: int, colours: Mapping[str | None, str]
) -> list[Slice]:
    """Return what each of `count` equal slices of the span shows: the application that filled most of it."""
    shares: list[dict[str, int]] = [defaultdict(int) for _ in range(count)]
    for moment in moments:
        for index, overlap_us in _overlaps(moment.start_us, moment.end_us, span, count):
            shares[index][colours[moment.window.app]] += overlap_us
    in_gaps = [False] * count
    for gap in gaps:
        for index, _ in _overlaps(gap.start_us, gap.end_us, span, count):
            in_gaps[index] = True
    return [_slice(share, in_gap) for share, in_gap in zip(shares, in_gaps, strict=True)]


def _slice(share: Mapping[str, int], in_gap: bool) -> Slice:
    if share:
        return Slice(max(share, key=share.__getitem__))
    return Slice(gap=in_gap)


def _overlaps(start_us: int, end_us: int, span: Interval, count: int) -> Sequence[tuple[int, int]]:
    """Return (slice, microseconds) for each slice that a stretch touches; one without length still touches one."""
    length_us = span.end_us - span.start_us
    start_us, end_us = max(start_us, span.start_us), min(max(end_us, start_us + 1), span.end_us)
    if start_us >= end_us:
        return ()
    first = (start_us - span.start_us) * count // length_us
    last = (end_us - 1 - span.start_us) * count // length_us
    edges = [span.start_us + index * length_us // count for index in range(first, last + 2)]
    return [
        (first + index, max(min(end_us, edges[index + 1]) - max(start_us, edges[index]), 1))
        for index in range(last - first + 1)
    ]


def hour_labels(span: Interval, width: int, zone: tzinfo | None) -> list[tuple[int, str]]:
    """Return (cell, label) of the hours to name, as close together as they stay readable."""
    hours = max((span.end_us - span.start_us) // HOUR_US, 1)
    step = next((step for step in _TICK_HOURS if width * step >= hours * _TICK_CELLS), _TICK_HOURS[-1])
    labels = []
    for at_us in range(span.start_us, span.end_us, HOUR_US):
        local = to_local(at_us, zone)
        cell = (at_us - span.start_us) * width // (span.end_us - span.start_us)
        if local.hour % step == 0 and cell + 5 <= width:
            labels.append((cell, f"{local.hour:02d}:00"))
    return labels


def labels(span: Interval, width: int, zone: tzinfo | None) -> list[tuple[int, str]]:
    """Return (cell, label) of the minutes, hours or days to name, as close together as they stay readable."""
    length_us = span.end_us - span.start_us
    if length_us > 36 * HOUR_US:
        return _day_labels(span, width, zone)
    if length_us > 3 * HOUR_US:
        return hour_labels(span, width, zone)
    minutes = length_us // MINUTE_US
    step_us = next((n for n in _TICK_MINUTES if width * n >= minutes * _TICK_CELLS), _TICK_MINUTES[-1]) * MINUTE_US
    first_us = -(-span.start_us // step_us) * step_us
    every = ((at_us, f"{to_local(at_us, zone):%H:%M}") for at_us in range(first_us, span.end_us, step_us))
    return _placed(every, span, width)


def _day_labels(span: Interval, width: int, zone: tzinfo | None) -> list[tuple[int, str]]:
    days, day = [], to_local(span.start_us, zone).date()
    while (start_us := to_us(datetime.combine(day, time(), tzinfo=zone))) < span.end_us:
        days.append((start_us, day))
        day += timedelta(days=1)
    if width >= len(days) * (_TICK_CELLS + 2):
        return _placed(((at_us, f"{wording.WEEKDAYS[one.weekday()]} {one.day}") for at_us, one in days), span, width)
    step = next((n for n in (1, 2, 5, 7) if width * n >= len(days) * 4), 7)
    return _placed(((at_us, f"{one.day}") for at_us, one in days[::step]), span, width)


def _placed(every: Iterable[tuple[int, str]], span: Interval, width: int) -> list[tuple[int, str]]:
    cells = [((at_us - span.start_us) * width // (span.end_us - span.start_us), label) for at_us, label in every]
    return [(cell, label) for cell, label in cells if cell + len(label) <= width]


def gap_runs(slices: Sequence[Slice]) -> list[tuple[int, int]]:
    """Return the first cell and the length of each run of cells (two slices each) that are all gap."""
    runs, start = [], None
    cells = [left.gap and right.gap for left, right in zip(slices[::2], slices[1::2], strict=True)]
    for cell, inside in enumerate([*cells, False]):
        if inside and start is None:
            start = cell
        elif not inside and start is not None:
            runs.append((start, cell - start))
            start = None
    return runs
