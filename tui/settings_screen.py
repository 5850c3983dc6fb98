"""The settings in force, each to be changed in place; the front door checks and writes them.

Asks the control lane.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual import work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from timeline.errors import DayreelError
from tui import wording
from tui.dialogs import ChoiceScreen, LineScreen
from tui.lane import Lane
from tui.literal import literal
from tui.services import Services, Setting


class SettingsScreen(ModalScreen[None]):
    """A list of settings; enter changes one."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "dismiss(None)", wording.CLOSE, show=False)]

    def __init__(self, lane: Lane[Services]) -> None:
        super().__init__()
        self._lane = lane
        self._settings: Sequence[Setting] = ()

    def compose(self) -> ComposeResult:
        with Vertical(classes="sheet") as sheet:
            sheet.border_title, sheet.border_subtitle = wording.SETTINGS_TITLE, wording.SETTINGS_KEYS
            yield OptionList(id="settings", markup=False, compact=True)
            yield Static("", id="setting-help", markup=False)

    def on_mount(self) -> None:
        self._load(0)

    def on_option_list_option_highlighted(self, event: OptionList.OptionHighlighted) -> None:
        one = self._settings[event.option_index]
        source = wording.SETTINGS_FROM.format(source=one.source)
        self.query_one("#setting-help", Static).update(
            Content.styled(literal(f"{one.help}  ({source})"), "$foreground 60%")
        )

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        self._change(event.option_index)

    @work(exclusive=True)
    async def _load(self, chosen: int) -> None:
        try:
            self._settings = await self._lane.run(lambda services: services.settings())
        except DayreelError as error:
            self.query_one("#setting-help", Static).update(Content.styled(literal(str(error)), "$text-error"))
            return
        width = max(len(one.name) for one in self._settings)
        rows = self.query_one("#settings", OptionList)
        rows.clear_options()
        rows.add_options([Option(_row(one, width)) for one in self._settings])
        rows.highlighted = chosen

    @work(exclusive=True, group="change")
    async def _change(self, index: int) -> None:
        one = self._settings[index]
        if not one.editable:
            self.notify(wording.SETTINGS_LOCKED.format(name=one.name), markup=False)
            return
        value = await self._ask(one)
        if value is None or value == one.value:
            return
        try:
            await self._lane.run(lambda services: services.change_setting(one.name, value))
        except DayreelError as error:
            self.notify(str(error), severity="error", markup=False)
            return
        self.notify(wording.SETTINGS_CHANGED, markup=False)
        self._load(index)

    async def _ask(self, one: Setting) -> str | None:
        if one.choices:
            at = one.choices.index(one.value) if one.value in one.choices else 0
            chosen = await self.app.push_screen_wait(ChoiceScreen(one.name, one.choices, wording.SETTINGS_KEYS, at))
            return None if chosen is None else one.choices[chosen]
        return await self.app.push_screen_wait(
            LineScreen(one.name, wording.SETTINGS_HINT, lambda _: None, value=one.value)
        )


def _row(one: Setting, width: int) -> Content:
    return Content.assemble(
        (f"{one.name:{width}}", "" if one.source == "default" else "bold"),
        "  ",
        (literal(one.value) or "-", "$text-accent"),
    )
