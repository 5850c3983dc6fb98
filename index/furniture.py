"""What stands on every page of a place: menus, side bars, headers.  Still found, but after what stands on one page.

Owns how such text is known, which is by the windows it stood in: a page read on ten days is one window, a menu is in as
many as there were titles.  Called by index.search, and through it where days are told.
"""

from __future__ import annotations

from collections.abc import Mapping

from timeline.database import Database

LEAST_WINDOWS = 6  # of different application, title or address, in which the same passage stood
WEIGHT = 0.5  # of the score that it would have else
LOOKED_AT = 40  # of the best ranked; what comes after is not shown anyway
_MOST_COPIES = 64  # of a passage: asking for more of them would tell nothing else


def behind_content(db: Database, scores: Mapping[int, float]) -> dict[int, float]:
    """Return passage id -> score, best first, with less weight for furniture; `db` has the timeline attached.

    The scores come best first.
    """
    weighed = dict(scores)
    for passage_id in list(scores)[:LOOKED_AT]:
        if is_furniture(db, passage_id):
            weighed[passage_id] *= WEIGHT
    return dict(sorted(weighed.items(), key=lambda item: -item[1]))


def is_furniture(db: Database, passage_id: int) -> bool:
    """Tell whether the text of a passage stood in many windows; `db` has the timeline attached."""
    return _windows(db, passage_id) >= LEAST_WINDOWS


def _windows(db: Database, passage_id: int) -> int:
    """Return in how many windows the text of a passage stood, as far as it is worth counting."""
    (count,) = db.conn.execute(
        "SELECT count(DISTINCT window_id) FROM (SELECT p.window_id FROM entries e"
        " JOIN timeline.passages p ON p.id = e.passage_id"
        " WHERE e.text_id = (SELECT text_id FROM entries WHERE passage_id = ?) ORDER BY e.passage_id DESC LIMIT ?)",
        [passage_id, _MOST_COPIES],
    ).fetchone()
    return int(count)
