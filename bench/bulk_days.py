"""The days of bench/plausible_store.py as rows, many times faster: a million passages in a quarter of an hour.

    python bench/bulk_days.py HOME [--passages N] [--texts DIR ...] [--seed S] [--cores N]

What is shown is what `plausible_store.Days` shows, with its vectors; but the rows of a day are made in another process
and written in one transaction a database, past writer, readings and indexer.  Owns how those rows look; a store of real
size for figures, which tests of these three must not use.  Each frame has lines of its own.
"""

from __future__ import annotations

import argparse
import random
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from functools import lru_cache
from itertools import count
from multiprocessing import get_context
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from bench.plausible_store import (
    DAY_US,
    FIRST_US,
    FRAME_US,
    ROW_PX,
    SIZE_PX,
    Days,
    Document,
    SummedWords,
    documents,
    line_at,
)
from index.compact import pack_vectors
from index.lexical import meta
from index.store import give_back, open_for_writing
from index.texts import HASH_BYTES
from index.tokens import Columns, columns
from timeline.database import Database, transaction
from timeline.home import Home
from timeline.keys import Key, load_key
from timeline.model import Box, Line, PlacedWindow, Window
from timeline.packing import pack_confidence, pack_ids, pack_words
from timeline.passages import passage_text, text_hash
from timeline.writer import Writer

CACHED_LINES = 40_000
MERGED_EVERY = 64  # passages
LARGEST_CACHE_KB = 200_000  # of a database's pages while it is filled

_library: Sequence[Document] = ()
_words: SummedWords


@dataclass(frozen=True, slots=True)
class _Block:
    """One passage of one frame, ready to be written."""

    text_hash: bytes
    lines: list[tuple[object, ...]]
    columns: Columns
    meta: str
    vector: NDArray[np.float32] | bytes


@dataclass(frozen=True, slots=True)
class _Cut:
    """A line as its passage needs it; a page that is read on shows most lines again."""

    words: bytes
    columns: Columns
    vector: NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class _Shown:
    """One frame."""

    window: Window
    blocks: list[_Block]


def _day(number: int, seed: int) -> list[_Shown]:
    """Return the frames of a day."""
    shown = list(Days(_library, random.Random(seed * 1_000_003 + number), number * 10_000).day())
    day = datetime.fromtimestamp((FIRST_US + number * DAY_US) / 1e6, UTC).date()
    every = [_Shown(window, [_block(window, day, block) for block in _passages(lines)]) for window, lines in shown]
    blocks = [block for one in every for block in one.blocks]
    packed = pack_vectors(np.stack([np.asarray(block.vector) for block in blocks]))
    return [_Shown(one.window, [replace(block, vector=packed.pop(0)) for block in one.blocks]) for one in every]


def _passages(lines: Sequence[Line]) -> list[list[Line]]:
    """Return the lines of each paragraph, which stand apart."""
    found: list[list[Line]] = []
    for line in lines:
        if not found or line.box.y0 > found[-1][-1].box.y0 + ROW_PX:
            found.append([])
        found[-1].append(line)
    return found


def _block(window: Window, day: date, lines: Sequence[Line]) -> _Block:
    cuts = [_cut(line.text) for line in lines]
    rows = [_line_row(line, cut.words) for line, cut in zip(lines, cuts, strict=True)]
    whole = Columns(*(" ".join(filter(None, parts)) for parts in zip(*(_strings(cut) for cut in cuts), strict=True)))
    vector = np.sum([cut.vector for cut in cuts], axis=0)
    vector /= max(float(np.linalg.norm(vector)), 1e-6)
    return _Block(text_hash(passage_text(lines)), rows, whole, meta(window, day), vector)


@lru_cache(maxsize=CACHED_LINES)
def _cut(text: str) -> _Cut:
    return _Cut(pack_words(line_at(text, 0)), columns(text), _words.sums([text])[0])


def _strings(cut: _Cut) -> tuple[str, str, str]:
    return cut.columns.body, cut.columns.parts, cut.columns.stems


def _line_row(line: Line, words: bytes) -> tuple[object, ...]:
    box = line.box
    return line.text, box.x0, box.y0, box.x1, box.y1, pack_confidence(line.confidence), words


