"""Search: from a query to passages as results.  The assistant, the command line and the terminal interface ask it.

Owns the connections it reads with; one thread at a time.  A search by text alone never loads the embedder nor faiss.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import chain, islice
from typing import Literal, Self

from index.candidates import Candidates
from index.embedder import Embedder
from index.excerpt import Matcher, matched_boxes, shown_text, snippet
from index.filters import Filters, prepare, scope
from index.furniture import behind_content, is_furniture
from index.query import Query, parse
from index.ranking import newer_first, rank_by_both, rank_by_meaning, rank_by_text, same
from index.store import DAMAGED, MISSING, is_damaged, open_for_search
from index.tokens import scan
from timeline.clock import SECOND_US
from timeline.closing import Closing
from timeline.database import Database, DatabaseError
from timeline.errors import StoreUnusable
from timeline.home import Home
from timeline.keys import Key
from timeline.model import Box, Passage, Span, Window
from timeline.reader import Reader

__all__ = ["Filters", "Hit", "Mode", "Searcher"]

Mode = Literal["hybrid", "text", "meaning"]
READ_AT_ONCE = 16  # passages read from the timeline at a time while ten different ones are looked for
LOOK_BEYOND = 20  # candidates after the last result, for better copies of what was found
SAME_SIGHTING_US = 60 * SECOND_US  # copies further apart were seen at different times: the better ranked one is shown
ALL_BUT_WHOLE = 0.8  # of the larger text: a smaller copy is a part of it


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


class Searcher(Closing):
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

    def is_furniture(self, passage_id: int) -> bool:
        """Tell whether a passage is of menus, side bars and the like, as far as anything is indexed.

        Raises StoreUnusable as `search` does.
        """
        sources = self._open_sources()
        return sources is not None and is_furniture(sources.db, passage_id)

    def _search(self, asked: Query, filters: Filters, limit: int, mode: Mode) -> list[Hit]:
        sources = self._open_sources()
        if sources is None:
            return []
        scores = behind_content(sources.db, _ranked(sources.candidates, asked, filters, mode))
        matcher = Matcher(asked)
        return [_hit(sources.reader, find, matcher, mode) for find in _finds(sources, scores, filters, limit)]

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


@dataclass(slots=True)
class _Find:
    """A result on its way: the passage that shows it best so far, and the score of the best one that says the same."""

    passage: Passage
    span: Span
    tokens: frozenset[str]
    score: float


def _finds(sources: _Sources, scores: dict[int, float], filters: Filters, limit: int) -> list[_Find]:
    """Return the passages to show, best first; of several that say the same the one that shows it best."""
    finds: list[_Find] = []
    inside = scope(filters)
    for place, passage in enumerate(_read(sources.reader, scores)):
        if len(finds) == limit and place >= limit + LOOK_BEYOND:
            break
        copies = _read(sources.reader, sources.candidates.copies(passage.id, inside))
        for one in chain([passage], copies):
            spans = sources.reader.spans(one.id, filters.interval)
            if spans:
                _take(finds, one, spans[0], scores[passage.id], limit)
    return finds


def _take(finds: list[_Find], passage: Passage, span: Span, score: float, limit: int) -> None:
    """Let a passage be a result of its own, show what is one already better, or add nothing."""
    tokens = frozenset(token.text for token in scan(passage.text))
    known = next((find for find in finds if same(tokens, find.tokens)), None)
    if known is None:
        if len(finds) < limit:
            finds.append(_Find(passage, span, tokens, score))
    elif _shows_better(tokens, span, known):
        known.passage, known.span, known.tokens = passage, span, tokens


def _shows_better(tokens: frozenset[str], span: Span, known: _Find) -> bool:
    """Tell whether another copy of a text, on the screen just before or after, is the one to show.

    A page that is being left, or half covered by a window opened over it, is another passage for a second or two.
    """
    apart_us = max(span.start_us - known.span.end_us, known.span.start_us - span.end_us)
    if apart_us > SAME_SIGHTING_US:
        return False
    if len(tokens) != len(known.tokens) and min(len(tokens), len(known.tokens)) < ALL_BUT_WHOLE * max(
        len(tokens), len(known.tokens)
    ):
        return len(tokens) > len(known.tokens)
    return span.end_us - span.start_us > known.span.end_us - known.span.start_us


def _read(reader: Reader, passage_ids: Iterable[int]) -> Iterator[Passage]:
    waiting = iter(passage_ids)
    while ids := list(islice(waiting, READ_AT_ONCE)):
        passages = reader.passages(ids)
        yield from (passages[one] for one in ids if one in passages)


def _hit(reader: Reader, find: _Find, matcher: Matcher, mode: Mode) -> Hit:
    passage, span = find.passage, find.span
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
        score=round(find.score, 4),
        boxes=boxes or tuple(line.box for line in lines),
    )
