"""Starting and stopping the recording, the live edge, the empty and the broken store."""

from __future__ import annotations

import pytest

from timeline.errors import NoScreen, NothingFound, StoreUnusable
from timeline.model import Window


@pytest.fixture
def empty(store):
    """A store in which nothing was recorded."""
    store.frames.clear()
    store.moments.clear()
    store.gaps.clear()
    return store


def toasts(journey) -> list[str]:
    """Return what was notified."""
    return [notification.message for notification in journey.app._notifications]


async def look_again(journey) -> None:
    """Do what the timer does."""
    journey.screen.look_again()
    await journey.settle()


def test_the_header_shows_that_nothing_records(play):
    """The state is there without asking for it."""

    async def steps(journey):
        assert journey.text_of("#header-state") == "○ not recording"

    play(steps)


def test_the_header_shows_the_recording_and_what_waits(play, services):
    """A backlog is named beside the state."""
    services.is_recording, services.pending = True, 14

    async def steps(journey):
        assert journey.text_of("#header-state") == "14 to read   ● recording"

    play(steps)


def test_the_header_shows_a_pause(play, services):
    """Nobody takes a paused recording for one that records, nor for one that has ended."""
    services.is_recording = services.is_paused = True

    async def steps(journey):
        assert journey.text_of("#header-state") == "‖ paused"

    play(steps)


def test_a_mistake_ends_the_interface_without_the_words_it_held(play, capsys):
    """Textual would print the values of all names; one sentence with the kind is what stays in the terminal."""
    word = "QUAGGA4419"

    async def steps(journey):
        def fail(*_):
            page = f"{word} on the page"
            raise RuntimeError(page)

        journey.app.call_later(fail)
        await journey.settle()

    with pytest.raises(RuntimeError, match=word) as caught:  # the test's own driver raises it once more
        play(steps)
    del caught
    told = capsys.readouterr()
    assert "This is a mistake in dayreel (RuntimeError)" in told.out + told.err
    assert word not in told.out + told.err


def test_r_starts_recording_after_a_plain_question(play, services):
    """No is under the cursor; yes is one key away."""

    async def steps(journey):
        await journey.press("r")
        assert journey.app.focused.id == "no"
        await journey.press("right", "enter")
        assert services.is_recording
        assert "Recording has started." in toasts(journey)
        assert journey.text_of("#header-state") == "● recording"

    play(steps)


def test_enter_on_the_question_does_not_start(play, services):
    """A hasty enter is a no, and so is escape."""

    async def steps(journey):
        await journey.press("r", "enter")
        await journey.press("r", "escape")
        assert not services.is_recording

    play(steps)


def test_r_stops_a_recording_after_a_plain_question(play, services):
    """The same key ends what it began."""
    services.is_recording = True

    async def steps(journey):
        await journey.press("r", "right", "enter")
        assert not services.is_recording
        assert "Recording has stopped." in toasts(journey)
        assert journey.text_of("#header-state") == "○ not recording"

    play(steps)


TOLD = (("what", "pictures of the screen"), ("where", "/home/me/[dayreel], encrypted " + "and so on " * 12))


def shown(journey) -> str:
    """Return what the question on the screen tells, its white space folded."""
    lines = [
        strip.text for row in journey.app.screen.query(".dialog-rows") for strip in row.render_lines(row.size.region)
    ]
    return " ".join(" ".join(lines).split())


def test_the_button_of_an_empty_store_tells_what_will_be_recorded(play, services, empty):
    """The first time, before anything is; no is under the cursor."""
    services.first_start = TOLD

    async def steps(journey):
        await journey.press("enter")
        assert shown(journey).startswith("what pictures of the screen where /home/me/[dayreel], encrypted and so on")
        assert shown(journey).count("and so on") == 12
        assert journey.app.focused.id == "no"
        await journey.press("enter")
        assert not services.is_recording
        await journey.press("enter", "right", "enter")
        assert services.is_recording

    play(steps)


