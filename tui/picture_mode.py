"""How this terminal can show pictures.  Asked once, by the front door, before the interface starts.

The question ends with one that every terminal answers (its device attributes), so the reply has a certain end and
nothing of it is left to be taken for keys; textual-image's own detection waits a fixed time instead, which is a race
over ssh, and asks at import.  Once the interface runs, its input thread would take the replies.
"""

from __future__ import annotations

import os
import re
import select
import struct
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from timeline.errors import SettingsWrong

PictureKind = Literal["sixel", "kitty", "halfblock", "off"]
_VT340_CELL_PX = (10, 20)  # width and height where the terminal does not tell
SETTINGS = ("auto", "sixel", "kitty", "halfblock", "off")

_QUESTION = (
    "\x1b_Gi=31,s=1,v=1,a=q,t=d,f=24;AAAA\x1b\\"  # Kitty graphics: may one pixel be sent?
    "\x1b[16t"  # size of a cell in pixels
    "\x1b[c"  # device attributes: every terminal answers, and answers in order
)
_ATTRIBUTES = re.compile(r"\x1b\[\?([\d;]*)c")
_CELL = re.compile(r"\x1b\[6;(\d+);(\d+)t")
_KITTY_YES = "\x1b_Gi=31;OK\x1b\\"
_SIXEL_ATTRIBUTE = "4"
_WAIT_S = 1.0  # a terminal that is silent for so long does not speak the protocol at all
_SLOW_S = 0.15  # a reply that takes longer came over a slow link, where 100 kB a picture are too much


@dataclass(frozen=True, slots=True)
class PictureMode:
    """The way pictures are shown, and the size of a cell in pixels."""

    kind: PictureKind = "halfblock"
    cell_width_px: int = _VT340_CELL_PX[0]
    cell_height_px: int = _VT340_CELL_PX[1]
    slow: bool = False
    """Whether the terminal is far away: then fewer and coarser pictures are sent."""


def choose_picture_mode(setting: str = "auto", link: str = "auto") -> PictureMode:
    """Return how to show pictures; `auto` asks the terminal, the other settings only ask for its cell size.

    `link` is `auto`, `fast` or `slow`; `auto` takes a terminal that answers late for one that is far away.
    Raises SettingsWrong for a setting that is none of SETTINGS.
    """
    if setting not in SETTINGS:
        raise SettingsWrong(f"The picture setting {setting!r} is unknown: choose one of {', '.join(SETTINGS)}.")
    if setting in ("halfblock", "off") or not _in_terminal():
        return PictureMode("off" if setting == "off" else "halfblock", slow=link == "slow")
    reply, seconds = _ask_terminal()
    slow = link == "slow" or (link == "auto" and seconds > _SLOW_S)
    mode = understand(reply, setting, cell_px=_cell_of_window(), slow=slow)
    if mode.kind == "kitty":
        _import_kitty()
    return mode


def understand(
    reply: str, setting: str = "auto", *, cell_px: tuple[int, int] | None = None, slow: bool = False
) -> PictureMode:
    """Return the mode that a terminal's reply allows; `cell_px`, where it is known, goes before what the reply says.

    Sixel goes before Kitty graphics: terminals that claim both (Konsole, WezTerm) lack the placeholders the latter
    needs here.  A slow link gets half-blocks unless the setting says otherwise.
    """
    told = _CELL.search(reply)
    if cell_px is None and told is not None and int(told[1]) and int(told[2]):
        cell_px = int(told[2]), int(told[1])
    return PictureMode(_kind(reply, setting, slow=slow), *(cell_px or _VT340_CELL_PX), slow=slow)


def _kind(reply: str, setting: str, *, slow: bool) -> PictureKind:
    if setting == "sixel":
        return "sixel"
    if setting == "kitty":
        return "kitty"
    attributes = _ATTRIBUTES.search(reply)
    if slow or attributes is None:
        return "halfblock"
    if _SIXEL_ATTRIBUTE in attributes[1].split(";"):
        return "sixel"
    return "kitty" if _KITTY_YES in reply else "halfblock"


def _in_terminal() -> bool:
    streams = (sys.__stdin__, sys.__stdout__)
    return sys.platform != "win32" and all(stream is not None and stream.isatty() for stream in streams)


def _ask_terminal() -> tuple[str, float]:
    """Return what the terminal replied up to its device attributes, and the seconds that took."""
    import termios
    import tty

    assert sys.__stdin__ is not None
    keyboard = sys.__stdin__.fileno()
    before = termios.tcgetattr(keyboard)
    began_s = time.monotonic()
    try:
        tty.setcbreak(keyboard, termios.TCSAFLUSH)
        os.write(keyboard, _QUESTION.encode("ascii"))
        reply = read_reply(lambda wait_s: _read(keyboard, wait_s))
    finally:
        termios.tcsetattr(keyboard, termios.TCSADRAIN, before)
    return reply, time.monotonic() - began_s


def _cell_of_window() -> tuple[int, int] | None:
    """Return width and height of a cell from what the system knows of the window; xterm tells it nowhere else."""
    import fcntl
    import termios

    assert sys.__stdout__ is not None
    rows, columns, width_px, height_px = struct.unpack(
        "4H", fcntl.ioctl(sys.__stdout__.fileno(), termios.TIOCGWINSZ, bytes(8))
    )
    return (width_px // columns, height_px // rows) if columns and rows and width_px and height_px else None


def read_reply(read: Callable[[float], bytes]) -> str:
    """Return everything up to the device attributes, or up to the first silence (an empty read)."""
    reply = ""
    while not _ATTRIBUTES.search(reply):
        piece = read(_WAIT_S)
        if not piece:
            break
        reply += piece.decode("ascii", errors="replace")
    return reply


def _read(descriptor: int, wait_s: float) -> bytes:
    ready, _, _ = select.select([descriptor], [], [], wait_s)
    return os.read(descriptor, 4096) if ready else b""


def _import_kitty() -> None:
    """Import what draws Kitty graphics now, since it asks the terminal once more while it is imported."""
    import textual_image._terminal
    import textual_image.renderable.tgp

    textual_image._terminal.get_cell_size()  # noqa: SLF001 - fills its cache; later the reply would be lost
