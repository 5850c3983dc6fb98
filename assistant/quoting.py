"""The few words of a passage that are shown for it: those that say most about a question, exactly as they stand there.

Pure.  Called by record.py.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from assistant.question import Question, SearchedText
from assistant.readability import is_name, is_timed_name, said_below

LONGEST_QUOTE = 160  # characters
LONGEST_STEM = 20  # of a word that is looked for in a long line
BARE_WORDS = 0.4  # what the words of a question are worth on a line that is no sentence; in one they are worth 1
BELOW = 0.5  # what they are worth on the lines that are quoted with it


@dataclass(frozen=True, slots=True)
class Quote:
    """A quote and its worth: the weight of the question's words in it, more in a sentence than in a title."""

    text: str
    worth: float


def best_quote(question: Question, text: str) -> Quote:
    """Return the lines of a passage that say most about a question, exactly as they stand there."""
    starts = [match.start() for match in re.finditer(r"^[^\S\n]*\S", text, re.MULTILINE)]
    if not starts:
        return Quote(text[:LONGEST_QUOTE], 0.0)
    lines = [text[start:].split("\n", 1)[0] for start in starts]
    if not question.words:
        longest = max(range(len(lines)), key=lambda at: len(lines[at]))
        return Quote(_quote_from(question, text, starts[longest], lines[longest]), 0.0)
    quotes = [_quote_at(question, text, starts, lines, at) for at in range(len(lines))]
    return max(quotes, key=lambda each: each.worth)


def _quote_at(question: Question, text: str, starts: list[int], lines: list[str], at: int) -> Quote:
    quote = _quote_from(question, text, starts[at], lines[at])
    found = _found_weight(question, lines[at])
    if not found:
        return Quote(quote, 0.0)
    below = max(_found_weight(question, quote) - found, 0.0)
    return Quote(quote, (found + BELOW * below) * (BARE_WORDS + (1 - BARE_WORDS) * said_below(lines, at)))


def _quote_from(question: Question, text: str, start: int, line: str) -> str:
    if len(line) > LONGEST_QUOTE:
        start += _window_start(question, line)
    return _one_message(_cut_at_a_word(text[start:]))


def _found_weight(question: Question, line: str) -> float:
    searched = SearchedText(line)
    return sum(word.weight * word.found_share(searched) for word in question.words)


def _window_start(question: Question, line: str) -> int:
    """Return where to begin in a long line, so that the first word that was asked for is well inside."""
    lower = line.lower()
    places = [at for word in question.words if (at := lower.find(word.text.lower()[:LONGEST_STEM])) >= 0]
    before = max(min(places, default=0) - LONGEST_QUOTE // 4, 0)
    return 0 if before == 0 else lower.find(" ", before, before + LONGEST_STEM) + 1 or before


def _cut_at_a_word(text: str) -> str:
    """Return the beginning of a text, whole lines where they fill most of a quote, else whole words."""
    if len(text) <= LONGEST_QUOTE:
        return text.strip()
    cut = text[: LONGEST_QUOTE + 1]
    line_end, word_end = cut.rfind("\n"), cut.rfind(" ")
    end = line_end if line_end > LONGEST_QUOTE // 3 else max(line_end, word_end)
    return (cut[:end] if end > LONGEST_QUOTE // 4 else cut[:LONGEST_QUOTE]).strip()


def _one_message(quote: str) -> str:
    """Return a quote up to the name of the next speaker, when a message stands before it."""
    lines = quote.split("\n")
    for at in range(1, len(lines)):
        if is_timed_name(lines[at]) and not all(is_name(line) or is_timed_name(line) for line in lines[:at]):
            return "\n".join(lines[:at]).strip()
    return quote
