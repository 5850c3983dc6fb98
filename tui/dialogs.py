"""Small screens over the timeline: a plain question with two buttons, and the help."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from rich.table import Column, Table
from rich.text import Text
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Button, Static

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


class HelpScreen(ModalScreen[None]):
    """All keys."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,question_mark,q,enter", "dismiss", wording.CLOSE, show=False)
    ]

    def compose(self) -> ComposeResult:
        width = max(Content(keys).cell_length for keys, _ in wording.HELP_ROWS)
        rows = [
            Content.assemble((keys + " " * (width - Content(keys).cell_length), "bold $text-accent"), "   ", meaning)
            for keys, meaning in wording.HELP_ROWS
        ]
        rows += [Content(""), Content.styled(wording.HELP_MOUSE, "$foreground 60%")]
        with Vertical(classes="dialog") as dialog:
            dialog.border_title = wording.HELP_TITLE
            yield Static(Content("\n").join(rows), markup=False)
