"""Words out of text: the borders between scripts, and what the ink says of spaces, underscores and bars."""

from __future__ import annotations

import numpy as np
import pytest

from ocr.glyphs import Cell, Glyph, cells, glyphs_of, pitch_of
from ocr.ink import Mask, Run, gaps, ink_mask, low_strokes
from ocr.lookalikes import letters_for_zeros, mend_bars, mend_case, paired_quotes
from ocr.pitch import mend_even_spaces
from ocr.script import word_spans
from ocr.spaces import mend_spaces, mend_underscores


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("two words", ["two", "words"]),
        ("你好，世界。", ["你好，世界。"]),
        ("使用“ls -l”列出", ["使用", "“ls", "-l”", "列出"]),
        ("来自4.4BSD-Lite的工具", ["来自", "4.4BSD-Lite", "的工具"]),
        ("ﾃｽﾄ テスト test", ["ﾃｽﾄ", "テスト", "test"]),
        ("", []),
    ],
)
def test_text_falls_into_words(text: str, words: list[str]) -> None:
    """Words end at white space and between Chinese and Latin; punctuation stays where it touches."""
    assert [text[start:end] for start, end in word_spans(text)] == words


def test_glyphs_remember_the_spaces_before_them() -> None:
    """White space has no centre of its own."""
    assert glyphs_of("a b", [4.0, 14.0]) == [Glyph("a", 4.0), Glyph("b", 14.0, spaced=True)]


def test_a_wide_gap_is_a_space_again() -> None:
    """Two words read as one are parted where the ink is."""
    assert _mended("abcd", [0, 10, 30, 40]) == "ab cd"


def test_a_space_without_a_gap_is_none() -> None:
    """A space read into a word goes, where the line's other spaces are wider."""
    assert _mended("ab cd e fg", [0, 10, 30, 40, 50, 70, 80]) == "ab cde fg"


def test_gaps_of_two_pixels_are_no_lost_spaces() -> None:
    """In small print letters stand up to two pixels apart, which is most of a narrow pitch."""
    mask = np.zeros((12, 20), np.bool_)
    starts = (0, 3, 5, 7, 12, 15)
    mask[2:10, starts] = True
    glyphs = glyphs_of("fire fi", [start + 0.5 for start in starts])
    assert _text(mend_spaces(glyphs, mask)) == "fire fi"


def test_a_space_inside_chinese_goes() -> None:
    """Between two Chinese characters only a gap as wide as a character is a space."""
    assert _mended("你 好", [0, 10]) == "你好"


def test_a_wide_gap_between_chinese_stays() -> None:
    """Two cells of a table are not run together."""
    assert _mended("你 好", [0, 50]) == "你 好"


def test_a_stroke_below_the_baseline_is_an_underscore() -> None:
    """A space over such a stroke was an underscore."""
    glyphs = glyphs_of("ab cd", [4.0, 14.0, 34.0, 44.0])
    assert _text(mend_underscores(glyphs, [Run(20, 29)], 24)) == "ab_cd"


def test_a_stroke_of_two_widths_is_two_underscores() -> None:
    """One underscore read under a stroke of two is doubled."""
    glyphs = glyphs_of("_abc", [10.0, 24.0, 34.0, 44.0])
    assert _text(mend_underscores(glyphs, [Run(0, 19)], 24)) == "__abc"


def test_the_stroke_of_an_underscore_is_found() -> None:
    """A thin stroke below the letters is one, a full stop on the baseline is none."""
    mask = _ink([0, 10, 30])
    mask[20:22, 20:28] = True
    mask[14:16, 40:42] = True
    assert low_strokes(mask) == [Run(20, 28)]


def test_an_underline_is_no_ink() -> None:
    """The underline of a link does not bridge the gap between its words."""
    crop = np.full((24, 60, 3), 255, np.uint8)
    crop[_ink([0, 10, 30, 40], width=60)] = 0
    crop[18:20, 0:48] = 0
    assert Run(18, 30) in gaps(ink_mask(crop))


def test_a_frame_is_no_ink() -> None:
    """A border that crosses the crop is not part of a word."""
    crop = np.full((24, 60, 3), 255, np.uint8)
    crop[:, 30] = 0
    crop[4:16, 40:48] = 0
    assert not ink_mask(crop)[:, :40].any()


def test_a_plain_bar_read_as_one_is_a_letter() -> None:
    """A one has a flag; the bar beside a colon is an I."""
    mask = np.zeros((24, 40), np.bool_)
    mask[4:16, 4:6] = True
    mask[4:16, 20:28] = True
    glyphs = [Glyph("1", 5.0), Glyph("8", 24.0)]
    assert _text(mend_bars(glyphs, [Run(0, 12), Run(16, 32)], mask)) == "I8"


def test_a_one_with_a_flag_stays() -> None:
    """Ink wider than a bar is left as it was read."""
    mask = np.zeros((24, 40), np.bool_)
    mask[4:16, 6:8] = True
    mask[6, 3:6] = True
    assert _text(mend_bars([Glyph("1", 7.0)], [Run(0, 12)], mask)) == "1"


def test_an_l_with_a_level_flag_is_no_one() -> None:
    """In even type an l has a foot like a one, but its flag is level and shorter than the foot."""
    glyphs = [Glyph("1", 7.0), Glyph("s", 20.0)]
    assert _text(mend_bars(glyphs, [Run(0, 12), Run(12, 28)], _slab_l())) == "ls"


def test_a_one_beside_a_digit_stays() -> None:
    """Digits of some fonts have level flags too: what a number stands beside is a number."""
    glyphs = [Glyph("1", 7.0), Glyph("8", 20.0)]
    assert _text(mend_bars(glyphs, [Run(0, 12), Run(12, 28)], _slab_l())) == "18"


