"""From ranked passages to those that are shown: of several that say the same, the one that shows it best.

Owns what counts as the same sighting.  Reads passages a few at a time, until enough different ones are found.
Called by `index.search`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain, islice

from index.candidates import Gatherer
from index.filters import Filters, scope
from index.ranking import same
from index.tokens import scan
from timeline.clock import SECOND_US
from timeline.model import Passage, Span
from timeline.reader import Reader

READ_AT_ONCE = 16  # passages read from the timeline at a time while ten different ones are looked for
LOOK_BEYOND = 20  # candidates after the last result, for better copies of what was found
SAME_SIGHTING_US = 60 * SECOND_US  # copies further apart were seen at different times: the better ranked one is shown
ALL_BUT_WHOLE = 0.8  # of the larger text: a smaller copy is a part of it


@dataclass(slots=True)
class Find:
    """A result on its way: the passage that shows it best so far, and the score of the best one that says the same."""

    passage: Passage
    span: Span
    tokens: frozenset[str]
    score: float
    ranked: int
    """The id of that one."""


def finds(
    reader: Reader, gatherer: Gatherer, scores: dict[int, float], filters: Filters, limit: int, *, quickly: bool = False
) -> list[Find]:
    """Return the passages to show, best first; of several that say the same the one that shows it best.

    `quickly`: the best ranked of them is good enough.
    """
    found: list[Find] = []
    inside = scope(filters)
    beyond = 0 if quickly else LOOK_BEYOND
    for place, passage in enumerate(_read(reader, scores)):
        if len(found) == limit and place >= limit + beyond:
            break
        copies = [] if quickly else _read(reader, gatherer.copies(passage.id, inside))
        for one in chain([passage], copies):
            spans = reader.spans(one.id, filters.interval)
            if spans:
                _take(found, one, spans[0], (passage.id, scores[passage.id]), limit)
    return found


def _take(found: list[Find], passage: Passage, span: Span, ranked: tuple[int, float], limit: int) -> None:
    """Let a passage be a result of its own, show what is one already better, or add nothing."""
    tokens = frozenset(token.text for token in scan(passage.text))
    known = next((find for find in found if same(tokens, find.tokens)), None)
    if known is None:
        if len(found) < limit:
            found.append(Find(passage, span, tokens, ranked[1], ranked[0]))
    elif _shows_better(tokens, span, known):
        known.passage, known.span, known.tokens = passage, span, tokens


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


def _read(reader: Reader, passage_ids: Iterable[int]) -> Iterator[Passage]:
    waiting = iter(passage_ids)
    while ids := list(islice(waiting, READ_AT_ONCE)):
        passages = reader.passages(ids)
        yield from (passages[one] for one in ids if one in passages)
