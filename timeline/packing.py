"""Lines of text as rows, and back: the compact form of word boxes and of lists of ids.

Owns the two binary forms in timeline.db; docs/on-disk-format.md describes them.
"""

from __future__ import annotations

import struct
from array import array
from collections.abc import Sequence

from timeline.database import Row
from timeline.model import Box, Line, Word

# A word in a line: where its text begins and ends in the line's text, and its box.  16 bits hold any screen.
_WORD = struct.Struct("<6H")
_MOST = 0xFFFF


def pack_words(line: Line) -> bytes:
    """Return the words of a line as 12 bytes each; a word whose text does not stand in the line is left out."""
    packed = bytearray()
    cursor = 0
    for word in line.words:
        start = line.text.find(word.text, cursor)
        if start < 0:
            continue
        cursor = start + len(word.text)
        box = word.box
        packed += _WORD.pack(*(min(max(n, 0), _MOST) for n in (start, cursor, box.x0, box.y0, box.x1, box.y1)))
    return bytes(packed)


def unpack_words(text: str, packed: bytes) -> tuple[Word, ...]:
    """Return the words of a line whose text is `text`."""
    return tuple(Word(text[start:end], Box(*box)) for start, end, *box in _WORD.iter_unpack(packed))


def pack_ids(ids: Sequence[int]) -> bytes:
    """Return ids as little-endian 64-bit integers."""
    return array("q", ids).tobytes()


def unpack_ids(packed: bytes) -> list[int]:
    """Return the ids of pack_ids."""
    ids = array("q")
    ids.frombytes(packed)
    return ids.tolist()


LINE_COLUMNS = "id, text, x0, y0, x1, y1, confidence, words"


def line_of(row: Row) -> Line:
    """Return the line of a row of LINE_COLUMNS."""
    _, text, x0, y0, x1, y1, confidence, words = row
    return Line(text, Box(x0, y0, x1, y1), confidence, unpack_words(text, words))
