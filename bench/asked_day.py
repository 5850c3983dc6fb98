"""Plays a short working day, asks 60 questions about it without a model, and tells how many answers are right.

    python -m bench.asked_day --data DIR [--keep DIR]      plays the day that DIR/workday.py knows
    python -m bench.asked_day --home DIR                   asks the day that `--keep` left there before
    ... --scenes bench/scenes/zh.json                      another day, with questions on which nothing was tried

bench/questions holds the questions, of all kinds and in both languages, and what is known of the answers:
words that must be told, windows that must be cited, seconds (from the player's own notes of when each window stood),
and that nothing may be answered about what never happened or was never to be kept.  The baseline cites the first result
of a search for the question.  An answer is right when all that is known of it holds, but for its citations; these are
counted of the right answers: the windows that bear it out must be cited, at a time at which they stood there.
"""

from __future__ import annotations

import argparse
import json
import re
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from assistant.answer import Answer, Assistant
from bench.day_truth import State, read_truth
from bench.played_day import SECRET_TRACES, play
from dayreel.settings import Settings
from dayreel.store import Store
from index.query import question as query_of
from index.search import Hit
from timeline.clock import SECOND_US, FixedClock, to_local
from timeline.home import Home

QUESTIONS = Path(__file__).parent / "questions"
LATER_S = 300.0  # the questions are asked five minutes after the day
SLACK_S, SLACK_SHARE = 3.0, 0.2  # a window stands a little before the player begins to count
_DURATION = re.compile(r"(\d+) (h|min|s|小时|分钟|秒)(?![a-z])")
_UNIT_S = {"h": 3600, "小时": 3600, "min": 60, "分钟": 60, "s": 1, "秒": 1}


@dataclass(frozen=True, slots=True)
class Told:
    """An answer of either way: its text and the windows and times that it cites."""

    text: str
    cited: tuple[tuple[str, float, float], ...]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, help="the folder of workday.py: play its day first")
    parser.add_argument("--scenes", type=Path, help="other scenes; the questions are those of the same file name")
    parser.add_argument("--questions", type=Path, help="another file of questions on that day")
    parser.add_argument("--keep", type=Path, help="keep home and truth in this new folder")
    parser.add_argument("--home", type=Path, help="a folder that --keep has left: ask it again")
    parser.add_argument("--show", action="store_true", help="print each answer")
    options = parser.parse_args()
    questions = options.questions or QUESTIONS / ("workday.json" if options.scenes is None else options.scenes.name)
    if options.home is not None:
        report(options.home, questions, show=options.show)
        return
    if options.data is None:
        parser.error("name --data DIR, or --home DIR")
    with tempfile.TemporaryDirectory(prefix="asked-day-") as scratch:
        folder = options.keep or Path(scratch)
        folder.mkdir(parents=True, exist_ok=True)
        play(options.data / "workday.py", options.scenes, folder)
        report(folder, questions, show=options.show)


def report(folder: Path, known: Path, *, show: bool = False) -> None:
    """Ask all questions of a played day and print what was right."""
    states = read_truth(folder / "truth.jsonl")
    questions = json.loads(known.read_text(encoding="utf-8"))
    clock = FixedClock(round((states[-1].end + LATER_S) * SECOND_US))
    with Store.open(Home(folder / "home"), Settings()) as store:
        assistant = Assistant(store.reader, store.searcher, clock)
        began = time.process_time()
        told = [_answered(assistant.ask(one["text"])) for one in questions]
        spent_s = time.process_time() - began
        found = [_first_hit(store.searcher.search(query_of(one["text"]), limit=1)) for one in questions]
    if show:
        for one, answer in zip(questions, told, strict=True):
            print(f"\n# {one['text']}  right: {is_right(one, answer, states)}, cited: {is_cited(one, answer, states)}")
            print(answer.text)
    print(json.dumps(
        {
            "questions": len(questions),
            "record": figures(questions, told, states),
            "search's first result": figures(questions, found, states),
            "cpu_s a question": round(spent_s / len(questions), 3),
        },
        ensure_ascii=False,
        indent=1,
    ))  # fmt: skip


