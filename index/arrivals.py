"""What has come into the index since: for searches that wait for new matches.

Called by `index.search`.  Ranks nothing: what holds all words is a match.
"""

from __future__ import annotations

import numpy as np

from index.filters import Scope, ids_of
from index.lexical import Lexical
from index.query import Query
from timeline.database import Database

MOST_AT_ONCE = 500  # matches of one moment: a folder that is taken in may bring more, of which the first are told


def arrived(db: Database, query: Query, inside: Scope, after: int, until: int) -> list[int]:
    """Return the passages inside that changed after a point of the timeline until another and hold all words."""
    new = ids_of(db, "SELECT id FROM timeline.passages WHERE changed > ? AND changed <= ?", [after, until])
    new = inside.inside(new)
    if not new.size:
        return []
    if query.has_words:
        holding = Lexical(db).ids(query.every_word, Scope(new), int(new[-1] - new[0]) + 1)
        new = np.intersect1d(new, holding, assume_unique=True)
    first: list[int] = new[:MOST_AT_ONCE].tolist()
    return first
