"""Boxes of frames that are hidden: what is painted over for every reader, at once, whatever the video still holds.

Owns the table hidden and how a hidden box looks.  A box is noted together with the wish to have it written out of the
segment for good (table rewrites), which timeline.rewriting fulfils.  Called by timeline.readings for secrets that were
read, by timeline.forgetting, and by timeline.pictures for every picture that is handed out.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from timeline.database import Database
from timeline.model import Box, Picture

FORGOTTEN = "forgotten"
MARGIN_PX = 3  # letters reach a little beyond the box that an engine gives
SHADE = 96  # a grey that is seen on dark and on light


@dataclass(frozen=True, slots=True)
class HiddenBox:
    """A box in a frame's pixels that is not shown, and why: the name of a kind of secret, or FORGOTTEN."""

    box: Box
    kind: str


def hide(db: Database, frame_id: int, boxes: Iterable[HiddenBox], *, urgent: bool) -> None:
    """Hide boxes of a frame and have its segment written anew; inside the caller's transaction.

    `urgent`: as soon as the segment is closed; otherwise once all its frames have been read as well.
    """
    rows = [(frame_id, one.box.x0, one.box.y0, one.box.x1, one.box.y1, one.kind) for one in boxes]
    if not rows:
        return
    db.conn.executemany("INSERT OR IGNORE INTO hidden VALUES (?, ?, ?, ?, ?, ?)", rows)
    want_rewrite(db, [frame_id], urgent=urgent)


def want_rewrite(db: Database, frame_ids: Iterable[int], *, urgent: bool) -> None:
    """Have the segments of frames written anew, without what is hidden; inside the caller's transaction."""
    db.conn.executemany(
        "INSERT INTO rewrites SELECT f.segment_id, ?2 FROM frames f JOIN segments s ON s.id = f.segment_id"
        " WHERE f.id = ?1 AND s.pixels != 'gone' ON CONFLICT DO UPDATE SET urgent = max(urgent, excluded.urgent)",
        [(frame_id, urgent) for frame_id in frame_ids],
    )


def hidden_on(db: Database, frame_id: int) -> tuple[HiddenBox, ...]:
    """Return the hidden boxes of a frame."""
    rows = db.conn.execute("SELECT x0, y0, x1, y1, kind FROM hidden WHERE frame_id = ?", [frame_id])
    return tuple(HiddenBox(Box(*row[:4]), row[4]) for row in rows)


def frames_hiding(db: Database) -> dict[str, int]:
    """Return on how many frames something of each kind is hidden; 70 ms for 100,000 boxes."""
    rows = db.conn.execute("SELECT kind, count(DISTINCT frame_id) FROM hidden GROUP BY kind ORDER BY kind")
    return dict(rows.fetchall())


def painted(picture: Picture, boxes: Sequence[HiddenBox]) -> Picture:
    """Return a picture with boxes painted over by a flat block; the same one when there are none."""
    if not boxes:
        return picture
    covered = picture.copy()
    for one in boxes:
        x0, y0 = max(0, one.box.x0 - MARGIN_PX), max(0, one.box.y0 - MARGIN_PX)
        covered[y0 : one.box.y1 + MARGIN_PX, x0 : one.box.x1 + MARGIN_PX] = SHADE
    return covered
