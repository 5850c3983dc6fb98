"""Plays a short working day on a virtual screen beside the recorder and measures what is found of it afterwards.

    python bench/played_day.py --data DIR [--scenes bench/scenes/zh.json]

DIR holds workday.py, which plays scenes on a screen of its own and writes down what each state showed.  Printed as
one JSON object: recall@5 of phrases that only one state showed (the result's text holds the phrase, and its span meets
the time in which the state was to be seen: on top, or also behind a window opened over it), English and Chinese apart,
quoted and plain; the right application among the hits; what is left of the secret scene; CPU seconds of recorder and
worker, frames, bytes an hour.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import resource
import signal
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from bench.day_player import free_display, start_day
from bench.day_truth import Phrase, State, choose_phrases, fold, read_truth
from bench.searchable_frames import spread, watched
from tests.support.product import Product, children, cpu_s, wait_until
from timeline.clock import SECOND_US
from timeline.home import Home
from timeline.keys import load_key
from timeline.model import Interval
from timeline.reader import Reader

SECRET_QUERIES = ("7731-ZEBRA-QUARTZ", "vault entry bank PIN", "ZEBRA")
SECRET_TRACES = ("zebra", "quartz", "vaultentry")
LIMIT = 5
FIRST_FRAME_S = 30.0  # a recorder has this long to keep its first frame
DAY_S = 1800.0  # no played day is longer


@dataclass(frozen=True, slots=True)
class Cost:
    """CPU seconds of the processes, and how long was recorded."""

    recorder_cpu_s: float
    worker_cpu_s: float
    later_work_cpu_s: float
    recorded_s: float
    searchable_s: dict[str, float]
    """From a frame to its being found, beside the recorder: median, 95th percentile, most."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True, help="the folder of workday.py")
    parser.add_argument("--scenes", type=Path, help="other scenes than those of workday.py")
    parser.add_argument("--keep", type=Path, help="keep home and truth in this new folder")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="played-day-") as scratch:
        folder = options.keep or Path(scratch)
        folder.mkdir(parents=True, exist_ok=True)
        cost = play(options.data / "workday.py", options.scenes, folder)
        print(json.dumps(measure(folder, cost), ensure_ascii=False, indent=1))


def play(player: Path, scenes: Path | None, folder: Path) -> Cost:
    """Play the day with the recorder beside it, read the rest afterwards and return what it cost."""
    display, truth, ready, begin = free_display(), folder / "truth.jsonl", folder / "ready", folder / "begin"
    day = start_day(player, scenes, display, truth, ready, begin)
    product = Product(folder / "home", display)
    try:
        wait_until(ready.exists, FIRST_FRAME_S, "the virtual screen did not come up")
        started = time.monotonic()
        recorder = product.start("record")
        wait_until(lambda: product.frames() > 0, FIRST_FRAME_S, "the recorder kept no frame")
        begin.touch()
        with watched(Home(folder / "home")) as frames:
            spent_s = follow(recorder.pid, lambda: states(truth) < states_of(player, scenes))
        recorder.send_signal(signal.SIGINT)
        recorded_s = time.monotonic() - started
        if recorder.wait(15) != 0:
            sys.exit(f"played_day: the recorder ended with {recorder.returncode}")
    finally:
        day.wait(60)
    before_s = _waited_cpu_s()
    product.run("work", "--until-idle")
    return Cost(spent_s.get("recorder", 0), spent_s.get("worker", 0), _waited_cpu_s() - before_s, recorded_s,
                spread(frames.delays()))  # fmt: skip


def measure(folder: Path, cost: Cost) -> dict[str, Any]:
    """Return the figures of a played day."""
    states = read_truth(folder / "truth.jsonl")
    phrases = choose_phrases(states)
    status = Product(folder / "home").status()
    stored = sum(status["bytes"].values())
    return {
        "found": {
            f"{language}, {kind}": _recall(folder, [one for one in phrases if one.language == language], mark)
            for language in ("en", "zh")
            for kind, mark in (("quoted", '"'), ("plain", ""))
        },
        "secret": _secret(folder, [state for state in states if state.secret]),
        "frames": status["frames"],
        "pending": status["pending"],
        "seconds until searchable": cost.searchable_s,
        "recorded_s": round(cost.recorded_s),
        "cpu_s": {
            "recorder": round(cost.recorder_cpu_s, 1),
            "worker, beside the recorder": round(cost.worker_cpu_s, 1),
            "worker, afterwards": round(cost.later_work_cpu_s, 1),
        },
        "bytes": status["bytes"],
        "video_MB_an_hour": round(status["bytes"]["video"] / cost.recorded_s * 3600 / 1e6, 1),
        "all_MB_an_hour": round(stored / cost.recorded_s * 3600 / 1e6, 1),
    }


