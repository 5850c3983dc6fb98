"""The windows on an X display, through xcffib: what they call themselves, where they are, which has the focus.

Owns one connection; the only file that imports xcffib, and only when it connects, because that needs libxcb at run
time.  Never decides what may be kept (recorder.privacy does).  Called by the recorder before and after each grab; a
window that vanishes while it is asked about is left out.  All requests are sent before the first answer is read: one
round trip for all windows together.
"""

from __future__ import annotations

import struct
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from recorder.desktop import Desktop, ScreenWindow
from recorder.screen import no_screen_message
from recorder.x_text import class_part, property_text
from timeline.closing import Closing
from timeline.errors import NoScreen, PartMissing
from timeline.model import Box, Window

_PROPERTIES = (
    "WM_CLASS", "WM_NAME", "_NET_WM_NAME", "_NET_WM_STATE", "_NET_WM_WINDOW_TYPE", "_NET_FRAME_EXTENTS",
    "_NET_WM_WINDOW_OPACITY",
)  # fmt: skip
_FURNITURE = ("_NET_WM_WINDOW_TYPE_DOCK", "_NET_WM_WINDOW_TYPE_DESKTOP")
_ATOMS = (
    *_PROPERTIES, *_FURNITURE, "_NET_CLIENT_LIST_STACKING", "_NET_ACTIVE_WINDOW", "_NET_WM_STATE_HIDDEN",
    "UTF8_STRING", "COMPOUND_TEXT",
)  # fmt: skip
_ANY_TYPE = 0
_VIEWABLE = 2  # map_state: the window and all that it lies in are mapped
_INPUT_ONLY = 2  # class of a window that shows nothing
_OPAQUE_DEPTHS = (24, 30)  # bits a pixel without alpha; a window of 32 may be see-through
_MOST_WORDS = 1024  # 4 kB of a property: longer titles are cut


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
        xcffib = _load()
        self._display = display
        self._refused: type[Exception] = xcffib.Error  # one window has vanished
        self._gone: type[Exception] = xcffib.XcffibException  # anything else: the connection is lost
        try:
            self._x = xcffib.connect(display)
            self._root = int(self._x.get_setup().roots[self._x.pref_screen].root)
            self._atoms = {name: self._atom(name) for name in _ATOMS}
        except self._gone as error:
            raise NoScreen(no_screen_message(display)) from error

    def look(self) -> Desktop:
        """Return the windows that can be seen now, the lowest first.  Raises NoScreen when the display has gone."""
        try:
            clients = self._clients()
            active = self._active(clients)
            asked = [*clients] if active is None else dict.fromkeys([*clients, active])
            seen = [self._answer(question, active) for question in [self._ask(window) for window in asked]]
        except self._gone as error:
            raise NoScreen(no_screen_message(self._display)) from error
        return tuple(window for window in seen if window is not None)

    def close(self) -> None:
        """Let go of the display, which may be gone already."""
        self._x.disconnect()

    def _atom(self, name: str) -> int:
        return int(self._x.core.InternAtom(False, len(name), name).reply().atom)

    def _clients(self) -> list[int]:
        """Return the window manager's list, or the root's own children where there is no window manager."""
        listed = self._reply(self._property(self._root, "_NET_CLIENT_LIST_STACKING"))
        if listed is not None and listed.format == 32:
            return _numbers(listed)
        return [int(child) for child in self._x.core.QueryTree(self._root).reply().children]

    def _active(self, clients: Iterable[int]) -> int | None:
        named = _numbers(self._reply(self._property(self._root, "_NET_ACTIVE_WINDOW")))
        if named:
            return named[0] or None
        return self._client_around(int(self._x.core.GetInputFocus().reply().focus), set(clients))

    def _client_around(self, window: int, clients: set[int]) -> int | None:
        """Return the client that a window lies in: without a window manager the focus may be on an inner window."""
        while window > 1 and window != self._root:  # 0 and 1 stand for "none" and "wherever the pointer is"
            if window in clients:
                return window
            tree = self._reply(self._x.core.QueryTree(window))
            if tree is None:
                return None
            window = int(tree.parent)
        return None

    def _property(self, window: int, name: str) -> Any:
        return self._x.core.GetProperty(False, window, self._atoms[name], _ANY_TYPE, 0, _MOST_WORDS)

    def _ask(self, window: int) -> _Question:
        core = self._x.core
        return _Question(
            window,
            core.GetWindowAttributes(window),
            core.GetGeometry(window),
            core.TranslateCoordinates(window, self._root, 0, 0),
            {name: self._property(window, name) for name in _PROPERTIES},
        )

    def _answer(self, question: _Question, active: int | None) -> ScreenWindow | None:
        """Return a window, None when it cannot be seen or has vanished."""
        attributes, geometry, corner = map(self._reply, (question.attributes, question.geometry, question.corner))
        told = {name: self._reply(cookie) for name, cookie in question.properties.items()}
        if attributes is None or not _can_be_seen(attributes):
            return None
        if self._atoms["_NET_WM_STATE_HIDDEN"] in _numbers(told["_NET_WM_STATE"]):
            return None
        kinds = _numbers(told["_NET_WM_WINDOW_TYPE"])
        see_through = bool(_numbers(told["_NET_WM_WINDOW_OPACITY"]))
        return ScreenWindow(
            question.window,
            Window(class_part(_raw(told["WM_CLASS"])), self._text(told["_NET_WM_NAME"]) or self._text(told["WM_NAME"])),
            _box(geometry, corner, _numbers(told["_NET_FRAME_EXTENTS"])),
            active=question.window == active,
            opaque=geometry is not None and geometry.depth in _OPAQUE_DEPTHS and not see_through,
            furniture=any(self._atoms[name] in kinds for name in _FURNITURE),
        )

    def _text(self, told: Any) -> str | None:
        names = {self._atoms["UTF8_STRING"]: "UTF8_STRING", self._atoms["COMPOUND_TEXT"]: "COMPOUND_TEXT"}
        return None if told is None else property_text(_raw(told), names.get(int(told.type), "STRING"))

    def _reply(self, cookie: Any) -> Any:
        """Return an answer, None when the window it is about has vanished."""
        try:
            return cookie.reply()
        except self._refused:
            return None


def _load() -> Any:
    try:
        import xcffib
        import xcffib.xproto
    except (ImportError, OSError) as error:  # OSError: xcffib is there, the system's libxcb is not
        raise PartMissing(
            "The active window cannot be asked for: libxcb is missing. Install it (on Debian: apt-get install libxcb1)."
        ) from error
    return xcffib


def _can_be_seen(attributes: Any) -> bool:
    return bool(attributes.map_state == _VIEWABLE and vars(attributes)["_class"] != _INPUT_ONLY)


def _box(geometry: Any, corner: Any, frame: list[int]) -> Box | None:
    """Return where a window is on the screen, with the frame that the window manager drew around it."""
    if geometry is None or corner is None:
        return None
    left, right, top, bottom = frame if len(frame) == 4 else (0, 0, 0, 0)
    x, y = corner.dst_x, corner.dst_y
    return Box(x - left, y - top, x + geometry.width + right, y + geometry.height + bottom)


def _raw(told: Any) -> bytes:
    return b"" if told is None or told.format != 8 else bytes(told.value.buf())


def _numbers(told: Any) -> list[int]:
    if told is None or told.format != 32:
        return []
    return [number for (number,) in struct.iter_unpack("=I", bytes(told.value.buf()))]
