"""Where the words of a question stood on the screen, and when they did for the first or last time.

Owns the decision whether a passage answers: enough of the question's words must stand in it, however near its meaning.
Called by record.py; other answers fall back on it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from assistant.answers.making import Asked, RecordAnswer
from assistant.evidence import Evidence, Sighting
from assistant.proof import Citation, cite, plain
from assistant.question import ENOUGH, Question
from assistant.quoting import best_quote
from assistant.wording import clock_texts, day_text, window_text
from timeline.model import Interval

MOST_PASSAGES = 3
LEAST_WORTH = 0.6  # of the best quote's; the words asked for are worth 0.4 on a line that is no sentence


@dataclass(frozen=True, slots=True)
class _Candidate:
    """A passage that may answer, the share of the question in it, and what its best quote is worth."""

    evidence: Evidence
    share: float
    worth: float


def find(made: RecordAnswer, asked: Asked, evidence: Sequence[Evidence]) -> None:
    """Tell where the words of the question stood."""
    found = answering(asked.question, evidence)
    if found:
        made.add(asked.wording.found)
    for each in found[:MOST_PASSAGES]:
        made.add(*_sight(each, asked.wording.sight, asked.question))


def first_or_last(made: RecordAnswer, asked: Asked, evidence: Sequence[Evidence]) -> None:
    """Tell when what is asked about stood on the screen for the first or last time: a window, or words."""
    question, last = asked.question, asked.question.kind == "last"
    seen = [
        replace(each, seen=sighting)
        for each in (answering(question, evidence) if question.words else [])
        for sighting in _sightings(each, asked)
    ]
    window = None if question.subject.is_any and question.words else _end_run(asked, last=last)
    pick = max(seen, key=lambda each: each.seen.end_us, default=None) if last else None
    if not last:
        pick = min(seen, key=lambda each: each.seen.start_us, default=None)
    if pick is not None and (window is None or not question.asks_for_use):
        beyond = window is not None and (
            window.end_us > pick.seen.end_us if last else window.start_us < pick.seen.start_us
        )
        if not beyond:
            made.add(*_sight(pick, asked.wording.last if last else asked.wording.first, question))
            return
    if window is not None:
        _tell_window(made, asked, last=last)


def _end_run(asked: Asked, *, last: bool) -> Interval | None:
    if not asked.runs:
        return None
    run = asked.runs[-1 if last else 0]
    return Interval(run.start_us, run.end_us)


def _tell_window(made: RecordAnswer, asked: Asked, *, last: bool) -> None:
    run = asked.runs[-1 if last else 0]
    in_order = run.activities[::-1] if last else run.activities
    proof, activity = next(((one, each) for each in in_order if (one := asked.cite(each))), (None, in_order[0]))
    offset_s = activity.moment.offset_s
    start, end = clock_texts(run.start_us, run.end_us, offset_s)
    line = (asked.wording.last_of if last else asked.wording.first_of).format(
        day=day_text(run.end_us if last else run.start_us, offset_s, asked.language),
        start=start,
        end=end,
        window=window_text(activity.window, asked.language),
    )
    made.add(line, proof)


def answering(question: Question, evidence: Sequence[Evidence]) -> list[Evidence]:
    """Return the evidence in which enough of the question stands, the fullest first, else in the order it was found.

    What holds no more of the question, and can be quoted only from a tab's title or a name in a margin, goes when there
    are sentences; of other windows it comes after them when the question is where or when a thing stood.
    """
    covered = [(question.coverage(each.searched_text), each) for each in evidence]
    enough = [
        _Candidate(each, share, best_quote(question, each.text).worth) for share, each in covered if share >= ENOUGH
    ]
    if not enough:
        return []
    best = max(enough, key=lambda each: each.worth)
    furniture = [each for each in enough if each.worth < LEAST_WORTH * best.worth and each.share <= best.share]
    kept = sorted((each for each in enough if each not in furniture), key=lambda each: -each.share)
    if question.asks_for_place_or_time:
        shown = {each.evidence.window for each in kept}
        kept += [each for each in furniture if each.evidence.window not in shown or question.kind != "find"]
    return [each.evidence for each in kept]


def _sightings(evidence: Evidence, asked: Asked) -> list[Sighting]:
    spans = asked.reader.spans(evidence.passage_id, asked.question.interval)
    return [Sighting(each.start_us, each.end_us, each.offset_s, each.frame_id) for each in spans]


def _sight(evidence: Evidence, template: str, question: Question) -> tuple[str, Citation]:
    seen, quote = evidence.seen, best_quote(question, evidence.text).text
    start, end = clock_texts(seen.start_us, seen.end_us, seen.offset_s)
    line = template.format(
        day=day_text(seen.start_us, seen.offset_s, question.language),
        start=start,
        end=end,
        window=window_text(evidence.window, question.language),
        quote=plain(quote, [evidence.text]),
    )
    return line, cite(evidence, quote)
