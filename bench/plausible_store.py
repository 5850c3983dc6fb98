"""A store as years of use make it: pages of real documents in windows of real kinds, day after day, of any size.

    python bench/plausible_store.py HOME [--passages N] [--texts DIR ...] [--vectors] [--seed S]

DIR holds documents (.txt, .md, .rst, .html, .py, and these with .gz); without it the docstrings of Python's library are
shown, which is English only.  A day is 400 frames: a document is opened in one of seven applications, read on by a few
paragraphs at a time, now and then gone back to.  Everything goes the way of real frames: writer, readings, passages,
full text.  Owns how such a day looks; measures nothing.  The same seed and documents give the same store.

With --vectors each text gets the sum of a random vector a word: texts that share words are near, as with an encoder,
at a thousandth of its time.  Pictures are left out: the video is what `bench/forget.py` makes.
"""

from __future__ import annotations

import argparse
import gzip
import html
import random
import re
import time
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from bench.library_pages import docstring_lines
from index.embedder import Vectors
from index.indexer import Indexer
from timeline.home import Home
from timeline.keys import Key, load_key
from timeline.model import Box, Line, NewFrame, PlacedWindow, Window, Word
from timeline.queue import Queue
from timeline.reader import Reader
from timeline.readings import Readings
from timeline.writer import Writer

FIRST_US = 1_420_102_800_000_000  # 2015-01-01T09:00:00Z
DAY_US, FRAME_US = 86_400_000_000, 60_000_000
FRAMES_A_DAY = 400
SIZE_PX = (1920, 1080)
ROWS, ROW_PX, LETTER_PX = 48, 20, 9
PARAGRAPHS_APART = 4  # rows of white between two, so that each is a passage of its own
LINE_CHARACTERS = 100
LEAST_CHARACTERS, MOST_CHARACTERS = 200, 900  # of a paragraph: shorter ones are joined
KINDS = (".txt", ".md", ".rst", ".html", ".htm", ".py", ".po")
LARGEST_BYTES = 4_000_000  # of a document
DIMENSION, WORDS = 512, 65_536
_TAG = re.compile(r"<(script|style)\b.*?</\1>|<[^>]+>", re.DOTALL | re.IGNORECASE)
_BLANK = re.compile(r"\n\s*\n")
_WORD = re.compile(r"[\u3400-\u9fff]|\w+")
_APPS = ("Firefox", "Code", "Terminal", "LibreOffice Writer", "Evince", "Thunderbird", "Slack")


class SummedWords:
    """An embedder by random projection of the words (Johnson and Lindenstrauss, 1984)."""

    name, dimension = "summed words", DIMENSION

    def __init__(self) -> None:
        self._table = np.random.default_rng(1).standard_normal((WORDS, DIMENSION)).astype(np.float32)

    def embed(self, texts: Sequence[str]) -> Vectors:
        """Return one vector a text."""
        sums = self.sums(texts)
        vectors: Vectors = sums / np.maximum(np.linalg.norm(sums, axis=1, keepdims=True), 1e-6)
        return vectors

    def sums(self, texts: Sequence[str]) -> Vectors:
        """Return of each text its vector before it is brought to length 1: those of its lines add up to it."""
        return np.stack([self._table[_numbers(text)].sum(axis=0) for text in texts])


def _numbers(text: str) -> list[int]:
    return [zlib.crc32(word.encode()) % WORDS for word in _WORD.findall(text.lower())] or [0]


@dataclass(frozen=True, slots=True)
class Document:
    """What is read in one window."""

    title: str
    paragraphs: tuple[str, ...]


def documents(folders: Sequence[Path]) -> list[Document]:
    """Return the documents of some folders in the order of their names, without folders the library's docstrings."""
    if not folders:
        lines = list(docstring_lines())
        return [
            Document(f"Library, part {at // 500 + 1}", _paragraphs("\n\n".join(lines[at : at + 500])))
            for at in range(0, len(lines), 500)
        ]
    found = []
    for folder in folders:
        for path in sorted(folder.rglob("*")):
            if path.name.removesuffix(".gz").endswith(KINDS) and path.is_file() and path.stat().st_size < LARGEST_BYTES:
                document = Document(path.name.removesuffix(".gz"), _paragraphs(_read(path)))
                if document.paragraphs:
                    found.append(document)
    return found


def _read(path: Path) -> str:
    data = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
    text = data.decode(errors="replace")
    if ".htm" in path.name:
        text = html.unescape(_TAG.sub(" ", re.sub(r"</(p|div|li|h\d|pre|td)>", "\n\n", text, flags=re.IGNORECASE)))
    return text


