"""Search: from a query to passages as results.  The assistant, the command line and the terminal interface ask it.

Owns the connections it reads with; one thread at a time.  A search by text alone never loads the embedder nor faiss.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Sequence
from dataclasses import dataclass
from typing import Literal, Self

from index import closeness
from index.arrivals import arrived
from index.candidates import Candidates, Gatherer
from index.embedder import Embedder
from index.excerpt import Matcher, matched_boxes, shown_text, snippet
from index.filters import Filters, Scope, prepare, scope
from index.finds import Find, Texts, finds, found_as_they_are
from index.furniture import behind_content, is_furniture
from index.patience import Patience
from index.query import Query, parse
from index.ranking import newer_first, rank_by_both, rank_by_meaning, rank_by_text, with_guesses
from index.store import DAMAGED, MISSING, is_damaged, open_for_search
from timeline.closing import Closing
from timeline.database import Database, DatabaseError
from timeline.errors import StoreUnusable
from timeline.home import Home
from timeline.keys import Key
from timeline.model import Box, Line, Window
from timeline.reader import Reader

__all__ = ["Filters", "Hit", "Mode", "Searcher"]

Mode = Literal["hybrid", "text", "meaning"]


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
    inexact: bool = False
    """Whether a word that was read or typed wrong was taken for one that was asked for."""


@dataclass(frozen=True, slots=True)
class _Sources:
    """What is open while there is something to search in."""

    db: Database
    gatherer: Gatherer
    reader: Reader


class Searcher(Closing):
    """Searches one home."""

    def __init__(self, home: Home, key: Key, embedder_factory: Callable[[], Embedder] | None) -> None:
        self._home, self._key, self._embedder_factory = home, key, embedder_factory
        self._sources: _Sources | None = None
        self.was_bounded = False
        """Whether the last search left something out, since more passages match than can be ranked in time."""

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

    def search(
        self,
        query: str | Query,
        filters: Filters = Filters(),
        limit: int = 10,
        mode: Mode = "hybrid",
        *,
        unfinished: bool = False,
    ) -> list[Hit]:
        """Return at most `limit` different passages, best first; none when nothing is indexed or nothing fits.

        What the query says of time and names confines the search further; `index.query.parse` counts times from
        another instant than now.  `unfinished`: the query is being typed, its last word may be the beginning of one;
        then it is searched by text alone, newest first, and nothing in it is an error.
        Raises WrongUsage when the query cannot be understood or holds no word, PartMissing when `mode` needs a model
        that is not there, and StoreUnusable when the index is damaged, or missing while there is something to be found.
        """
        if self._embedder_factory is None and mode == "hybrid":
            mode = "text"
        self.was_bounded = False
        asked = query if isinstance(query, Query) else parse(query, unfinished=unfinished)
        filters = filters.within(asked.filters)
        try:
            return self._search(asked, filters, limit, mode)
        except DatabaseError as error:
            damaged = self._sources is not None and is_damaged(self._sources.db)
            self.close()  # the index may have been built anew since it was opened
            if damaged:
                raise StoreUnusable(DAMAGED) from error
            raise

    def followed(self) -> int:
        """Return how far the index has followed the timeline; 0 while there is none."""
        sources = self._open_sources()
        if sources is None:
            return 0
        [value] = sources.db.conn.execute("SELECT value FROM state WHERE name = 'changed'").fetchone()
        return int(value)

    def arrived(self, query: Query, filters: Filters, after: int, until: int) -> list[Hit]:
        """Return what holds all words of a query and was indexed after a point that `followed` gave, until another.

        In the order in which it appeared.  Raises as `search` does.
        """
        sources = self._open_sources()
        if sources is None:
            return []
        filters = filters.within(query.filters)
        ids = arrived(sources.db, query, scope(sources.db, filters), after, until)
        finds_of = found_as_they_are(sources.reader, ids, filters.interval)
        return _hits(sources.reader, finds_of, Matcher(query), "text", ())

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
        reader, gatherer, patience = sources.reader, sources.gatherer, Patience()
        texts = Texts(reader)
        asked = gatherer.completed(asked)
        inside = scope(sources.db, filters)
        found = _candidates(gatherer, asked, filters, inside, mode, patience)
        ranked = _ranked(gatherer, found, asked, mode)
        if found.is_lost_phrase:
            ranked = _nearest_first(texts, ranked, closeness.Phrase(asked.said))
        scores = behind_content(sources.db, ranked)
        chosen = finds(reader, texts, gatherer, scores, inside, filters.interval, limit, quickly=asked.is_typed)
        self.was_bounded = patience.was_bounded
        matcher = Matcher(asked, [form for guess in found.guesses for form in guess.forms])
        inexact = {one.passage_id for one in found.passages if one.guessed}
        return _hits(reader, chosen, matcher, mode, inexact)

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
            gatherer = Gatherer(db, self._home, self._key, self._embedder_factory)
            self._sources = _Sources(db, gatherer, reader)
        return self._sources


def _open_index(home: Home, key: Key, reader: Reader) -> Database | None:
    """Return a connection to the index; None: there is nothing to index.  Raises StoreUnusable when it is missing."""
    db = open_for_search(home, key)
    if db is None and reader.db.conn.execute("SELECT 1 FROM passages LIMIT 1").fetchone() is not None:
        raise StoreUnusable(MISSING)
    return db


def _candidates(
    gatherer: Gatherer, query: Query, filters: Filters, inside: Scope, mode: Mode, patience: Patience
) -> Candidates:
    """Return the passages that may answer a query."""
    if not query.has_words:
        return gatherer.newest(query, inside) if filters.confines else Candidates([])
    if query.is_typed:
        return gatherer.typed(query, inside, patience)
    if mode == "meaning":
        return gatherer.by_meaning(query, inside)
    return gatherer.by_text(query, inside, patience) if mode == "text" else gatherer.by_both(query, inside, patience)


def _ranked(gatherer: Gatherer, found: Candidates, query: Query, mode: Mode) -> dict[int, float]:
    """Return passage id -> score, best first."""
    if mode == "text" or query.is_typed or not query.has_words:
        return newer_first(with_guesses(found.passages, rank_by_text))
    if mode == "meaning":
        return newer_first(rank_by_meaning(found.passages))
    share = gatherer.found_share(query)
    return newer_first(with_guesses(found.passages, lambda every: rank_by_both(every, share)))


def _nearest_first(texts: Texts, scores: dict[int, float], phrase: closeness.Phrase) -> dict[int, float]:
    """Return the scores with more for texts that come near a phrase, best first."""
    first = list(scores)[: closeness.LOOKED_AT]
    near = {one: scores[one] + phrase.bonus(text) for one, text in texts.of(first).items()}
    return dict(sorted((scores | near).items(), key=lambda item: -item[1]))


def _hits(reader: Reader, chosen: Sequence[Find], matcher: Matcher, mode: Mode, inexact: Container[int]) -> list[Hit]:
    """Return what is shown, with the places of its words on the screen."""
    lines = reader.lines_of_spans([find.span.id for find in chosen])
    windows = reader.windows_of_passages([find.passage_id for find in chosen])
    return [
        _hit(find, lines.get(find.span.id, []), windows[find.passage_id], matcher, mode, inexact=find.ranked in inexact)
        for find in chosen
    ]


def _hit(find: Find, lines: Sequence[Line], window: Window, matcher: Matcher, mode: Mode, *, inexact: bool) -> Hit:
    span, marks = find.span, matcher.marks(find.text)
    boxes = () if mode == "meaning" else matched_boxes(lines, find.text, marks, matcher)
    return Hit(
        passage_id=find.passage_id,
        start_us=span.start_us,
        end_us=span.end_us,
        offset_s=span.offset_s,
        window=window,
        monitor=span.monitor,
        frame_id=span.frame_id,
        text=shown_text(find.text, marks),
        snippet=snippet(find.text, marks),
        score=round(find.score, 4),
        boxes=boxes or tuple(line.box for line in lines),
        inexact=inexact,
    )
