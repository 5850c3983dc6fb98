"""The interface as an application: its look, its lanes, and the recording that it may start or stop.

The front door calls `choose_picture_mode` first, then `DayreelApp(services, mode).run()`.  Imports of Textual begin
here; nothing else of the project imports this room.
"""

from __future__ import annotations

import gc
from collections.abc import Sequence
from typing import ClassVar

from rich.text import Text
from textual import work
from textual.app import App
from textual.binding import Binding, BindingType
from textual.theme import Theme

from timeline.errors import DayreelError
from tui import wording
from tui.dialogs import ConfirmScreen
from tui.lanes import Lanes
from tui.notice import Notice
from tui.picture_mode import PictureMode
from tui.services import Services
from tui.timeline_screen import TimelineScreen

THEME = Theme(
    name="dayreel",
    primary="#e0a35c",  # the amber of a projector's lamp
    secondary="#7fa7c9",
    accent="#8fb8de",
    warning="#f2c14e",
    error="#e5686b",
    success="#8cc084",
    foreground="#d8dce6",
    background="#12141b",
    surface="#181b24",
    panel="#20242f",
    dark=True,
    variables={
        "block-cursor-background": "#2c3345",
        "block-cursor-foreground": "#ffffff",
        "block-cursor-text-style": "none",
        "block-cursor-blurred-background": "#232838",
        "block-cursor-blurred-foreground": "#d8dce6",
        "footer-background": "#12141b",
        "footer-key-foreground": "#e0a35c",
        "footer-description-foreground": "#8b93a7",
        "border": "#e0a35c",
        "border-blurred": "#2f3647",
        "scrollbar": "#323a4d",
        "scrollbar-hover": "#4a546c",
        "scrollbar-active": "#e0a35c",
        "scrollbar-background": "#12141b",
        "scrollbar-background-hover": "#12141b",
        "scrollbar-background-active": "#12141b",
        "scrollbar-corner-color": "#12141b",
        "input-selection-background": "#8fb8de 35%",
    },
)


class DayreelApp(App[None]):
    """The timeline in the terminal."""

    TITLE = wording.NAME
    CSS_PATH = "dayreel.tcss"
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (110, "-wide")]  # noqa: RUF012 - Textual declares no ClassVar here
    VERTICAL_BREAKPOINTS = [(0, "-low"), (32, "-high")]  # noqa: RUF012 - as above
    BINDINGS: ClassVar[list[BindingType]] = [Binding("ctrl+q", "quit", wording.QUIT, show=False, priority=True)]

    def __init__(self, services: Services, mode: PictureMode) -> None:
        super().__init__()
        self._services = services
        self._picture_mode = mode
        self._lanes = Lanes.over(services)
        self._timeline: TimelineScreen | None = None

    def on_mount(self) -> None:
        self.register_theme(THEME)
        self.theme = THEME.name
        self._timeline = TimelineScreen(self._services, self._lanes, self._picture_mode)
        self.push_screen(self._timeline)
        if not self.is_headless:
            self.call_after_refresh(_spare_collector)

    def on_unmount(self) -> None:
        self._lanes.close()

    def _fatal_error(self) -> None:
        """End with one sentence: Textual would print the values of names, which hold text of the screen."""
        kind = "unknown" if self._exception is None else type(self._exception).__name__
        self.panic(Text(wording.CRASHED.format(kind=kind)))

    def on_notice_start(self, event: Notice.Start) -> None:
        event.stop()
        self._start_from_notice()

    @work(exclusive=True, group="telling")
    async def _start_from_notice(self) -> None:
        """Start recording; the first time, after all that must be known before."""
        rows = await self._lanes.control.run(lambda services: services.before_first_start())
        if rows:
            self._start_if_wanted(rows)
        else:
            self._start()

    @work(exclusive=True, group="record")
    async def action_record(self) -> None:
        """Start or stop recording, after a plain question."""
        if not await self._lanes.control.run(lambda services: services.recording()):
            self._start_if_wanted(await self._lanes.control.run(lambda services: services.before_first_start()))
            return
        question = ConfirmScreen(wording.STOP_TITLE, wording.STOP_TEXT, wording.STOP_YES, wording.STOP_NO)
        if await self.push_screen_wait(question):
            self._stop()

    @work(exclusive=True, group="dialog")
    async def _start_if_wanted(self, rows: Sequence[tuple[str, str]]) -> None:
        if await self.push_screen_wait(_start_question(rows)):
            self._start()

    @work(exclusive=True, group="recording")
    async def _start(self) -> None:
        self.notify(wording.STARTING, markup=False)
        try:
            sentence = await self._lanes.control.run(lambda services: services.start_recording())
        except DayreelError as error:
            self.notify(str(error), severity="error", markup=False)
        else:
            self.notify(sentence, markup=False)
        self._look_again()

    @work(exclusive=True, group="recording")
    async def _stop(self) -> None:
        self.notify(wording.STOPPING, markup=False)
        try:
            await self._lanes.control.run(lambda services: services.stop_recording())
        except DayreelError as error:
            self.notify(str(error), severity="error", markup=False)
        else:
            self.notify(wording.STOPPED, markup=False)
        self._look_again()

    def _look_again(self) -> None:
        if self._timeline is not None:
            self._timeline.look_again()


def _start_question(rows: Sequence[tuple[str, str]]) -> ConfirmScreen:
    """Return the question that is asked before recording; the first time with all that must be known before."""
    text = wording.FIRST_START_TEXT if rows else wording.START_TEXT
    return ConfirmScreen(wording.START_TITLE, text, wording.START_YES, wording.START_NO, rows)


def _spare_collector() -> None:
    """Take what was imported out of the garbage collector's sight: a full collection over it stops the loop 80 ms."""
    gc.collect()
    gc.freeze()
