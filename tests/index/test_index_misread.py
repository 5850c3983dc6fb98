"""Words that were read or typed wrong: found, after what is right, and marked."""

from __future__ import annotations

import pytest

from index.closeness import Phrase
from index.lookalikes import ALIKE, edits_between, misread, misread_pair, one_edit
from tests.index.conftest import SearchedStore
from timeline.model import Window

OTHERS = (
    "the harbour has a new crane and two old boats",
    "我们今天下午开会讨论计划",
    "total of the invoice is due in May",
)


@pytest.mark.parametrize(
    ("text", "query"),
    [
        ("sa1es of the rnonth", "sales"),
        ("sa1es of the rnonth", "month"),
        ("error E1O42 in module", "E1042"),
        ("the vvindow was closed", "window"),
        ("a cloor was open", "door"),
        ("password is hunter2", "pasword"),
        ("we recieve parcels", "receive"),
        ("they recovered the database", "recoverd"),
        ("kubernetes cluster", "kuberntes"),
        ("the deployment failed", "deplyomnet"),
        ("the quarterlyreport is late", "quarterly report"),
        ("open the note book now", "notebook"),
        ("the imp|ementation is slow", "implementation"),
        ("请设罝好数据", "设置"),
        ("自已动手", "自己"),
        ("数剧库的连接", "数据库"),
        ("检査系统环境", "检查系统"),
        ("重新部暑服务", "部署"),
    ],
)
def test_a_word_read_or_typed_wrong_is_found_and_marked(searched: SearchedStore, text: str, query: str) -> None:
    """Look-alikes, one edit, two in longer words, words written as one or apart; Chinese look-alikes."""
    for other in OTHERS:
        searched.show(other, window=Window("other", other))
    searched.show(text)
    [hit, *_] = searched.search(query)
    assert hit.text == text
    assert "**" in hit.snippet


def test_what_was_guessed_is_marked_as_such(searched: SearchedStore) -> None:
    """A result says whether a word of it was taken for another."""
    searched.show("sa1es of the year")
    searched.show("sales of the month", window=Window("other", "exact"))
    assert [(hit.text[:5], hit.inexact) for hit in searched.search("sales")] == [("sales", False), ("sa1es", True)]


def test_a_guess_comes_after_all_that_is_exact(searched: SearchedStore) -> None:
    """However often the wrong word stands there."""
    searched.show("sa1es sa1es sa1es sa1es", window=Window("w", "wrong"))
    for number in range(3):
        searched.show(f"a longer text of page {number} that speaks once of sales and of much else " * (number + 1),
                      window=Window("w", f"page {number}"))  # fmt: skip
    flags = [hit.inexact for hit in searched.search("sales")]
    assert flags == sorted(flags)
    assert flags[-1] is True


def test_nothing_is_guessed_where_enough_is_exact(searched: SearchedStore) -> None:
    """The second stage is for what the first does not find."""
    for number in range(6):
        searched.show(f"{number * 7919} sales {'abcdef'[number] * 9}", window=Window("w", str(number)))
    searched.show("sa1es elsewhere")
    assert not any(hit.inexact for hit in searched.search("sales", limit=20))


@pytest.mark.parametrize("query", ["E1047", "v2.3.5", "192.168.7.12", "cat", "staging2"])
def test_a_number_or_a_short_word_is_not_guessed(searched: SearchedStore, query: str) -> None:
    """Another number is another thing, and short words are all near each other."""
    searched.show("error E1042 in v2.3.4 at 192.168.1.12 on staging1, the car")
    assert not any(hit.inexact for hit in searched.search(query))


@pytest.mark.parametrize(
    "query", ["x" * 5_000, "词" * 5_000, "word" * 9 + " " + "of " * 300, "a\x00b \ud800 zz", "ſ ﬁ İ"]
)
def test_whatever_is_typed_is_searched(searched: SearchedStore, query: str) -> None:
    """Long words have no neighbours worth a look, and odd signs break nothing."""
    searched.show("sales of the month")
    assert searched.texts(query) == []
    searched.searcher.search(query, unfinished=True)


def test_a_quoted_phrase_is_not_guessed(searched: SearchedStore) -> None:
    """Quotes say that it is meant as it is."""
    searched.show("sa1es of the month")
    assert searched.texts('"sales"') == []


def test_an_excluded_word_stays_excluded_in_the_second_stage(searched: SearchedStore) -> None:
    """What must not be there is in no guess either."""
    searched.show("sa1es of the month")
    assert searched.texts("sales -month") == []


def test_a_filter_confines_the_second_stage(searched: SearchedStore) -> None:
    """A guess outside is none."""
    searched.show("sa1es of the month", window=Window("Firefox", "a"))
    assert len(searched.texts("sales app:firefox")) == 1
    assert searched.texts("sales app:slack") == []


def test_a_damaged_phrase_is_found_among_its_words(searched: SearchedStore) -> None:
    """Small words damaged too, and each of its words in many other places."""
    for number in range(12):
        text = (
            f"{number} the report says that a regular meeting has an expression of thanks {'xyz'[number % 3] * number}"
        )
        searched.show(text, window=Window("w", str(number)))
    searched.show("tc a reular expres;ion; return a string c0ntaining the rest")
    assert searched.texts("to a regular expression; return")[0].startswith("tc a reular")


def test_closeness_is_one_for_the_phrase_itself() -> None:
    """Whatever stands around it, in either script."""
    assert Phrase("into a list, it is").share_in("first read INTO A LIST,\nit is then") == 1.0
    assert Phrase("數據庫連接").share_in("测试数据库\n连接失败") == 1.0
    assert Phrase("into a list").bonus("nothing of the kind") == 0.0


def test_closeness_is_high_for_a_damaged_phrase_and_low_for_its_words_elsewhere() -> None:
    """Order and distance count."""
    phrase = Phrase("the second part of the split line")
    assert phrase.share_in("to handle the sccod part of fhe split line to") > 0.55
    assert phrase.share_in("a line that was split, in part by the other of two") < 0.55


def test_misreadings_swap_at_most_two_signs() -> None:
    """Each where it stands; a short word but one."""
    assert {"c0ol", "coo1"} <= misread("cool", ALIKE)
    assert "c0o1" not in misread("cool", ALIKE)
    assert "m0dem" in misread("modem", ALIKE)
    assert "rn0dem" in misread("m0dern", ALIKE) or "rn0dern" in misread("modern", ALIKE)


def test_chinese_misreadings_are_pairs() -> None:
    """One of the two characters is another that looks alike."""
    assert "自已" in misread_pair("自己")
    assert "未来" not in misread_pair("自己")


def test_edits_are_counted_as_fingers_make_them() -> None:
    """Two letters in the other order are one edit."""
    assert edits_between("receive", "recieve", 2) == 1
    assert edits_between("deployment", "deplyomnet", 2) == 2
    assert edits_between("short", "different", 2) == 3
    assert "receive" in one_edit("recieve")
