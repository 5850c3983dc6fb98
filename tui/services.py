"""What the interface needs from outside, as protocols.

Owns nothing and does nothing; the front door hands in an object that fulfils `Services`, tests one in memory.

Threads: readers, picture sources, searchers and assistants need not be thread safe.  The interface runs each kind on
a thread of its own (tui.lane), which enters the context manager, makes every call and leaves it at the end: one owner
each.  The attributes and the methods that open nothing may be called from any thread.  Every method may raise a
DayreelError, whose sentence is shown to the user.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import date, tzinfo
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from timeline.clock import Clock
from timeline.model import Frame, Gap, Interval, Line, Moment, Picture, Window

if TYPE_CHECKING:
    from assistant.answer import Answer
    from assistant.categories import Categories
    from assistant.digest import Digest
    from index.filters import Filters
    from index.search import Hit, Mode
    from timeline.forgetting.plan import Preview


@dataclass(frozen=True, slots=True)
class Forgetting:
    """What is to be forgotten: a moment, an application in an interval, or all of an interval."""

    moment_id: int | None = None
    app: str | None = None
    interval: Interval | None = None


@dataclass(frozen=True, slots=True)
class Setting:
    """A setting in force; `choices` are all its values where they are few, `editable` whether the file decides."""

    name: str
    value: str
    source: str
    help: str
    choices: tuple[str, ...] = ()
    editable: bool = True


class TimelineReader(Protocol):
    """The part of timeline.reader.Reader that the interface uses."""

    def newest_frame(self) -> Frame | None:
        """Return the frame that began last, or None while nothing was recorded."""

    def frames(self, interval: Interval) -> list[Frame]:
        """Return the frames that overlap the interval, of all monitors, in time order."""

    def moments(self, interval: Interval) -> list[Moment]:
        """Return the moments that overlap the interval, of all monitors, in time order."""

    def gaps(self, interval: Interval) -> list[Gap]:
        """Return the gaps that overlap the interval, in time order."""

    def lines(self, frame_id: int) -> list[Line]:
        """Return what could be read on a frame, in reading order."""

    def pending(self) -> int:
        """Return how many frames still wait to be read."""

    def active_days(self, interval: Interval) -> dict[date, int]:
        """Return how many microseconds something was on the screen on each local day that has any."""

    def sighting(self, frame_id: int, text: str) -> Interval | None:
        """Return from when to when a line of a frame was seen in windows of its name; None while that is unknown."""


class PictureSource(Protocol):
    """The pictures of frames, large and small."""

    def bgr(self, frame: Frame) -> Picture:
        """Return what the frame showed.  Raises UnreadablePicture when its pixels are gone."""

    def thumbnail(self, frame: Frame) -> Picture | None:
        """Return a small picture of what the frame showed, within a few ms; None where there is none."""


class Searching(Protocol):
    """The part of index.search.Searcher that the interface uses."""

    def search(
        self, query: str, filters: Filters, limit: int, mode: Mode = "hybrid", *, unfinished: bool = False
    ) -> list[Hit]:
        """Return what was found, best first; `unfinished`: as far as it is typed, newest first, nothing is an error."""


class Answering(Protocol):
    """The part of assistant.answer.Assistant that the interface uses."""

    def ask(self, question: str, on_text: Callable[[str], None]) -> Answer:
        """Return the proved answer; `on_text` gets the pieces as they come, and may raise to end the asking."""


class Services(Protocol):
    """Everything the interface asks of the front door."""

    @property
    def clock(self) -> Clock:
        """Return the source of the present instant."""

    @property
    def zone(self) -> tzinfo | None:
        """Return the zone that days are cut in; None is the system's."""

    @property
    def model(self) -> str | None:
        """Return the language model that words answers; None when answers come from the record alone."""

    def reader(self) -> AbstractContextManager[TimelineReader]:
        """Open the timeline for the calling thread.  Raises NothingFound while there is no store yet."""

    def pictures(self) -> AbstractContextManager[PictureSource]:
        """Open the pictures for the calling thread."""

    def searcher(self) -> AbstractContextManager[Searching]:
        """Open the index for the calling thread; the model of meanings may be loaded at the first search."""

    def assistant(self) -> AbstractContextManager[Answering]:
        """Open the assistant for the calling thread."""

    def recording(self) -> bool:
        """Tell whether something records now."""

    def paused(self) -> bool:
        """Tell whether the user has paused the recording, whether or not something records."""

    def before_first_start(self) -> Sequence[tuple[str, str]]:
        """Return what is to be told before the first recording, each row a word and what it means; none later."""

    def start_recording(self) -> str:
        """Start recording in the background; return one sentence that says so."""

    def stop_recording(self) -> None:
        """Stop the recording in the background and return when it has ended."""

    def pause(self) -> None:
        """Keep nothing that is shown from now on, until `resume`."""

    def resume(self) -> None:
        """End a pause."""

    def disk_bytes(self) -> int:
        """Return how much room the home takes."""

    def copy(self, text: str) -> bool:
        """Give a text to the system's clipboard; tell whether there is one."""

    def view(self, picture: Picture) -> None:
        """Open a picture in the system's viewer, from a private file that is removed at the end."""

    def save(self, picture: Picture, path: Path) -> Path:
        """Write a picture to a file that only its owner can read; return where it is."""

    def forget_preview(self, what: Forgetting) -> Preview | None:
        """Return what a forgetting would come to; None when there is nothing of that."""

    def forget(self, what: Forgetting) -> bool:
        """Forget for good; tell whether nothing of it was found anywhere afterwards."""

    def settings(self) -> Sequence[Setting]:
        """Return the settings in force."""

    def change_setting(self, name: str, value: str) -> None:
        """Write a setting into the file.  Raises SettingsWrong, with nothing written, when it cannot be that."""

    def digest(self, interval: Interval) -> tuple[Digest, Categories]:
        """Return what an interval was spent on, and the categories it is counted under."""

    def correct(self, window: Window, category: str, *, whole_app: bool) -> None:
        """Count a window, and those like it, or all of its application, under another category."""

    def close(self) -> None:
        """Remove what was made for the system's viewer."""