def _paragraphs(text: str) -> tuple[str, ...]:
    found, part = [], ""
    for block in _BLANK.split(text):
        part = f"{part} {' '.join(block.split())}".strip()
        if len(part) >= LEAST_CHARACTERS:
            found.append(part[:MOST_CHARACTERS])
            part = ""
    return tuple(found)


class Days:
    """The frames of one day after the other: where each window is in its document is remembered."""

    def __init__(self, library: Sequence[Document], chance: random.Random, number: int = 0) -> None:
        """`number`: the last figure that was given to a page."""
        self._library, self._chance = library, chance
        self._number = number

    def day(self) -> Iterator[tuple[Window, list[Line]]]:
        """Yield what a day's frames show."""
        shown = 0
        while shown < FRAMES_A_DAY:
            document, app = self._chance.choice(self._library), self._chance.choice(_APPS)
            window = Window(
                app, f"{document.title} - {app}", f"https://docs.example/{document.title}" if app == "Firefox" else None
            )
            at = self._chance.randrange(len(document.paragraphs))
            for _ in range(self._chance.randint(3, 30)):
                some = document.paragraphs[at : at + self._chance.randint(3, 5)]
                yield window, self._page(some or document.paragraphs[:2])
                shown += 1
                at = (at + self._chance.choice((1, 2, 2, 3, -2))) % len(document.paragraphs)

    def _page(self, paragraphs: Sequence[str]) -> list[Line]:
        """Return paragraphs as lines on a screen; a figure in each is of this page alone, as in what people write."""
        lines, row = [], 1
        for paragraph in paragraphs:
            self._number += 1
            for piece in _wrapped(f"{paragraph} #{self._number}" if self._chance.random() < 0.7 else paragraph):
                lines.append(line_at(piece, row))
                row += 1
            row += PARAGRAPHS_APART
        return lines


def _wrapped(text: str) -> Iterator[str]:
    while text:
        cut = (
            len(text)
            if len(text) <= LINE_CHARACTERS
            else max(text.rfind(" ", 0, LINE_CHARACTERS), 0) or LINE_CHARACTERS
        )
        yield text[:cut].strip()
        text = text[cut:].strip()


def line_at(text: str, row: int) -> Line:
    """Return a line of text on a row of the screen."""
    x, y = 200, 20 + ROW_PX * row
    words = tuple(
        Word(one[0], Box(x + LETTER_PX * one.start(), y, x + LETTER_PX * one.end(), y + 14))
        for one in re.finditer(r"\S+", text)
    )
    return Line(text, Box(x, y, x + LETTER_PX * len(text), y + 14), 0.97, words)


def fill(home: Home, library: Sequence[Document], passages: int, *, vectors: bool = False, seed: int = 1) -> Key:
    """Fill a new home with at least so many passages and return its key."""
    home.create()
    key = load_key(home, create=True)
    days, began = Days(library, random.Random(seed)), time.monotonic()
    whole = (Box(0, 0, *SIZE_PX),)
    with Writer.open(home, key) as writer, Reader.open(home, key) as reader:
        readings, queue = Readings(writer), Queue(writer)
        indexer = Indexer.open(home, key, SummedWords if vectors else None)
        day = indexed = 0
        while indexed < passages:
            segment_id = writer.open_segment(f"{day}.none", 0, FIRST_US + day * DAY_US, *SIZE_PX)
            for number, (window, lines) in enumerate(days.day()):
                at_us = FIRST_US + day * DAY_US + number * FRAME_US
                placed = (PlacedWindow(window, *whole),)
                new = NewFrame(0, at_us, 0, *SIZE_PX, window, segment_id, number, None, windows=placed)
                readings.keep_reading(writer.add_frame(new, at_us + FRAME_US), lines)
            queue.finish_read()
            indexed += indexer.catch_up(reader)
            day += 1
            if day % 20 == 0:
                print(f"{day} days, {indexed} passages, {time.monotonic() - began:.0f} s", flush=True)
        indexer.close()
    return key


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("home", type=Path)
    parser.add_argument("--passages", type=int, default=100_000)
    parser.add_argument("--texts", type=Path, nargs="*", default=[])
    parser.add_argument("--vectors", action="store_true")
    parser.add_argument("--seed", type=int, default=1)
    chosen = parser.parse_args()
    fill(Home(chosen.home), documents(chosen.texts), chosen.passages, vectors=chosen.vectors, seed=chosen.seed)
