"""Whether a line of a screen reads like a sentence, or is furniture: names, titles, tabs, addresses, icons.

Pure.  Knows no question and decides nothing alone: quoting.py weighs it with the words that were asked for.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from index.tokens import is_cjk

WORDS_OF_A_SENTENCE = 5  # from so many running words on a line is one; shorter ones in part
CHARACTERS_PER_WORD = 2  # most Chinese words are of two
LINES_TO_A_MESSAGE = 2  # a second name may stand between a speaker and the message when columns were read as one
LONGEST_NAME = 4  # words, or Chinese characters
_AFTER_A_NAME = 0.95  # a message under its speaker's name is nearly as good as a sentence that holds the name

_TIME = r"\d{1,2}[:：.]\d\d(?::\d\d)?(?:\s*[ap]m)?"
_TIMED = re.compile(rf"\s*(?P<name>.*?)\s*[,，·|-]?\s*{_TIME}\s*", re.IGNORECASE)
_RUNNING = re.compile(r"[\"'“‘(（]*[^\W\d_]+(?:['’-][^\W\d_]+)*[\"'”’)）]*[,.;:!?]*")
_ADDRESS = re.compile(r"://|@|\w\.\w+/|^www\.|^[~/.]*/\w", re.IGNORECASE)
_SEPARATOR = re.compile(r"[,，、;；|·]")
_STOP = re.compile(r"[,.;:!?](?=\s|$)|[，。；：！？]")


def sentence_share(line: str) -> float:
    """Return how much of a sentence a line is, 0 to 1: by its running words, their share of the line, and stops."""
    if all(is_name(part) for part in _SEPARATOR.split(line)):
        return 0.0
    running, others = 0.0, 0.0
    for piece in re.sub(_TIME, " ", line).split():
        cjk = sum(map(is_cjk, piece)) / CHARACTERS_PER_WORD
        if cjk:
            running += cjk
        elif _RUNNING.fullmatch(piece) and any(map(str.islower, piece[:1])):
            running += 1
        elif not piece[0].isdecimal():
            others += 1 + _is_address(piece)
    if not running:
        return 0.0
    stops = 1.0 if _STOP.search(line) else 0.85  # a wrapped line of a paragraph may have none
    return min(running / WORDS_OF_A_SENTENCE, 1) * (0.5 + 0.5 * running / (running + others)) * stops


def is_timed_name(line: str) -> bool:
    """Tell whether a line is a speaker's name with the time of the message: Marta Keller 14:27."""
    timed = _TIMED.fullmatch(line)
    return timed is not None and is_name(timed["name"])


def is_name(line: str) -> bool:
    """Tell whether a line is no more than a name."""
    words = line.strip().rstrip(":：").split()
    if len(words) == 1 and all(map(is_cjk, words[0])):
        return len(words[0]) <= LONGEST_NAME
    return 0 < len(words) <= LONGEST_NAME and all(word[0].isupper() and not _is_address(word) for word in words)


def said_below(lines: Sequence[str], at: int) -> float:
    """Return how much of a sentence a line is, or when it is a speaker's name, what stands under it."""
    own = sentence_share(lines[at])
    if not (is_name(lines[at]) or is_timed_name(lines[at])):
        return own
    for below in lines[at + 1 : at + 1 + LINES_TO_A_MESSAGE]:
        if is_timed_name(below):
            break
        if not is_name(below):
            return max(own, _AFTER_A_NAME * sentence_share(below))
    return own


def _is_address(piece: str) -> bool:
    return _ADDRESS.search(piece) is not None
