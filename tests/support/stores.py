"""A store to write into, as the tests of all rooms use it: a real encrypted home in a temporary folder."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

from index.indexer import Indexer
from timeline.home import Home
from timeline.keys import Key, load_key
from timeline.model import Box, Line, NewFrame, Window, Word
from timeline.queue import Queue
from timeline.reader import Reader
from timeline.readings import Readings
from timeline.writer import Writer

NOON_US = 1_763_812_800_000_000  # 2025-11-22T12:00:00Z
SECOND_US = 1_000_000
LINE_HEIGHT = 20


def line(text: str, row: int = 0, x: int = 100, confidence: float = 0.95) -> Line:
    """Return a line of 10 px a character on a row of 30 px, its words split at spaces."""
    y = 40 + 30 * row
    words, cursor = [], 0
    for word in text.split():
        start = text.index(word, cursor)
        cursor = start + len(word)
        words.append(Word(word, Box(x + 10 * start, y, x + 10 * cursor, y + LINE_HEIGHT)))
    return Line(text, Box(x, y, x + 10 * len(text), y + LINE_HEIGHT), confidence, tuple(words))


def lines(*texts: str) -> list[Line]:
    """Return lines one below the other."""
    return [line(text, row) for row, text in enumerate(texts)]


@dataclass
class StoreUnderTest:
    """A writer on a home, and short ways to put a day into it."""

    home: Home
    key: Key
    writer: Writer
    segment_id: int = 0
    _readers: list[Reader] = field(default_factory=list)

    @classmethod
    def make(cls, folder: Path) -> Self:
        home = Home(folder)
        home.create()
        key = load_key(home, create=True)
        writer = Writer.open(home, key)
        return cls(home, key, writer, writer.open_segment("2025-11-22/120000-m0-test.mp4", 0, NOON_US, 1920, 1080))

    def new_frame(self, at_s: float, window: Window = Window("xterm", "shell"), **changes: object) -> NewFrame:
        """Return a frame `at_s` seconds after noon, not committed yet."""
        at_us = NOON_US + round(at_s * SECOND_US)
        values: dict[str, object] = {
            "monitor": 0, "at_us": at_us, "offset_s": 0, "width": 1920, "height": 1080, "window": window,
            "segment_id": self.segment_id, "pts_us": at_us - NOON_US, "spool_name": None,
        }  # fmt: skip
        return NewFrame(**{**values, **changes})  # type: ignore[arg-type]  # the changes are fields of NewFrame

    def frame(
        self,
        at_s: float,
        texts: Sequence[str] = (),
        window: Window = Window("xterm", "shell"),
        *,
        end_s: float | None = None,
    ) -> int:
        """Commit and read a frame that stood until `end_s` (a second, unless said) and return its id."""
        end_us = NOON_US + round((at_s + 1 if end_s is None else end_s) * SECOND_US)
        frame_id = self.writer.add_frame(self.new_frame(at_s, window), end_us)
        self.read(frame_id, lines(*texts))
        return frame_id

    def read(self, frame_id: int, what: Sequence[Line]) -> None:
        """Keep what could be read on a frame."""
        Readings(self.writer).keep_reading(frame_id, what)
        Queue(self.writer).finish_read()

    @property
    def reader(self) -> Reader:
        """A reader of the store, opened when first asked for."""
        if not self._readers:
            self._readers.append(Reader.open(self.home, self.key))
        return self._readers[0]

    def index_text(self) -> None:
        """Make all that was read findable by its words, without vectors."""
        indexer = Indexer.open(self.home, self.key, None)
        indexer.catch_up(self.reader)
        indexer.close()

    def close(self) -> None:
        for reader in self._readers:
            reader.close()
        self.writer.close()
