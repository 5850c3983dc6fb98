"""What of a passage is shown for a query."""

from __future__ import annotations

import pytest

from index.excerpt import Matcher, matched_boxes, shown_text, snippet
from index.query import parse
from tests.support.stores import line
from timeline.model import Box, Line, Word
from timeline.passages import passage_text


def snippet_of(text: str, query: str) -> str:
    return snippet(text, Matcher(parse(query)).marks(text))


@pytest.mark.parametrize(
    ("text", "query", "expected"),
    [
        ("Deployment failed at noon", "failed", "Deployment **failed** at noon"),
        ("She was running late", "run", "She was **running** late"),
        ("call getUserProfile now", "profile", "call **getUserProfile** now"),
        ("call get_user_profile now", "getUserProfile", "call **get**_**user**_**profile** now"),
        ("数据库连接失败", "连接", "数据库**连接**失败"),
        ("数据库连接失败", "数据库", "**数据库**连接失败"),
        ("他买了一本书", "书", "他买了一本**书**"),
        ("部署到staging环境", "staging部署", "**部署**到**staging**环境"),
        ("Ｆｕｌｌ width", "full", "**Ｆｕｌｌ** width"),
        ("the refused connection; connection refused", '"connection refused"',
         "the refused connection; **connection** **refused**"),
        ("nothing here", "absent", "nothing here"),
    ],
)  # fmt: skip
def test_matches_stand_between_stars(text: str, query: str, expected: str) -> None:
    """Each matched word is marked as it stands there."""
    assert snippet_of(text, query) == expected


def test_a_snippet_is_one_short_line_around_the_matches() -> None:
    """Long texts are cut on both sides, between words."""
    text = "before " * 100 + "the needle\nlies here " + "after " * 100
    shown = snippet_of(text, "needle")
    assert "the **needle** lies here" in shown
    assert shown.startswith("…before")
    assert shown.endswith("after…")
    assert len(shown) <= 210


def test_a_long_text_is_cut_to_1000_characters_around_the_best_match() -> None:
    """Where most of the words stand together is shown."""
    text = "apple " + "x " * 2000 + "apple pie recipe " + "y " * 2000
    shown = shown_text(text, Matcher(parse("apple pie recipe")).marks(text))
    assert "apple pie recipe" in shown
    assert len(shown) <= 1000


def test_a_long_text_without_matches_is_cut_at_its_end() -> None:
    """What was found by meaning is shown from its beginning."""
    assert shown_text("word " * 400, []) == ("word " * 200).rstrip()


def test_a_long_text_without_spaces_is_cut_anywhere() -> None:
    """Chinese pages have no spaces to cut at."""
    text = "前" * 1500 + "目标" + "后" * 1500
    shown = shown_text(text, Matcher(parse("目标")).marks(text))
    assert "目标" in shown
    assert len(shown) == 1000


def boxes_of(lines: list[Line], query: str, text: str | None = None) -> tuple[Box, ...]:
    """Return the boxes of what matches in a passage of these lines, or in one of the same text set otherwise."""
    text = passage_text(lines) if text is None else text
    matcher = Matcher(parse(query))
    return matched_boxes(lines, text, matcher.marks(text), matcher)


def test_a_text_that_is_set_otherwise_has_its_boxes_too() -> None:
    """A copy of a passage in another window may have other line ends."""
    lines = [line("the build failed"), line("it failed again", row=1)]
    assert boxes_of(lines, "failed", "the build\nfailed it failed again") == boxes_of(lines, "failed")


def test_each_matched_word_has_its_box() -> None:
    """Every occurrence is boxed, words beside it are not."""
    boxes = boxes_of([line("the build failed"), line("it failed again", row=1)], "failed")
    assert boxes == (Box(200, 40, 260, 60), Box(130, 70, 190, 90))


def test_a_chinese_match_boxes_its_characters_only() -> None:
    """Of a run that is one word, the share of the characters that match."""
    run = Line("数据库连接失败", Box(0, 0, 140, 20), 1.0, (Word("数据库连接失败", Box(0, 0, 140, 20)),))
    assert boxes_of([run], "连接") == (Box(60, 0, 100, 20),)


def test_a_line_without_words_is_boxed_whole() -> None:
    """Engines that know no words still show where the match is."""
    assert boxes_of([Line("build failed", Box(1, 2, 3, 4), 1.0)], "failed") == (Box(1, 2, 3, 4),)
