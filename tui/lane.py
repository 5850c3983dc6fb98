"""One thread that owns one object: opens it, makes every call on it, closes it.

The event loop awaits `Lane.run`; when the awaiting task is cancelled, a call that has not begun is skipped.  So a
screen that cancels its last request before the next one (an exclusive worker) gets the newest position only, and
no call of a slow picture or search ever blocks the loop.  A lane knows nothing of what it carries.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from concurrent.futures import Future
from contextlib import AbstractContextManager, ExitStack
from queue import SimpleQueue
from typing import Any, Generic, TypeVar

T = TypeVar("T")
R = TypeVar("R")

_JOIN_S = 2.0  # a call that hangs longer (a silent endpoint) must not keep the program from ending


class Lane(Generic[T]):
    """A thread and the object it owns, opened at the first call."""

    def __init__(self, name: str, opener: Callable[[], AbstractContextManager[T]]) -> None:
        self._opener = opener
        self._calls: SimpleQueue[tuple[Future[Any], Callable[[T], Any]] | None] = SimpleQueue()
        self._thread = threading.Thread(target=self._serve, name=f"dayreel-{name}", daemon=True)
        self._started = False

    async def run(self, call: Callable[[T], R]) -> R:
        """Return what `call` returns for the owned object, or raise what it raises."""
        if not self._started:
            self._started = True
            self._thread.start()
        future: Future[R] = Future()
        self._calls.put((future, call))
        return await asyncio.wrap_future(future)

    def close(self) -> None:
        """Let the call under way end, then close the object and end the thread; returns at once."""
        if self._started:
            self._calls.put(None)

    def join(self) -> None:
        """Wait until a closed lane has ended, but not for a call that hangs."""
        if self._started:
            self._thread.join(_JOIN_S)

    def _serve(self) -> None:
        """Serve calls until None comes; an object that could not be opened is tried again at the next call."""
        with ExitStack() as held:
            owned: list[T] = []
            while (job := self._calls.get()) is not None:
                future, call = job
                if not future.set_running_or_notify_cancel():
                    continue
                try:
                    if not owned:
                        owned.append(held.enter_context(self._opener()))
                    result = call(owned[0])
                except Exception as error:  # the outer loop of the thread: the caller gets the error
                    future.set_exception(error)
                else:
                    future.set_result(result)