def figures(questions: Sequence[dict[str, Any]], told: Sequence[Told], states: Sequence[State]) -> dict[str, Any]:
    """Return the shares of one way to answer, and the questions that it got wrong."""
    pairs = list(zip(questions, told, strict=True))
    happened = [(one, answer) for one, answer in pairs if not one.get("never")]
    right = [(one, answer) for one, answer in happened if is_right(one, answer, states)]
    cited = [one for one, answer in right if is_cited(one, answer, states)]
    abstained = [one for one, answer in pairs if one.get("never") and not answer.cited]
    kinds = dict.fromkeys(one["kind"] for one, _ in happened)
    shares = {kind: f"{_of(right, kind)} of {_of(happened, kind)}" for kind in kinds}
    return {
        "right": f"{len(right)} of {len(happened)} ({len(right) / len(happened):.0%})",
        "right citation": f"{len(cited)} of {len(right)}" + (f" ({len(cited) / len(right):.0%})" if right else ""),
        "abstains": f"{len(abstained)} of {len(pairs) - len(happened)}",
        "secret told": sum(any(trace in answer.text.lower() for trace in SECRET_TRACES) for _, answer in pairs),
        "by kind": shares,
        "wrong": [one["text"] for one, answer in happened if (one, answer) not in right],
        "wrongly cited": [one["text"] for one, _ in right if one not in cited],
    }


def _of(pairs: Sequence[tuple[dict[str, Any], Told]], kind: str) -> int:
    return sum(one["kind"] == kind for one, _ in pairs)


def is_right(one: dict[str, Any], answer: Told, states: Sequence[State]) -> bool:
    """Tell whether an answer says what is known; its citations aside."""
    if one.get("never"):
        return not answer.cited
    if not answer.cited or any(words not in _flat(answer.text) for words in one.get("says", [])):
        return False
    if "seconds" in one and not _is_near(answer.text, _seconds(one["seconds"], states)):
        return False
    if "minute" in one and not _tells_minute(answer.text, one["minute"], states):
        return False
    if (
        one["kind"] in ("summarise", "list")
        and "says" not in one
        and not all(any(part in _flat(answer.text) for part in _parts(wanted)) for wanted in one["cites"])
    ):
        return False
    return not any(part in _flat(answer.text) for part in one.get("not_cites", []))


def is_cited(one: dict[str, Any], answer: Told, states: Sequence[State]) -> bool:
    """Tell whether the windows that bear an answer out are cited, at a time at which they stood there."""
    if one.get("never"):
        return not answer.cited
    first = answer.cited[:1] if len(one["cites"]) == 1 else answer.cited
    return all(
        any(
            part in title and _stood(part, start_s, end_s, states)
            for title, start_s, end_s in first
            for part in _parts(wanted)
        )
        for wanted in one["cites"]
    )


def _parts(wanted: str | list[str]) -> list[str]:
    return [wanted] if isinstance(wanted, str) else wanted


def _stood(part: str, start_s: float, end_s: float, states: Sequence[State]) -> bool:
    """Tell whether a window was to be seen then, on top or behind a smaller one."""
    befores = [states[0].start, *(state.end for state in states)]
    return any(
        before < end_s and state.until > start_s
        for before, state in zip(befores, states, strict=False)
        if part in _flat(state.title)
    )


def _shown(states: Sequence[State], matches: Any) -> list[tuple[float, float]]:
    """Return when windows stood on top: each from the end of the state before it."""
    befores = [states[0].start, *(state.end for state in states)]
    return [(before, state.end) for before, state in zip(befores, states, strict=False) if matches(state)]


def _seconds(known: dict[str, Any], states: Sequence[State]) -> float:
    def matches(state: State) -> bool:
        if state.secret:
            return False
        return state.app == known.get("app") or any(part in _flat(state.title) for part in known.get("titles", []))

    return sum(end - start for start, end in _shown(states, matches))


def _is_near(text: str, seconds: float) -> bool:
    """Tell whether the first duration of a text is so long."""
    first = text.splitlines()[0]
    parts = _DURATION.findall(first)
    said = sum(int(count) * _UNIT_S[unit] for count, unit in parts)
    return bool(parts) and abs(said - seconds) <= max(SLACK_S, SLACK_SHARE * seconds)


def _tells_minute(text: str, known: dict[str, str], states: Sequence[State]) -> bool:
    shown = _shown(states, lambda state: known["title"] in _flat(state.title))
    at_s = shown[0][0] if known["edge"] == "start" else shown[-1][1]
    minutes = [to_local(round((at_s + slack) * SECOND_US)).strftime("%H:%M") for slack in (-SLACK_S, 0, SLACK_S)]
    return any(minute in text.splitlines()[0] for minute in minutes)


def _flat(text: str) -> str:
    return " ".join(text.split())


def _answered(answer: Answer) -> Told:
    cited = tuple(
        (_flat(each.window.title or ""), each.start_us / SECOND_US, each.end_us / SECOND_US)
        for each in answer.citations
    )
    return Told(answer.answer, cited)


def _first_hit(hits: Sequence[Hit]) -> Told:
    """Return what one sees of a search: the first result's window and text."""
    cited = tuple((_flat(one.window.title or ""), one.start_us / SECOND_US, one.end_us / SECOND_US) for one in hits)
    return Told("\n".join(f"{one.window.app} {one.window.title} {one.text}" for one in hits), cited)


if __name__ == "__main__":
    main()
