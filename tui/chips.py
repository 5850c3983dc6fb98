"""The filters of a search: which application, time, monitor and mode, each taken to its next value.  Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING, Self, TypeVar

from timeline.phrases import parse_when
from tui import wording

if TYPE_CHECKING:
    from index.filters import Filters
    from index.search import Mode

_PHRASES = ("", "today", "yesterday", "this week", "last week", "this month")
_MODES: tuple[Mode, ...] = ("hybrid", "text", "meaning")
_MOST_APPS = 8
_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class Chips:
    """What a search is confined to; the applications to choose from are those of its last results."""

    app: str | None = None
    time: int = 0
    monitor: int | None = None
    mode: Mode = "hybrid"
    apps: tuple[str, ...] = ()
    monitors: tuple[int, ...] = ()

    def next(self, name: str) -> Self:
        """Return the filters with one of them at its next value."""
        if name == "app":
            return replace(self, app=_next((None, *self.apps), self.app))
        if name == "time":
            return replace(self, time=(self.time + 1) % len(_PHRASES))
        if name == "monitor":
            return replace(self, monitor=_next((None, *self.monitors), self.monitor))
        return replace(self, mode=_next(_MODES, self.mode))

    def shown(self, name: str) -> tuple[str, bool]:
        """Return the value of a filter in words, and whether it confines anything."""
        if name == "app":
            return self.app or wording.CHIP_ANY, self.app is not None
        if name == "time":
            return wording.CHIP_TIMES[self.time], self.time > 0
        if name == "monitor":
            return (wording.CHIP_ANY if self.monitor is None else str(self.monitor)), self.monitor is not None
        return wording.CHIP_MODES[self.mode], self.mode != "hybrid"

    def with_apps(self, apps: Iterable[str | None]) -> Self:
        """Return the filters with the applications of some results to choose from; a chosen one keeps the choice."""
        if self.app is not None:
            return self
        return replace(self, apps=tuple(dict.fromkeys(app for app in apps if app))[:_MOST_APPS])

    def filters(self, now: datetime) -> Filters:
        """Return what the index is asked for."""
        from index.filters import Filters

        interval = parse_when(_PHRASES[self.time], now, now.tzinfo) if self.time else None
        return Filters(interval=interval, app=self.app)

    def limit(self, most: int) -> int:
        """Return how many results to ask for: more where some are left out afterwards, by their monitor."""
        return most if self.monitor is None else 4 * most


def _next(values: tuple[_T, ...], value: _T) -> _T:
    return values[(values.index(value) + 1) % len(values)] if value in values else values[0]
