"""The two views of a frame: its text and its picture.  Show what they are given; ask nothing of the store."""

from __future__ import annotations

from collections.abc import Sequence

from rich.style import Style
from textual import events
from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.content import Content
from textual.message import Message
from textual.strip import Strip
from textual.widget import Widget
from textual.widgets import Static

from tui.marks import MarkedText


class TextPane(VerticalScroll):
    """The text of a frame, scrolled to its first mark."""

    def compose(self) -> ComposeResult:
        yield Static("", id="frame-text", markup=False)

    def show(self, text: MarkedText) -> None:
        """Show a text and bring its first mark into view."""
        self.query_one("#frame-text", Static).update(text.content)
        self.call_after_refresh(self._scroll_to_mark, text)

    def say(self, sentence: str) -> None:
        """Show a sentence of the program instead of text."""
        self.show(MarkedText(Content.styled(sentence, "$foreground 60% italic"), None))

    def _scroll_to_mark(self, text: MarkedText) -> None:
        row = 0
        if text.first_mark is not None:
            width = max(self.query_one("#frame-text", Static).size.width, 1)
            row = text.content[: text.first_mark + 1].get_height({}, width) - 1
        self.scroll_to(y=max(row - self.size.height // 3, 0), animate=False)


class PicturePane(Widget):
    """The picture of a frame, as finished strips that fill the pane.

    With `pixels` the strips hold escapes that draw over cells: they are held back while another screen lies on top.
    """

    ALLOW_SELECT = False

    class Resized(Message):
        """The pane has another size or another look now: the picture must be painted anew."""

    def __init__(self, *, pixels: bool, id: str) -> None:  # noqa: A002 - Textual's own name for it
        super().__init__(id=id)
        self._pixels = pixels
        self._strips: Sequence[Strip] = ()
        self._sentence = ""

    @property
    def backdrop(self) -> Style:
        """Return the style of what a picture leaves free."""
        return Style(bgcolor=self.background_colors[1].rich_color)

    def show(self, strips: Sequence[Strip]) -> None:
        """Show a painted picture."""
        self._strips, self._sentence = strips, ""
        self.refresh()

    def say(self, sentence: str) -> None:
        """Show a sentence instead of a picture."""
        self._strips, self._sentence = (), sentence
        self.refresh()

    def on_resize(self, event: events.Resize) -> None:
        if event.size.width and event.size.height:
            self.post_message(self.Resized())

    def notify_style_update(self) -> None:
        super().notify_style_update()
        if self.is_mounted and self._strips:
            self.post_message(self.Resized())

    def render_line(self, y: int) -> Strip:
        covered = self._pixels and not self.screen.is_active
        if len(self._strips) == self.size.height and not covered:
            return self._strips[y]
        blank = Strip.blank(self.size.width, self.backdrop)
        if self._sentence and y == self.size.height // 2:
            content = Content.styled(self._sentence, "italic").center(self.size.width, ellipsis=True)
            return Strip(content.render_segments(self.visual_style), self.size.width)
        return blank
