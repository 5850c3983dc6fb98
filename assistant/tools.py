"""What a model may look up before it answers: five read-only tools over one timeline.

Owns their descriptions, the check of their arguments, and what they find as evidence with ids that follow those of the
fixed plan.  A model's arguments are data: whatever cannot be understood is told back as an error, and nothing a tool
does writes or leaves the store.  Called by rounds.py.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, tzinfo
from typing import Any

from assistant.endpoint import ToolCall
from assistant.evidence import LONGEST_EVIDENCE, Evidence, Sighting, Stretch, longest_stretches, of_stretches, stretches
from index.query import question as question_of
from index.search import Filters, Searcher
from timeline.clock import SECOND_US, at_offset, to_us
from timeline.model import Interval, Passage, Window
from timeline.phrases import parse_time
from timeline.reader import Reader

MOST_HITS = 8
MOST_PASSAGES = 6  # of one instant
MOST_NAMED = 20  # windows of a time
LONGEST_ARGUMENT = 200  # characters

_TIME = {"type": "string", "description": "ISO 8601, or words such as 'yesterday 15:00', '昨天下午'"}


def _described(name: str, about: str, required: tuple[str, ...], **arguments: dict[str, str]) -> dict[str, Any]:
    parameters = {"type": "object", "properties": arguments, "required": list(required)}
    return {"type": "function", "function": {"name": name, "description": about, "parameters": parameters}}


DESCRIPTIONS = (
    _described("search", "Find excerpts by words or meaning.", ("query",), query={"type": "string"}, when=_TIME),
    _described("moments", "The windows that were in front in a time, and excerpts of them.", ("when",), when=_TIME),
    _described("text_at", "What could be read at an instant.", ("when",), when=_TIME),
    _described("usage", "How long each window was on the screen in a time, counted exactly.", ("when",), when=_TIME),
    _described(
        "neighbours", "What stood on the screen right before and after an excerpt.", ("id",),
        id={"type": "string", "description": "E3"},
    ),
)  # fmt: skip


class _Wrong(Exception):
    """Arguments that a tool cannot use; the message goes to the model, and holds nothing of theirs."""


@dataclass
class Tools:
    """The tools over one timeline for one question; `evidence` and `computed` grow with what they find."""

    reader: Reader
    searcher: Searcher
    evidence: list[Evidence]
    now: datetime
    zone: tzinfo | None = None
    computed: list[str] = field(default_factory=list)
    """Totals that were counted: numbers a sentence may hold beside those of its evidence."""

    def call(self, call: ToolCall) -> tuple[list[Evidence], list[str]] | str:
        """Return the evidence a call found and lines about windows, or the sentence that says what was wrong."""
        every: Mapping[str, Callable[[Mapping[str, str]], tuple[list[Evidence], list[str]]]] = {
            "search": self._search,
            "moments": self._moments,
            "text_at": self._text_at,
            "usage": self._usage,
            "neighbours": self._neighbours,
        }
        if call.name not in every:
            return f"There is no such tool; there are {', '.join(every)}."
        try:
            return every[call.name](_arguments(call.arguments))
        except _Wrong as wrong:
            return str(wrong)

    def _search(self, given: Mapping[str, str]) -> tuple[list[Evidence], list[str]]:
        interval = self._interval(given["when"]) if given.get("when") else None
        hits = self.searcher.search(question_of(_needed(given, "query")), Filters(interval=interval), MOST_HITS)
        return self._kept(
            (hit.passage_id, Sighting(hit.start_us, hit.end_us, hit.offset_s, hit.frame_id), hit.window, hit.text)
            for hit in hits
        ), []

    def _moments(self, given: Mapping[str, str]) -> tuple[list[Evidence], list[str]]:
        interval = self._interval(_needed(given, "when"))
        every = stretches(self.reader.moments(interval), interval)
        return self._kept(of_stretches(every, self.reader, self.searcher)), []

    def _usage(self, given: Mapping[str, str]) -> tuple[list[Evidence], list[str]]:
        interval = self._interval(_needed(given, "when"))
        every = stretches(self.reader.moments(interval), interval)
        lines = [
            f"{_minutes(one.active_us)} min from {_when(one)}: {_name(one.window)}"
            for one in longest_stretches(every, MOST_NAMED)
        ]
        lines.append(f"{_minutes(sum(one.active_us for one in every))} min in all, {len(every)} windows")
        # Only what was counted may be said without an excerpt: no name of a window, which stood on the screen.
        self.computed += [line.split(" from ")[0] for line in lines]
        return [], lines

    def _text_at(self, given: Mapping[str, str]) -> tuple[list[Evidence], list[str]]:
        phrase = self._interval(_needed(given, "when"))
        return self._at(phrase.start_us), []

    def _neighbours(self, given: Mapping[str, str]) -> tuple[list[Evidence], list[str]]:
        known = {each.id: each for each in self.evidence}
        each = known.get(_needed(given, "id"))
        if each is None:
            raise _Wrong("No excerpt has this id.")
        return [*self._at(each.seen.start_us - SECOND_US), *self._at(each.seen.end_us + SECOND_US)], []

    def _at(self, at_us: int) -> list[Evidence]:
        frame = self.reader.frame_at(at_us)
        if frame is None:
            return []
        seen = Sighting(frame.start_us, frame.end_us, frame.offset_s, frame.id)
        passages = sorted(self.reader.passages_of_frame(frame.id), key=self._weight, reverse=True)[:MOST_PASSAGES]
        return self._kept((one.id, seen, one.window, one.text[:LONGEST_EVIDENCE]) for one in passages)

    def _weight(self, passage: Passage) -> tuple[bool, int]:
        return not self.searcher.is_furniture(passage.id), len(passage.text)

    def _kept(self, found: Iterable[tuple[int, Sighting, Window, str]]) -> list[Evidence]:
        """Return what was found as evidence; what is known already keeps its id."""
        kept = []
        for passage_id, seen, window, text in found:
            same = (one for one in self.evidence if (one.passage_id, one.seen, one.text) == (passage_id, seen, text))
            one = next(same, None)
            if one is None:
                one = Evidence(f"E{len(self.evidence) + 1}", passage_id, seen, window, text)
                self.evidence.append(one)
            kept.append(one)
        return kept

    def _interval(self, text: str) -> Interval:
        """Return the time that a text names, an instant as the second that begins there."""
        try:
            at_us = to_us(self._local(datetime.fromisoformat(text)))
        except (ValueError, OverflowError):
            phrase = parse_time(text, self.now, self.zone)
            if phrase is None:
                raise _Wrong("This time was not understood.") from None
            return phrase.interval if phrase.at_us is None else Interval(phrase.at_us, phrase.at_us + SECOND_US)
        day = len(text) <= len("2026-11-22")
        return Interval(at_us, at_us + (86_400 if day else 1) * SECOND_US)

    def _local(self, moment: datetime) -> datetime:
        return moment if moment.tzinfo is not None else moment.replace(tzinfo=self.zone or self.now.tzinfo)


def _arguments(text: str) -> Mapping[str, str]:
    """Return the arguments of a call.  Raises _Wrong for anything but an object of short texts."""
    try:
        given = json.loads(text or "{}")
    except (ValueError, RecursionError):
        given = None
    if not isinstance(given, dict) or not all(isinstance(one, str) for one in given.values()):
        raise _Wrong("The arguments must be a JSON object of texts.")
    if any(len(one) > LONGEST_ARGUMENT for one in given.values()):
        raise _Wrong(f"An argument is longer than {LONGEST_ARGUMENT} characters.")
    return given


def _needed(given: Mapping[str, str], name: str) -> str:
    if not given.get(name, "").strip():
        raise _Wrong(f"The argument {name} is missing.")
    return given[name]


def _minutes(active_us: int) -> int:
    return round(active_us / SECOND_US / 60)


def _when(stretch: Stretch) -> str:
    return f"{at_offset(stretch.start_us, stretch.offset_s):%Y-%m-%d %H:%M}"


def _name(window: Window) -> str:
    return " · ".join(part for part in (window.app, window.title) if part) or "unknown"
