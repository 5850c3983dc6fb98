"""How soon frames become searchable, seen by another process that looks at the store.

Owns the looking; called by the benchmarks that play something.  A frame counts as searchable when its job is done,
which is when `dayreel search` finds it.
"""

from __future__ import annotations

import statistics
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

from timeline.clock import SECOND_US
from timeline.home import Home
from timeline.keys import load_key
from timeline.reader import Reader

LOOK_S = 0.05


@dataclass(slots=True)
class SearchableFrames:
    """When each frame was committed and when it was first seen to be searchable, in seconds of the epoch."""

    starts: dict[int, float] = field(default_factory=dict)
    done: dict[int, float] = field(default_factory=dict)

    def delays(self) -> list[float]:
        """Return the seconds from what each frame shows to its being found, ascending."""
        return sorted(at - self.starts[frame] for frame, at in self.done.items())

    def first_after(self, at: float) -> float | None:
        """Return when the first frame committed after an instant became searchable."""
        later = [frame for frame, start in self.starts.items() if start > at and frame in self.done]
        return self.done[min(later)] if later else None

    def look(self, reader: Reader) -> None:
        """Note what is searchable now."""
        rows = reader.db.execute("SELECT f.id, f.start_us, j.state FROM frames f JOIN jobs j ON j.frame_id = f.id")
        now = time.time()
        for frame, start_us, state in rows.fetchall():
            self.starts.setdefault(frame, start_us / SECOND_US)
            if state == "done":
                self.done.setdefault(frame, now)


@contextmanager
def watched(home: Home) -> Iterator[SearchableFrames]:
    """Look at a home until the block ends.  The store is there already."""
    frames, stop = SearchableFrames(), threading.Event()

    def look() -> None:
        with Reader.open(home, load_key(home)) as reader:
            while not stop.wait(LOOK_S):
                frames.look(reader)

    thread = threading.Thread(target=look)
    thread.start()
    try:
        yield frames
    finally:
        stop.set()
        thread.join()


def spread(seconds: Sequence[float]) -> dict[str, float]:
    """Return median, 95th percentile and the most of ascending values."""
    if not seconds:
        return {}
    return {
        "p50": round(statistics.median(seconds), 2),
        "p95": round(seconds[min(len(seconds) - 1, round(0.95 * len(seconds)))], 2),
        "most": round(seconds[-1], 2),
    }
