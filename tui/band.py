"""The day as a band of colours: which application when, the gaps, and where the cursor stands.

Each cell of the terminal holds two slices of time, side by side.  What a slice shows is decided by the pure functions
at the end; the widget only draws, and posts `Picked` when it is clicked.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import tzinfo
from typing import ClassVar

from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.message import Message
from textual.reactive import reactive
from textual.strip import Strip
from textual.widget import Widget

from timeline.clock import SECOND_US, to_local
from timeline.model import Interval
from tui.colours import GAP
from tui.day import Day

HOUR_US = 3600 * SECOND_US
_LEAST_US = 6 * HOUR_US  # a morning's first minutes are not blown up to the whole width
_TICK_HOURS = (1, 2, 3, 4, 6, 12)
_TICK_CELLS = 7  # room a label wants


@dataclass(frozen=True, slots=True)
class Slice:
    """What one slice of the band shows: a colour, or nothing; `gap` when it is known why."""

    colour: str | None = None
    gap: bool = False


class Band(Widget):
    """The band; its last row holds the hours, the rows above the colours."""

    ALLOW_SELECT = False
    COMPONENT_CLASSES: ClassVar[set[str]] = {"band--empty", "band--hour", "band--cursor"}

    at_us: reactive[int | None] = reactive(None)

    class Picked(Message):
        """The user clicked on an instant."""

        def __init__(self, at_us: int) -> None:
            super().__init__()
            self.at_us = at_us

    def __init__(self, zone: tzinfo | None, *, id: str) -> None:  # noqa: A002 - Textual's own name for it
        super().__init__(id=id)
        self._zone = zone
        self._day: Day | None = None
        self._span = Interval(0, 1)
        self._colours: Mapping[str | None, str] = {}
        self._slices: Sequence[Slice] = ()  # of the whole width; worked out once for a day and a width

    def show(self, day: Day, colours: Mapping[str | None, str], now_us: int) -> None:
        """Show a day; `colours` are those of its applications."""
        self._day, self._colours = day, colours
        self._span, self._slices = shown_span(day, now_us), ()
        self.refresh()

    def on_click(self, event: events.Click) -> None:
        length_us = self._span.end_us - self._span.start_us
        self.post_message(self.Picked(self._span.start_us + (2 * event.x + 1) * length_us // (2 * self.size.width)))

    def render_line(self, y: int) -> Strip:
        width = self.size.width
        if self._day is None or not width:
            return Strip.blank(width, self.rich_style)
        return self._hours(width) if y == self.size.height - 1 else self._colour_row(width)

    def _colour_row(self, width: int) -> Strip:
        assert self._day is not None
        if len(self._slices) != 2 * width:
            self._slices = band_slices(self._day, self._span, 2 * width, self._colours)
        slices = self._slices
        empty = self.get_component_rich_style("band--empty")
        cells = [_cell(left, right, empty) for left, right in zip(slices[::2], slices[1::2], strict=True)]
        if (cursor := self._cursor_cell(width)) is not None:
            colour = slices[2 * cursor].colour or slices[2 * cursor + 1].colour
            style = self.get_component_rich_style("band--cursor")
            cells[cursor] = Segment("┃", style + Style(bgcolor=colour) if colour else style)
        return Strip(cells, width)

    def _hours(self, width: int) -> Strip:
        text = [" "] * width
        cursor = self._cursor_cell(width)
        for cell, label in hour_labels(self._span, width, self._zone):
            if cursor is None or not cell <= cursor < cell + len(label):
                text[cell : cell + len(label)] = label
        style = self.get_component_rich_style("band--hour")
        if cursor is None:
            return Strip([Segment("".join(text), style)], width)
        before, after = "".join(text[:cursor]), "".join(text[cursor + 1 :])
        pointer = Segment("▲", self.get_component_rich_style("band--cursor"))
        return Strip([Segment(before, style), pointer, Segment(after, style)], width)

    def _cursor_cell(self, width: int) -> int | None:
        if self.at_us is None:
            return None
        cell = (self.at_us - self._span.start_us) * width // (self._span.end_us - self._span.start_us)
        return min(max(cell, 0), width - 1)


def _cell(left: Slice, right: Slice, empty: Style) -> Segment:
    if left.gap and right.gap:
        return Segment("╱", empty + Style(color=GAP))
    colours = [side.colour or (GAP if side.gap else None) for side in (left, right)]
    if colours == [None, None]:
        return Segment(" ", empty)
    if colours[0] is None:
        return Segment("▐", empty + Style(color=colours[1]))
    if colours[1] is None:
        return Segment("▌", empty + Style(color=colours[0]))
    glyph = "█" if colours[0] == colours[1] else "▌"
    return Segment(glyph, Style(color=colours[0], bgcolor=colours[1]))


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


def band_slices(day: Day, span: Interval, count: int, colours: Mapping[str | None, str]) -> list[Slice]:
    """Return what each of `count` equal slices of the span shows: the application that filled most of it."""
    shares: list[dict[str, int]] = [defaultdict(int) for _ in range(count)]
    for moment in day.moments:
        for index, overlap_us in _overlaps(moment.start_us, moment.end_us, span, count):
            shares[index][colours[moment.window.app]] += overlap_us
    gaps = [False] * count
    for gap in day.gaps:
        for index, _ in _overlaps(gap.start_us, gap.end_us, span, count):
            gaps[index] = True
    return [_slice(share, in_gap) for share, in_gap in zip(shares, gaps, strict=True)]


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
