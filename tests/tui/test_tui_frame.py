"""The text and the picture of a frame."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from timeline.errors import UnreadablePicture
from timeline.model import Window


def test_text_like_markup_is_shown_as_it_stands(play):
    """Brackets in the text of the screen are no commands."""

    async def steps(journey):
        await journey.press("shift+left", "shift+left")
        assert journey.text_of("#frame-text") == "def frames(self, interval):\n    return [red]rows[/red]"

    play(steps)


def test_titles_like_markup_are_shown_as_they_stand(play, store):
    """Neither the heading nor the list reads a title as markup, nor passes an escape code on."""
    store.add(Window("xterm", "[bold]\x1b[31m[/bold]"), "10:31-10:31", [["ok"]])

    async def steps(journey):
        assert journey.heading == "10:31:00  xterm  [bold] [31m[/bold]"
        assert str(journey.screen.query_one("#moments").options[-1].prompt).endswith("[bold] [31m[/bold]")

    play(steps)


def test_a_frame_that_waits_to_be_read_says_so(play, store):
    """While its raw picture is in the spool a frame has no text yet."""
    store.frames[-1] = replace(store.frames[-1], spool_name="a1")
    store.texts[store.frames[-1].id] = []

    async def steps(journey):
        assert journey.text_of("#frame-text") == "This frame has not been read yet."

    play(steps)


def test_a_frame_without_text_says_so(play, store):
    """A film has been read and holds none."""
    store.texts[store.frames[-1].id] = []

    async def steps(journey):
        assert journey.text_of("#frame-text") == "There is no text on this frame."

    play(steps)


def test_a_small_terminal_shows_the_text_only(play, services):
    """At 80x24 nothing is decoded before p is pressed."""

    async def steps(journey):
        assert not journey.screen.query_one("#picture").display
        assert services.pictured == []

    play(steps)


def test_p_shows_the_picture_in_place_of_the_text(play, services):
    """At 80x24 there is room for one of both; a second p brings the text back."""

    async def steps(journey):
        await journey.press("p")
        assert journey.screen.query_one("#picture").display
        assert not journey.screen.query_one("#text").display
        assert services.pictured == [9]
        await journey.press("p")
        assert not journey.screen.query_one("#picture").display
        assert journey.screen.query_one("#text").display

    play(steps)


def test_a_large_terminal_shows_both(play):
    """At 160x50 the picture stands above the text; p hides it."""

    async def steps(journey):
        assert journey.screen.query_one("#picture").display
        assert journey.screen.query_one("#text").display
        await journey.press("p")
        assert not journey.screen.query_one("#picture").display

    play(steps, size=(160, 50))


def test_the_picture_is_painted_in_half_blocks(play):
    """The left half of the picture is blue, drawn with upper half-blocks."""

    async def steps(journey):
        pane = journey.screen.query_one("#picture")
        middle = pane.render_line(pane.size.height // 2)
        [blue] = [segment for segment in middle if segment.text.strip() and segment.style.color.triplet[2] > 100]
        assert set(blue.text) == {"▀"}
        assert blue.style.color.triplet == (40, 120, 200)

    play(steps, size=(160, 50))


def test_the_picture_follows_the_frame(play, services):
    """Each new position is decoded; the newest last."""

    async def steps(journey):
        await journey.press("left")
        assert services.pictured[-1] == 8

    play(steps, size=(160, 50))


def test_a_resized_terminal_gets_a_picture_of_its_size(play):
    """The strips fill the pane after every change of size."""

    async def steps(journey):
        await journey.pilot.resize_terminal(130, 40)
        await journey.settle()
        pane = journey.screen.query_one("#picture")
        assert pane.size.height > 0
        assert [strip.cell_length for strip in pane._strips] == [pane.size.width] * pane.size.height

    play(steps, size=(160, 50))


def test_an_unreadable_picture_says_why(play, services):
    """The sentence of the error stands where the picture would."""
    services.picture_error = UnreadablePicture("The video segment 2026/11/22/01.mp4 cannot be decoded.")

    async def steps(journey):
        pane = journey.screen.query_one("#picture")
        shown = pane.render_line(pane.size.height // 2).text
        assert shown.strip() == "The video segment 2026/11/22/01.mp4 cannot be decoded."

    play(steps, size=(160, 50))


def test_a_picture_that_is_gone_is_shown_small(play, services):
    """The thumbnail fills the place of the frame, and the border says what it is."""
    services.picture_error = UnreadablePicture("The picture of that time was removed.")
    services.small = np.full((9, 16, 3), (40, 200, 120), np.uint8)

    async def steps(journey):
        pane = journey.screen.query_one("#picture")
        middle = pane.render_line(pane.size.height // 2)
        [green] = [segment for segment in middle if segment.text.strip() and segment.style.color.triplet[1] > 100]
        assert green.cell_length > 30
        assert journey.screen.query_one("#frame")._border_subtitle.plain.startswith("small picture")
        services.picture_error = None
        await journey.press("left")
        assert journey.screen.query_one("#frame")._border_subtitle.plain == "frame 7 of 8"

    play(steps, size=(160, 50))


def test_the_large_picture_takes_the_place_of_the_small_one(play, services):
    """What stays is what was recorded."""
    services.small = np.full((9, 16, 3), (40, 200, 120), np.uint8)

    async def steps(journey):
        pane = journey.screen.query_one("#picture")
        middle = pane.render_line(pane.size.height // 2)
        assert not [segment for segment in middle if segment.text.strip() and segment.style.color.triplet[1] > 150]
        assert services.pictured[-1] == 9

    play(steps, size=(160, 50))


def test_pictures_that_are_off_are_never_decoded(play, services):
    """The setting wins over the room and over the key."""

    async def steps(journey):
        await journey.press("p")
        assert not journey.screen.query_one("#picture").display
        assert services.pictured == []

    play(steps, size=(160, 50), kind="off")


def test_a_sixel_picture_is_held_back_under_another_screen(play):
    """Its escapes would draw over the help."""

    async def steps(journey):
        pane = journey.screen.query_one("#picture")
        last = pane.size.height - 1
        drawn = [y for y in range(last + 1) if "\x1bP" in "".join(segment.text for segment in pane.render_line(y))]
        assert len(drawn) == 1
        await journey.press("question_mark")
        assert "\x1bP" not in "".join(segment.text for segment in pane.render_line(drawn[0]))

    play(steps, size=(160, 50), kind="sixel")
