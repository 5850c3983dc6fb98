"""One connection to a message bus (D-Bus), through jeepney: calls that end in time, signals without a thread.

Owns what is asked how; the only file that imports jeepney, and only when it connects.  Never starts a service: what
does not run has nothing to tell.  A bus that is not there, or goes away, costs one line in the log.  Called by
recorder.session, recorder.inhibitors and recorder.documents, each with a connection of its own.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Self

from timeline.closing import Closing

ANSWER_S = 0.1  # a service of the desktop answers within some milliseconds or hangs
BUS = ("org.freedesktop.DBus", "/org/freedesktop/DBus", "org.freedesktop.DBus")
PROPERTIES = "org.freedesktop.DBus.Properties"
_NO_AUTO_START = 0x2

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Signal:
    """Something that a service told everybody."""

    path: str
    interface: str
    member: str
    body: tuple[Any, ...]


class Bus(Closing):
    """A connection to a bus; when the bus goes away, `open` becomes False, calls return None and no signal comes."""

    def __init__(self, connection: Any) -> None:
        self._connection = connection
        self._waiting: list[Signal] = []
        self.open = True

    @classmethod
    def connect(cls, address: str) -> Self | None:
        """Return a connection to SESSION, SYSTEM or an address; None where that cannot be had."""
        from jeepney.auth import AuthenticationError
        from jeepney.io.blocking import open_dbus_connection
        from jeepney.wrappers import DBusErrorResponse

        try:
            return cls(open_dbus_connection(address))
        except (OSError, AuthenticationError, DBusErrorResponse, RuntimeError, ValueError, KeyError) as error:
            # KeyError: no address in the environment; RuntimeError, ValueError: one that is no local socket
            name = address.lower() if address in ("SESSION", "SYSTEM") else "accessibility"
            log.info("there is no %s bus to ask (%s)", name, type(error).__name__)
            return None

    def fileno(self) -> int:
        """Return the descriptor that becomes readable when a signal has come."""
        return int(self._connection.sock.fileno())

    def call(
        self, target: tuple[str, str, str], member: str, signature: str = "", *body: object, timeout_s: float = ANSWER_S
    ) -> tuple[Any, ...] | None:
        """Return what a method of (name, path, interface) answers; None for no answer in time, an error, no service."""
        from jeepney import DBusAddress, HeaderFields, MessageType, new_method_call

        name, path, interface = target
        message = new_method_call(DBusAddress(path, name, interface), member, signature or None, body)
        message.header.flags = _NO_AUTO_START
        until_s = time.monotonic() + timeout_s
        for answer in self._exchange(message, until_s):
            if answer.header.message_type is MessageType.method_return:
                return tuple(answer.body)
            log.debug("%s.%s was refused: %s", interface, member, answer.header.fields.get(HeaderFields.error_name))
        return None

    def property(self, target: tuple[str, str, str], name: str, timeout_s: float = ANSWER_S) -> Any:
        """Return a property of (name, path, interface); None where it cannot be had."""
        bus_name, path, interface = target
        answer = self.call((bus_name, path, PROPERTIES), "Get", "ss", interface, name, timeout_s=timeout_s)
        return None if answer is None else answer[0][1]

    def names(self) -> frozenset[str]:
        """Return the names that are on the bus now."""
        answer = self.call(BUS, "ListNames")
        return frozenset(() if answer is None else answer[0])

    def watch(self, **conditions: str) -> None:
        """Have signals delivered that meet all conditions of a match rule (`arg0` is its first argument)."""
        rule = ",".join(f"{key}='{value}'" for key, value in {"type": "signal", **conditions}.items())
        self.call(BUS, "AddMatch", "s", rule)

    def stirred(self) -> bool:
        """Tell whether a signal has come."""
        self._take_what_came()
        return bool(self._waiting)

    def signals(self) -> Iterator[Signal]:
        """Yield the signals that have come, without waiting for more."""
        self._take_what_came()
        while self._waiting:
            yield self._waiting.pop(0)

    def close(self) -> None:
        """Let go of the bus."""
        self.open = False
        with suppress(OSError):
            self._connection.close()

    def _exchange(self, message: Any, until_s: float) -> Iterator[Any]:
        """Send a call and yield its answer, none when it does not come in time."""
        from jeepney import HeaderFields

        if not self.open:
            return
        serial = next(self._connection.outgoing_serial)
        try:
            self._connection.send(message, serial=serial)
            while True:
                answer = self._connection.receive(timeout=max(0.0, until_s - time.monotonic()))
                if answer.header.fields.get(HeaderFields.reply_serial) == serial:
                    yield answer
                    return
                self._note(answer)
        except TimeoutError:
            log.debug("a service did not answer in time")
        except OSError:
            self._lost()

    def _take_what_came(self) -> None:
        try:
            while self.open:
                self._note(self._connection.receive(timeout=0))
        except TimeoutError:
            pass
        except OSError:
            self._lost()

    def _note(self, message: Any) -> None:
        from jeepney import HeaderFields, MessageType

        if message.header.message_type is MessageType.signal:
            field = message.header.fields.get
            path, interface, member = (field(HeaderFields[name]) for name in ("path", "interface", "member"))
            self._waiting.append(Signal(str(path), str(interface), str(member), tuple(message.body)))

    def _lost(self) -> None:
        log.info("a message bus has gone")
        self.close()
