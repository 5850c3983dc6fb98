"""How long forgetting takes on a large store, and what is left of it afterwards in the raw bytes.

    python bench/forget.py [FOLDER] [--passages N] [--hours H]

Builds a store of so many passages and so much video (written pages, a frame each two seconds, thumbnails, full text
and vectors), then forgets a text, half of the time and an application, each by the command itself, and looks for it
in the decrypted pages of all databases and their logs, in the vocabulary of the full text and in the segments.
"""

from __future__ import annotations

import argparse
import random
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

import cv2
import numpy as np

from dayreel.cli import main
from index.indexer import Indexer
from index.meaning import VectorIndex, VectorRows
from index.store import open_for_writing
from recorder.segments import Segments
from timeline.database import transaction
from timeline.home import Home
from timeline.keys import Key, load_key
from timeline.model import Box, Line, NewFrame, Picture, PlacedWindow, Window, Word
from timeline.plain_pages import plain_pages
from timeline.queue import Queue
from timeline.reader import Reader
from timeline.readings import Readings
from timeline.thumbnails import ThumbnailWriter
from timeline.writer import Writer

START_US = 1_763_812_800_000_000  # 2025-11-22T12:00:00Z
EVERY_US = 2_000_000
SIZE = (1280, 720)
COLUMNS, ROW_PX, LINE_PX = 4, 90, 16  # so far apart that each line is a passage of its own
TEXT = "xylophone4711 sonata"
HOUR_WORD, APP_WORD = "grapefruit", "vaultbalance"
BANK = Window("Vault", "Accounts of Quill")
DIMENSION = 512
_APPS = [Window("Editor", "notes"), Window("Browser", "a page"), Window("Terminal", "shell")]


def build(home: Home, passages: int, hours: float, rng: random.Random) -> Key:
    """Write the store."""
    home.create()
    key = load_key(home, create=True)
    words = ["".join(rng.choices("abcdefghijklmnoprstuvw", k=rng.randint(3, 9))) for _ in range(20_000)]
    frames = int(hours * 3600 * 1_000_000 / EVERY_US)
    with Writer.open(home, key) as writer, ThumbnailWriter(home, key) as thumbnails:
        segments, readings, reader = Segments(home, key, writer), Readings(writer), Reader.open(home, key)
        for number in range(frames):
            at_us, window = START_US + number * EVERY_US, BANK if number % 20 == 7 else _APPS[number % 3]
            lines = _lines(number, max(1, passages // frames), frames, words, rng)
            picture = _page(lines)
            segment_id, pts_us = segments.write(0, picture, at_us, 0)
            whole = (PlacedWindow(window, Box(0, 0, *SIZE)),)
            new = NewFrame(0, at_us, 0, *SIZE, window, segment_id, pts_us, None, windows=whole)
            frame_id = writer.add_frame(new, at_us + EVERY_US)
            readings.keep_reading(frame_id, lines)
            frame = reader.frame(frame_id)
            assert frame is not None
            thumbnails.note(frame, picture)
        segments.close()
        Queue(writer).finish_read()
        indexer = Indexer.open(home, key, None)
        indexer.catch_up(reader)
        indexer.close()
        reader.close()
    _add_vectors(home, key)
    return key


def _lines(number: int, count: int, frames: int, words: list[str], rng: random.Random) -> list[Line]:
    lines = []
    for place in range(count):
        chosen = rng.choices(words, k=5)
        if place == 0 and frames // 4 <= number < frames * 3 // 4:
            chosen[0] = HOUR_WORD
        if place == 1 and number % 20 == 7:
            chosen[0] = APP_WORD
        if place == 2 and number % 100 == 3:
            chosen[1:3] = TEXT.split()
        column, row = place % COLUMNS, place // COLUMNS
        x, y = 10 + column * 318, 10 + row * ROW_PX + column * 22  # beside and below each other: no two read together
        text, at, parts = " ".join(chosen), x, []
        for word in chosen:
            parts.append(Word(word, Box(at, y, at + 7 * len(word), y + LINE_PX)))
            at += 7 * (len(word) + 1)
        lines.append(Line(text, Box(x, y, x + 7 * len(text), y + LINE_PX), 0.9, tuple(parts)))
    return lines


def _page(lines: list[Line]) -> Picture:
    picture = np.full((SIZE[1], SIZE[0], 3), 255, np.uint8)
    for line in lines:
        cv2.putText(picture, line.text, (line.box.x0, line.box.y1 - 3), cv2.FONT_HERSHEY_SIMPLEX, 0.4, (20, 20, 20), 1)
    return picture


def _add_vectors(home: Home, key: Key) -> None:
    """Give each text a vector; which one it is costs nothing to forget."""
    db = open_for_writing(home, key)
    rows = VectorRows(db, "bench", DIMENSION)
    random_vectors = np.random.default_rng(1)
    ids = [row[0] for row in db.conn.execute("SELECT id FROM texts")]
    with transaction(db):
        rows.claim()
        for at in range(0, len(ids), 10_000):
            some = ids[at : at + 10_000]
            vectors = random_vectors.standard_normal((len(some), DIMENSION)).astype(np.float32)
            vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
            rows.put(dict(zip(some, vectors, strict=True)))
    (store,) = db.conn.execute("SELECT value FROM state WHERE name = 'store'").fetchone()
    VectorIndex.open(home, key, rows, store).publish(anyway=True)
    db.close()


def pages_with(home: Home, key: Key, word: str) -> int:
    """Return how many raw pages of all databases and logs hold a word."""
    paths = (home.database, home.index_database, home.thumbnails)
    return sum(word.encode() in page.lower() for path in paths for page in plain_pages(path, key))


def run(folder: Path, passages: int, hours: float) -> None:
    """Build, forget three things, and print seconds and what is left."""
    home = Home(folder)
    began = time.monotonic()
    key = build(home, passages, hours, random.Random(7))
    (home.root / "config.toml").write_text('[index]\nembedder = "none"\n', encoding="utf-8")
    with Reader.open(home, key) as reader:
        counts = reader.counts()
        print(f"built in {time.monotonic() - began:.0f} s: {counts.frames} frames, {counts.passages} passages")
    sizes = {path.name: path.stat().st_size >> 20 for path in (home.database, home.index_database, home.thumbnails)}
    print(f"databases, MB: {sizes}; video: {sum(p.stat().st_size for p in home.video.rglob('*.sealed')) >> 20} MB")
    quarter = hours * 3600 / 4
    bounds = [datetime.fromtimestamp(START_US / 1e6 + at, UTC).isoformat() for at in (quarter, 3 * quarter - 1)]
    for what, word, arguments in (
        ("a text", TEXT.split()[0], ["--text", TEXT]),
        ("half of the time", HOUR_WORD, ["--between", *bounds]),
        ("an application", APP_WORD, ["--app", "vault"]),
    ):
        before = pages_with(home, key, word)
        began = time.monotonic()
        code = main(["forget", "--home", str(folder), "--yes", *arguments])
        print(f"{what}: {time.monotonic() - began:.1f} s, exit {code}, raw pages with it: {before} -> ", end="")
        print(pages_with(home, key, word), flush=True)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", nargs="?")
    parser.add_argument("--passages", type=int, default=100_000)
    parser.add_argument("--hours", type=float, default=2.0)
    chosen = parser.parse_args()
    if chosen.folder:
        run(Path(chosen.folder), chosen.passages, chosen.hours)
    else:
        with tempfile.TemporaryDirectory() as temporary:
            run(Path(temporary) / "home", chosen.passages, chosen.hours)
