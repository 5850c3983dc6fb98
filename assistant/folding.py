"""Text folded for comparison: white space, case, width, and characters that OCR takes for one another.

Pure.  Owns what counts as "the same words"; knows where each folded character came from, so that what is shown is
always the record's own text.  Called by proof.py and figures.py.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass

# Each group is one character to an engine at small sizes; digits are never taken for other digits.
_SAME = {"0": "o", "1": "l", "i": "l", "|": "l", "!": "l", "ı": "l", "5": "s", "8": "b", "$": "s"} | {
    "“": '"', "”": '"', "„": '"', "「": '"', "」": '"', "『": '"', "』": '"', "‘": "'", "’": "'", "`": "'", "´": "'",
    "–": "-", "—": "-", "‐": "-", "‑": "-", "−": "-", "一": "-", "。": ".", "、": ",", "·": ".", "・": ".",
}  # fmt: skip
_MERGED = {("r", "n"): "m", ("v", "v"): "w", ("c", "l"): "d"}
_DIGITS = str.maketrans("oOlI|iSB", "00111158")


@dataclass(frozen=True, slots=True)
class Folded:
    """A folded text; `starts` and `ends` are the places in the original that each of its characters stands for."""

    text: str
    starts: tuple[int, ...]
    ends: tuple[int, ...]


def fold(text: str) -> Folded:
    """Return a text without white space, in lower case and normal width, look-alikes made one."""
    folded: list[tuple[str, int, int]] = []
    for at, original in enumerate(text):
        for char in unicodedata.normalize("NFKC", original).casefold():
            if not char.isspace():
                _append(folded, _SAME.get(char, char), at)
    return Folded(
        "".join(each[0] for each in folded), tuple(each[1] for each in folded), tuple(each[2] for each in folded)
    )


def _append(folded: list[tuple[str, int, int]], char: str, at: int) -> None:
    beside = folded and folded[-1][2] == at  # not over white space: the n of "her name" is its own letter
    merged = _MERGED.get((folded[-1][0], char)) if beside else None
    if merged is None:
        folded.append((char, at, at + 1))
    else:
        folded[-1] = (merged, folded[-1][1], at + 1)


def found_in(quote: str, text: str) -> str | None:
    """Return the words of a text that a quote says, as they stand there; None when they do not."""
    wanted, folded = fold(quote).text, fold(text)
    at = folded.text.find(wanted) if wanted else -1
    if at < 0:
        return None
    return text[folded.starts[at] : folded.ends[at + len(wanted) - 1]]


def repaired_digits(token: str) -> str:
    """Return a token that holds a figure with the letters that OCR made of figures turned back: 4l,9OO is 41,900."""
    return token.translate(_DIGITS)
