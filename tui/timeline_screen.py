"""The main screen: the band of a day, its moments, and the frame under the cursor.

Owns where the user is (tui.position).  Asks the lanes in exclusive workers; every
answer comes back to the event loop and is shown there.  It starts no recording unless the user says so.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import ClassVar

from textual import work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.screen import Screen
from textual.widgets import ContentSwitcher, Footer

from timeline.clock import offset_s
from timeline.errors import DayreelError, NothingFound
from tui import wording
from tui.ask_screen import AskScreen, Exchange
from tui.band import Band
from tui.colours import assign_colours
from tui.day import load_day, load_newest, load_tail, local_date
from tui.dialogs import HelpScreen
from tui.frame_view import FrameView
from tui.header import HeaderBar
from tui.lanes import Lanes
from tui.marks import Marks
from tui.moments import MomentList
from tui.notice import Notice
from tui.picture_mode import PictureMode
from tui.place import Place
from tui.position import Position
from tui.search_screen import SearchScreen
from tui.services import Services

_REFRESH_S = 3.0  # how often the live edge and the state of the recording are looked at
_STEPS = Binding.Group(wording.FRAME, compact=True)


class TimelineScreen(Screen[None]):
    """One day at a time, one frame at a time."""

    AUTO_FOCUS = "#moments"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("left", "step(-1)", wording.FRAME_BACK, group=_STEPS),
        Binding("right", "step(1)", wording.FRAME_FORWARD, group=_STEPS),
        Binding("shift+left", "moment(-1)", show=False),
        Binding("shift+right", "moment(1)", show=False),
        Binding("home", "edge(-1)", show=False),
        Binding("end", "edge(1)", show=False),
        Binding("left_square_bracket,d", "day(-1)", show=False),
        Binding("right_square_bracket,D", "day(1)", show=False),
        Binding("slash", "search", wording.SEARCH),
        Binding("a", "ask", wording.ASK),
        Binding("p", "picture", wording.PICTURE),
        Binding("t", "today", wording.TODAY),
        Binding("r", "app.record", wording.RECORD),
        Binding("v", "monitor", show=False),
        Binding("pageup", "scroll_text(-1)", show=False),
        Binding("pagedown", "scroll_text(1)", show=False),
        Binding("escape", "clear_marks", show=False),
        Binding("question_mark", "help", wording.HELP),
        Binding("q", "app.quit", wording.QUIT),
    ]

    def __init__(self, services: Services, lanes: Lanes, mode: PictureMode) -> None:
        super().__init__()
        self._services = services
        self._lanes = lanes
        self._picture_mode = mode
        self._position: Position | None = None  # None: nothing is shown yet, or a notice is
        self._complaint = ""  # what the last look at the store went wrong with; said once, not every three seconds
        self._searched = ""
        self._exchange: Exchange | None = None

    def compose(self) -> ComposeResult:
        yield HeaderBar(id="header")
        with ContentSwitcher(initial="waiting", id="body"):
            yield Vertical(id="waiting")
            with Vertical(id="timeline"):
                yield Band(self._services.zone, id="band")
                with Horizontal(id="columns"):
                    moments = MomentList(id="moments")
                    moments.border_title = wording.MOMENTS
                    yield moments
                    yield FrameView(self._lanes, self._picture_mode, id="frame")
            yield Notice(id="notice")
        yield Footer(show_command_palette=False, compact=True)

    def on_mount(self) -> None:
        self.query_one(HeaderBar).show_day(self._today(), is_today=True, monitor=None)
        self.open_newest()
        self.look_again()
        self.set_interval(_REFRESH_S, self.look_again)

    # Loading: on the lanes, shown in the loop.

    @work(exclusive=True, group="day")
    async def open_newest(self) -> None:
        """Show the newest frame of today, or of the newest day that has any."""
        today, zone = self._today(), self._services.zone
        try:
            day = await self._lanes.reading.run(lambda reader: load_newest(reader, today, zone))
        except NothingFound:
            recording = await self._lanes.control.run(lambda services: services.recording())
            self._show_notice(lambda notice: notice.show_empty(recording=recording))
        except DayreelError as error:
            sentence = str(error)
            self._show_notice(lambda notice: notice.show_error(sentence))
        else:
            if day.date != today:
                self.notify(wording.NOT_TODAY, markup=False)
            self._show_day(Position.on(day, at_end=True))

    @work(exclusive=True, group="day")
    async def open_day(self, day: date, place: Place | None = None, *, at_end: bool = False) -> None:
        """Show a day at a place, else at its first or last frame."""
        zone = self._services.zone
        try:
            loaded = await self._lanes.reading.run(lambda reader: load_day(reader, day, zone))
        except DayreelError as error:
            self.notify(str(error), severity="error", markup=False)
            return
        monitor = self._position.monitor if self._position is not None else None
        position = Position.on(loaded, monitor, at_end=at_end)
        self._show_day(position if place is None else position.at(place))

    @work(exclusive=True, group="news")
    async def look_again(self) -> None:
        """Look at the state of the recording, and at what has come since when today is shown."""
        try:
            recording, paused = await self._lanes.control.run(lambda one: (one.recording(), one.paused()))
            pending = await self._renew()
        except DayreelError as error:
            self._complain(str(error))
            return
        self._complaint = ""
        self.query_one(HeaderBar).show_state(recording=recording, paused=paused, pending=pending)
        if self._position is None and recording:
            self.open_newest()

    async def _renew(self) -> int:
        """Take in what has come since; return how much waits to be read."""
        whole = None if self._position is None else self._position.whole
        if whole is None:
            return 0
        live = whole.date == self._today()
        pending, fresh = await self._lanes.reading.run(
            lambda reader: (reader.pending(), load_tail(reader, whole) if live else whole)
        )
        if self._position is not None and self._position.whole is whole and fresh != whole:
            self._show_day(self._position.renewed(fresh))
        return pending

    def _complain(self, sentence: str) -> None:
        if sentence != self._complaint:
            self._complaint = sentence
            self.notify(sentence, severity="error", markup=False)

    # Showing.

    def _show_day(self, position: Position) -> None:
        """Show the day of a position - header, band and list - and the position in it."""
        day = position.day
        several = len(position.whole.monitors) > 1
        self.query_one(HeaderBar).show_day(
            day.date, is_today=day.date == self._today(), monitor=position.monitor if several else None
        )
        colours = assign_colours(moment.window.app for moment in day.moments)
        self.query_one(Band).show(day, colours, self._services.clock.now_us())
        self.query_one(MomentList).show(day, colours, offset_s(day.interval.start_us, self._services.zone))
        self._switch_to("timeline")
        self._show(position)

    def _show(self, position: Position) -> None:
        """Show a position of the day that is shown."""
        self._position, frame = position, position.frame
        self.query_one(Band).at_us = None if frame is None else frame.start_us
        self.query_one(MomentList).point_at(None if frame is None else frame.moment_id)
        view = self.query_one(FrameView)
        if frame is None or position.index is None:
            view.say(wording.NO_DAY)
        else:
            view.show(frame, position.marks, position.index + 1, len(position.day.frames))

    def _show_notice(self, fill: Callable[[Notice], None]) -> None:
        self._position = None
        self._switch_to("notice")
        fill(self.query_one(Notice))

    def _switch_to(self, pane: str) -> None:
        switcher = self.query_one("#body", ContentSwitcher)
        if switcher.current != pane:
            switcher.current = pane
            if pane == "timeline":
                self.query_one(MomentList).focus()

    def _today(self) -> date:
        return local_date(self._services.clock.now_us(), self._services.zone)

    def _follow(self, place: Place | None) -> None:
        """Go to a place, on whatever day it is."""
        if place is None:
            return
        day = local_date(place.at_us, self._services.zone)
        if self._position is not None and self._position.whole.date == day:
            self._show_day(self._position.at(place))
        else:
            self.open_day(day, place)

    # What the user does.

    def on_moment_list_chosen(self, event: MomentList.Chosen) -> None:
        if self._position is not None:
            self._show(self._position.at_moment(event.moment_id))

    def on_band_picked(self, event: Band.Picked) -> None:
        if self._position is not None:
            self._show(self._position.at_instant(event.at_us))

    def on_notice_again(self) -> None:
        self.open_newest()

    def action_step(self, step: int) -> None:
        """Go some frames back or forward."""
        if self._position is not None:
            self._show(self._position.stepped(step))

    def action_moment(self, step: int) -> None:
        """Go to the first frame of a neighbouring moment."""
        if self._position is not None:
            self._show(self._position.beside(step))

    def action_edge(self, step: int) -> None:
        """Go to the first (-1) or last (1) frame of the day."""
        if self._position is not None:
            self._show(self._position.stepped(step * len(self._position.day.frames)))

    def action_day(self, step: int) -> None:
        """Go a day back, to its last frame, or forward, to its first; not past today."""
        if self._position is not None:
            day = self._position.whole.date + timedelta(days=step)
            if day <= self._today():
                self.open_day(day, at_end=step < 0)

    def action_today(self) -> None:
        """Go to the newest frame."""
        self.open_newest()

    def action_monitor(self) -> None:
        """Look at the next monitor at the same instant."""
        if self._position is not None:
            self._show_day(self._position.on_next_monitor())

    def action_clear_marks(self) -> None:
        """Take the marks of a search or an answer away."""
        if self._position is not None:
            self._show(self._position.marked(Marks()))

    def action_picture(self) -> None:
        """Show or hide the picture."""
        if self._picture_mode.kind == "off":
            self.notify(wording.NO_PICTURE_MODE, markup=False)
        self.query_one(FrameView).toggle_picture()

    def action_scroll_text(self, pages: int) -> None:
        """Scroll the text of the frame."""
        self.query_one(FrameView).scroll_text(pages)

    def action_help(self) -> None:
        """Show all keys."""
        self.app.push_screen(HelpScreen())

    @work(exclusive=True, group="dialog")
    async def action_search(self) -> None:
        """Search, and go to what was chosen."""
        screen = SearchScreen(self._lanes.search, self._today(), self._searched)
        place = await self.app.push_screen_wait(screen)
        self._searched = screen.query_text
        self._follow(place)

    @work(exclusive=True, group="dialog")
    async def action_ask(self) -> None:
        """Ask, and go to the source that was chosen."""
        asked = await self.app.push_screen_wait(AskScreen(self._services, self._today(), self._exchange))
        self._exchange = asked.exchange
        self._follow(asked.place)
