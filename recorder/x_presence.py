"""What an X display tells of the user: how long there was no input, whether it is blanked, whether a locker covers it.

Owns one connection of its own, with the few events that wake the recorder when the user comes back.  Never grabs a
pixel.  Called by recorder.presence.

Three kinds of lockers are known without a bus: xscreensaver says so in a property of the root; i3lock, xsecurelock,
xlock and the like cover the screen with a window that passes by the window manager and bears their name; slock's bears
no name, but holds the keyboard.
"""

from __future__ import annotations

import logging
from contextlib import suppress
from dataclasses import dataclass
from importlib import import_module
from typing import Any

from recorder.x_connection import XConnection, numbers, raw
from recorder.x_text import class_part
from timeline.clock import Clock
from timeline.closing import Closing

LOCKERS = frozenset(("i3lock", "xsecurelock", "xlock", "slock"))
LOCKERS_EVERY_S = 2.0  # the windows of the root are listed for it: 0.26 ms of CPU
BACK_BELOW_MS = 1000  # the alarm rings when the idle time has fallen below: the server resets it to 0 at each input
_TOP_WINDOWS = 8  # a locker keeps itself on top; a notification or two may lie above it
_BLANKED = 1  # state of the screen saver: on
_VIEWABLE, _INPUT_ONLY = 2, 2
_NONE = 0  # no resource of an X server has this number
_WM_CLASS, _WM_NAME = 67, 39  # predefined atoms
_EVENT_MASK = 1 << 11  # the field of a window's attributes
_STRUCTURE, _PROPERTIES = 1 << 17, 1 << 22  # event masks StructureNotify and PropertyChange
_NOW, _ASYNCHRONOUS, _GRABBED = 0, 1, 0  # time and mode of a grab, and its success
_NEGATIVE_TRANSITION = 1
_ALARM_FIELDS = 0b111111  # counter, value type, value, test type, delta, events

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class XSight:
    """One look: seconds without input (None where the display does not count them), blanked, locked."""

    idle_s: float | None
    blanked: bool
    locked: bool


