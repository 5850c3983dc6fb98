"""Moving through days by keys and mouse."""

from __future__ import annotations

from timeline.model import Window
from tui import wording
from tui.timeline_screen import TimelineScreen


def test_begins_at_the_newest_frame_of_today(play):
    """The interface opens where the user is now."""

    async def steps(journey):
        assert journey.heading == "10:21:00–10:31:00  Alacritty  make test"
        assert journey.text_of("#header-date") == "Sun 22 Nov 2026  today"
        assert journey.screen.query_one("#frame").border_subtitle == "frame 8 of 8"

    play(steps)


def test_left_goes_one_frame_back(play):
    """The frame before the newest is the last one of the chat."""

    async def steps(journey):
        await journey.press("left")
        assert journey.heading == "10:13:00–10:21:00  微信  产品讨论组"
        assert journey.text_of("#frame-text") == "张伟：记得带上昨天的测试数据。"

    play(steps)


def test_right_after_left_returns(play):
    """Right undoes left."""

    async def steps(journey):
        await journey.press("left", "left", "right", "right")
        assert journey.heading == "10:21:00–10:31:00  Alacritty  make test"

    play(steps)


def test_steps_stop_at_the_ends_of_the_day(play):
    """Right on the newest frame and left on the first one change nothing."""

    async def steps(journey):
        await journey.press("right")
        assert journey.screen.query_one("#frame").border_subtitle == "frame 8 of 8"
        await journey.press("home", "left")
        assert journey.screen.query_one("#frame").border_subtitle == "frame 1 of 8"

    play(steps)


def test_home_and_end_go_to_the_ends_of_the_day(play):
    """Home shows the first frame, end the newest."""

    async def steps(journey):
        await journey.press("home")
        assert journey.heading == "08:05:00–08:16:40  Firefox  SQLite FTS5 Extension"
        await journey.press("end")
        assert journey.heading == "10:21:00–10:31:00  Alacritty  make test"

    play(steps)


def test_shift_left_goes_to_the_moment_before(play):
    """A moment is entered at its first frame."""

    async def steps(journey):
        await journey.press("shift+left", "shift+left")
        assert journey.heading == "08:40:00–09:09:00  Code  reader.py - dayreel"
        await journey.press("shift+right")
        assert journey.heading == "10:05:00–10:13:00  微信  产品讨论组"

    play(steps)


def test_up_in_the_list_skips_the_gap(play):
    """Gaps stand in the list but cannot be chosen."""

    async def steps(journey):
        await journey.press("up", "up")
        assert journey.heading == "08:40:00–09:09:00  Code  reader.py - dayreel"
        options = [str(option.prompt) for option in journey.screen.query_one("#moments").options]
        assert options[2] == "╱09:38  stopped  27m"

    play(steps)


def test_the_list_follows_the_frames(play):
    """Stepping into another moment moves the highlight, and does not jump to the beginning of that moment."""

    async def steps(journey):
        await journey.press("left")
        assert journey.screen.query_one("#moments").highlighted == 3
        assert journey.screen.query_one("#frame").border_subtitle == "frame 7 of 8"

    play(steps)


def test_brackets_go_to_the_ends_of_the_neighbouring_days(play):
    """Back to the last frame of yesterday, forward to the first of today."""

    async def steps(journey):
        await journey.press("left_square_bracket")
        assert journey.text_of("#header-date") == "Sat 21 Nov 2026"
        assert journey.heading == "15:00:00–15:20:00  Firefox  Train times to Hangzhou"
        await journey.press("right_square_bracket")
        assert journey.heading == "08:05:00–08:16:40  Firefox  SQLite FTS5 Extension"

    play(steps)


def test_there_is_no_day_after_today(play):
    """The future holds nothing to look at."""

    async def steps(journey):
        await journey.press("right_square_bracket", "D")
        assert journey.text_of("#header-date") == "Sun 22 Nov 2026  today"

    play(steps)


def test_a_day_without_frames_says_so(play):
    """An empty day is no dead end: it names the keys that lead out."""

    async def steps(journey):
        await journey.press("d", "d")
        assert journey.text_of("#header-date") == "Fri 20 Nov 2026"
        assert journey.text_of("#frame-text").startswith("Nothing was recorded on this day.")
        await journey.press("left", "shift+left", "home", "p", "v", "D")
        assert journey.text_of("#header-date") == "Sat 21 Nov 2026"

    play(steps)


