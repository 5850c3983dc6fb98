"""What encryption costs: inserting, searching, encoding and seeking with and without it, in turn in one run.

    python bench/encryption.py [--data DIR] [--passages 20000] [--frames 120] [--seeks 200]

Two stores are filled with the same text (docstrings of Python's library, as pages of two columns) through the product's
own writer, readings and indexer, and asked the same questions: one encrypted as ever, one without any key (see
bench/without_key.py).  Then the screens below `--data` (folders of PNG files; the recorded tour without it) go through
the spool and are encoded into a sealed and a plain file, which are looked at.  What is measured is done by both in
turn, now the one first, now the other; the making of vectors, which costs both the same, is left out (they are of
hashed words, no model's).  All that is read is in the system's cache.  Printed, for each: median wall ms and mean CPU
ms of both and their ratios; the files' bytes.
"""

from __future__ import annotations

import argparse
import random
import statistics
import tempfile
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from functools import partial
from itertools import cycle, islice
from pathlib import Path
from zlib import crc32

import numpy as np

from bench.library_pages import SIZE_PX, pages
from bench.sealing import Times
from bench.without_key import Side, both_sides, is_plain
from dayreel.demo.tour import TOUR
from index.embedder import Embedder, Vectors
from index.indexer import Indexer
from index.meaning import VectorIndex, VectorRows
from index.query import parse
from index.search import Mode, Searcher
from index.store import open_for_writing
from index.tokens import flowing
from ocr.picture_file import load_picture
from timeline.clock import SECOND_US
from timeline.encoders import CRF, GOP
from timeline.keys import derive
from timeline.model import Line, NewFrame, Picture, Window
from timeline.passages import build_passages, passage_text
from timeline.queue import Queue
from timeline.reader import Reader
from timeline.readings import Readings
from timeline.spool import Spool
from timeline.video import SegmentReader, SegmentWriter
from timeline.writer import Writer

FRAME_US = 10 * SECOND_US
QUERIES = 100
OPENINGS = 15
MODES: dict[str, Mode] = {"text": "text", "text and meaning": "hybrid"}


class HashedWords:
    """An embedder of words alone, each a fixed direction.  It remembers texts, so that its own time is nobody's."""

    name, dimension = "hashed words", 512

    def __init__(self) -> None:
        self._words: dict[str, Vectors] = {}
        self._texts: dict[str, Vectors] = {}

    def embed(self, texts: Sequence[str]) -> Vectors:
        for text in texts:
            if text not in self._texts:
                vector = sum((self._word(word) for word in text.casefold().split()), np.zeros(512, np.float32))
                self._texts[text] = vector / np.linalg.norm(vector)
        return np.stack([self._texts[text] for text in texts]) if texts else np.empty((0, 512), np.float32)

    def _word(self, word: str) -> Vectors:
        if word not in self._words:
            chosen = np.random.default_rng(crc32(word.encode()))
            self._words[word] = chosen.standard_normal(self.dimension, dtype=np.float32)
        return self._words[word]


class Table:
    """The times of both sides, by what was done."""

    def __init__(self, sides: Sequence[Side]) -> None:
        self._sides, self._turns = sides, 0
        self._rows: dict[str, dict[str, Times]] = {}

    def measure(self, what: str, act: Callable[[Side], object]) -> None:
        """Let both sides do one thing, each time the other one first."""
        times = self._rows.setdefault(what, {side.name: Times() for side in self._sides})
        self._turns += 1
        for side in self._sides[:: 1 if self._turns % 2 else -1]:
            with side.applied(), times[side.name].one():
                act(side)

    def print(self) -> None:
        """Print a line for each thing that was not printed yet."""
        print(f"{'':36}{'times':>7}{'wall p50: plain encrypted  ratio':>36}{'CPU mean: plain encrypted  ratio':>36}")
        for what, times in self._rows.items():
            plain, encrypted = (times[side.name] for side in self._sides)
            wall = [statistics.median(one.wall_ms) for one in (plain, encrypted)]
            cpu = [statistics.fmean(one.cpu_ms) for one in (plain, encrypted)]
            columns = "".join(f"{a:19.3f}{b:10.3f}{b / a if a else 1:7.2f}" for a, b in (wall, cpu))
            print(f"{what:36}{len(plain.wall_ms):7}{columns}", flush=True)
        self._rows.clear()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, help="a folder of folders of screens")
    parser.add_argument("--passages", type=int, default=20_000)
    parser.add_argument("--frames", type=int, default=120, help="of each segment")
    parser.add_argument("--seeks", type=int, default=200, help="in each segment")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="dayreel-encryption-") as folder:
        sides = both_sides(Path(folder))
        table, embedder = Table(sides), HashedWords()
        fill(table, sides, embedder, options.passages)
        table.print()
        open_index(table, sides, embedder)
        search(table, sides, embedder)
        table.print()
        folders = sorted(one for one in options.data.iterdir() if one.is_dir()) if options.data else [TOUR.recording]
        for one in folders:
            screens = [load_picture(path) for path in sorted(one.glob("*.png"))]
            encode(table, sides, list(islice(cycle(screens + screens[-2:0:-1]), options.frames)), options.seeks)
        table.print()
        print_sizes(sides)


