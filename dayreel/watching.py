"""`dayreel search --watch`: each new match as it appears on the screen and can be found, until Ctrl-C.

Owns the waiting.  The index is asked how far it has come; only when it came further it is searched, and only in what is
new.  An index that was built anew meanwhile is opened again.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Iterator

from dayreel import shapes
from dayreel.context import Context
from dayreel.store import Store
from dayreel.upgrading import bring_index_up, index_is_older
from index.filters import Filters
from index.query import Query
from index.search import Hit, Searcher
from timeline.closing import Closing
from timeline.database import DatabaseError
from timeline.errors import AlreadyRunning, NothingFound, StoreUnusable
from timeline.home import Home

PAUSE_S = 0.5  # between two looks; a look takes 0.1 ms
HELD_S = 30.0  # an index that cannot be read may be just being built anew


def watch(context: Context, query: Query, filters: Filters) -> int:
    """Print new matches until Ctrl-C, which is the way to end this and no failure."""
    from dayreel.commands.search import show_hits

    try:
        with _Arrivals(context, query, filters) as arrivals:
            for hits in arrivals.each():
                if context.as_json:
                    sys.stdout.writelines(json.dumps(shapes.hit(hit), ensure_ascii=False) + "\n" for hit in hits)
                else:
                    show_hits(context, hits)
                sys.stdout.flush()
    except KeyboardInterrupt:
        pass
    return 0


class _Arrivals(Closing):
    """What comes into the index of a home."""

    def __init__(self, context: Context, query: Query, filters: Filters) -> None:
        self._context, self._query, self._filters = context, query, filters
        self._store: Store | None = None
        self._file = 0
        self._shown: set[int] = set()

    def close(self) -> None:
        """Let go of the store; it is opened again when it is needed."""
        if self._store is not None:
            self._store.close()
            self._store = None

    def each(self) -> Iterator[list[Hit]]:
        """Yield new matches whenever there are some."""
        followed: int | None = None
        unread_since_s: float | None = None
        while True:
            try:
                searcher = self._searcher()
                now = 0 if searcher is None else searcher.followed()
                if searcher is not None and followed is not None and now > followed:
                    yield self._new(searcher, followed, now)
                if followed is None:
                    self._context.talk("Waiting for new matches: Ctrl-C ends.")
                followed = max(followed or 0, now)
                unread_since_s = None
            except (StoreUnusable, AlreadyRunning, DatabaseError):
                self.close()
                unread_since_s = unread_since_s or time.monotonic()
                if time.monotonic() - unread_since_s > HELD_S:
                    raise
            time.sleep(PAUSE_S)

    def _new(self, searcher: Searcher, after: int, until: int) -> list[Hit]:
        """Return what was not shown yet: a text that grows while it is typed is one match."""
        hits = [
            hit
            for hit in searcher.arrived(self._query, self._filters, after, until)
            if hit.passage_id not in self._shown
        ]
        self._shown.update(hit.passage_id for hit in hits)
        return hits

    def _searcher(self) -> Searcher | None:
        """Return the searcher of the store as it is now; None while nothing was recorded."""
        file = _file_of(self._context.home)
        if file != self._file:
            self.close()
            self._file = file
        if self._store is None:
            try:
                self._store = Store.open(self._context.home, self._context.settings)
            except NothingFound:
                return None
            if index_is_older(self._store.home, self._store.key):
                bring_index_up(self._store.home, self._store.key)
        return self._store.searcher


def _file_of(home: Home) -> int:
    """Return what tells one index.db from another of the same name; 0: there is none."""
    try:
        return home.index_database.stat().st_ino
    except OSError:
        return 0
