"""The seam to models that turn text into vectors; every one passes the contract in tests/index.

Knows no model.  `index.use` is the default, `index.sentence_transformers` the way to any other.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

Vectors = NDArray[np.float32]
"""Vectors of length 1, float32 (texts, dimension), so that a dot product is the cosine."""

_LEAST_CHARACTERS = 3  # a shorter text has no meaning to compare: "OK", "12"


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
    """Tell whether a text is worth a vector: not when it is very short or holds no letter."""
    return len(text.strip()) >= _LEAST_CHARACTERS and any(map(str.isalpha, text))