def test_r_tells_what_will_be_recorded_the_first_time(play, services, empty):
    """The same as the button does; later it is the plain question."""
    services.first_start = TOLD

    async def steps(journey):
        await journey.press("r")
        assert shown(journey).startswith("what pictures of the screen where /home/me/[dayreel]")
        await journey.press("escape")
        services.first_start = ()
        await journey.press("r")
        assert shown(journey) == ""

    play(steps)


def test_a_recording_that_cannot_start_says_why(play, services):
    """The error's sentence is notified as it stands."""
    services.start_error = NoScreen("There is no display: set DISPLAY or [start] a session.")

    async def steps(journey):
        await journey.press("r", "right", "enter")
        assert "There is no display: set DISPLAY or [start] a session." in toasts(journey)

    play(steps)


def test_a_cursor_at_the_end_follows_the_recording(play, store):
    """A new frame is shown when the newest one was looked at."""

    async def steps(journey):
        store.add(Window("Firefox", "weather"), "10:31-10:31", [["Rain at noon"]])
        await look_again(journey)
        assert journey.heading == "10:31:00  Firefox  weather"
        assert journey.text_of("#frame-text") == "Rain at noon"

    play(steps)


def test_a_cursor_in_the_past_stays_there(play, store):
    """New frames do not pull the user away."""

    async def steps(journey):
        await journey.press("home")
        store.add(Window("Firefox", "weather"), "10:31-10:31", [["Rain at noon"]])
        await look_again(journey)
        assert journey.heading == "08:05:00–08:16:40  Firefox  SQLite FTS5 Extension"
        assert journey.screen.query_one("#frame").border_subtitle == "frame 1 of 9"
        await journey.press("end")
        assert journey.heading == "10:31:00  Firefox  weather"

    play(steps)


def test_a_store_that_fails_while_it_is_shown_complains_once(play, services):
    """The day stays on the screen, and the sentence does not come back every three seconds."""

    async def steps(journey):
        services.pending_error = StoreUnusable("The timeline is locked by another program.")
        await look_again(journey)
        await look_again(journey)
        assert toasts(journey) == ["The timeline is locked by another program."]
        assert journey.heading == "10:21:00–10:31:00  Alacritty  make test"

    play(steps)


def test_an_empty_store_says_how_to_begin(play, empty):
    """A title, a text and a button that has the focus; all keys are harmless."""

    async def steps(journey):
        assert journey.text_of("#notice-title") == "Nothing is recorded yet"
        assert journey.app.focused.id == "notice-start"
        await journey.press("left", "right", "shift+left", "home", "d", "D", "v", "p", "escape", "pagedown", "t")
        assert journey.screen.query_one("#body").current == "notice"

    play(steps)


def test_a_home_without_a_store_is_an_empty_one(play, services):
    """The reader says NothingFound while there is no store yet."""
    services.store_error = NothingFound("There is no timeline yet.")

    async def steps(journey):
        assert journey.text_of("#notice-title") == "Nothing is recorded yet"

    play(steps)


def test_the_button_starts_recording_and_the_first_frame_appears(play, services, empty):
    """From an empty store to the first frame without another key."""

    async def steps(journey):
        await journey.press("enter")
        assert services.is_recording
        assert journey.text_of("#notice-text") == "Recording has begun. The first frame appears here in a moment."
        empty.add(Window("Firefox", "weather"), "10:31-10:31", [["Rain at noon"]])
        await look_again(journey)
        assert journey.heading == "10:31:00  Firefox  weather"

    play(steps)


def test_a_broken_store_shows_the_sentence_of_its_error(play, services):
    """What happened and what to do, and a way to try again."""
    services.store_error = StoreUnusable("The timeline was written by a newer dayreel; update dayreel.")

    async def steps(journey):
        assert journey.text_of("#notice-text") == "The timeline was written by a newer dayreel; update dayreel."
        services.store_error = None
        await journey.press("enter")
        assert journey.heading == "10:21:00–10:31:00  Alacritty  make test"

    play(steps)
