"""What of a passage is shown for a query: the places that match, the text around them, their boxes.  Pure.

The full-text table keeps no text, so FTS5's own snippet() and highlight() have nothing to work on.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from index.query import Phrase, Query
from index.tokens import Token, is_cjk, scan, stem
from timeline.model import Box, Line, Word
from timeline.passages import passage_text

LONGEST_TEXT = 1000  # characters of a result's text
LONGEST_SNIPPET = 200  # characters, two lines of a terminal
_MORE = "…"
_KEPT = 2  # letters at the beginning of a word, which its stem has too: few words need be stemmed


@dataclass(frozen=True, slots=True)
class Mark:
    """A stretch of a text that matches, as offsets."""

    start: int
    end: int


class Matcher:
    """Finds the places in a text that a query means."""

    def __init__(self, query: Query, guessed: Iterable[Phrase] = ()) -> None:
        """`guessed`: what stands in the text for words that were read or typed wrong."""
        asked = {form for term in query.terms for form in term.forms}
        forms = asked.union(guessed, *query.choices)
        begun = [query.unfinished] if query.unfinished else []
        self._words = {form[0] for form in forms if len(form) == 1}
        self._phrases = [*query.phrases, *begun, *(form for form in forms if len(form) > 1)]
        self._starts = {word[:_KEPT] for word in self._words}
        self._characters = {word for word in self._words if len(word) == 1 and is_cjk(word)}

    def marks(self, text: str) -> list[Mark]:
        """Return the matching stretches in order, those that touch as one."""
        tokens = scan(text)
        marks = [Mark(token.start, token.end) for token in tokens if self._is_meant(token)]
        marks += [Mark(token.start, token.start + 1) for token in tokens if token.text[0] in self._characters]
        marks += [mark for phrase in self._phrases for mark in _phrase_marks(tokens, phrase)]
        return _joined(sorted(marks, key=lambda mark: mark.start))

    def _is_meant(self, token: Token) -> bool:
        words = self._words
        return any(
            one in words or (one[:_KEPT] in self._starts and stem(one) in words) for one in (token.text, *token.parts)
        )


def cut(text: str, marks: Sequence[Mark], longest: int) -> Mark:
    """Return the stretch of at most `longest` characters with the most matches, centred on them."""
    if len(text) <= longest:
        return Mark(0, len(text))
    if not marks:
        return Mark(0, _word_end(text, longest))
    first, last = _densest(marks, longest)
    start = max(0, min((first + last - longest) // 2, len(text) - longest))
    start = _word_start(text, start, first)
    return Mark(start, max(last, _word_end(text, start + longest)))


def shown_text(text: str, marks: Sequence[Mark]) -> str:
    """Return at most 1,000 characters of a text, around its matches."""
    part = cut(text, marks, LONGEST_TEXT)
    return text[part.start : part.end][:LONGEST_TEXT]


def snippet(text: str, marks: Sequence[Mark]) -> str:
    """Return one line of a text around its matches, each between two stars: `**match**`."""
    part = cut(text, marks, LONGEST_SNIPPET)
    pieces = [_MORE] if part.start else []
    at = part.start
    for mark in marks:
        if mark.start >= at and mark.end <= part.end:
            pieces += [text[at : mark.start], "**", text[mark.start : mark.end], "**"]
            at = mark.end
    pieces.append(text[at : part.end])
    if part.end < len(text):
        pieces.append(_MORE)
    return " ".join("".join(pieces).split())


def matched_boxes(lines: Sequence[Line], text: str, marks: Sequence[Mark], matcher: Matcher) -> tuple[Box, ...]:
    """Return a box for each matched word, in reading order; of a Chinese run only for the characters that match.

    `marks` are those of the passage's text; lines that are set otherwise are looked through again.
    """
    if text != passage_text(lines):
        return tuple(box for line in lines for box in _boxes_in(line, matcher.marks(line.text)))
    boxes: list[Box] = []
    start = 0
    for line in lines:
        end = start + len(line.text)
        inside = [
            Mark(max(start, one.start) - start, min(end, one.end) - start) for one in marks if _meet(one, start, end)
        ]
        boxes += _boxes_in(line, inside)
        start = end + 1  # a passage's lines stand one below the other
    return tuple(boxes)


def _meet(mark: Mark, start: int, end: int) -> bool:
    return mark.start < end and start < mark.end


def _boxes_in(line: Line, marks: Sequence[Mark]) -> list[Box]:
    if not marks:
        return []
    places = _places(line)
    return [
        _part_of(word, max(mark.start, start) - start, min(mark.end, start + len(word.text)) - start)
        for start, word in places
        for mark in marks
        if mark.start < start + len(word.text) and start < mark.end
    ]


def _places(line: Line) -> list[tuple[int, Word]]:
    """Return the words of a line with the offset where each begins in its text; a line without words is one."""
    places: list[tuple[int, Word]] = []
    at = 0
    for word in line.words or (Word(line.text, line.box),):
        start = line.text.find(word.text, at)
        if start >= 0:
            places.append((start, word))
            at = start + len(word.text)
    return places


def _part_of(word: Word, start: int, end: int) -> Box:
    """Return the box of some characters of a word: of a Chinese one by their share, for these are of one width."""
    text, box = word.text, word.box
    if not any(map(is_cjk, text)):
        return box
    width = box.width / len(text)
    return Box(box.x0 + round(width * start), box.y0, box.x0 + round(width * end), box.y1)


def _phrase_marks(tokens: Sequence[Token], phrase: Sequence[str]) -> list[Mark]:
    """Return where the tokens of a phrase follow each other, in the text or within a word's parts."""
    texts = [token.text for token in tokens]
    size = len(phrase)
    places = [at for at in range(len(texts) - size + 1) if texts[at : at + size] == list(phrase)]
    found = [Mark(token.start, token.end) for at in places for token in tokens[at : at + size]]
    return found + [Mark(token.start, token.end) for token in tokens if token.parts == tuple(phrase)]


def _joined(marks: Sequence[Mark]) -> list[Mark]:
    joined: list[Mark] = []
    for mark in marks:
        if joined and mark.start <= joined[-1].end:
            joined[-1] = Mark(joined[-1].start, max(joined[-1].end, mark.end))
        else:
            joined.append(mark)
    return joined


def _densest(marks: Sequence[Mark], longest: int) -> tuple[int, int]:
    """Return where the most matches that fit into `longest` characters begin and end."""
    best: list[Mark] = []
    for at, first in enumerate(marks):
        fitting = [mark for mark in marks[at:] if mark.end - first.start <= longest] or [first]
        best = max(best, fitting, key=len)
    return best[0].start, min(best[-1].end, best[0].start + longest)


def _word_start(text: str, at: int, limit: int) -> int:
    """Return the first beginning of a word from `at` on, not after `limit`."""
    space = text.find(" ", max(0, at - 1), limit)
    return at if at == 0 or space < 0 else space + 1


def _word_end(text: str, at: int) -> int:
    """Return the last end of a word up to `at`; a text without spaces is cut anywhere."""
    if at >= len(text):
        return len(text)
    space = text.rfind(" ", at - LONGEST_SNIPPET // 4, at + 1)
    return at if space < 0 else space
