"""What reading only what changed saves, and what it loses: bench/incremental.py --data DIR.

The engine that reads whole remembers no line of the picture before, which those that were scrolled would be.
DIR holds score.py and, in sequences/NAME/, pictures 000.png, 001.png, ... of one screen with their truth (000.json,
...).  Each picture is read whole, then by what changed, by the same engine in the same process.  The first picture of
a sequence is read whole by both and counts for neither.  `--rounds` plays a sequence there and back again, so that an
error would have time to stay.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from statistics import median
from types import ModuleType
from typing import Any

import numpy as np

from bench.known_screens import forget_lines, load_score
from bench.reading import counts_of, shares_of
from ocr.engine import Engine
from ocr.engines import choose_engine
from ocr.incremental import IncrementalReader
from ocr.picture_file import load_picture
from timeline.model import Line, Picture

FRAME_US = 700_000  # between two pictures; what moves without end is left alone after a while


def main() -> int:
    """Read every sequence in both ways and print a row for each."""
    options = _options()
    score = load_score(options.data)
    engine = choose_engine(options.engine)
    engine.read(np.full((64, 256, 3), 255, np.uint8))  # loads what is loaded on first use
    print(f"{'sequence':12} {'frames':>6} {'CPU share':>10} {'median':>7} {'worst':>7} {'area':>6}"
          f" {'recall whole':>13} {'changed':>8} {'worst loss':>11} {'strict whole':>13} {'changed':>8}")  # fmt: skip
    for folder in sorted((options.data / "sequences").iterdir()):
        if folder.is_dir() and (not options.only or folder.name in options.only):
            _print(folder.name, _measure(folder, engine, score, options.rounds, options.verbose))
    return 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True, help="folder of score.py and of sequences/")
    parser.add_argument("--engine", default="auto", help="the engine that reads")
    parser.add_argument("--only", action="append", metavar="NAME", help="a sequence; all unless given")
    parser.add_argument("--rounds", type=int, default=0, metavar="N", help="play it there and back N times more")
    parser.add_argument("--verbose", action="store_true", help="a line a picture on stderr")
    return parser.parse_args()


class _Frame:
    """What both ways came to on one picture."""

    def __init__(self, whole: tuple[float, Counter[str]], changed: tuple[float, Counter[str]], area: float) -> None:
        self.whole_s, self.whole = whole
        self.changed_s, self.changed = changed
        self.area = area


def _measure(folder: Path, engine: Engine, score: ModuleType, rounds: int, verbose: bool) -> list[_Frame]:
    reader, alone = IncrementalReader(engine), choose_engine(engine.name)
    frames = []
    known: dict[Path, tuple[float, Counter[str]]] = {}  # what was read whole is the same each time
    paths = sorted(folder.glob("*.png"))
    for number, path in enumerate([*paths, *(_there_and_back(paths, rounds))]):
        picture, truth = load_picture(path), json.loads(path.with_suffix(".json").read_text("utf-8"))
        if path not in known:
            forget_lines(alone)
            known[path] = _timed(lambda: alone.read(picture), truth, picture, score)  # noqa: B023
        areas: list[float] = []

        def changed() -> list[Line]:
            reading = reader.read(picture, number * FRAME_US)  # noqa: B023
            areas.append(reading.share)  # noqa: B023
            return reading.lines

        frame = _Frame(known[path], _timed(changed, truth, picture, score), areas[0])
        if verbose:
            print(f"{folder.name} {path.stem} {frame.whole_s:.2f} s {frame.changed_s:.2f} s area {frame.area:.3f}"
                  f" {shares_of(frame.whole)} {shares_of(frame.changed)}", file=sys.stderr)  # fmt: skip
        if number:
            frames.append(frame)
    return frames


def _there_and_back(paths: list[Path], rounds: int) -> Iterator[Path]:
    for turn in range(rounds):
        yield from (paths[-2::-1] if turn % 2 == 0 else paths[1:])


def _timed(
    read: Callable[[], list[Line]], truth: dict[str, Any], picture: Picture, score: ModuleType
) -> tuple[float, Counter[str]]:
    started = time.process_time()
    lines = read()
    return time.process_time() - started, counts_of(lines, truth, picture, score)


def _recall(counts: Counter[str]) -> float:
    """Return the share of words and Chinese characters that were found."""
    return (counts["hit"] + counts["chit"]) / max(1, counts["tok"] + counts["cjk"])


def _print(name: str, frames: list[_Frame]) -> None:
    whole, changed = Counter[str](), Counter[str]()
    for frame in frames:
        whole.update(frame.whole)
        changed.update(frame.changed)
    shares = [frame.changed_s / frame.whole_s for frame in frames]
    loss = max(_recall(frame.whole) - _recall(frame.changed) for frame in frames)
    strict = [(counts["sh"] + counts["chit"]) / max(1, counts["st"] + counts["cjk"]) for counts in (whole, changed)]
    total = sum(frame.changed_s for frame in frames) / sum(frame.whole_s for frame in frames)
    area = sum(frame.area for frame in frames) / len(frames)
    print(f"{name:12} {len(frames):>6} {total:>10.3f} {median(shares):>7.3f} {max(shares):>7.3f} {area:>6.3f}"
          f" {_recall(whole):>13.4f} {_recall(changed):>8.4f} {loss:>11.4f} {strict[0]:>13.4f} {strict[1]:>8.4f}",
          flush=True)  # fmt: skip


if __name__ == "__main__":
    sys.exit(main())
