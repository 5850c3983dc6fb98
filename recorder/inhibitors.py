"""Whether a program says that the user watches without touching anything: a film, a call, a presentation.

Owns the questions to login1, GNOME's session and the power managers (KDE, Xfce, MATE).  Called by recorder.presence,
and only when there was no input for long: each question may take a tenth of a second.
"""

from __future__ import annotations

from recorder.dbus import Bus

_LOGIN = ("org.freedesktop.login1", "/org/freedesktop/login1", "org.freedesktop.login1.Manager")
_GNOME = ("org.gnome.SessionManager", "/org/gnome/SessionManager", "org.gnome.SessionManager")
_POWER = (
    "org.freedesktop.PowerManagement", "/org/freedesktop/PowerManagement/Inhibit",
    "org.freedesktop.PowerManagement.Inhibit",
)  # fmt: skip
_GNOME_IDLE = 8  # the bit of "inhibit the session being marked as idle"


class Inhibitors:
    """Both buses, either of which may be missing."""

    def __init__(self, system: Bus | None, session: Bus | None) -> None:
        self._system, self._session = system, session

    def idle_inhibited(self) -> bool:
        """Tell whether a program keeps the session from being idle."""
        return self._by_login() or self._by_desktop()

    def _by_login(self) -> bool:
        told = None if self._system is None else self._system.property(_LOGIN, "BlockInhibited")
        return isinstance(told, str) and "idle" in told.split(":")

    def _by_desktop(self) -> bool:
        if self._session is None:
            return False
        gnome = self._session.property(_GNOME, "InhibitedActions")
        if isinstance(gnome, int) and gnome & _GNOME_IDLE:
            return True
        power = self._session.call(_POWER, "HasInhibit")
        return bool(power and power[0])
