"""What the interface needs from outside, as protocols.

Owns nothing and does nothing; the front door hands in an object that fulfils `Services`, tests one in memory.

Threads: readers, picture sources, searchers and assistants need not be thread safe.  The interface runs each kind on
a thread of its own (tui.lane), which enters the context manager, makes every call and leaves it at the end: one owner
each.  The attributes and the five recording methods may be called from any thread.  Every method may raise a
DayreelError, whose sentence is shown to the user.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from datetime import tzinfo
from typing import TYPE_CHECKING, Protocol

from timeline.clock import Clock
from timeline.model import Frame, Gap, Interval, Line, Moment, Picture

if TYPE_CHECKING:
    from assistant.answer import Answer
    from index.search import Hit


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


class PictureSource(Protocol):
    """The pictures of frames, large and small."""

    def bgr(self, frame: Frame) -> Picture:
        """Return what the frame showed.  Raises UnreadablePicture when its pixels are gone."""

    def thumbnail(self, frame: Frame) -> Picture | None:
        """Return a small picture of what the frame showed, within a few ms; None where there is none."""


class Searching(Protocol):
    """The part of index.search.Searcher that the interface uses."""

    def search(self, query: str, *, limit: int) -> list[Hit]:
        """Return what was found, best first."""


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
