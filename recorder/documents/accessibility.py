"""The document that a window shows, as its program tells assistive technology (AT-SPI over D-Bus).

Owns the way from a process to its window's document: a handful of calls within a fixed time.  Never switches
accessibility on: where no program of the user's did, nothing is asked.  Called by recorder.documents.source, in its
thread, on connections of its own.

Browsers (Firefox, Chromium) say which document a window embeds by a relation, so that no tree is walked; programs
without that relation are not asked further.  Source: at-spi2-core, xml/ (Accessible, Document), atspi-constants.h.
"""

from __future__ import annotations

import time
from typing import Any

from recorder.dbus import BUS, Bus
from timeline.closing import Closing

ANSWER_S = 0.2  # for all calls about one window together
MOST_PROGRAMS, MOST_WINDOWS = 40, 20
_LAUNCHER = ("org.a11y.Bus", "/org/a11y/bus")
_STATUS = (*_LAUNCHER, "org.a11y.Status")
_ROOT = "/org/a11y/atspi/accessible/root"
_REGISTRY = "org.a11y.atspi.Registry"
_ACCESSIBLE, _DOCUMENT = "org.a11y.atspi.Accessible", "org.a11y.atspi.Document"
_EMBEDS = 13  # ATSPI_RELATION_EMBEDS: from a window to the document in it
_URL_NAMES = ("DocURL", "URI")  # Firefox; Chromium

Place = tuple[str, str]
"""An object on the bus: the name of its program's connection, and its path."""


class Accessibility(Closing):
    """The accessibility bus of a session, where it runs."""

    def __init__(self, address: str = "SESSION") -> None:
        self._session = Bus.connect(address)
        self._bus: Bus | None = None
        self._until_s = 0.0

    def answers(self) -> bool:
        """Tell whether accessibility is on, so that programs can be asked."""
        self._until_s = time.monotonic() + ANSWER_S
        return self._connected()

    def document_of(self, pid: int, title: str) -> str | None:
        """Return the URL of the document in the window of a process that bears this title; None where none is told."""
        self._until_s = time.monotonic() + ANSWER_S
        if not self._connected():
            return None
        windows = [window for program in self._programs(pid) for window in self._windows(program, title)]
        urls = {url for window in windows for document in self._embedded(window) if (url := self._url(document))}
        return urls.pop() if len(urls) == 1 else None

    def names(self, pid: int) -> list[str]:
        """Return what the windows of a process are called; a browser's private ones have a mark behind the title."""
        self._until_s = time.monotonic() + ANSWER_S
        if not self._connected():
            return []
        windows = [window for program in self._programs(pid) for window in self._children(program)[:MOST_WINDOWS]]
        return [name for window in windows if (name := self._name(window))]

    def close(self) -> None:
        """Let go of both buses."""
        for bus in (self._bus, self._session):
            if bus is not None:
                bus.close()

    def _connected(self) -> bool:
        """Tell whether accessibility is on and its bus answers; a bus that was started anew is found again."""
        if self._session is None or self._session.property(_STATUS, "IsEnabled", self._left_s()) is not True:
            return False
        if self._bus is None or not self._bus.open:
            told = self._session.call((*_LAUNCHER, "org.a11y.Bus"), "GetAddress", timeout_s=self._left_s())
            self._bus = Bus.connect(str(told[0])) if told else None
        return self._bus is not None

    def _programs(self, pid: int) -> list[Place]:
        """Return what a process shows of itself."""
        programs = self._children((_REGISTRY, _ROOT))[:MOST_PROGRAMS]
        return [
            program for program in programs if self._ask(BUS, "GetConnectionUnixProcessID", "s", program[0]) == (pid,)
        ]

    def _windows(self, program: Place, title: str) -> list[Place]:
        """Return the windows that bear a title: another one's document is never taken for theirs."""
        windows = self._children(program)[:MOST_WINDOWS]
        return [window for window in windows if self._name(window) == title]

    def _embedded(self, window: Place) -> list[Place]:
        told = self._ask((*window, _ACCESSIBLE), "GetRelationSet")
        relations = told[0] if told else []
        return [(str(name), str(path)) for kind, targets in relations if kind == _EMBEDS for name, path in targets]

    def _url(self, document: Place) -> str | None:
        told = self._ask((*document, _DOCUMENT), "GetAttributes")
        attributes = told[0] if told else {}
        return next((attributes[name] for name in _URL_NAMES if attributes.get(name)), None)

    def _children(self, parent: Place) -> list[Place]:
        told = self._ask((*parent, _ACCESSIBLE), "GetChildren")
        return [(str(name), str(path)) for name, path in (told[0] if told else [])]

    def _name(self, one: Place) -> str | None:
        told = None if self._bus is None else self._bus.property((*one, _ACCESSIBLE), "Name", self._left_s())
        return told.strip() if isinstance(told, str) else None

    def _ask(self, target: tuple[str, str, str], member: str, signature: str = "", *body: object) -> Any:
        if self._bus is None:
            return None
        return self._bus.call(target, member, signature, *body, timeout_s=self._left_s())

    def _left_s(self) -> float:
        return max(0.0, self._until_s - time.monotonic())
