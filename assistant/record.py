"""Answers from the record alone: lists, times, durations and quotes in plain sentences, the same for the same record.

Owns which kind of question is answered how, and what is said when the record holds no answer.  Needs no model.  Called
by answer.py, without an endpoint and when one fails.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import tzinfo

from assistant.answers.comparing import changed
from assistant.answers.finding import answering, find, first_or_last
from assistant.answers.making import Asked, RecordAnswer
from assistant.answers.measuring import how_long, how_many, how_often, listed
from assistant.answers.ordering import confined, event_of, order
from assistant.answers.telling import active_text, tell
from assistant.evidence import LONGEST_EVIDENCE, Evidence, Sighting, stretches
from assistant.question import Question
from assistant.wording import day_text, reason_text, span_text, wording
from timeline.clock import offset_s
from timeline.model import Interval
from timeline.reader import Reader

__all__ = ["RecordAnswer", "answer", "answering", "no_answer"]

MOST_MOMENTS = 40  # of the windows that hold the words, before or after an event
_NOWHERE = Sighting(0, 0, 0, 0)


def answer(
    question: Question, evidence: Sequence[Evidence], reader: Reader, zone: tzinfo | None = None
) -> RecordAnswer:
    """Return what the record says; without citations when it holds no answer."""
    made, asked = RecordAnswer(), Asked(question, reader, zone)
    if question.kind in ("before", "after"):
        order(made, asked, evidence)
    elif question.anchor is not None:
        asked, evidence = _confined(asked, evidence)
        _answer(made, asked, evidence)
    else:
        _answer(made, asked, evidence)
    if not made.citations:
        made = RecordAnswer()
        made.add(no_answer(question, reader, zone))
    return made


def _answer(made: RecordAnswer, asked: Asked, evidence: Sequence[Evidence]) -> None:
    kind = asked.question.kind
    if kind == "did":
        tell(made, asked, evidence)
    elif kind in ("first", "last"):
        first_or_last(made, asked, evidence)
    elif kind == "how_long":
        how_long(made, asked, evidence)
    elif kind == "how_often":
        how_often(made, asked)
    elif kind == "how_many":
        how_many(made, asked)
    elif kind == "list":
        listed(made, asked)
    elif kind == "changed":
        changed(made, asked, evidence)
    if not made.lines and asked.question.words:
        find(made, asked, evidence)


def _confined(asked: Asked, evidence: Sequence[Evidence]) -> tuple[Asked, Sequence[Evidence]]:
    """Return the question and its evidence before or after what it speaks of.

    Where that is not in the record its words are looked for like all others ("what to check before a release").
    """
    interval, question = confined(asked, evidence), asked.question
    if interval is None:
        words = question.words + (question.anchor.words if question.anchor is not None else ())
        return Asked(replace(question, words=words), asked.reader, asked.zone), evidence
    within = Asked(replace(question, interval=interval), asked.reader, asked.zone)
    return within, _seen_within(evidence, interval, asked.reader)


def _seen_within(evidence: Sequence[Evidence], interval: Interval, reader: Reader) -> list[Evidence]:
    """Return the evidence that stood on the screen in an interval, and what stood in the same windows then."""
    windows = {each.window for each in evidence}
    moments = [one for one in reader.moments(interval) if one.window in windows][-MOST_MOMENTS:]
    read = {
        passage.id: passage
        for one in moments
        for frame_id in dict.fromkeys((one.first_frame, one.last_frame))
        for passage in reader.passages_of_frame(frame_id)
        if passage.window in windows
    }
    known = {each.passage_id for each in evidence}
    others = [
        Evidence(f"W{passage.id}", passage.id, _NOWHERE, passage.window, passage.text[:LONGEST_EVIDENCE])
        for passage in read.values()
        if passage.id not in known
    ]
    seen = [(each, reader.spans(each.passage_id, interval)) for each in (*evidence, *others)]
    return [
        replace(each, seen=Sighting(spans[0].start_us, spans[0].end_us, spans[0].offset_s, spans[0].frame_id))
        for each, spans in seen
        if spans
    ]


def no_answer(question: Question, reader: Reader, zone: tzinfo | None = None) -> str:
    """Return the sentences that say there is no answer, and whether anything was recorded at the time asked for."""
    words = wording(question.language)
    if reader.newest_frame() is None:
        return f"{words.no_answer} {words.nothing_ever}"
    if question.anchor is not None and event_of(Asked(question, reader, zone), question.anchor, ()) is None:
        return f"{words.no_answer} {words.anchor_missing}"
    if question.interval is None:
        return words.no_answer
    return f"{words.no_answer} {_what_was_recorded(question, question.interval, reader, zone)}"


def _what_was_recorded(question: Question, interval: Interval, reader: Reader, zone: tzinfo | None) -> str:
    asked, language, words = Asked(question, reader, zone), question.language, wording(question.language)
    moments = reader.moments(interval)
    told = interval if interval.start_us > 0 or not moments else Interval(moments[0].start_us, interval.end_us)
    span = span_text(told if told.start_us > 0 else Interval(interval.end_us, interval.end_us), language, zone)
    if moments:
        return words.recorded_then.format(active=active_text(asked, stretches(moments, interval)), span=span)
    reasons = dict.fromkeys(reason_text(gap.reason, language) for gap in reader.gaps(interval))
    if reasons:
        return words.nothing_then_because.format(span=span, reasons=", ".join(reasons))
    if interval.start_us == 0:
        return words.nothing_before.format(end=day_text(interval.end_us, offset_s(interval.end_us, zone), language))
    return words.nothing_then.format(span=span)
