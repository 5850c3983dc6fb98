"""Marks on text, and text that is safe to show."""

from __future__ import annotations

from timeline.model import Box, Line
from tui.literal import literal, literal_lines
from tui.marks import Marks, marked_text, snippet_content, words_of_snippet


def lines(*texts: str, step_px: int = 14) -> list[Line]:
    """Return lines of 12 pixels height, one below the other."""
    return [Line(text, Box(0, n * step_px, 200, n * step_px + 12), 0.9) for n, text in enumerate(texts)]


def pieces(marked) -> list[str]:
    """Return what is marked."""
    return [marked.content.plain[span.start : span.end] for span in marked.content.spans]


def test_words_are_marked_whatever_their_case():
    """Each occurrence, and the first one is where the text is scrolled to."""
    marked = marked_text(lines("An index.", "Index it again"), Marks(("index",)), 1)
    assert pieces(marked) == ["index", "Index"]
    assert marked.first_mark == 3


def test_chinese_words_are_marked_inside_a_run():
    """There is no white space to go by."""
    assert pieces(marked_text(lines("讨论全文检索的方案"), Marks(("全文检索",)), 1)) == ["全文检索"]


def test_a_quote_over_two_lines_is_marked():
    """The break of the screen is white space to a quote."""
    marked = marked_text(lines("better matches are", "smaller numbers"), Marks(("are smaller",)), 1)
    assert pieces(marked) == ["are\nsmaller"]


def test_words_are_no_patterns():
    """A dot means a dot."""
    assert pieces(marked_text(lines("a.b axb"), Marks(("a.b",)), 1)) == ["a.b"]


def test_lines_found_by_meaning_are_marked_by_their_boxes():
    """Without matched words the lines inside the boxes are marked, on their own frame only."""
    marks = Marks((), (Box(0, 10, 300, 30),), frame_id=7)
    assert pieces(marked_text(lines("one", "two", "three"), marks, 7)) == ["two"]
    assert pieces(marked_text(lines("one", "two", "three"), marks, 8)) == []


def test_a_wide_distance_begins_a_new_block():
    """Blocks of the screen are set apart by a blank line."""
    close, wide = lines("a", "b"), lines("a", "b", step_px=30)
    assert marked_text(close, Marks(), 1).content.plain == "a\nb"
    assert marked_text(wide, Marks(), 1).content.plain == "a\n\nb"


def test_the_words_of_a_snippet_are_named_once():
    """In the order they stand there."""
    assert words_of_snippet("the **index** of an **index** and **bm25**") == ("index", "bm25")


def test_a_snippet_begins_shortly_before_its_first_match():
    """The match must be seen in a narrow list."""
    content = snippet_content("a long way to go before the word " + "x " * 10 + "**here** it is")
    assert content.plain == "…x x x x x x x x x x here it is"


def test_a_snippet_is_one_line():
    """Breaks of the screen become spaces."""
    assert snippet_content("one\n**two**\nthree").plain == "one two three"


def test_control_codes_of_titles_become_spaces():
    """No escape reaches the terminal, no direction mark turns the row around; the length stays."""
    assert literal("a\x1b[31mb\x07\nc\u202ed\x9be") == "a [31mb  c d e"


def test_line_breaks_of_an_answer_stay():
    """An answer has paragraphs."""
    assert literal_lines("one\n\x1b]two") == "one\n ]two"
