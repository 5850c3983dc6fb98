"""How many time phrases are understood as those mean them who wrote them: bench/time_phrases.py.

bench/phrases holds 80 questions a language, with the intervals that they mean, written from the conventions alone by
somebody who had not seen the grammar; ten of each name no time.  Where sensible people would differ the writer marked
it: those are counted apart.  Printed: how many are right, and each that is not.
"""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from timeline.clock import SECOND_US, to_us
from timeline.phrases import parse_time

PHRASES = Path(__file__).parent / "phrases"
SLACK_US = 2 * SECOND_US


def main() -> None:
    for path in sorted(PHRASES.glob("*.json")):
        every = json.loads(path.read_text(encoding="utf-8"))
        wrong = [one for one in every if not right(one)]
        clear = [one for one in every if not one.get("doubtful")]
        missed = [one for one in wrong if not one.get("doubtful")]
        right_clear, right_all = len(clear) - len(missed), len(every) - len(wrong)
        print(f"{path.stem}: {right_clear} of {len(clear)} clear ones, {right_all} of all {len(every)}")
        for one in missed:
            print(f"    {one['text']}")


def right(one: dict[str, Any]) -> bool:
    """Tell whether a phrase is understood as it was meant, to two seconds."""
    zone = ZoneInfo(one["zone"])
    found = parse_time(one["text"], datetime.fromisoformat(one["now"]).replace(tzinfo=zone), zone)
    if one["start"] is None or found is None:
        return one["start"] is None and found is None
    meant = [to_us(datetime.fromisoformat(one[end]).replace(tzinfo=zone)) for end in ("start", "end")]
    ends = (found.interval.start_us, found.interval.end_us)
    return all(abs(got - want) <= SLACK_US for got, want in zip(ends, meant, strict=True))


if __name__ == "__main__":
    main()
