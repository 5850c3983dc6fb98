"""Days, weeks, months and clock times of one zone, seen from one present moment.

Owns all arithmetic with dates: what the rules of both languages name becomes local wall time here, and wall time
becomes instants here and nowhere else.  Knows no words.  Called by the rules and by parse.py.

The nights when the clocks change: a wall time that stands twice starts at its first and ends at its last occurrence,
one that is skipped is moved on by the hour that was skipped (PEP 495, fold=0).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import Literal

from timeline.clock import SECOND_US, to_us
from timeline.model import Interval

Unit = Literal["second", "minute", "hour", "day", "week", "month", "year"]

DAY = timedelta(days=1)
DAY_MIN = 24 * 60
HALF_DAY_MIN = 12 * 60
AGO_SHARE = 8  # "2 hours ago" reaches an eighth of the span to each side (CONTRACT.md)
_ELAPSED_S: dict[Unit, int] = {"second": 1, "minute": 60, "hour": 3600}
_MICROSECOND = timedelta(microseconds=1)
LATEST_US = to_us(datetime(2200, 1, 1, tzinfo=UTC))  # local time of what lies far beyond cannot be shown by datetime


@dataclass(frozen=True, slots=True)
class Days:
    """Whole days, `after` exclusive; `step_days` is how far back the same name stands once more, 0 when it does not."""

    first: date
    after: date
    step_days: int = 0

    @property
    def single(self) -> bool:
        return self.after - self.first == DAY

    def stepped_back(self) -> Days:
        """Return the days of the same name before these."""
        step = timedelta(days=self.step_days)
        return replace(self, first=self.first - step, after=self.after - step)


@dataclass(frozen=True, slots=True)
class Hours:
    """A part of a day in minutes from midnight, seconds as fractions; `end_min` passes 1440 into the next day.

    `at_min` is the clock time that was named, None for a part of the day or a range; `to_second` when its seconds were
    named too.  `loose` hours were said without morning or afternoon; `weak` ones count only beside a day ("morning"
    alone is no time).
    """

    start_min: float
    end_min: float
    at_min: float | None = None
    to_second: bool = False
    part: bool = False
    loose: bool = False
    weak: bool = False

    def within(self, part: Hours) -> Hours:
        """Return the loose hours moved to the half of the day that the part names, unchanged when none fits."""
        first = self.start_min if self.at_min is None else self.at_min
        for shift in (0, HALF_DAY_MIN, DAY_MIN):
            moved_min = first % HALF_DAY_MIN + shift
            if part.start_min <= moved_min < part.end_min:
                return self._moved(moved_min - first)
        return self

    def _moved(self, by_min: float) -> Hours:
        at_min = None if self.at_min is None else self.at_min + by_min
        return replace(self, start_min=self.start_min + by_min, end_min=self.end_min + by_min, at_min=at_min)


@dataclass(frozen=True, slots=True)
class Calendar:
    """The present moment in a zone; `now` is its wall time without a zone, `week_start` 0 for Monday."""

    now: datetime
    now_us: int
    zone: tzinfo | None
    week_start: int

    @classmethod
    def at(cls, now: datetime, zone: tzinfo | None, week_start: int) -> Calendar:
        """Return the calendar of a present moment; one without a zone is wall time of `zone`, None the system's."""
        aware = now.replace(tzinfo=zone) if now.tzinfo is None else now
        return cls(aware.astimezone(zone).replace(tzinfo=None), to_us(aware), zone, week_start)

    @property
    def today(self) -> date:
        return self.now.date()

    def start_us(self, day: date, minute: float = 0) -> int:
        """Return the first instant at which a wall clock shows this minute of this day."""
        return self._instant(datetime.combine(day, time()) + timedelta(minutes=minute), fold=0)

    def end_us(self, day: date, minute: float = 0) -> int:
        """Return the instant after the last one at which a wall clock shows less than this minute of this day."""
        last = datetime.combine(day, time()) + timedelta(minutes=minute) - _MICROSECOND
        return max(self._instant(last, fold=0), self._instant(last, fold=1)) + 1

    def _instant(self, wall: datetime, fold: int) -> int:
        return to_us(wall.replace(tzinfo=self.zone, fold=fold))

    def whole(self, days: Days) -> Interval:
        """Return whole days as an interval."""
        return Interval(self.start_us(days.first), self.end_us(days.after))

    def part(self, days: Days, hours: Hours) -> Interval:
        """Return hours of the first day as an interval."""
        return Interval(self.start_us(days.first, hours.start_min), self.end_us(days.first, hours.end_min))

    def back_us(self, count: float, unit: Unit) -> int:
        """Return the instant so many units ago: hours as they passed, days and more by the wall clock."""
        if unit in _ELAPSED_S:
            return self.now_us - round(count * _ELAPSED_S[unit] * SECOND_US)
        if unit in ("day", "week"):
            return self._instant(self.now - timedelta(days=count * (7 if unit == "week" else 1)), fold=0)
        months, rest = divmod(count * (12 if unit == "year" else 1), 1)
        return self._instant(months_before(self.now, int(months)) - timedelta(days=30 * rest), fold=0)

    def last(self, count: float, unit: Unit) -> Interval:
        """Return "the last 2 hours": from so many units ago to now."""
        return Interval(self.back_us(count, unit), self.now_us)

    def ago(self, count: float, unit: Unit) -> Interval:
        """Return "2 hours ago": an eighth of the span to each side of that instant."""
        at_us = self.back_us(count, unit)
        side_us = (self.now_us - at_us) // AGO_SHARE
        return Interval(at_us - side_us, at_us + side_us)

    def day(self, back: int) -> Days:
        """Return the day so many days ago."""
        first = self.today - timedelta(days=back)
        return Days(first, first + DAY)

    def week(self, back: int) -> Days:
        """Return the calendar week so many weeks ago."""
        first = self.today - timedelta(days=(self.today.weekday() - self.week_start) % 7 + 7 * back)
        return Days(first, first + 7 * DAY)

    def weekday(self, weekday: int, weeks_back: int | None) -> Days:
        """Return a weekday of the calendar week so many weeks ago; with None the most recent one, today included."""
        if weeks_back is None:
            recent = self.day((self.today.weekday() - weekday) % 7)
            return replace(recent, step_days=7)
        first = self.week(weeks_back).first + timedelta(days=(weekday - self.week_start) % 7)
        return Days(first, first + DAY)

    def weekend(self, back: int) -> Days:
        """Return Saturday and Sunday: 0 the newest that has begun, 1 the one of the week before."""
        saturday = self.today - timedelta(days=(self.today.weekday() - 5) % 7)
        inside = self.today - saturday < 2 * DAY
        first = saturday - timedelta(days=7 * (back if inside else max(back - 1, 0)))
        return Days(first, first + 2 * DAY)

    def month(self, back: int) -> Days:
        """Return the calendar month so many months ago."""
        first = months_before(datetime.combine(self.today.replace(day=1), time()), back).date()
        return Days(first, _month_after(first))

    def year(self, year: int) -> Days:
        """Return a calendar year."""
        return Days(date(year, 1, 1), date(year + 1, 1, 1))

    def named_month(self, month: int, year: int | None = None) -> Days:
        """Return a month of a year; without one the newest that has begun."""
        first = date(year or self.today.year, month, 1)
        if year is None and first > self.today:
            first = first.replace(year=first.year - 1)
        return Days(first, _month_after(first))

    def quarter(self, number: int, year: int | None = None) -> Days:
        """Return a quarter of a year, 1 to 4; without a year the newest that has begun.  Raises ValueError for 5."""
        return self._part_of_year(number, 4, year)

    def quarter_back(self, back: int) -> Days:
        """Return the quarter so many quarters ago."""
        index = self.today.year * 4 + (self.today.month - 1) // 3 - back
        return self.quarter(index % 4 + 1, index // 4)

    def half_year(self, number: int, year: int | None = None) -> Days:
        """Return a half of a year, 1 or 2; without a year the newest that has begun.  Raises ValueError for 3."""
        return self._part_of_year(number, 2, year)

    def half_year_back(self, back: int) -> Days:
        """Return the half-year so many halves ago."""
        index = self.today.year * 2 + (self.today.month - 1) // 6 - back
        return self.half_year(index % 2 + 1, index // 2)

    def _part_of_year(self, number: int, parts: int, year: int | None) -> Days:
        if not 1 <= number <= parts:
            raise ValueError("no such part of a year")
        months = 12 // parts
        first = date(year or self.today.year, (number - 1) * months + 1, 1)
        if year is None and first > self.today:
            first = first.replace(year=first.year - 1)
        after = date(first.year + 1, 1, 1) if number == parts else first.replace(month=number * months + 1)
        return Days(first, after)

    def on_date(self, month: int, day: int, year: int | None = None) -> Days:
        """Return a date; without a year the newest that is not in the future.  Raises ValueError when there is none."""
        years = [year] if year is not None else range(self.today.year, self.today.year - 8, -1)
        for each in years:
            first = _valid(each, month, day)
            if first is not None and (year is not None or first <= self.today):
                return Days(first, first + DAY)
        raise ValueError("no such date")

    def day_of_month(self, day: int) -> Days:
        """Return the newest day of this number that is not in the future."""
        for back in range(12):
            month = self.month(back).first
            first = _valid(month.year, month.month, day)
            if first is not None and first <= self.today:
                return Days(first, first + DAY)
        raise ValueError("no such day")


def within_years(interval: Interval) -> Interval | None:
    """Return the part of an interval in the years 1970 to 2199; None when nothing of it, or its start, is there."""
    if interval.end_us < 0 or interval.start_us >= LATEST_US:
        return None
    return Interval(max(interval.start_us, 0), min(interval.end_us, LATEST_US))


def third_of_month(month: Days, third: int) -> Days:
    """Return the first ten days (0), the second ten (1) or the rest (2) of a month."""
    starts = (month.first, month.first + 10 * DAY, month.first + 20 * DAY, month.after)
    return Days(starts[third], starts[third + 1])


def months_before(wall: datetime, months: int) -> datetime:
    """Return the same wall time so many calendar months earlier, on the last day of a month that is too short."""
    index = wall.year * 12 + wall.month - 1 - months
    for day in range(wall.day, 27, -1):
        if _valid(index // 12, index % 12 + 1, day) is not None:
            return wall.replace(year=index // 12, month=index % 12 + 1, day=day)
    return wall.replace(year=index // 12, month=index % 12 + 1)


def _month_after(first: date) -> date:
    return (first + 31 * DAY).replace(day=1)


def _valid(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
