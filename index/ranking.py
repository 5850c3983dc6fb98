"""From two lists of candidates to one ranking: fusion of scores, and folding of what says the same.  Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace

MEANING_WEIGHT = 0.35  # of the fused score, when the words asked for are there
MEANING_WEIGHT_UNFOUND = 0.9  # when no word of the query stands anywhere: it is in another language
MOST_FOUND = 0.5  # of the words: with more of them found, what is missing is a synonym and not another language
ALL_WORDS_BONUS = 0.25  # of the best full-text score: a passage with all words goes before those with some
NEWEST_BONUS = 0.01  # of the score, newest against oldest: decides between equals only
SAME_JACCARD = 0.8  # share of tokens in common: a screen read twice, a counter that moved
SAME_CONTAINED = 0.9  # share of the smaller text's tokens: a passage that scrolled half out of sight
JUST_BELOW = 0.001  # of the score: words that were guessed come after those that were asked for
LEAST_TOKENS = 8  # below, a shared word or two is no overlap


@dataclass(frozen=True, slots=True)
class Candidate:
    """A passage that may be an answer, and what speaks for it; None: it was not looked at that way."""

    passage_id: int
    text_score: float = 0.0
    all_words: bool = False
    cosine: float | None = None
    guessed: float = 0.0
    """What words of it add that were read or typed wrong."""


def rank_by_text(candidates: Iterable[Candidate]) -> dict[int, float]:
    """Return passage id -> score, best first, by what full text says alone; scores are 0 to 1."""
    return _best_first(_text_scores(list(candidates)))


def rank_by_meaning(candidates: Iterable[Candidate]) -> dict[int, float]:
    """Return passage id -> score, best first; the score is the cosine."""
    return _best_first({one.passage_id: _likeness(one) for one in candidates})


def rank_by_both(candidates: Iterable[Candidate], found_share: float) -> dict[int, float]:
    """Return passage id -> score, best first, by both; `found_share` of the query's words stand somewhere at all.

    The cosine counts as it is: stretched to 0 to 1 the best of what is all unlike would look like an answer.
    """
    every = list(candidates)
    lost = max(0.0, 1 - found_share / MOST_FOUND)
    weight = MEANING_WEIGHT + lost * (MEANING_WEIGHT_UNFOUND - MEANING_WEIGHT)
    text = _text_scores(every)
    return _best_first({one.passage_id: (1 - weight) * text[one.passage_id] + weight * _likeness(one) for one in every})


def with_guesses(
    candidates: Iterable[Candidate], rank: Callable[[list[Candidate]], dict[int, float]]
) -> dict[int, float]:
    """Return the scores that `rank` gives with what was guessed, best first.

    Guesses lift no passage over one with all words as they were asked for.
    """
    every = list(candidates)
    if not any(one.guessed for one in every):
        return rank(every)
    scores = rank([replace(one, text_score=one.text_score + one.guessed) for one in every])
    lowest = min((scores[one.passage_id] for one in every if one.all_words), default=None)
    guessed = {one.passage_id for one in every if one.guessed and not one.all_words}
    if lowest is None or not guessed:
        return scores
    alone = rank(every)
    below = {one: max(alone[one], min(scores[one], lowest - JUST_BELOW)) for one in guessed}
    return _best_first(scores | below)


def newer_first(scores: Mapping[int, float]) -> dict[int, float]:
    """Return the scores with a little more for newer passages: ids grow with time."""
    oldest, newest = min(scores, default=0), max(scores, default=0)
    span = max(1, newest - oldest)
    return _best_first({key: score + NEWEST_BONUS * (key - oldest) / span for key, score in scores.items()})


def same(one: AbstractSet[str], other: AbstractSet[str]) -> bool:
    """Tell whether two texts, as sets of tokens, say the same or one lies within the other."""
    shared = len(one & other)
    smaller = min(len(one), len(other))
    if shared >= SAME_JACCARD * len(one | other):
        return True
    return smaller >= LEAST_TOKENS and shared >= SAME_CONTAINED * smaller


def _text_scores(candidates: Iterable[Candidate]) -> dict[int, float]:
    every = list(candidates)
    best = max((one.text_score for one in every), default=0.0) or 1.0
    whole = 1 + ALL_WORDS_BONUS
    return {one.passage_id: (one.text_score / best + ALL_WORDS_BONUS * one.all_words) / whole for one in every}


def _likeness(candidate: Candidate) -> float:
    """Return the cosine, 0 when it is below or the passage has no vector."""
    return max(0.0, candidate.cosine or 0.0)


def _best_first(scores: Mapping[int, float]) -> dict[int, float]:
    """Return the scores in falling order; of equal ones the newer passage first."""
    return dict(sorted(scores.items(), key=lambda item: (-item[1], -item[0])))
