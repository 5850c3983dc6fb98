"""The top row: name, date, whether something records; the bottom row: keys, and room on the disk.  Ask nothing."""

from __future__ import annotations

from datetime import date

from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.content import Content
from textual.widgets import Footer, Static

from tui import wording


class HeaderBar(Horizontal):
    """Name and date on the left, the state of the recording on the right."""

    ALLOW_SELECT = False

    def compose(self) -> ComposeResult:
        yield Static(f" {wording.NAME} ", id="header-name", markup=False)
        yield Static("", id="header-date", markup=False)
        yield Static("", id="header-state", markup=False)

    def show_day(self, day: date, *, is_today: bool, monitor: int | None) -> None:
        """Show the date, that it is today, and the monitor where there are several."""
        parts = [Content.styled(wording.day_text(day), "bold")]
        if is_today:
            parts.append(Content.styled(wording.near_day_text(day, day), "$foreground 60%"))
        if monitor is not None:
            parts.append(Content.styled(wording.MONITOR_NAME.format(number=monitor), "$foreground 60%"))
        self.query_one("#header-date", Static).update(Content("  ").join(parts))

    def show_state(self, *, recording: bool, paused: bool, pending: int) -> None:
        """Show whether something records, whether that is paused, and how much waits to be read."""
        if recording and paused:
            state = Content.styled(wording.PAUSED, "bold $text-warning")
        elif recording:
            state = Content.styled(wording.RECORDING, "bold $text-error")
        else:
            state = Content.styled(wording.NOT_RECORDING, "$foreground 60%")
        waiting = Content.styled(wording.WAITING.format(count=pending) if pending else "", "$foreground 60%")
        self.query_one("#header-state", Static).update(waiting + ("   " if pending else "") + state)


class StatusFooter(Horizontal):
    """The keys on the left, what the memory takes on the disk on the right."""

    ALLOW_SELECT = False

    def compose(self) -> ComposeResult:
        yield Footer(show_command_palette=False, compact=True)
        yield Static("", id="footer-state", markup=False)

    def show_disk(self, size_bytes: int) -> None:
        """Show how much room the home takes."""
        self.query_one("#footer-state", Static).update(size_text(size_bytes) if size_bytes else "")


def size_text(size_bytes: int) -> str:
    """Return a size in the largest fitting unit: `812 MB`, `1.4 GB`."""
    size = float(size_bytes)
    for unit in ("B", "kB", "MB"):
        if size < 1000:
            return f"{size:.0f} {unit}"
        size /= 1000
    return f"{size:.1f} GB"
