"""Words as OCR may have read them and as fingers may have typed them.  Pure; knows no index.

Called by `index.misread`, which asks the vocabulary which of them there are.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from functools import cache
from string import ascii_lowercase

from index.chinese_lookalikes import GROUPS

Pairs = Sequence[tuple[str, str]]

# Folded, as tokens are.  No digit is taken for another: E1042 and E1047 are two things.
ALIKE = (
    ("0", "o"), ("1", "l"), ("1", "i"), ("l", "i"), ("5", "s"), ("8", "b"), ("6", "b"), ("2", "z"), ("9", "g"),
    ("q", "g"), ("rn", "m"), ("cl", "d"), ("vv", "w"),
)  # fmt: skip
"""What can hardly be told apart in small fonts."""
SIMILAR = (
    ("nn", "m"), ("ii", "u"), ("ri", "n"), ("li", "h"), ("lt", "k"), ("c", "e"), ("h", "b"), ("f", "t"), ("j", "i"),
    ("t", "l"), ("u", "v"), ("y", "v"), ("c", "o"), ("a", "o"), ("n", "h"), ("0", "c"), ("0", "d"), ("0", "q"),
    ("4", "a"), ("1", "t"), ("7", "t"), ("6", "g"),
)  # fmt: skip
"""What is confused in blurred text: many of these make another true word."""
TWICE_FROM = 6  # letters: two of four read as others make any word


def misread(word: str, pairs: Pairs) -> set[str]:
    """Return a Latin word or number with one or, when it is not short, two of its signs read as others."""
    swaps = [*pairs, *((other, sign) for sign, other in pairs)]
    once = list(_swapped(word, 0, swaps))
    short = len(word) < TWICE_FROM and word.isalpha()
    twice = () if short else (again for one, end in once for again, _ in _swapped(one, end, swaps))
    return {*(one for one, _ in once), *twice} - {word}


def _swapped(word: str, start: int, swaps: Pairs) -> Iterator[tuple[str, int]]:
    """Yield the word with one sign from `start` on swapped, and where the new one ends."""
    for sign, other in swaps:
        at = word.find(sign, start)
        while at >= 0:
            yield word[:at] + other + word[at + len(sign) :], at + len(other)
            at = word.find(sign, at + 1)


def misread_pair(pair: str) -> set[str]:
    """Return a pair of Chinese characters with one of them read as another that looks alike."""
    one, other = pair[0], pair[1]
    alike = _alike()
    return {first + other for first in alike[one]} | {one + second for second in alike[other]}


@cache
def _alike() -> defaultdict[str, frozenset[str]]:
    """Return the look-alikes of each Chinese character."""
    found: defaultdict[str, set[str]] = defaultdict(set)
    for group in GROUPS:
        for character in group:
            found[character].update(group)
    alike: defaultdict[str, frozenset[str]] = defaultdict(frozenset)
    alike.update({character: frozenset(group - {character}) for character, group in found.items()})
    return alike


def one_edit(word: str) -> set[str]:
    """Return what is one letter off: one more, one less, another one, or two in the other order."""
    cuts = [(word[:at], word[at:]) for at in range(len(word) + 1)]
    less = {a + b[1:] for a, b in cuts if b}
    turned = {a + b[1] + b[0] + b[2:] for a, b in cuts if len(b) > 1}
    other = {a + letter + b[1:] for a, b in cuts if b for letter in ascii_lowercase}
    more = {a + letter + b for a, b in cuts for letter in ascii_lowercase}
    return (less | turned | other | more) - {word}


def edits_between(one: str, other: str, most: int) -> int:
    """Return how many edits lie between two words, `most` + 1 when more (Damerau, no letter edited twice)."""
    if abs(len(one) - len(other)) > most:
        return most + 1
    before: list[int] = []
    last = list(range(len(other) + 1))
    for row, letter in enumerate(one, start=1):
        current = [row]
        for column, against in enumerate(other, start=1):
            cost = min(last[column] + 1, current[-1] + 1, last[column - 1] + (letter != against))
            if row > 1 and column > 1 and letter == other[column - 2] and one[row - 2] == against:
                cost = min(cost, before[column - 2] + 1)
            current.append(cost)
        if min(current) > most:
            return most + 1
        before, last = last, current
    return min(last[-1], most + 1)
