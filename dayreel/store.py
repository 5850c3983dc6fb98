"""A home opened for reading: its key, timeline, pictures and search, each opened when first asked for.

Owns what is open and closes it; the commands and the terminal interface get everything from here.
"""

from __future__ import annotations

from functools import cached_property
from typing import Self

from dayreel.embedders import embedder_factory
from dayreel.settings import Settings
from dayreel.upgrading import open_reader
from index.search import Searcher
from timeline.closing import Closing
from timeline.errors import NothingFound
from timeline.home import Home
from timeline.keys import Key, load_key
from timeline.pictures import Pictures
from timeline.reader import Reader
from timeline.thumbnails import Thumbnails


class Store(Closing):
    """One home, read-only.  One thread at a time."""

    def __init__(self, home: Home, settings: Settings) -> None:
        self.home, self._settings = home, settings

    @classmethod
    def open(cls, home: Home, settings: Settings) -> Self:
        """Return the store of a home.  Raises NothingFound when nothing was ever recorded there."""
        if not home.key_file.exists() and not home.database.exists():
            raise NothingFound(f"Nothing has been recorded in {home.root} yet: begin with `dayreel record`.")
        return cls(home, settings)

    @cached_property
    def key(self) -> Key:
        return load_key(self.home)

    @cached_property
    def reader(self) -> Reader:
        return open_reader(self.home, self.key)

    @cached_property
    def pictures(self) -> Pictures:
        return Pictures(self.home, self.key, self.reader)

    @cached_property
    def thumbnails(self) -> Thumbnails:
        return Thumbnails(self.home, self.key)

    @cached_property
    def searcher(self) -> Searcher:
        self.reader  # noqa: B018 - a timeline that is foreign or damaged is told of here, not found empty
        return Searcher.open(self.home, self.key, embedder_factory(self._settings.index.embedder))

    def close(self) -> None:
        """Close whatever was opened."""
        for name in ("searcher", "thumbnails", "pictures", "reader"):
            part = self.__dict__.pop(name, None)
            if part is not None:
                part.close()
