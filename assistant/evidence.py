"""The retrieval plan: from a question to the passages that may answer it, and to the stretches of a time.

Owns what is fetched and how much of it.  Never judges and never words: prompt.py shows the evidence to a model,
record.py answers from it, proof.py checks against it.  Called by answer.py.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import islice

from assistant.question import Question
from index.query import question as question_of
from index.search import Filters, Mode, Searcher
from timeline.model import Interval, Moment, Passage, Window
from timeline.reader import Reader

MOST_HITS = 12
MOST_HITS_OF_ALL_TIME = 40  # "when did I last": the newest need not be the best
MOST_STRETCHES = 10
LONGEST_EVIDENCE = 1_000  # characters of one passage; a result of a search is no longer (CONTRACT.md)


@dataclass(frozen=True, slots=True)
class Sighting:
    """A stretch in which a passage stood on the screen, and a frame that shows it."""

    start_us: int
    end_us: int
    offset_s: int
    frame_id: int


@dataclass(frozen=True, slots=True)
class Evidence:
    """A passage that was retrieved for a question; `text` is what is shown of it, and quotes are checked against it."""

    id: str
    passage_id: int
    seen: Sighting
    window: Window
    text: str

    @property
    def searched_text(self) -> str:
        """All that speaks for this evidence: its text and its window's names."""
        return "\n".join(part for part in (self.window.app, self.window.title, self.window.url, self.text) if part)


@dataclass(frozen=True, slots=True)
class Stretch:
    """All moments of one window within a time; `first` is the earliest, `longest` the one to look at."""

    window: Window
    start_us: int
    end_us: int
    active_us: int
    offset_s: int
    longest: Moment


def gather(question: Question, reader: Reader, searcher: Searcher, mode: Mode = "hybrid") -> list[Evidence]:
    """Return the evidence for a question, best first; when it names only a time, that of the stretches then."""
    interval = question.interval
    if not question.words:
        found = (
            [] if interval is None else of_stretches(stretches(reader.moments(interval), interval), reader, searcher)
        )
        return _numbered(found)
    limit = MOST_HITS if question.kind == "find" else MOST_HITS_OF_ALL_TIME
    hits = searcher.search(question_of(question.search_text), Filters(interval=interval), limit, mode)
    return _numbered(
        (hit.passage_id, Sighting(hit.start_us, hit.end_us, hit.offset_s, hit.frame_id), hit.window, hit.text)
        for hit in hits
    )


def stretches(moments: Sequence[Moment], interval: Interval) -> list[Stretch]:
    """Return the moments joined by window, in the order of time; each cut to the interval."""
    by_window: dict[tuple[str | None, str | None], list[Moment]] = {}
    for moment in moments:
        by_window.setdefault((moment.window.app, moment.window.title), []).append(moment)
    joined = [_stretch(each, interval) for each in by_window.values()]
    return sorted(joined, key=lambda each: each.start_us)


def longest_stretches(every: Sequence[Stretch], limit: int = MOST_STRETCHES) -> list[Stretch]:
    """Return those that were on the screen longest, in the order of time."""
    kept = sorted(every, key=lambda each: -each.active_us)[:limit]
    return sorted(kept, key=lambda each: each.start_us)


def _stretch(moments: Sequence[Moment], interval: Interval) -> Stretch:
    longest = max(moments, key=lambda each: _active_us(each, interval))
    return Stretch(
        window=longest.window,
        start_us=max(min(each.start_us for each in moments), interval.start_us),
        end_us=min(max(each.end_us for each in moments), interval.end_us),
        active_us=sum(_active_us(each, interval) for each in moments),
        offset_s=moments[0].offset_s,
        longest=longest,
    )


def _active_us(moment: Moment, interval: Interval) -> int:
    return min(moment.end_us, interval.end_us) - max(moment.start_us, interval.start_us)


_Found = tuple[int, Sighting, Window, str]


def of_stretches(every: Sequence[Stretch], reader: Reader, searcher: Searcher) -> Iterable[_Found]:
    """Yield the main passage of each of the longest stretches."""
    for stretch in longest_stretches(every):
        passage = main_passage(stretch.longest, reader, searcher)
        if passage is None:
            continue
        moment = Interval(stretch.longest.start_us, stretch.longest.end_us)
        for span in islice(reader.spans(passage.id, moment), 1):
            seen = Sighting(span.start_us, span.end_us, span.offset_s, span.frame_id)
            yield passage.id, seen, stretch.window, passage.text[:LONGEST_EVIDENCE]


def main_passage(moment: Moment, reader: Reader, searcher: Searcher) -> Passage | None:
    """Return the longest passage on the newest frame of a moment that was read, menus and side bars only at need."""
    for frame_id in dict.fromkeys((moment.last_frame, moment.first_frame)):
        every = reader.passages_of_frame(frame_id)
        passages = [each for each in every if each.window == moment.window] or every
        if passages:
            return max(passages, key=lambda each: (not searcher.is_furniture(each.id), len(each.text)))
    return None


def _numbered(found: Iterable[_Found]) -> list[Evidence]:
    return [Evidence(f"E{number}", *each) for number, each in enumerate(found, 1)]
