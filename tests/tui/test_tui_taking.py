"""What is taken out, compared, forgotten, paused and set."""

from __future__ import annotations

import stat
from pathlib import Path

from PIL import Image

from tests.tui.conftest import at
from timeline.errors import UnreadablePicture
from timeline.model import Interval, Window
from tui.changes import changed_text
from tui.services import Forgetting


def toasts(journey) -> list[str]:
    """Return what was notified."""
    return [notification.message for notification in journey.app._notifications]


def test_y_copies_all_where_nothing_is_chosen(play, services):
    """To the system's clipboard and to the terminal's."""

    async def steps(journey):
        await journey.press("y")
        assert services.copied == ["$ make test\n212 passed in 4.02s"]
        assert journey.app.clipboard == "$ make test\n212 passed in 4.02s"
        assert toasts(journey) == ["Copied 2 lines."]

    play(steps)


def test_lines_are_chosen_with_keys(play, services):
    """Tab goes into the text, down to a line, shift down takes the next with it; Y still copies all."""

    async def steps(journey):
        await journey.press("tab", "down", "y")
        assert services.copied == ["$ make test"]
        await journey.press("shift+down", "y", "Y")
        assert services.copied[1:] == ["$ make test\n212 passed in 4.02s"] * 2
        await journey.press("escape", "up")
        assert journey.heading == "10:05:00–10:13:00  微信  产品讨论组"

    play(steps)


def test_what_is_selected_with_the_mouse_is_copied(play, services):
    """A drag over a line selects it."""

    async def steps(journey):
        journey.screen.query_one("#frame-text").text_select_all()
        await journey.press("y")
        assert services.copied == ["$ make test\n212 passed in 4.02s"]

    play(steps)


def test_nothing_to_copy_is_said(play, services, store):
    """A frame without text."""
    store.texts[store.frames[-1].id] = []

    async def steps(journey):
        await journey.press("y")
        assert services.copied == []
        assert toasts(journey) == ["There is no text to copy here."]

    play(steps)


def test_x_shows_what_changed_since_before_and_until_after(play):
    """The window's text of the frame before, then of the frame after, then the text itself."""

    async def steps(journey):
        await journey.press("home", "right", "x")
        text = journey.text_of("#frame-text")
        assert text.startswith("changed since 08:05:00\n- SQLite FTS5 Extension\n- The bm25")
        assert "\n+ The highlight function" in text
        await journey.press("x")
        assert journey.text_of("#frame-text").startswith("changed until 08:28:20\n- The highlight")
        await journey.press("x")
        assert journey.text_of("#frame-text").startswith("The highlight")

    play(steps)


def test_no_change_is_said(play):
    """A window that showed one thing."""

    async def steps(journey):
        await journey.press("x")
        assert journey.text_of("#frame-text") == "This window showed nothing else before, on this day."

    play(steps)


def test_lines_that_stayed_are_shown_around_a_change_only():
    """Of ten equal lines two beside the change."""
    before = [f"line {n}" for n in range(10)] + ["old"]
    text = changed_text(before, [*before[:-1], "new"], "changed").content.plain
    assert text == "changed\n  ⋯\n  line 8\n  line 9\n- old\n+ new"


def test_w_tells_when_a_text_was_seen(play):
    """The line under the cursor."""

    async def steps(journey):
        await journey.press("w")
        assert toasts(journey) == ["First seen today 10:21, last seen today 10:31."]

    play(steps)


def test_o_opens_the_picture_outside(play, services):
    """What was recorded, not what was painted."""

    async def steps(journey):
        await journey.press("o")
        [picture] = services.viewed
        assert picture.shape == (180, 320, 3)

    play(steps)
    assert services.closed


def test_a_picture_that_is_gone_cannot_be_opened(play, services):
    """The sentence says so."""
    services.picture_error = UnreadablePicture("The picture of that time was removed.")

    async def steps(journey):
        await journey.press("o")
        assert toasts(journey) == ["The picture of that time was removed."]

    play(steps)


def test_e_saves_the_picture_for_its_owner_only(play, tmp_path: Path):
    """A PNG of the frame's size; what lies there is not replaced."""

    async def steps(journey):
        path = tmp_path / "a.png"
        await journey.press("e")
        journey.app.focused.value = str(path)
        await journey.press("enter")
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        with Image.open(path) as picture:
            assert picture.size == (320, 180)
            assert picture.getpixel((0, 0)) == (40, 120, 200)
        await journey.press("e")
        journey.app.focused.value = str(path)
        await journey.press("enter")
        assert journey.text_of("#line-hint") == "There is a file of that name already: choose another."

    play(steps)


