"""How near a stretch of a text comes to a phrase, whatever was misread in it: by pieces of three characters.  Pure.

Words lose the meaning they had when a letter is read wrong; pieces of three characters lose three of themselves.
Called by `index.search` for the best candidates of a phrase that stands nowhere as it was typed.
"""

from __future__ import annotations

import re
import unicodedata

from index.simplified import simplified
from index.tokens import is_cjk

LEAST = 0.55  # of the pieces: the same words in another order share fewer
WEIGHT = 0.6  # of the score of the best, for a phrase that lacks nothing
LOOKED_AT = 60  # of the best ranked
_SIGNS = re.compile(r"[\W_]+")


class Phrase:
    """A phrase that texts are compared with."""

    def __init__(self, said: str) -> None:
        flat = _flat(said)
        self._piece = 2 if any(map(is_cjk, flat)) else 3
        self._pieces = frozenset(_pieces(flat, self._piece))
        self._window = len(flat) + len(flat) // 8  # letters that were read twice, or as two

    def bonus(self, text: str) -> float:
        """Return what is added to the score of a text, 0 to `WEIGHT`."""
        return WEIGHT * max(0.0, (self.share_in(text) - LEAST) / (1 - LEAST))

    def share_in(self, text: str) -> float:
        """Return the share of the phrase's pieces that stand in one stretch of a text as long as the phrase.

        0 for texts that are not near.
        """
        flat = _flat(text)
        if not self._pieces or sum(piece in flat for piece in self._pieces) <= LEAST * len(self._pieces):
            return 0.0  # not even all of the text holds enough of them
        pieces = _pieces(flat, self._piece)
        best = inside = 0
        for at, piece in enumerate(pieces):
            inside += piece in self._pieces
            if at >= self._window:
                inside -= pieces[at - self._window] in self._pieces
            best = max(best, inside)
        return min(1.0, best / len(self._pieces))


def _flat(text: str) -> str:
    if text.isascii():
        return _SIGNS.sub("", text.lower())
    return _SIGNS.sub("", simplified(unicodedata.normalize("NFKC", text)).casefold())


def _pieces(flat: str, size: int) -> list[str]:
    return [flat[at : at + size] for at in range(len(flat) - size + 1)]
