"""The lanes of one run of the interface: which threads there are, and what each owns."""

from __future__ import annotations

from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from typing import Self

from tui.lane import Lane
from tui.services import PictureSource, Searching, Services, TimelineReader


@dataclass(frozen=True, slots=True)
class Lanes:
    """Four threads, so that a slow search or picture never holds up the text, nor a slow stop the search."""

    reading: Lane[TimelineReader]
    picture: Lane[PictureSource]
    search: Lane[Searching]
    control: Lane[Services]

    @classmethod
    def over(cls, services: Services) -> Self:
        """Return the lanes; nothing is opened before its first call."""

        def control() -> AbstractContextManager[Services]:
            return nullcontext(services)

        return cls(
            Lane("reading", services.reader),
            Lane("picture", services.pictures),
            Lane("search", services.searcher),
            Lane("control", control),
        )

    def close(self) -> None:
        """Close what was opened and end the threads."""
        for lane in (self.reading, self.picture, self.search, self.control):
            lane.close()
        for lane in (self.reading, self.picture, self.search, self.control):
            lane.join()