class XPresence(Closing):
    """The display that DISPLAY names, or the one given."""

    def __init__(self, clock: Clock, display: str | None = None) -> None:
        self._clock, self._alarm, self._watched = clock, _NONE, _NONE
        self._locked = self._saved = False
        self._looked_s = float("-inf")
        for name in ("screensaver", "sync"):  # xcffib knows the events of what was loaded before it connects
            with suppress(ImportError, OSError):  # what is missing is said by the connection
                _extension(name)
        self._harmless: set[int] = set()
        self._connection = XConnection(display)
        with self._connection.answering():
            self._x, self._root = self._connection.x, self._connection.root
            names = ("_SCREENSAVER_STATUS", "LOCK", "BLANK")
            self._status, self._lock, self._blank = (self._connection.atom(name) for name in names)
            self._saver, self._sync, self._counter = self._extensions()

    def fileno(self) -> int:
        """Return what becomes readable when the user may have come back."""
        return self._connection.fileno()

    def stirred(self) -> bool:
        """Take the events that have come and tell whether there were any: that they woke is all that they are for."""
        return bool(list(self._connection.events()))

    def look(self) -> XSight:
        """Return what the display tells now, and take its events.  Raises NoScreen when it has gone.

        Whether it is locked may be two seconds old; a lock that is there is always looked at anew.
        """
        with self._connection.answering():
            idle_s, blanked = self._input()
            now_s = self._clock.monotonic_s()
            if self._locked or self._saved or now_s - self._looked_s >= LOCKERS_EVERY_S:
                self._look_for_lockers()
                self._looked_s = now_s
        self.stirred()
        return XSight(idle_s, blanked or self._saved, self._locked)

    def wake_at_input(self) -> None:
        """Have `fileno` become readable at the next input; where the display cannot, the keep-alive must do."""
        if self._alarm == _NONE and self._counter is not None:
            self._alarm = int(self._x.generate_id())
            fields = [self._counter, 0, (0, BACK_BELOW_MS), _NEGATIVE_TRANSITION, (0, 0), 1]
            with self._connection.answering():
                self._sync.CreateAlarm(self._alarm, _ALARM_FIELDS, fields)
                self._x.flush()

    def sleep_through_input(self) -> None:
        """Wake for input no more: while the user works every key would."""
        if self._alarm != _NONE:
            with self._connection.answering():
                self._sync.DestroyAlarm(self._alarm)
                self._x.flush()
            self._alarm = _NONE

    def close(self) -> None:
        """Let go of the display, which may be gone already."""
        self._connection.close()

    def _extensions(self) -> tuple[Any, Any, int | None]:
        """Return the screen saver and alarm extensions and the counter of the idle time, None for what is missing."""
        saver = sync = counter = None
        if self._has("MIT-SCREEN-SAVER"):
            saver = self._x(_extension("screensaver").key)
        else:
            log.info("the display does not tell how long there was no input: idle time is recorded like any other")
        if self._has("SYNC"):
            sync = self._x(_extension("sync").key)
            sync.Initialize(3, 1).reply()
            counter = _counters(self._x, sync.ListSystemCounters()).get("IDLETIME")
        return saver, sync, counter

    def _has(self, extension: str) -> bool:
        return bool(self._x.core.QueryExtension(len(extension), extension).reply().present)

    def _input(self) -> tuple[float | None, bool]:
        if self._saver is None:
            return None, False
        told = self._saver.QueryInfo(self._root).reply()
        return told.ms_since_user_input / 1000, told.state == _BLANKED

    def _look_for_lockers(self) -> None:
        core = self._x.core
        status, tree = core.GetProperty(False, self._root, self._status, 0, 0, 1), core.QueryTree(self._root)
        told = numbers(status.reply())
        children = [int(child) for child in tree.reply().children]
        self._saved = told == [self._blank]
        locker = self._locker(children[-_TOP_WINDOWS:]) if told != [self._lock] and not self._saved else self._root
        self._locked = locker is not None and not self._saved
        if locker is not None:
            self._watch(locker, _PROPERTIES if locker == self._root else _STRUCTURE)
        elif self._watched == self._root:
            self._watch(self._root, 0)

    def _watch(self, window: int, events: int) -> None:
        """Have the end of a lock wake the recorder."""
        if events == 0 or self._watched != window:
            self._x.core.ChangeWindowAttributes(window, _EVENT_MASK, [events])
            self._x.flush()
            self._watched = window if events else _NONE

    def _locker(self, windows: list[int]) -> int | None:
        """Return the window of a locker: it covers the screen, the window manager has no say, the name is known."""
        core, reply = self._x.core, self._connection.reply
        asked = [(window, core.GetWindowAttributes(window), core.GetGeometry(window)) for window in windows]
        whole = reply(core.GetGeometry(self._root))  # the connection's own idea of it is as old as the connection
        answers = [(window, reply(attributes), reply(place)) for window, attributes, place in asked]
        for window, attributes, place in answers:
            if attributes is not None and place is not None and _covers(attributes, place, whole):
                named = [core.GetProperty(False, window, name, 0, 0, 64) for name in (_WM_CLASS, _WM_NAME)]
                if self._is_locker(window, *(raw(reply(cookie)) for cookie in named)):
                    return window
        return None

    def _is_locker(self, window: int, wm_class: bytes, wm_name: bytes) -> bool:
        if class_part(wm_class) is None and not wm_name:
            return window not in self._harmless and self._holds_the_keyboard(window)
        names = [*wm_class.split(b"\0"), wm_name.strip(b"\0")]
        return any(name.decode("utf-8", "replace").casefold() in LOCKERS for name in names)

    def _holds_the_keyboard(self, window: int) -> bool:
        """Tell whether somebody does while a window without a name covers the screen.

        Nobody tells but the server, to who tries to hold it too; that is tried once a window, since the program that
        has the focus is told of it where it succeeds.
        """
        core = self._x.core
        status = core.GrabKeyboard(False, self._root, _NOW, _ASYNCHRONOUS, _ASYNCHRONOUS).reply().status
        if status == _GRABBED:
            core.UngrabKeyboard(_NOW)
            self._x.flush()
            self._harmless.add(window)
        return bool(status != _GRABBED)


def _covers(attributes: Any, place: Any, screen: Any) -> bool:
    """Tell whether a window that passes by the window manager is shown and covers the whole screen."""
    if screen is None or not attributes.override_redirect or attributes.map_state != _VIEWABLE:
        return False
    right_px, bottom_px = place.x + place.width, place.y + place.height
    whole = place.x <= 0 and place.y <= 0 and right_px >= screen.width and bottom_px >= screen.height
    return bool(whole and vars(attributes)["_class"] != _INPUT_ONLY)


def _counters(x: Any, cookie: Any) -> dict[str, int]:
    """Return the system counters by name; xcffib 1.13 stumbles over the padding between them."""
    reply = x.wait_for_reply(cookie.sequence)
    (count,) = reply.unpack("=8xI20x")
    counters = {}
    for _ in range(count):
        counter, length = reply.unpack("=I8xH")
        (name,) = reply.unpack(f"={length}s")
        reply.unpack(f"={-(length + 2) % 4}x")
        counters[name.decode("ascii", "replace")] = counter
    return counters


def _extension(name: str) -> Any:
    return import_module(f"xcffib.{name}")
