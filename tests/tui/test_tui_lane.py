"""The thread that owns one object."""

from __future__ import annotations

import asyncio
import threading
from contextlib import contextmanager

import pytest

from timeline.errors import StoreUnusable
from tui.lane import Lane


class Owned:
    """Notes on which threads it was opened, used and closed."""

    def __init__(self):
        self.threads, self.closed = [], False

    def use(self, value):
        self.threads.append(threading.current_thread().name)
        return value


@contextmanager
def opened(owned):
    """Open the object on the calling thread."""
    owned.threads.append(threading.current_thread().name)
    yield owned
    owned.threads.append(threading.current_thread().name)
    owned.closed = True


def test_one_thread_opens_uses_and_closes():
    """The object never meets another thread."""
    owned = Owned()
    lane = Lane("test", lambda: opened(owned))

    async def go():
        assert await lane.run(lambda o: o.use(1)) == 1
        assert await lane.run(lambda o: o.use(2)) == 2

    asyncio.run(go())
    lane.close()
    lane.join()
    assert owned.threads == ["dayreel-test"] * 4
    assert owned.closed


def test_nothing_is_opened_before_the_first_call():
    """A lane that was never used has no thread to end."""
    owned = Owned()
    lane = Lane("test", lambda: opened(owned))
    lane.close()
    lane.join()
    assert owned.threads == []


def test_errors_reach_the_caller_and_the_lane_goes_on():
    """An object that cannot be opened is tried again at the next call."""
    owned, errors = Owned(), [StoreUnusable("The store is locked.")]

    @contextmanager
    def sometimes():
        if errors:
            raise errors.pop()
        yield owned

    lane = Lane("test", sometimes)

    async def go():
        with pytest.raises(StoreUnusable, match="The store is locked"):
            await lane.run(lambda o: o.use(1))
        assert await lane.run(lambda o: o.use(2)) == 2

    asyncio.run(go())
    lane.close()
    lane.join()


def test_cancelled_calls_that_have_not_begun_are_skipped():
    """While one call runs, only the newest of those behind it is made."""
    owned, gate = Owned(), threading.Event()
    lane, made = Lane("test", lambda: opened(owned)), []

    async def go():
        first = asyncio.ensure_future(lane.run(lambda o: gate.wait(5)))
        await asyncio.sleep(0.05)
        for n in range(20):
            task = asyncio.ensure_future(lane.run(lambda o, n=n: made.append(n)))
            await asyncio.sleep(0)
            if n < 19:
                task.cancel()
        gate.set()
        await first
        await task

    asyncio.run(go())
    lane.close()
    lane.join()
    assert made == [19]
