"""A small real HTTP server that speaks the chat completions protocol, well and badly.

`with FakeEndpoint(reply) as endpoint:` answers each request with what `reply` makes of it: a text, or a Behaviour.
Run as a program it answers every question with one text: `python -m tests.support.endpoint 8099 "NO ANSWER"`.
"""

from __future__ import annotations

import json
import sys
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Self

Request = dict[str, Any]
PIECE_CHARS = 7  # a reply comes in pieces that cut words and citations anywhere
DRIP_S = 0.05
MODEL = "fake"


@dataclass(frozen=True)
class Behaviour:
    """How a request is answered; `text` comes first, then the server may misbehave."""

    text: str = ""
    status: int = 200
    usage: tuple[int, int] | None = (100, 20)
    hangs: bool = False
    drips: bool = False
    breaks: bool = False
    garbage: bool = False
    error: str = "no"
    calls: tuple[tuple[str, str], ...] = ()
    """Tools to be called, each with its name and its arguments as they are written."""


Reply = Callable[[Request], "str | Behaviour"]


@dataclass
class FakeEndpoint:
    """The server; `requests` are the bodies it was sent, `keys` the Authorization headers."""

    reply: Reply
    port: int = 0
    requests: list[Request] = field(default_factory=list)
    keys: list[str] = field(default_factory=list)

    def __enter__(self) -> Self:
        self.released = threading.Event()
        handler = type("Handler", (_Handler,), {"fake": self})
        self._server = ThreadingHTTPServer(("127.0.0.1", self.port), handler)
        self._server.daemon_threads = False
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,))
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.released.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    @property
    def bound_port(self) -> int:
        return int(self._server.server_port)

    @property
    def base_url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_port}/v1"


class _Handler(BaseHTTPRequestHandler):
    fake: FakeEndpoint
    protocol_version = "HTTP/1.0"

    def do_GET(self) -> None:
        known = self.path == "/v1/models"
        self._head(200 if known else 404, "application/json")
        self.wfile.write(json.dumps({"object": "list", "data": [{"id": MODEL}]} if known else {}).encode())

    def do_POST(self) -> None:
        body: Request = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.fake.requests.append(body)
        self.fake.keys.append(self.headers.get("Authorization", ""))
        said = self.fake.reply(body)
        behaviour = said if isinstance(said, Behaviour) else Behaviour(said)
        if self.path != "/v1/chat/completions":
            behaviour = Behaviour(status=404)
        try:
            self._answer(body, behaviour)
        except (BrokenPipeError, ConnectionResetError):
            return  # the client gave up, as some tests want it to

    def _answer(self, body: Request, behaviour: Behaviour) -> None:
        if behaviour.status != 200:
            self._head(behaviour.status, "application/json")
            self.wfile.write(json.dumps({"error": {"message": behaviour.error}}).encode())
        elif behaviour.hangs and not behaviour.text:
            self.fake.released.wait()
        elif body.get("stream"):
            self._stream(body, behaviour)
        else:
            self._head(200, "application/json")
            self.wfile.write(json.dumps(_whole(behaviour)).encode())

    def _stream(self, body: Request, behaviour: Behaviour) -> None:
        self._head(200, "text/event-stream")
        for event in _events(behaviour):
            self._send(event)
        for number, (name, arguments) in enumerate(behaviour.calls):
            for event in _call_events(number, name, arguments):
                self._send(event)
        if behaviour.garbage:
            self._send("data: {nonsense\n\n")
        if behaviour.hangs:
            self.fake.released.wait()
        while behaviour.drips and not self.fake.released.wait(DRIP_S):
            self._send(": still here\n\n")
        if behaviour.breaks:
            return
        self._send(_event({"choices": [_choice({}, "stop")]}))
        if behaviour.usage and body.get("stream_options", {}).get("include_usage"):
            self._send(_event({"choices": [], "usage": _usage(behaviour.usage)}))
        self._send("data: [DONE]\n\n")

    def _head(self, status: int, kind: str) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Retry-After-Ms", "1")
        self.end_headers()

    def _send(self, text: str) -> None:
        self.wfile.write(text.encode())
        self.wfile.flush()

    def log_message(self, *args: object) -> None:
        """Say nothing: stderr belongs to the tests."""


def _events(behaviour: Behaviour) -> Iterator[str]:
    for at in range(0, len(behaviour.text), PIECE_CHARS):
        yield _event({"choices": [_choice({"content": behaviour.text[at : at + PIECE_CHARS]}, None)]})


def _call_events(number: int, name: str, arguments: str) -> Iterator[str]:
    first = {"index": number, "id": f"call_{number}", "type": "function", "function": {"name": name, "arguments": ""}}
    yield _event({"choices": [_choice({"tool_calls": [first]}, None)]})
    for at in range(0, len(arguments), PIECE_CHARS):
        piece = {"index": number, "function": {"arguments": arguments[at : at + PIECE_CHARS]}}
        yield _event({"choices": [_choice({"tool_calls": [piece]}, None)]})


def _event(chunk: dict[str, Any]) -> str:
    whole = {"id": "1", "object": "chat.completion.chunk", "created": 0, "model": "fake"} | chunk
    return f"data: {json.dumps(whole)}\n\n"


def _choice(delta: dict[str, Any], finish_reason: str | None) -> dict[str, Any]:
    return {"index": 0, "delta": delta, "finish_reason": finish_reason}


def _usage(usage: tuple[int, int]) -> dict[str, int]:
    return {"prompt_tokens": usage[0], "completion_tokens": usage[1], "total_tokens": sum(usage)}


def _whole(behaviour: Behaviour) -> dict[str, Any]:
    message = {"role": "assistant", "content": behaviour.text}
    choice = {"index": 0, "message": message, "finish_reason": "stop"}
    return {"id": "1", "object": "chat.completion", "created": 0, "model": "fake", "choices": [choice]} | {
        "usage": _usage(behaviour.usage or (0, 0))
    }


if __name__ == "__main__":
    with FakeEndpoint(lambda _request: sys.argv[2], port=int(sys.argv[1])) as server:
        print(server.base_url, flush=True)
        threading.Event().wait()
