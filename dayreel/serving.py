"""The interface in a browser on this machine: textual-serve behind a token, on 127.0.0.1 alone.

Owns who is let in: the address printed at the start holds a token, which the first visit turns into a cookie; whoever
has neither gets nothing, nor does a page of another site.  Each visit is a `dayreel` process of its own that ends with
it.  Called by `dayreel serve`.
"""

from __future__ import annotations

import hmac
import logging
import secrets
import socket
from collections.abc import Awaitable, Callable
from typing import Any

from aiohttp import web
from textual_serve.server import Server

from timeline.errors import AlreadyRunning

HOST = "127.0.0.1"  # nobody but this machine, ever
_COOKIE = "dayreel"
_TOKEN_BYTES = 32
_QUERY = "token"
_POLICY = (
    "default-src 'self'; script-src 'self' 'unsafe-inline'; style-src 'self' 'unsafe-inline'; img-src 'self' data:;"
    " connect-src 'self' ws://{address}; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"
)
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class GuardedServer(Server):
    """textual-serve, open to those who know the token."""

    def __init__(self, command: str, port: int, tell: Callable[[str], None]) -> None:
        super().__init__(command, host=HOST, port=port, title="dayreel")
        self._address = f"{HOST}:{port}"
        self._token = secrets.token_urlsafe(_TOKEN_BYTES)
        self._tell = tell

    @property
    def address(self) -> str:
        """Return the address to open in the browser; whoever has it sees everything."""
        return f"http://{self._address}/?{_QUERY}={self._token}"

    def initialize_logging(self) -> None:
        """Log nothing but warnings: an address in a log would let others in."""
        logging.getLogger("aiohttp.access").disabled = True

    async def on_startup(self, app: web.Application) -> None:
        self._tell(f"Open {self.address}")
        self._tell("Whoever has this address sees everything. Ctrl-C ends it.")

    async def _make_app(self) -> web.Application:
        app: web.Application = await super()._make_app()
        app.middlewares.append(self._guard())
        return app

    def _guard(self) -> Any:
        @web.middleware
        async def guard(request: web.Request, handler: Handler) -> web.StreamResponse:
            if request.host != self._address or request.headers.get("Origin", f"http://{self._address}") != (
                f"http://{self._address}"
            ):
                raise web.HTTPForbidden(text="This is not the address that dayreel serve printed.")
            if self._knows(request.query.get(_QUERY, "")):
                arrived = web.HTTPFound("/")  # the token leaves the address bar and the history's title
                arrived.set_cookie(_COOKIE, self._token, httponly=True, samesite="Strict", path="/")
                raise arrived
            if not self._knows(request.cookies.get(_COOKIE, "")):
                raise web.HTTPForbidden(text="Open the address that dayreel serve printed, with its token.")
            response = await handler(request)
            if not response.prepared:
                response.headers["Content-Security-Policy"] = _POLICY.format(address=self._address)
                response.headers["Referrer-Policy"] = "no-referrer"
                response.headers["Cache-Control"] = "no-store"
            return response

        return guard

    def _knows(self, token: str) -> bool:
        return hmac.compare_digest(token.encode(), self._token.encode())


def usable_port(port: int) -> int:
    """Return a port that can be served on, any free one for 0.  Raises AlreadyRunning when it is taken."""
    with socket.socket() as one:
        one.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            one.bind((HOST, port))
        except OSError as error:
            raise AlreadyRunning(f"Port {port} is taken: name another with --port, or 0 for any.") from error
        return int(one.getsockname()[1])
