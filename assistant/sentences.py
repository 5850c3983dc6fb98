"""A model's reply cut into sentences with their citations, while it is still coming.

Pure.  Owns the form of a citation, [E3 "exact words"], and what belongs to a sentence; checks nothing.  Whatever a
model writes is cut into something: broken brackets, markup and endless text are no error here.  Called by proof.py.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

LONGEST_SENTENCE = 3_000  # characters with its citations; beyond, a reply without any end of a sentence is cut
LONGEST_CITATION = 1_000

_QUOTED = '"[^"]*"|“[^”]*”|「[^」]*」|『[^』]*』'
_CITATION = rf'[\[【]\s*E\s?\d+\b(?:[^\[\]【】"“「『]|{_QUOTED})*[\]】]'
_PIECE = re.compile(
    rf"(?P<citation>{_CITATION})|(?P<end>[.!?]+[\"'”’)]*(?=\s|$|[\[【]\s*E\s?\d)|[。！？]+[”’」）]*|[…⋯]+)|(?P<line>\n+)"
)
_STOP = re.compile(r"[.!?。！？…⋯\n]")
_OPEN = re.compile(r"[\[【](?:\s*E[^\]】]*)?$|[\[【]\s*E")
_ABBREVIATION = re.compile(
    r"(?:\b(?:dr|mr|mrs|ms|no|vs|e\.g|i\.e|approx|fig|st|inc|ltd|a\.m|p\.m)|^\s*\d+)\.$", re.IGNORECASE
)
_SOURCE = re.compile(rf"E\s?(?P<id>\d+)\b\s*[:,，：]?\s*(?P<quotes>(?:(?:{_QUOTED})[\s,，]*)*)")
_QUOTE = re.compile(_QUOTED)


@dataclass(frozen=True, slots=True)
class Citation:
    """What a reply gives as proof: the id of the evidence and the words it says stand there."""

    evidence_id: str
    quote: str


@dataclass(frozen=True, slots=True)
class Claim:
    """A piece of a sentence and the citations that follow it."""

    text: str
    citations: tuple[Citation, ...]


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence of a reply; `new_line` when it began on a line of its own."""

    claims: tuple[Claim, ...]
    new_line: bool


class Sentences:
    """Takes the pieces of a reply as they come and gives back the sentences that are complete."""

    def __init__(self) -> None:
        self._waiting = ""
        self._may_end = False  # looking for sentences at every piece would take quadratic time

    def feed(self, piece: str) -> list[Sentence]:
        """Return the sentences that this piece completed."""
        self._waiting += piece
        self._may_end = self._may_end or _STOP.search(piece) is not None
        too_long = len(self._waiting) > LONGEST_SENTENCE
        return self._take(final=too_long) if self._may_end or too_long else []

    def rest(self) -> list[Sentence]:
        """Return what is left when the reply has ended."""
        return self._take(final=True)

    def _take(self, *, final: bool) -> list[Sentence]:
        ready = self._waiting if final else self._waiting[: _open_citation(self._waiting)]
        cuts = [0, *_boundaries(ready)]
        if final:
            cuts.append(len(ready))
        sentences = [_sentence(ready[start:end]) for start, end in pairwise(cuts)]
        self._waiting = self._waiting[cuts[-1] :]
        self._may_end = _STOP.search(self._waiting) is not None
        return [each for each in sentences if each.claims]


def _open_citation(text: str) -> int:
    """Return where a citation begins that is not closed yet, the length of the text when there is none."""
    closed = max((match.end() for match in re.finditer(_CITATION, text)), default=0)
    opened = _OPEN.search(text, closed)
    if opened is None or len(text) - opened.start() > LONGEST_CITATION:
        return len(text)
    return opened.start()


def _boundaries(text: str) -> Iterator[int]:
    """Yield where the next sentence begins: after an end or a new line, and the citations behind it."""
    ended, at = False, 0
    for match in _PIECE.finditer(text):
        if ended and text[at : match.start()].strip():
            yield at
            ended = False
        ended = ended or _ends(text, at, match)
        at = match.start() if match["line"] else match.end()
    if ended and text[at:].strip():
        yield at


def _ends(text: str, at: int, match: re.Match[str]) -> bool:
    """Tell whether a sentence ends here: at a new line after something, or at a stop that is no abbreviation's."""
    if match["line"]:
        return bool(text[: match.start()].strip())
    return bool(match["end"]) and _ABBREVIATION.search(text[at : match.end()]) is None


def _sentence(text: str) -> Sentence:
    """Return a sentence taken apart at its citations."""
    claims: list[Claim] = []
    at = 0
    for match in re.finditer(_CITATION, text):
        said, citations = text[at : match.start()], tuple(_sources(match[0]))
        at = match.end()
        if claims and not re.search(r"\w", said):
            claims[-1] = Claim(claims[-1].text + said.strip(), claims[-1].citations + citations)
        else:
            claims.append(Claim(said, citations))
    tail = text[at:]
    if re.search(r"\w", tail):
        claims.append(Claim(tail, ()))
    elif claims:
        claims[-1] = Claim(claims[-1].text + tail.strip(), claims[-1].citations)
    return Sentence(tuple(claims), text.startswith("\n"))


def _sources(citation: str) -> Iterator[Citation]:
    for source in _SOURCE.finditer(citation):
        for quote in _QUOTE.findall(source["quotes"]):
            yield Citation(f"E{int(source['id'])}", quote[1:-1])
