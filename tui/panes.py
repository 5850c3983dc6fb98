"""The two views of a frame: its text and its picture.  Show what they are given; ask nothing of the store.

With the focus the text has a cursor of lines: up and down move it, with shift the lines between are chosen.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from rich.style import Style
from textual import events
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.message import Message
from textual.strip import Strip
from textual.widget import Widget
from textual.widgets import Static

from tui.marks import MarkedText


class TextPane(VerticalScroll, inherit_bindings=False):
    """The text of a frame, scrolled to its first mark; lines of it can be chosen."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up", "line(-1)", show=False),
        Binding("down", "line(1)", show=False),
        Binding("shift+up", "line(-1, True)", show=False),
        Binding("shift+down", "line(1, True)", show=False),
    ]

    def __init__(self, *, id: str) -> None:  # noqa: A002 - Textual's own name for it
        super().__init__(id=id)
        self._text = MarkedText(Content(""), None)
        self._line: int | None = None  # the line of the cursor; None before the first key
        self._anchor = 0  # where the chosen lines begin

    def compose(self) -> ComposeResult:
        yield Static("", id="frame-text", markup=False)

    def show(self, text: MarkedText) -> None:
        """Show a text and bring its first mark into view."""
        self._text, self._line = text, None
        self.query_one("#frame-text", Static).update(text.content)
        self.call_after_refresh(self._scroll_to_mark, text)

    def say(self, sentence: str) -> None:
        """Show a sentence of the program instead of text."""
        self.show(MarkedText(Content.styled(sentence, "$foreground 60% italic"), None))

    @property
    def all_lines(self) -> list[str]:
        """Return the lines of the frame; none while a sentence of the program is shown."""
        return [self._text.content.plain[start:end] for start, end in self._text.lines]

    @property
    def chosen_lines(self) -> list[str]:
        """Return the lines that were chosen by keys."""
        if self._line is None:
            return []
        first, last = sorted((self._anchor, self._line))
        return self.all_lines[first : last + 1]

    def action_line(self, step: int, stretch: bool = False) -> None:
        """Move the cursor of lines; `stretch`: what lies between is chosen."""
        if not self._text.lines:
            return
        if self._line is None:
            self._line = self._anchor = 0 if step > 0 else len(self._text.lines) - 1
        else:
            self._line = min(max(self._line + step, 0), len(self._text.lines) - 1)
            self._anchor = self._anchor if stretch else self._line
        first, last = sorted((self._anchor, self._line))
        content = self._text.content
        for start, end in self._text.lines[first : last + 1]:
            content = content.stylize("$block-cursor-foreground on $block-cursor-background", start, end)
        self.query_one("#frame-text", Static).update(content)
        self._reveal(self._text.lines[self._line][0], always=False)

    def on_blur(self) -> None:
        if self._line is not None:
            self._line = None
            self.query_one("#frame-text", Static).update(self._text.content)

    def _scroll_to_mark(self, text: MarkedText) -> None:
        self._reveal(text.first_mark or 0, always=True)

    def _reveal(self, offset: int, *, always: bool) -> None:
        """Bring a character into view; `always`: to the upper third, even when it is seen already."""
        width = max(self.query_one("#frame-text", Static).size.width, 1)
        row = self._text.content[: offset + 1].get_height({}, width) - 1 if offset else 0
        if always or not self.scroll_y <= row < self.scroll_y + self.size.height:
            self.scroll_to(y=max(row - self.size.height // 3, 0), animate=False)


class PicturePane(Widget):
    """The picture of a frame, as finished strips that fill the pane.

    With `pixels` the strips hold escapes that draw over cells: they are held back while another screen lies on top.
    """

    ALLOW_SELECT = False

    class Zoomed(Message):
        """The wheel was turned: a step in (1) or out (-1)."""

        def __init__(self, step: int) -> None:
            super().__init__()
            self.step = step

    class Dragged(Message):
        """The picture was dragged, by parts of the pane."""

        def __init__(self, right: float, down: float) -> None:
            super().__init__()
            self.right, self.down = right, down

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

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        event.stop()
        self.post_message(self.Zoomed(1))

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        event.stop()
        self.post_message(self.Zoomed(-1))

    def on_mouse_move(self, event: events.MouseMove) -> None:
        if event.button and (event.delta_x or event.delta_y) and self.size.width and self.size.height:
            self.post_message(self.Dragged(-event.delta_x / self.size.width, -event.delta_y / self.size.height))

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
