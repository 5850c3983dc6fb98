"""Search: from a query to passages as results.  The assistant, the command line and the terminal interface ask it.

Owns the connections it reads with; one thread at a time.  A search by text alone never loads the embedder nor faiss.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from types import TracebackType
from typing import Literal, Self

from index.candidates import Candidates
from index.embedder import Embedder
from index.excerpt import Matcher, matched_boxes, shown_text, snippet
from index.filters import Filters, prepare, scope
from index.query import Query, parse
from index.ranking import newer_first, rank_by_both, rank_by_meaning, rank_by_text, same
from index.store import DAMAGED, MISSING, is_damaged, open_for_search
from index.tokens import scan
from timeline.database import Database, DatabaseError
from timeline.errors import StoreUnusable
from timeline.home import Home
from timeline.keys import Key
from timeline.model import Box, Passage, Span, Window
from timeline.reader import Reader

__all__ = ["Filters", "Hit", "Mode", "Searcher"]

Mode = Literal["hybrid", "text", "meaning"]
READ_AT_ONCE = 16  # passages read from the timeline at a time while ten different ones are looked for


@dataclass(frozen=True, slots=True)
class Hit:
    """One passage that was found, at the newest span inside the filter in which it stood on the screen."""

    passage_id: int
    start_us: int
    end_us: int
    offset_s: int
    window: Window
    monitor: int
    frame_id: int
    text: str
    """The passage, or at most 1,000 characters of it around what matched."""
    snippet: str
    """One line around what matched, each match as `**match**`."""
    score: float
    boxes: tuple[Box, ...]
    """In the frame's pixels: one for each matched word, or those of the lines when it was found by meaning."""


@dataclass(frozen=True, slots=True)
class _Sources:
    """What is open while there is something to search in."""

    db: Database
    candidates: Candidates
    reader: Reader


class Searcher:
    """Searches one home."""

    def __init__(self, home: Home, key: Key, embedder_factory: Callable[[], Embedder] | None) -> None:
        self._home, self._key, self._embedder_factory = home, key, embedder_factory
        self._sources: _Sources | None = None

    @classmethod
    def open(cls, home: Home, key: Key, embedder_factory: Callable[[], Embedder] | None) -> Self:
        """Return a searcher of a home, of one too in which nothing is indexed yet.

        The factory is called by the first search for meaning; with None every search is by text alone.
        """
        return cls(home, key, embedder_factory)

    def close(self) -> None:
        """Close the connections; another search would open them again."""
        if self._sources is not None:
            self._sources.reader.close()
            self._sources.db.close()
            self._sources = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def search(self, query: str, filters: Filters = Filters(), limit: int = 10, mode: Mode = "hybrid") -> list[Hit]:
        """Return at most `limit` different passages, best first; none when nothing is indexed or nothing fits.

        Raises WrongUsage when the query holds no word, PartMissing when `mode` needs a model that is not there, and
        StoreUnusable when the index is damaged, or missing while there is something to be found.
        """
        if self._embedder_factory is None and mode == "hybrid":
            mode = "text"
        asked = parse(query)
        try:
            return self._search(asked, filters, limit, mode)
        except DatabaseError as error:
            damaged = self._sources is not None and is_damaged(self._sources.db)
            self.close()  # the index may have been built anew since it was opened
            if damaged:
                raise StoreUnusable(DAMAGED) from error
            raise

    def _search(self, asked: Query, filters: Filters, limit: int, mode: Mode) -> list[Hit]:
        sources = self._open_sources()
        if sources is None:
            return []
        scores = _ranked(sources.candidates, asked, filters, mode)
        hits = _hits(sources.reader, scores, filters, asked, mode)
        return list(islice(hits, limit))

    def _open_sources(self) -> _Sources | None:
        if self._sources is None:
            if not self._home.database.exists():
                return None
            reader = Reader.open(self._home, self._key)
            try:
                db = _open_index(self._home, self._key, reader)
            except BaseException:
                reader.close()
                raise
            if db is None:
                reader.close()
                return None
            prepare(db)
            candidates = Candidates(db, self._home, self._key, self._embedder_factory)
            self._sources = _Sources(db, candidates, reader)
        return self._sources


def _open_index(home: Home, key: Key, reader: Reader) -> Database | None:
    """Return a connection to the index; None: there is nothing to index.  Raises StoreUnusable when it is missing."""
    db = open_for_search(home, key)
    if db is None and reader.db.conn.execute("SELECT 1 FROM passages LIMIT 1").fetchone() is not None:
        raise StoreUnusable(MISSING)
    return db


def _ranked(candidates: Candidates, query: Query, filters: Filters, mode: Mode) -> dict[int, float]:
    """Return passage id -> score, best first."""
    inside = scope(filters)
    if mode == "text":
        return newer_first(rank_by_text(candidates.by_text(query, inside)))
    if mode == "meaning":
        return newer_first(rank_by_meaning(candidates.by_meaning(query, inside)))
    return newer_first(rank_by_both(candidates.by_both(query, inside), candidates.found_share(query)))


def _hits(reader: Reader, scores: dict[int, float], filters: Filters, query: Query, mode: Mode) -> Iterator[Hit]:
    """Yield the passages as results, leaving out what says the same as a better one."""
    matcher = Matcher(query)
    seen: list[frozenset[str]] = []
    for passage in _read(reader, scores):
        tokens = frozenset(token.text for token in scan(passage.text))
        if any(same(tokens, other) for other in seen):
            continue
        spans = reader.spans(passage.id, filters.interval)
        if spans:
            seen.append(tokens)
            yield _hit(reader, passage, spans[0], scores[passage.id], matcher, mode)


def _read(reader: Reader, passage_ids: Iterable[int]) -> Iterator[Passage]:
    waiting = iter(passage_ids)
    while ids := list(islice(waiting, READ_AT_ONCE)):
        passages = reader.passages(ids)
        yield from (passages[one] for one in ids if one in passages)


def _hit(reader: Reader, passage: Passage, span: Span, score: float, matcher: Matcher, mode: Mode) -> Hit:
    marks = matcher.marks(passage.text)
    lines = reader.lines_of_span(span.id)
    boxes = () if mode == "meaning" else matched_boxes(lines, matcher)
    return Hit(
        passage_id=passage.id,
        start_us=span.start_us,
        end_us=span.end_us,
        offset_s=span.offset_s,
        window=passage.window,
        monitor=span.monitor,
        frame_id=span.frame_id,
        text=shown_text(passage.text, marks),
        snippet=snippet(passage.text, marks),
        score=round(score, 4),
        boxes=boxes or tuple(line.box for line in lines),
    )
