"""Search as you type.  Asks the search lane, shows what it found by moments, returns the place that was chosen.

Filters stand as chips above the results; a key or a click takes each to its next value.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import date, tzinfo
from typing import TYPE_CHECKING, ClassVar

from textual import work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.message import Message
from textual.screen import ModalScreen
from textual.widgets import Input, OptionList, Static
from textual.widgets.option_list import Option

from timeline.clock import at_offset, to_local
from timeline.errors import DayreelError
from tui import wording
from tui.chips import Chips
from tui.lane import Lane
from tui.literal import literal
from tui.marks import snippet_content
from tui.place import Place, place_of_hit
from tui.services import Searching

if TYPE_CHECKING:
    from index.search import Hit

_PAUSE_S = 0.12  # a typist's next key comes sooner; a query is not worth starting before
_REST_S = 0.6  # of no key, after which the query counts as finished: meaning and guesses are looked for too
_LIMIT = 50
_TOGETHER_US = 300 * 1_000_000  # hits in one window that close together are one moment


class Chip(Static):
    """A filter and its value."""

    class Pressed(Message):
        """The chip was clicked."""

        def __init__(self, name: str) -> None:
            super().__init__()
            self.name = name

    def __init__(self, name: str) -> None:
        super().__init__("", markup=False, classes="chip", id=f"chip-{name}")
        self._name_of_filter = name

    def show(self, key: str, word: str, value: str, *, active: bool) -> None:
        """Show key, filter and value."""
        self.update(Content.assemble((f"{key} ", "$text-accent"), (f"{word} ", "$foreground 60%"), literal(value)))
        self.set_class(active, "-active")

    def on_click(self) -> None:
        self.post_message(self.Pressed(self._name_of_filter))


class SearchScreen(ModalScreen[Place | None]):
    """A query, and what was found for it; enter goes to the chosen result."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "dismiss(None)", wording.CLOSE, show=False),
        Binding("down", "move(1)", show=False),
        Binding("up", "move(-1)", show=False),
        Binding("pagedown", "move(5)", show=False),
        Binding("pageup", "move(-5)", show=False),
        Binding("ctrl+up", "recall(-1)", show=False),
        Binding("ctrl+down", "recall(1)", show=False),
        Binding("f2", "chip('app')", show=False),
        Binding("f3", "chip('time')", show=False),
        Binding("f4", "chip('monitor')", show=False),
        Binding("f5", "chip('mode')", show=False),
    ]

    def __init__(
        self,
        lane: Lane[Searching],
        now_us: int,
        zone: tzinfo | None,
        history: Sequence[str] = (),
        monitors: Sequence[int] = (),
    ) -> None:
        """`history`: queries of before, the newest last; it is there when the screen opens."""
        super().__init__()
        self._lane = lane
        self._now = to_local(now_us, zone)
        self._history = list(history)
        self._recalled = len(self._history) - 1
        self.query_text = self._history[-1] if self._history else ""
        self._chips = Chips(monitors=tuple(monitors))
        self._hits: Sequence[Hit] = ()

    @property
    def places(self) -> tuple[Place, ...]:
        """Return where the results lead, in the order of time."""
        return tuple(sorted((place_of_hit(hit) for hit in self._hits), key=lambda place: place.at_us))

    def compose(self) -> ComposeResult:
        with Vertical(classes="sheet") as sheet:
            sheet.border_title = wording.SEARCH_TITLE
            sheet.border_subtitle = wording.SEARCH_KEYS
            yield Input(self.query_text, placeholder=wording.SEARCH_PROMPT, id="query", compact=True)
            with Horizontal(id="chips"):
                for name in ("app", "time", "monitor", "mode"):
                    yield Chip(name)
            yield Static(wording.SEARCH_HINT, id="search-state", markup=False)
            yield OptionList(id="hits", markup=False, compact=True)

    @property
    def _left(self) -> bool:
        """Tell whether the screen is being closed: its widgets go before its workers."""
        return not self.query("#search-state")

    def on_mount(self) -> None:
        self.query_one("#hits").can_focus = False  # keys stay with the query; arrows move the highlight from there
        self._show_chips()

    def on_input_changed(self, event: Input.Changed) -> None:
        self.query_text = event.value
        self._search(event.value)

    def on_input_submitted(self) -> None:
        self._go(self.query_one("#hits", OptionList).highlighted)

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        self._go(event.option_index)

    def on_chip_pressed(self, event: Chip.Pressed) -> None:
        self.action_chip(event.name)

    def action_move(self, step: int) -> None:
        """Move the highlight by some results."""
        hits = self.query_one("#hits", OptionList)
        if self._hits:
            hits.highlighted = min(max((hits.highlighted or 0) + step, 0), len(self._hits) - 1)

    def action_recall(self, step: int) -> None:
        """Take a query of before."""
        if self._history:
            self._recalled = min(max(self._recalled + step, 0), len(self._history) - 1)
            self.query_one("#query", Input).value = self._history[self._recalled]

    def action_chip(self, name: str) -> None:
        """Take a filter to its next value."""
        self._chips = self._chips.next(name)
        self._show_chips()
        self._search(self.query_text)

    def _show_chips(self) -> None:
        for key, name, word in (
            ("f2", "app", wording.CHIP_APP),
            ("f3", "time", wording.CHIP_TIME),
            ("f4", "monitor", wording.CHIP_MONITOR),
            ("f5", "mode", wording.CHIP_MODE),
        ):
            value, active = self._chips.shown(name)
            self.query_one(f"#chip-{name}", Chip).show(key, word, value, active=active)
        self.query_one("#chip-monitor").display = len(self._chips.monitors) > 1

    @work(exclusive=True)
    async def _search(self, query: str) -> None:
        """Search for a query once the typing pauses, and anew when it has ended; a newer query ends this one."""
        wanted = query.strip()
        if not wanted:
            self._show((), wording.SEARCH_HINT)
            return
        await asyncio.sleep(_PAUSE_S)
        if self._left:
            return
        self.query_one("#search-state", Static).update(Content.styled(wording.SEARCHING, "$foreground 60%"))
        found = await self._ask(wanted, unfinished=True)
        if found is None:
            return
        self._show_found(found)
        await asyncio.sleep(_REST_S)
        found = await self._ask(wanted, unfinished=False)
        if found is not None:
            self._show_found(found)

    async def _ask(self, query: str, *, unfinished: bool) -> list[Hit] | None:
        """Return what is found; None after an error, whose sentence is shown."""
        chips, now = self._chips, self._now
        try:
            found = await self._lane.run(
                lambda searcher: searcher.search(
                    query, chips.filters(now), chips.limit(_LIMIT), chips.mode, unfinished=unfinished
                )
            )
        except DayreelError as error:
            self._show((), str(error))
            return None
        self._chips = chips.with_apps(hit.window.app for hit in found)
        return [hit for hit in found if chips.monitor in (None, hit.monitor)][:_LIMIT]

    def _show_found(self, found: Sequence[Hit]) -> None:
        most = wording.FOUND_MOST if len(found) == _LIMIT else wording.FOUND
        self._show(found, most.format(count=len(found)) if found else wording.FOUND_NOTHING)

    def _show(self, found: Sequence[Hit], state: str) -> None:
        """Show results; the one that was chosen stays chosen where it is still among them."""
        if self._left:
            return
        self.query_one("#search-state", Static).update(Content.styled(literal(state), "$foreground 60%"))
        hits = self.query_one("#hits", OptionList)
        chosen = None if hits.highlighted is None else self._hits[hits.highlighted].passage_id
        again = [hit.passage_id for hit in found] == [hit.passage_id for hit in self._hits]
        self._hits = by_moment(found)
        if again and found:
            return
        hits.clear_options()
        hits.add_options(options_of(self._hits, self._now.date()))
        there = (n for n, hit in enumerate(self._hits) if hits.highlighted != 0 and hit.passage_id == chosen)
        hits.highlighted = next(there, 0) if found else None

    def _go(self, index: int | None) -> None:
        if index is not None and index < len(self._hits):
            self.dismiss(place_of_hit(self._hits[index]))


