"""What came right before or after something that is found in the record; and the times that lie before or after it.

Called by record.py: for questions of order, and to confine any other question that speaks of something found.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from assistant.answers.finding import answering
from assistant.answers.making import Asked, RecordAnswer, cite_moment, question_about
from assistant.answers.runs import Run, window_runs
from assistant.category_rules import program_kind
from assistant.digest import activities_of
from assistant.evidence import Evidence
from assistant.projects import is_page
from assistant.proof import Citation
from assistant.question import Anchor
from assistant.wording import clock_texts, day_text, window_text
from timeline.clock import SECOND_US
from timeline.model import ALL_TIME, Interval, Window

AROUND_US = 24 * 3600 * SECOND_US  # what came "right after" is looked for within a day


@dataclass(frozen=True, slots=True)
class Event:
    """The newest time at which something stood on the screen, the windows it stood in, and its proof."""

    interval: Interval
    window: Window
    proof: Citation | None
    windows: frozenset[Window]


def order(made: RecordAnswer, asked: Asked, evidence: Sequence[Evidence]) -> None:
    """Tell which window came right before or after what is asked about."""
    anchor = asked.question.anchor
    event = None if anchor is None else event_of(asked, anchor, evidence)
    if anchor is None or event is None:
        return
    neighbour = _neighbour(asked, event, anchor)
    if neighbour is None:
        return
    words = asked.wording
    _add(made, asked, words.right_before if anchor.relation == "before" else words.right_after, neighbour)
    at = event.interval
    offset_s = 0 if event.proof is None else event.proof.offset_s
    start, _ = clock_texts(at.start_us, at.end_us, offset_s)
    day = day_text(at.start_us, offset_s, asked.language)
    made.add(words.anchor.format(day=day, start=start, window=window_text(event.window, asked.language)), event.proof)


def event_of(asked: Asked, anchor: Anchor, evidence: Sequence[Evidence]) -> Event | None:
    """Return when the thing was on the screen last: a window of that name, else its words in a window."""
    within = Asked(question_about(asked.question, subject=anchor.subject, words=anchor.words), asked.reader, asked.zone)
    found = [] if anchor.subject.is_any else within.runs
    if found:
        run = found[-1]
        windows = frozenset(each.window for each in run.activities)
        return Event(Interval(run.start_us, run.end_us), run.window, within.cite(run.activities[0]), windows)
    return _event_in_text(within, evidence)


def _event_in_text(asked: Asked, evidence: Sequence[Evidence]) -> Event | None:
    found = answering(asked.question, evidence) if asked.question.words else []
    seen = [(span, each) for each in found for span in asked.reader.spans(each.passage_id, asked.question.interval)]
    if not seen:
        return None
    span, each = max(seen, key=lambda pair: pair[0].start_us)
    interval = Interval(span.start_us, span.end_us)
    moments = [
        one for one in asked.reader.moments(interval) if one.monitor == span.monitor and one.window == each.window
    ]
    proof = cite_moment(moments[0], asked.question, asked.reader, interval) if moments else None
    return Event(interval, each.window, proof, frozenset([each.window]))


def _neighbour(asked: Asked, event: Event, anchor: Anchor) -> Run | None:
    """Return the run next to the event, of another window; empty tabs and empty screens are none."""
    at = event.interval
    around = Interval(max(at.start_us - AROUND_US, 0), at.end_us + AROUND_US)
    every = [one for one in window_runs(activities_of(asked.reader, around)) if _is_something(one.window)]
    others = [one for one in every if one.window not in event.windows]
    if anchor.relation == "before":
        return max((one for one in others if one.start_us < at.start_us), key=lambda one: one.end_us, default=None)
    return min((one for one in others if one.end_us > at.end_us), key=lambda one: one.start_us, default=None)


def _is_something(window: Window) -> bool:
    return bool(window.title) and (program_kind(window.app) != "browser" or is_page(window))


def _add(made: RecordAnswer, asked: Asked, template: str, run: Run) -> None:
    first = run.activities[0]
    start, end = clock_texts(run.start_us, run.end_us, first.moment.offset_s)
    day = day_text(run.start_us, first.moment.offset_s, asked.language)
    line = template.format(day=day, start=start, end=end, window=window_text(run.window, asked.language))
    made.add(line, asked.cite(max(run.activities, key=lambda each: each.active_us)))


def confined(asked: Asked, evidence: Sequence[Evidence]) -> Interval | None:
    """Return the time before or after what a question speaks of, on that day; None when it is not in the record."""
    anchor = asked.question.anchor
    event = None if anchor is None else event_of(asked, anchor, evidence)
    if anchor is None or event is None:
        return None
    whole = asked.question.interval or ALL_TIME
    if anchor.relation == "before":
        return Interval(whole.start_us, event.interval.start_us)
    return Interval(event.interval.end_us, whole.end_us)
