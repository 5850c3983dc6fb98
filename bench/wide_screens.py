"""How well small text is read on a 4K screen: bench/wide_screens.py --data DIR.

Four pages of DIR (NAME.png of 1920x1080 at scale 1 with NAME.json and score.py beside them) stand on one screen of
3840x2160.  Printed: words found, of those read the right ones, and exact tokens, of the same pages alone, of the
screens scaled down for detection (baseline) and of the screens as they are read, with CPU seconds for each page.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections import Counter
from collections.abc import Sequence
from itertools import product
from pathlib import Path
from types import ModuleType
from typing import Any
from unittest.mock import patch

import numpy as np

from bench.known_screens import Page, load_pages, load_score
from bench.reading import counts_of, shares_of
from ocr.rapid import RapidEngine

WIDTH_PX, HEIGHT_PX = 1920, 1080
PAGES = 4  # of one screen


def main() -> int:
    """Read the pages in three ways and print a row for each."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True, help="folder of the pages and of score.py")
    options = parser.parse_args()
    score = load_score(options.data)
    pages = [page for page in load_pages(options.data) if page.truth.get("scale") == 1 and _is_screen(page)]
    pages = pages[: len(pages) // PAGES * PAGES]
    wide = [_side_by_side(pages[first : first + PAGES]) for first in range(0, len(pages), PAGES)]
    print(f"{'way':24}{'recall':>10}{'precision':>11}{'exact':>10}{'zh recall':>11}{'CPU s/page':>12}")
    _print_row("pages alone", pages, len(pages), score)
    with patch("ocr.rapid.is_small", lambda *_: False):
        _print_row("4K, scaled down", wide, len(pages), score)
    _print_row("4K, as it is read", wide, len(pages), score)
    return 0


def _is_screen(page: Page) -> bool:
    return page.picture.shape[:2] == (HEIGHT_PX, WIDTH_PX)


def _side_by_side(pages: Sequence[Page]) -> Page:
    """Return four pages as one screen."""
    picture = np.empty((2 * HEIGHT_PX, 2 * WIDTH_PX, 3), np.uint8)
    truth: dict[str, Any] = {"words": [], "cjk": [], "ignore": []}
    for page, (row, column) in zip(pages, product(range(2), range(2)), strict=True):
        down, right = row * HEIGHT_PX, column * WIDTH_PX
        picture[down : down + HEIGHT_PX, right : right + WIDTH_PX] = page.picture
        for kind, found in truth.items():
            found += [one | {"b": _moved(one["b"], right, down)} for one in page.truth.get(kind, [])]
    return Page("-".join(page.name for page in pages), picture, truth)


def _moved(box: Sequence[float], right: int, down: int) -> list[float]:
    return [box[0] + right, box[1] + down, box[2] + right, box[3] + down]


def _print_row(way: str, screens: Sequence[Page], pages: int, score: ModuleType) -> None:
    engine = RapidEngine()
    engine.read(np.full((64, 256, 3), 255, np.uint8))  # loads what is loaded on first use
    counts: Counter[str] = Counter()
    spent = 0.0
    for screen in screens:
        started = time.process_time()
        lines = engine.read(screen.picture)
        spent += time.process_time() - started
        counts.update(counts_of(lines, screen.truth, screen.picture, score))
    recall, precision, exact, chinese, *_ = shares_of(counts)
    print(f"{way:24}{recall:>10}{precision:>11}{exact:>10}{chinese:>11}{spent / pages:>12.2f}")


if __name__ == "__main__":
    sys.exit(main())
