"""How long searches take in a large store, in one process: bench/search_scale.py HOME.

HOME was filled by bench/plausible_store.py with --vectors.  Asked are words that stand in passages taken at random:
two of them as typed letter by letter, two to four of them as a question, the same within a day, and one that half the
passages hold.  Printed: median and 95th percentile of the milliseconds, wall and CPU, and the resident memory.
"""

from __future__ import annotations

import argparse
import random
import re
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

from bench.plausible_store import SummedWords
from index.filters import Filters
from index.search import Mode, Searcher
from timeline.clock import SECOND_US
from timeline.home import Home
from timeline.keys import load_key
from timeline.model import Interval
from timeline.reader import Reader

QUERIES = 100
DAY_US = round(timedelta(days=1).total_seconds()) * SECOND_US
_WORD = re.compile(r"[A-Za-z]{4,}|[\u4e00-\u9fff]{2}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("home", type=Path)
    parser.add_argument("--queries", type=int, default=QUERIES)
    options = parser.parse_args()
    home = Home(options.home)
    key, chance = load_key(home), random.Random(3)
    with Reader.open(home, key) as reader, Searcher.open(home, key, SummedWords) as searcher:
        counts = reader.counts()
        print(f"{counts.passages} passages of {counts.frames} frames")
        chosen = list(sample(reader, counts.passages, options.queries, chance))
        began = time.process_time()
        searcher.search("anything", Filters(), 10, "hybrid")
        print(f"opened in {time.process_time() - began:.2f} s of CPU")
        kinds: dict[str, list[tuple[str, Filters, Mode]]] = {
            "letter by letter": [(part, Filters(), "text") for words, _ in chosen for part in typed(words[:2])],
            "two words": [(" ".join(words[:2]), Filters(), "text") for words, _ in chosen],
            "question, both": [("what was " + " ".join(words[:4]), Filters(), "hybrid") for words, _ in chosen],
            "question, a day": [
                (" ".join(words[:4]), Filters(interval=Interval(at, at + DAY_US)), "hybrid") for words, at in chosen
            ],
            "a common word": [("the", Filters(), "text")] * 5,
        }
        for kind, asked in kinds.items():
            tell(kind, [lambda one=one: searcher.search(one[0], one[1], 10, one[2]) for one in asked])  # type: ignore[misc]
    print(f"{resident_mb():.0f} MB resident")


def sample(reader: Reader, passages: int, count: int, chance: random.Random) -> Iterator[tuple[list[str], int]]:
    """Yield words of passages taken at random, and the day each stood on."""
    newest = reader.db.conn.execute("SELECT max(id) FROM passages").fetchone()[0]
    while count:
        [passage] = reader.passages([chance.randint(1, newest)]).values() or [None]
        words = [] if passage is None else list(dict.fromkeys(_WORD.findall(passage.text)))
        if passage is not None and len(words) >= 8:
            start_us = reader.spans(passage.id)[0].start_us
            yield chance.sample(words, 4), start_us - start_us % DAY_US
            count -= 1


def typed(words: list[str]) -> Iterator[str]:
    """Yield what stands in the field after each key from the third on."""
    whole = " ".join(words)
    return (whole[:end] for end in range(3, len(whole) + 1))


def tell(kind: str, searches: list[Callable[[], object]]) -> None:
    walls, cpus = [], []
    for search in searches:
        wall, cpu = time.perf_counter(), time.process_time()
        search()
        walls.append(1000 * (time.perf_counter() - wall))
        cpus.append(1000 * (time.process_time() - cpu))
    walls.sort()
    cpus.sort()
    middle, last = len(walls) // 2, int(len(walls) * 0.95)
    print(
        f"{kind:18} {len(walls):4}: wall {walls[middle]:6.0f} {walls[last]:6.0f}"
        f"   CPU {cpus[middle]:6.0f} {cpus[last]:6.0f} ms (p50, p95)",
        flush=True,
    )


def resident_mb() -> float:
    """Return the resident memory of this process."""
    [line] = [one for one in Path("/proc/self/status").read_text().splitlines() if one.startswith("VmRSS")]
    return int(line.split()[1]) / 1024


if __name__ == "__main__":
    main()
