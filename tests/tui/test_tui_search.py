"""Searching as one types."""

from __future__ import annotations

from timeline.errors import StoreUnusable


def marked(journey) -> list[str]:
    """Return the pieces of the text that are marked."""
    content = journey.screen.query_one("#frame-text").content
    return [content.plain[span.start : span.end] for span in content.spans]


def test_results_come_as_one_types(play, services):
    """A word finds its passage; time, application and title stand before the snippet."""

    async def steps(journey):
        await journey.press("slash")
        await journey.type("bm25")
        assert journey.text_of("#search-state") == "1 found"
        [option] = journey.app.screen.query_one("#hits").options
        assert str(option.prompt) == (
            "today 08:05  Firefox  SQLite FTS5 Extension\n"
            "  The bm25 function returns a rank; better matches are smaller numbers."
        )

    play(steps)


def test_a_fast_typist_asks_once(play, services, monkeypatch):
    """Keys that come quickly are one query, however slowly a busy machine delivers them."""
    monkeypatch.setattr("tui.search_screen._PAUSE_S", 2.0)

    async def steps(journey):
        await journey.press("slash")
        await journey.pilot.press(*"bm25")
        await journey.pilot.pause(2.5)
        await journey.settle()
        assert services.searched == [("bm25", "hybrid", True), ("bm25", "hybrid", False)]

    play(steps)


def test_enter_goes_to_the_result_and_marks_it(play):
    """The frame of the hit is shown, and its word is marked in the text."""

    async def steps(journey):
        await journey.press("slash")
        await journey.type("bm25")
        await journey.press("enter")
        assert journey.app.screen is journey.screen
        assert journey.heading == "08:05:00–08:16:40  Firefox  SQLite FTS5 Extension"
        assert marked(journey) == ["bm25"]

    play(steps)


def test_chinese_words_are_found_and_marked(play):
    """A Chinese word inside a run is marked to the character."""

    async def steps(journey):
        await journey.press("slash")
        await journey.type("检索")
        await journey.press("enter")
        assert journey.heading == "10:05:00–10:13:00  微信  产品讨论组"
        assert marked(journey) == ["检索"]

    play(steps)


def test_down_chooses_the_next_result(play):
    """The arrows move in the results while the query keeps the focus."""

    async def steps(journey):
        await journey.press("slash")
        await journey.type("function")
        assert journey.text_of("#search-state") == "3 found"
        await journey.press("down", "down", "up", "enter")
        assert journey.heading == "08:16:40–08:28:20  Firefox  SQLite FTS5 Extension"

    play(steps)


def test_a_result_of_another_day_opens_that_day(play):
    """The day of the hit is loaded."""

    async def steps(journey):
        await journey.press("slash")
        await journey.type("G7349")
        await journey.press("enter")
        assert journey.text_of("#header-date") == "Sat 21 Nov 2026"
        assert marked(journey) == ["G7349"]

    play(steps)


def test_marks_stay_while_stepping_and_go_with_escape(play):
    """The words are marked on the neighbouring frames too, until escape."""

    async def steps(journey):
        await journey.press("slash")
        await journey.type("function")
        await journey.press("enter", "right")
        assert marked(journey) == ["function"]
        await journey.press("escape")
        assert marked(journey) == []

    play(steps)


def test_escape_leaves_the_search_where_it_was(play):
    """Nothing moves, and the query is there the next time."""

    async def steps(journey):
        await journey.press("slash")
        await journey.type("bm25")
        await journey.press("escape")
        assert journey.heading == "10:21:00–10:31:00  Alacritty  make test"
        await journey.press("slash")
        assert journey.app.screen.query_one("#query").value == "bm25"
        assert journey.text_of("#search-state") == "1 found"

    play(steps)


def test_nothing_found_is_said(play):
    """No result is a sentence, and enter does nothing."""

    async def steps(journey):
        await journey.press("slash")
        await journey.type("zebra")
        assert journey.text_of("#search-state") == "Nothing found. Other words, or fewer, may help."
        await journey.press("enter")
        assert journey.app.screen is not journey.screen

    play(steps)


def test_an_error_of_the_index_is_one_sentence(play, services):
    """What went wrong stands under the query."""
    services.search_error = StoreUnusable("The index cannot be read: run `dayreel doctor`.")

    async def steps(journey):
        await journey.press("slash")
        await journey.type("bm25")
        assert journey.text_of("#search-state") == "The index cannot be read: run `dayreel doctor`."

    play(steps)
