"""Small screens over the timeline: a question with two buttons, a line to type, a list to choose from, the help."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import ClassVar

from rich.table import Column, Table
from rich.text import Text
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Button, Input, OptionList, Static
from textual.widgets.option_list import Option

from timeline.errors import DayreelError
from tui import wording
from tui.literal import literal


class ConfirmScreen(ModalScreen[bool]):
    """A question; returns True for yes.  Escape is no, and no has the focus."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "dismiss(False)", wording.CLOSE, show=False),
        Binding("left,right", "app.focus_next", show=False),
    ]

    def __init__(self, title: str, text: str, yes: str, no: str, rows: Sequence[tuple[str, str]] = ()) -> None:
        """`rows`: what stands between the text and the buttons, each row a word and what it means."""
        super().__init__()
        self._title, self._text, self._yes, self._no, self._rows = title, text, yes, no, rows

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog") as dialog:
            dialog.border_title = self._title
            yield Static(self._text, classes="dialog-text", markup=False)
            if self._rows:
                yield Static(_table(self._rows), classes="dialog-rows")
            with Horizontal(classes="dialog-buttons"):
                yield Button(self._no, id="no")
                yield Button(self._yes, id="yes")

    def on_button_pressed(self, event: Button.Pressed) -> None:
        self.dismiss(event.button.id == "yes")


def _table(rows: Sequence[tuple[str, str]]) -> Table:
    table = Table.grid("", Column(overflow="fold"), padding=(0, 2, 0, 0))  # a folder's name may be a line long
    for word, meaning in rows:
        table.add_row(Text(word, style="bold"), Text(literal(meaning)))
    return table


class LineScreen(ModalScreen[str | None]):
    """One line to type; `check` raises a DayreelError whose sentence is shown while the line is not usable."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "dismiss(None)", wording.CLOSE, show=False)]

    def __init__(
        self, title: str, hint: str, check: Callable[[str], object], *, prompt: str = "", value: str = ""
    ) -> None:
        super().__init__()
        self._title, self._hint, self._check, self._prompt, self._value = title, hint, check, prompt, value

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog line") as dialog:
            dialog.border_title = self._title
            yield Input(self._value, placeholder=self._prompt, id="line", compact=True)
            yield Static(self._hint, id="line-hint", markup=False)

    def on_input_changed(self) -> None:
        self.query_one("#line-hint", Static).update(self._hint)

    def on_input_submitted(self, event: Input.Submitted) -> None:
        try:
            self._check(event.value.strip())
        except DayreelError as error:
            self.query_one("#line-hint", Static).update(Content.styled(literal(str(error)), "$text-error"))
        else:
            self.dismiss(event.value.strip())


class ChoiceScreen(ModalScreen[int | None]):
    """Some lines, one of which is chosen; returns its place."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "dismiss(None)", wording.CLOSE, show=False)]

    def __init__(self, title: str, choices: Sequence[str], keys: str, chosen: int = 0) -> None:
        super().__init__()
        self._title, self._choices, self._keys, self._chosen = title, choices, keys, chosen

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog") as dialog:
            dialog.border_title, dialog.border_subtitle = self._title, self._keys
            yield OptionList(*(Option(Content(literal(one))) for one in self._choices), id="choices", compact=True)

    def on_mount(self) -> None:
        self.query_one("#choices", OptionList).highlighted = self._chosen

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        self.dismiss(event.option_index)


class HelpScreen(ModalScreen[None]):
    """All keys; in two columns where there is room, else to be scrolled."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,question_mark,q,enter", "dismiss", wording.CLOSE, show=False)
    ]

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog help") as dialog:
            dialog.border_title = wording.HELP_TITLE
            with VerticalScroll(id="help-scroll"), Horizontal(id="help-columns"):
                yield Static(_sections(wording.HELP_SECTIONS[:2]), markup=False)
                yield Static(_sections(wording.HELP_SECTIONS[2:]), markup=False)
            yield Static(Content.styled(wording.HELP_MOUSE, "$foreground 60%"), id="help-mouse", markup=False)


def _sections(sections: Sequence[tuple[str, Sequence[tuple[str, str]]]]) -> Content:
    width = max(Content(keys).cell_length for _, rows in wording.HELP_SECTIONS for keys, _ in rows)
    lines: list[Content] = []
    for title, rows in sections:
        lines += [Content("")] if lines else []
        lines.append(Content.styled(title, "bold $primary"))
        for keys, meaning in rows:
            gap = " " * (width - Content(keys).cell_length)
            lines.append(Content.assemble((keys + gap, "bold $text-accent"), "  ", meaning))
    return Content("\n").join(lines)
