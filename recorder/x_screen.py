"""The screen through X shared memory: which monitors there are and what each shows.

Owns one connection and one block of shared memory, which the X server writes into and which is copied once.  Ten times
cheaper than mss, which stays for displays that this cannot grab (docs/decisions).  Never converts or keeps pixels.
"""

from __future__ import annotations

import ctypes
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from itertools import count
from typing import Any

import numpy as np

from recorder.desktop import Grab, Monitor
from recorder.x_connection import XConnection
from timeline.clock import Clock
from timeline.closing import Closing
from timeline.errors import NoScreen
from timeline.model import Box

LIST_EVERY_S = 5.0  # monitors that `xrandr --setmonitor` makes are told of by no event, so they are asked for
_ALL_PLANES, _Z_PIXMAP = 0xFFFFFFFF, 2
_DEPTHS = (24, 32)
_PIXEL_BYTES = 4
_PRIVATE, _CREATE_OWNER_ONLY, _REMOVE = 0, 0o1600, 0  # IPC_PRIVATE, IPC_CREAT | 0600, IPC_RMID (sys/ipc.h)
_LITTLE_ENDIAN = 0
_RANDR_EVENTS = 1 | 2 | 4  # screen, CRTC and output changes


class NotGrabbable(Exception):
    """This display cannot be grabbed through shared memory; another way must be taken."""


class _SharedMemory(Closing):
    """A block of System V shared memory of this process and the X server; gone with the last of the two."""

    def __init__(self, size_bytes: int) -> None:
        self._libc = ctypes.CDLL(None, use_errno=True)
        self._libc.shmat.restype = ctypes.c_void_p
        self.id = self._libc.shmget(_PRIVATE, ctypes.c_size_t(size_bytes), _CREATE_OWNER_ONLY)
        if self.id < 0:
            raise NotGrabbable
        self._address = self._libc.shmat(self.id, None, 0)
        if self._address in (None, ctypes.c_void_p(-1).value):
            self.remove_name()
            raise NotGrabbable
        self.pixels = np.ctypeslib.as_array(ctypes.cast(self._address, ctypes.POINTER(ctypes.c_uint8)), (size_bytes,))

    def remove_name(self) -> None:
        """Let nobody else attach it; it ends when the last that has done so lets go, however that one ends."""
        self._libc.shmctl(self.id, _REMOVE, None)

    def close(self) -> None:
        self._libc.shmdt(ctypes.c_void_p(self._address))


