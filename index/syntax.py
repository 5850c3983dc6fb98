"""The language of queries: what was typed, cut into words, quoted phrases, filters and what joins them.  Pure.

    "quoted phrase"       “…” and 「…」 too; a quote after a letter or digit is an inch and no quote
    -word, -"a phrase"    must not be there; `--option`, `-v`, `-5` and a dash by itself are text
    a OR b                binds the two beside it, before all else: a OR b c is (a or b) and c
    app: title: url:      a part of the name, or a pattern with * and ? for all of it; -app: excludes
    before: after: on:    a time or a phrase for one; what holds spaces stands in quotes

A key is one only at the beginning of a word, its value right behind it: `std::vector`, `12:30`, `http://host`, `app://x`,
`on:click={go}` and `title: words` are text.  Owns no meaning: `index.query` makes words of it, `index.fields` filters.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Literal, cast

from timeline.errors import WrongUsage

Key = Literal["app", "title", "url", "before", "after", "on"]

OR = "OR"
NAMES = ("app", "title", "url")
"""The keys of filters by name; the others are of time."""
_ELEMENT = re.compile(
    r"""
    (?:(?<!\S)(?P<no>[-－])(?=[^\s\-－\d])(?![A-Za-z](?:\s|$)))?
    (?:(?<![^\s\-－])(?P<key>app|title|url|(?:before|after|on)(?!.[^\s"“「]*[=(){}<>;]))[:：](?=[^\s:：])(?!//))?
    (?:["“”「](?P<quoted>[^"“”」]*)["“”」]|(?P<plain>(?:[^\s"“”「」]|(?<=[A-Za-z0-9])"(?!\w))+))
    """,
    re.VERBOSE | re.IGNORECASE,
)
_OPENED = re.compile(r"""(?:(?<!\S)|(?<=[\s\-－:：(（]))"(?=\S)|(?<![A-Za-z0-9])[“「](?=\S)""")
_UNCLOSED = 'A quote is opened and never closed: close it, or leave it out, such as "connection refused".'


@dataclass(frozen=True, slots=True)
class Piece:
    """One thing that was typed."""

    text: str
    quoted: bool = False
    no: bool = False
    """It must not be there."""
    key: Key | None = None
    """Which filter it is; None: it is looked for in the text."""
    unfinished: bool = False
    """It is quoted, and the quote has not been closed yet."""


Group = tuple[Piece, ...]
"""Pieces of which any will do."""


def groups(text: str, *, unfinished: bool = False) -> list[Group]:
    """Return what was typed, pieces joined by OR as one group.

    `unfinished`: a quote may still be open.  Raises WrongUsage for a quote that never closes, and for an OR beside
    what it cannot join.
    """
    joined: list[Group] = []
    pieces = _pieces(text, unfinished=unfinished)
    bound = False
    for place, piece in enumerate(pieces):
        if _is_or(piece) and joined and not bound and place + 1 < len(pieces) and not _is_or(pieces[place + 1]):
            bound = True
        elif bound:
            joined[-1] = _either((*joined[-1], piece))
            bound = False
        else:
            joined.append((piece,))
    return joined


def _pieces(text: str, *, unfinished: bool) -> list[Piece]:
    matches = list(_ELEMENT.finditer(text))
    opened = _opened_at(text, matches)
    if opened is None:
        return [_piece(match) for match in matches]
    if not unfinished:
        raise WrongUsage(_UNCLOSED)
    start = opened  # what is before the quote belongs to it: -"a phr and title:"a phr are what they will be
    while start and not text[start - 1].isspace():
        start -= 1
    if _ELEMENT.fullmatch(f'{text[start:]}"') is None:
        start = opened
    last = _ELEMENT.fullmatch(f'{text[start:]}"')
    before = _pieces(text[:start], unfinished=True)
    return before if last is None else [*before, replace(_piece(last), unfinished=True)]


def _opened_at(text: str, matches: list[re.Match[str]]) -> int | None:
    """Return where a quote begins that no element took in."""
    ends = [0, *(match.end() for match in matches)]
    starts = [*(match.start() for match in matches), len(text)]
    for end, start in zip(ends, starts, strict=True):
        opened = _OPENED.search(text, end, start + 1)
        if opened is not None and opened.start() < start:
            return opened.start()
    return None


def _piece(match: re.Match[str]) -> Piece:
    quoted, key = match["quoted"], match["key"]
    return Piece(
        text=match["plain"] if quoted is None else quoted.strip(),
        quoted=quoted is not None,
        no=match["no"] is not None,
        key=None if key is None else cast("Key", key.lower()),
    )


def _is_or(piece: Piece) -> bool:
    return piece == Piece(OR)


def _either(group: Group) -> Group:
    """Return a group that can be joined.  Raises WrongUsage for one that cannot."""
    if any(piece.no for piece in group):
        raise WrongUsage("OR cannot stand beside what is to be left out: say -this -that, without OR.")
    if any(one.key != other.key for one, other in pairwise(group)):
        raise WrongUsage("OR joins two words or two filters of one kind, such as app:firefox OR app:chromium.")
    if group[0].key in ("before", "after", "on"):
        raise WrongUsage("OR cannot join two times: search for one after the other, or between after: and before:.")
    return tuple(dict.fromkeys(group))


def plain(text: str) -> list[Group]:
    """Return a text as words and closed quotes alone: nothing in it is an error."""
    return [(replace(_piece(match), key=None, no=False),) for match in _ELEMENT.finditer(text)]
