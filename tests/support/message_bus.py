"""A message bus of a test's own (a real dbus-daemon), and small services on it that speak as those of a desktop do."""

from __future__ import annotations

import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from jeepney import DBusAddress, HeaderFields, MessageType, new_error, new_method_return, new_signal
from jeepney.bus_messages import message_bus
from jeepney.io.blocking import DBusConnection, open_dbus_connection

Reply = tuple[str, tuple[Any, ...]]
"""What a method answers: the signature and the values."""


@dataclass(slots=True)
class Service:
    """One name on the bus.  `methods` by interface and member, `properties` by interface and name."""

    name: str
    connection: DBusConnection
    methods: dict[tuple[str, str], Reply] = field(default_factory=dict)
    properties: dict[tuple[str, str], tuple[str, Any]] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)

    def emit(self, path: str, interface: str, member: str, signature: str, *body: object) -> None:
        """Tell everybody."""
        self.connection.send(new_signal(DBusAddress(path, interface=interface), member, signature, body))

    def serve(self) -> None:
        """Answer calls until the connection is closed."""
        try:
            while True:
                self._answer(self.connection.receive())
        except (OSError, ValueError, KeyError):  # what a connection says that was closed under its reader
            return

    def _answer(self, call: Any) -> None:
        if call.header.message_type is not MessageType.method_call:
            return
        interface = call.header.fields[HeaderFields.interface]
        member = call.header.fields[HeaderFields.member]
        self.asked.append(member)
        if member == "Get" and tuple(call.body) in self.properties:
            answer = new_method_return(call, "v", (self.properties[tuple(call.body)],))
        elif (interface, member) in self.methods:
            answer = new_method_return(call, *self.methods[interface, member])
        else:
            answer = new_error(call, "org.freedesktop.DBus.Error.UnknownMethod")
        self.connection.send(answer)


@dataclass(slots=True)
class MessageBus:
    """One dbus-daemon; `address` is what its clients connect to."""

    address: str
    daemon: subprocess.Popen[str]

    @contextmanager
    def service(self, name: str, **tables: Any) -> Iterator[Service]:
        """Run a service on this bus; `tables` are its methods and properties."""
        connection = open_dbus_connection(self.address)
        service = Service(name, connection, **tables)
        connection.send_and_get_reply(message_bus.RequestName(name), timeout=5)
        thread = threading.Thread(target=service.serve, daemon=True)
        thread.start()
        try:
            yield service
        finally:
            connection.sock.shutdown(2)
            thread.join(5)
            connection.close()


@contextmanager
def open_message_bus(
    folder: Path, name: str = "bus", environment: dict[str, str] | None = None
) -> Iterator[MessageBus]:
    """Start a bus whose socket lies in a folder; `environment` is that of the services it starts itself."""
    address = f"unix:path={folder / name}"
    command = ("dbus-daemon", "--session", "--nofork", "--nopidfile", f"--address={address}", "--print-address")
    daemon = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, env=environment)
    assert daemon.stdout is not None
    try:
        yield MessageBus(daemon.stdout.readline().strip(), daemon)
    finally:
        daemon.terminate()
        daemon.wait(10)
        daemon.stdout.close()