def _recall(folder: Path, phrases: Sequence[Phrase], mark: str) -> dict[str, Any]:
    """Search for each phrase and return how many were found, and what was missed."""
    answers = _search(folder, [f"{mark}{phrase.text}{mark}" for phrase in phrases])
    pairs = list(zip(phrases, answers, strict=True))
    hits = [(phrase, next((one for one in found if _right(one, phrase)), None)) for phrase, found in pairs]
    on_top = [any(_right(one, phrase, phrase.state.end) for one in found) for phrase, found in pairs]
    return {
        "phrases": len(phrases),
        "states": len({phrase.state.start for phrase in phrases}),
        "recall@5": _share(hit is not None for _, hit in hits),
        "recall@5, on top": _share(on_top),
        "right application": _share(hit["app"] == phrase.state.app for phrase, hit in hits if hit is not None),
        "missed": [f"{phrase.text} ({phrase.state.scene})" for phrase, hit in hits if hit is None],
    }


def _right(result: dict[str, Any], phrase: Phrase, until: float | None = None) -> bool:
    """Tell whether a result holds the phrase and stood while the phrase did."""
    start, end = (datetime.fromisoformat(result[name]).timestamp() for name in ("start", "end"))
    shown_until = phrase.state.until if until is None else until
    return start < shown_until and end > phrase.state.start and fold(phrase.text) in fold(result["text"])


def _secret(folder: Path, states: Sequence[State]) -> dict[str, Any]:
    """Return what is left of the secret scenes: results that hold its words, frames kept while it had the focus."""
    answers = _search(folder, SECRET_QUERIES)
    told = [
        result["id"] for found in answers for result in found if any(w in fold(result["text"]) for w in SECRET_TRACES)
    ]
    home = Home(folder / "home")
    with Reader.open(home, load_key(home)) as reader:
        inside = [
            frame.id
            for state in states
            for frame in reader.frames(Interval(round(state.start * SECOND_US), round(state.end * SECOND_US)))
        ]
    return {"scenes": len(states), "results that tell it": len(told), "frames begun during it": len(inside)}


def _search(folder: Path, queries: Sequence[str]) -> list[list[dict[str, Any]]]:
    if not queries:
        return []
    product = Product(folder / "home")
    done = product.run("search", "--queries", "-", "--json", "--limit", str(LIMIT), talk_in="\n".join(queries) + "\n")
    return [json.loads(line) for line in done.stdout.splitlines()]


def follow(supervisor: int, goes_on: Callable[[], bool]) -> dict[str, float]:
    """Wait while the day goes on and return the CPU seconds of recorder and worker until then."""
    seen: dict[str, float] = {}
    until = time.monotonic() + DAY_S
    while goes_on() and time.monotonic() < until:
        time.sleep(0.2)
        with suppress(OSError):  # a child that ended between two looks
            seen.update({role: cpu_s(process) for role, process in children(supervisor).items()})
    return seen


def _waited_cpu_s() -> float:
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def states(truth: Path) -> int:
    return truth.read_text(encoding="utf-8").count("\n") if truth.exists() else 0


def states_of(player: Path, scenes: Path | None) -> int:
    """Return how many states a script of scenes has."""
    if scenes is not None:
        script = json.loads(scenes.read_text(encoding="utf-8"))
    else:
        spec = importlib.util.spec_from_file_location("workday", player)
        assert spec is not None
        assert spec.loader is not None
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        script = module.SCENES
    return sum(
        scene.get("scrolls", 1) if scene["kind"] == "web" else len(scene.get("commands", [0])) for scene in script
    )


def _share(yes: Iterable[bool]) -> float | None:
    answers = list(yes)
    return round(sum(answers) / len(answers), 3) if answers else None


if __name__ == "__main__":
    main()
