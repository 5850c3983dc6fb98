"""Secrets taken out of what was read: a mark in the text where each stood, and the boxes that are to be hidden.

Owns the mark, and which words and boxes a secret touches.  Pure: lines in, lines out; what a secret is, is known by
timeline.secrets.  Called by the worker before a reading is stored, and by timeline.writer for titles and addresses.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache, reduce
from itertools import accumulate

from timeline.hidden import MARGIN_PX, HiddenBox
from timeline.model import Box, Line, Word
from timeline.secrets import DEFAULT, find_secrets

MARK = "•••"  # in place of a secret, once on each line that it touches; no word, so that no index keeps it
COVERED_SHARE = 0.5  # of the smaller of two boxes: a word that lies so far below a hidden box is part of it
_ADDRESS_PART = re.compile(r"%[2-7][0-9A-Fa-f]|.", re.DOTALL)  # a character, or one that is written as its number
REMEMBERED = 512  # titles and addresses: each frame names those of all windows again


@dataclass(frozen=True, slots=True)
class Redacted:
    """Lines without secrets, as many as before, and the boxes in which these stood."""

    lines: tuple[Line, ...]
    hidden: tuple[HiddenBox, ...]


@dataclass(frozen=True, slots=True)
class _Cut:
    """A stretch of a line's characters that goes, and the kind of secret it is."""

    start: int
    end: int
    kind: str


def redact(lines: Sequence[Line], kinds: Collection[str] = DEFAULT, again: Sequence[HiddenBox] = ()) -> Redacted:
    """Return the lines of a picture, in reading order, without their secrets.

    `again`: boxes in which a secret is known to stand, whatever an engine has read there this time.
    """
    cuts = _found(lines, kinds)
    kept, hidden = list[Line](), list[HiddenBox]()
    for line, own in zip(lines, cuts, strict=True):
        own += _below(line, again, own)
        if own:
            line, boxes = _without(line, _merged(own))
            hidden += boxes
        kept.append(line)
    hidden += [one for one in again if not any(holds(other.box, one.box) for other in hidden)]
    return Redacted(tuple(kept), tuple(hidden))


@lru_cache(REMEMBERED)
def redacted_text(text: str, kinds: frozenset[str] = DEFAULT) -> str:
    """Return a text that stands for itself, a title or an address, with the mark in place of each secret."""
    plain, places = _spelled_out(text)
    cuts = [_Cut(one.start, one.end, one.kind) for one in find_secrets(text, kinds)]
    if plain != text:
        cuts += [_Cut(places[one.start], places[one.end], one.kind) for one in find_secrets(plain, kinds)]
    for cut in reversed(_merged(cuts)):
        text = text[: cut.start] + MARK + text[cut.end :]
    return text


def _spelled_out(text: str) -> tuple[str, list[int]]:
    """Return an address as a person would read it, and where in it each character began; its end is the last place.

    Only what ASCII hides behind percent signs and plus signs: that is what secrets are made of.
    """
    if "://" not in text:
        return text, []
    parts = [(_meant(match[0]), match.start()) for match in _ADDRESS_PART.finditer(text)]
    return "".join(part for part, _ in parts), [*(place for _, place in parts), len(text)]


def _meant(part: str) -> str:
    if len(part) == 1:
        return " " if part == "+" else part
    return chr(int(part[1:], 16))


def _found(lines: Sequence[Line], kinds: Collection[str]) -> list[list[_Cut]]:
    """Return of each line what belongs to a secret, without the white space at its ends."""
    text = "\n".join(line.text for line in lines)
    starts = [0, *accumulate(len(line.text) + 1 for line in lines)]
    cuts: list[list[_Cut]] = [[] for _ in lines]
    for secret in find_secrets(text, kinds):
        for number in range(bisect_right(starts, secret.start) - 1, len(lines)):
            if starts[number] >= secret.end:
                break
            line = lines[number].text
            start, end = max(secret.start - starts[number], 0), min(secret.end - starts[number], len(line))
            part = line[start:end]
            if part.strip():
                start, end = start + len(part) - len(part.lstrip()), end - len(part) + len(part.rstrip())
                cuts[number].append(_Cut(start, end, secret.kind))
    return cuts


