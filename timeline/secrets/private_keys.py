"""Blocks of private keys: PEM, OpenSSH, PGP, PuTTY, age; whole, cut off by the window's edge, or on one line.

Owns how the lines of such a block are told from others.  A BEGIN without any line of a key after it is a manual or a
search for keys, not a key.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from timeline.secrets.randomness import is_various
from timeline.secrets.rule import Rule, Span, anchored
from timeline.secrets.screen import Screen
from timeline.secrets.tokens import prefixed

_LONGEST = 16_000  # characters: an RSA key of 8192 bits has 6,400, a PGP block somewhat more
_LINES = 300
_DASHES = r"(?:[-–—_][ ]?){1,8}"  # five; an engine reads them as one, two or apart
_BEGIN = re.compile(rf"{_DASHES}BEGIN[A-Z0-9 ]{{0,24}}$", re.IGNORECASE)
_END = re.compile(rf"{_DASHES}END[A-Z0-9 ]{{0,24}}$", re.IGNORECASE)
_REST = re.compile(rf"(?:[ ]?BLOCK)?[ ]?{_DASHES}", re.IGNORECASE)
_END_LINE = re.compile(rf"{_DASHES}END[A-Z0-9 ]{{0,24}}PR[I1l|]VATE[ ]?KEY(?:[ ]?BLOCK)?[ ]?[-–—_]*", re.IGNORECASE)
_NUMBERED = r"[ ]{0,12}(?:[0-9]{1,4}[ |:.]{1,3})?[\"'+>]{0,2}[ ]{0,4}"  # an editor's line number, a diff's plus
_MISREAD = r"(?=[^\n]{48})(?:[A-Za-z0-9+/ ]{6,}[^\sA-Za-z0-9+/=]){1,6}[A-Za-z0-9+/ ]{0,60}"  # × for x ...
_KEY_LINE = re.compile(
    rf"{_NUMBERED}(?:[A-Za-z0-9+/]{{20,}}|[A-Za-z0-9+/ ]{{40,}}|{_MISREAD})={{0,2}}[\\n\"', ]{{0,6}}"
)
_LAST_LINE = re.compile(rf"{_NUMBERED}(?:[A-Za-z0-9+/]{{2,}}={{1,2}}|=[A-Za-z0-9+/]{{4}})[\\n\"', ]{{0,6}}")
_SHORT_LINE = re.compile(rf"{_NUMBERED}=?[A-Za-z0-9+/]{{2,}}={{0,2}}[\\n\"', ]{{0,6}}")
_SHORT_ROWS = 2  # above its END: a short last line, and a checksum in PGP
_HEADER = re.compile(rf"{_NUMBERED}(?:(?:Proc-Type|DEK-Info|Version|Comment|Hash|Charset): .{{0,80}})?\s{{0,4}}")
_INLINE = re.compile(r"(?:\\n|[ ]){0,3}(?:[A-Za-z0-9+/]{40,}(?:\\n|[ ])?){1,300}[A-Za-z0-9+/]{0,80}={0,2}")
_PUTTY_COUNT = re.compile(r"[ ]?([0-9]{1,3})[^\n]{0,4}\n")


def _block(screen: Screen, at: int, after: int) -> Iterable[Span]:
    text = screen.text
    line = max(text.rfind("\n", max(at - 60, 0), at) + 1, at - 60, 0)
    rest = _REST.match(text, after)
    if rest is None:
        return ()
    begin = _BEGIN.search(text[line:at])
    if begin is not None:
        return _from_begin(text, line + begin.start(), rest.end())
    end = _END.search(text[line:at])
    return () if end is None else _up_to_end(text, line + end.start(), rest.end())


def _from_begin(text: str, start: int, body: int) -> Iterable[Span]:
    """Return the block from its BEGIN to its END, or to the last line of a key when its END is not there."""
    lines_end = _lines_after(text, body)
    inline = _INLINE.match(text, body, body + _LONGEST)
    body_end = max(lines_end, inline.end() if inline else body)
    if body_end == body:
        return ()
    end = _END_LINE.search(text, body_end, body_end + 120)
    return ((start, end.end() if end else body_end),)


def _lines_after(text: str, body: int) -> int:
    """Return where the last line of a key after a place ends, the place itself when there is none."""
    at, last = text.find("\n", body, body + 8) + 1, body
    for _ in range(_LINES):
        if at <= 0 or at >= len(text):
            break
        end = _line_end(text, at)
        if _KEY_LINE.fullmatch(text, at, end) or (last > body and _LAST_LINE.fullmatch(text, at, end)):
            last = end
        elif not _HEADER.fullmatch(text, at, end):
            break
        at = end + 1
    return last


def _up_to_end(text: str, end_line: int, after: int) -> Iterable[Span]:
    """Return the lines of a key before its END whose BEGIN is scrolled away."""
    start = first = text.rfind("\n", max(end_line - 200, 0), end_line) + 1
    for row in range(_LINES):
        above = text.rfind("\n", max(start - 200, 0), start - 1) + 1 if start > 0 else 0
        if start <= 0 or (above == 0 and start > 200):
            break
        short = row < _SHORT_ROWS and _SHORT_LINE.fullmatch(text, above, start - 1)
        if not (short or _KEY_LINE.fullmatch(text, above, start - 1)):
            break
        start = above
    keys = any(_KEY_LINE.fullmatch(line) for line in text[start:first].split("\n"))
    return ((start, after),) if keys else ()


def _putty(screen: Screen, _at: int, after: int) -> Iterable[Span]:
    count = _PUTTY_COUNT.match(screen.text, after)
    if count is None:
        return ()
    at = last = count.end()
    for _ in range(int(count[1])):
        end = _line_end(screen.text, at)
        if not (_KEY_LINE.fullmatch(screen.text, at, end) or _LAST_LINE.fullmatch(screen.text, at, end)):
            break
        at, last = end + 1, end
    return ((count.end(), last),) if last > count.end() else ()


def _line_end(text: str, at: int) -> int:
    end = text.find("\n", at, at + _LONGEST)
    return end if end >= 0 else min(len(text), at + _LONGEST)


RULES = (
    Rule("private-key", anchored(_block, "PRIVATE KEY", "PRIVATEKEY")),
    Rule("private-key", anchored(_putty, "Private-Lines:")),
    Rule("private-key", prefixed("AGE-SECRET-KEY-1", body="[A-Z0-9]", length=58, least=50, looks=is_various)),
)
