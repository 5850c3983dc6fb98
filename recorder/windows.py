"""The windows on an X display, through xcffib: what they call themselves, where they are, which has the focus.

Owns what is known of them.  Never decides what may be kept (recorder.privacy does).  Called by the recorder before and
after each grab.  The display tells of every change by an event, so a desktop on which nothing happened is not asked
again: one round trip makes sure that nothing did.  When something did, all requests are sent before the first answer is
read; a window that vanishes while it is asked about is left out.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from recorder.desktop import Desktop, ScreenWindow
from recorder.x_clients import XClients
from recorder.x_connection import XConnection, numbers, raw
from recorder.x_text import class_part, property_text, still_title
from timeline.closing import Closing
from timeline.model import Box, Window

_PROPERTIES = (
    "WM_CLASS", "WM_NAME", "_NET_WM_NAME", "_NET_WM_STATE", "_NET_WM_WINDOW_TYPE", "_NET_FRAME_EXTENTS",
    "_NET_WM_WINDOW_OPACITY", "_NET_WM_PID", "_NET_WM_DESKTOP", "WM_TRANSIENT_FOR", "WM_CLIENT_LEADER", "WM_HINTS",
)  # fmt: skip
_FURNITURE = ("_NET_WM_WINDOW_TYPE_DOCK", "_NET_WM_WINDOW_TYPE_DESKTOP")
_OF_THE_ROOT = ("_NET_CLIENT_LIST_STACKING", "_NET_ACTIVE_WINDOW")
_ATOMS = (
    *_PROPERTIES, *_FURNITURE, *_OF_THE_ROOT, "_NET_WM_STATE_HIDDEN", "_NET_WM_STATE_SHADED", "UTF8_STRING",
    "COMPOUND_TEXT",
)  # fmt: skip
_ANY_TYPE = 0
_VIEWABLE = 2  # map_state: the window and all that it lies in are mapped
_INPUT_ONLY = 2  # class of a window that shows nothing
_OPAQUE_DEPTHS = (24, 30)  # bits a pixel without alpha; a window of 32 may be see-through
_MOST_WORDS = 16_384  # 64 kB of a property: what is longer is taken to be excluded, since its end is not known
_GROUP_HINT = 1 << 6  # WM_HINTS says which group; the ninth number is its leader (ICCCM 4.1.2.4)
_DEPTH = 3  # a window manager's frame holds its client at most so deep
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
    around: Any
    """The geometry of the window manager's frame; None where there is no frame."""
    shapes: tuple[Any, ...]
    properties: dict[str, Any]


