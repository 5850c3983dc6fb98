"""The passages that may answer a query, gathered from the full text and from the vectors, each judged by both.

Owns no ranking.  `index.search` asks; the embedder and faiss are loaded by the first question for meaning.  Passages of
the same text are one candidate.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import chain

import numpy as np

from index.embedder import Embedder, Vectors
from index.filters import Ids, Scope, ids_of
from index.lexical import Lexical
from index.matches import Matches
from index.meaning import VectorIndex, VectorRows
from index.misread import ENOUGH, Guess, Misread
from index.neighbours import neighbours, with_neighbours
from index.patience import Patience
from index.query import Query, Term
from index.ranking import Candidate
from index.vocabulary import Vocabulary
from timeline.database import Database
from timeline.errors import PartMissing
from timeline.home import Home
from timeline.keys import Key

COPIES = 5  # the same text on other days and in other windows takes this many of each candidate at most
MOST_WHOLE = 400  # passages with all words, the newest
MOST_LOOKED_AT = 16  # copies of a text, the newest, among which those inside the filters are
_HIGHEST = 2**63 - 1
_COPIES = """
    SELECT k.value, (SELECT json_group_array(passage_id) FROM (
        SELECT e.passage_id FROM entries e WHERE e.text_id = one.text_id AND e.passage_id < one.passage_id
        ORDER BY e.passage_id DESC LIMIT ?2))
    FROM json_each(?1) k JOIN entries one ON one.passage_id = k.value
