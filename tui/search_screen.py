"""Search as you type.  Asks the search lane, shows what it found, returns the place that was chosen."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING, ClassVar

from textual import work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Input, OptionList, Static
from textual.widgets.option_list import Option

from timeline.clock import at_offset
from timeline.errors import DayreelError
from tui import wording
from tui.lane import Lane
from tui.literal import literal
from tui.marks import snippet_content
from tui.place import Place, place_of_hit
from tui.services import Searching

if TYPE_CHECKING:
    from index.search import Hit

_PAUSE_S = 0.12  # a typist's next key comes sooner; a query is not worth starting before
_LIMIT = 50


class SearchScreen(ModalScreen[Place | None]):
    """A query, and what was found for it; enter goes to the chosen result."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "dismiss(None)", wording.CLOSE, show=False),
        Binding("down", "move(1)", show=False),
        Binding("up", "move(-1)", show=False),
        Binding("pagedown", "move(5)", show=False),
        Binding("pageup", "move(-5)", show=False),
    ]

    def __init__(self, lane: Lane[Searching], today: date, query: str = "") -> None:
        super().__init__()
        self._lane = lane
        self._today = today
        self.query_text = query
        self._hits: Sequence[Hit] = ()

    def compose(self) -> ComposeResult:
        with Vertical(classes="sheet") as sheet:
            sheet.border_title = wording.SEARCH_TITLE
            sheet.border_subtitle = wording.SEARCH_KEYS
            yield Input(self.query_text, placeholder=wording.SEARCH_PROMPT, id="query", compact=True)
            yield Static(wording.SEARCH_HINT, id="search-state", markup=False)
            yield OptionList(id="hits", markup=False, compact=True)

    def on_mount(self) -> None:
        self.query_one("#hits").can_focus = False  # keys stay with the query; arrows move the highlight from there

    def on_input_changed(self, event: Input.Changed) -> None:
        self.query_text = event.value
        self._search(event.value)

    def on_input_submitted(self) -> None:
        self._go(self.query_one("#hits", OptionList).highlighted)

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        self._go(event.option_index)

    def action_move(self, step: int) -> None:
        """Move the highlight by some results."""
        hits = self.query_one("#hits", OptionList)
        if self._hits:
            hits.highlighted = min(max((hits.highlighted or 0) + step, 0), len(self._hits) - 1)

    @work(exclusive=True)
    async def _search(self, query: str) -> None:
        """Search for a query once the typing pauses; a newer query ends this one."""
        wanted = query.strip()
        if not wanted:
            self._show((), wording.SEARCH_HINT)
            return
        await asyncio.sleep(_PAUSE_S)
        self.query_one("#search-state", Static).update(Content.styled(wording.SEARCHING, "$foreground 60%"))
        try:
            found = await self._lane.run(lambda searcher: searcher.search(wanted, limit=_LIMIT))
        except DayreelError as error:
            self._show((), str(error))
            return
        most = wording.FOUND_MOST if len(found) == _LIMIT else wording.FOUND
        self._show(found, most.format(count=len(found)) if found else wording.FOUND_NOTHING)

    def _show(self, found: Sequence[Hit], state: str) -> None:
        self._hits = found
        self.query_one("#search-state", Static).update(Content.styled(literal(state), "$foreground 60%"))
        hits = self.query_one("#hits", OptionList)
        hits.clear_options()
        hits.add_options([Option(hit_content(hit, self._today)) for hit in found])
        hits.highlighted = 0 if found else None

    def _go(self, index: int | None) -> None:
        if index is not None and index < len(self._hits):
            self.dismiss(place_of_hit(self._hits[index]))


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
    return Content("\n").join([first, Content("  ") + snippet_content(literal(hit.snippet))])
