"""What stands in place of a day: how to begin on an empty store, or why the store cannot be opened."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.message import Message
from textual.widgets import Button, Static

from tui import wording
from tui.literal import literal_lines


class Notice(Vertical):
    """A title, a text and one button."""

    class Start(Message):
        """The user wants to begin recording."""

    class Again(Message):
        """The user wants the store to be opened once more."""

    def compose(self) -> ComposeResult:
        with Vertical(id="notice-box"):
            yield Static("", id="notice-title", markup=False)
            yield Static("", id="notice-text", markup=False)
            yield Button(wording.START_YES, id="notice-start")
            yield Button(wording.TRY_AGAIN, id="notice-again")

    def show_empty(self, *, recording: bool) -> None:
        """Say how to begin, or that it has begun and the first frame is on its way."""
        self._show(wording.EMPTY_TITLE, wording.EMPTY_RECORDING if recording else wording.EMPTY_TEXT)
        self._offer("notice-start", offered=not recording)

    def show_error(self, sentence: str) -> None:
        """Show the sentence of an error, and offer to try again."""
        self._show(wording.ERROR_TITLE, literal_lines(sentence))
        self._offer("notice-again", offered=True)

    def on_button_pressed(self, event: Button.Pressed) -> None:
        event.stop()
        self.post_message(self.Start() if event.button.id == "notice-start" else self.Again())

    def _show(self, title: str, text: str) -> None:
        self.query_one("#notice-title", Static).update(title)
        self.query_one("#notice-text", Static).update(text)

    def _offer(self, button_id: str, *, offered: bool) -> None:
        for button in self.query(Button):
            button.display = offered and button.id == button_id
            if button.display:
                button.focus()