# Text


@dataclass(frozen=True, slots=True)
class _Filled:
    """What fills a store: the recorder's writer, whose commits are synced, and the worker's."""

    recorder: Writer
    worker: Writer
    reader: Reader
    indexer: Indexer
    segment_id: int


def fill(table: Table, sides: Sequence[Side], embedder: HashedWords, passages: int) -> None:
    """Commit frames, keep what could be read on them, and index it, until there are so many passages."""
    with ExitStack() as stack:
        filled = {side.name: _filled(side, embedder, stack) for side in sides}
        reader = filled[sides[0].name].reader
        for number, lines in enumerate(pages()):
            embedder.embed([flowing(passage_text(block)) for block in build_passages(lines)])
            _fill_one(table, filled, number, lines)
            if number % 50 == 0 and reader.counts().passages >= passages:
                break
        print(f"{number + 1:,} frames, {reader.counts().passages:,} passages", flush=True)


def _filled(side: Side, embedder: Embedder, stack: ExitStack) -> _Filled:
    with side.applied():
        recorder = stack.enter_context(Writer.open(side.home, side.key, durable=True))
        worker = stack.enter_context(Writer.open(side.home, side.key))
        reader = stack.enter_context(Reader.open(side.home, side.key))
        indexer = Indexer.open(side.home, side.key, lambda: embedder)
    stack.callback(indexer.close)
    return _Filled(recorder, worker, reader, indexer, recorder.open_segment("none", 0, 0, *SIZE_PX))


def _fill_one(table: Table, filled: dict[str, _Filled], number: int, lines: Sequence[Line]) -> None:
    at_us, window = number * FRAME_US, Window("Browser", f"Page {number}")
    frames: dict[str, int] = {}

    def commit(side: Side) -> None:
        one = filled[side.name]
        new = NewFrame(0, at_us, 0, *SIZE_PX, window, one.segment_id, at_us, None)
        frames[side.name] = one.recorder.add_frame(new, at_us + FRAME_US)

    def keep(side: Side) -> None:
        Readings(filled[side.name].worker).keep_reading(frames[side.name], lines)

    def index(side: Side) -> None:
        filled[side.name].indexer.catch_up(filled[side.name].reader)
        Queue(filled[side.name].worker).finish_read()

    table.measure("insert: a frame, synced", commit)
    table.measure("insert: what was read on it", keep)
    table.measure("insert: into text and vector index", index)


def open_index(table: Table, sides: Sequence[Side], embedder: Embedder) -> None:
    """Open the index as the worker does, which checks every page; load the vector cache, and write it."""
    loaded: dict[str, VectorIndex] = {}
    with ExitStack() as stack:
        rows = {side.name: _rows(side, embedder, stack) for side in sides}

        def load(side: Side) -> None:
            loaded[side.name] = VectorIndex.open(side.home, side.key, *rows[side.name])

        for _ in range(OPENINGS):
            table.measure("index.db opened to be written", lambda side: open_for_writing(side.home, side.key).close())
            table.measure("vectors.index loaded", load)
            table.measure("vectors.index written, synced", lambda side: loaded[side.name].publish(anyway=True))


