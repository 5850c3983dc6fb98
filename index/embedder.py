"""The seam to models that turn text into vectors; every one passes the contract in tests/index.

Knows no model.  `index.use` is the default, `index.sentence_transformers` the way to any other.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from index.tokens import CJK_RUN

Vectors = NDArray[np.float32]
"""Vectors of length 1, float32 (texts, dimension), so that a dot product is the cosine."""

_LEAST_WORDS = 3  # different ones: "deploy log", "INSERT - -" and misread signs are near to anything
_WORDS_A_CHARACTER = 0.75  # Chinese, kana or Hangul: four characters say as much as three words
_NO_LETTER_OR_DIGIT = re.compile(r"[\W_]+")


class Embedder(Protocol):
    """Turns text into vectors; texts of like meaning get vectors that are near each other."""

    @property
    def name(self) -> str:
        """The model's name; vectors of different names are never compared."""

    @property
    def dimension(self) -> int:
        """The length of its vectors."""

    def embed(self, texts: Sequence[str]) -> Vectors:
        """Return one vector a text, in order.  A text's vector does not depend on its neighbours."""


def has_meaning(text: str) -> bool:
    """Tell whether a text is worth a vector: it holds three different words, or four characters of Chinese.

    A word has two letters or more, no digit and no capitals in its middle, as misread ones have.  Chinese counts in
    runs of two characters or more on one line: one alone is mostly a misread icon.
    """
    runs = [run for run in CJK_RUN.findall(text) if len(run) > 1]
    letters = (_NO_LETTER_OR_DIGIT.sub("", piece) for piece in CJK_RUN.sub(" ", text).split())
    words = {word.casefold() for word in letters if _is_word(word)}
    return len(words) + _WORDS_A_CHARACTER * sum(map(len, runs)) >= _LEAST_WORDS


def _is_word(letters: str) -> bool:
    rest = letters[1:]
    return bool(rest) and letters.isalpha() and (rest == rest.lower() or letters.isupper())
