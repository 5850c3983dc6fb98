"""The passages that may answer a query, gathered from the full text and from the vectors, each judged by both.

Owns no ranking.  `index.search` asks; the embedder and faiss are loaded by the first question for meaning.  Passages of
the same text are one candidate.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import chain

import numpy as np

from index.embedder import Embedder, Vectors
from index.filters import Scope
from index.lexical import Lexical
from index.meaning import VectorIndex, VectorRows
from index.neighbours import neighbours, with_neighbours
from index.query import Query
from index.ranking import Candidate
from timeline.database import Database
from timeline.errors import PartMissing
from timeline.home import Home
from timeline.keys import Key

LIMIT = 200  # candidates from each of the two lists that are put together
MOST_COPIES = 3  # of one text in other windows: one of them may show it better
# A passage found by meaning alone, no word of the query in it nor beside it, is a result from this cosine on.  Measured
# with the default encoder on 843 passages: the nearest to 400 gibberish queries is at 0.18 in the middle, above 0.30
# for one in 25, at 0.36 at most; the answer to a question of LoCoMo at 0.40 in the middle, above 0.33 for 3 in 4.
LEAST_COSINE = 0.3
# With a word of the query beside it, or when nothing but meaning is asked for: single words are near to little,
# "battery" to the passages about it at 0.16 to 0.22.  Recall on LoCoMo is the same from 0.10 to 0.20.
LEAST_COSINE_SUPPORTED = 0.15


@dataclass(frozen=True, slots=True)
class _Found:
    """What was found by text: text id -> passage id, passage id -> bm25, and the texts that hold all words."""

    passages: dict[int, int]
    scores: dict[int, float]
    whole: set[int]


class Candidates:
    """Gathers candidates on a connection to index.db with the timeline attached."""

    def __init__(self, db: Database, home: Home, key: Key, embedder_factory: Callable[[], Embedder] | None) -> None:
        self._db, self._home, self._key, self._embedder_factory = db, home, key, embedder_factory
        self._lexical = Lexical(db)

    def by_text(self, query: Query, scope: Scope) -> list[Candidate]:
        """Return what holds any of the words; what holds all of them is never crowded out by common ones."""
        found = self._by_text(query, scope)
        scores = self._text_scores(query, found)
        return [Candidate(one, scores[one], text_id in found.whole) for text_id, one in found.passages.items()]

    def by_meaning(self, query: Query, scope: Scope) -> list[Candidate]:
        """Return what is near in meaning."""
        near = self._near(self._vector(query), scope)
        passages = self._allowed(query, self._passages_of(near.keys(), scope))
        return [Candidate(one, cosine=near[text_id]) for text_id, one in passages.items()]

    def by_both(self, query: Query, scope: Scope) -> list[Candidate]:
        """Return what either finds, each with its score in both."""
        vector = self._vector(query)
        found = self._by_text(query, scope)
        near = self._near(vector, scope)
        more = self._allowed(query, self._passages_of(near.keys() - found.passages.keys(), scope))
        found = replace(found, passages=found.passages | more)
        scores = self._text_scores(query, found)
        cosines = near | self._cosines(vector, found.passages.keys() - near.keys())
        return [
            Candidate(one, scores[one], text_id in found.whole, cosines.get(text_id))
            for text_id, one in found.passages.items()
            if scores[one] > 0 or cosines.get(text_id, 0.0) >= LEAST_COSINE
        ]

    def found_share(self, query: Query) -> float:
        """Return the share of the words asked for that stand in any passage at all."""
        if not query.terms:
            return 1.0
        return sum(self._lexical.finds(term.expression) for term in query.terms) / len(query.terms)

    def _by_text(self, query: Query, scope: Scope) -> _Found:
        best = self._lexical.candidates(query.any_word, scope, LIMIT)
        whole = self._lexical.candidates(query.every_word, scope, LIMIT)
        passages = {text_id: passage_id for text_id, (passage_id, _) in (whole | best).items()}
        return _Found(passages, dict(best.values()), set(whole))

    def _text_scores(self, query: Query, found: _Found) -> dict[int, float]:
        """Return the full-text score of each passage found, with what its neighbours add."""
        beside = neighbours(self._db, found.passages.values())
        wanted = {*beside, *chain.from_iterable(beside.values())}
        scores = found.scores | self._lexical.scores(query.any_word, wanted - found.scores.keys())
        return with_neighbours(scores, beside)

    def _allowed(self, query: Query, passages: dict[int, int]) -> dict[int, int]:
        """Return those that hold the quoted phrases and nothing that was excluded."""
        kept = set(passages.values())
        if query.phrases:
            kept &= self._lexical.scores(query.any_word, kept).keys()
        if query.without:
            kept -= self._lexical.scores(query.unwanted, kept).keys()
        return {text_id: one for text_id, one in passages.items() if one in kept}

    def _near(self, vector: Vectors, scope: Scope) -> dict[int, float]:
        self._vectors.refresh()
        allowed = None if scope.select is None else self._texts_in(scope)
        nearest = self._vectors.nearest(vector, LIMIT, allowed)
        return {text_id: cosine for text_id, cosine in nearest.items() if cosine >= LEAST_COSINE_SUPPORTED}

    def _texts_in(self, scope: Scope) -> list[int]:
        statement = f"SELECT DISTINCT text_id FROM entries WHERE passage_id IN ({scope.select})"
        return [row[0] for row in self._db.conn.execute(statement, scope.values)]

    def copies(self, passage_id: int, scope: Scope) -> list[int]:
        """Return the newest passages inside that have the same text and are older than this one: in other windows."""
        rows = self._db.conn.execute(
            "SELECT passage_id FROM entries WHERE text_id = (SELECT text_id FROM entries WHERE passage_id = ?)"
            f" AND passage_id < ?{scope.condition('passage_id')} ORDER BY passage_id DESC LIMIT ?",
            [passage_id, passage_id, *scope.values, MOST_COPIES],
        )
        return [one for (one,) in rows]

    def _passages_of(self, text_ids: Collection[int], scope: Scope) -> dict[int, int]:
        """Return the newest passage of each text: text id -> passage id."""
        marks = ",".join("?" * len(text_ids))
        rows = self._db.conn.execute(
            f"SELECT text_id, max(passage_id) FROM entries WHERE text_id IN ({marks}){scope.condition('passage_id')}"
            " GROUP BY text_id",
            [*text_ids, *scope.values],
        )
        return dict(rows)

    def _cosines(self, vector: Vectors, text_ids: Collection[int]) -> dict[int, float]:
        vectors = self._rows.among(text_ids)
        return {text_id: float(np.dot(vector[0], other)) for text_id, other in vectors.items()}

    def _vector(self, query: Query) -> Vectors:
        return self._embedder.embed([query.said])

    @cached_property
    def _embedder(self) -> Embedder:
        if self._embedder_factory is None:
            raise PartMissing("Search by meaning is switched off: name an encoder in the settings.")
        return self._embedder_factory()

    @cached_property
    def _rows(self) -> VectorRows:
        return VectorRows(self._db, self._embedder.name, self._embedder.dimension)

    @cached_property
    def _vectors(self) -> VectorIndex:
        [store] = self._db.conn.execute("SELECT value FROM state WHERE name = 'store'").fetchone()
        return VectorIndex.open(self._home, self._key, self._rows, store)
