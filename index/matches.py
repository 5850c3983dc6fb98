"""Passages that match a query by their words, with their scores, as arrays, since there may be a million.  Pure.

Made by `index.lexical` and `index.common`, read by `index.candidates`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from index.filters import Ids, Scope

_NEWER = 1e-6  # of a score for the newest of them: decides between equals


@dataclass(frozen=True, slots=True, eq=False)
class Matches:
    """Ids int64 (count,), ascending, and scores float64 (count,); a higher score is better."""

    ids: Ids
    scores: NDArray[np.float64]

    def best(self, scope: Scope, most: int) -> list[int]:
        """Return the passages inside a scope with the highest scores, best first, of equal ones the newest first."""
        ids, scores = self.ids, self.scores
        if scope.ids is not None:
            kept = np.isin(ids, scope.ids, assume_unique=True)
            ids, scores = ids[kept], scores[kept]
        if not ids.size:
            return []
        order = scores + _NEWER * (ids - ids[0]) / max(1, int(ids[-1] - ids[0]))
        chosen = np.argpartition(-order, most)[:most] if ids.size > most else np.arange(ids.size)
        best: list[int] = ids[chosen[np.argsort(-order[chosen])]].tolist()
        return best

    def scores_of(self, passage_ids: Iterable[int]) -> dict[int, float]:
        """Return the scores of those of some passages that match."""
        wanted = np.fromiter(passage_ids, dtype=np.int64)
        if not self.ids.size or not wanted.size:
            return {}
        places = np.minimum(np.searchsorted(self.ids, wanted), self.ids.size - 1)
        known = self.ids[places] == wanted
        return dict(zip(wanted[known].tolist(), self.scores[places[known]].tolist(), strict=True))
