"""Names of windows without what goes: frames, moments, passages and layouts name another window from then on.

Part of the transaction of timeline.forgetting.applying, after the rows of frames have gone.
"""

from __future__ import annotations

from timeline.database import Database
from timeline.forgetting.plan import NO_NAME, Plan
from timeline.forgetting.sightings import Sightings
from timeline.model import ALL_TIME
from timeline.spans import NEXT_CHANGE
from timeline.writer import Writer

_INSIDE = "start_us < ? AND end_us > ?"


def rename(writer: Writer, plan: Plan) -> None:
    """Give the windows of a plan what is left of their names, inside its interval."""
    run, bounds = writer.db.conn.execute, [plan.within.end_us, plan.within.start_us]
    new_ids = {old: writer.window_id(name) for old, name in plan.names.items()}
    _rename_layouts(writer.db, plan, new_ids)
    for old, new in new_ids.items():
        for table in ("frames", "moments"):
            run(f"UPDATE {table} SET window_id = ? WHERE window_id = ? AND {_INSIDE}", [new, old, *bounds])
        passages = run(
            "SELECT id FROM passages p WHERE window_id = ? AND EXISTS"
            f" (SELECT 1 FROM passage_spans WHERE passage_id = p.id AND {_INSIDE})",
            [old, *bounds],
        ).fetchall()
        for (passage_id,) in passages:  # one after the other: each takes a change number of its own
            run(f"UPDATE passages SET window_id = ?, changed = {NEXT_CHANGE} WHERE id = ?", [new, passage_id])


def drop_unused(db: Database) -> None:
    """Remove layouts and windows that nothing names any more."""
    used = "SELECT layout_id FROM frames WHERE layout_id IS NOT NULL"
    db.conn.execute(f"DELETE FROM layout_windows WHERE layout_id NOT IN ({used})")
    db.conn.execute(f"DELETE FROM layouts WHERE id NOT IN ({used})")
    named = " UNION ".join(
        f"SELECT window_id FROM {table}" for table in ("frames", "moments", "layout_windows", "passages")
    )
    db.conn.execute(f"DELETE FROM windows WHERE id NOT IN ({named})")


def _rename_layouts(db: Database, plan: Plan, new_ids: dict[int, int]) -> None:
    """Let the frames inside name copies of their layouts.

    A copy has no digest: no new frame shares it, whatever numbers its windows have.
    """
    run, within = db.conn.execute, plan.within
    statement = "SELECT DISTINCT layout_id FROM layout_windows WHERE window_id IN ({})"
    for layout_id in sorted({row[0] for row in Sightings(db).rows(statement, new_ids)}):
        copy = run("INSERT INTO layouts (digest) VALUES (NULL)").lastrowid
        placed = run(
            "SELECT place, window_id, x0, y0, x1, y1, pid, workspace FROM layout_windows WHERE layout_id = ?",
            [layout_id],
        ).fetchall()
        rows = [
            (copy, place, new_ids.get(window_id, window_id), *box, None if _nameless(plan, window_id) else pid, space)
            for place, window_id, *box, pid, space in placed
        ]
        db.conn.executemany("INSERT INTO layout_windows VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", rows)
        inside = "" if within == ALL_TIME else f" AND {_INSIDE}"
        bounds = [] if within == ALL_TIME else [within.end_us, within.start_us]
        run(f"UPDATE frames SET layout_id = ? WHERE layout_id = ?{inside}", [copy, layout_id, *bounds])


def _nameless(plan: Plan, window_id: int) -> bool:
    return plan.names.get(window_id) == NO_NAME
