"""Lines of text as rows, and back: the compact form of word boxes, of lists of ids and of confidences.

Owns the binary forms in timeline.db; docs/on-disk-format.md describes them.  The forms that stores of schema 2 hold are
still read: their lengths are multiples of 12 and of 8 bytes, which those of the forms that are written never are.
"""

from __future__ import annotations

import struct
from array import array
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain

from timeline.database import Row
from timeline.errors import StoreUnusable
from timeline.model import Box, Line, Word

# Of schema 2: where a word's text begins and ends in the line's text, and its box, 16 bits each.
_WIDE_WORD = struct.Struct("<6H")
_MOST = 0xFFFF
_WIDE_ID_BYTES = 8
_WHOLE_LINE = b"\0"  # the line is one word, of its text and box
_HIGH = 15  # px: a word that begins this far below its line's top, or ends so far above its bottom, says so at length
_AT_LENGTH = _HIGH * 16
_LONGEST_SHIFT = 63  # bits: no number of ours is longer
_THOUSAND = 1000

_Place = tuple[int, int, int, int, int, int]
"""Start and end in the line's text, then x0, y0, x1, y1."""


def pack_words(line: Line) -> bytes:
    """Return the words of a line in some three bytes each; one whose text does not stand in the line is left out."""
    places = list(_places(line))
    if not places:
        return b""
    box = line.box
    if places == [(0, len(line.text), box.x0, box.y0, box.x1, box.y1)]:
        return _WHOLE_LINE
    as_spaced = [place[:2] for place in places] == _spaced(line.text)
    texts = () if as_spaced else _gaps(place[:2] for place in places)
    return _padded(_numbers_packed([len(places) * 2 + as_spaced, *texts, *_boxes_as_numbers(line, places)]), 12)


def unpack_words(text: str, box: Box, packed: bytes) -> tuple[Word, ...]:
    """Return the words of a line of this text and box.  Raises StoreUnusable when that cannot be what was packed."""
    if len(packed) % _WIDE_WORD.size == 0:
        return tuple(Word(text[start:end], Box(*rest)) for start, end, *rest in _WIDE_WORD.iter_unpack(packed))
    if packed == _WHOLE_LINE:
        return (Word(text, box),)
    numbers = _unpacked_numbers(packed)
    count, as_spaced = divmod(numbers[0], 2)
    if count > len(numbers):
        raise _damaged()
    left = iter(numbers[1:])
    try:
        texts = _spaced(text) if as_spaced else _ungapped(left, count)
        if len(texts) != count:
            raise _damaged()
        words = tuple(_words(text, box, texts, left))
    except StopIteration as error:
        raise _damaged() from error
    _expect_end(left, packed, 12)
    return words


def pack_ids(ids: Sequence[int]) -> bytes:
    """Return ids as their number and the way from each to the next, mostly a byte each."""
    if not ids:
        return b""
    steps = (_zigzag(one - before) for before, one in zip(chain((0,), ids), ids, strict=False))
    return _padded(_numbers_packed([len(ids), *steps]), _WIDE_ID_BYTES)


def unpack_ids(packed: bytes) -> list[int]:
    """Return the ids of pack_ids.  Raises StoreUnusable when these bytes cannot come from there."""
    if len(packed) % _WIDE_ID_BYTES == 0:
        wide = array("q")
        wide.frombytes(packed)
        return wide.tolist()
    numbers = _unpacked_numbers(packed)
    count = numbers[0]
    if count >= len(numbers):
        raise _damaged()
    _expect_end(iter(numbers[1 + count :]), packed, _WIDE_ID_BYTES)
    ids, last = [], 0
    for step in numbers[1 : 1 + count]:
        last += _unzigzag(step)
        ids.append(last)
    return ids


def pack_confidence(confidence: float) -> int:
    """Return a confidence as thousandths below zero: two bytes in a row, where 0 to 1 takes eight."""
    return -round(round(confidence, 3) * _THOUSAND)


def unpack_confidence(stored: float) -> float:
    """Return a confidence of pack_confidence, or one of schema 2, which is 0 to 1."""
    return stored if stored > 0 else abs(stored) / _THOUSAND


def pack_words_wide(line: Line) -> bytes:
    """Return the words of a line as schema 2 has them, 12 bytes each."""
    return b"".join(_WIDE_WORD.pack(*place) for place in _places(line))


def pack_ids_wide(ids: Sequence[int]) -> bytes:
    """Return ids as schema 2 has them, little-endian 64-bit integers."""
    return array("q", ids).tobytes()


LINE_COLUMNS = "id, text, x0, y0, x1, y1, confidence, words"