def _rows(side: Side, embedder: Embedder, stack: ExitStack) -> tuple[VectorRows, str]:
    with side.applied():
        db = open_for_writing(side.home, side.key)
    stack.callback(db.close)
    (store,) = db.conn.execute("SELECT value FROM state WHERE name = 'store'").fetchone()
    return VectorRows(db, embedder.name, embedder.dimension), store


def search(table: Table, sides: Sequence[Side], embedder: HashedWords) -> None:
    """Ask for words that stand beside each other on some page: what is open already, then what must be opened."""
    chosen = random.Random(2)
    words = [[word for word in line.text.split() if word.isalpha()] for page in islice(pages(), 30) for line in page]
    queries = [" ".join(line[:3]) for line in chosen.sample([line for line in words if len(line) > 3], QUERIES)]
    embedder.embed([parse(query).said for query in queries])
    with ExitStack() as stack:
        searchers = {
            side.name: stack.enter_context(Searcher.open(side.home, side.key, lambda: embedder)) for side in sides
        }
        for name, mode in MODES.items():
            for query in [queries[0], *queries]:  # the first one opens what is opened once; its time is no median's
                table.measure(f"search by {name}", partial(_ask, searchers, query, mode))
    for query in queries:
        table.measure("search by text, opened for it", partial(_ask_once, query))


def _ask(searchers: Mapping[str, Searcher], query: str, mode: Mode, side: Side) -> None:
    assert searchers[side.name].search(query, mode=mode), "a page's own words are not found"


def _ask_once(query: str, side: Side) -> None:
    with Searcher.open(side.home, side.key, None) as searcher:
        searcher.search(query)


# Pictures


def encode(table: Table, sides: Sequence[Side], screens: Sequence[Picture], seeks: int) -> None:
    """Put screens into the spool and into a segment, and look at random ones of the segment."""
    height, width = screens[0].shape[:2]
    paths = {side.name: side.home.video / f"{len(list(side.home.video.iterdir()))}{side.suffix}" for side in sides}
    with ExitStack() as stack:
        writers = {
            side.name: stack.enter_context(
                SegmentWriter(side.file.create(paths[side.name], _secret(side)), width, height, 0, CRF, GOP)
            )
            for side in sides
        }
        for place, screen in enumerate(screens):
            table.measure("spool entry written and read", partial(_spool, screen))
            table.measure("encode: a frame", partial(_write, writers, screen, place * SECOND_US))
            table.measure("encode: its fdatasync", lambda side: writers[side.name].sync())
    chosen = random.Random(3)

    def opened(side: Side) -> SegmentReader:
        return SegmentReader(paths[side.name], _secret(side), width, height)

    for _ in range(OPENINGS):
        table.measure("seek: opening a segment", lambda side: opened(side).close())
    with ExitStack() as stack:
        readers = {side.name: stack.enter_context(opened(side)) for side in sides}
        for _ in range(seeks):
            table.measure("seek: a random frame", partial(_look, readers, chosen.randrange(len(screens)) * SECOND_US))


def _secret(side: Side) -> bytes:
    return derive(side.key, "video")


def _spool(screen: Picture, side: Side) -> None:
    spool = Spool(side.home, side.key)
    name = spool.put(screen)
    spool.get(name)
    spool.remove(name)


def _write(writers: Mapping[str, SegmentWriter], screen: Picture, at_us: int, side: Side) -> None:
    writers[side.name].write(screen, at_us)


def _look(readers: Mapping[str, SegmentReader], pts_us: int, side: Side) -> None:
    readers[side.name].picture(pts_us)


def print_sizes(sides: Sequence[Side]) -> None:
    """Print the bytes of what was written, and see that it is what it is called."""
    assert [is_plain(side.home.database) for side in sides] == [True, False]
    assert [is_plain(side.home.index_database) for side in sides] == [True, False]
    for name in ("timeline.db", "index.db", "vectors.index", "video"):
        plain, encrypted = (_bytes_of(side.home.root / name) for side in sides)
        print(f"{name:36}{plain:15,} bytes plain {encrypted:15,} encrypted {encrypted / plain:7.3f}")


def _bytes_of(path: Path) -> int:
    return path.stat().st_size if path.is_file() else sum(one.stat().st_size for one in path.iterdir())


if __name__ == "__main__":
    main()
