"""The few words of a passage that are shown for it: those that say most about a question, exactly as they stand there.

Pure.  Called by record.py.
"""

from __future__ import annotations

import re

from assistant.question import Question, SearchedText

LONGEST_QUOTE = 160  # characters
LONGEST_STEM = 20  # of a word that is looked for in a long line


def best_quote(question: Question, text: str) -> str:
    """Return the lines of a passage that say most about a question, exactly as they stand there."""
    starts = [match.start() for match in re.finditer(r"^[^\S\n]*\S", text, re.MULTILINE)]
    if not starts:
        return text[:LONGEST_QUOTE]
    lines = [(start, text[start:].split("\n", 1)[0]) for start in starts]
    start, line = max(
        lines, key=lambda each: (_found_weight(question, each[1]), len(each[1]) if not question.words else 0)
    )
    if len(line) > LONGEST_QUOTE:
        start += _window_start(question, line)
    return _cut_at_a_word(text[start:])


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
    """Return the beginning of a text, whole lines where they fit, else whole words."""
    if len(text) <= LONGEST_QUOTE:
        return text.strip()
    cut = text[: LONGEST_QUOTE + 1]
    line_end, word_end = cut.rfind("\n"), cut.rfind(" ")
    end = line_end if line_end > 0 else word_end
    return (cut[:end] if end > LONGEST_QUOTE // 4 else cut[:LONGEST_QUOTE]).strip()
