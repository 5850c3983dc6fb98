"""What is taken out of a frame: its text to the clipboard, its picture to a viewer or a file; and what is let go of.

A base of the main screen, which says which frame is meant.  Asks the lanes; starts nothing by itself.
"""

from __future__ import annotations

from datetime import date, tzinfo
from pathlib import Path

from textual import work

from timeline.clock import at_offset
from timeline.errors import DayreelError, WrongUsage
from timeline.model import Frame, Interval
from tui import wording
from tui.dialogs import ChoiceScreen, ConfirmScreen, LineScreen
from tui.frame_view import FrameView
from tui.keys import WordedScreen
from tui.lanes import Lanes
from tui.literal import literal
from tui.panes import TextPane
from tui.services import Forgetting

_MINUTE_US = 60_000_000
_LAST_MINUTES = (5, 15, 60)


class TakingScreen(WordedScreen):
    """Copy, open, save, compare, forget: all of the frame that is shown."""

    def __init__(self, lanes: Lanes, zone: tzinfo | None) -> None:
        super().__init__()
        self._lanes = lanes
        self._zone = zone

    @property
    def shown_frame(self) -> Frame | None:
        """Return the frame that is meant."""
        raise NotImplementedError

    def reload(self) -> None:
        """Read what is shown anew, since the store has changed."""
        raise NotImplementedError

    def today(self) -> date:
        """Return the local date of now."""
        raise NotImplementedError

    def now_us(self) -> int:
        """Return the present instant."""
        raise NotImplementedError

    def say_error(self, error: DayreelError) -> None:
        """Show the sentence of an error."""
        self.notify(str(error), severity="error", markup=False)

    def action_copy(self, whole: bool = False) -> None:
        """Copy what is selected with the mouse, else the chosen lines, else all."""
        pane = self.query_one(TextPane)
        selected = None if whole else self.get_selected_text()
        lines = selected.splitlines() if selected else []
        lines = lines or ([] if whole else pane.chosen_lines) or pane.all_lines
        if not lines:
            self.notify(wording.NOTHING_TO_COPY, markup=False)
            return
        self.copy_out(
            "\n".join(lines), wording.COPIED_ONE if len(lines) == 1 else wording.COPIED.format(count=len(lines))
        )

    @work(group="copy")
    async def copy_out(self, text: str, done: str) -> None:
        """Give a text to the terminal's clipboard (OSC 52) and to the system's."""
        self.app.copy_to_clipboard(text)
        known = await self._lanes.control.run(lambda services: services.copy(text))
        self.notify(done if known else f"{done} {wording.NO_CLIPBOARD}", markup=False)

    @work(exclusive=True, group="out")
    async def action_open(self) -> None:
        """Open the picture in the system's viewer."""
        frame = self.shown_frame
        if frame is None:
            return
        try:
            picture = await self._lanes.picture.run(lambda pictures: pictures.bgr(frame))
            await self._lanes.control.run(lambda services: services.view(picture))
        except DayreelError as error:
            self.say_error(error)
        else:
            self.notify(wording.OPENED, markup=False)

    @work(exclusive=True, group="dialog")
    async def action_export(self) -> None:
        """Ask for a file, and save the picture there."""
        frame = self.shown_frame
        if frame is None:
            return
        name = f"dayreel-{at_offset(frame.start_us, frame.offset_s):%Y-%m-%d-%H%M%S}.png"
        screen = LineScreen(
            wording.EXPORT_TITLE, wording.EXPORT_HINT, _check_file, prompt=wording.EXPORT_PROMPT, value=f"~/{name}"
        )
        wanted = await self.app.push_screen_wait(screen)
        if wanted is None:
            return
        path = Path(wanted).expanduser()
        try:
            picture = await self._lanes.picture.run(lambda pictures: pictures.bgr(frame))
            written = await self._lanes.control.run(lambda services: services.save(picture, path))
        except DayreelError as error:
            self.say_error(error)
        else:
            self.notify(wording.EXPORTED.format(path=written), markup=False)

    def action_compare(self) -> None:
        """Show what changed in this window."""
        self.query_one(FrameView).compare()

    @work(exclusive=True, group="seen")
    async def action_seen(self) -> None:
        """Tell when the line under the cursor, else the first one, was first and last seen."""
        frame, pane = self.shown_frame, self.query_one(TextPane)
        lines = pane.chosen_lines or pane.all_lines
        if frame is None or not lines:
            self.notify(wording.NOTHING_TO_COPY, markup=False)
            return
        try:
            seen = await self._lanes.reading.run(
                lambda reader: next((one for line in lines if (one := reader.sighting(frame.id, line))), None)
            )
        except DayreelError as error:
            self.say_error(error)
            return
        if seen is None:
            self.notify(wording.SEEN_UNKNOWN, markup=False)
            return
        first, last = (at_offset(us, frame.offset_s) for us in (seen.start_us, seen.end_us))
        told = [f"{wording.near_day_text(one.date(), self.today())} {one:%H:%M}" for one in (first, last)]
        self.notify(wording.SEEN_FROM_TO.format(first=told[0], last=told[1]), markup=False)

    @work(exclusive=True, group="dialog")
    async def action_forget(self) -> None:
        """Ask what to forget, show what that comes to, and do it when it is agreed to."""
        frame = self.shown_frame
        if frame is None:
            return
        choices = self._forgettable(frame)
        words = [word for word, _ in choices]
        chosen = await self.app.push_screen_wait(ChoiceScreen(wording.FORGET_TITLE, words, wording.FORGET_KEYS))
        if chosen is None:
            return
        word, what = choices[chosen]
        try:
            preview = await self._lanes.control.run(lambda services: services.forget_preview(what))
        except DayreelError as error:
            self.say_error(error)
            return
        if preview is None:
            self.notify(wording.FORGET_NOTHING, markup=False)
            return
        text = wording.FORGET_WHAT.format(
            frames=preview.frames, minutes=preview.minutes, covered=preview.covered_frames
        )
        title = f"{wording.FORGET_TITLE}: {literal(word)}"
        if await self.app.push_screen_wait(ConfirmScreen(title, text, wording.FORGET_YES, wording.FORGET_NO)):
            self._forget(what)

    def _forgettable(self, frame: Frame) -> list[tuple[str, Forgetting]]:
        found = [(wording.FORGET_MOMENT, Forgetting(moment_id=frame.moment_id))]
        if frame.window.app is not None:
            whole = self._day_of(frame)
            found.append(
                (wording.FORGET_APP.format(app=frame.window.app), Forgetting(app=frame.window.app, interval=whole))
            )
        now_us = self.now_us()
        for minutes in _LAST_MINUTES:
            last = Interval(now_us - minutes * _MINUTE_US, now_us + 1)
            found.append((wording.FORGET_LAST.format(minutes=minutes), Forgetting(interval=last)))
        return found

    def _day_of(self, frame: Frame) -> Interval:
        from tui.day import day_interval, local_date

        return day_interval(local_date(frame.start_us, self._zone), self._zone)

    @work(exclusive=True, group="forget")
    async def _forget(self, what: Forgetting) -> None:
        self.notify(wording.FORGETTING, markup=False)
        try:
            gone = await self._lanes.control.run(lambda services: services.forget(what))
        except DayreelError as error:
            self.say_error(error)
        else:
            self.notify(wording.FORGOTTEN if gone else wording.FORGOTTEN_BUT, markup=False)
        self.reload()


def _check_file(name: str) -> None:
    """Raise WrongUsage for a name under which nothing can be saved."""
    path = Path(name).expanduser()
    if not name or path.suffix.casefold() != ".png":
        raise WrongUsage("Give the name of a PNG file, such as ~/picture.png.")
    if not path.parent.is_dir():
        raise WrongUsage(f"There is no folder {path.parent}.")
    if path.exists():
        raise WrongUsage("There is a file of that name already: choose another.")