def test_t_returns_to_now(play):
    """Wherever the user is, t leads to the newest frame."""

    async def steps(journey):
        await journey.press("d", "d", "t")
        assert journey.heading == "10:21:00–10:31:00  Alacritty  make test"

    play(steps)


def test_opens_on_the_newest_day_when_today_is_empty(play, services):
    """On a morning without a recording the last recorded day is shown, and said to be another."""
    services.clock.advance(24 * 3600)

    async def steps(journey):
        assert journey.text_of("#header-date") == "Sun 22 Nov 2026"
        assert journey.heading == "10:21:00–10:31:00  Alacritty  make test"

    play(steps)


def test_v_looks_at_the_next_monitor_at_the_same_instant(play, store):
    """Each monitor is a timeline of its own."""
    store.add(Window("mpv", "talk.mkv"), "10:00-10:30", [["Slide 1"], ["Slide 2"]], monitor=1)

    async def steps(journey):
        assert journey.text_of("#header-date") == "Sun 22 Nov 2026  today  monitor 0"
        await journey.press("v")
        assert journey.heading == "10:15:00–10:30:00  mpv  talk.mkv"
        assert journey.text_of("#header-date") == "Sun 22 Nov 2026  today  monitor 1"
        await journey.press("v")
        assert journey.text_of("#header-date") == "Sun 22 Nov 2026  today  monitor 0"

    play(steps)


def test_a_click_on_the_band_goes_to_that_instant(play):
    """The band shows 08:00 to 14:00 on 78 columns: column 32 is 10:30."""

    async def steps(journey):
        await journey.pilot.click("#band", offset=(32, 0))
        await journey.settle()
        assert journey.heading == "10:21:00–10:31:00  Alacritty  make test"
        await journey.pilot.click("#band", offset=(2, 0))
        await journey.settle()
        assert journey.heading == "08:05:00–08:16:40  Firefox  SQLite FTS5 Extension"

    play(steps)


def test_page_keys_scroll_the_text(play, store):
    """A long text is read without leaving the frame."""
    store.texts[store.frames[-1].id] = [f"line {n}" for n in range(200)]

    async def steps(journey):
        await journey.press("pagedown")
        assert journey.screen.query_one("#text").scroll_y > 0
        await journey.press("pageup")
        assert journey.screen.query_one("#text").scroll_y == 0

    play(steps)


def test_question_mark_shows_the_keys_and_q_closes_them(play):
    """The help is a screen of its own; closing it does not end the program."""

    async def steps(journey):
        await journey.press("question_mark")
        assert type(journey.app.screen).__name__ == "HelpScreen"
        await journey.press("q")
        assert journey.app.screen is journey.screen
        assert journey.app.is_running

    play(steps)


def test_the_help_names_every_key():
    """A key that is bound and not explained would be a secret."""
    names = {
        "left": "←", "right": "→", "shift+left": "⇧←", "shift+right": "⇧→", "left_square_bracket": "[",
        "right_square_bracket": "]", "slash": "/", "question_mark": "?", "escape": "esc", "pageup": "pgup",
        "pagedown": "pgdn", "less_than_sign": "<", "greater_than_sign": ">", "plus": "+", "minus": "-",
        "equals_sign": "+", "comma": ",", "ctrl+left": "^←", "ctrl+right": "^→", "ctrl+up": "^↑", "ctrl+down": "^↓",
    }  # fmt: skip
    bound = {key for binding in TimelineScreen.BINDINGS for key in binding.key.split(",")}
    explained = {word for _, rows in wording.HELP_SECTIONS for keys, _ in rows for word in keys.split()}
    assert {names.get(key, key) for key in bound} - explained == set()


def test_q_quits(play):
    """The program ends, and with it the reader."""

    async def steps(journey):
        await journey.pilot.press("q")
        await journey.pilot.pause()
        assert not journey.app.is_running

    play(steps)


def test_the_reader_is_closed_at_the_end(play, services):
    """What was opened on the reading lane is closed there."""

    async def steps(journey):
        assert services.open_count == 1

    play(steps)
    assert services.open_count == 0
