"""The main screen: the band of a day, its moments, and the frame under the cursor.

Owns where the user is (tui.position).  Asks the lanes in exclusive workers; every
answer comes back to the event loop and is shown there.  It starts no recording unless the user says so.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta
from typing import ClassVar

from textual import work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal, Vertical
from textual.timer import Timer
from textual.widgets import ContentSwitcher

from timeline.clock import offset_s, to_local, to_us
from timeline.errors import DayreelError, NothingFound
from timeline.model import Frame, Interval
from tui import wording
from tui.band import Band
from tui.band_spans import Slice, band_slices
from tui.colours import assign_colours
from tui.day import load_day, load_newest, load_tail, local_date
from tui.frame_view import FrameView, Surroundings
from tui.going import GoingScreen
from tui.header import HeaderBar, StatusFooter
from tui.keys import KEYS
from tui.lanes import Lanes
from tui.marks import Marks
from tui.moments import MomentList
from tui.notice import Notice
from tui.picture_mode import PictureMode
from tui.place import Place
from tui.position import Position
from tui.services import Services, TimelineReader

_REFRESH_S = 3.0  # how often the live edge and the state of the recording are looked at
_SPEEDS = (0.5, 1.0, 2.0, 4.0, 8.0, 16.0)  # frames a second of the film
_SECOND_US = 1_000_000


class TimelineScreen(GoingScreen):
    """One day at a time, one frame at a time."""

    AUTO_FOCUS = "#moments"
    BINDINGS: ClassVar[list[BindingType]] = KEYS

    def __init__(self, services: Services, lanes: Lanes, mode: PictureMode) -> None:
        super().__init__(services, lanes, services.zone)
        self._picture_mode = mode
        self._position: Position | None = None  # None: nothing is shown yet, or a notice is
        self._complaint = ""  # what the last look at the store went wrong with; said once, not every three seconds
        self._all_monitors = False
        self._film: Timer | None = None
        self._speed = 2

    def compose(self) -> ComposeResult:
        yield HeaderBar(id="header")
        with ContentSwitcher(initial="waiting", id="body"):
            yield Vertical(id="waiting")
            with Vertical(id="timeline"):
                yield Band(self._zone, id="band")
                with Horizontal(id="columns"):
                    moments = MomentList(id="moments")
                    moments.border_title = wording.MOMENTS
                    yield moments
                    yield FrameView(self._lanes, self._picture_mode, id="frame")
            yield Notice(id="notice")
        yield StatusFooter(id="footer")

    @property
    def shown_frame(self) -> Frame | None:
        return None if self._position is None else self._position.frame

    @property
    def shown_day(self) -> date:
        return self.today() if self._position is None else self._position.whole.date

    @property
    def monitors(self) -> tuple[int, ...]:
        return () if self._position is None else self._position.whole.monitors

    def show_day(self, day: date) -> None:
        self.open_day(day)

    def now_us(self) -> int:
        return self._services.clock.now_us()

    def today(self) -> date:
        return local_date(self.now_us(), self._zone)

    def reload(self) -> None:
        if self._position is not None:
            self.open_day(self._position.whole.date, Place(self._position.instant_us, 0, None, self._position.marks))
        else:
            self.open_newest()

    def on_mount(self) -> None:
        self.query_one(HeaderBar).show_day(self.today(), is_today=True, monitor=None)
        self.open_newest()
        self.look_again()
        self.set_interval(_REFRESH_S, self.look_again)

    # Loading: on the lanes, shown in the loop.

    @work(exclusive=True, group="day")
    async def open_newest(self) -> None:
        """Show the newest frame of today, or of the newest day that has any."""
        today, zone = self.today(), self._zone
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
        zone = self._zone
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
            disk_bytes = await self._lanes.control.run(lambda one: one.disk_bytes())
            pending = await self._renew()
        except DayreelError as error:
            self._complain(str(error))
            return
        self._complaint = ""
        self.query_one(HeaderBar).show_state(recording=recording, paused=paused, pending=pending)
        self.query_one(StatusFooter).show_disk(disk_bytes)
        if self._position is None and recording:
            self.open_newest()

    async def _renew(self) -> int:
        """Take in what has come since; return how much waits to be read."""
        whole = None if self._position is None else self._position.whole
        if whole is None:
            return 0
        live = whole.date == self.today()
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
            day.date, is_today=day.date == self.today(), monitor=position.monitor if several else None
        )
        colours = assign_colours(moment.window.app for moment in day.moments)
        self.query_one(Band).show(day, colours, self.now_us())
        self.query_one(MomentList).show(day, colours, offset_s(day.interval.start_us, self._zone))
        self._switch_to("timeline")
        self._show(position)

    def _show(self, position: Position) -> None:
        """Show a position of the day that is shown."""
        self._position, frame = position, position.frame
        hits = tuple(one.at_us for one in self._hits)
        self.query_one(Band).point(None if frame is None else position.instant_us, hits)
        self.query_one(MomentList).point_at(None if frame is None else frame.moment_id)
        view = self.query_one(FrameView)
        if frame is None:
            view.say(wording.NO_DAY)
        else:
            view.show(frame, position.marks, self._around(position, frame))

    def _around(self, position: Position, frame: Frame) -> Surroundings:
        assert position.index is not None
        frames, index = position.day.frames, position.index
        return Surroundings(
            number=index + 1,
            count=len(frames),
            earlier=tuple(one for one in reversed(frames[max(index - 400, 0) : index]) if one.window == frame.window),
            later=tuple(one for one in frames[index + 1 : index + 400] if one.window == frame.window),
            beside=position.others() if self._all_monitors else (),
            film=_SPEEDS[self._speed] if self._film is not None else 0.0,
        )

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

    def follow(self, place: Place | None) -> None:
        """Go to a place, on whatever day it is."""
        if place is None:
            return
        day = local_date(place.at_us, self._zone)
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

    def on_band_zoomed(self, event: Band.Zoomed) -> None:
        self.query_one(Band).zoom_by(event.step)

    def on_band_wanted(self, event: Band.Wanted) -> None:
        self._fetch_band(event.span, event.count)

    @work(exclusive=True, group="band")
    async def _fetch_band(self, span: Interval, count: int) -> None:
        """Work out, off the loop, what a week or a month of the band shows."""
        monitor = None if self._position is None else self._position.monitor

        def slices(reader: TimelineReader) -> Sequence[Slice]:
            moments = [one for one in reader.moments(span) if monitor is None or one.monitor == monitor]
            colours = assign_colours(one.window.app for one in moments)
            return band_slices(moments, reader.gaps(span), span, count, colours)

        try:
            found = await self._lanes.reading.run(slices)
        except DayreelError as error:
            self._complain(str(error))
        else:
            self.query_one(Band).fill(span, found)

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
            if day <= self.today():
                self.open_day(day, at_end=step < 0)

    def action_today(self) -> None:
        """Go to the newest frame."""
        self.open_newest()

    def action_monitor(self) -> None:
        """Look at the next monitor at the same instant."""
        if self._position is not None:
            self._show_day(self._position.on_next_monitor())

    def action_clear_marks(self) -> None:
        """Take the marks of a search or an answer away, and the focus back from the text."""
        self._hits = ()
        self.clear_selection()
        self.query_one(MomentList).focus()
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

    def action_move(self, seconds: int) -> None:
        """Go so many seconds back or forward, over the ends of the day too."""
        if self._position is None:
            return
        wanted_us, day = self._position.instant_us + seconds * _SECOND_US, self._position.whole
        if day.interval.start_us <= wanted_us < day.interval.end_us:
            self._show(self._position.moved(seconds * _SECOND_US))
        else:
            self.go(wanted_us)

    def action_same_time(self, days: int) -> None:
        """Go to the same time of the day before or after."""
        if self._position is not None:
            then = to_local(self._position.instant_us, self._zone)
            moved = datetime.combine(then.date() + timedelta(days=days), then.time(), tzinfo=self._zone)
            self.go(to_us(moved))

    def go(self, at_us: int) -> None:
        """Go to an instant of any day; beyond now to now."""
        if at_us >= self.now_us():
            self.open_newest()
            return
        marks = Marks() if self._position is None else self._position.marks
        self.follow(Place(at_us, 0, None, marks))

    def action_hit(self, step: int) -> None:
        """Go to the next or the previous hit of the last search."""
        if not self._hits or self._position is None:
            self.notify(wording.NO_HITS, markup=False)
            return
        times = [one.at_us for one in self._hits]
        at_us = self._position.instant_us
        index = bisect_right(times, at_us) if step > 0 else bisect_left(times, at_us) - 1
        if 0 <= index < len(times):
            self.follow(self._hits[index])
        else:
            self.notify(wording.NO_MORE_HITS, markup=False)

    def action_zoom_band(self, step: int) -> None:
        """Show a longer or shorter stretch on the band."""
        self.query_one(Band).zoom_by(step)

    def action_zoom(self, step: int) -> None:
        """Look at the picture from nearer or farther."""
        self.query_one(FrameView).zoom(step)

    def action_pan(self, right: float, down: float) -> None:
        """Look at another part of the picture."""
        self.query_one(FrameView).pan(right, down)

    def action_all_monitors(self) -> None:
        """Look at all monitors side by side, or at one again."""
        self._all_monitors = not self._all_monitors
        if self._position is not None:
            self._show(self._position)

    def action_play(self) -> None:
        """Play the day from here as a film, or stop it."""
        if self._film is None:
            self._film = self.set_interval(1 / _SPEEDS[self._speed], self._play_on)
        else:
            self._film.stop()
            self._film = None
        if self._position is not None:
            self._show(self._position)

    def action_speed(self, step: int) -> None:
        """Play faster or slower."""
        self._speed = min(max(self._speed + step, 0), len(_SPEEDS) - 1)
        if self._film is not None:
            self._film.stop()
            self._film = None
            self.action_play()

    def _play_on(self) -> None:
        if self._position is None or self._position.at_end:
            self.action_play()
        elif self.is_current:  # not under a dialog
            self._show(self._position.stepped(1))
