"""From moments to what was worked on: the one window of each second, and sessions of the same work.

Pure.  Owns what counts as time at the screen: each second belongs to one window however many monitors and windows show
something, and none counts while nothing was recorded.  Called by digest.py and by the answers that add up time.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TypeVar

from timeline.clock import SECOND_US
from timeline.model import Gap, Interval, Moment, Window

BREAK_US = 5 * 60 * SECOND_US  # nothing on the screen for longer ends a session
INTERRUPTION_US = 2 * 60 * SECOND_US  # other work for no longer, between two stretches of the same, is part of it
PASSING_US = 15 * SECOND_US  # an empty screen or an empty tab on the way to something
MOST_GAPS_IN_ONE = 10_000  # of one moment; a day has some tens
ABSENCES = (
    "idle",
    "locked",
    "suspended",
    "paused",
    "excluded",
    "forgotten",
    "disk full",
    "the clock",
    "the recorder was",
)
"""How the reasons of gaps begin in which nobody was at the screen, or nothing of it was kept, while moments go on."""

Key = TypeVar("Key")
Project = Callable[[Window], str | None]
"""The project that a window belongs to, None where its names do not say."""


@dataclass(frozen=True, slots=True)
class Activity:
    """A stretch in which one window had the user; they never overlap each other."""

    start_us: int
    end_us: int
    moment: Moment

    @property
    def window(self) -> Window:
        return self.moment.window

    @property
    def active_us(self) -> int:
        return self.end_us - self.start_us


class Stretch:
    """What consecutive activities have in common, whatever joins them."""

    __slots__ = ()
    activities: tuple[Activity, ...]

    @property
    def start_us(self) -> int:
        return self.activities[0].start_us

    @property
    def end_us(self) -> int:
        return self.activities[-1].end_us

    @property
    def active_us(self) -> int:
        return sum(each.active_us for each in self.activities)


@dataclass(frozen=True, slots=True)
class Session(Stretch):
    """Work of one category without a break; `window` is the one that had most of its time."""

    category: str
    activities: tuple[Activity, ...]

    @property
    def window(self) -> Window:
        """The window that had most of its time."""
        return next(iter(time_by(self.activities, lambda each: each.window)))


def time_by(activities: Iterable[Activity], key: Callable[[Activity], Key]) -> dict[Key, int]:
    """Return the microseconds of each key, the longest first."""
    total: dict[Key, int] = {}
    for each in activities:
        named = key(each)
        total[named] = total.get(named, 0) + each.active_us
    return dict(sorted(total.items(), key=lambda pair: -pair[1]))


def activities(
    moments: Sequence[Moment],
    gaps: Sequence[Gap],
    interval: Interval,
    focused: Callable[[Moment], bool] = lambda _moment: True,
) -> list[Activity]:
    """Return the one window of each second of an interval, in the order of time.

    Of moments that overlap on several monitors the one counts that had the focus, of these the one begun last.
    """
    absent = sorted((gap.start_us, gap.end_us) for gap in gaps if gap.reason.startswith(ABSENCES))
    return list(_without(_swept(_cut(moments, interval), focused), absent))


def sessions(every: Sequence[Activity], category: Callable[[Window], str], project: Project) -> list[Session]:
    """Return the activities joined to sessions: of one category or one project, short interruptions among them."""
    blocks = joined(every, lambda last, each: _goes_on(last, each, category, project))
    named = [Session(_main_category(block, category), tuple(block)) for block in _without_passing(blocks, category)]
    return _without_interruptions(named)


def joined(every: Iterable[Activity], goes_on: Callable[[Activity, Activity], bool]) -> list[list[Activity]]:
    """Return the activities in blocks: each goes on with the one before, or begins another."""
    blocks: list[list[Activity]] = []
    for each in every:
        if blocks and goes_on(blocks[-1][-1], each):
            blocks[-1].append(each)
        else:
            blocks.append([each])
    return blocks


def _cut(moments: Sequence[Moment], interval: Interval) -> list[Activity]:
    cut = [Activity(max(one.start_us, interval.start_us), min(one.end_us, interval.end_us), one) for one in moments]
    return sorted((each for each in cut if each.active_us > 0), key=lambda each: each.start_us)


def _swept(cut: Sequence[Activity], focused: Callable[[Moment], bool]) -> list[Activity]:
    """Return the stretches without their overlaps."""
    edges = sorted({edge for each in cut for edge in (each.start_us, each.end_us)})
    live: list[tuple[bool, int, int, Activity]] = []  # the first is the one that counts
    swept: list[Activity] = []
    waiting = list(reversed(cut))
    for start_us, end_us in pairwise(edges):
        while waiting and waiting[-1].start_us <= start_us:
            one = waiting.pop()
            heapq.heappush(live, (not focused(one.moment), -one.start_us, one.moment.id, one))
        while live and live[0][3].end_us <= start_us:
            heapq.heappop(live)
        if live:
            _lengthen(swept, Activity(start_us, end_us, live[0][3].moment))
    return swept


def _lengthen(swept: list[Activity], each: Activity) -> None:
    if swept and swept[-1].moment.id == each.moment.id and swept[-1].end_us == each.start_us:
        swept[-1] = replace(swept[-1], end_us=each.end_us)
    else:
        swept.append(each)


def _without(pieces: Iterable[Activity], absent: Sequence[tuple[int, int]]) -> Iterator[Activity]:
    """Yield the pieces without what lies in absences; both are in the order of time."""
    passed = 0
    for piece in pieces:
        while passed < len(absent) and absent[passed][1] <= piece.start_us:
            passed += 1
        start_us = piece.start_us
        for gap_start_us, gap_end_us in absent[passed : passed + MOST_GAPS_IN_ONE]:
            if gap_start_us >= piece.end_us:
                break
            if gap_start_us > start_us:
                yield replace(piece, start_us=start_us, end_us=gap_start_us)
            start_us = max(start_us, gap_end_us)
        if start_us < piece.end_us:
            yield replace(piece, start_us=start_us)


def _goes_on(last: Activity, each: Activity, category: Callable[[Window], str], project: Project) -> bool:
    if each.start_us - last.end_us > BREAK_US:
        return False
    own = project(each.window)
    return category(last.window) == category(each.window) or (own is not None and own == project(last.window))


def _main_category(block: Sequence[Activity], category: Callable[[Window], str]) -> str:
    return next(iter(time_by(block, lambda each: category(each.window))))


def _without_passing(blocks: list[list[Activity]], category: Callable[[Window], str]) -> list[list[Activity]]:
    """Return the blocks, those of a few seconds without a category of their own being part of the next."""
    kept: list[list[Activity]] = []
    for block in blocks:
        if kept and _passes(kept[-1], category) and block[0].start_us - kept[-1][-1].end_us <= BREAK_US:
            kept[-1] += block
        else:
            kept.append(block)
    return kept


def _passes(block: Sequence[Activity], category: Callable[[Window], str]) -> bool:
    return _active_us(block) <= PASSING_US and _main_category(block, category) in ("other", "browsing")


def _without_interruptions(named: Sequence[Session]) -> list[Session]:
    """Return the sessions, short ones between two longer ones of the same category being part of these."""
    joined: list[Session] = []
    for each in named:
        if len(joined) > 1 and joined[-2].category == each.category and _is_interruption(joined[-2], joined[-1], each):
            between, before = joined.pop(), joined.pop()
            joined.append(Session(each.category, (*before.activities, *between.activities, *each.activities)))
        else:
            joined.append(each)
    return joined


def _is_interruption(before: Session, between: Session, after: Session) -> bool:
    length_us = between.active_us
    unbroken = between.start_us - before.end_us <= BREAK_US and after.start_us - between.end_us <= BREAK_US
    return unbroken and length_us <= INTERRUPTION_US and length_us < min(before.active_us, after.active_us)


def _active_us(block: Iterable[Activity]) -> int:
    return sum(each.active_us for each in block)
