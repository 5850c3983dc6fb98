"""The band of colours: which application when, gaps and why, hits, now, and where the cursor stands.

Each cell of the terminal holds two slices of time, side by side.  What a slice shows is decided in tui.band_spans; the
widget only draws, and posts what is wanted of it: `Picked` by click and drag, `Zoomed` by the wheel, `Wanted` for a
stretch that reaches beyond the day.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import tzinfo
from typing import ClassVar

from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.content import Content
from textual.message import Message
from textual.strip import Strip
from textual.widget import Widget

from timeline.model import Interval
from tui import wording
from tui.band_spans import WHOLE_DAY, ZOOMS, Slice, band_slices, gap_runs, labels, zoomed_span
from tui.colours import GAP
from tui.day import Day

_LEAST_RUN = 6  # cells of a gap that are worth a word
Cells = list[tuple[str, Style]]


class Band(Widget):
    """The band; its last row holds the times, the rows above the colours."""

    ALLOW_SELECT = False
    COMPONENT_CLASSES: ClassVar[set[str]] = {"band--empty", "band--hour", "band--cursor", "band--hit", "band--now"}

    class Picked(Message):
        """The user pointed at an instant."""

        def __init__(self, at_us: int) -> None:
            super().__init__()
            self.at_us = at_us

    class Zoomed(Message):
        """The user turned the wheel: a step in (-1) or out (1)."""

        def __init__(self, step: int) -> None:
            super().__init__()
            self.step = step

    class Wanted(Message):
        """A stretch longer than the day is to be shown: its slices are not known yet."""

        def __init__(self, span: Interval, count: int) -> None:
            super().__init__()
            self.span = span
            self.count = count

    def __init__(self, zone: tzinfo | None, *, id: str) -> None:  # noqa: A002 - Textual's own name for it
        super().__init__(id=id)
        self._zone = zone
        self._day: Day | None = None
        self._span = Interval(0, 1)
        self._now_us = 0
        self._colours: Mapping[str | None, str] = {}
        self._slices: Sequence[Slice] = ()  # of the whole width; worked out once for a stretch and a width
        self._dragged = False
        self.zoom = WHOLE_DAY
        self._at_us: int | None = None
        self._hits: Sequence[int] = ()

    def show(self, day: Day, colours: Mapping[str | None, str], now_us: int) -> None:
        """Show a day; `colours` are those of its applications."""
        fresh = self._day is None or self._day.date != day.date
        self._day, self._colours, self._now_us = day, colours, now_us
        self._look(fresh=fresh or not self._wide)

    def point(self, at_us: int | None, hits: Sequence[int]) -> None:
        """Show where the cursor stands, and where hits are."""
        if (at_us, hits) != (self._at_us, self._hits):
            self._at_us, self._hits = at_us, hits
            self._look(fresh=False)

    def zoom_by(self, step: int) -> None:
        """Show a longer (1) or shorter (-1) stretch."""
        zoom = min(max(self.zoom + step, 0), len(ZOOMS) - 1)
        if zoom != self.zoom:
            self.zoom = zoom
            self._look(fresh=True)

    def fill(self, span: Interval, slices: Sequence[Slice]) -> None:
        """Take what a stretch longer than the day shows."""
        if span == self._span:
            self._slices = slices
            self.refresh()

    @property
    def _wide(self) -> bool:
        return self.zoom > WHOLE_DAY

    def _look(self, *, fresh: bool) -> None:
        """Work out which stretch to show; `fresh`: what it shows may have changed."""
        if self._day is None:
            return
        at_us = self._day.interval.start_us if self._at_us is None else self._at_us
        span = zoomed_span(self.zoom, self._day, at_us, self._now_us, self._span, self._zone)
        if fresh or span != self._span:
            self._span, self._slices = span, ()
            self._want()
        self.refresh()

    def _want(self) -> None:
        if self._wide and self.size.width:
            self.post_message(self.Wanted(self._span, 2 * self.size.width))

    def on_resize(self) -> None:
        self._slices = ()
        self._want()

    def on_mouse_down(self, event: events.MouseDown) -> None:
        self._dragged = True
        self.capture_mouse()
        self._pick(event.x)

    def on_mouse_move(self, event: events.MouseMove) -> None:
        if self._dragged:
            self._pick(event.x)
        elif self._day is not None:
            self.tooltip = self._named(event.x)

    def on_mouse_up(self) -> None:
        self._dragged = False
        self.release_mouse()

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        event.stop()
        self.post_message(self.Zoomed(-1))

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        event.stop()
        self.post_message(self.Zoomed(1))

    def _pick(self, x: int) -> None:
        self.post_message(self.Picked(self._instant(min(max(x, 0), self.size.width - 1))))

    def _instant(self, x: int) -> int:
        length_us = self._span.end_us - self._span.start_us
        return self._span.start_us + (2 * x + 1) * length_us // (2 * max(self.size.width, 1))

    def _named(self, x: int) -> str | None:
        """Return why nothing was recorded where the mouse points."""
        assert self._day is not None
        at_us = self._instant(x)
        return next((wording.gap_text(g.reason) for g in self._day.gaps if g.start_us <= at_us < g.end_us), None)

    def render_line(self, y: int) -> Strip:
        width = self.size.width
        if self._day is None or not width:
            return Strip.blank(width, self.rich_style)
        row = self._times(width) if y == self.size.height - 1 else self._colour_row(width, y)
        return Strip([Segment(text, style) for text, style in row], width).simplify()

    def _colour_row(self, width: int, y: int) -> Cells:
        slices = self._known_slices(width)
        empty = self.get_component_rich_style("band--empty")
        cells = [_cell(left, right, empty) for left, right in zip(slices[::2], slices[1::2], strict=True)]
        if y == 0:
            self._put_reasons(cells, slices, empty)
        self._put(cells, slices, (self._now_us,), "▏", "band--now")
        if y == 0:
            self._put(cells, slices, self._hits, "◆", "band--hit")
        if self._at_us is not None:
            self._put(cells, slices, (self._at_us,), "┃", "band--cursor")
        return cells

    def _known_slices(self, width: int) -> Sequence[Slice]:
        if len(self._slices) != 2 * width:
            if self._wide:
                return [Slice()] * (2 * width)
            assert self._day is not None
            self._slices = band_slices(self._day.moments, self._day.gaps, self._span, 2 * width, self._colours)
        return self._slices

    def _put(self, cells: Cells, slices: Sequence[Slice], instants: Sequence[int], glyph: str, look: str) -> None:
        """Draw a glyph over the cells of some instants, what they show behind it."""
        style = self.get_component_rich_style(look)
        for at_us in instants:
            cell = self._cell_at(at_us, len(cells))
            if cell is not None:
                colour = slices[2 * cell].colour or slices[2 * cell + 1].colour
                cells[cell] = glyph, style + Style(bgcolor=colour) if colour else style

    def _put_reasons(self, cells: Cells, slices: Sequence[Slice], empty: Style) -> None:
        """Write into gaps that are long enough why nothing was recorded."""
        assert self._day is not None
        style = empty + self.get_component_rich_style("band--hour")
        for start, length in gap_runs(slices) if not self._wide else ():
            word = self._named(start + length // 2)
            room = Content(word or "").cell_length + 2
            if word is None or length < max(room, _LEAST_RUN):
                continue
            first = start + (length - room) // 2
            cells[first] = f" {word} ", style
            for rest in range(first + 1, first + room):
                cells[rest] = "", style

    def _times(self, width: int) -> Cells:
        style = self.get_component_rich_style("band--hour")
        cells: Cells = [(" ", style)] * width
        cursor = None if self._at_us is None else self._cell_at(self._at_us, width)
        zoom = wording.BAND_SPANS[self.zoom] if self.zoom != WHOLE_DAY else ""
        for cell, label in labels(self._span, width, self._zone):
            covered = cursor is not None and cell <= cursor < cell + len(label)
            if cell + len(label) < width - len(zoom) and not covered:
                cells[cell : cell + len(label)] = [(sign, style) for sign in label]
        if zoom:
            start = width - Content(zoom).cell_length
            cells[start:] = [(zoom, style)] + [("", style)] * (width - start - 1)
        if cursor is not None and (not zoom or cursor < width - Content(zoom).cell_length):
            cells[cursor] = "▲", self.get_component_rich_style("band--cursor")
        return cells

    def _cell_at(self, at_us: int, width: int) -> int | None:
        """Return the cell of an instant; None where it is not shown."""
        cell = (at_us - self._span.start_us) * width // (self._span.end_us - self._span.start_us)
        return cell if 0 <= cell < width else None


def _cell(left: Slice, right: Slice, empty: Style) -> tuple[str, Style]:
    if left.gap and right.gap:
        return "╱", empty + Style(color=GAP)
    colours = [side.colour or (GAP if side.gap else None) for side in (left, right)]
    if colours == [None, None]:
        return " ", empty
    if colours[0] is None:
        return "▐", empty + Style(color=colours[1])
    if colours[1] is None:
        return "▌", empty + Style(color=colours[0])
    return "█" if colours[0] == colours[1] else "▌", Style(color=colours[0], bgcolor=colours[1])
