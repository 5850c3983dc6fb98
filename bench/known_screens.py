"""Screens whose text is known, and how much of it an engine reads on pictures of them.

Owns the pages of a folder (NAME.png, NAME.json, score.py beside them), the counts of words and characters found, and
the paired comparison of two readings.  Called by the benchmarks that ask what a way of keeping pictures costs.
"""

from __future__ import annotations

import importlib.util
import json
import random
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

from ocr.engine import Engine
from ocr.picture_file import load_picture
from ocr.rapid import RapidEngine
from timeline.model import Picture

RESAMPLES = 2000  # of the pages, for the interval of a difference
ALL = ("English", "Chinese", "code", "all words")


@dataclass(frozen=True, slots=True)
class Page:
    """A screen and what stands on it."""

    name: str
    picture: Picture
    truth: dict[str, Any]

    @property
    def is_code(self) -> bool:
        return self.name.startswith("code")

    @property
    def is_english(self) -> bool:
        return self.name.startswith("en")


@dataclass(frozen=True, slots=True)
class Found:
    """How many there are on one page, and how many of them were read."""

    there: int
    found: int


Reading = dict[str, list[Found]]
"""What an engine found: for English words, Chinese characters, code (exact tokens) and all words, one value a page."""


def load_pages(folder: Path) -> list[Page]:
    """Return the pages of a folder in the order of their names."""
    return [
        Page(path.stem, load_picture(path), json.loads(path.with_suffix(".json").read_text("utf-8")))
        for path in sorted(folder.glob("*.png"))
    ]


def load_score(folder: Path) -> ModuleType:
    """Return the module score.py of a folder."""
    spec = importlib.util.spec_from_file_location("score", folder / "score.py")
    if spec is None or spec.loader is None:
        sys.exit(f"{folder} holds no score.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def forget_lines(engine: Engine) -> None:
    """Let an engine begin as if it had read nothing before."""
    if isinstance(engine, RapidEngine):
        engine.forget()


def read_pages(engine: Engine, score: ModuleType, pages: Sequence[Page], pictures: Iterable[Picture]) -> Reading:
    """Return what an engine reads on pictures of pages, in the order of the pages."""
    reading: Reading = {kind: [] for kind in ALL}
    for page, picture in zip(pages, pictures, strict=True):
        items = [(w.text, w.box.x0, w.box.y0, w.box.x1, w.box.y1) for line in engine.read(picture) for w in line.words]
        counts = score.score(items, page.truth)
        words = Found(counts["tok"], counts["hit"])
        reading["all words"].append(words)
        reading["English"].append(words if page.is_english else Found(0, 0))
        reading["Chinese"].append(Found(counts["cjk"], counts["chit"]))
        reading["code"].append(Found(counts["st"], counts["sh"]) if page.is_code else Found(0, 0))
    return reading


def recall(pages: Sequence[Found]) -> float:
    """Return the share that was found over all pages, in percent."""
    there = sum(page.there for page in pages)
    return 100 * sum(page.found for page in pages) / there if there else float("nan")


def lost(before: Sequence[Found], after: Sequence[Found]) -> tuple[float, float, float]:
    """Return the points of recall lost and its interval (2.5 % and 97.5 %, pages drawn again with replacement)."""
    dice = random.Random(1)
    places = [place for place, page in enumerate(before) if page.there]
    if not places:
        return float("nan"), float("nan"), float("nan")
    draws = [dice.choices(places, k=len(places)) for _ in range(RESAMPLES)]
    losses = sorted(_loss(before, after, draw) for draw in draws)
    return _loss(before, after, places), losses[RESAMPLES // 40], losses[-RESAMPLES // 40]


def _loss(before: Sequence[Found], after: Sequence[Found], places: Sequence[int]) -> float:
    there = sum(before[place].there for place in places)
    return 100 * sum(before[place].found - after[place].found for place in places) / there
