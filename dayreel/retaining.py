"""Letting go of what has become older than the settings say: pictures, everything, single applications.

Owns the file `retention.agreed`: the rules that somebody has looked at with `dayreel retain`.  Others are never acted
on, so a mistyped age costs nothing.  What goes by age goes as `dayreel forget` does it, but leaves no gap.  Called by
`dayreel retain`, and once a day by the worker.
"""

from __future__ import annotations

from dataclasses import dataclass, fields

from dayreel.ages import age_s
from dayreel.settings import RetentionSettings
from recorder.privacy import Gate
from timeline.clock import SECOND_US
from timeline.database import Database
from timeline.forgetting.applying import apply
from timeline.forgetting.plan import Plan, Selection
from timeline.forgetting.selection import select
from timeline.home import Home, write_private
from timeline.keys import Key
from timeline.model import Interval, Segment
from timeline.rows import SEGMENT_QUERY, segment_of
from timeline.segment_rows import note_gone
from timeline.thumbnails import ThumbnailWriter
from timeline.usage import file_bytes
from timeline.writer import Writer

AGREED = "retention.agreed"


@dataclass(frozen=True, slots=True)
class TooOld:
    """What the rules let go of now."""

    plan: Plan
    """Frames that go with all that was made of them, and what is covered of others."""
    segments: tuple[Segment, ...]
    """Video of which only the text is kept."""
    video_bytes: int

    @property
    def empty(self) -> bool:
        """Whether nothing is too old."""
        return self.plan.empty and not self.segments


def agreed(home: Home, rules: RetentionSettings) -> bool:
    """Tell whether these rules are just those that somebody has agreed to; none at all need nobody's consent."""
    if rules == RetentionSettings():
        return True
    try:
        return (home.root / AGREED).read_text(encoding="utf-8") == _written(rules)
    except FileNotFoundError:
        return False


def agree(home: Home, rules: RetentionSettings) -> None:
    """Note that somebody has agreed to these rules."""
    write_private(home.root / AGREED, _written(rules).encode())


def too_old(home: Home, db: Database, rules: RetentionSettings, now_us: int) -> TooOld:
    """Return what goes now."""
    plan = Plan()
    for selection in _selections(rules, now_us):
        plan = plan.joined(select(db, selection))
    segments = tuple(_old_segments(db, rules, now_us))
    return TooOld(plan, segments, sum(file_bytes(home.video / one.name) for one in segments))


def let_go_agreed(home: Home, key: Key, writer: Writer, rules: RetentionSettings, now_us: int) -> bool:
    """Let go of what is too old by rules that somebody has agreed to; tell whether there are such rules."""
    if rules == RetentionSettings() or not agreed(home, rules):
        return False
    let_go(home, key, writer, rules, now_us)
    return True


def let_go(home: Home, key: Key, writer: Writer, rules: RetentionSettings, now_us: int) -> None:
    """Let go of what is too old; the caller finishes it as any forgetting (dayreel.forgetting.finish).

    Raises DiskFull.
    """
    for selection in _selections(rules, now_us):
        apply(writer, selection, Plan(selection.within))
    segments = _old_segments(writer.db, rules, now_us)
    for segment in segments:
        note_gone(writer, segment.id)  # the commit point; killed before the next line, the next start removes it
        (home.video / segment.name).unlink(missing_ok=True)
    if segments and home.thumbnails.exists():
        _forget_thumbnails(home, key, writer.db, segments)


def _selections(rules: RetentionSettings, now_us: int) -> list[Selection]:
    ages = [(rules.text, None)] if rules.text else []
    for one in rules.apps:
        app, _, age = one.rpartition(":")
        ages.append((age, Gate([app.strip()], []).excludes))  # type: ignore[arg-type]  # the first has no rule
    return [Selection(Interval(0, _before(age, now_us)), excludes=rule, gaps=False) for age, rule in ages]


def _old_segments(db: Database, rules: RetentionSettings, now_us: int) -> list[Segment]:
    """Return closed segments with pixels, all read, whose last frame ended too long ago."""
    if not rules.pixels:
        return []
    rows = db.conn.execute(
        f"{SEGMENT_QUERY} s WHERE closed AND pixels != 'gone' AND start_us < ?1"
        " AND (SELECT ifnull(max(end_us), 0) FROM frames WHERE segment_id = s.id) < ?1"
        " AND NOT EXISTS (SELECT 1 FROM frames f JOIN jobs j ON j.frame_id = f.id"
        " WHERE f.segment_id = s.id AND j.state IN ('waiting', 'leased'))",
        [_before(rules.pixels, now_us)],
    )
    return [segment_of(row) for row in rows.fetchall()]


def _forget_thumbnails(home: Home, key: Key, db: Database, segments: list[Segment]) -> None:
    """Remove the small pictures as well: they are pixels."""
    with ThumbnailWriter(home, key) as thumbnails:
        for segment in segments:
            rows = db.conn.execute("SELECT id FROM frames WHERE segment_id = ?", [segment.id]).fetchall()
            thumbnails.forget(frame_id for (frame_id,) in rows)


def _before(age: str, now_us: int) -> int:
    return max(1, now_us - age_s(age) * SECOND_US)


def _written(rules: RetentionSettings) -> str:
    return "".join(f"{one.name} = {getattr(rules, one.name)!r}\n" for one in fields(rules))
