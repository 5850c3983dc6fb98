"""What goes with a text: the lines that hold it, alone or one after the other, and names of windows that hold it.

Reads rows only.  Called by timeline.forgetting.selection.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence

from timeline.database import Database
from timeline.errors import WrongUsage
from timeline.forgetting.folding import fold, may_begin, spread
from timeline.forgetting.plan import Plan
from timeline.forgetting.sightings import Sightings
from timeline.model import Box, Interval, Window

LEAST_LENGTH = 2  # characters of a text to forget; a single one stands nearly everywhere


def select_text(db: Database, text: str, within: Interval) -> Plan:
    """Return what goes with a text inside an interval.  Raises WrongUsage for one that is too short."""
    wanted = fold(text)
    if len(wanted) < LEAST_LENGTH:
        raise WrongUsage(f"--text needs at least {LEAST_LENGTH} characters: less stands nearly everywhere.")
    lines = _Lines(db, wanted).within(within)
    return Plan(within, frozenset(), {}, lines, _boxes(db, lines), _names(db, wanted))


class _Lines:
    """All lines, folded once, and which of them hold a text or may begin it."""

    def __init__(self, db: Database, wanted: str) -> None:
        self._db, self._wanted = db, wanted
        self._folded = {line_id: fold(text) for line_id, text in db.conn.execute("SELECT id, text FROM lines")}
        self._whole = {one for one, text in self._folded.items() if wanted in text}
        self._begin = {one for one, text in self._folded.items() if may_begin(text, wanted)}
        self._runs = self._in_spans()

    def within(self, interval: Interval) -> dict[int, frozenset[int]]:
        """Return of each frame that was read the lines that go."""
        lines, telling = dict[int, frozenset[int]](), self._whole | self._begin
        for sighted in Sightings(self._db).within(interval):
            if telling.isdisjoint(sighted.lines):
                continue
            there = set(sighted.lines)
            gone = (there & self._whole).union(*self._runs_of(sighted.lines))
            for one in there & self._runs.keys():
                gone.update(*(run for run in self._runs[one] if run <= there))
            if gone:
                lines[sighted.frame_id] = frozenset(gone)
        return lines

    def _in_spans(self) -> dict[int, list[frozenset[int]]]:
        """Return the runs of lines over which the text goes in passages, by their first line: a passage may stand
        between lines of other windows."""
        runs = defaultdict[int, list[frozenset[int]]](list)
        spans = Sightings(self._db).all_spans()
        for lines in spans:
            for run in self._runs_of(lines):
                runs[run[0]].append(frozenset(run))
        return runs

    def _runs_of(self, lines: Sequence[int]) -> Iterable[Sequence[int]]:
        for at, one in enumerate(lines):
            if one in self._begin:
                length = spread(
                    [self._folded.get(line, "") for line in lines[at : at + len(self._wanted)]], self._wanted
                )
                if length:
                    yield lines[at : at + length]


def _boxes(db: Database, lines: dict[int, frozenset[int]]) -> dict[int, frozenset[Box]]:
    seen = Sightings(db)
    seen.learn({one for some in lines.values() for one in some})
    return {frame_id: frozenset(seen.line(one)[1] for one in some) for frame_id, some in lines.items()}


def _names(db: Database, wanted: str) -> dict[int, Window]:
    """Return what is left of the names of windows that hold the text."""
    names = {}
    for window_id, *parts in db.conn.execute("SELECT id, app, title, url FROM windows"):
        left = [None if part is None or wanted in fold(part) else part for part in parts]
        if left != parts:
            names[window_id] = Window(*left)
    return names
