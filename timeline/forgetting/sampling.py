"""Pieces of what goes, by which raw pages are searched afterwards: a proof also where nobody named a text.

Reads rows only, before they go.  What it returns is kept in memory for the check alone, never written or told.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator

from timeline.database import Database
from timeline.forgetting.plan import Plan
from timeline.forgetting.sightings import Sightings

MOST = 48  # pieces: each costs a microsecond a page
LEAST_BYTES = 12  # of a piece in UTF-8: shorter ones stand in what stays as well
MOST_CHARACTERS = 48  # of a piece: a long text is spread over pages


def samples(db: Database, plan: Plan) -> list[str]:
    """Return pieces of lines and titles that go by a plan, the longest, of all parts of it."""
    seen = Sightings(db)
    lines = {one for some in plan.lines.values() for one in some}
    lines.update(line for one in seen.on(plan.frames) for line in one.lines)
    pieces = {_piece(text) for text in _texts(seen, lines, plan)}
    return sorted(_spread([one for one in pieces if len(one.encode(errors="replace")) >= LEAST_BYTES]))


def still_stand(db: Database, pieces: Collection[str]) -> set[str]:
    """Return those of some pieces that rows hold rightly: the same text stood elsewhere too, or stands again."""
    found = set[str]()
    for statement in ("SELECT text FROM lines", "SELECT title FROM windows", "SELECT url FROM windows",
                      "SELECT text FROM passages WHERE text != ''"):  # fmt: skip
        for (text,) in db.conn.execute(statement):
            found.update(one for one in pieces if text is not None and one in text)
    return found


def _texts(seen: Sightings, lines: Collection[int], plan: Plan) -> Iterator[str]:
    yield from (text for (text,) in seen.rows("SELECT text FROM lines WHERE id IN ({})", lines))
    named = {*plan.names, *(one for (one,) in seen.rows("SELECT window_id FROM frames WHERE id IN ({})", plan.frames))}
    for names in seen.rows("SELECT title, url FROM windows WHERE id IN ({})", named):
        yield from (name for name in names if name is not None)


def _piece(text: str) -> str:
    return text.strip()[:MOST_CHARACTERS].strip()


def _spread(pieces: Iterable[str]) -> list[str]:
    """Return at most so many pieces, evenly from the sorted ones."""
    ordered = sorted(pieces)
    return ordered[:: max(1, -(-len(ordered) // MOST))]
