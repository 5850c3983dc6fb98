"""How long searches take in a large store, in one process, and what their bounds cost.

    OMP_NUM_THREADS=1 python -m bench.search_scale HOME [--queries N] [--recall N]

(one thread, as every command of dayreel sets it: two would spin for the work of one).

HOME was filled by bench/bulk_days.py, or by bench/plausible_store.py with --vectors.  Asked are words that stand in
passages taken at random: two of them as typed letter by letter, two to four of them as a question, the same within a
day, and words that many passages hold.  Printed: median and 95th percentile of the milliseconds, wall and CPU, how many
said that they were bounded, and the resident memory.

With --recall N the same questions are also asked without bounds: every match ranked by bm25, every candidate compared.
Printed: for how many the passage that the words were taken from, or one that says the same, is among the first 1, 5 and
10, both ways, and how many of the first ten are the same.
"""

from __future__ import annotations

import argparse
import random
import re
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from bench.plausible_store import SummedWords
from index import lexical, meaning, patience
from index.filters import Filters
from index.ranking import same
from index.search import Hit, Mode, Searcher
from index.tokens import token_set
from timeline.clock import SECOND_US
from timeline.home import Home
from timeline.keys import load_key
from timeline.model import Interval
from timeline.reader import Reader

QUERIES = 100
CUTS = (1, 5, 10)
DAY_US = round(timedelta(days=1).total_seconds()) * SECOND_US
COMMON = ("the", "file", "function", "return value", "set the file name")
_WORD = re.compile(r"[A-Za-z]{4,}|[\u4e00-\u9fff]{2}")


@dataclass(frozen=True, slots=True)
class Taken:
    """Words of a passage, the day it stood on, and its text."""

    words: list[str]
    day_us: int
    text: str

    @property
    def question(self) -> str:
        return "what was " + " ".join(self.words)

    @property
    def day(self) -> Filters:
        return Filters(interval=Interval(self.day_us, self.day_us + DAY_US))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("home", type=Path)
    parser.add_argument("--queries", type=int, default=QUERIES)
    parser.add_argument("--recall", type=int, default=0, metavar="N")
    options = parser.parse_args()
    home = Home(options.home)
    key = load_key(home)
    with Reader.open(home, key) as reader, Searcher.open(home, key, SummedWords) as searcher:
        counts = reader.counts()
        print(f"{counts.passages} passages of {counts.frames} frames")
        began = time.process_time()
        searcher.search("anything", Filters(), 10, "hybrid")
        print(f"opened in {time.process_time() - began:.2f} s of CPU")
        for taken in sample(reader, 10, random.Random(2)):  # other words, to warm up
            searcher.search(taken.question)
        chosen = list(sample(reader, options.queries, random.Random(3)))
        for kind, searches in kinds(searcher, chosen).items():
            tell(kind, searcher, searches)
        print(f"{resident_mb():.0f} MB resident")
        tell_recall(searcher, chosen[: options.recall])


def kinds(searcher: Searcher, chosen: Sequence[Taken]) -> dict[str, list[Callable[[], object]]]:
    """Return the searches of each kind."""

    def asking(query: str, filters: Filters = Filters(), mode: Mode = "text") -> Callable[[], object]:
        return lambda: searcher.search(query, filters, 10, mode)

    def typing(query: str) -> Callable[[], object]:
        return lambda: searcher.search(query, unfinished=True)

    return {
        "letter by letter": [typing(part) for one in chosen for part in typed(one.words[:2])],
        "two words": [asking(" ".join(one.words[:2])) for one in chosen],
        "question, text": [asking(one.question) for one in chosen],
        "question, both": [asking(one.question, mode="hybrid") for one in chosen],
        "question, a day": [asking(" ".join(one.words), one.day, "hybrid") for one in chosen],
        "common words": [asking(words) for words in COMMON] * 4,
    }


def sample(reader: Reader, count: int, chance: random.Random) -> Iterator[Taken]:
    """Yield words of passages taken at random."""
    newest = reader.db.conn.execute("SELECT max(id) FROM passages").fetchone()[0]
    while count:
        for passage_id, text in reader.passage_texts([chance.randint(1, newest)]).items():
            words = list(dict.fromkeys(_WORD.findall(text)))
            if len(words) >= 8:
                start_us = reader.spans(passage_id)[0].start_us
                yield Taken(chance.sample(words, 4), start_us - start_us % DAY_US, text)
                count -= 1


def typed(words: list[str]) -> Iterator[str]:
    """Yield what stands in the field after each key from the third on."""
    whole = " ".join(words)
    return (whole[:end] for end in range(3, len(whole) + 1))


def tell(kind: str, searcher: Searcher, searches: Sequence[Callable[[], object]]) -> None:
    walls, cpus, bounded = [], [], 0
    for search in searches:
        wall, cpu = time.perf_counter(), time.process_time()
        search()
        walls.append(1000 * (time.perf_counter() - wall))
        cpus.append(1000 * (time.process_time() - cpu))
        bounded += searcher.was_bounded
    walls.sort()
    cpus.sort()
    middle, last = len(walls) // 2, int(len(walls) * 0.95)
    print(
        f"{kind:18} {len(walls):4}: wall {walls[middle]:6.1f} {walls[last]:6.1f}"
        f"   CPU {cpus[middle]:6.1f} {cpus[last]:6.1f} ms (p50, p95)   {bounded} bounded",
        flush=True,
    )


@contextmanager
def unbounded() -> Iterator[None]:
    """Let everything be ranked and compared, whatever it takes."""
    before = lexical.EXACT_ROWS, meaning.CANDIDATES, patience.LONGEST_S
    lexical.EXACT_ROWS, meaning.CANDIDATES, patience.LONGEST_S = 10**9, 20_000, 1e9
    try:
        yield
    finally:
        lexical.EXACT_ROWS, meaning.CANDIDATES, patience.LONGEST_S = before


def tell_recall(searcher: Searcher, chosen: Sequence[Taken]) -> None:
    """Print what the bounds cost."""
    modes: tuple[Mode, ...] = ("text", "hybrid")
    for mode in modes if chosen else ():
        ranks: list[tuple[int | None, int | None]] = []
        alike = 0.0
        for one in chosen:
            quick = searcher.search(one.question, limit=10, mode=mode)
            with unbounded():
                slow = searcher.search(one.question, limit=10, mode=mode)
            ranks.append((place(one, quick), place(one, slow)))
            found = {hit.passage_id for hit in slow}
            alike += len(found & {hit.passage_id for hit in quick}) / max(1, len(found))
        shares = [
            "  ".join(
                f"@{cut} {100 * sum(rank is not None and rank <= cut for rank in way) / len(way):5.1f}" for cut in CUTS
            )
            for way in zip(*ranks, strict=True)
        ]
        print(
            f"{mode:7} bounded {shares[0]}   unbounded {shares[1]}   {100 * alike / len(chosen):.0f} % of ten the same"
        )


def place(taken: Taken, hits: Sequence[Hit]) -> int | None:
    """Return the place of the first result that says what was asked for."""
    wanted = token_set(taken.text)
    return next((at for at, hit in enumerate(hits, 1) if same(token_set(hit.text), wanted)), None)


def resident_mb() -> float:
    """Return the resident memory of this process."""
    [line] = [one for one in Path("/proc/self/status").read_text().splitlines() if one.startswith("VmRSS")]
    return int(line.split()[1]) / 1024


if __name__ == "__main__":
    main()