def line_of(row: Row) -> Line:
    """Return the line of a row of LINE_COLUMNS."""
    _, text, x0, y0, x1, y1, confidence, words = row
    box = Box(x0, y0, x1, y1)
    return Line(text, box, unpack_confidence(confidence), unpack_words(text, box, words))


def _places(line: Line) -> Iterator[_Place]:
    """Yield where the words of a line stand; one whose text does not stand in it is left out."""
    cursor = 0
    for word in line.words:
        start = line.text.find(word.text, cursor)
        if start < 0:
            continue
        cursor = start + len(word.text)
        box = word.box
        first, end, x0, y0, x1, y1 = (
            min(max(n, 0), _MOST) for n in (start, cursor, box.x0, box.y0, box.x1, box.y1)
        )  # fmt: skip
        yield first, end, x0, y0, x1, y1


def _spaced(text: str) -> list[tuple[int, int]]:
    """Return where the pieces between the spaces of a text begin and end: most often these are its words."""
    found, cursor = [], 0
    for piece in text.split(" "):
        end = cursor + len(piece)
        if piece:
            found.append((cursor, end))
        cursor = end + 1
    return found


def _gaps(texts: Iterable[tuple[int, int]]) -> Iterator[int]:
    cursor = 0
    for start, end in texts:
        yield start - cursor
        yield end - start
        cursor = end


def _ungapped(numbers: Iterator[int], count: int) -> list[tuple[int, int]]:
    texts, cursor = [], 0
    for _ in range(count):
        start = cursor + next(numbers)
        cursor = start + next(numbers)
        texts.append((start, cursor))
    return texts


def _boxes_as_numbers(line: Line, places: Sequence[_Place]) -> Iterator[int]:
    """Yield of each word how far it begins and ends from where an even width of characters puts it, and its height."""
    box, length = line.box, max(1, len(line.text))
    cursor, x = 0, box.x0
    for start, end, x0, y0, x1, y1 in places:
        yield _zigzag(x0 - x - box.width * (start - cursor) // length)
        yield _zigzag(x1 - x0 - box.width * (end - start) // length)
        cursor, x = end, x1
        top, bottom = y0 - box.y0, box.y1 - y1
        if 0 <= top < _HIGH and 0 <= bottom < _HIGH:
            yield top * 16 + bottom
        else:
            yield from (_AT_LENGTH, _zigzag(top), _zigzag(bottom))


def _words(text: str, box: Box, texts: Sequence[tuple[int, int]], numbers: Iterator[int]) -> list[Word]:
    """Undo _boxes_as_numbers."""
    words: list[Word] = []
    width, length = box.width, max(1, len(text))
    cursor, x = 0, box.x0
    top_px, bottom_px = box.y0, box.y1
    for start, end in texts:
        left, wide, high = next(numbers), next(numbers), next(numbers)
        x0 = x + width * (start - cursor) // length + _unzigzag(left)
        x = x0 + width * (end - start) // length + _unzigzag(wide)
        cursor = end
        if high < _AT_LENGTH:
            top, bottom = high >> 4, high & 15
        else:
            top, bottom = _unzigzag(next(numbers)), _unzigzag(next(numbers))
        words.append(Word(text[start:end], Box(x0, top_px + top, x, bottom_px - bottom)))
    return words


def _zigzag(number: int) -> int:
    """Return a number as one that is not negative; small ones stay small."""
    return number << 1 if number >= 0 else (-number << 1) - 1


def _unzigzag(number: int) -> int:
    return (number >> 1) ^ -(number & 1)


def _numbers_packed(numbers: Iterable[int]) -> bytes:
    """Return numbers in seven bits a byte, the lowest first; the eighth says that more follow (LEB128)."""
    packed = bytearray()
    for number in numbers:
        while number > 0x7F:
            packed.append(number & 0x7F | 0x80)
            number >>= 7
        packed.append(number)
    return bytes(packed)


def _unpacked_numbers(packed: bytes) -> list[int]:
    if packed.isascii():  # every byte is a number
        return list(packed)
    numbers, number, shift = [], 0, 0
    for byte in packed:
        number |= (byte & 0x7F) << shift
        if byte < 0x80:
            numbers.append(number)
            number = shift = 0
        elif (shift := shift + 7) > _LONGEST_SHIFT:
            raise _damaged()
    if shift:
        raise _damaged()
    return numbers


def _padded(packed: bytes, wide: int) -> bytes:
    """Return bytes whose number is no multiple of the old form's: a zero is put to their end where it would be."""
    return packed if len(packed) % wide else packed + b"\0"


def _expect_end(left: Iterator[int], packed: bytes, wide: int) -> None:
    rest = list(left)
    if rest and (rest != [0] or len(packed) % wide != 1):
        raise _damaged()


def _damaged() -> StoreUnusable:
    return StoreUnusable("Text in timeline.db is damaged: restore the file from a backup.")
