"""The proof of a reply: only what the record bears out goes on.

Pure.  A claim stays when at least one of its citations names evidence that was retrieved and quotes words that stand
there, and when each of its numbers and times is borne out; a sentence stays when all its claims do.  Whatever stays is
plain text: markup, control characters and links that are not in the evidence are taken out.  Called by answer.py, for
every word of a model that anyone gets to see.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, tzinfo

from assistant.evidence import Evidence
from assistant.figures import borne_out
from assistant.folding import fold, found_in
from assistant.question import Question
from assistant.sentences import Claim, Sentence
from timeline.model import Window

SHORTEST_QUOTE = 4  # characters, folded; of Chinese two, and a figure of any length: less stands anywhere
LONGEST_SENTENCE = 600
LONGEST_CITED = 300  # characters of a citation's quote

_IMAGE = re.compile(r"!\[[^\]]*\]\([^)]*\)")
_LINK = re.compile(r"\[([^\]]*)\]\([^)]*\)")
_TAG = re.compile(r"</?[A-Za-z!][^>]*>")
_URL = re.compile(r"(?:[a-z][a-z0-9+.-]*://|www\.|mailto:)[^\s<>\"'”，。）)\]]+", re.IGNORECASE)
_LEFTOVER_CITATION = re.compile(r"[\[【(（]\s*E\s?\d+[^\]】)）]*[\]】)）]?")
_BULLET = re.compile(r"^\s*(?:[-*•#>]+|\d{1,2}[.)])\s+")
_TERMINAL_CODE = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")
_CJK = re.compile(r"[\u3400-\u9fff\uf900-\ufaff]")


@dataclass(frozen=True, slots=True)
class Citation:
    """The proof of a statement: the record's own words, when they stood on the screen, and a frame that shows them."""

    passage_id: int
    start_us: int
    end_us: int
    offset_s: int
    window: Window
    quote: str
    frame_id: int


@dataclass
class Prover:
    """Checks the sentences of one reply against the evidence; `citations` are those that were borne out so far."""

    question: Question
    evidence: Sequence[Evidence]
    now: datetime
    zone: tzinfo | None = None
    computed: Sequence[str] = ()
    """Totals that were counted for this question: their numbers may be said."""
    citations: list[Citation] = field(default_factory=list)
    _said: set[str] = field(default_factory=set)

    def prove(self, sentence: Sentence) -> str | None:
        """Return a sentence as it may be shown, with the numbers of its citations; None when it is not borne out."""
        claims = sentence.claims
        while claims and not claims[-1].citations:
            claims = claims[:-1]  # words after the last citation have no proof
        proved = [self._proved(claim) for claim in claims]
        kept = [each for each in proved if each is not None]
        text = " ".join(each[0] for each in kept)
        if not kept or len(kept) < len(proved) or fold(text).text in self._said or len(text) > LONGEST_SENTENCE:
            return None
        self._said.add(fold(text).text)
        return " ".join(f"{text} {self._marks(found)}" for text, found in kept)

    def _proved(self, claim: Claim) -> tuple[str, list[Citation]] | None:
        by_id = {each.id: each for each in self.evidence}
        pairs = [(by_id[each.evidence_id], each.quote) for each in claim.citations if each.evidence_id in by_id]
        found = [(each, cited) for each, quote in pairs if (cited := _cited(each, quote)) is not None]
        text = plain(claim.text, [each.searched_text for each, _ in found])
        if not found or not re.search(r"\w", text):
            return None
        texts = [self.question.text, *self.computed, *(each.searched_text for each, _ in found)]
        if not borne_out(text, texts, [each.seen for each, _ in found], self.now, self.zone):
            return None
        return text, list(dict.fromkeys(cited for _, cited in found))

    def _marks(self, found: Iterable[Citation]) -> str:
        for each in found:
            if each not in self.citations:
                self.citations.append(each)
        return "".join(f"[{self.citations.index(each) + 1}]" for each in found)


def cite(evidence: Evidence, quote: str) -> Citation:
    """Return the citation of words that stand in the evidence."""
    seen = evidence.seen
    return Citation(
        evidence.passage_id, seen.start_us, seen.end_us, seen.offset_s, evidence.window, quote, seen.frame_id
    )


def _cited(evidence: Evidence, quote: str) -> Citation | None:
    if not _telling(quote):
        return None
    stands = found_in(quote, evidence.text)
    return None if stands is None or len(stands) > LONGEST_CITED else cite(evidence, stands)


def _telling(quote: str) -> bool:
    """Tell whether a quote is long enough to prove anything."""
    letters = re.sub(r"[\W_]", "", quote)
    return (
        len(letters) >= SHORTEST_QUOTE or len(_CJK.findall(letters)) >= 2 or (letters.isdecimal() and len(letters) >= 2)
    )


def plain(text: str, known: Sequence[str]) -> str:
    """Return a text without markup and control characters, and without links that do not stand in known texts."""
    text = _TERMINAL_CODE.sub("", text)
    text = "".join(char if char.isprintable() else " " * char.isspace() for char in text)
    text = _TAG.sub("", _LINK.sub(r"\1", _IMAGE.sub("", text)))
    text = _LEFTOVER_CITATION.sub("", text)
    folded = fold("\n".join(known)).text
    text = _URL.sub(lambda url: url[0] if fold(url[0].rstrip(".,;:!?")).text in folded else "", text)
    text = re.sub(r"[*_`]{2,}|`|(?<!\w)[*_](?=\w)|(?<=\w)[*_](?!\w)", "", _BULLET.sub("", text))
    return re.sub(r"\s+([,.;:!?，。；：！？])", r"\1", " ".join(text.split())).strip(" ()（）[]")
