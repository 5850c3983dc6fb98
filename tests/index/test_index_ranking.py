"""Fusion of scores and folding of texts that say the same."""

from __future__ import annotations

import pytest

from index.ranking import Candidate, newer_first, rank_by_both, rank_by_text, same


def test_text_scores_are_a_share_of_the_best() -> None:
    """The best gets 1 where all its words were found."""
    assert rank_by_text([Candidate(1, 2.0), Candidate(2, 4.0, all_words=True)]) == {2: 1.0, 1: 0.4}


def test_all_words_go_before_some_words_of_like_score() -> None:
    """A passage with every word beats one that repeats a rare one a little more."""
    ranked = rank_by_text([Candidate(1, 10.0), Candidate(2, 8.0, all_words=True)])
    assert list(ranked) == [2, 1]


def test_of_equals_the_newer_is_first() -> None:
    """Recency decides where nothing else does."""
    assert list(newer_first(rank_by_text([Candidate(1, 1.0), Candidate(9, 1.0), Candidate(5, 1.0)]))) == [9, 5, 1]


def test_recency_does_not_overturn_a_better_match() -> None:
    """A clearly better old passage stays first."""
    assert list(newer_first(rank_by_text([Candidate(1, 1.0), Candidate(9, 0.9)]))) == [1, 9]


def test_meaning_lifts_what_text_found_alike() -> None:
    """Of two passages with the same words, the nearer one in meaning is first."""
    ranked = rank_by_both([Candidate(1, 1.0, cosine=0.9), Candidate(2, 1.0, cosine=0.1)], found_share=1.0)
    assert list(ranked) == [1, 2]


def test_meaning_decides_when_no_word_was_found() -> None:
    """A query in another language is ranked by its meaning."""
    candidates = [Candidate(1, 1.0, cosine=0.1), Candidate(2, 0.0, cosine=0.9)]
    assert list(rank_by_both(candidates, found_share=0.0)) == [2, 1]
    assert list(rank_by_both(candidates, found_share=1.0)) == [1, 2]


def test_a_passage_without_a_vector_is_ranked_by_its_text() -> None:
    """No vector is no error."""
    ranked = rank_by_both([Candidate(1, 1.0, all_words=True, cosine=None)], found_share=1.0)
    assert ranked == pytest.approx({1: 0.65})


def test_nothing_found_is_an_empty_ranking() -> None:
    """No candidates, no scores, no division by zero."""
    assert (rank_by_text([]), rank_by_both([], 1.0), newer_first({})) == ({}, {}, {})


def test_near_equal_texts_are_the_same() -> None:
    """A counter that moved does not make another text."""
    words = [f"word{n}" for n in range(20)]
    one, other = frozenset([*words, "12"]), frozenset([*words, "14"])
    assert same(one, other)


def test_a_text_within_another_is_the_same() -> None:
    """What scrolled half out of sight lies within what was there before."""
    whole = frozenset(f"word{n}" for n in range(40))
    assert same(frozenset(f"word{n}" for n in range(10)), whole)


def test_different_texts_are_different() -> None:
    """Half the words in common is another thing."""
    one, other = (frozenset(f"word{n}" for n in range(start, start + 20)) for start in (0, 10))
    assert not same(one, other)


def test_one_shared_word_is_no_overlap() -> None:
    """A short label is not swallowed by a page that holds its word."""
    assert not same(frozenset(["file", "edit"]), frozenset(["file", "edit", *map(str, range(30))]))
