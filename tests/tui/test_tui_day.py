"""Days, positions in them, and the band: values only."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest

from timeline.clock import to_local
from timeline.errors import NothingFound
from timeline.model import Box, Frame, Gap, Interval, Moment, Window
from tui.band_spans import Slice, band_slices, hour_labels, shown_span
from tui.colours import PALETTE, UNKNOWN, assign_colours
from tui.day import Day, day_interval, load_newest, load_tail
from tui.marks import Marks
from tui.place import Place
from tui.position import Position

ZONE = timezone(timedelta(hours=8))
HOUR_US = 3_600_000_000
MIDNIGHT_US = day_interval(date(2026, 11, 22), ZONE).start_us
CODE, MAIL = Window("Code", "a.py"), Window("Mail", "Inbox")


def frame(number: int, start_h: float, end_h: float, moment_id: int, monitor: int = 0) -> Frame:
    """Return a frame that stood between two hours of the day."""
    start_us, end_us = MIDNIGHT_US + round(start_h * HOUR_US), MIDNIGHT_US + round(end_h * HOUR_US)
    return Frame(number, monitor, start_us, end_us, 28800, 100, 50, CODE, moment_id, 1, 0, None, "screen")


def moment(number: int, start_h: float, end_h: float, window: Window = CODE, monitor: int = 0) -> Moment:
    """Return a moment between two hours of the day."""
    start_us, end_us = MIDNIGHT_US + round(start_h * HOUR_US), MIDNIGHT_US + round(end_h * HOUR_US)
    return Moment(number, monitor, start_us, end_us, 28800, window, 1, 1)


DAY = Day(
    date(2026, 11, 22),
    day_interval(date(2026, 11, 22), ZONE),
    frames=(frame(1, 9, 10, 1), frame(2, 10, 11, 1), frame(3, 13, 14, 2)),
    moments=(moment(1, 9, 11), moment(2, 13, 14, MAIL)),
    gaps=(Gap(MIDNIGHT_US + 11 * HOUR_US, MIDNIGHT_US + 13 * HOUR_US, "stopped"),),
)


def test_a_day_has_23_hours_when_the_clocks_go_forward():
    """Days are cut at local midnights, not at multiples of 24 hours."""
    interval = day_interval(date(2026, 3, 29), ZoneInfo("Europe/Berlin"))
    assert interval.end_us - interval.start_us == 23 * HOUR_US


def test_entries_hold_the_gap_between_its_moments():
    """Moments and gaps are one list in time order."""
    assert [type(entry).__name__ for entry in DAY.entries()] == ["Moment", "Gap", "Moment"]


@pytest.mark.parametrize(("hour", "index"), [(8.0, 0), (9.5, 0), (10.0, 1), (11.4, 1), (12.4, 2), (13.5, 2), (23.0, 2)])
def test_an_instant_leads_to_the_frame_that_stood_or_the_nearest(hour, index):
    """Inside a gap the nearer end wins."""
    assert DAY.index_at(MIDNIGHT_US + round(hour * HOUR_US)) == index


def test_an_empty_day_has_no_frame_at_any_instant():
    """There is nothing to go to."""
    assert Day(DAY.date, DAY.interval).index_at(MIDNIGHT_US) is None


class TailReader:
    """A reader that holds frames and moments, and notes what it was asked for."""

    def __init__(self, frames=(), moments=()):
        self.all_frames, self.all_moments, self.asked = frames, moments, []

    def newest_frame(self):
        return self.all_frames[-1] if self.all_frames else None

    def frames(self, interval):
        self.asked.append(interval)
        return [f for f in self.all_frames if interval.start_us <= f.start_us < interval.end_us]

    def moments(self, interval):
        return [m for m in self.all_moments if m.start_us < interval.end_us and m.end_us > interval.start_us]

    def gaps(self, interval):
        return []


def test_the_newest_day_is_asked_for_when_today_is_empty():
    """Two days later the day of the newest frame is loaded."""
    day = load_newest(TailReader(DAY.frames, DAY.moments), date(2026, 11, 24), ZONE)
    assert (day.date, len(day.frames)) == (date(2026, 11, 22), 3)


def test_a_store_without_frames_holds_no_newest_day():
    """The interface then says how to begin."""
    with pytest.raises(NothingFound):
        load_newest(TailReader(), date(2026, 11, 24), ZONE)


def test_the_tail_renews_the_last_frame_and_adds_what_came():
    """Only what begins with the last frame or later is read again; a longer span replaces the shorter."""
    longer, new = frame(3, 13, 15, 2), frame(4, 15, 15, 3)
    reader = TailReader((*DAY.frames[:2], longer, new), (DAY.moments[0], moment(2, 13, 15, MAIL), moment(3, 15, 15.1)))
    fresh = load_tail(reader, DAY)
    assert fresh.frames == (*DAY.frames[:2], longer, new)
    assert [m.id for m in fresh.moments] == [1, 2, 3]
    assert reader.asked == [Interval(DAY.frames[2].start_us, DAY.interval.end_us)]


def test_a_position_begins_at_either_end():
    """The first frame, or the newest."""
    assert Position.on(DAY).frame == DAY.frames[0]
    assert Position.on(DAY, at_end=True).frame == DAY.frames[2]


def test_the_moment_beside_is_entered_at_its_first_frame():
    """From the second moment back to the first frame of the first."""
    assert Position.on(DAY, at_end=True).beside(-1).frame == DAY.frames[0]


def test_past_the_last_moment_nothing_moves():
    """The position stays as it is."""
    position = Position.on(DAY, at_end=True)
    assert position.beside(1) is position


def test_a_place_of_a_forgotten_frame_leads_to_its_instant():
    """The nearest frame is shown when the one that was found is gone."""
    place = Place(MIDNIGHT_US + 10 * HOUR_US, 99, None, Marks(("a",)))
    position = Position.on(DAY).at(place)
    assert (position.frame, position.marks) == (DAY.frames[1], Marks(("a",)))


def test_a_place_leads_to_its_monitor():
    """A hit on the second monitor shows the second monitor."""
    whole = replace(DAY, frames=(*DAY.frames, frame(7, 13, 14, 5, monitor=1)))
    position = Position.on(whole, 0).at(Place(MIDNIGHT_US, 7, None, Marks()))
    assert (position.monitor, position.frame) == (1, whole.frames[3])


def test_a_renewed_day_keeps_the_frame_of_a_cursor_in_the_past():
    """By identity, not by index."""
    whole = replace(DAY, frames=(frame(9, 8, 9, 4), *DAY.frames))
    assert Position.on(DAY).renewed(whole).frame == DAY.frames[0]


def test_the_band_shows_whole_hours_at_least_six():
    """From nine, an hour before nothing, to fifteen."""
    assert shown_span(DAY, MIDNIGHT_US + 48 * HOUR_US) == Interval(
        MIDNIGHT_US + 9 * HOUR_US, MIDNIGHT_US + 15 * HOUR_US
    )


def test_the_band_of_today_reaches_to_now():
    """At 16:20 the band ends at 17:00."""
    now_us = MIDNIGHT_US + 16 * HOUR_US + HOUR_US // 3
    assert shown_span(DAY, now_us) == Interval(MIDNIGHT_US + 9 * HOUR_US, MIDNIGHT_US + 17 * HOUR_US)


def test_each_slice_shows_what_filled_most_of_it():
    """Six slices of an hour: two of code, two of a gap, one of mail, one empty."""
    span = Interval(MIDNIGHT_US + 9 * HOUR_US, MIDNIGHT_US + 15 * HOUR_US)
    slices = band_slices(DAY.moments, DAY.gaps, span, 6, {"Code": "#111111", "Mail": "#222222"})
    code, mail, gap = Slice("#111111"), Slice("#222222"), Slice(gap=True)
    assert slices == [code, code, gap, gap, mail, Slice()]


def test_a_moment_shorter_than_a_slice_is_still_seen():
    """One second of mail in an empty hour colours its slice."""
    day = Day(DAY.date, DAY.interval, moments=(moment(1, 9.5, 9.5003, MAIL),))
    span = Interval(MIDNIGHT_US + 9 * HOUR_US, MIDNIGHT_US + 15 * HOUR_US)
    assert band_slices(day.moments, day.gaps, span, 6, {"Mail": "#222222"})[0] == Slice("#222222")


def test_hours_are_named_as_closely_as_they_stay_readable():
    """78 cells name each of six hours, but only every third of 24."""
    six = Interval(MIDNIGHT_US + 9 * HOUR_US, MIDNIGHT_US + 15 * HOUR_US)
    assert [label for _, label in hour_labels(six, 78, ZONE)] == [
        "09:00", "10:00", "11:00", "12:00", "13:00", "14:00",
    ]  # fmt: skip
    labels = [label for _, label in hour_labels(DAY.interval, 78, ZONE)]
    assert labels == ["00:00", "03:00", "06:00", "09:00", "12:00", "15:00", "18:00", "21:00"]
    assert to_local(DAY.interval.start_us, ZONE).hour == 0


def test_applications_of_a_day_have_different_colours():
    """As many as the palette holds never share one."""
    apps = [f"app{n}" for n in range(len(PALETTE))]
    assert len({assign_colours(apps)[app] for app in apps}) == len(PALETTE)


def test_an_application_keeps_its_colour():
    """What came later in the day does not change it, nor does the case of its name."""
    assert assign_colours(["Code"])["Code"] == assign_colours(["Code", "Mail", "xterm"])["Code"]
    assert assign_colours(["code"])["code"] == assign_colours(["Code"])["Code"]


def test_an_unknown_application_is_grey():
    """None is a colour of its own."""
    assert assign_colours([None])[None] == UNKNOWN


def test_boxes_belong_to_their_frame_only():
    """On another frame the same pixels show something else."""
    marks = Marks((), (Box(1, 2, 3, 4),), frame_id=5)
    assert marks.boxes_on(5) == (Box(1, 2, 3, 4),)
    assert marks.boxes_on(6) == ()
