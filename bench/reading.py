"""How well and how fast the engines read screens whose text is known: bench/reading.py --data DIR.

DIR holds pairs NAME.png and NAME.json and the module score.py, which compares words with boxes to the truth.  Counts
are added over the pages of a group before they are divided.  Both engines run in the same process, one after the other
on each page, so that a busy machine slows both.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections import Counter
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np

from bench.known_screens import load_score
from ocr.engine import Engine
from ocr.engines import choose_engine
from ocr.picture_file import load_picture
from timeline.model import Line, Picture

COUNTS = ("tok", "hit", "ocr", "cjk", "chit", "ncjk", "st", "sh", "hi")
HEADINGS = ("recall", "precision", "strict", "zh recall", "zh prec.", "highlight")
SHARES = (  # part, whole, and what the truth must hold for the share to mean anything
    ("hit", "tok", "tok"),
    ("hit", "ocr", "tok"),
    ("sh", "st", "st"),
    ("chit", "cjk", "cjk"),
    ("chit", "ncjk", "cjk"),
    ("hi", "tok", "tok"),
)


def main() -> int:
    """Read every page with every engine and print the table."""
    options = _options()
    score = load_score(options.data)
    pages = sorted(options.data.glob("*.png"))[: options.limit]
    engines = [choose_engine(name) for name in (options.engine or ["rapidocr", "tesseract"])]
    totals = {engine.name: _measure(engine, pages, score, options.verbose) for engine in engines}
    print(
        f"{'engine':14} {'group':8} {'pages':>5}"
        + "".join(f"{heading:>11}" for heading in HEADINGS)
        + f"{'CPU s/page':>12}"
    )
    for name, groups in totals.items():
        for group in sorted(groups, key=lambda group: (group == "all", group)):
            _print_row(name, group, groups[group])
    return 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True, help="folder of the screens and of score.py")
    parser.add_argument(
        "--engine", action="append", help="an engine; rapidocr and tesseract unless given, may be repeated"
    )
    parser.add_argument("--limit", type=int, default=None, metavar="N", help="only the first N pages")
    parser.add_argument("--verbose", action="store_true", help="a line a page on stderr")
    return parser.parse_args()


def _measure(engine: Engine, pages: list[Path], score: ModuleType, verbose: bool) -> dict[str, Counter[str]]:
    groups: dict[str, Counter[str]] = {}
    engine.read(np.full((64, 256, 3), 255, np.uint8))  # loads what is loaded on first use
    for page in pages:
        picture = load_picture(page)
        started = _cpu_s()
        lines = engine.read(picture)
        spent = _cpu_s() - started
        counts = counts_of(lines, json.loads(page.with_suffix(".json").read_text("utf-8")), picture, score)
        counts["milliseconds"] = round(spent * 1000)
        for group in (_group(page.stem), "all"):
            groups.setdefault(group, Counter()).update(counts | {"pages": 1})
        if verbose:
            print(engine.name, page.stem, f"{spent:.2f} s", shares_of(counts), file=sys.stderr)
    return groups


def _cpu_s() -> float:
    """Return the CPU seconds of this process and of the programs it has run."""
    times = os.times()
    return times.user + times.system + times.children_user + times.children_system


def counts_of(lines: list[Line], truth: dict[str, Any], picture: Picture, score: ModuleType) -> Counter[str]:
    items = [(w.text, w.box.x0, w.box.y0, w.box.x1, w.box.y1) for line in lines for w in line.words]
    grey = (picture @ np.array([0.114, 0.587, 0.299])).astype(np.uint8)
    found = score.score(items, truth, grey)
    return Counter({name: int(found[name]) for name in COUNTS})


def _group(name: str) -> str:
    return {"en": "English", "zh": "Chinese", "mix": "mixed"}.get(name.split("_")[0], name.split("_")[0])


def shares_of(counts: Counter[str]) -> list[str]:
    return [
        f"{counts[part] / counts[whole]:.4f}" if counts[whole] and counts[needed] else "-"
        for part, whole, needed in SHARES
    ]


def _print_row(engine: str, group: str, counts: Counter[str]) -> None:
    seconds = counts["milliseconds"] / 1000 / counts["pages"]
    cells = "".join(f"{share:>11}" for share in shares_of(counts))
    print(f"{engine:14} {group:8} {counts['pages']:>5}{cells}{seconds:>12.2f}")


if __name__ == "__main__":
    sys.exit(main())
