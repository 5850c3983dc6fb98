"""One connection to an X display through xcffib, with the errors that mean something here.

Owns the loading of xcffib, which needs libxcb at run time and is therefore imported only when somebody connects.
Called by what asks the display (recorder.windows, recorder.x_screen, recorder.x_damage, recorder.x_presence), each with
a connection of its own, so that no answer is kept waiting behind another's.
"""

from __future__ import annotations

import os
import struct
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from timeline.closing import Closing
from timeline.errors import NoScreen, PartMissing

_LIBXCB = (
    "The screen cannot be asked for its windows: libxcb is missing. Install it (on Debian: apt-get install libxcb1)."
)


class XConnection(Closing):
    """The display that DISPLAY names, or the one given.  Raises NoScreen when it does not answer."""

    def __init__(self, display: str | None = None) -> None:
        xcffib = _load()
        self._display = display
        self._closed = False
        self.refused: type[Exception] = xcffib.Error  # one window has vanished, or one request was wrong
        self.gone: type[Exception] = xcffib.XcffibException  # anything else: the connection is lost
        with self.answering():
            self.x = xcffib.connect(display)
            self.screen = self.x.get_setup().roots[self.x.pref_screen]
            self.root = int(self.screen.root)

    def close(self) -> None:
        """Let go of the display, which may be gone already; may be called twice."""
        if not self._closed:
            self._closed = True
            self.x.disconnect()

    def fileno(self) -> int:
        """Return the connection's descriptor: readable when the display has said something."""
        return int(self.x.get_file_descriptor())

    @contextmanager
    def answering(self) -> Iterator[None]:
        """Run a block that asks the display.  Raises NoScreen when it has gone."""
        try:
            yield
        except self.refused:
            raise
        except self.gone as error:
            raise NoScreen(no_screen_message(self._display)) from error

    def extension(self, module: Any, *version: int) -> Any | None:
        """Return an extension of the X server, told which version of it we speak; None when the server lacks it."""
        with self.answering():
            name = module.key.name
            if not self.x.core.QueryExtension(len(name), name).reply().present:
                return None
            extension = self.x(module.key)
            extension.QueryVersion(*version).reply()
            return extension

    def atom(self, name: str) -> int:
        """Return the number that the display has for a name."""
        return int(self.x.core.InternAtom(False, len(name), name).reply().atom)

    def reply(self, cookie: Any) -> Any:
        """Return an answer, None when the window it is about has vanished."""
        try:
            return cookie.reply()
        except self.refused:
            return None

    def round_trip(self) -> None:
        """Wait until the display has answered: all that happened there before has then been told as events."""
        self.x.core.GetInputFocus().reply()

    def events(self) -> Iterator[Any]:
        """Yield the events that have come, without waiting for more."""
        with self.answering():
            while True:
                try:
                    event = self.x.poll_for_event()
                except self.refused:  # a late error about a window that has vanished meanwhile
                    continue
                if event is None:
                    return
                yield event


def numbers(told: Any) -> list[int]:
    """Return the 32-bit numbers of a property, none when it has none."""
    if told is None or told.format != 32:
        return []
    return [number for (number,) in struct.iter_unpack("=I", bytes(told.value.buf()))]


def raw(told: Any) -> bytes:
    """Return the bytes of a property."""
    return b"" if told is None or told.format != 8 else bytes(told.value.buf())


def no_screen_message(display: str | None) -> str:
    """Say which display does not answer and what to do."""
    name = display or os.environ.get("DISPLAY")
    if not name:
        return "There is no screen to record: DISPLAY is not set. Start this from a terminal of the desktop."
    return f"The display {name} does not answer: it is closed, or this user may not use it (see `xhost`)."


def _load() -> Any:
    try:
        import xcffib
        import xcffib.damage
        import xcffib.randr
        import xcffib.res
        import xcffib.screensaver
        import xcffib.shape
        import xcffib.shm
        import xcffib.sync
        import xcffib.xfixes
        import xcffib.xproto  # a connection knows the events only of what was imported before it
    except (ImportError, OSError) as error:  # OSError: xcffib is there, the system's libxcb is not
        raise PartMissing(_LIBXCB) from error
    return xcffib
