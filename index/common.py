"""Ranking where more passages match than can be ranked one by one: rare words exactly, common ones by being there.

FTS5's bm25 takes a microsecond a passage, and an OR over common words matches most of a store.  Only a word's rarity
tells much, so the words are taken the rarest first: as many as FTS5 ranks quickly are ranked by it, and each other adds
its inverse document frequency to the passages that hold it (bm25 of one occurrence in a passage of average length,
Robertson and Zaragoza, 2009).  bm25 is a sum over words: what is added up here is that sum.  How often a common word
stands in a passage is not looked at; of equals the newer is better.  Called by `index.lexical`.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import log
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from index.filters import Ids, Scope
from index.matches import Matches
from index.patience import Patience
from index.query import Wish

RANKED_ROWS = 2_500  # of the rarest words together, ranked by FTS5
MOST_ROWS = 200_000  # of all others together, 0.1 us each
LEAST_COMMON = 1_000  # passages: what more hold is counted once


class Words(Protocol):
    """What is asked of the full text."""

    def ranked(self, expression: str, scope: Scope) -> Matches: ...

    def ids(self, expression: str, scope: Scope, limit: int) -> Ids: ...

    def holding(self, phrase: str, size: int) -> int: ...

    def size(self) -> int: ...


def common_matches(words: Words, wish: Wish, scope: Scope, patience: Patience) -> Matches:
    """Return what matches with its score, between the bounds of a scope."""
    size = words.size()
    holding = {phrase: words.holding(phrase, size) for phrase in wish.phrases}
    phrases = sorted((phrase for phrase in holding if holding[phrase]), key=lambda phrase: holding[phrase])
    rare = _rarest(phrases, holding)
    sums = _Sums(scope, size)
    if rare:
        sums.add(words.ranked(_any(rare), scope))
    left = MOST_ROWS
    for phrase in phrases[len(rare) :]:
        if patience.is_over:
            patience.was_bounded = True
            break
        found = _newest_and_rare(words, phrase, rare, scope, left)
        sums.add_each(found, _inverse_frequency(holding[phrase], size))
        if left < holding[phrase] and not rare:
            patience.was_bounded = True
        left = max(0, left - found.size)
    if wish.musts:
        musts = words.ids(wish.musts, scope, MOST_ROWS)
        patience.was_bounded |= musts.size == MOST_ROWS
        sums.keep(musts)
    if wish.unwanted:
        sums.drop(words.ids(wish.unwanted, scope, size))
    return sums.matches()


def _newest_and_rare(words: Words, phrase: str, rare: Sequence[str], scope: Scope, most: int) -> Ids:
    """Return the newest passages that hold a phrase and, of the older ones, those that hold a rare word too."""
    newest = words.ids(phrase, scope, most) if most else np.empty(0, dtype=np.int64)
    if newest.size < most or not rare:
        return newest
    return np.union1d(newest, words.ids(f"{phrase} AND {_any(rare)}", scope, RANKED_ROWS))


def _any(phrases: Sequence[str]) -> str:
    return f"({' OR '.join(phrases)})"


def _rarest(phrases: Sequence[str], holding: dict[str, int]) -> list[str]:
    """Return as many of the phrases, the rarest first, as can be ranked one by one."""
    rows, rare = 0, []
    for phrase in phrases:
        rows += holding[phrase]
        if rows > RANKED_ROWS:
            break
        rare.append(phrase)
    return rare


def _inverse_frequency(holding: int, passages: int) -> float:
    """Return what a word counts that so many of all passages hold, as FTS5's bm25 does; at least a little."""
    return max(log((passages - holding + 0.5) / (holding + 0.5)) if holding < passages else 0.0, 1e-6)


class _Sums:
    """A score for each id between two, added up."""

    def __init__(self, scope: Scope, size: int) -> None:
        self._first, last = scope.bounds or (1, size)
        self._sums: NDArray[np.float32] = np.zeros(max(0, last - self._first + 1), dtype=np.float32)

    def add(self, matches: Matches) -> None:
        kept = self._inside(matches.ids)
        self._sums[matches.ids[kept] - self._first] += matches.scores[kept]

    def add_each(self, ids: Ids, weight: float) -> None:
        self._sums[ids[self._inside(ids)] - self._first] += np.float32(weight)

    def keep(self, ids: Ids) -> None:
        """Let all others go."""
        kept = np.zeros_like(self._sums, dtype=bool)
        kept[ids[self._inside(ids)] - self._first] = True
        self._sums[~kept] = 0

    def drop(self, ids: Ids) -> None:
        self._sums[ids[self._inside(ids)] - self._first] = 0

    def matches(self) -> Matches:
        places = np.flatnonzero(self._sums != 0)
        return Matches(places + self._first, self._sums[places].astype(np.float64))

    def _inside(self, ids: Ids) -> NDArray[np.bool_]:
        """Tell which ids are there: some may have come since the last was asked for."""
        inside: NDArray[np.bool_] = ids < self._first + self._sums.size
        return inside
