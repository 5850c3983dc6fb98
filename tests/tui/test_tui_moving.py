"""Going to a time: by minutes, hours, days, words, the year, hits and as a film; and the zooms of the band."""

from __future__ import annotations

from datetime import date

from tests.tui.conftest import ZONE, at
from timeline.model import Interval
from tui.band_spans import Slice, gap_runs, labels, zoomed_span
from tui.calendar import heat
from tui.day import Day, day_interval

FIRST = "08:05:00–08:16:40  Firefox  SQLite FTS5 Extension"
NEWEST = "10:21:00–10:31:00  Alacritty  make test"
DAY = Day(date(2026, 11, 22), day_interval(date(2026, 11, 22), ZONE))


def test_minutes_go_on_inside_a_frame_that_stood_long(play):
    """Eleven minutes on from 08:05 lie in the first frame, twelve in the second; one back in the first again."""

    async def steps(journey):
        await journey.press("home", *["M"] * 11)
        assert journey.heading == FIRST
        await journey.press("M")
        assert journey.heading == "08:16:40–08:28:20  Firefox  SQLite FTS5 Extension"
        await journey.press("m")
        assert journey.heading == FIRST

    play(steps)


def test_a_minute_over_a_gap_goes_to_what_came_next(play):
    """Nothing stood from 09:38 to 10:05; forward leads out of it, and back too."""

    async def steps(journey):
        await journey.press("home", "H", "M", *["M"] * 32)
        assert journey.heading == "10:05:00–10:13:00  微信  产品讨论组"
        await journey.press("m")
        assert journey.heading == "09:09:00–09:38:00  Code  reader.py - dayreel"

    play(steps)


def test_hours_go_back_and_forward(play):
    """From 10:21 an hour back is 09:21, two 08:21."""

    async def steps(journey):
        await journey.press("h")
        assert journey.heading == "09:09:00–09:38:00  Code  reader.py - dayreel"
        await journey.press("h")
        assert journey.heading == "08:16:40–08:28:20  Firefox  SQLite FTS5 Extension"
        await journey.press("H")
        assert journey.heading == "09:09:00–09:38:00  Code  reader.py - dayreel"

    play(steps)


def test_the_same_time_of_the_day_before(play):
    """Yesterday at that time is nearest to what stood in the afternoon; a day on is today again."""

    async def steps(journey):
        await journey.press("d")
        assert journey.heading == "15:00:00–15:20:00  Firefox  Train times to Hangzhou"
        await journey.press("D")
        assert journey.text_of("#header-date") == "Sun 22 Nov 2026  today"

    play(steps)


def test_g_understands_words_in_two_languages(play):
    """A clock time of today, then yesterday afternoon in Chinese."""

    async def steps(journey):
        await journey.press("g")
        await journey.type("9:20")
        await journey.press("enter")
        assert journey.heading == "09:09:00–09:38:00  Code  reader.py - dayreel"
        await journey.press("g")
        await journey.type("昨天下午三点")
        await journey.press("enter")
        assert journey.heading == "15:00:00–15:20:00  Firefox  Train times to Hangzhou"

    play(steps)


def test_g_says_what_it_does_not_understand(play):
    """The dialog stays, with a sentence; the future is refused."""

    async def steps(journey):
        await journey.press("g")
        await journey.type("gibberish")
        await journey.press("enter")
        assert "not understood as a time" in journey.text_of("#line-hint")
        journey.app.focused.value = "tomorrow"
        await journey.press("enter")
        assert journey.text_of("#line-hint") == "That is still to come."
        await journey.press("escape")
        assert journey.heading == NEWEST

    play(steps)


def test_the_calendar_goes_to_a_day(play):
    """The day before is a key up; it tells how long something was on the screen."""

    async def steps(journey):
        await journey.press("c")
        assert journey.text_of("#calendar-day") == "Sun 22 Nov 2026   1h 59m"
        await journey.press("up")
        assert journey.text_of("#calendar-day") == "Sat 21 Nov 2026   20m"
        await journey.press("enter")
        assert journey.text_of("#header-date") == "Sat 21 Nov 2026"

    play(steps)


def test_the_calendar_ends_today(play):
    """Neither a day nor a year leads into the future; other years are looked at."""

    async def steps(journey):
        await journey.press("c", "down", "right", "pagedown")
        assert journey.text_of("#calendar-day").startswith("Sun 22 Nov 2026")
        await journey.press("pageup")
        assert journey.text_of("#calendar-day") == "Sat 22 Nov 2025   nothing recorded"
        await journey.press("escape")
        assert journey.heading == NEWEST

    play(steps)


