"""What stands on every page of a place: menus, side bars, headers.  Still found, but after what stands on one page.

Owns how such text is known, which is by the windows it stood in: a page read on ten days is one window, a menu is in as
many as there were titles.  Called by index.search, and through it where days are told.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence

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
    for passage_id in _furniture(db, list(scores)[:LOOKED_AT]):
        weighed[passage_id] *= WEIGHT
    return dict(sorted(weighed.items(), key=lambda item: -item[1]))


def is_furniture(db: Database, passage_id: int) -> bool:
    """Tell whether the text of a passage stood in many windows; `db` has the timeline attached."""
    return bool(_furniture(db, [passage_id]))


def _furniture(db: Database, passage_ids: Sequence[int]) -> list[int]:
    """Return those of the passages whose text stood in many windows, as far as it is worth counting."""
    rows = db.conn.execute(
        "SELECT k.value FROM json_each(?) k JOIN entries one ON one.passage_id = k.value WHERE"
        " (SELECT count(DISTINCT window_id) FROM (SELECT p.window_id FROM entries e"
        " JOIN timeline.passages p ON p.id = e.passage_id"
        " WHERE e.text_id = one.text_id ORDER BY e.passage_id DESC LIMIT ?)) >= ?",
        [json.dumps(list(passage_ids)), _MOST_COPIES, LEAST_WINDOWS],
    )
    return [passage_id for (passage_id,) in rows]
