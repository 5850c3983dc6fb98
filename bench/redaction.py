"""What taking secrets out costs a frame: CPU milliseconds of the text, of the pixels, and of knowing secrets again.

    python bench/redaction.py [--frames 300]

A frame is 45 lines of ordinary text (manuals below /usr/share/doc) on 1920x1080, of every tenth the middle lines hold a
card, a token and a private key of 24 lines.  Printed: the median and the slowest in a hundred of each step.
"""

from __future__ import annotations

import argparse
import random
import string
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from statistics import median, quantiles
from tempfile import TemporaryDirectory
from typing import TypeVar

import numpy as np

from bench.secret_kinds import SOURCES, screens
from tests.support.stores import StoreUnderTest, line
from timeline.hidden import painted
from timeline.model import Line
from timeline.redaction import Redacted, redact
from timeline.seen_secrets import SeenSecrets

ROWS, COLUMNS, SIZE = 45, 120, (1920, 1080)
T = TypeVar("T")
STEPS = ("redact", "know again", "remember", "paint over")


def main() -> None:
    """Print a row for each step."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--frames", type=int, default=300)
    frames = _frames(options.parse_args().frames)
    took: dict[str, list[float]] = {step: [] for step in STEPS}
    with TemporaryDirectory() as folder:
        store = StoreUnderTest.make(Path(folder))
        _measure(store, frames, took)
        store.close()
    characters = round(median(sum(len(one.text) for one in lines) for lines in frames))
    print(f"{len(frames)} frames of {characters} characters (median), 1920x1080")
    for step, each in took.items():
        if each:
            print(f"{step:12}{median(each):8.2f} ms{quantiles(each, n=100)[-1]:8.2f} ms at most in 99 of 100")


def _measure(store: StoreUnderTest, frames: list[list[Line]], took: dict[str, list[float]]) -> None:
    seen, noise = SeenSecrets(store.home, store.key, store.reader), np.random.default_rng(1)
    picture = noise.integers(0, 255, (SIZE[1], SIZE[0], 3), np.uint8)
    frame = store.reader.frame(store.frame(0))
    assert frame is not None
    for lines in frames:
        again = _timed(took["know again"], partial(seen.on, frame, picture))
        done: Redacted = _timed(took["redact"], partial(redact, lines, again=again))
        if done.hidden:
            _timed(took["remember"], partial(seen.remember, frame, picture, done.hidden))
            _timed(took["paint over"], partial(painted, picture, done.hidden))


def _timed(took: list[float], step: Callable[[], T]) -> T:
    started = time.process_time()
    result = step()
    took.append(1000 * (time.process_time() - started))
    return result


def _frames(count: int) -> list[list[Line]]:
    """Return the lines of so many frames."""
    words = random.Random(3)
    made: list[list[Line]] = []
    for folder, pattern in SOURCES.values():
        for text in screens(folder, pattern, 0.3):
            rows = [part[:COLUMNS] for part in text.splitlines() if part.strip()][:ROWS]
            if len(made) % 10 == 0:
                rows[5:5] = _secrets(words)
            made.append([line(row, number) for number, row in enumerate(rows[:ROWS])])
    words.shuffle(made)
    return made[:count]


def _secrets(words: random.Random) -> list[str]:
    token = "".join(words.choices(string.ascii_letters + string.digits, k=36))
    key = ["".join(words.choices(string.ascii_letters + string.digits + "+/", k=64)) for _ in range(24)]
    framed = ["-----BEGIN RSA PRIVATE KEY-----", *key, "-----END RSA PRIVATE KEY-----"]
    return [f"export GITHUB_TOKEN=ghp_{token}", "paid with 4539 5787 6362 1486", *framed]


if __name__ == "__main__":
    main()
