"""Answers from the record alone: lists, times, durations and quotes in plain sentences, the same for the same record.

Owns the decision whether the record answers at all: a passage counts only when enough of the question's words stand in
it, however near its meaning.  Needs no model.  Called by answer.py, without an endpoint and when one fails.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import tzinfo

from assistant.evidence import (
    Evidence,
    Sighting,
    Stretch,
    longest_stretches,
    stretches,
)
from assistant.proof import Citation, cite, plain
from assistant.question import ENOUGH, Language, Question
from assistant.quoting import best_quote
from assistant.wording import clock_texts, day_text, duration_text, rounded_us, span_text, window_text, wording
from timeline.clock import offset_s, to_local
from timeline.model import Gap, Interval, Moment
from timeline.reader import Reader

MOST_PASSAGES = 3
MOST_GAPS = 3
LEAST_WORTH = 0.6  # of the best quote's; the words asked for are worth 0.4 on a line that is no sentence
LEAST_GAP_US = 60_000_000  # a minute: shorter ones say nothing about a day


@dataclass
class RecordAnswer:
    """An answer in the making: lines of text and the citations their numbers point to."""

    lines: list[str] = field(default_factory=list)
    citations: list[Citation] = field(default_factory=list)

    def add(self, line: str, citation: Citation | None = None) -> None:
        """Add a line, with its proof when it has one."""
        if citation is not None:
            self.citations.append(citation)
            line = f"{line} [{len(self.citations)}]"
        self.lines.append(line)

    @property
    def text(self) -> str:
        return "\n".join(self.lines)


@dataclass(frozen=True, slots=True)
class _Candidate:
    """A passage that may answer, the share of the question in it, and what its best quote is worth."""

    evidence: Evidence
    share: float
    worth: float


def answer(
    question: Question, evidence: Sequence[Evidence], reader: Reader, zone: tzinfo | None = None
) -> RecordAnswer:
    """Return what the record says; without citations when it holds no answer."""
    made = RecordAnswer()
    if question.kind == "did":
        _tell_stretches(made, question, evidence, reader, zone)
    else:
        _tell_passages(made, question, evidence, reader)
    if not made.lines:
        made.add(no_answer(question, reader, zone))
    return made


def no_answer(question: Question, reader: Reader, zone: tzinfo | None = None) -> str:
    """Return the sentences that say there is no answer, and whether anything was recorded at the time asked for."""
    words = wording(question.language)
    if reader.newest_frame() is None:
        return f"{words.no_answer} {words.nothing_ever}"
    if question.interval is None:
        return words.no_answer
    return f"{words.no_answer} {_what_was_recorded(question.interval, question.language, reader, zone)}"


def _what_was_recorded(interval: Interval, language: Language, reader: Reader, zone: tzinfo | None) -> str:
    words, moments = wording(language), reader.moments(interval)
    span = span_text(_begun(interval, moments), language, zone)
    if moments:
        return words.recorded_then.format(active=_active_text(stretches(moments, interval), language), span=span)
    reasons = ", ".join(dict.fromkeys(gap.reason for gap in reader.gaps(interval)))
    if reasons:
        return words.nothing_then_because.format(span=span, reasons=reasons)
    if interval.start_us == 0:
        return words.nothing_before.format(end=day_text(interval.end_us, offset_s(interval.end_us, zone), language))
    return words.nothing_then.format(span=span)


def _tell_stretches(
    made: RecordAnswer, question: Question, evidence: Sequence[Evidence], reader: Reader, zone: tzinfo | None
) -> None:
    """Tell which windows were on the screen in the time asked for, when and how long."""
    interval, language, words = question.interval, question.language, wording(question.language)
    moments = reader.moments(interval) if interval else []
    if interval is None or not moments:
        return
    every = stretches(moments, interval)
    span = span_text(_begun(interval, moments), language, zone)
    made.add(words.stretches.format(span=span, active=_active_text(every, language), count=len(every)))
    proofs = {(each.window.app, each.window.title): each for each in evidence}
    kept = longest_stretches(every)
    for stretch in kept:
        proof = proofs.get((stretch.window.app, stretch.window.title))
        made.add(
            _stretch_text(stretch, question.language, one_day=_is_one_day(interval, zone)),
            cite(proof, best_quote(question, proof.text).text) if proof else None,
        )
    rest = [each for each in every if each not in kept]
    if rest:
        made.add(words.more.format(count=len(rest), active=_active_text(rest, language)))
    _tell_gaps(made, interval, language, reader, zone)


def _active_text(every: Sequence[Stretch], language: Language) -> str:
    """Return how long these stretches were on the screen, added up from the durations that are shown of each."""
    return duration_text(sum(rounded_us(each.active_us) for each in every), language)


def _stretch_text(stretch: Stretch, language: Language, *, one_day: bool) -> str:
    start, end = clock_texts(stretch.start_us, stretch.end_us, stretch.offset_s)
    return wording(language).stretch.format(
        day="" if one_day else f"{day_text(stretch.start_us, stretch.offset_s, language)} ",
        start=start,
        end=end,
        window=window_text(stretch.window, language),
        active=duration_text(stretch.active_us, language),
    )


def _tell_gaps(made: RecordAnswer, interval: Interval, language: Language, reader: Reader, zone: tzinfo | None) -> None:
    gaps = [(gap.reason, _cut(gap, interval)) for gap in reader.gaps(interval)]
    long = [(reason, cut) for reason, cut in gaps if cut.end_us - cut.start_us >= LEAST_GAP_US]
    for reason, cut in long[:MOST_GAPS]:
        made.add(wording(language).gap.format(span=span_text(cut, language, zone), reason=reason))


def _tell_passages(made: RecordAnswer, question: Question, evidence: Sequence[Evidence], reader: Reader) -> None:
    """Tell where the words of the question stood, or when they did for the last or first time."""
    words = wording(question.language)
    found = answering(question, evidence)
    if question.kind == "find":
        if found:
            made.add(words.found)
        for each in found[:MOST_PASSAGES]:
            made.add(*_sight(each, words.sight, question))
        return
    seen = [(replace(each, seen=sighting)) for each in found for sighting in _sightings(each, question, reader)]
    if seen and question.kind == "last":
        made.add(*_sight(max(seen, key=lambda each: each.seen.end_us), words.last, question))
    elif seen:
        made.add(*_sight(min(seen, key=lambda each: each.seen.start_us), words.first, question))


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


def _sightings(evidence: Evidence, question: Question, reader: Reader) -> list[Sighting]:
    spans = reader.spans(evidence.passage_id, question.interval)
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


def _begun(interval: Interval, moments: Sequence[Moment]) -> Interval:
    """Return the interval; one that has no start ("before Monday") begins with the record."""
    if interval.start_us > 0:
        return interval
    return Interval(moments[0].start_us if moments else interval.end_us, interval.end_us)


def _is_one_day(interval: Interval, zone: tzinfo | None) -> bool:
    return to_local(interval.start_us, zone).date() == to_local(interval.end_us - 1, zone).date()


def _cut(gap: Gap, interval: Interval) -> Interval:
    return Interval(max(gap.start_us, interval.start_us), min(gap.end_us, interval.end_us))
