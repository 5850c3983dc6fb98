"""Measures retrieval: screenshots of chats are imported, then questions about them are asked of the command line.

    python bench/retrieval.py --data DIR [--home HOME]

DIR holds one folder a chat, each with screenshots, `questions.jsonl` (question, evidence: ids of turns) and
`truth.jsonl` (what each screenshot showed: turns, text).  With --home an already imported home is asked; else all
chats are imported into a temporary one.  A question counts as found at k when one of the first k results holds at
least 70 % of the words of one evidence turn in its text.  Printed: recall@1, @5 and @10 in percent for full text alone,
meaning alone and both, a row a chat and one for all.
"""

from __future__ import annotations

import argparse
import json
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

MODES = ("text", "meaning", "hybrid")
CUTS = (1, 5, 10)
LEAST_SHARE = 0.7  # of a turn's words must stand in one result's text
_WORD = re.compile(r"\w+")

Words = frozenset[str]


@dataclass(frozen=True, slots=True)
class Question:
    """A question and the words of each turn that answers it."""

    chat: str
    text: str
    evidence: tuple[Words, ...]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True, help="the folder of chats")
    parser.add_argument("--home", type=Path, help="a home into which they were imported already")
    options = parser.parse_args()
    chats = sorted(folder for folder in options.data.iterdir() if (folder / "questions.jsonl").exists())
    questions = [question for chat in chats for question in read_questions(chat)]
    with tempfile.TemporaryDirectory(prefix="dayreel-retrieval-") as temporary:
        home = options.home or take_in(chats, Path(temporary) / "home")
        for mode in MODES:
            started_s = time.monotonic()
            ranks = {question: rank(question, hits) for question, hits in ask(home, questions, mode)}
            print_figures(mode, ranks, (time.monotonic() - started_s) / len(questions))


def read_questions(chat: Path) -> list[Question]:
    """Return the questions of a chat whose evidence was on a screenshot."""
    turns: dict[str, Words] = {}
    for record in _records(chat / "truth.jsonl"):
        # a turn is shown as initial, name with time, then what was said: only that is the evidence
        turns |= {turn: words("".join(text.split("\n", 2)[2:])) for turn, text in _pairs(record)}
    found = []
    for record in _records(chat / "questions.jsonl"):
        evidence = tuple(turns[turn] for turn in record["evidence"] if turn in turns)
        if evidence:
            found.append(Question(chat.name, str(record["question"]), evidence))
    return found


def words(text: str) -> Words:
    """Return the words of a text, without case."""
    return frozenset(_WORD.findall(text.lower()))


def take_in(chats: Sequence[Path], home: Path) -> Path:
    """Import the screenshots of all chats into a new home and return it."""
    started_s = time.monotonic()
    run = ["import", *map(str, chats)]
    subprocess.run([sys.executable, "-m", "dayreel", "--home", str(home), *run], check=True)
    print(f"imported in {time.monotonic() - started_s:.0f} s", flush=True)
    return home


def ask(home: Path, questions: Sequence[Question], mode: str) -> Iterable[tuple[Question, list[Words]]]:
    """Ask all questions in one process; yield each with the words of its results, best first."""
    command = ["search", "--queries", "-", "--json", "--limit", str(max(CUTS)), "--mode", mode]
    done = subprocess.run(
        [sys.executable, "-m", "dayreel", "--home", str(home), *command],
        input="".join(f"{question.text}\n" for question in questions),
        stdout=subprocess.PIPE, text=True, check=True,
    )  # fmt: skip
    for question, line in zip(questions, done.stdout.splitlines(), strict=True):
        yield question, [words(hit["text"]) for hit in json.loads(line)]


def rank(question: Question, hits: Sequence[Words]) -> int | None:
    """Return the place, from 1, of the first result that holds most of an evidence turn."""
    for place, hit in enumerate(hits, start=1):
        if any(len(turn & hit) >= LEAST_SHARE * len(turn) for turn in question.evidence):
            return place
    return None


def print_figures(mode: str, ranks: dict[Question, int | None], seconds_each: float) -> None:
    for chat in [*sorted({question.chat for question in ranks}), "all"]:
        of_chat = [place for question, place in ranks.items() if chat in (question.chat, "all")]
        shares = [100 * sum(place is not None and place <= cut for place in of_chat) / len(of_chat) for cut in CUTS]
        figures = "  ".join(f"recall@{cut} {share:5.1f}" for cut, share in zip(CUTS, shares, strict=True))
        print(f"{mode:8} {chat:8} {figures}  ({len(of_chat)} questions, {1000 * seconds_each:.0f} ms each)", flush=True)


def _records(path: Path) -> Iterable[dict[str, list[str]]]:
    with path.open(encoding="utf-8") as file:
        yield from map(json.loads, file)


def _pairs(record: dict[str, list[str]]) -> Iterable[tuple[str, str]]:
    return zip(record["turns"], record["text"], strict=True)


if __name__ == "__main__":
    main()
