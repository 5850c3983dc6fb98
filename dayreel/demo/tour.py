"""The tour of the bundled recording: where it lies, the evening on which it is asked, the searches and the questions.

Plain data; `dayreel demo` takes the recording in and runs them.  The pictures are made by bench/make_demo.py: two days,
10 and 11 March 2026, of one Nora Feld at a company that does not exist.  Times in their names and in the sidecar are
local, so the tour reads the same in every zone.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Tour:
    """What is shown, and when it is asked."""

    recording: Path
    """The folder of screenshots; its windows stand beside it in recording.windows.jsonl."""
    now: datetime
    """Local time without a zone: the evening of the second day."""
    searches: tuple[str, ...]
    questions: tuple[str, ...]


TOUR = Tour(
    recording=Path(__file__).with_name("recording"),
    now=datetime(2026, 3, 11, 19, 0),  # noqa: DTZ001 - local time, as in the names of the pictures
    searches=(
        "freeze and thaw cycles",  # the design asks, an invoice and a note of a call answer
        "灰度策略",  # a heading of the Chinese release plan
        "how long does the battery last without sun",  # by its meaning: the page says fog, not weather
    ),
    questions=(
        "How many freeze and thaw cycles does the gasket survive?",  # 40 were asked for, 60 are certified
        "今天发布日期改为哪一天？",  # 3月25日
    ),
)