@pytest.mark.parametrize(
    ("read", "tops", "meant"),
    [
        ("oSError", [4, 4, 4, 7, 7, 7, 7], "OSError"),
        ("nOne", [7, 7, 7, 7], "none"),
        ("b0x", [4, 7, 7], "box"),
        ("b05", [4, 4, 4], "b05"),
        ("cow", [7, 7, 7], "cow"),
    ],
)
def test_height_tells_capitals(read: str, tops: list[int], meant: str) -> None:
    """A letter that differs from its capital in size only has the size that its neighbours show."""
    mask = np.zeros((24, 10 * len(read)), np.bool_)
    for place, top in enumerate(tops):
        mask[top:16, 10 * place + 1 : 10 * place + 9] = True
    glyphs = [Glyph(letter, 10 * place + 5.0) for place, letter in enumerate(read)]
    assert _text(mend_case(glyphs, cells(glyphs, mask), mask)) == meant


def test_case_stays_where_the_ink_tells_no_glyphs() -> None:
    """Glyphs that touch have no box of their own."""
    mask = np.zeros((24, 40), np.bool_)
    mask[4:16, 1:39] = True
    glyphs = [Glyph(letter, 10 * place + 5.0) for place, letter in enumerate("To")]
    assert _text(mend_case(glyphs, cells(glyphs, mask), mask)) == "To"


def test_even_type_has_a_cell_for_each_space() -> None:
    """A space read beside a hyphen or a full stop of a command goes when there is no room for it."""
    glyphs, found = _even("--all-lines. x", spaced={1})
    assert _text(mend_even_spaces(glyphs, found)) == "--all-lines. x"


def test_uneven_type_keeps_its_spaces() -> None:
    """In prose an l stands nearer to its neighbours, and spaces are narrow."""
    glyphs = glyphs_of("will all", [5.0, 12.0, 16.0, 20.0, 27.0, 33.0, 37.0])
    found = [Cell(Run(round(glyph.centre) - 1, round(glyph.centre) + 1), exact=True) for glyph in glyphs]
    assert _text(mend_even_spaces(glyphs, found)) == "will all"


def test_a_double_quote_has_two_stretches_of_ink() -> None:
    """Its glyph's cell holds both strokes, and those beside it keep theirs."""
    mask = np.zeros((24, 40), np.bool_)
    for start, end in ((2, 4), (6, 8), (11, 19), (21, 29)):
        mask[4:16, start:end] = True
    found = cells(glyphs_of('"ab', [5.0, 15.0, 25.0]), mask)
    assert found == [Cell(Run(2, 8), exact=True), Cell(Run(11, 19), exact=True), Cell(Run(21, 29), exact=True)]


@pytest.mark.parametrize(
    ("read", "meant"),
    [
        ('a “b" c', "a “b” c"),
        ('a "b” c', "a “b” c"),
        ('say "b" c', 'say "b" c'),
        ('b” and "c"', 'b” and "c"'),
        ('“a” 5" wide', '“a” 5" wide'),
    ],
)
def test_a_typographic_quote_has_its_other_half(read: str, meant: str) -> None:
    """One half read as typographic tells the other; straight pairs and lone quotes stay."""
    assert paired_quotes(read) == meant


@pytest.mark.parametrize(
    ("read", "meant"),
    [("ZERO_0R_MORE", "ZERO_OR_MORE"), ("J0IN", "JOIN"), ("0xA0B1", "0xA0B1"), ("H2O 100", "H2O 100"), ("A0", "A0")],
)
def test_a_lone_zero_among_capitals_is_a_letter(read: str, meant: str) -> None:
    """Numbers and mixed codes are left alone."""
    assert letters_for_zeros(read) == meant


def _ink(starts: list[int], width: int = 120) -> Mask:
    """Return a line of 24 rows with a letter of 8 columns at each start."""
    mask = np.zeros((24, width), np.bool_)
    for start in starts:
        mask[4:16, start : start + 8] = True
    return mask


def _mended(text: str, starts: list[int]) -> str:
    return _text(mend_spaces(glyphs_of(text, [start + 4.0 for start in starts]), _ink(starts)))


def _text(glyphs: list[Glyph]) -> str:
    return "".join(f" {glyph.text}" if glyph.spaced else glyph.text for glyph in glyphs)


def _slab_l() -> Mask:
    """Return an l of even type, its flag shorter than its foot, and a letter beside it."""
    mask = np.zeros((24, 30), np.bool_)
    mask[4:16, 6:8] = True
    mask[4, 3:8] = True
    mask[15, 2:12] = True
    mask[7:16, 14:24] = True
    return mask


def _even(text: str, spaced: set[int]) -> tuple[list[Glyph], list[Cell]]:
    """Return the glyphs of a text in cells of ten columns, with spaces read before some that have none besides."""
    glyphs, found = [], []
    space = False
    for place, letter in enumerate(text):
        if letter != " ":
            glyphs.append(Glyph(letter, 10 * place + 5.0, space or len(glyphs) in spaced))
            found.append(Cell(Run(10 * place + 2, 10 * place + 8), exact=True))
        space = letter == " "
    return glyphs, found


def test_slim_glyphs_of_a_short_word_make_the_pitch_no_narrower() -> None:
    """In "shell" between Chinese words, two l that stand apart are no two words."""
    word = [Glyph(letter, centre) for letter, centre in zip("shell", (10.0, 21.0, 31.0, 34.0, 44.0), strict=True)]
    assert pitch_of(word, 21) == 10.0
