"""The list of a day's moments, with its gaps between them.  Posts `Chosen` when the user moves to another moment."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.content import Content
from textual.message import Message
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from timeline.clock import at_offset
from timeline.model import Gap, Moment
from tui import wording
from tui.day import Day
from tui.literal import literal

_LEAST_GAP_US = 60 * 1_000_000  # shorter gaps are seen on the band, here they would only be noise


class MomentList(OptionList, inherit_bindings=False):
    """Moments in time order, two rows each; gaps stand between them and cannot be chosen."""

    BINDINGS: ClassVar[list[BindingType]] = [  # home, end and the page keys belong to the screen
        Binding("up", "cursor_up", show=False),
        Binding("down", "cursor_down", show=False),
        Binding("enter", "select", show=False),
    ]

    class Chosen(Message):
        """The user moved to a moment."""

        def __init__(self, moment_id: int) -> None:
            super().__init__()
            self.moment_id = moment_id

    def __init__(self, *, id: str) -> None:  # noqa: A002 - Textual's own name for it
        super().__init__(id=id, markup=False)
        self._shown: tuple[Moment | Gap, ...] = ()

    def show(self, day: Day, colours: Mapping[str | None, str], offset_s: int) -> None:
        """Show the moments of a day; gaps get `offset_s`, since they have no wall clock of their own."""
        entries = tuple(e for e in day.entries() if isinstance(e, Moment) or e.end_us - e.start_us >= _LEAST_GAP_US)
        if entries == self._shown:
            return
        self._shown = entries
        with self.prevent(OptionList.OptionHighlighted):
            self.set_options(
                moment_option(entry, colours) if isinstance(entry, Moment) else gap_option(entry, offset_s)
                for entry in entries
            )

    def point_at(self, moment_id: int | None) -> None:
        """Move the highlight without telling anybody."""
        index = next(
            (i for i, entry in enumerate(self._shown) if isinstance(entry, Moment) and entry.id == moment_id), None
        )
        if index != self.highlighted:
            with self.prevent(OptionList.OptionHighlighted):
                self.highlighted = index

    def on_option_list_option_highlighted(self, event: OptionList.OptionHighlighted) -> None:
        event.stop()
        if event.option_id is not None and event.option_index == self.highlighted:
            self.post_message(self.Chosen(int(event.option_id)))

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        event.stop()


def moment_option(moment: Moment, colours: Mapping[str | None, str]) -> Option:
    """Return the two rows of a moment: its time, application and length, then its title."""
    colour = colours[moment.window.app]
    prompt = Content.assemble(
        ("▌", colour),
        (f"{at_offset(moment.start_us, moment.offset_s):%H:%M}", "bold"),
        "  ",
        literal(moment.window.app or wording.UNKNOWN_APP),
        (f"  {wording.duration_text(moment.end_us - moment.start_us)}", "dim"),
        "\n",
        ("▌", colour),
        (literal(moment.window.title or wording.NO_TITLE), "dim"),
    )
    return Option(prompt, id=str(moment.id))


def gap_option(gap: Gap, offset_s: int) -> Option:
    """Return the row of a gap: since when, for how long and why nothing was recorded."""
    text = (
        f"╱{at_offset(gap.start_us, offset_s):%H:%M}  {literal(wording.gap_text(gap.reason))}"
        f"  {wording.duration_text(gap.end_us - gap.start_us)}"
    )
    return Option(Content(text), disabled=True)
