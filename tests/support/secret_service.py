"""A desktop's keyring on a test's own bus: it speaks org.freedesktop.secrets, holds items, can be locked and asks."""

from __future__ import annotations

import gc
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import keyring.core
import pytest
from jeepney import DBusAddress, HeaderFields, MessageType, new_error, new_method_return, new_signal
from jeepney.bus_messages import message_bus
from jeepney.io.blocking import DBusConnection, open_dbus_connection

from tests.support.message_bus import open_message_bus

NAME = "org.freedesktop.secrets"
ROOT = "/org/freedesktop/secrets"
COLLECTION = f"{ROOT}/aliases/default"
PROMPT = f"{ROOT}/prompt/1"
SESSION = f"{ROOT}/session/1"

Answer = tuple[str, tuple[Any, ...]]


@dataclass(slots=True)
class SecretService:
    """One collection of items; `answer_prompt` is what somebody at the desktop does when asked to unlock it."""

    connection: DBusConnection
    locked: bool = False
    items: dict[str, tuple[dict[str, str], bytes]] = field(default_factory=dict)
    answer_prompt: Callable[[SecretService], bool | None] = lambda service: None
    """True: unlocked; False: dismissed; None: nobody answers."""
    prompts: int = 0
    made: int = 0

    def secrets(self) -> list[bytes]:
        """Return what is kept."""
        return [secret for _, secret in self.items.values()]

    def serve(self) -> None:
        """Answer calls until the connection is closed."""
        try:
            while True:
                call = self.connection.receive()
                if call.header.message_type is MessageType.method_call:
                    self._reply(call)
        except (OSError, ValueError, KeyError):  # what a connection says that was closed under its reader
            return

    def _reply(self, call: Any) -> None:
        fields = call.header.fields
        member, path = fields[HeaderFields.member], fields[HeaderFields.path]
        handler = getattr(self, f"_on_{member.lower()}", None)
        answer = None if handler is None else handler(path, call.body)
        if answer is None:
            unknown = "NotSupported" if member == "OpenSession" else "UnknownObject"
            self.connection.send(new_error(call, f"org.freedesktop.DBus.Error.{unknown}"))
            return
        self.connection.send(new_method_return(call, *answer))
        if member == "Prompt":
            self._ask()

    def _ask(self) -> None:
        self.prompts += 1
        unlocked = self.answer_prompt(self)
        if unlocked is None:
            return
        self.locked = not unlocked
        paths = [COLLECTION] if unlocked else []
        self.connection.send(
            new_signal(
                DBusAddress(PROMPT, interface="org.freedesktop.Secret.Prompt"),
                "Completed", "bv", (not unlocked, ("ao", paths)),
            )
        )  # fmt: skip

    def _on_opensession(self, path: str, body: Any) -> Answer | None:
        return ("vo", (("s", ""), SESSION)) if body[0] == "plain" else None

    def _on_readalias(self, path: str, body: Any) -> Answer:
        return "o", (COLLECTION,)

    def _on_get(self, path: str, body: Any) -> Answer | None:
        values = {"Label": ("s", "Default"), "Locked": ("b", self.locked), "Collections": ("ao", [COLLECTION])}
        if path not in (ROOT, COLLECTION) and path not in self.items:
            return None
        return "v", (values[body[1]],)

    def _on_unlock(self, path: str, body: Any) -> Answer:
        return "aoo", ([], PROMPT) if self.locked else (body[0], "/")

    def _on_prompt(self, path: str, body: Any) -> Answer:
        return "", ()

    def _on_searchitems(self, path: str, body: Any) -> Answer:
        wanted = body[0].items()
        return "ao", ([one for one, (attributes, _) in self.items.items() if wanted <= attributes.items()],)

    def _on_createitem(self, path: str, body: Any) -> Answer:
        attributes = dict(body[0]["org.freedesktop.Secret.Item.Attributes"][1])
        self.made += 1
        item = f"{COLLECTION}/{self.made}"
        self.items[item] = (attributes, bytes(body[1][2]))
        return "oo", (item, "/")

    def _on_getsecret(self, path: str, body: Any) -> Answer:
        return "(oayays)", ((SESSION, b"", self.items[path][1], "text/plain"),)

    def _on_delete(self, path: str, body: Any) -> Answer:
        del self.items[path]
        return "o", ("/",)


@contextmanager
def open_secret_service(address: str, **state: Any) -> Iterator[SecretService]:
    """Run a keyring on a bus."""
    connection = open_dbus_connection(address)
    service = SecretService(connection, **state)
    connection.send_and_get_reply(message_bus.RequestName(NAME), timeout=5)
    thread = threading.Thread(target=service.serve, daemon=True)
    thread.start()
    try:
        yield service
    finally:
        connection.sock.shutdown(2)
        thread.join(5)
        connection.close()


@contextmanager
def desktop_keyring(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[SecretService]:
    """Run a bus with nothing but a keyring on it, unlocked, and have this process and its children use it."""
    with open_message_bus(folder) as bus, open_secret_service(bus.address) as service:
        monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", bus.address)
        monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.SecretService.Keyring")
        monkeypatch.setattr(keyring.core, "_keyring_backend", None)
        yield service
    monkeypatch.setattr(keyring.core, "_keyring_backend", None)
    gc.collect()  # what the package keyring left open is told of here, not in another test
