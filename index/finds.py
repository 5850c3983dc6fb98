"""From ranked passages to those that are shown: of several that say the same, the one that shows it best.

Owns what counts as the same sighting.  Reads passages a few at a time, until enough different ones are found; where
words stand is read by `index.search`, for what is shown alone.  Called by it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from index.candidates import Gatherer
from index.filters import Scope
from index.ranking import same
from index.tokens import token_set
from timeline.clock import SECOND_US
from timeline.model import Interval, Span
from timeline.reader import Reader

READ_AT_ONCE = 24  # passages read from the timeline at a time while ten different ones are looked for
LOOK_BEYOND = 20  # candidates after the last result, for better copies of what was found
SAME_SIGHTING_US = 60 * SECOND_US  # copies further apart were seen at different times: the better ranked one is shown
ALL_BUT_WHOLE = 0.8  # of the larger text: a smaller copy is a part of it


@dataclass(slots=True)
class Find:
    """A result on its way: the passage that shows it best so far, and the score of the best one that says the same."""

    passage_id: int
    text: str
    span: Span
    tokens: frozenset[str]
    score: float
    ranked: int
    """The id of that one."""


@dataclass(frozen=True, slots=True)
class _Sight:
    """A passage as it may be shown."""

    passage_id: int
    text: str
    tokens: frozenset[str]
    span: Span


class Texts:
    """The texts of passages, each read once in a search."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader
        self._texts: dict[int, str] = {}

    def of(self, passage_ids: Sequence[int]) -> dict[int, str]:
        """Return the texts of passages by their ids; unknown ids are left out."""
        self._texts |= self._reader.passage_texts([one for one in passage_ids if one not in self._texts])
        return {one: self._texts[one] for one in passage_ids if one in self._texts}


def finds(
    reader: Reader,
    texts: Texts,
    gatherer: Gatherer,
    scores: dict[int, float],
    inside: Scope,
    interval: Interval | None,
    limit: int,
    *,
    quickly: bool = False,
) -> list[Find]:
    """Return the passages to show, best first; of several that say the same the one that shows it best.

    `quickly`: the best ranked of them is good enough.
    """
    found: list[Find] = []
    beyond = 0 if quickly else LOOK_BEYOND
    for place, (ranked, sights) in enumerate(_read(reader, texts, gatherer, scores, inside, interval, quickly=quickly)):
        if len(found) == limit and place >= limit + beyond:
            break
        for one in sights:
            _take(found, one, (ranked, scores[ranked]), limit)
    return found


def found_as_they_are(reader: Reader, passage_ids: Sequence[int], interval: Interval | None) -> list[Find]:
    """Return passages as results without a rank, nothing folded, in the order in which they appeared."""
    texts, spans = reader.passage_texts(passage_ids), reader.newest_spans(passage_ids, interval)
    there = sorted((one for one in passage_ids if one in spans and one in texts), key=lambda one: spans[one].start_us)
    return [Find(one, texts[one], spans[one], token_set(texts[one]), 1.0, one) for one in there]


def _take(found: list[Find], one: _Sight, ranked: tuple[int, float], limit: int) -> None:
    """Let a passage be a result of its own, show what is one already better, or add nothing."""
    known = next((find for find in found if same(one.tokens, find.tokens)), None)
    if known is None:
        if len(found) < limit:
            found.append(Find(one.passage_id, one.text, one.span, one.tokens, ranked[1], ranked[0]))
    elif _shows_better(one.tokens, one.span, known):
        known.passage_id, known.text, known.span, known.tokens = one.passage_id, one.text, one.span, one.tokens


def _shows_better(tokens: frozenset[str], span: Span, known: Find) -> bool:
    """Tell whether another copy of a text, on the screen just before or after, is the one to show.

    A page that is being left, or half covered by a window opened over it, is another passage for a second or two.
    """
    apart_us = max(span.start_us - known.span.end_us, known.span.start_us - span.end_us)
    if apart_us > SAME_SIGHTING_US:
        return False
    if len(tokens) != len(known.tokens) and min(len(tokens), len(known.tokens)) < ALL_BUT_WHOLE * max(
        len(tokens), len(known.tokens)
    ):
        return len(tokens) > len(known.tokens)
    return span.end_us - span.start_us > known.span.end_us - known.span.start_us


def _read(
    reader: Reader,
    texts: Texts,
    gatherer: Gatherer,
    passage_ids: Iterable[int],
    inside: Scope,
    interval: Interval | None,
    *,
    quickly: bool,
) -> Iterator[tuple[int, list[_Sight]]]:
    """Yield each passage that is there with its copies, which have its text, in the order given."""
    waiting = iter(passage_ids)
    while ids := list(islice(waiting, READ_AT_ONCE)):
        known = texts.of(ids)
        copies = {} if quickly else gatherer.copies(ids, inside)
        spans = reader.newest_spans([*ids, *(one for older in copies.values() for one in older)], interval)
        for ranked in (one for one in ids if one in known):
            text = known[ranked]
            tokens = token_set(text)
            every = [one for one in (ranked, *copies.get(ranked, ())) if one in spans]
            yield ranked, [_Sight(one, text, tokens, spans[one]) for one in every]
