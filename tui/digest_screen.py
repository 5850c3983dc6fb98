"""What a day, a week or a month was spent on: bars by application, category and project, sessions, documents, pages.

Asks the control lane for digests; enter goes to a session, `c` puts its window into another category.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta, tzinfo
from typing import TYPE_CHECKING, ClassVar, Literal

from textual import work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from timeline.clock import at_offset, to_us
from timeline.errors import DayreelError
from timeline.model import Interval
from tui import wording
from tui.colours import assign_colours
from tui.dialogs import ChoiceScreen
from tui.lane import Lane
from tui.literal import literal
from tui.services import Services

if TYPE_CHECKING:
    from assistant.categories import Categories
    from assistant.digest import Digest, Notable
    from assistant.sessions import Session

Length = Literal["day", "week", "month"]
_MOST_BARS = 7
_BAR_CELLS = 16
_NAME_CELLS = 16
_EIGHTHS = " ▏▎▍▌▋▊▉█"


class DigestScreen(ModalScreen[int | None]):
    """A digest; returns the instant to go to."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,s", "dismiss(None)", wording.CLOSE, show=False),
        Binding("left", "move(-1)", show=False),
        Binding("right", "move(1)", show=False),
        Binding("w", "length('week')", show=False),
        Binding("m", "length('month')", show=False),
        Binding("d", "length('day')", show=False),
        Binding("c", "correct", show=False),
    ]

    def __init__(self, lane: Lane[Services], day: date, today: date, zone: tzinfo | None) -> None:
        super().__init__()
        self._lane, self._day, self._today, self._zone = lane, day, today, zone
        self._length: Length = "day"
        self._sessions: Sequence[Session] = ()
        self._categories: Categories | None = None

    def compose(self) -> ComposeResult:
        with Vertical(classes="sheet digest") as sheet:
            sheet.border_subtitle = wording.DAY_KEYS
            yield Static("", id="digest-state", markup=False)
            with Horizontal(id="digest-columns"):
                with VerticalScroll(id="digest-bars", can_focus=False):
                    yield Static("", id="bars", markup=False)
                yield OptionList(id="digest-sessions", markup=False, compact=True)

    def on_mount(self) -> None:
        self.query_one("#digest-sessions").focus()
        self._load()

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        self.dismiss(self._sessions[event.option_index].start_us)

    def action_move(self, step: int) -> None:
        """Look at the day, week or month before or after; not past today."""
        first, after = bounds(self._length, self._day)
        day = first - timedelta(days=1) if step < 0 else after
        if day <= self._today:
            self._day = day
            self._load()

    def action_length(self, length: Length) -> None:
        """Look at a week or a month; the same key once more: at the day."""
        self._length = "day" if length == self._length else length
        self._load()

    @work(exclusive=True, group="correct")
    async def action_correct(self) -> None:
        """Put the window of the chosen session into another category."""
        chosen = self.query_one("#digest-sessions", OptionList).highlighted
        if chosen is None or self._categories is None:
            return
        session, categories = self._sessions[chosen], self._categories
        language = wording.language()
        names = [categories.name(key, language) for key in categories.keys]
        place = categories.keys.index(session.category) if session.category in categories.keys else 0
        picked = await self.app.push_screen_wait(
            ChoiceScreen(wording.CORRECT_TITLE, names, wording.CORRECT_KEYS, place)
        )
        if picked is None:
            return
        key = categories.keys[picked]
        try:
            await self._lane.run(lambda services: services.correct(session.window, key, whole_app=False))
        except DayreelError as error:
            self.notify(str(error), severity="error", markup=False)
            return
        self.notify(wording.CORRECTED, markup=False)
        self._load()

    @work(exclusive=True)
    async def _load(self) -> None:
        first, after = bounds(self._length, self._day)
        self.query_one(".sheet", Vertical).border_title = _title(self._length, first)
        self.query_one("#digest-state", Static).update(Content.styled(wording.DAY_LOADING, "$foreground 60%"))
        start_us, end_us = (to_us(datetime.combine(one, time(), tzinfo=self._zone)) for one in (first, after))
        try:
            digest, categories = await self._lane.run(lambda services: services.digest(Interval(start_us, end_us)))
        except DayreelError as error:
            self.query_one("#digest-state", Static).update(Content.styled(literal(str(error)), "$text-error"))
            return
        self._sessions, self._categories = digest.sessions, categories
        self._show(digest, categories)

    def _show(self, digest: Digest, categories: Categories) -> None:
        active = wording.DAY_ACTIVE.format(active=wording.duration_text(digest.active_us))
        state = active if digest.active_us else wording.DAY_NOTHING
        self.query_one("#digest-state", Static).update(Content.styled(state, "bold"))
        self.query_one("#bars", Static).update(bars_of(digest, categories))
        sessions = self.query_one("#digest-sessions", OptionList)
        sessions.clear_options()
        sessions.add_options([Option(session_content(one, categories, self._length)) for one in digest.sessions])
        sessions.highlighted = 0 if digest.sessions else None