def by_moment(found: Sequence[Hit]) -> list[Hit]:
    """Return the hits in their order, but those of one moment together behind its best."""
    groups: list[list[Hit]] = []
    for hit in found:
        group = next((one for one in groups if same_moment(one[0], hit)), None)
        if group is None:
            groups.append([hit])
        else:
            group.append(hit)
    return [hit for group in groups for hit in group]


def same_moment(one: Hit, other: Hit) -> bool:
    """Tell whether two hits stood in the same window at about the same time."""
    apart_us = max(one.start_us - other.end_us, other.start_us - one.end_us)
    return one.window == other.window and one.monitor == other.monitor and apart_us < _TOGETHER_US


def options_of(hits: Sequence[Hit], today: date) -> list[Option]:
    """Return a row for each hit, the first of each moment with its time, application and title above."""
    rows: list[Option] = []
    for number, hit in enumerate(hits):
        inside = number > 0 and same_moment(hits[number - 1], hit)
        rows.append(Option(_snippet(hit) if inside else hit_content(hit, today)))
    return rows


def when_content(start_us: int, offset_s: int, app: str | None, title: str | None, today: date) -> Content:
    """Return the first row of a result: when it was, in which application, under which title."""
    local = at_offset(start_us, offset_s)
    return Content.assemble(
        (f"{wording.near_day_text(local.date(), today)} {local:%H:%M}", "bold"),
        "  ",
        (literal(app or wording.UNKNOWN_APP), "$text-accent"),
        (f"  {literal(title)}" if title else "", "dim"),
    )


def hit_content(hit: Hit, today: date) -> Content:
    """Return the two rows of a hit."""
    first = when_content(hit.start_us, hit.offset_s, hit.window.app, hit.window.title, today)
    return Content("\n").join([first, _snippet(hit)])


def _snippet(hit: Hit) -> Content:
    guessed = Content.styled(f"  ~{wording.INEXACT}", "$foreground 60% italic") if hit.inexact else Content("")
    return Content("  ") + snippet_content(literal(hit.snippet)) + guessed