def test_this_moment_is_forgotten_after_its_size_was_told(play, services):
    """No has the focus; then the moment is gone from the list."""

    async def steps(journey):
        await journey.press("f", "enter")
        assert journey.app.focused.id == "no"
        assert journey.text_of(".dialog-text").startswith("3 frames go (7.5 minutes), parts of 1 more are covered")
        await journey.press("right", "enter")
        assert services.forgotten == [Forgetting(moment_id=5)]
        assert journey.heading == "10:13:00–10:21:00  微信  产品讨论组"

    play(steps)


def test_an_application_is_forgotten_on_this_day_only(play, services):
    """The second choice names it."""

    async def steps(journey):
        await journey.press("f", "down", "enter", "right", "enter")
        assert services.forgotten == [
            Forgetting(app="Alacritty", interval=Interval(at("00:00"), at("00:00") + 86_400_000_000))
        ]

    play(steps)


def test_the_last_minutes_are_counted_from_now(play, services):
    """Five minutes, up to this instant."""

    async def steps(journey):
        await journey.press("f", "down", "down", "enter", "right", "enter")
        assert services.forgotten == [Forgetting(interval=Interval(at("10:26"), at("10:31") + 1))]

    play(steps)


def test_forgetting_can_be_left_at_each_step(play, services):
    """Escape in the list, escape and enter at the question."""

    async def steps(journey):
        await journey.press("f", "escape")
        await journey.press("f", "enter", "escape")
        await journey.press("f", "enter", "enter")
        assert services.forgotten == []

    play(steps)


def test_capital_p_pauses_and_resumes(play, services):
    """The header shows it."""
    services.is_recording = True

    async def steps(journey):
        await journey.press("P")
        assert services.is_paused
        assert "paused" in journey.text_of("#header-state")
        await journey.press("P")
        assert not services.is_paused

    play(steps)


def test_the_footer_shows_what_the_memory_takes(play):
    """In the largest fitting unit."""

    async def steps(journey):
        assert journey.text_of("#footer-state") == "1.2 GB"

    play(steps)


def test_settings_are_changed_in_place(play, services):
    """One of few values is chosen, another typed; what the front door refuses is said."""

    async def steps(journey):
        await journey.press("comma", "enter", "down", "enter")
        assert services.written == {"tui.picture": "off"}
        await journey.press("down", "enter")
        journey.app.focused.value = "80 GB"
        await journey.press("enter")
        assert services.written["storage.budget"] == "80 GB"
        await journey.press("enter")
        journey.app.focused.value = "much"
        await journey.press("enter")
        assert "storage.budget must be a size." in toasts(journey)

    play(steps)


def test_a_setting_of_the_environment_cannot_be_changed(play, services):
    """It says what is stronger."""

    async def steps(journey):
        await journey.press("comma", "down", "down", "enter")
        assert services.written == {}
        assert toasts(journey)[-1].startswith("assistant.model comes from the environment")

    play(steps)


def test_the_palette_holds_the_keys_of_the_screen(play):
    """And not the screenshot of Textual, which would write text of the screen to a file."""

    async def steps(journey):
        titles = [command.title for command in journey.app.get_system_commands(journey.screen)]
        assert {"Search", "Calendar", "Forget", "Settings", "Pause", "Theme"} <= set(titles)
        assert "Screenshot" not in titles

    play(steps)


def test_pictures_of_all_monitors_side_by_side(play, services, store):
    """Capital v shows both at this instant, and one again."""
    store.add(Window("mpv", "talk.mkv"), "10:00-10:31", [["Slide 1"]], monitor=1)

    async def steps(journey):
        services.pictured.clear()
        await journey.press("V")
        assert len(set(services.pictured)) == 2
        services.pictured.clear()
        await journey.press("V")
        assert len(set(services.pictured)) == 1

    play(steps, size=(160, 50))


def test_z_zooms_the_picture_and_ctrl_arrows_move_in_it(play):
    """The left half is blue and the right black: far enough to the right nothing is blue."""

    async def steps(journey):
        pane = journey.screen.query_one("#picture")

        def blue() -> int:
            row = pane.render_line(pane.size.height // 2)
            return sum(
                s.cell_length for s in row if s.style and s.style.color and s.style.color.triplet == (40, 120, 200)
            )

        whole = blue()
        await journey.press("z", "z")
        assert blue() > whole / 2
        assert "2×" in journey.screen.query_one("#frame")._border_subtitle.plain
        await journey.press(*["ctrl+right"] * 4)
        assert blue() == 0
        await journey.press("Z", "Z")
        assert blue() == whole

    play(steps, size=(160, 50))
