"""The one transaction that forgets: from its commit on no reader sees any of it, whatever the files still hold.

Owns the order of the changes and the table forgetting, in which it leaves what is still to be cleaned
(timeline.forgetting.finishing).  Works beside a recorder and a worker: they wait as long as it takes.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace

from timeline.clock import SECOND_US
from timeline.database import Database
from timeline.forgetting.plan import Plan, Selection
from timeline.forgetting.renaming import drop_unused, rename
from timeline.forgetting.selection import select
from timeline.forgetting.severing import Severing
from timeline.forgetting.sightings import Sightings
from timeline.hidden import FORGOTTEN, HiddenBox, hide, want_rewrite
from timeline.model import Interval
from timeline.segment_rows import synced
from timeline.writer import Writer

STEPS = ("check", "index", "pages", "sweep")
THUMBNAIL, SPOOL, COVER = "thumbnail:", "spool:", "cover:"  # before a frame's id, an entry's name, a frame's id
TOGETHER_US = 60 * SECOND_US  # two gaps that lie no further apart are one


def apply(writer: Writer, selection: Selection, seen: Plan) -> Plan:
    """Forget what was `seen` to be selected and whatever came to be selected since; return what went.

    The COMMIT is on the disk when this returns.  Raises DiskFull; nothing is forgotten then.
    """
    db = writer.db
    with _unchecked(db), synced(writer):
        plan = _still_there(db, seen.joined(select(db, selection)))
        if not plan.empty:
            _change(writer, plan, gaps=selection.gaps)
    return plan


def segments_of(db: Database, plan: Plan) -> frozenset[int]:
    """Return the segments that are written anew for a plan; asked before it is applied."""
    rows = Sightings(db).rows("SELECT segment_id FROM frames WHERE id IN ({})", plan.frames | plan.boxes.keys())
    return frozenset(segment_id for (segment_id,) in rows)


def _change(writer: Writer, plan: Plan, *, gaps: bool) -> None:
    db, run = writer.db, writer.db.conn.execute
    _raise_highest(db)
    want_rewrite(db, plan.frames, urgent=True)
    for frame_id, boxes in plan.boxes.items():
        hide(db, frame_id, [HiddenBox(box, FORGOTTEN) for box in boxes], urgent=True)
    _leave_steps(db, plan)
    missing = _gaps(db, plan) if gaps else []
    db.conn.executemany("UPDATE frames SET end_us = ? WHERE id = ?", [(end, one) for one, end in plan.cuts.items()])
    severing = Severing(db, plan)
    severing.cut_readings()
    empty = severing.cut_moments()
    dropped = [(one,) for one in plan.frames]
    for table in ("readings", "jobs", "hidden"):
        db.conn.executemany(f"DELETE FROM {table} WHERE frame_id = ?", dropped)
    db.conn.executemany("DELETE FROM frames WHERE id = ?", dropped)
    db.conn.executemany("DELETE FROM moments WHERE id = ?", [(one,) for one in empty])
    rename(writer, plan)
    drop_unused(db)
    for gap in missing:
        run("INSERT INTO gaps (start_us, end_us, reason) VALUES (?, ?, ?)", [gap.start_us, gap.end_us, FORGOTTEN])


def _still_there(db: Database, plan: Plan) -> Plan:
    """Return a plan without the frames that went meanwhile."""
    ids = plan.frames | plan.cuts.keys() | plan.lines.keys() | plan.boxes.keys()
    there = {row[0] for row in Sightings(db).rows("SELECT id FROM frames WHERE id IN ({})", ids)}
    return replace(
        plan,
        frames=plan.frames & there,
        cuts={one: end for one, end in plan.cuts.items() if one in there - plan.frames},
        lines={one: some for one, some in plan.lines.items() if one in there},
        boxes={one: some for one, some in plan.boxes.items() if one in there},
    )


def _raise_highest(db: Database) -> None:
    """Note the highest ids and change number: none is given again after their rows have gone."""
    for what, value in (("frames", "max(id)"), ("passages", "max(id)"), ("changed", "max(changed)")):
        table = "passages" if what == "changed" else what
        db.conn.execute(
            f"UPDATE highest SET value = max(value, ifnull((SELECT {value} FROM {table}), 0)) WHERE what = ?", [what]
        )


def _leave_steps(db: Database, plan: Plan) -> None:
    """Note what is to be cleaned once this is committed: thumbnails, raw pictures, and what every forgetting needs."""
    touched = plan.frames | plan.boxes.keys()
    steps = [*STEPS, *(f"{THUMBNAIL}{one}" for one in touched), *(f"{COVER}{one}" for one in plan.boxes)]
    names = Sightings(db).rows("SELECT spool_name FROM frames WHERE spool_name IS NOT NULL AND id IN ({})", plan.frames)
    steps += [f"{SPOOL}{name}" for (name,) in names]
    db.conn.executemany("INSERT OR IGNORE INTO forgetting VALUES (?)", [(one,) for one in steps])


def _gaps(db: Database, plan: Plan) -> list[Interval]:
    """Return the time that goes with whole frames."""
    dropped = Sightings(db).rows("SELECT start_us, end_us FROM frames WHERE id IN ({})", plan.frames)
    cut = Sightings(db).rows("SELECT id, end_us FROM frames WHERE id IN ({})", plan.cuts)
    spans = [*dropped, *((plan.cuts[one], min(end_us, plan.within.end_us)) for one, end_us in cut)]
    return list(_together(sorted(spans)))


def _together(spans: Iterable[tuple[int, int]]) -> Iterator[Interval]:
    start, end = 0, -TOGETHER_US - 1
    for one_start, one_end in spans:
        if one_start > end + TOGETHER_US:
            if end > start:
                yield Interval(start, end)
            start, end = one_start, one_end
        end = max(end, one_end)
    if end > start:
        yield Interval(start, end)


@contextmanager
def _unchecked(db: Database) -> Iterator[None]:
    """Let rows go without a look through all tables that might name them; what names them goes with them."""
    db.conn.execute("PRAGMA foreign_keys = OFF")
    try:
        yield
    finally:
        db.conn.execute("PRAGMA foreign_keys = ON")