class _Filler:
    """Writes days to the two databases."""

    def __init__(self, timeline: Database, index: Database, windows: Writer) -> None:
        self._timeline, self._index, self._windows = timeline, index, windows
        self._frames, self._lines, self._spans, self._moments = count(1), count(1), count(1), count(1)
        self._texts: dict[bytes, int] = {}
        self.passages = 0

    def write(self, number: int, shown: Sequence[_Shown]) -> None:
        """Write one day, each database in one transaction."""
        entries: list[tuple[int, _Block]] = []
        with transaction(self._timeline):
            self._write_day(number, shown, entries)
        with transaction(self._index):
            self._write_index(entries)
        for _ in range(len(entries) // MERGED_EVERY + 1):  # as the worker does after each of its batches
            give_back(self._index)

    def _write_day(self, number: int, shown: Sequence[_Shown], entries: list[tuple[int, _Block]]) -> None:
        run, day_us = self._timeline.conn.execute, FIRST_US + number * DAY_US
        day = datetime.fromtimestamp(day_us / 1e6, UTC).date().isoformat()
        segment = run(
            "INSERT INTO segments (name, monitor, start_us, width, height, closed, pixels) VALUES (?,0,?,?,?,1,'gone')",
            [f"{number}.none", day_us, *SIZE_PX],
        ).lastrowid
        known: dict[tuple[int, bytes], int] = {}
        last = moment = 0
        for place, one in enumerate(shown):
            start_us, frame = day_us + place * FRAME_US, next(self._frames)
            end_us = start_us + FRAME_US
            window = self._windows.window_id(one.window)
            if window != last:
                moment, last = next(self._moments), window
                run(
                    "INSERT INTO moments VALUES (?,0,'screen',?,?,?,0,?,?)",
                    [moment, window, start_us, end_us, frame, frame],
                )
            else:
                run("UPDATE moments SET end_us = ?, last_frame = ? WHERE id = ?", [end_us, frame, moment])
            layout = self._windows._layout((PlacedWindow(one.window, Box(0, 0, *SIZE_PX)),))  # noqa: SLF001 - its rows
            run(
                "INSERT INTO frames (id, monitor, start_us, end_us, offset_s, width, height, window_id, moment_id,"
                " segment_id, pts_us, source, active, layout_id) VALUES (?,0,?,?,0,?,?,?,?,?,?,'screen',1,?)",
                [frame, start_us, end_us, *SIZE_PX, window, moment, segment, place, layout],
            )
            run("INSERT INTO jobs (frame_id, state) VALUES (?, 'done')", [frame])
            self._write_blocks(frame, window, day, start_us, one.blocks, known, entries)

    def _write_blocks(
        self, frame: int, window: int, day: str, start_us: int, blocks: Sequence[_Block],
        known: dict[tuple[int, bytes], int], entries: list[tuple[int, _Block]],
    ) -> None:  # fmt: skip
        conn = self._timeline.conn
        every: list[int] = []
        spans: list[int] = []
        for block in blocks:
            ids = [next(self._lines) for _ in block.lines]
            conn.executemany(
                "INSERT INTO lines (id, text, x0, y0, x1, y1, confidence, words, first_frame, last_frame)"
                " VALUES (?,?,?,?,?,?,?,?,?,?)",
                [(one, *row, frame, frame) for one, row in zip(ids, block.lines, strict=True)],
            )
            passage = known.get((window, block.text_hash))
            if passage is None:
                self.passages += 1
                passage = known[window, block.text_hash] = self.passages
                conn.execute(
                    "INSERT INTO passages VALUES (?,?,?,'',?,?)", [passage, window, day, block.text_hash, passage]
                )
                entries.append((passage, block))
            span = next(self._spans)
            conn.execute(
                "INSERT INTO passage_spans VALUES (?,?,0,?,?,?,?,0,?)",
                [span, passage, frame, frame, start_us, start_us + FRAME_US, pack_ids(ids)],
            )
            every += ids
            spans.append(span)
        conn.execute("INSERT INTO readings VALUES (?,?,?)", [frame, pack_ids(every), pack_ids(spans)])

    def _write_index(self, entries: Sequence[tuple[int, _Block]]) -> None:
        conn = self._index.conn
        conn.executemany(
            "INSERT INTO passages_text (rowid, body, parts, stems, meta) VALUES (?,?,?,?,?)",
            [(one, cut.columns.body, cut.columns.parts, cut.columns.stems, cut.meta) for one, cut in entries],
        )
        for passage, block in entries:
            short = block.text_hash[:HASH_BYTES]
            text = self._texts.get(short)
            if text is None:
                text = self._texts[short] = len(self._texts) + 1
                conn.execute("INSERT INTO texts VALUES (?, ?)", [text, short])
                conn.execute("INSERT INTO vectors (text_id, vector) VALUES (?, ?)", [text, block.vector])
            conn.execute("INSERT INTO entries VALUES (?, ?)", [passage, text])
        conn.execute("UPDATE state SET value = ? WHERE name = 'changed'", [self.passages])


def fill(home: Home, library: Sequence[Document], passages: int, *, seed: int = 1, cores: int = 2) -> Key:
    """Fill a new home with at least so many passages and return its key."""
    global _library, _words
    home.create()
    key, began = load_key(home, create=True), time.monotonic()
    _library, _words = library, SummedWords()
    with Writer.open(home, key) as writer, get_context("fork").Pool(cores) as pool:
        index = open_for_writing(home, key)
        index.conn.execute("UPDATE state SET value = ? WHERE name IN ('model', 'vectors')", [SummedWords.name])
        for db in (writer.db, index):
            db.conn.execute(f"PRAGMA cache_size = -{LARGEST_CACHE_KB}")
            db.conn.execute("PRAGMA foreign_keys = OFF")
        filler = _Filler(writer.db, index, writer)
        for number, shown in enumerate(_days(pool, seed)):
            filler.write(number, shown)
            if number % 20 == 0:
                print(f"{number} days, {filler.passages} passages, {time.monotonic() - began:.0f} s", flush=True)
            if filler.passages >= passages:
                break
        pool.terminate()
        index.close()
    return key


def _days(pool: object, seed: int) -> Iterator[list[_Shown]]:
    """Yield one day after the other, a few of them made ahead."""
    ahead = []
    for number in count():
        ahead.append(pool.apply_async(_day, (number, seed)))  # type: ignore[attr-defined]  # a Pool of any context
        if len(ahead) > 4:
            yield ahead.pop(0).get()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("home", type=Path)
    parser.add_argument("--passages", type=int, default=1_000_000)
    parser.add_argument("--texts", type=Path, nargs="*", default=[])
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--cores", type=int, default=2)
    chosen = parser.parse_args()
    fill(Home(chosen.home), documents(chosen.texts), chosen.passages, seed=chosen.seed, cores=chosen.cores)
