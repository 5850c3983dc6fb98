"""An answer in the making: lines of text, and citations that open the moments which bear them out.

Owns how a moment is cited: by the main passage that could be read in it.  Called by the other modules of this folder.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import tzinfo
from functools import cached_property

from assistant.answers.runs import Run, runs
from assistant.categories import Categories, categories_of
from assistant.digest import activities_of
from assistant.proof import Citation
from assistant.question import Language, Question
from assistant.quoting import best_quote
from assistant.sessions import Activity
from assistant.wording import Wording, wording
from timeline.clock import to_local
from timeline.model import ALL_TIME, Frame, Interval, Moment, Passage, Window
from timeline.reader import Reader

LONGEST_TEXT = 1_000  # characters of a passage that may be quoted
MOST_FRAMES = 5  # of a moment that are looked at for one that was read


@dataclass
class RecordAnswer:
    """An answer in the making: lines of text and the citations their numbers point to."""

    lines: list[str] = field(default_factory=list)
    citations: list[Citation] = field(default_factory=list)

    def add(self, line: str, *citations: Citation | None) -> None:
        """Add a line, with its proofs when it has some."""
        for one in citations:
            if one is None:
                continue
            if one not in self.citations:
                self.citations.append(one)
            line = f"{line} [{self.citations.index(one) + 1}]"
        self.lines.append(line)

    @property
    def text(self) -> str:
        return "\n".join(self.lines)


@dataclass
class Asked:
    """A question, and the record as far as it is asked about: read once, whatever the answer needs of it."""

    question: Question
    reader: Reader
    zone: tzinfo | None = None
    _meant: dict[Window, bool] = field(default_factory=dict)

    @property
    def language(self) -> Language:
        return self.question.language

    @property
    def wording(self) -> Wording:
        return wording(self.language)

    @property
    def interval(self) -> Interval:
        """Where to look: all of time when the question names none."""
        return self.question.interval or ALL_TIME

    @cached_property
    def categories(self) -> Categories:
        return categories_of(self.reader)

    @cached_property
    def activities(self) -> list[Activity]:
        """The one window of each second of the interval."""
        return activities_of(self.reader, self.interval)

    @cached_property
    def matching(self) -> list[Activity]:
        """Those of the windows that the question is about."""
        return [each for each in self.activities if self.is_meant(each.window)]

    @cached_property
    def runs(self) -> list[Run]:
        """Those joined where nothing else came between."""
        return runs(self.activities, self.is_meant)

    def is_meant(self, window: Window) -> bool:
        """Tell whether a window is what the question is about; a year has few windows and many moments."""
        if window not in self._meant:
            self._meant[window] = self.question.subject.matches(window, self.categories.of)
        return self._meant[window]

    @property
    def told_interval(self) -> Interval:
        """The interval as it is told: without a beginning or an end it is as long as the record."""
        start_us, end_us = self.interval.start_us, self.interval.end_us
        if self.activities:
            start_us = max(start_us, self.activities[0].start_us) if start_us <= 0 else start_us
            end_us = self.activities[-1].end_us if end_us == ALL_TIME.end_us else end_us
        return Interval(start_us, end_us)

    def is_one_day(self) -> bool:
        told = self.told_interval
        return to_local(told.start_us, self.zone).date() == to_local(told.end_us - 1, self.zone).date()

    def cite(self, activity: Activity) -> Citation | None:
        """Return the proof that a window was there then; None while nothing of it has been read."""
        return cite_moment(activity.moment, self.question, self.reader, Interval(activity.start_us, activity.end_us))


def cite_moment(moment: Moment, question: Question, reader: Reader, within: Interval) -> Citation | None:
    """Return the proof of a moment: words of its fullest passage, and a frame of the stretch that is meant."""
    read = [
        (_rank(question, passage), frame, passage)
        for frame in _frames(moment, reader, within)
        for passage in _own(reader.passages_of_frame(frame.id), moment)
    ]
    if not read:
        return None
    _, frame, passage = max(read, key=lambda each: each[0])
    start_us = max(frame.start_us, within.start_us)
    end_us = max(min(frame.end_us, within.end_us), start_us + 1)
    quote = best_quote(question, passage.text[:LONGEST_TEXT]).text
    return Citation(passage.id, start_us, end_us, frame.offset_s, moment.window, quote, frame.id)


def _own(passages: Sequence[Passage], moment: Moment) -> Sequence[Passage]:
    """Return the passages that stood in the moment's window; all where none is known to."""
    return [each for each in passages if each.window == moment.window] or passages


def _rank(question: Question, passage: Passage) -> tuple[float, int]:
    return (question.coverage(passage.text) if question.words else 0.0, len(passage.text))


def _frames(moment: Moment, reader: Reader, within: Interval) -> list[Frame]:
    """Return the frames of a moment that stood in a stretch, the first and the last before the others."""
    inside = reader.frames(within, moment.monitor) if within.end_us > within.start_us else []
    ends = [reader.frame(frame_id) for frame_id in dict.fromkeys((moment.first_frame, moment.last_frame))]
    found = [each for each in inside if each.moment_id == moment.id][:MOST_FRAMES]
    found += [each for each in ends if each is not None and each not in found and _overlaps(each, within)]
    return found or [each for each in ends if each is not None]


def _overlaps(frame: Frame, within: Interval) -> bool:
    return frame.start_us < within.end_us and frame.end_us > within.start_us


def longest(activities: Sequence[Activity]) -> Activity:
    """Return the stretch that tells most: the longest."""
    return max(activities, key=lambda each: each.active_us)


def question_about(question: Question, **changes: object) -> Question:
    """Return the question with some of it replaced."""
    return replace(question, **changes)  # type: ignore[arg-type]  # the changes are fields of Question