"""
LIMIT = 120  # candidates from each of the two lists that are put together
MOST_COPIES = 3  # of one text in other windows: one of them may show it better
# A passage found by meaning alone, no word of the query in it nor beside it, is a result from this cosine on.  Measured
# with the default encoder on 843 passages: the nearest to 400 gibberish queries is at 0.18 in the middle, above 0.30
# for one in 25, at 0.36 at most; the answer to a question of LoCoMo at 0.40 in the middle, above 0.33 for 3 in 4.
LEAST_COSINE = 0.3
# With a word of the query beside it, or when nothing but meaning is asked for: single words are near to little,
# "battery" to the passages about it at 0.16 to 0.22.  Recall on LoCoMo is the same from 0.10 to 0.20.
LEAST_COSINE_SUPPORTED = 0.15
TYPED_ENOUGH = 10  # passages with all words that were typed: more are not looked for before the word is finished
MOST_TYPED = 32  # passages looked at while it is being typed: each is read to tell copies from different ones
MOST_COMPLETIONS = 32  # words that begin as the one that is being typed, the commonest
LEAST_BEGINNING = 2  # letters: one is the beginning of a tenth of all words


@dataclass(frozen=True, slots=True)
class _Found:
    """What was found by text: text id -> passage id, the scores of all that match, and the texts with all words."""

    passages: dict[int, int]
    matches: Matches
    whole: set[int]
    guessed: dict[int, float] = field(default_factory=dict)
    """Passage id -> what words that were read or typed wrong add to its score."""
    guesses: tuple[Guess, ...] = ()
    is_lost_phrase: bool = False


@dataclass(frozen=True, slots=True)
class Candidates:
    """Passages that may answer a query, and what words of it were taken to stand for."""

    passages: list[Candidate]
    guesses: tuple[Guess, ...] = ()
    is_lost_phrase: bool = False
    """Whether what was typed may be a phrase and stands nowhere so."""


def _by_text_id(text_ids: Mapping[int, int], most: int) -> dict[int, int]:
    """Return text id -> its first passage, of passages with their texts, best first."""
    found: dict[int, int] = {}
    for passage_id, text_id in text_ids.items():
        if len(found) == most:
            break
        found.setdefault(text_id, passage_id)
    return found


class Gatherer:
    """Gathers candidates on a connection to index.db with the timeline attached."""

    def __init__(self, db: Database, home: Home, key: Key, embedder_factory: Callable[[], Embedder] | None) -> None:
        self._db, self._home, self._key, self._embedder_factory = db, home, key, embedder_factory
        self._lexical, self._vocabulary = Lexical(db), Vocabulary(db)
        self._misread = Misread(self._lexical, self._vocabulary)

    def by_text(self, query: Query, scope: Scope, patience: Patience) -> Candidates:
        """Return what holds any of the words; what holds all of them is never crowded out by common ones."""
        found = self._in_two_stages(query, scope, patience)
        scores = self._text_scores(found)
        passages = [self._candidate(found, text_id, scores, None) for text_id in found.passages]
        return Candidates(passages, found.guesses, found.is_lost_phrase)

    def newest(self, query: Query, scope: Scope) -> Candidates:
        """Return the newest of all that a query without words confines the search to."""
        rows = self._db.conn.execute("SELECT passage_id FROM entries ORDER BY passage_id DESC LIMIT ?", [LIMIT])
        newest = [row[0] for row in rows] if scope.ids is None else scope.ids[: -LIMIT - 1 : -1].tolist()
        passages = self._allowed(query, _by_text_id(self._lexical.text_ids(newest), LIMIT))
        return Candidates([Candidate(one, 1.0, all_words=True) for one in passages.values()])

    def completed(self, query: Query) -> Query:
        """Return a query that is being typed with its last word as what it may become."""
        if len(query.open_word) < LEAST_BEGINNING:
            return query
        begun = self._vocabulary.beginning([query.open_word])
        begun.pop(query.open_word, None)
        commonest = sorted(begun, key=lambda word: -begun[word])[:MOST_COMPLETIONS]
        return query.completed(commonest) if commonest else query

    def typed(self, query: Query, scope: Scope, patience: Patience) -> Candidates:
        """Return the newest that hold all that was typed; the usual candidates when these are few."""
        newest = scope.inside(self._lexical.ids(query.every_word, scope, MOST_TYPED))[::-1].tolist()
        passages = _by_text_id(self._lexical.text_ids(newest), MOST_TYPED)
        if len(passages) < TYPED_ENOUGH:
            return self.by_text(query, scope, patience)
        return Candidates([Candidate(one, 1.0, all_words=True) for one in passages.values()])

    def by_meaning(self, query: Query, scope: Scope) -> Candidates:
        """Return what is near in meaning."""
        near = self._near(self._vector(query), scope)
        passages = self._allowed(query, self._passages_of(near.keys(), scope))
        return Candidates([Candidate(one, cosine=near[text_id]) for text_id, one in passages.items()])

    def by_both(self, query: Query, scope: Scope, patience: Patience) -> Candidates:
        """Return what either finds, each with its score in both."""
        vector = self._vector(query)
        found = self._in_two_stages(query, scope, patience)
        near = self._near(vector, scope)
        more = self._allowed(query, self._passages_of(near.keys() - found.passages.keys(), scope))
        found = replace(found, passages=found.passages | more)
        scores = self._text_scores(found)
        cosines = near | self._cosines(vector, found.passages.keys() - near.keys())
        passages = [
            self._candidate(found, text_id, scores, cosines.get(text_id))
            for text_id, one in found.passages.items()
            if scores[one] > 0 or one in found.guessed or cosines.get(text_id, 0.0) >= LEAST_COSINE
        ]
        return Candidates(passages, found.guesses, found.is_lost_phrase)

    def _candidate(self, found: _Found, text_id: int, scores: Mapping[int, float], cosine: float | None) -> Candidate:
        one = found.passages[text_id]
        return Candidate(one, scores[one], text_id in found.whole, cosine, found.guessed.get(one, 0.0))

    def found_share(self, query: Query) -> float:
        """Return the share of the words asked for that stand in any passage at all."""
        if not query.terms:
            return 1.0
        return sum(self._lexical.finds(term.expression) for term in query.terms) / len(query.terms)

    def _in_two_stages(self, query: Query, scope: Scope, patience: Patience) -> _Found:
        """Return what was found: where few passages hold all words, by a wider query and with guesses."""
        whole = self._with_all_words(query, scope)
        lost = bool(query.as_phrase) and not self._lexical.finds(Term((query.as_phrase,)).expression)
        if not query.terms or (len(whole) >= ENOUGH and not lost):
            return self._by_text(query, scope, whole, patience)
        wider = query.by_pairs.without_phrase if lost else query.by_pairs
        found = self._by_text(wider, scope, whole, patience)
        guesses = [] if patience.is_over else self._misread.guesses(query)
        found = replace(found, is_lost_phrase=lost)
        return self._with_guesses(wider, guesses, scope, found, patience) if guesses else found

    def _with_all_words(self, query: Query, scope: Scope) -> dict[int, int]:
        """Return the texts, each with its newest passage, of the newest passages with all words."""
        every = scope.inside(self._lexical.ids(query.every_word, scope, MOST_WHOLE))[::-1].tolist()
        return _by_text_id(self._lexical.text_ids(every), MOST_WHOLE)

    def _by_text(self, query: Query, scope: Scope, whole: Mapping[int, int], patience: Patience) -> _Found:
        matches = self._lexical.matches(query.wish(), scope, patience)
        best = self._best(matches, scope)
        scores = matches.scores_of(whole.values())
        first = sorted(whole.items(), key=lambda item: -scores.get(item[1], 0.0))[:LIMIT]
        return _Found(dict(first) | best, matches, {text_id for text_id, _ in first})

    def _best(self, matches: Matches, scope: Scope) -> dict[int, int]:
        """Return the texts that match best, each with the passage of it that does, of equal ones the newest."""
        best = matches.best(scope, LIMIT * COPIES)
        few = _by_text_id(self._lexical.text_ids(best[: LIMIT + LIMIT // 4]), LIMIT)
        return few if len(few) == LIMIT else _by_text_id(self._lexical.text_ids(best), LIMIT)

    def _with_guesses(
        self, query: Query, guesses: Sequence[Guess], scope: Scope, found: _Found, patience: Patience
    ) -> _Found:
        """Return what was found together with what holds words that were read or typed wrong."""
        forms = [form for guess in guesses for form in guess.forms]
        others = query.wish_alone(forms)
        if self._lexical.count(others.expression, LIMIT) == LIMIT:  # common words are told apart by what else is there
            others = query.wish(forms)
        more = self._best(self._lexical.matches(others, scope, patience), scope)
        passages = more | found.passages
        guessed: dict[int, float] = {}
        for guess in guesses:
            for passage_id in self._lexical.among(guess.expression, passages.values()):
                guessed[passage_id] = guessed.get(passage_id, 0.0) + guess.weight
        kept = {text_id: one for text_id, one in passages.items() if text_id in found.passages or one in guessed}
        return replace(found, passages=kept, guessed=guessed, guesses=tuple(guesses))

    def _text_scores(self, found: _Found) -> dict[int, float]:
        """Return the full-text score of each passage found, with what its neighbours add."""
        beside = neighbours(self._db, found.passages.values())
        scores = found.matches.scores_of({*beside, *chain.from_iterable(beside.values())})
        return with_neighbours(scores, beside)

    def _allowed(self, query: Query, passages: dict[int, int]) -> dict[int, int]:
        """Return those that hold the quoted phrases and nothing that was excluded."""
        kept = set(passages.values())
        if query.musts:
            kept &= self._lexical.among(query.musts, kept)
        if query.without:
            kept -= self._lexical.among(query.unwanted, kept)
        return {text_id: one for text_id, one in passages.items() if one in kept}

    def _near(self, vector: Vectors, scope: Scope) -> dict[int, float]:
        self._vectors.refresh()
        allowed = None if scope.ids is None else self._texts_in(scope.ids)
        nearest = self._vectors.nearest(vector, LIMIT, allowed)
        return {text_id: cosine for text_id, cosine in nearest.items() if cosine >= LEAST_COSINE_SUPPORTED}

    def _texts_in(self, passage_ids: Ids) -> Ids:
        statement = "SELECT text_id FROM entries WHERE passage_id IN (SELECT value FROM json_each(?))"
        return ids_of(self._db, statement, [json.dumps(passage_ids.tolist())])

    def copies(self, passage_ids: Collection[int], scope: Scope) -> dict[int, list[int]]:
        """Return of each passage the newest that have the same text and are older: in other windows."""
        rows = self._db.conn.execute(_COPIES, [json.dumps(list(passage_ids)), MOST_LOOKED_AT])
        found = {one: json.loads(older) for one, older in rows}
        return {
            one: scope.inside(np.array(older, dtype=np.int64)).tolist()[:MOST_COPIES] for one, older in found.items()
        }

    def _passages_of(self, text_ids: Collection[int], scope: Scope) -> dict[int, int]:
        """Return the newest passage of each text: text id -> passage id."""
        first, last = scope.bounds or (0, _HIGHEST)
        rows = self._db.conn.execute(
            "SELECT text_id, passage_id FROM entries WHERE text_id IN (SELECT value FROM json_each(?))"
            " AND passage_id BETWEEN ? AND ? ORDER BY passage_id",
            [json.dumps(list(text_ids)), first, last],
        ).fetchall()
        inside = set(scope.inside(np.array([row[1] for row in rows], dtype=np.int64)).tolist())
        return {text_id: passage_id for text_id, passage_id in rows if passage_id in inside}

    def _cosines(self, vector: Vectors, text_ids: Collection[int]) -> dict[int, float]:
        ids, vectors = self._rows.among(text_ids)
        return dict(zip(ids, (vectors @ vector[0]).tolist(), strict=True))

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
