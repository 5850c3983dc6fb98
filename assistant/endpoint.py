"""A language model's endpoint: messages in, pieces of text out.

Owns all use of the openai SDK (imported when the first question is asked), the limits of time, and the sentence a user
reads when something fails.  Keeps no text: neither prompt nor reply is logged or put into an error.  Called by
answer.py.

The SDK retries 429 and 5xx with back-off, twice.  It has no limit for a whole reply, and a server that drips single
bytes never trips its read timeout; so the reply is read in a thread, and whoever waits for it waits for text.
"""

from __future__ import annotations

import logging
import queue
import re
import threading
import time
from collections.abc import Generator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal
from urllib.parse import urlsplit

from timeline.errors import EndpointFailed

if TYPE_CHECKING:
    from openai import APIStatusError, OpenAI, Stream
    from openai.types.chat import ChatCompletionChunk
    from openai.types.chat.chat_completion_chunk import ChoiceDeltaToolCall

RETRIES = 2
TOTAL_TIMEOUTS = 5  # a reply that keeps coming may take so many times the limit for silence
WAITING_PIECES = 64
STOP_CHECK_S = 0.2
MOST_CALLS = 4  # of tools in one reply
LONGEST_NAME = 64  # characters of a tool's name, as the protocol has it
LONGEST_ARGUMENTS = 2_000  # characters
NO_TOOLS = (400, 404, 422, 500, 501)  # what servers say to tools that they or their model cannot use
_CONTEXT = re.compile(
    r"context (?:length|size|window)|exceed_context|too many tokens|prompt is too long", re.IGNORECASE
)
_CONTEXT_TOKENS = re.compile(r"(?:context (?:length|size|window)[^\d]{0,20}|n_ctx\W{1,4})(\d{3,7})", re.IGNORECASE)
LATIN_CHARS_PER_TOKEN = 4  # OpenAI's rule of thumb; a Chinese character is about one token

_log = logging.getLogger(__name__)


class PromptTooLong(EndpointFailed):
    """The model reads less text than was sent; `context_tokens` is how much it reads, None when it did not say."""

    def __init__(self, message: str, context_tokens: int | None) -> None:
        super().__init__(message)
        self.context_tokens = context_tokens


@dataclass(frozen=True, slots=True)
class ToolCall:
    """A model's wish to have a tool called; `arguments` is what it wrote, JSON if it is well."""

    id: str
    name: str
    arguments: str


@dataclass(frozen=True, slots=True)
class Message:
    """One message of a conversation; one of a model may hold `calls`, one of a tool answers the call `call_id`."""

    role: Literal["system", "user", "assistant", "tool"]
    content: str
    calls: tuple[ToolCall, ...] = ()
    call_id: str = ""

    def as_sent(self) -> dict[str, object]:
        """Return the message as the protocol has it."""
        sent: dict[str, object] = {"role": self.role, "content": self.content}
        if self.calls:
            sent["tool_calls"] = [
                {"id": one.id, "type": "function", "function": {"name": one.name, "arguments": one.arguments}}
                for one in self.calls
            ]
        return sent | ({"tool_call_id": self.call_id} if self.call_id else {})


class Endpoint:
    """An OpenAI-compatible server and the model to ask there.

    `timeout_s` is the longest silence, `total_s` the longest reply (five times that unless given).
    """

    def __init__(
        self, base_url: str, api_key: str | None, model: str, timeout_s: float = 60.0, total_s: float | None = None
    ) -> None:
        self.model = model
        self.takes_tools = True  # until it refuses a request that has some
        self.most_chars: int | None = None  # of evidence, once it has refused more
        self.timeout_s = timeout_s
        self.total_s = timeout_s * TOTAL_TIMEOUTS if total_s is None else total_s
        self._base_url = base_url
        self._api_key = api_key

    @property
    def host(self) -> str:
        """The name by which users and errors know the endpoint: host and port, never a password in the address."""
        return urlsplit(self._base_url).netloc.rpartition("@")[2] or self._base_url

    @property
    def hostname(self) -> str:
        """The name or address of the machine alone, in small letters."""
        return urlsplit(self._base_url).hostname or ""

    def ask(self, messages: Sequence[Message], tools: Sequence[dict[str, Any]] = ()) -> Reply:
        """Return the reply to a conversation; the request goes out when it is first iterated.

        `tools` are descriptions of functions in the protocol's form; a server that refuses them is asked without.
        """
        return Reply(self, messages, tools)

    def client(self) -> OpenAI:
        """Return a client of the SDK.  Raises EndpointFailed when the address is none."""
        from openai import OpenAI, OpenAIError

        # At DEBUG the SDK logs whole requests, and they hold the screen's text.
        logging.getLogger("openai").setLevel(logging.INFO)
        try:
            return OpenAI(
                base_url=self._base_url,
                api_key=self._api_key or "none",  # local servers need no key, the SDK wants one
                timeout=self.timeout_s,
                max_retries=RETRIES,
            )
        except (OpenAIError, ValueError) as error:
            raise EndpointFailed(f"{self.host!r} is no address of an endpoint: check OPENAI_BASE_URL.") from error