class XScreen(Closing):
    """The X display that DISPLAY names, or the one given.

    Raises NoScreen when it does not answer, NotGrabbable when it is no local display of 24 bits a pixel.
    """

    def __init__(self, clock: Clock, display: str | None = None) -> None:
        import xcffib.randr
        import xcffib.shm

        self._clock, self._display = clock, display
        self._connection = XConnection(display)
        self._memory: _SharedMemory | None = None
        self._seat = 0
        self._monitors: tuple[Monitor, ...] = ()
        self._numbers: dict[int, int] = {}  # the monitor's name (an atom) -> its index, kept while it is there
        self._listed_s: float | None = None
        try:
            self._shm = self._connection.extension(xcffib.shm)
            self._randr = self._connection.extension(xcffib.randr, 1, 5)
            self._check()
            if self._randr is not None:
                self._randr.SelectInput(self._connection.root, _RANDR_EVENTS)
            self._make_room()
        except BaseException:
            self.close()
            raise

    def monitors(self) -> Sequence[Monitor]:
        """Return the monitors there are; one that goes on keeps its index.  Raises NoScreen."""
        with self._connection.answering():
            now_s = self._clock.monotonic_s()
            if self.stirred() or self._listed_s is None or now_s - self._listed_s >= LIST_EVERY_S:
                self._monitors = self._ask()
                self._listed_s = now_s
        return self._monitors

    def grab(self, monitor: Monitor, part: Box | None = None) -> Grab | None:
        """Return what a monitor or a part of it shows; None when it changed since it was listed.  Raises NoScreen."""
        box = part or Box(0, 0, monitor.width, monitor.height)
        size_bytes = box.width * box.height * _PIXEL_BYTES
        with self._connection.answering():
            if self._memory is None or size_bytes > self._memory.pixels.size:
                self._make_room(size_bytes)
            try:
                self._shm_call().GetImage(
                    self._connection.root, monitor.x + box.x0, monitor.y + box.y0, box.width, box.height,
                    _ALL_PLANES, _Z_PIXMAP, self._seat, 0,
                ).reply()  # fmt: skip
            except self._connection.refused:  # the root has become smaller
                self._listed_s = None
                return None
        assert self._memory is not None
        return self._memory.pixels[:size_bytes].reshape(box.height, box.width, _PIXEL_BYTES).copy()

    def fileno(self) -> int:
        return self._connection.fileno()

    def stirred(self) -> bool:
        """Tell whether monitors may have changed since they were listed.  Raises NoScreen."""
        if any(True for _ in self._connection.events()):
            self._listed_s = None
        return self._listed_s is None

    def close(self) -> None:
        """Let go of the display, which may be gone already, and of the memory."""
        self._drop_memory()
        with suppress(NoScreen):
            self._connection.close()

    def _check(self) -> None:
        """Raise NotGrabbable for a display whose pixels are not 32-bit BGRX, or that lies on another machine."""
        setup, screen = self._connection.x.get_setup(), self._connection.screen
        formats = {one.depth: one.bits_per_pixel for one in setup.pixmap_formats}
        usable = screen.root_depth in _DEPTHS and formats.get(screen.root_depth) == 8 * _PIXEL_BYTES
        if self._shm is None or not usable or setup.image_byte_order != _LITTLE_ENDIAN:
            raise NotGrabbable

    def _make_room(self, size_bytes: int = 0) -> None:
        """Share a block that holds the whole screen, or more when asked."""
        screen = self._connection.screen
        whole_bytes = int(screen.width_in_pixels) * int(screen.height_in_pixels) * _PIXEL_BYTES
        self._drop_memory()
        memory = _SharedMemory(max(size_bytes, whole_bytes))
        self._seat = self._connection.x.generate_id()
        try:
            self._shm_call().AttachChecked(self._seat, memory.id, False).check()
        except self._connection.refused as error:  # a display on another machine, or in another container
            memory.close()
            raise NotGrabbable from error
        finally:
            memory.remove_name()
        self._memory = memory

    def _drop_memory(self) -> None:
        if self._memory is not None:
            with suppress(self._connection.refused, self._connection.gone):  # the block goes with this process then
                self._shm_call().Detach(self._seat)
                self._connection.x.flush()
            self._memory.close()
            self._memory = None

    def _shm_call(self) -> Any:
        return self._shm

    def _ask(self) -> tuple[Monitor, ...]:
        """List the monitors, from RandR where the display has it."""
        geometry = self._connection.x.core.GetGeometry(self._connection.root).reply()
        whole = Monitor(0, 0, 0, int(geometry.width), int(geometry.height))
        told = self._randr.GetMonitors(self._connection.root, True).reply().monitors if self._randr else []
        if not told:
            return (whole,)
        ordered = sorted(told, key=lambda one: (not one.primary, one.x, one.y))
        self._numbers = numbered([int(one.name) for one in ordered], self._numbers)
        monitors = [Monitor(self._numbers[int(one.name)], one.x, one.y, one.width, one.height) for one in ordered]
        return without_mirrors(cut for monitor in monitors if (cut := _cut(monitor, whole)) is not None)


def _cut(monitor: Monitor, whole: Monitor) -> Monitor | None:
    """Return the part of a monitor that the screen has, None when there is none: more cannot be grabbed."""
    left, top = max(0, monitor.x), max(0, monitor.y)
    right, bottom = min(whole.width, monitor.x + monitor.width), min(whole.height, monitor.y + monitor.height)
    return Monitor(monitor.index, left, top, right - left, bottom - top) if left < right and top < bottom else None


def numbered(names: Sequence[int], before: Mapping[int, int]) -> dict[int, int]:
    """Return an index from 0 for each monitor: one that was there keeps its own, new ones take what is free."""
    kept = {name: before[name] for name in names if name in before}
    free = (index for index in count() if index not in kept.values())
    return {**kept, **{name: next(free) for name in names if name not in before}}


def without_mirrors(monitors: Iterable[Monitor]) -> tuple[Monitor, ...]:
    """Return the monitors in the order of their indexes; of those that show the same place only the first."""
    places: dict[Box, Monitor] = {}
    for monitor in sorted(monitors, key=lambda one: one.index):
        places.setdefault(monitor.box, monitor)
    return tuple(places.values())