def bounds(length: Length, day: date) -> tuple[date, date]:
    """Return the first day of the day, week or month that holds a day, and the first after it."""
    if length == "day":
        return day, day + timedelta(days=1)
    if length == "week":
        first = day - timedelta(days=day.weekday())
        return first, first + timedelta(days=7)
    first = day.replace(day=1)
    return first, (first + timedelta(days=31)).replace(day=1)


def _title(length: Length, first: date) -> str:
    if length == "month":
        return wording.DAY_MONTH.format(month=wording.MONTHS[first.month - 1], year=first.year)
    if length == "week":
        return wording.DAY_WEEK.format(day=wording.day_text(first))
    return wording.DAY_TITLE.format(day=wording.day_text(first))


def bars_of(digest: Digest, categories: Categories) -> Content:
    """Return the bars of a digest, the longest first in each group, and its documents and pages."""
    colours = assign_colours(digest.by_app)
    language = wording.language()
    apps = [(app or wording.UNKNOWN_APP, us, colours[app]) for app, us in digest.by_app.items()]
    kinds = [(categories.name(key, language), us, "$primary") for key, us in digest.by_category.items()]
    projects = [(name, us, "$secondary") for name, us in digest.by_project.items()]
    groups = ((wording.DAY_BY_CATEGORY, kinds), (wording.DAY_BY_APP, apps), (wording.DAY_BY_PROJECT, projects))
    parts = [_group(title, rows) for title, rows in groups if rows]
    for title, found in ((wording.DAY_DOCUMENTS, digest.documents), (wording.DAY_PAGES, digest.pages)):
        if found:
            parts.append(_notables(title, found))
    return Content("\n\n").join(parts)


def _group(title: str, rows: Sequence[tuple[str, int, str]]) -> Content:
    shown = sorted(rows, key=lambda row: -row[1])[:_MOST_BARS]
    longest_us = max(us for _, us, _ in shown)
    lines = [Content.styled(title, "bold $primary")]
    for name, us, colour in shown:
        lines.append(
            Content.assemble(
                cut(name, _NAME_CELLS),
                " ",
                (bar(us / max(longest_us, 1)), colour),
                " ",
                (wording.duration_text(us), "dim"),
            )
        )
    return Content("\n").join(lines)


def _notables(title: str, found: Sequence[Notable]) -> Content:
    cells = _NAME_CELLS + _BAR_CELLS + 1
    rows = [
        Content.assemble(cut(one.name, cells), " ", (wording.duration_text(one.active_us), "dim"))
        for one in found[:_MOST_BARS]
    ]
    return Content("\n").join([Content.styled(title, "bold $primary"), *rows])


def cut(text: str, cells: int) -> Content:
    """Return a text in exactly so many cells of the terminal, its end as an ellipsis where it is longer."""
    content = Content(literal(text))
    if content.cell_length > cells:
        content = content.truncate(cells, ellipsis=True)
    return content.pad_right(cells - content.cell_length)


def bar(share: float) -> str:
    """Return a bar of a share of the longest, to an eighth of a cell."""
    eighths = max(round(share * _BAR_CELLS * 8), 1)
    text = _EIGHTHS[8] * (eighths // 8) + (_EIGHTHS[eighths % 8] if eighths % 8 else "")
    return f"{text:{_BAR_CELLS}}"


def session_content(session: Session, categories: Categories, length: Length) -> Content:
    """Return the two rows of a session: when, category and how long, then its application and title."""
    start, end = (at_offset(us, session.activities[0].moment.offset_s) for us in (session.start_us, session.end_us))
    day = "" if length == "day" else f"{wording.WEEKDAYS[start.weekday()]} {start.day}  "
    window = "  ".join(literal(part) for part in (session.window.app, session.window.title) if part)
    return Content.assemble(
        (f"{day}{start:%H:%M}–{end:%H:%M}", "bold"),
        "  ",
        (literal(categories.name(session.category, wording.language())), "$text-accent"),
        (f"  {wording.duration_text(session.active_us)}", "dim"),
        "\n  ",
        (window or wording.UNKNOWN_APP, "dim"),
    )
