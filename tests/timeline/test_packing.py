"""Words, ids and confidences in few bytes, and back."""

from __future__ import annotations

import random

import pytest

from tests.support.stores import line
from timeline.errors import StoreUnusable
from timeline.model import Box, Line, Word
from timeline.packing import (
    pack_confidence,
    pack_ids,
    pack_ids_wide,
    pack_words,
    pack_words_wide,
    unpack_confidence,
    unpack_ids,
    unpack_words,
)

SENTENCE = line("What stands here was read by an engine, word for word, and is kept with its boxes")
TEXTS = [
    "one",
    "plain English words",
    "  spaces  before,  between and after ",
    "部署到staging 服务器",
    "tab\tand\u3000wide space",
    "party 🎉 popper",
    "x" * 3000,
    "words " * 700,
]


def scattered(seed: int) -> Line:
    """Return a line whose words stand anywhere: above it, left of each other, on another screen."""
    chance = random.Random(seed)
    text = "".join(chance.choice("ab 漢 ") for _ in range(chance.randrange(1, 60)))
    words = []
    for piece in text.split():
        x0, y0 = chance.randrange(70_000), chance.randrange(-50, 4000)
        words.append(Word(piece, Box(x0, y0, x0 + chance.randrange(-20, 3000), y0 + chance.randrange(100))))
    x, y = chance.randrange(7000), chance.randrange(4000)
    return Line(text, Box(x, y, x + chance.randrange(2000), y + chance.randrange(60)), 1.0, tuple(words))


@pytest.mark.parametrize("text", TEXTS)
def test_words_come_back_as_they_were_read(text: str) -> None:
    """Text and box of each."""
    one = line(text)
    assert unpack_words(one.text, one.box, pack_words(one)) == one.words


def test_words_come_back_as_the_wide_form_gives_them() -> None:
    """However an engine places them; 16 bits a number were kept, and are."""
    scattered_lines = [scattered(seed) for seed in range(500)]
    wide = [unpack_words(one.text, one.box, pack_words_wide(one)) for one in scattered_lines]
    assert [unpack_words(one.text, one.box, pack_words(one)) for one in scattered_lines] == wide


def test_packed_words_are_told_from_wide_ones() -> None:
    """Those are 12 bytes each."""
    lengths = {len(pack_words(one)) for one in map(scattered, range(500)) if one.words}
    assert len(lengths) > 12
    assert [length for length in lengths if length % 12 == 0] == []


def test_a_word_takes_three_bytes() -> None:
    """One, for all of them, says that they stand between spaces."""
    assert len(pack_words(SENTENCE)) == 1 + 3 * len(SENTENCE.words)


def test_a_line_of_one_word_takes_one_byte() -> None:
    """Its box is the line's."""
    assert len(pack_words(line("one"))) == 1


IDS = [
    [],
    [1],
    [7, 8, 9, 4, 3, 1000, 1001],
    [0, -1, 2**62, -(2**62)],
    [5, 5, 5],
    list(range(10**6, 10**6 + 90)),
    list(range(1, 8)),
]


@pytest.mark.parametrize("ids", IDS)
def test_ids_keep_their_order(ids: list[int]) -> None:
    """In both forms."""
    assert unpack_ids(pack_ids(ids)) == ids
    assert unpack_ids(pack_ids_wide(ids)) == ids


def test_packed_ids_are_told_from_wide_ones() -> None:
    """Those are 8 bytes each."""
    assert [length for length in range(1, 40) if len(pack_ids(range(length))) % 8 == 0] == []


def test_ids_in_a_row_take_a_byte_each() -> None:
    """And their number one, the first as many as it needs."""
    assert len(pack_ids(range(50_000, 50_100))) == 1 + 3 + 99


def test_a_confidence_comes_back() -> None:
    """To the thousandth, also from where it was stored as it is; never as minus zero."""
    confidences = [thousandths / 1000 for thousandths in range(1001)]
    assert list(map(str, confidences)) == [str(unpack_confidence(float(pack_confidence(one)))) for one in confidences]
    assert list(map(str, confidences)) == [str(unpack_confidence(one)) for one in confidences]


def damages(packed: bytes) -> list[bytes]:
    """Return bytes cut, lengthened, and full of what promises more."""
    return [packed[:-2], packed + b"\1\1", b"\xff" * len(packed), b"\x7f" + packed[1:], b"\xff\xff\xff\x7f\1\1\1"]


@pytest.mark.parametrize("packed", damages(pack_words(SENTENCE)))
def test_damaged_words_are_told(packed: bytes) -> None:
    """Nothing is made up for them."""
    with pytest.raises(StoreUnusable, match=r"^Text in timeline\.db is damaged"):
        unpack_words(SENTENCE.text, SENTENCE.box, packed)


@pytest.mark.parametrize("packed", damages(pack_ids([*range(900, 940), 3])))
def test_damaged_ids_are_told(packed: bytes) -> None:
    """No other lines take the place of the right ones."""
    with pytest.raises(StoreUnusable, match=r"^Text in timeline\.db is damaged"):
        unpack_ids(packed)
