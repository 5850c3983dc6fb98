"""The year as a heat map: how long something was on the screen on each day; enter goes to one.

Asks the reading lane for a year at a time.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta, tzinfo
from typing import ClassVar

from rich.segment import Segment
from textual import events, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.message import Message
from textual.screen import ModalScreen
from textual.strip import Strip
from textual.widget import Widget
from textual.widgets import Static

from timeline.clock import to_us
from timeline.errors import DayreelError
from timeline.model import Interval
from tui import wording
from tui.lane import Lane
from tui.services import TimelineReader

_HOUR_US = 3_600_000_000
_STEPS_US = (1, _HOUR_US, 3 * _HOUR_US, 6 * _HOUR_US)  # from each of them on a day is a step brighter
_GLYPH = "■"
_MARGIN = 4  # cells for the names of the days
_WEEKS = 54


class CalendarScreen(ModalScreen[date | None]):
    """A year of days; returns the one that was chosen."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,c", "dismiss(None)", wording.CLOSE, show=False),
        Binding("left", "move(-7)", show=False),
        Binding("right", "move(7)", show=False),
        Binding("up", "move(-1)", show=False),
        Binding("down", "move(1)", show=False),
        Binding("pageup", "year(-1)", show=False),
        Binding("pagedown", "year(1)", show=False),
        Binding("enter", "choose", show=False),
    ]

    def __init__(self, lane: Lane[TimelineReader], chosen: date, today: date, zone: tzinfo | None) -> None:
        super().__init__()
        self._lane, self._chosen, self._today, self._zone = lane, chosen, today, zone
        self._active: Mapping[date, int] = {}

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog calendar") as dialog:
            dialog.border_subtitle = wording.CALENDAR_KEYS
            yield HeatMap(id="heat")
            yield Static("", id="calendar-day", markup=False)

    def on_mount(self) -> None:
        self._show()
        self._load(self._chosen.year)

    def on_heat_map_picked(self, event: HeatMap.Picked) -> None:
        if event.day == self._chosen:
            self.action_choose()
        elif event.day <= self._today:
            self._go(event.day)

    def action_move(self, days: int) -> None:
        """Choose a day so many days away."""
        self._go(self._chosen + timedelta(days=days))

    def action_year(self, years: int) -> None:
        """Choose the same day of another year."""
        year = self._chosen.year + years
        leaps = self._chosen.month == 2 and self._chosen.day == 29
        self._go(self._chosen.replace(year=year, day=28) if leaps else self._chosen.replace(year=year))

    def action_choose(self) -> None:
        """Go to the chosen day."""
        self.dismiss(self._chosen)

    def _go(self, day: date) -> None:
        day = min(day, self._today)
        another = day.year != self._chosen.year
        self._chosen = day
        if another:
            self._active = {}
            self._load(day.year)
        self._show()

    @work(exclusive=True)
    async def _load(self, year: int) -> None:
        first, after = (to_us(datetime(one, 1, 1, tzinfo=self._zone)) for one in (year, year + 1))
        try:
            self._active = await self._lane.run(lambda reader: reader.active_days(Interval(first, after)))
        except DayreelError as error:
            self.query_one("#calendar-day", Static).update(str(error))
            return
        self._show()

    def _show(self) -> None:
        self.query_one(".dialog").border_title = wording.CALENDAR_TITLE.format(year=self._chosen.year)
        self.query_one(HeatMap).show(self._chosen, self._active)
        active_us = self._active.get(self._chosen)
        active = wording.duration_text(active_us) if active_us else wording.CALENDAR_NOTHING
        text = wording.CALENDAR_DAY.format(day=wording.day_text(self._chosen), active=active)
        self.query_one("#calendar-day", Static).update(text)


class HeatMap(Widget):
    """Seven rows of weeks; brighter is longer."""

    ALLOW_SELECT = False
    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "heat--0",
        "heat--1",
        "heat--2",
        "heat--3",
        "heat--4",
        "heat--chosen",
        "heat--name",
    }

    class Picked(Message):
        """The user clicked on a day."""

        def __init__(self, day: date) -> None:
            super().__init__()
            self.day = day

    def __init__(self, *, id: str) -> None:  # noqa: A002 - Textual's own name for it
        super().__init__(id=id)
        self._chosen = date.min
        self._active: Mapping[date, int] = {}

    def show(self, chosen: date, active: Mapping[date, int]) -> None:
        """Show the year of the chosen day."""
        self._chosen, self._active = chosen, active
        self.refresh()

    def on_click(self, event: events.Click) -> None:
        week, row = (event.x - _MARGIN) // self._cell_width, event.y - 1
        if 0 <= row < 7 and 0 <= week < _WEEKS:
            day = self._first + timedelta(days=7 * week + row)
            if day.year == self._chosen.year:
                self.post_message(self.Picked(day))

    @property
    def _cell_width(self) -> int:
        return 2 if self.size.width >= _MARGIN + 2 * _WEEKS else 1

    @property
    def _first(self) -> date:
        """Return the Monday that begins the first row's week."""
        first = date(self._chosen.year, 1, 1)
        return first - timedelta(days=first.weekday())

    def render_line(self, y: int) -> Strip:
        width = self.size.width
        if y == 0:
            months = Segment(self._months(), self.get_component_rich_style("heat--name"))
            return Strip([months]).adjust_cell_length(width, self.rich_style)
        if y > 7:
            return self._legend().adjust_cell_length(width, self.rich_style)
        name = wording.WEEKDAYS[y - 1] if y % 2 else ""
        label = Strip([Segment(name, self.get_component_rich_style("heat--name"))])
        label = label.adjust_cell_length(_MARGIN, self.rich_style)
        cells = [self._cell(self._first + timedelta(days=7 * week + y - 1)) for week in range(_WEEKS)]
        return Strip([*label, *cells]).adjust_cell_length(width, self.rich_style)

    def _months(self) -> str:
        text = [" "] * (_MARGIN + _WEEKS * self._cell_width + 4)
        for month in range(1, 13):
            week = (date(self._chosen.year, month, 1) - self._first).days // 7
            start = _MARGIN + week * self._cell_width
            text[start : start + 3] = f"{wording.MONTHS[month - 1]:3.3}"
        return "".join(text).rstrip()

    def _cell(self, day: date) -> Segment:
        if day.year != self._chosen.year:
            return Segment(" " * self._cell_width, self.rich_style)
        style = self.get_component_rich_style(f"heat--{heat(self._active.get(day, 0))}")
        if day == self._chosen:
            style += self.get_component_rich_style("heat--chosen")
        return Segment(f"{_GLYPH:{self._cell_width}}", style)

    def _legend(self) -> Strip:
        dim = self.get_component_rich_style("heat--name")
        steps = [Segment(_GLYPH + " ", self.get_component_rich_style(f"heat--{step}")) for step in range(5)]
        less, more = Segment(" " * _MARGIN + wording.CALENDAR_LESS + " ", dim), Segment(wording.CALENDAR_MORE, dim)
        return Strip([less, *steps, more])


def heat(active_us: int) -> int:
    """Return how bright a day is shown, from 0 for nothing to 4."""
    return sum(active_us >= step_us for step_us in _STEPS_US)
