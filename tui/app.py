"""The interface as an application: its look, its lanes, and the recording that it may start or stop.

The front door calls `choose_picture_mode` first, then `DayreelApp(services, mode).run()`.  Imports of Textual begin
here; nothing else of the project imports this room.
"""

from __future__ import annotations

import gc
from collections.abc import Callable, Coroutine, Iterable, Sequence
from typing import ClassVar

from rich.text import Text
from textual import work
from textual.app import App, SystemCommand
from textual.binding import Binding, BindingType
from textual.screen import Screen
from textual.theme import Theme

from timeline.errors import DayreelError
from tui import wording
from tui.dialogs import ConfirmScreen
from tui.keys import KEYS
from tui.lanes import Lanes
from tui.look import DARK, DEFAULT_LOOK, LIGHT, TERMINAL, Look, theme_of
from tui.notice import Notice
from tui.picture_mode import PictureMode
from tui.services import Services
from tui.settings_screen import SettingsScreen
from tui.timeline_screen import TimelineScreen

LIGHT_THEME = Theme(
    name=LIGHT,
    primary="#a8631a",
    secondary="#2f6690",
    accent="#2b6ca3",
    warning="#b7791f",
    error="#b3383b",
    success="#3f7d3a",
    foreground="#23262e",
    background="#f7f5f1",
    surface="#eeebe4",
    panel="#e4e0d7",
    dark=False,
    variables={
        "block-cursor-background": "#dcd5c4",
        "block-cursor-foreground": "#14161b",
        "block-cursor-text-style": "none",
        "block-cursor-blurred-background": "#e4dfd2",
        "block-cursor-blurred-foreground": "#23262e",
        "footer-background": "#f7f5f1",
        "footer-key-foreground": "#a8631a",
        "footer-description-foreground": "#6b6a66",
        "border": "#a8631a",
        "border-blurred": "#cdc7b9",
        "scrollbar": "#cdc7b9",
        "scrollbar-hover": "#b5ae9e",
        "scrollbar-active": "#a8631a",
        "scrollbar-background": "#f7f5f1",
        "scrollbar-background-hover": "#f7f5f1",
        "scrollbar-background-active": "#f7f5f1",
        "scrollbar-corner-color": "#f7f5f1",
        "input-selection-background": "#2b6ca3 25%",
    },
)
THEME = Theme(
    name=DARK,
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


_LEFT_OUT = ("Keys", "Screenshot", "Maximize", "Minimize")  # ours says more, or writes text of the screen to a file


class DayreelApp(App[None]):
    """The timeline in the terminal."""

    TITLE = wording.NAME
    CSS_PATH = "dayreel.tcss"
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (110, "-wide"), (150, "-broad")]  # noqa: RUF012 - Textual declares no ClassVar here
    VERTICAL_BREAKPOINTS = [(0, "-low"), (32, "-high")]  # noqa: RUF012 - as above
    BINDINGS: ClassVar[list[BindingType]] = [Binding("ctrl+q", "quit", wording.QUIT, show=False, priority=True)]

    def __init__(self, services: Services, mode: PictureMode, look: Look = DEFAULT_LOOK) -> None:
        """`look.language` is what was chosen with `wording.use` before."""
        super().__init__(ansi_color=True if look.theme == TERMINAL else None)
        self._look = look
        self._services = services
        self._picture_mode = mode
        self._lanes = Lanes.over(services)
        self._timeline: TimelineScreen | None = None

    def on_mount(self) -> None:
        self.register_theme(THEME)
        self.register_theme(LIGHT_THEME)
        self.theme = theme_of(self._look.theme)
        self.set_class(self._look.plain, "-plain")
        if self._look.still or self._picture_mode.slow:
            self.animation_level = "none"
        self._timeline = TimelineScreen(self._services, self._lanes, self._picture_mode)
        self.push_screen(self._timeline)
        if not self.is_headless:
            self.call_after_refresh(_spare_collector)

    def on_unmount(self) -> None:
        self._lanes.close()
        self._services.close()

    def get_system_commands(self, screen: Screen[object]) -> Iterable[SystemCommand]:
        """Return the commands of the palette: those of the main screen, then Textual's own."""
        for command in super().get_system_commands(screen):
            if command.title not in _LEFT_OUT:
                yield command
        for binding in KEYS:
            assert isinstance(binding, Binding)
            if binding.description and "quit" not in binding.action and "(" not in binding.action:
                word = wording.translated(binding.description)
                yield SystemCommand(word, self.get_key_display(binding), self._runner(binding.action))

    def _runner(self, action: str) -> Callable[[], Coroutine[object, object, bool]]:
        def run() -> Coroutine[object, object, bool]:
            return self.run_action(action, default_namespace=self._timeline)

        return run

    @work(exclusive=True, group="pause")
    async def action_pause(self) -> None:
        """Pause, or end a pause."""
        try:
            paused, recording = await self._lanes.control.run(lambda one: (one.paused(), one.recording()))
            if paused:
                await self._lanes.control.run(lambda services: services.resume())
                self.notify(wording.RESUMED, markup=False)
            else:
                await self._lanes.control.run(lambda services: services.pause())
                self.notify(wording.PAUSE_UNTIL_RESUMED if recording else wording.NOT_PAUSED_NOW, markup=False)
        except DayreelError as error:
            self.notify(str(error), severity="error", markup=False)
        self._look_again()

    def action_settings(self) -> None:
        """Show the settings, to be changed in place."""
        self.push_screen(SettingsScreen(self._lanes.control))

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
