"""One text made ready to be searched.

Owns the skeleton: the text in lower case in which the letters that OCR confuses look the same (0 and o, 1, i, l and |),
character for character at the same places, so that a literal is found by str.find however it was read.  Owns the long
numbers of the text, found once for all kinds that are numbers.  Called by the rules.
"""

from __future__ import annotations

import re
from functools import cached_property

NEAR = 100  # characters before a number in which its label stands
AFTER = 40  # a label after it, in the same line or the next
_ALIKE = (("0", "o"), ("1", "l"), ("i", "l"), ("|", "l"))
_NUMBER = re.compile(r"[0-9](?:[ .\-–]{0,2}[0-9]){8,}")  # begins with a class, not a look-behind: five times as fast
_LONGEST_NUMBER = 64  # characters; what is longer is a table or a dump, and its pieces are no ids


def skeleton(text: str) -> str:
    """Return the text as OCR cannot confuse it, of the same length."""
    bones = text.replace("İ", "I").lower()  # the only character whose lower case is longer
    for seen, meant in _ALIKE:
        bones = bones.replace(seen, meant)
    return bones


class Screen:
    """The lines of one screen with their skeleton; immutable."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.skeleton = skeleton(text)

    @cached_property
    def numbers(self) -> tuple[tuple[int, int], ...]:
        """Return where numbers of nine digits and more stand, grouped ones whole, dumps of digits left out."""
        found = (match.span() for match in _NUMBER.finditer(self.text))
        return tuple(span for span in found if span[1] - span[0] <= _LONGEST_NUMBER)

    def stands_alone(self, start: int, end: int) -> bool:
        """Tell whether no letter, digit or decimal point touches the span; letters of other scripts may."""
        before, after = self.text[max(start - 2, 0) : start], self.text[end : end + 2]
        if before and (_is_word(before[-1]) or (before[-1] in ".,/-+" and _is_word(before[:-1] or " "))):
            return False
        return not (after and (_is_word(after[0]) or (after[0] in ".,/-" and _is_word(after[1:] or " "))))

    def near(self, start: int, end: int, labels: re.Pattern[str]) -> bool:
        """Tell whether one of the labels (a pattern for skeletons) stands close before the span or after it."""
        if labels.search(self.skeleton, max(start - NEAR, 0), start):
            return True
        return labels.search(self.skeleton, end, end + AFTER) is not None

    def says(self, labels: re.Pattern[str]) -> bool:
        """Tell whether one of the labels (a pattern for skeletons) stands anywhere."""
        return labels.search(self.skeleton) is not None


def labels(*words: str) -> re.Pattern[str]:
    """Return the pattern that finds one of the words in a skeleton, Latin ones at the start of a word."""
    ready = sorted((re.escape(skeleton(word)) for word in words), key=len, reverse=True)
    return re.compile("|".join(rf"(?<![a-z]){word}" if word[0].isascii() else word for word in ready))


def _is_word(character: str) -> bool:
    return character == "_" or (character.isascii() and character.isalnum())