class Reply:
    """The text of one reply, piece by piece; once it has ended, the tokens it took.

    Iterate once; leaving the loop early (or an exception in it) ends the request.  Raises EndpointFailed.
    """

    def __init__(self, endpoint: Endpoint, messages: Sequence[Message], tools: Sequence[dict[str, Any]] = ()) -> None:
        self._endpoint = endpoint
        self._messages = messages
        self._tools = tools
        self._calls: dict[int, ToolCall] = {}
        self._pieces: queue.Queue[str | Exception | None] = queue.Queue(WAITING_PIECES)
        self._stopped = threading.Event()
        self._written = ""
        self.prompt_tokens = 0
        self.completion_tokens = 0

    @property
    def calls(self) -> tuple[ToolCall, ...]:
        """The tools that the model wants called, once the reply has ended."""
        return tuple(self._calls[number] for number in sorted(self._calls))

    def __iter__(self) -> Generator[str, None, None]:
        client = self._endpoint.client()
        thread = threading.Thread(target=self._read, args=(client,), name="endpoint", daemon=True)
        thread.start()
        ends_s = time.monotonic() + self._endpoint.total_s
        try:
            while (piece := self._next(ends_s)) is not None:
                self._written += piece
                yield piece
            self._estimate_missing()
        finally:
            self._stopped.set()
            client.close()
            thread.join(STOP_CHECK_S)  # one that hangs in a read ends with its read timeout, later and alone

    def _next(self, ends_s: float) -> str | None:
        wait_s = min(self._endpoint.timeout_s, ends_s - time.monotonic())
        try:
            piece = self._pieces.get(timeout=max(wait_s, 0))
        except queue.Empty:
            limit_s = self._endpoint.timeout_s if time.monotonic() < ends_s else self._endpoint.total_s
            raise EndpointFailed(
                f"The endpoint at {self._endpoint.host} did not answer within {limit_s:g} s."
            ) from None
        if isinstance(piece, Exception):
            raise piece
        return piece

    def _read(self, client: OpenAI) -> None:
        """Put the pieces into the queue, then None, or the error that ended them: the thread's outer loop."""
        try:
            self._read_all(client)
            self._put(None)
        except Exception as error:  # whatever ends the thread belongs to the one who waits
            _log.debug("the request to %s ended with %s", self._endpoint.host, type(error).__name__)
            self._put(_failure(error, self._endpoint))

    def _read_all(self, client: OpenAI) -> None:
        finished = False
        for chunk in self._stream(client):
            if chunk.usage is not None:
                self.prompt_tokens, self.completion_tokens = chunk.usage.prompt_tokens, chunk.usage.completion_tokens
            for choice in chunk.choices[:1]:
                finished = finished or choice.finish_reason is not None
                if choice.delta.content:
                    self._put(choice.delta.content)
                for piece in choice.delta.tool_calls or ():
                    self._hear_call(piece)
            if self._stopped.is_set():
                return
        if not finished:
            raise EndpointFailed(f"The answer of the endpoint at {self._endpoint.host} broke off; ask again.")

    def _hear_call(self, piece: ChoiceDeltaToolCall) -> None:
        """Add a piece of a call; what is beyond the limits is not kept."""
        if not self._tools or not 0 <= piece.index < MOST_CALLS:
            return
        known = self._calls.get(piece.index, ToolCall("", "", ""))
        name = (piece.function.name if piece.function else "") or ""
        arguments = (piece.function.arguments if piece.function else "") or ""
        written = (known.arguments + arguments)[:LONGEST_ARGUMENTS]
        call_id = known.id or piece.id or f"call_{piece.index}"
        self._calls[piece.index] = ToolCall(call_id, (known.name + name)[:LONGEST_NAME], written)

    def _stream(self, client: OpenAI) -> Stream[ChatCompletionChunk]:
        """Open the stream; a server that refuses tools or knows no `stream_options` is asked without."""
        from openai import APIStatusError, BadRequestError

        messages = [each.as_sent() for each in self._messages]
        request = {"model": self._endpoint.model, "messages": messages, "temperature": 0.0, "stream": True}
        counted = {"stream_options": {"include_usage": True}}
        if self._tools and self._endpoint.takes_tools:
            try:
                return self._open(client, request | counted | {"tools": list(self._tools)})
            except APIStatusError as error:
                if error.status_code not in NO_TOOLS or _context_told(error) is not None:
                    raise
                self._endpoint.takes_tools = False
        try:
            return self._open(client, request | counted)
        except BadRequestError as error:
            if _context_told(error) is not None:
                raise
            del request["temperature"]  # some models take only their own
            return self._open(client, request)

    def _open(self, client: OpenAI, request: dict[str, object]) -> Stream[ChatCompletionChunk]:
        stream: Stream[ChatCompletionChunk] = client.chat.completions.create(**request)  # type: ignore[call-overload]  # built in two steps
        return stream

    def _put(self, piece: str | Exception | None) -> None:
        while not self._stopped.is_set():
            try:
                self._pieces.put(piece, timeout=STOP_CHECK_S)
            except queue.Full:
                continue
            return

    def _estimate_missing(self) -> None:
        """Estimate the tokens when the server did not count them."""
        self.prompt_tokens = self.prompt_tokens or sum(estimate_tokens(each.content) for each in self._messages)
        self.completion_tokens = self.completion_tokens or estimate_tokens(self._written)


