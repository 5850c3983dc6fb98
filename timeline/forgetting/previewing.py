"""What a plan comes to, counted: for the person who is asked before anything goes."""

from __future__ import annotations

from timeline.clock import SECOND_US
from timeline.database import Database
from timeline.forgetting.plan import Plan, Preview
from timeline.forgetting.sightings import Sightings
from timeline.home import Home
from timeline.usage import file_bytes


def preview(home: Home, db: Database, plan: Plan) -> Preview:
    """Count what goes."""
    seen, touched = Sightings(db), plan.frames | plan.boxes.keys() | plan.cuts.keys()
    rows = list(seen.rows(
        "SELECT f.id, f.start_us, f.end_us, f.moment_id, f.segment_id, w.app FROM frames f"
        " JOIN windows w ON w.id = f.window_id WHERE f.id IN ({})", touched
    ))  # fmt: skip
    lines, spans = {one for some in plan.lines.values() for one in some}, set[int]()
    for sighted in seen.on(plan.frames | plan.lines.keys()):
        if sighted.frame_id in plan.frames:
            lines.update(sighted.lines)
            spans.update(sighted.spans)
        elif sighted.frame_id in plan.lines:
            spans.update(span.id for span in seen.spans("id", sighted.spans) if set(span.lines) & lines)
    segments = {row[4] for row in rows if row[0] not in plan.cuts}
    names = seen.rows("SELECT name FROM segments WHERE pixels != 'gone' AND id IN ({})", segments)
    apps = {row[5] for row in rows if row[5] and row[0] not in plan.cuts}
    stood_us = sum(row[2] - row[1] for row in rows if row[0] in plan.frames)
    cut_us = sum(min(row[2], plan.within.end_us) - plan.cuts[row[0]] for row in rows if row[0] in plan.cuts)
    return Preview(
        frames=len(plan.frames),
        covered_frames=len(plan.boxes),
        moments=len({row[3] for row in rows if row[0] not in plan.cuts}),
        passages=len({span.passage_id for span in seen.spans("id", spans)}),
        lines=len(lines),
        segments=len(segments),
        thumbnails=len(plan.frames | plan.boxes.keys()),
        video_bytes=sum(file_bytes(home.video / name) for (name,) in names),
        minutes=round((stood_us + cut_us) / SECOND_US / 60, 1),
        first_us=min((plan.cuts.get(row[0], row[1]) for row in rows), default=None),
        last_us=max((row[2] for row in rows), default=None),
        apps=tuple(sorted(apps)),
    )
