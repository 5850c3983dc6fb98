"""Asking a question."""

from __future__ import annotations

from timeline.errors import EndpointFailed


async def ask(journey, question: str) -> None:
    """Open the pane and ask."""
    await journey.press("a")
    await journey.type(question)
    await journey.press("enter")


def test_says_when_there_is_no_model(play):
    """Without an endpoint the pane says where answers come from, before anything is asked."""

    async def steps(journey):
        await journey.press("a")
        assert journey.text_of("#ask-state") == "No language model is set: answers come from the record alone."

    play(steps)


def test_names_the_model(play, services):
    """With an endpoint the pane names the model that words the answers."""
    services.model = "qwen3"

    async def steps(journey):
        await journey.press("a")
        assert journey.text_of("#ask-state") == "Answers are worded by qwen3."

    play(steps)


def test_shows_the_answer_with_its_sources(play, services):
    """The proved answer stands literally, its citations below it."""

    async def steps(journey):
        await ask(journey, "What did I read?")
        assert services.asked == ["What did I read?"]
        assert journey.text_of("#answer") == "You read about bm25 [1] and [red]fixed[/red] a test [2]."
        assert journey.text_of("#ask-state") == (
            "From the record alone, no language model was asked, looked at Sun 22 Nov 2026 00:00 to 12:00"
        )
        sources = [str(option.prompt) for option in journey.app.screen.query_one("#sources").options]
        assert sources == [
            "1 yesterday 15:00  Firefox  Train times to Hangzhou\n  “G7349 leaves Hongqiao at 18:26”",
            "2 today 08:05  Firefox  SQLite FTS5 Extension\n  “SQLite FTS5 Extension”",
        ]

    play(steps)


def test_enter_on_a_source_goes_there_and_marks_the_quote(play):
    """The citation's frame is shown with its quote marked."""

    async def steps(journey):
        await ask(journey, "What did I read?")
        await journey.press("down", "enter")
        assert journey.heading == "08:05:00–08:16:40  Firefox  SQLite FTS5 Extension"
        content = journey.screen.query_one("#frame-text").content
        assert [content.plain[span.start : span.end] for span in content.spans] == ["SQLite FTS5 Extension"]

    play(steps)


def test_the_last_answer_is_there_again(play):
    """After a jump, a shows question and answer once more."""

    async def steps(journey):
        await ask(journey, "What did I read?")
        await journey.press("enter", "a")
        assert journey.app.screen.query_one("#question").value == "What did I read?"
        assert journey.text_of("#answer").startswith("You read about bm25")

    play(steps)


def test_pieces_stand_there_until_the_answer_is_proved(play, services):
    """What streamed stays when the endpoint fails half-way, with the sentence that says so."""
    services.pieces = ("You read ", "about 全文检索")
    services.ask_error = EndpointFailed("The endpoint http://localhost stopped answering.")

    async def steps(journey):
        await ask(journey, "What did I read?")
        assert journey.text_of("#answer") == "You read about 全文检索"
        assert journey.text_of("#ask-state") == "The endpoint http://localhost stopped answering."

    play(steps)


def test_an_answer_without_proof_lists_no_sources(play, services):
    """There is nothing to go to."""
    services.store.texts = {frame_id: [] for frame_id in services.store.texts}

    async def steps(journey):
        await ask(journey, "Who won?")
        assert journey.text_of("#answer") == "Nothing was found."
        assert not journey.app.screen.query_one("#sources").display

    play(steps)


def test_an_empty_question_is_not_asked(play, services):
    """Enter on an empty line does nothing."""

    async def steps(journey):
        await journey.press("a", "enter")
        assert services.asked == []

    play(steps)


def test_escape_returns_to_the_timeline(play):
    """Nothing moves."""

    async def steps(journey):
        await journey.press("a", "escape")
        assert journey.app.screen is journey.screen
        assert journey.heading == "10:21:00–10:31:00  Alacritty  make test"

    play(steps)