def estimate_tokens(text: str) -> int:
    """Return about how many tokens a text takes."""
    latin = sum(char.isascii() for char in text)
    return len(text) - latin + -(-latin // LATIN_CHARS_PER_TOKEN)


def _failure(error: Exception, endpoint: Endpoint) -> Exception:
    """Return the error a user reads, in place of one of the SDK's; an error of our own, or a bug, as it is."""
    import openai

    at = f"The endpoint at {endpoint.host}"
    if isinstance(error, openai.APIStatusError):
        if (context := _context_told(error)) is not None:
            return PromptTooLong(
                f"{at} reads less text than was sent: give its model a longer context.", context or None
            )
        return EndpointFailed(_status_sentence(at, error.status_code, endpoint.model))
    if isinstance(error, openai.APITimeoutError):
        return EndpointFailed(f"{at} did not answer within {endpoint.timeout_s:g} s.")
    if isinstance(error, openai.APIConnectionError):
        return EndpointFailed(f"{at} cannot be reached: check that it runs and that the address is right.")
    if isinstance(error, openai.OpenAIError):
        return EndpointFailed(f"{at} sent an error instead of an answer.")
    if isinstance(error, ValueError):
        return EndpointFailed(f"{at} sent something that is no answer: is it an OpenAI-compatible server?")
    if _is_transport_error(error):
        return EndpointFailed(f"The answer of the endpoint at {endpoint.host} broke off; ask again.")
    return error


def _context_told(error: APIStatusError) -> int | None:
    """Return the context length that an error tells, 0 when it only says that it was exceeded; None for another."""
    told = f"{error.message} {error.body}"
    if error.status_code not in (400, 413, 422) or _CONTEXT.search(told) is None:
        return None
    tokens = _CONTEXT_TOKENS.search(told)
    return int(tokens[1]) if tokens else 0


def _is_transport_error(error: Exception) -> bool:
    """Tell whether the connection broke while the stream was read: the SDK lets these through as they are."""
    import httpx2

    return isinstance(error, (httpx2.HTTPError, httpx2.StreamError, OSError))


def _status_sentence(at: str, status: int, model: str) -> str:
    if status in (401, 403):
        return f"{at} refused the key ({status}): check OPENAI_API_KEY."
    if status == 404:
        return f"{at} does not know the model {model!r} or the address (404): check DAYREEL_MODEL and OPENAI_BASE_URL."
    if status == 429:
        return f"{at} takes no more requests for now (429): try again later."
    if status < 500:
        return f"{at} rejected the request ({status}): the model may read less text than was sent."
    return f"{at} failed ({status}): try again later."
