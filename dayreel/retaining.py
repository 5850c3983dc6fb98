"""Letting go of what has become older than the settings say: pictures, everything, single applications.

Owns the file `retention.agreed`: the rules that somebody has looked at with `dayreel retain`, and until when the clock
is believed (dayreel.trusted_time).  Other rules are never acted on, so a mistyped age costs nothing.  What goes by age
goes as `dayreel forget` does it, but leaves no gap.  Called by `dayreel retain`, and once a day by the worker.
"""

from __future__ import annotations

from dataclasses import dataclass, fields, replace

from dayreel.ages import age_s
from dayreel.settings import RetentionSettings
from dayreel.trusted_time import Sight, Trusted, look
from recorder.privacy import Gate
from timeline.clock import SECOND_US, SystemClock
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
_CLOCK = (
    "clock = "  # in that file: of each sight of the clock, UTC in microseconds, seconds since the start, which start
)
_NONE = "-"  # where the system does not tell


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
    return rules == RetentionSettings() or _agreement(home)[0] == _written(rules)


def agree(home: Home, rules: RetentionSettings, now: Sight, *, looked: bool = True) -> None:
    """Note that somebody has agreed to these rules; `looked`: that they have seen what the clock says as well.

    The first sight of the clock is believed in any case: there is none before it.
    """
    before = None if looked else _agreement(home)[1]
    _keep(home, rules, before or Trusted(now))


def believed_us(home: Home, rules: RetentionSettings, now: Sight) -> int:
    """Return the instant at which ages are counted: now, unless the clock went forward by more than time has passed."""
    before = _agreement(home)[1]
    after = Trusted(now) if before is None else before.after(now)
    if after != before and agreed(home, rules) and rules != RetentionSettings():
        _keep(home, rules, after)
    return min(now.at_us, after.known.at_us)


def too_old(home: Home, db: Database, rules: RetentionSettings, now_us: int) -> TooOld:
    """Return what goes now."""
    plan = Plan()
    for selection in _selections(rules, now_us):
        plan = plan.joined(select(db, selection))
    segments = tuple(_old_segments(db, rules, now_us))
    return TooOld(plan, segments, sum(file_bytes(home.video / one.name) for one in segments))


def let_go_agreed(
    home: Home, key: Key, writer: Writer, rules: RetentionSettings, now_us: int, now: Sight | None = None
) -> bool:
    """Let go of what is too old by rules that somebody has agreed to; tell whether there are such rules.

    `now`: what the clocks say; None: `now_us`, and the others are asked.
    """
    if rules == RetentionSettings() or not agreed(home, rules):
        return False
    seen = replace(look(SystemClock()), at_us=now_us) if now is None else now
    let_go(home, key, writer, rules, believed_us(home, rules, seen))
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


def _keep(home: Home, rules: RetentionSettings, trusted: Trusted) -> None:
    sights = (trusted.known, trusted.doubted)
    clock = " ".join(f"{one.at_us} {one.boot_s} {one.boot or _NONE}" for one in sights if one is not None)
    write_private(home.root / AGREED, f"{_written(rules)}{_CLOCK}{clock}\n".encode())


def _agreement(home: Home) -> tuple[str, Trusted | None]:
    """Return the rules that somebody has agreed to, as they are written, and until when the clock is believed."""
    try:
        rules, _, clock = (home.root / AGREED).read_text(encoding="utf-8").partition(_CLOCK)
        words = clock.split()
        sights = [
            Sight(int(words[at]), int(words[at + 1]), words[at + 2].removeprefix(_NONE))
            for at in range(0, len(words), 3)
        ]
    except (FileNotFoundError, ValueError, IndexError):  # of a damaged file nothing is agreed to
        return "", None
    return rules, Trusted(*sights[:2]) if sights else None
