"""The windows on an X display, through xcffib: what they call themselves, where they are, which has the focus.

Owns what is known of them.  Never decides what may be kept (recorder.privacy does).  Called by the recorder before and
after each grab.  The display tells of every change by an event, so a desktop on which nothing happened is not asked
again: one round trip makes sure that nothing did.  When something did, all requests are sent before the first answer is
read; a window that vanishes while it is asked about is left out.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from recorder.desktop import Desktop, ScreenWindow
from recorder.x_connection import XConnection, numbers, raw
from recorder.x_text import class_part, property_text, still_title
from timeline.closing import Closing
from timeline.model import Box, Window

_PROPERTIES = (
    "WM_CLASS", "WM_NAME", "_NET_WM_NAME", "_NET_WM_STATE", "_NET_WM_WINDOW_TYPE", "_NET_FRAME_EXTENTS",
    "_NET_WM_WINDOW_OPACITY", "_NET_WM_PID", "_NET_WM_DESKTOP",
)  # fmt: skip
_FURNITURE = ("_NET_WM_WINDOW_TYPE_DOCK", "_NET_WM_WINDOW_TYPE_DESKTOP")
_OF_THE_ROOT = ("_NET_CLIENT_LIST_STACKING", "_NET_ACTIVE_WINDOW")
_ATOMS = (*_PROPERTIES, *_FURNITURE, *_OF_THE_ROOT, "_NET_WM_STATE_HIDDEN", "UTF8_STRING", "COMPOUND_TEXT")
_ANY_TYPE = 0
_VIEWABLE = 2  # map_state: the window and all that it lies in are mapped
_INPUT_ONLY = 2  # class of a window that shows nothing
_OPAQUE_DEPTHS = (24, 30)  # bits a pixel without alpha; a window of 32 may be see-through
_MOST_WORDS = 1024  # 4 kB of a property: longer titles are cut
_ALL_WORKSPACES = 0xFFFFFFFF
_LISTENED = 1 << 11  # CWEventMask, the bit of ChangeWindowAttributes that says which events are wanted
_FOCUS_CHANGE, _PROPERTY_CHANGE, _STRUCTURE, _SUBSTRUCTURE = 1 << 21, 1 << 22, 1 << 17, 1 << 19
_OF_A_CLIENT = _PROPERTY_CHANGE | _STRUCTURE | _FOCUS_CHANGE


@dataclass(frozen=True, slots=True)
class _Question:
    """What was asked about one window: the answers are read later."""

    window: int
    attributes: Any
    geometry: Any
    corner: Any
    properties: dict[str, Any]


class Windows(Closing):
    """The windows of the display that DISPLAY names, or of the one given."""

    def __init__(self, display: str | None = None) -> None:
        self._connection = XConnection(display)
        self._root = self._connection.root
        with self._connection.answering():
            self._core = self._connection.x.core
            self._atoms = {name: self._connection.atom(name) for name in _ATOMS}
            self._telling = {self._atoms[name] for name in (*_PROPERTIES, *_OF_THE_ROOT)}
            self._core.ChangeWindowAttributes(self._root, _LISTENED, [_PROPERTY_CHANGE | _SUBSTRUCTURE | _FOCUS_CHANGE])
        self._listened_to: set[int] = set()
        self._desktop: Desktop | None = None  # None: something has happened since the last look

    def look(self) -> Desktop:
        """Return the windows that can be seen now, the lowest first.  Raises NoScreen when the display has gone."""
        with self._connection.answering():
            self._connection.round_trip()
            self._take_events()
            if self._desktop is None:
                self._desktop = self._ask_all()
            return self._desktop

    def fileno(self) -> int:
        return self._connection.fileno()

    def stirred(self) -> bool:
        """Tell whether the windows may have changed since the last look.  Raises NoScreen."""
        self._take_events()
        return self._desktop is None

    def close(self) -> None:
        """Let go of the display, which may be gone already."""
        self._connection.close()

    def _take_events(self) -> None:
        """Take in what the display told; anything but a property of no interest makes the next look a new one."""
        for event in self._connection.events():
            if type(event).__name__ != "PropertyNotifyEvent" or event.atom in self._telling:
                self._desktop = None

    def _ask_all(self) -> Desktop:
        clients = self._clients()
        self._listen_to(clients)  # before the questions: what changes after an answer is then told
        active = self._active(clients)
        asked = [*clients] if active is None else dict.fromkeys([*clients, active])
        seen = [self._answer(question, active) for question in [self._ask(window) for window in asked]]
        return tuple(window for window in seen if window is not None)

    def _listen_to(self, clients: Iterable[int]) -> None:
        present = set(clients)
        for window in present - self._listened_to:
            self._core.ChangeWindowAttributes(window, _LISTENED, [_OF_A_CLIENT])
        self._listened_to = present

    def _clients(self) -> list[int]:
        """Return the window manager's list, or the root's own children where there is no window manager."""
        listed = self._connection.reply(self._property(self._root, "_NET_CLIENT_LIST_STACKING"))
        if listed is not None and listed.format == 32:
            return numbers(listed)
        return [int(child) for child in self._core.QueryTree(self._root).reply().children]

    def _active(self, clients: Iterable[int]) -> int | None:
        named = numbers(self._connection.reply(self._property(self._root, "_NET_ACTIVE_WINDOW")))
        if named:
            return named[0] or None
        return self._client_around(int(self._core.GetInputFocus().reply().focus), set(clients))

    def _client_around(self, window: int, clients: set[int]) -> int | None:
        """Return the client that a window lies in: without a window manager the focus may be on an inner window."""
        while window > 1 and window != self._root:  # 0 and 1 stand for "none" and "wherever the pointer is"
            if window in clients:
                return window
            tree = self._connection.reply(self._core.QueryTree(window))
            if tree is None:
                return None
            window = int(tree.parent)
        return None

    def _property(self, window: int, name: str) -> Any:
        return self._core.GetProperty(False, window, self._atoms[name], _ANY_TYPE, 0, _MOST_WORDS)

    def _ask(self, window: int) -> _Question:
        return _Question(
            window,
            self._core.GetWindowAttributes(window),
            self._core.GetGeometry(window),
            self._core.TranslateCoordinates(window, self._root, 0, 0),
            {name: self._property(window, name) for name in _PROPERTIES},
        )

    def _answer(self, question: _Question, active: int | None) -> ScreenWindow | None:
        """Return a window, None when it cannot be seen or has vanished."""
        reply = self._connection.reply
        attributes, geometry, corner = map(reply, (question.attributes, question.geometry, question.corner))
        told = {name: reply(cookie) for name, cookie in question.properties.items()}
        if attributes is None or not _can_be_seen(attributes):
            return None
        if self._atoms["_NET_WM_STATE_HIDDEN"] in numbers(told["_NET_WM_STATE"]):
            return None
        title = self._text(told["_NET_WM_NAME"]) or self._text(told["WM_NAME"])
        kinds = numbers(told["_NET_WM_WINDOW_TYPE"])
        see_through = bool(numbers(told["_NET_WM_WINDOW_OPACITY"]))
        workspace = _first(told["_NET_WM_DESKTOP"])
        return ScreenWindow(
            question.window,
            Window(class_part(raw(told["WM_CLASS"])), still_title(title)),
            _box(geometry, corner, numbers(told["_NET_FRAME_EXTENTS"])),
            active=question.window == active,
            opaque=geometry is not None and geometry.depth in _OPAQUE_DEPTHS and not see_through,
            furniture=any(self._atoms[name] in kinds for name in _FURNITURE),
            pid=_first(told["_NET_WM_PID"]),
            workspace=None if workspace == _ALL_WORKSPACES else workspace,
        )

    def _text(self, told: Any) -> str | None:
        names = {self._atoms["UTF8_STRING"]: "UTF8_STRING", self._atoms["COMPOUND_TEXT"]: "COMPOUND_TEXT"}
        return None if told is None else property_text(raw(told), names.get(int(told.type), "STRING"))


def _can_be_seen(attributes: Any) -> bool:
    return bool(attributes.map_state == _VIEWABLE and vars(attributes)["_class"] != _INPUT_ONLY)


def _box(geometry: Any, corner: Any, frame: list[int]) -> Box | None:
    """Return where a window is on the screen, with the frame that the window manager drew around it."""
    if geometry is None or corner is None:
        return None
    left, right, top, bottom = frame if len(frame) == 4 else (0, 0, 0, 0)
    x, y = corner.dst_x, corner.dst_y
    return Box(x - left, y - top, x + geometry.width + right, y + geometry.height + bottom)


def _first(told: Any) -> int | None:
    return next(iter(numbers(told)), None)
