"""Where one goes from a dialog: a time in words, a day of the calendar, a session, a result of a search, a source.

A base of the main screen, which does the going; owns what is kept from one dialog to the next: queries, results,
questions.
"""

from __future__ import annotations

from datetime import date, tzinfo

from textual import work

from timeline.clock import to_local
from timeline.errors import WrongUsage
from timeline.phrases import parse_instant
from tui import wording
from tui.ask_screen import AskScreen, Exchange
from tui.calendar import CalendarScreen
from tui.dialogs import HelpScreen, LineScreen
from tui.digest_screen import DigestScreen
from tui.lanes import Lanes
from tui.place import Place
from tui.search_screen import SearchScreen
from tui.services import Services
from tui.taking import TakingScreen


class GoingScreen(TakingScreen):
    """Ask where to go, and go there."""

    def __init__(self, services: Services, lanes: Lanes, zone: tzinfo | None) -> None:
        super().__init__(lanes, zone)
        self._services = services
        self._searched: list[str] = []  # queries, the newest last
        self._hits: tuple[Place, ...] = ()  # of the last search, in the order of time
        self._exchanges: list[Exchange] = []

    @property
    def shown_day(self) -> date:
        """Return the day that is shown, today where none is."""
        raise NotImplementedError

    @property
    def monitors(self) -> tuple[int, ...]:
        """Return the monitors of the day that is shown."""
        raise NotImplementedError

    def show_day(self, day: date) -> None:
        """Go to a day."""
        raise NotImplementedError

    def go(self, at_us: int) -> None:
        """Go to an instant."""
        raise NotImplementedError

    def follow(self, place: Place | None) -> None:
        """Go to a place that was found; None leaves all as it is."""
        raise NotImplementedError

    def action_help(self) -> None:
        """Show all keys."""
        self.app.push_screen(HelpScreen())

    @work(exclusive=True, group="dialog")
    async def action_go_to(self) -> None:
        """Ask for a time or a date in words, and go there."""
        now, now_us = to_local(self.now_us(), self._zone), self.now_us()

        def check(said: str) -> None:
            if parse_instant(said, now, self._zone) > now_us:
                raise WrongUsage(wording.GO_FUTURE)

        said = await self.app.push_screen_wait(
            LineScreen(wording.GO_TITLE, wording.GO_HINT, check, prompt=wording.GO_PROMPT)
        )
        if said is not None:
            self.go(parse_instant(said, now, self._zone))

    @work(exclusive=True, group="dialog")
    async def action_calendar(self) -> None:
        """Show the year, and go to the day that was chosen."""
        screen = CalendarScreen(self._lanes.reading, self.shown_day, self.today(), self._zone)
        day = await self.app.push_screen_wait(screen)
        if day is not None:
            self.show_day(day)

    @work(exclusive=True, group="dialog")
    async def action_digest(self) -> None:
        """Show what the day was spent on, and go to the session that was chosen."""
        screen = DigestScreen(self._lanes.control, self.shown_day, self.today(), self._zone)
        at_us = await self.app.push_screen_wait(screen)
        if at_us is not None:
            self.go(at_us)

    @work(exclusive=True, group="dialog")
    async def action_search(self) -> None:
        """Search, and go to what was chosen."""
        screen = SearchScreen(self._lanes.search, self.now_us(), self._zone, self._searched, self.monitors)
        place = await self.app.push_screen_wait(screen)
        if screen.query_text:
            self._searched = [*(one for one in self._searched if one != screen.query_text), screen.query_text]
        if place is not None:
            self._hits = screen.places
        self.follow(place)

    @work(exclusive=True, group="dialog")
    async def action_ask(self) -> None:
        """Ask, and go to the source that was chosen."""
        asked = await self.app.push_screen_wait(AskScreen(self._services, self.today(), self._exchanges))
        self._exchanges = list(asked.exchanges)
        self.follow(asked.place)