def test_a_longer_day_is_brighter():
    """Nothing, minutes, one hour, three, six."""
    hour_us = 3_600_000_000
    assert [heat(us) for us in (0, 60_000_000, hour_us, 4 * hour_us, 9 * hour_us)] == [0, 1, 2, 3, 4]


def test_n_goes_from_hit_to_hit_in_time(play):
    """Three hits of one search; past the last there is none."""

    async def steps(journey):
        await journey.press("slash")
        await journey.type("function")
        await journey.press("enter")
        assert journey.heading == FIRST
        await journey.press("n")
        assert journey.heading == "08:16:40–08:28:20  Firefox  SQLite FTS5 Extension"
        await journey.press("n", "n")
        assert journey.heading == "08:28:20–08:40:00  Firefox  SQLite FTS5 Extension"
        await journey.press("N")
        assert journey.heading == "08:16:40–08:28:20  Firefox  SQLite FTS5 Extension"
        assert "◆" in journey.screen.query_one("#band").render_line(0).text

    play(steps)


def test_space_plays_and_stops_at_the_end(play, monkeypatch):
    """From the last but one frame the film comes to the newest, and ends."""
    monkeypatch.setattr("tui.timeline_screen._SPEEDS", (50.0,) * 6)

    async def steps(journey):
        await journey.press("left", "left", "space")
        await journey.pilot.pause(0.5)
        await journey.settle()
        assert journey.heading == NEWEST
        assert "▶" not in journey.screen.query_one("#frame")._border_subtitle.plain

    play(steps)


def test_the_film_shows_its_speed(play):
    """Faster is one key away while it plays."""

    async def steps(journey):
        await journey.press("home", "space")
        assert journey.screen.query_one("#frame")._border_subtitle.plain.endswith("▶ 2/s")
        await journey.press("less_than_sign", "less_than_sign")
        assert journey.screen.query_one("#frame")._border_subtitle.plain.endswith("▶ 0.5/s")
        await journey.press("space")
        assert "▶" not in journey.screen.query_one("#frame")._border_subtitle.plain

    play(steps)


def test_the_band_zooms_in_to_minutes_and_out_to_a_month(play):
    """Its last row names the minutes around the cursor, or the days."""

    async def steps(journey):
        band = journey.screen.query_one("#band")
        await journey.press("plus", "plus")
        assert "10:25" in band.render_line(1).text
        assert band.render_line(1).text.endswith("30 min")
        await journey.press("minus", "minus", "minus", "minus")
        assert band.render_line(1).text.endswith("month")
        assert " 15 " in band.render_line(1).text
        assert band.render_line(0).text.strip()

    play(steps)


def test_the_wheel_zooms_the_band(play):
    """As plus and minus do."""

    async def steps(journey):
        band = journey.screen.query_one("#band")
        band.post_message(band.Zoomed(-1))
        await journey.settle()
        assert band.render_line(1).text.endswith("2 h")

    play(steps)


def test_a_gap_says_why(play):
    """There is room in it for the word."""

    async def steps(journey):
        await journey.press("plus")
        assert " stopped " in journey.screen.query_one("#band").render_line(0).text

    play(steps)


def test_a_zoomed_band_stays_while_the_cursor_is_well_inside():
    """It is cut anew where the cursor comes near its end."""
    minute_us = 60_000_000
    first = zoomed_span(1, DAY, at("10:00"), 0, None, ZONE)
    assert first == Interval(at("09:45"), at("10:15"))
    assert zoomed_span(1, DAY, at("10:10"), 0, first, ZONE) == first
    assert zoomed_span(1, DAY, at("10:14"), 0, first, ZONE).start_us == at("10:14") - 15 * minute_us


def test_weeks_begin_on_monday_and_months_on_the_first():
    """The 22nd of November 2026 is a Sunday."""
    assert zoomed_span(4, DAY, 0, 0, None, ZONE) == Interval(at("00:00", 16), at("00:00", 23))
    assert zoomed_span(5, DAY, 0, 0, None, ZONE).start_us == at("00:00", 1)
    week = zoomed_span(4, DAY, 0, 0, None, ZONE)
    assert [label for _, label in labels(week, 78, ZONE)][:2] == ["Mon 16", "Tue 17"]


def test_runs_of_gap_are_found():
    """Two cells in the middle."""
    gap, none = Slice(gap=True), Slice()
    assert gap_runs([none, none, gap, gap, gap, gap, none, gap]) == [(1, 2)]
