"""What the session tells about the user: locked, about to sleep, about to shut down.

Owns the signals of login1 (system bus) and of the screen savers (session bus) and what follows from them.  Never waits
for a signal: it is asked at each look, and `filenos` wake the recorder between.  Called by recorder.presence.
"""

from __future__ import annotations

import os

from recorder.dbus import BUS, PROPERTIES, Bus, Signal
from recorder.leaps import SUSPENDED
from timeline.clock import Clock

LOCKED = "locked"
SHUT_DOWN = "the machine was shut down"
PASSING_S = 60.0  # of being awake, after which an announced sleep or shut-down did not happen

_LOGIN = "org.freedesktop.login1"
_MANAGER = (_LOGIN, "/org/freedesktop/login1", f"{_LOGIN}.Manager")
_ANNOUNCED = {"PrepareForSleep": SUSPENDED, "PrepareForShutdown": SHUT_DOWN}
_SAVERS = {
    "org.freedesktop.ScreenSaver": ("/org/freedesktop/ScreenSaver", "/ScreenSaver"),
    "org.gnome.ScreenSaver": ("/org/gnome/ScreenSaver",),
    "org.cinnamon.ScreenSaver": ("/org/cinnamon/ScreenSaver",),
    "org.mate.ScreenSaver": ("/org/mate/ScreenSaver", "/"),
    "org.xfce.ScreenSaver": ("/org/xfce/ScreenSaver", "/"),
}


class Session:
    """The user's session on both buses, either of which may be missing."""

    def __init__(self, clock: Clock, system: Bus | None, session: Bus | None) -> None:
        self._clock, self._buses = clock, [bus for bus in (system, session) if bus is not None]
        self._locked: set[str] = set()
        self._announced: dict[str, float] = {}
        self._path = None if system is None else self._watch_login(system)
        if session is not None:
            self._watch_savers(session)

    def filenos(self) -> tuple[int, ...]:
        """Return the descriptors that become readable when something may have changed."""
        return tuple(bus.fileno() for bus in self._buses if bus.open)

    def reason(self) -> str | None:
        """Return why nothing is to be recorded now, None when the session does not say so; takes the signals."""
        for bus in self._buses:
            for signal in bus.signals():
                self._hear(signal)
        if any(not bus.open for bus in self._buses):  # what it said last may stand no more
            self._buses = [bus for bus in self._buses if bus.open]
            self._locked.clear()
        now_s = self._clock.monotonic_s()
        announced = [reason for reason, at_s in self._announced.items() if now_s - at_s < PASSING_S]
        return announced[0] if announced else LOCKED if self._locked else None

    def _watch_login(self, bus: Bus) -> str | None:
        """Listen to login1 and return the path of the own session, None where there is none."""
        for member in _ANNOUNCED:
            bus.watch(sender=_LOGIN, path=_MANAGER[1], interface=_MANAGER[2], member=member)
        path = _session_path(bus)
        if path is not None:
            bus.watch(sender=_LOGIN, path=path, interface=PROPERTIES, member="PropertiesChanged")
            self._note_lock(_LOGIN, bus.property((_LOGIN, path, f"{_LOGIN}.Session"), "LockedHint") is True)
        return path

    def _watch_savers(self, bus: Bus) -> None:
        running = bus.names()
        for name, paths in _SAVERS.items():
            bus.watch(sender=name, interface=name, member="ActiveChanged")
            bus.watch(sender=BUS[0], interface=BUS[2], member="NameOwnerChanged", arg0=name)
            if name in running:
                answers = (bus.call((name, path, name), "GetActive") for path in paths)
                self._note_lock(name, next((answer[0] for answer in answers if answer), False) is True)

    def _hear(self, signal: Signal) -> None:
        match signal.interface, signal.member, signal.body:
            case (interface, "ActiveChanged", (bool(active), *_)) if interface in _SAVERS:
                self._note_lock(interface, active)
            case (_, "NameOwnerChanged", (str(name), str(), str())) if name in _SAVERS:
                self._note_lock(name, False)  # a saver that ended or was started anew shows nothing
            case (_, "PropertiesChanged", (str(), dict(changed), *_)) if signal.path == self._path:
                if "LockedHint" in changed:
                    self._note_lock(_LOGIN, changed["LockedHint"][1] is True)
            case (_, member, (bool(about_to), *_)) if member in _ANNOUNCED:
                self._announced.pop(_ANNOUNCED[member], None)
                if about_to:
                    self._announced[_ANNOUNCED[member]] = self._clock.monotonic_s()

    def _note_lock(self, name: str, locked: bool) -> None:
        if locked:
            self._locked.add(name)
        else:
            self._locked.discard(name)


def _session_path(bus: Bus) -> str | None:
    """Return the path of the session this process runs in, or of the one that shows the user's display."""
    told = bus.call(_MANAGER, "GetSessionByPID", "u", os.getpid())
    if told is not None:
        return str(told[0])
    user = bus.call(_MANAGER, "GetUser", "u", os.getuid())
    if user is None:
        return None
    display = bus.property((_LOGIN, str(user[0]), f"{_LOGIN}.User"), "Display")
    return str(display[1]) if display and display[1] != "/" else None
