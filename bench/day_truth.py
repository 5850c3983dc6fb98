"""What a played day showed, and exact phrases of it that only one state of the screen showed.

Pure but for `read_truth`.  Used by bench/played_day.py.
"""

from __future__ import annotations

import json
import random
import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

Language = Literal["en", "zh"]
PHRASES_A_STATE = 4
ENGLISH_WORDS = (3, 6)
CHINESE_CHARACTERS = (6, 12)
LONGEST_TEXT = 160  # characters; a longer text runs over several lines and may be half visible in the next state
LEAST_LETTERS = 12  # of an English phrase: "to be in" is no phrase that anybody looks for
_ENGLISH = re.compile(r"(?<![\w'’-])[A-Za-z][A-Za-z'-]*(?: [A-Za-z][A-Za-z'-]*)+(?!\w)")
_CHINESE = re.compile(rf"[\u4e00-\u9fff]{{{CHINESE_CHARACTERS[0]},}}")


@dataclass(frozen=True, slots=True)
class State:
    """One state of the screen, as the player wrote it down; times in seconds since 1970."""

    start: float
    end: float
    until: float
    """When it was gone from the screen: a page stands behind the terminals opened over it until the next page comes."""
    scene: str
    app: str
    title: str
    texts: tuple[str, ...]
    secret: bool


@dataclass(frozen=True, slots=True)
class Phrase:
    """A phrase and the only state that showed it."""

    text: str
    language: Language
    state: State


def read_truth(path: Path) -> list[State]:
    """Return the states of a played day in the order of time."""
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    return [
        State(
            start=row["start"],
            end=row["end"],
            until=_until(row, rows[number + 1 :]),
            scene=row["scene"],
            app=row["app"],
            title=row["title"],
            texts=tuple(row["text"]),
            secret=row["secret"],
        )
        for number, row in enumerate(rows)
    ]


def _until(row: dict[str, Any], later: Sequence[dict[str, Any]]) -> float:
    following = (one["start"] for one in later if row["scene"] != "web" or one["scene"] == "web")
    return float(next(following, later[-1]["end"] if later else row["end"]))


def fold(text: str) -> str:
    """Return a text without white space, punctuation, case and width, as phrases are compared."""
    return "".join(c for c in unicodedata.normalize("NFKC", text).casefold() if c.isalnum())


def choose_phrases(states: Iterable[State], seed: int = 2) -> list[Phrase]:
    """Return some phrases of each state that no other state showed; the same ones for the same seed."""
    dice = random.Random(seed)
    shown = [(state, fold("\n".join(state.texts))) for state in states]
    phrases: list[Phrase] = []
    for state, _ in shown:
        if state.secret:
            continue
        candidates = [
            phrase for text in state.texts if len(text) <= LONGEST_TEXT for phrase in _of_text(text, state, dice)
        ]
        dice.shuffle(candidates)
        alone = (phrase for phrase in candidates if sum(fold(phrase.text) in text for _, text in shown) == 1)
        phrases += _some(alone)
    return phrases


def _some(candidates: Iterable[Phrase]) -> list[Phrase]:
    """Return the first few that do not hold one another."""
    chosen: list[Phrase] = []
    for phrase in candidates:
        if all(fold(phrase.text) not in fold(one.text) and fold(one.text) not in fold(phrase.text) for one in chosen):
            chosen.append(phrase)
        if len(chosen) == PHRASES_A_STATE:
            break
    return chosen


def _of_text(text: str, state: State, dice: random.Random) -> Iterable[Phrase]:
    """Yield at most one phrase for each run of words and of Chinese in a text."""
    for run in _ENGLISH.findall(text):
        words = run.split()
        count = min(len(words), dice.randint(*ENGLISH_WORDS))
        start = dice.randint(0, len(words) - count)
        phrase = " ".join(words[start : start + count])
        if count >= ENGLISH_WORDS[0] and len(fold(phrase)) >= LEAST_LETTERS:
            yield Phrase(phrase, "en", state)
    for run in _CHINESE.findall(text):
        count = min(len(run), dice.randint(*CHINESE_CHARACTERS))
        start = dice.randint(0, len(run) - count)
        yield Phrase(run[start : start + count], "zh", state)
