"""What a time was spent on: seconds by application, category and project, sessions, documents and pages, gaps.

Owns the adding up; every second counts once (sessions.py).  Asks no model.  Called by `dayreel day` and `week`, and by
the answers that measure.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

from assistant.categories import Categories
from assistant.projects import document_of, is_page, plain_title, project_of
from assistant.sessions import Activity, Session, activities, sessions, time_by
from timeline.model import Gap, Interval, Moment, Window
from timeline.reader import Reader

MOST_NOTABLE = 10


@dataclass(frozen=True, slots=True)
class Notable:
    """A document or page, when it was first shown, and for how long in all."""

    name: str
    window: Window
    first_us: int
    offset_s: int
    active_us: int


@dataclass(frozen=True, slots=True)
class Digest:
    """What an interval was spent on; the totals are sorted, the longest first."""

    interval: Interval
    active_us: int
    sessions: tuple[Session, ...]
    by_app: dict[str | None, int]
    by_category: dict[str, int]
    by_project: dict[str, int]
    documents: tuple[Notable, ...]
    pages: tuple[Notable, ...]
    gaps: tuple[Gap, ...]


def digest(reader: Reader, interval: Interval, categories: Categories) -> Digest:
    """Return what an interval was spent on."""
    every = activities_of(reader, interval)
    projects = time_by((each for each in every if project_of(each.window)), lambda each: project_of(each.window) or "")
    return Digest(
        interval=interval,
        active_us=sum(each.active_us for each in every),
        sessions=tuple(sessions(every, categories.of, project_of)),
        by_app=time_by(every, lambda each: each.window.app),
        by_category=time_by(every, lambda each: categories.of(each.window)),
        by_project=projects,
        documents=notable_documents(every)[:MOST_NOTABLE],
        pages=notable_pages(every)[:MOST_NOTABLE],
        gaps=tuple(_gaps(reader, interval)),
    )


def activities_of(reader: Reader, interval: Interval) -> list[Activity]:
    """Return the one window of each second of an interval."""
    moments = reader.moments(interval)

    @cache
    def focused(moment_id: int, first_frame: int, last_frame: int) -> bool:
        frames = (reader.frame(first_frame), reader.frame(last_frame))
        return any(frame is not None and frame.active for frame in frames)

    def has_focus(one: Moment) -> bool:
        return not several or focused(one.id, one.first_frame, one.last_frame)

    several = len({one.monitor for one in moments}) > 1
    return activities(moments, reader.gaps(interval), interval, has_focus)


def notable_documents(every: list[Activity]) -> tuple[Notable, ...]:
    """Return the documents that were shown, the longest first."""
    return _notable(every, lambda window: document_of(window))


def notable_pages(every: list[Activity]) -> tuple[Notable, ...]:
    """Return the web pages that were shown, the longest first."""
    return _notable(every, lambda window: plain_title(window) if is_page(window) else None)


def _notable(every: list[Activity], name_of: Callable[[Window], str | None]) -> tuple[Notable, ...]:
    named: dict[str, list[Activity]] = {}
    for each in every:
        name = name_of(each.window)
        if name is not None:
            named.setdefault(name, []).append(each)
    found = [
        Notable(
            name, parts[0].window, parts[0].start_us, parts[0].moment.offset_s, sum(each.active_us for each in parts)
        )
        for name, parts in named.items()
    ]
    return tuple(sorted(found, key=lambda one: -one.active_us))


def _gaps(reader: Reader, interval: Interval) -> list[Gap]:
    cut = [
        Gap(max(gap.start_us, interval.start_us), min(gap.end_us, interval.end_us), gap.reason)
        for gap in reader.gaps(interval)
    ]
    return [gap for gap in cut if gap.end_us > gap.start_us]
