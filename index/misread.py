"""The second stage of a search: words that were read or typed wrong, found by what the index knows instead.

Asked only when few passages hold all that was asked for.  What it finds counts less than the word itself and comes
after what holds every word as it was asked.  Owns which words are tried and which of them are believed;
`index.lookalikes` makes them, `index.candidates` ranks what holds them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from math import log

from index.lexical import Lexical
from index.lookalikes import ALIKE, SIMILAR, edits_between, misread, misread_pair, one_edit
from index.query import LONGEST_IN_PAIRS, Phrase, Query, Term
from index.tokens import is_cjk, stem
from index.vocabulary import Vocabulary
from index.words import ENGLISH

ENOUGH = 5  # passages with every word as it was asked: the second stage is left out
FEW = 2  # passages: a word that more of them hold was typed as it was meant
MOST_WORDS = 12  # of a query: a page pasted in has enough others
LONGEST_WORD = 32  # letters: what is longer is a key or a hash, of which there are too many neighbours
MOST_FORMS = 24  # of one word
MORE_COMMON = 10  # times: a word that is there is taken for a typing error of one that is there so much more often
LEAST_LETTERS = 4  # of a word: shorter ones are one letter off from anything
TWO_EDITS_FROM = 8  # letters
SHARE_LOOKALIKE = 0.6  # of what the word itself would count
SHARE_EDITED = 0.25
COMMON = 1_000  # passages: a word that so many hold was typed as it was meant, and a misread one of it is one of many
MOST_PROBED = 1_000  # asked of the vocabulary for words that there are, the rarest first: 20 us each in a large store


@dataclass(frozen=True, slots=True)
class Guess:
    """What may stand in the text for a word that was asked for, and what one occurrence counts (as bm25 does)."""

    term: Term
    forms: tuple[Phrase, ...]
    weight: float

    @property
    def expression(self) -> str:
        """The FTS5 expression of what holds one of the forms and not the word itself."""
        return f"{Term(self.forms).expression} NOT {self.term.expression}"


class Misread:
    """Guesses for the words of a query, on one connection to index.db."""

    def __init__(self, lexical: Lexical, vocabulary: Vocabulary) -> None:
        self._lexical, self._vocabulary = lexical, vocabulary

    def guesses(self, query: Query) -> list[Guess]:
        """Return guesses for the words that may have been read or typed wrong."""
        terms = [term for term in query.terms if 0 < len(term.word) <= LONGEST_WORD][:MOST_WORDS]
        counts = {term: self._lexical.count(term.expression, COMMON) for term in terms}
        passages = self._lexical.size()
        short = len(query.nearby[0] if query.nearby else terms) <= LONGEST_IN_PAIRS
        found: list[Guess] = []
        asked = self._vocabulary.asked
        for term, count in sorted(counts.items(), key=lambda item: item[1]):
            if (count and not short) or count == COMMON:  # of a question: its other words are enough
                continue
            if count and self._vocabulary.asked > asked + MOST_PROBED:
                break
            rarity = log(1 + passages / (count + 0.5))
            forms, share = self._chinese(term.word, count) if is_cjk(term.word) else self._latin(term.word, count)
            if forms:
                found.append(Guess(term, tuple(forms[:MOST_FORMS]), share * rarity))
        if short:
            found += self._between(query, counts, log(1 + 2 * passages))
        return found

    def _latin(self, word: str, count: int) -> tuple[list[Phrase], float]:
        pairs = ALIKE + SIMILAR if count == 0 and len(word) >= LEAST_LETTERS else ALIKE
        alike = self._believed(self._vocabulary.known(misread(word, pairs)), count)
        if not _is_typed(word) or (alike and count <= FEW):
            return _forms(alike), SHARE_LOOKALIKE
        edited = self._vocabulary.known(one_edit(word))
        if not edited and count == 0 and len(word) >= TWO_EDITS_FROM:
            edited = self._two_edits(word)
        near = [one for one, holding in _common_first(edited) if _is_better(one, holding, count)]
        near += [one for one, holding in edited.items() if holding <= FEW and MORE_COMMON * holding <= count]
        return [*_forms([*alike, *near]), *self._split(word)], SHARE_EDITED

    def _believed(self, alike: dict[str, int], count: int) -> list[str]:
        """Return the look-alikes that may be misreadings: of a word that is known they are rarer than it."""
        return [one for one, holding in _common_first(alike) if count <= FEW or holding <= FEW]

    def _two_edits(self, word: str) -> dict[str, int]:
        """Return the words two edits off of which one at most lies in the first half."""
        start = word[: len(word) // 2]
        near = self._vocabulary.beginning({start, *one_edit(start)})
        return {one: holding for one, holding in near.items() if edits_between(one, word, 2) <= 2}

    def _split(self, word: str) -> list[Phrase]:
        """Return the word as two, as it is written apart or with a letter read as a sign (he|lo)."""
        places = [(word[:at], word[at + lost :]) for at in range(2, len(word) - 1) for lost in (0, 1)]
        known = self._vocabulary.known(half for place in places for half in place)
        halves = [place for place in places if all(len(half) > 1 and half in known for half in place)]
        return [place for place in halves[:MOST_FORMS] if self._lexical.finds(Term((place,)).expression)]

    def _chinese(self, pair: str, count: int) -> tuple[list[Phrase], float]:
        if len(pair) < 2 or count > FEW:
            return [], 0.0
        return [(one,) for one, _ in _common_first(self._vocabulary.known(misread_pair(pair)))], SHARE_LOOKALIKE

    def _between(self, query: Query, counts: dict[Term, int], rarity: float) -> Iterator[Guess]:
        """Yield what stands for two words beside each other: written as one, or Chinese with a wrong character."""
        terms = {term.word: term for term in counts}
        for one, other in dict.fromkeys(pair for near in query.nearby for pair in pairwise(near)):
            if one not in terms or other not in terms:
                continue
            first, second = terms[one], terms[other]
            if is_cjk(one) and is_cjk(other):
                absent = counts[first] == counts[second] == 0 and one[-1] == other[0]
                forms = self._wrong_between(one[0], other[-1]) if absent else []
            else:
                forms = [(whole,) for whole in self._vocabulary.known([one + other])]
            if forms:
                yield Guess(Term(((one, other),)), tuple(forms[:MOST_FORMS]), SHARE_EDITED * rarity)

    def _wrong_between(self, before: str, after: str) -> list[Phrase]:
        """Return three characters, as pairs, of which the first and the last are as asked."""
        middles = [pair[1] for pair in self._vocabulary.beginning([before]) if len(pair) == 2 and is_cjk(pair[1])]
        known = self._vocabulary.known(middle + after for middle in middles)
        phrases = [(before + pair[0], pair) for pair in known]
        return [one for one in phrases[:MOST_FORMS] if self._lexical.finds(Term((one,)).expression)]


def _is_typed(word: str) -> bool:
    return len(word) >= LEAST_LETTERS and word.isascii() and word.isalpha()


def _is_better(one: str, holding: int, count: int) -> bool:
    """Tell whether a word may be what was meant by one that so few passages hold."""
    return count <= FEW and holding > MORE_COMMON * count and len(one) >= LEAST_LETTERS and one not in ENGLISH


def _common_first(known: dict[str, int]) -> list[tuple[str, int]]:
    return sorted(known.items(), key=lambda item: -item[1])


def _forms(words: Iterable[str]) -> list[Phrase]:
    """Return each word and its stem, by which its other forms are found."""
    return list(dict.fromkeys((form,) for word in words for form in (word, stem(word))))