class Windows(Closing):
    """The windows of the display that DISPLAY names, or of the one given."""

    def __init__(self, display: str | None = None) -> None:
        self._connection = XConnection(display)
        import xcffib.shape

        self._shape = self._connection.extension(xcffib.shape)
        self._root = self._connection.root
        self._clients = XClients(self._connection)
        with self._connection.answering():
            self._core = self._connection.x.core
            self._atoms = {name: self._connection.atom(name) for name in _ATOMS}
            self._telling = {self._atoms[name] for name in (*_PROPERTIES, *_OF_THE_ROOT)}
            self._core.ChangeWindowAttributes(self._root, _LISTENED, [_PROPERTY_CHANGE | _SUBSTRUCTURE | _FOCUS_CHANGE])
        self._listened_to: set[int] = set()
        self._inside: dict[int, int] = {}  # what a top window shows: the client in it, else itself
        self._listed: set[int] = set()
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
            kind = type(event).__name__
            if kind != "PropertyNotifyEvent" or event.atom in self._telling:
                self._desktop = None
            if kind == "ReparentNotifyEvent":
                self._inside.clear()
            if kind == "DestroyNotifyEvent":
                self._clients.forget()

    def _ask_all(self) -> Desktop:
        tops = self._tops()
        self._listen_to(tops.values())  # before the questions: what changes after an answer is then told
        active = self._active(tops)
        seen = [self._answer(question, active) for question in [self._ask(*pair) for pair in tops.items()]]
        return tuple(window for window in seen if window is not None)

    def _listen_to(self, windows: Iterable[int]) -> None:
        present = set(windows)
        for window in present - self._listened_to:
            self._core.ChangeWindowAttributes(window, _LISTENED, [_OF_A_CLIENT])
            if self._shape is not None:
                self._shape.SelectInput(window, True)
        self._listened_to = present

    def _tops(self) -> dict[int, int]:
        """Return the root's visible children, the lowest first, each with the window that tells its name.

        Not the window manager's list alone: menus and prompts that pass by the window manager are not in it, nor is
        anything new when the window manager has died or does not keep such a list.
        """
        self._listed = set(numbers(self._connection.reply(self._property(self._root, "_NET_CLIENT_LIST_STACKING"))))
        children = [int(child) for child in self._core.QueryTree(self._root).reply().children]
        asked = [(child, self._core.GetWindowAttributes(child)) for child in children]
        answers = [(child, self._connection.reply(cookie)) for child, cookie in asked]
        visible = [child for child, attributes in answers if attributes is not None and _can_be_seen(attributes)]
        shown = {top: self._inside.get(top) or self._named_inside(top) for top in visible}
        self._inside = {top: window for top, window in shown.items() if top != window or window in self._listed}
        return shown

    def _named_inside(self, top: int) -> int:
        """Return the window in a top one that tells its name: a listed one, the first with a class, or itself."""
        level, classed = [top], None
        for _ in range(_DEPTH):
            asked = [(one, self._property(one, "WM_CLASS"), self._core.QueryTree(one)) for one in level]
            level = []
            for window, named, tree in asked:
                told, below = self._connection.reply(named), self._connection.reply(tree)
                if window in self._listed:
                    return window
                if classed is None and raw(told):
                    classed = window
                level += [] if below is None else [int(child) for child in below.children]
        return top if classed is None else classed

    def _active(self, tops: Mapping[int, int]) -> int | None:
        named = numbers(self._connection.reply(self._property(self._root, "_NET_ACTIVE_WINDOW")))
        if named and (named[0] == 0 or named[0] in tops.values()):
            return named[0] or None
        return self._client_around(int(self._core.GetInputFocus().reply().focus), tops)

    def _client_around(self, window: int, tops: Mapping[int, int]) -> int | None:
        """Return the client that a window lies in: without a window manager the focus may be on an inner window."""
        clients = set(tops.values())
        while window > 1 and window != self._root:  # 0 and 1 stand for "none" and "wherever the pointer is"
            if window in clients:
                return window
            if window in tops:
                return tops[window]
            tree = self._connection.reply(self._core.QueryTree(window))
            if tree is None:
                return None
            window = int(tree.parent)
        return None

    def _property(self, window: int, name: str) -> Any:
        return self._core.GetProperty(False, window, self._atoms[name], _ANY_TYPE, 0, _MOST_WORDS)

    def _ask(self, top: int, window: int) -> _Question:
        return _Question(
            window,
            self._core.GetWindowAttributes(window),
            self._core.GetGeometry(window),
            self._core.TranslateCoordinates(window, self._root, 0, 0),
            None if top == window else self._core.GetGeometry(top),
            () if self._shape is None else tuple(self._shape.QueryExtents(one) for one in {top, window}),
            {name: self._property(window, name) for name in _PROPERTIES},
        )

    def _answer(self, question: _Question, active: int | None) -> ScreenWindow | None:
        """Return a window, None when it cannot be seen or has vanished."""
        reply = self._connection.reply
        attributes, geometry, corner = map(reply, (question.attributes, question.geometry, question.corner))
        told = {name: reply(cookie) for name, cookie in question.properties.items()}
        shapes = [reply(cookie) for cookie in question.shapes]
        states, extents = numbers(told["_NET_WM_STATE"]), numbers(told["_NET_FRAME_EXTENTS"])
        framed = question.around is not None  # a frame that is seen shows the title, whatever became of what is in it
        hidden = self._atoms["_NET_WM_STATE_HIDDEN"] in states
        if attributes is None or not (framed or (_can_be_seen(attributes) and not hidden)):
            return None
        whole = _can_be_seen(attributes) and not hidden and self._atoms["_NET_WM_STATE_SHADED"] not in states
        box = _box(geometry, corner, extents)
        if framed and not extents:
            box, whole = _with_frame(box, reply(question.around)), False
        if box is not None and (box.x1 <= 0 or box.y1 <= 0):  # beyond the screen, where window managers keep helpers
            return None
        title = self._text(told["_NET_WM_NAME"]) or self._text(told["WM_NAME"])
        kinds, relatives = numbers(told["_NET_WM_WINDOW_TYPE"]), _relatives(told)
        see_through = bool(numbers(told["_NET_WM_WINDOW_OPACITY"]))
        workspace = _first(told["_NET_WM_DESKTOP"])
        return ScreenWindow(
            question.window,
            Window(class_part(raw(told["WM_CLASS"])), still_title(title)),
            box,
            active=question.window == active,
            opaque=geometry is not None
            and geometry.depth in _OPAQUE_DEPTHS
            and not see_through
            and not attributes.override_redirect  # the sheet that a compositor paints on, or a menu: too little to tell
            and whole  # one that is rolled up keeps its size and shows its title
            and not any(shape is None or shape.bounding_shaped for shape in shapes),
            furniture=any(self._atoms[name] in kinds for name in _FURNITURE) or self._is_unlisted(question.window),
            pid=self._clients.pid_of(question.window) or _first(told["_NET_WM_PID"]),
            workspace=None if workspace == _ALL_WORKSPACES else workspace,
            unclear=any(told[name] is not None and told[name].bytes_after for name in ("_NET_WM_NAME", "WM_NAME")),
            popup=bool(attributes.override_redirect),
            owners=frozenset(map(self._clients.client_of, (question.window, *relatives))),
            dialog_of=self._dialog_of(told["WM_TRANSIENT_FOR"]),
        )

    def _dialog_of(self, told: Any) -> int | None:
        """Return the window that WM_TRANSIENT_FOR names; 0 for the root, which stands for a whole application."""
        named = _first(told)
        return 0 if named == self._root else named

    def _is_unlisted(self, window: int) -> bool:
        """Tell whether a window is a menu, a tooltip or the like: there is a list, and it is not in it."""
        return bool(self._listed) and window not in self._listed

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


def _with_frame(box: Box | None, around: Any) -> Box | None:
    """Return a box widened to a frame whose width nobody has told yet."""
    if box is None or around is None:
        return None
    border = 2 * around.border_width
    return box.union(Box(around.x, around.y, around.x + around.width + border, around.y + around.height + border))


def _relatives(told: Mapping[str, Any]) -> list[int]:
    """Return the windows that a window says it belongs to: whose dialog it is, its leader, the leader of its group."""
    hints = numbers(told["WM_HINTS"])
    group = hints[8:9] if hints and hints[0] & _GROUP_HINT else []
    named = (*numbers(told["WM_TRANSIENT_FOR"]), *numbers(told["WM_CLIENT_LEADER"]), *group)
    return [window for window in named if window]


def _first(told: Any) -> int | None:
    return next(iter(numbers(told)), None)
