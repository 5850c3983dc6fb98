"""Words and characters of known texts among those that were read."""

from __future__ import annotations

from bench.known_screens import Found, lost, recall
from bench.word_recall import words_found


def test_words_count_as_often_as_they_were_shown() -> None:
    """A word read once more than it was shown is no second hit."""
    assert words_found(["two words, two"], ["two two two"]) == Found(3, 2)


def test_chinese_is_counted_by_character() -> None:
    """Spaces that an engine puts between them do not matter, nor does width."""
    assert words_found(["备份计划 ４２"], ["备 份", "计", "42"]) == Found(5, 4)


def test_recall_is_taken_over_all_pages() -> None:
    """Counts are added before they are divided."""
    assert recall([Found(10, 10), Found(90, 45)]) == 55


def test_what_was_lost_is_compared_page_by_page() -> None:
    """The same loss on each page leaves no doubt about it; pages without such words do not count."""
    before, after = [Found(100, 100), Found(0, 0), Found(100, 90)], [Found(100, 99), Found(0, 0), Found(100, 89)]
    assert lost(before, after) == (1, 1, 1)
