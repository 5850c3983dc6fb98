"""Which program a window on an X display belongs to: its connection, and the process at the connection's other end.

Owns that lookup.  Both are told by the X server and not by the program, so that a menu without any property is known
to be its program's, and a program in a container or on another machine cannot name a process that is none of its own.
Called by recorder.windows.  Source: X11 protocol (resource-id-mask), X-Resource extension 1.2 (QueryClientIds).
"""

from __future__ import annotations

from typing import Any

from recorder.x_connection import XConnection

_LOCAL_PROCESS = 1 << 1  # LocalClientPID


class XClients:
    """The programs on a display.  The process of a connection is asked for once."""

    def __init__(self, connection: XConnection) -> None:
        import xcffib.res

        self._connection = connection
        self._mask = int(connection.x.get_setup().resource_id_mask)
        self._resources = connection.extension(xcffib.res, 1, 2)
        self._spec: Any = xcffib.res.ClientIdSpec
        self._pids: dict[int, int | None] = {}

    def client_of(self, window: int) -> int:
        """Return the connection that made a window, as the part of its number that all of its windows share."""
        return window & ~self._mask

    def pid_of(self, window: int) -> int | None:
        """Return the process that made a window; None when the display does not know."""
        client = self.client_of(window)
        if client not in self._pids:
            self._pids[client] = self._asked(client)
        return self._pids[client]

    def forget(self) -> None:
        """Ask anew from here on: a connection's number is given to another program when the first has ended."""
        self._pids.clear()

    def _asked(self, client: int) -> int | None:
        if self._resources is None:
            return None
        told = self._connection.reply(self._resources.QueryClientIds(1, [self._spec.synthetic(client, _LOCAL_PROCESS)]))
        answers = [] if told is None else [one for one in told.ids if one.spec.mask == _LOCAL_PROCESS]
        return next((int(pid) for answer in answers for pid in answer.value if pid), None)