def _below(line: Line, boxes: Iterable[HiddenBox], found: Sequence[_Cut]) -> list[_Cut]:
    """Return the stretches of a line that lie below hidden boxes; a line without words goes as a whole.

    A word in which that very kind was found again keeps what stands beside the secret.
    """
    cuts = []
    for one in boxes:
        if not line.text.strip() or not one.box.intersects(line.box):
            continue
        spans = _word_spans(line)
        if spans is None:
            below = [(0, len(line.text))] if _covers(one.box, line.box) else []
        else:
            pairs = zip(line.words, spans, strict=True)
            known = [cut for cut in found if cut.kind == one.kind]
            below = [span for word, span in pairs if _covers(one.box, word.box) and not _touched(span, known)]
        if below:
            cuts.append(_Cut(below[0][0], below[-1][1], one.kind))
    return cuts


def _merged(cuts: Iterable[_Cut]) -> list[_Cut]:
    """Return cuts in order, those that overlap as one."""
    merged: list[_Cut] = []
    for cut in sorted(cuts, key=lambda cut: (cut.start, -cut.end)):
        if merged and cut.start < merged[-1].end:
            merged[-1] = replace(merged[-1], end=max(merged[-1].end, cut.end))
        else:
            merged.append(cut)
    return merged


def _without(line: Line, cuts: Sequence[_Cut]) -> tuple[Line, list[HiddenBox]]:
    """Return a line with a mark in place of each cut, and the boxes of what was cut; the words touched become one."""
    text = line.text
    for cut in reversed(cuts):
        text = text[: cut.start] + MARK + text[cut.end :]
    spans = _word_spans(line)
    groups = None if spans is None else _groups(spans, cuts)
    if spans is None or groups is None:
        return replace(line, text=text, words=()), [HiddenBox(line.box, cuts[0].kind)]
    words, hidden, place = list[Word](), list[HiddenBox](), 0
    for first, last, own in groups:
        words += line.words[place:first]
        box = reduce(Box.union, (word.box for word in line.words[first : last + 1]))
        start, end = min(spans[first][0], own[0].start), max(spans[last][1], own[-1].end)
        words.append(Word(_marked(line.text, start, end, own), box))
        hidden.append(HiddenBox(box, own[0].kind))
        place = last + 1
    return replace(line, text=text, words=(*words, *line.words[place:])), hidden


def _marked(text: str, start: int, end: int, cuts: Sequence[_Cut]) -> str:
    """Return what stands of a stretch of a line's text when all cuts in it are made."""
    pieces, at = [], start
    for cut in cuts:
        pieces += [text[at : cut.start], MARK]
        at = cut.end
    return "".join((*pieces, text[at:end]))


def _groups(spans: Sequence[tuple[int, int]], cuts: Sequence[_Cut]) -> list[tuple[int, int, list[_Cut]]] | None:
    """Return the first and the last word that cuts touch, with these cuts; None when one touches no word."""
    groups: list[tuple[int, int, list[_Cut]]] = []
    for cut in cuts:
        touched = [number for number, span in enumerate(spans) if _touched(span, [cut])]
        if not touched:
            return None
        if groups and groups[-1][1] >= touched[0]:
            first, last, own = groups.pop()
            groups.append((first, max(last, touched[-1]), [*own, cut]))
        else:
            groups.append((touched[0], touched[-1], [cut]))
    return groups


def _touched(span: tuple[int, int], cuts: Iterable[_Cut]) -> bool:
    return any(span[0] < cut.end and cut.start < span[1] for cut in cuts)


def _word_spans(line: Line) -> list[tuple[int, int]] | None:
    """Return where the words stand in a line's text; None when it has none, or they are not all its text."""
    spans, at = [], 0
    for word in line.words:
        start = line.text.find(word.text, at)
        if start < 0 or not word.text or line.text[at:start].strip():
            return None
        at = start + len(word.text)
        spans.append((start, at))
    return None if not spans or line.text[at:].strip() else spans


def _covers(hidden: Box, box: Box) -> bool:
    """Tell whether two boxes lie on each other by half of the smaller one."""
    width = min(hidden.x1, box.x1) - max(hidden.x0, box.x0)
    height = min(hidden.y1, box.y1) - max(hidden.y0, box.y0)
    smaller = min(hidden.width * hidden.height, box.width * box.height)
    return width > 0 and height > 0 and width * height >= COVERED_SHARE * smaller


def holds(box: Box, other: Box) -> bool:
    """Tell whether painting a box over covers another one as well."""
    return (
        box.x0 - MARGIN_PX <= other.x0
        and box.y0 - MARGIN_PX <= other.y0
        and other.x1 <= box.x1 + MARGIN_PX
        and other.y1 <= box.y1 + MARGIN_PX
    )
