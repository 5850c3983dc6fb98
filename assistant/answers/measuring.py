"""How long, how often, how many, and which: added up from the timeline, never by a model.

Each second counts once (sessions.py).  Called by record.py.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from assistant.answers.finding import answering
from assistant.answers.making import Asked, RecordAnswer, longest
from assistant.answers.runs import runs
from assistant.evidence import Evidence
from assistant.kinds import Thing
from assistant.projects import document_of, is_page, plain_title
from assistant.sessions import Activity
from assistant.wording import clock_texts, day_text, duration_text, span_text, times_text, window_text
from timeline.model import Window

MOST_ROWS = 10


@dataclass(frozen=True, slots=True)
class _Row:
    """One of the things that are listed, and when it was shown."""

    name: str
    activities: tuple[Activity, ...]

    @property
    def active_us(self) -> int:
        return sum(each.active_us for each in self.activities)


def how_long(made: RecordAnswer, asked: Asked, evidence: Sequence[Evidence]) -> None:
    """Tell how long what is asked about was on the screen, and the windows that make it up.

    Where no window is named so, those are meant in which the words could be read.
    """
    meant = asked.matching or _holding_words(asked, evidence)
    if not meant:
        return
    total = sum(each.active_us for each in meant)
    span, what = span_text(asked.told_interval, asked.language, asked.zone), _what(asked, meant)
    line = asked.wording.measured.format(what=what, active=duration_text(total, asked.language), span=span)
    made.add(line, asked.cite(longest(meant)))
    rows = _rows(meant, lambda window: window_text(window, asked.language))
    if len(rows) > 1:
        _add_rows(made, asked, rows)


def _holding_words(asked: Asked, evidence: Sequence[Evidence]) -> list[Activity]:
    """Return the activities of the windows in which the question's words stood while they did."""
    found = answering(asked.question, evidence) if asked.question.words else []
    windows = {each.window for each in found}
    spans = [span for each in found for span in asked.reader.spans(each.passage_id, asked.question.interval)]
    return [
        each
        for each in asked.activities
        if each.window in windows and any(one.start_us < each.end_us and one.end_us > each.start_us for one in spans)
    ]


def how_often(made: RecordAnswer, asked: Asked) -> None:
    """Tell how often what is asked about came to the screen, and when."""
    if not asked.runs:
        return
    span, what = span_text(asked.told_interval, asked.language, asked.zone), _what(asked, asked.matching)
    made.add(asked.wording.visits.format(what=what, times=times_text(len(asked.runs), asked.language), span=span))
    for run in asked.runs[:MOST_ROWS]:
        made.add(
            _row_text(asked, window_text(run.window, asked.language), run.activities),
            asked.cite(longest(run.activities)),
        )


def how_many(made: RecordAnswer, asked: Asked) -> None:
    """Tell how many pages, documents or applications there were, and which."""
    rows = things(asked)
    if rows:
        thing = asked.question.thing or "window"
        names = asked.wording.things[thing][len(rows) != 1]
        span = span_text(asked.told_interval, asked.language, asked.zone)
        made.add(asked.wording.counted.format(count=len(rows), things=names, span=span))
        _add_rows(made, asked, rows)


def listed(made: RecordAnswer, asked: Asked) -> None:
    """Tell which pages, documents or applications there were."""
    rows = things(asked)
    if rows:
        names = asked.wording.things[asked.question.thing or "window"][1]
        span = span_text(asked.told_interval, asked.language, asked.zone)
        made.add(asked.wording.listed.format(things=names[0].upper() + names[1:], span=span))
        _add_rows(made, asked, rows)


def things(asked: Asked) -> list[_Row]:
    """Return what is asked for, in the order in which it was first shown; of documents pages too where no file was."""
    thing: Thing = asked.question.thing or "window"
    if thing == "session" or thing == "meeting":
        category = "meetings" if thing == "meeting" else None
        meant = [each for each in asked.matching if category in (None, asked.categories.of(each.window))]
        found = runs(asked.activities, lambda window: any(each.window == window for each in meant))
        return [_Row(window_text(run.window, asked.language), run.activities) for run in found]
    rows = _rows(asked.matching, _NAMES[thing])
    if thing == "document":
        rows += _rows(asked.matching, _read_page(asked))
    return sorted(rows, key=lambda row: row.activities[0].start_us)


def _read_page(asked: Asked) -> Callable[[Window], str | None]:
    """Web pages that are read are documents as well."""
    return lambda window: (
        plain_title(window) if is_page(window) and asked.categories.of(window) in ("reading", "writing") else None
    )


_NAMES: dict[str, Callable[[Window], str | None]] = {
    "page": lambda window: plain_title(window) if is_page(window) else None,
    "document": document_of,
    "app": lambda window: window.app,
    "window": lambda window: plain_title(window) or window.app,
}


def _rows(activities: Sequence[Activity], name_of: Callable[[Window], str | None]) -> list[_Row]:
    named: dict[str, list[Activity]] = {}
    for each in activities:
        name = name_of(each.window)
        if name:
            named.setdefault(name, []).append(each)
    return [_Row(name, tuple(parts)) for name, parts in named.items()]


def _add_rows(made: RecordAnswer, asked: Asked, rows: Sequence[_Row]) -> None:
    kept = sorted(rows, key=lambda row: -row.active_us)[:MOST_ROWS]
    for row in sorted(kept, key=lambda row: row.activities[0].start_us):
        made.add(_row_text(asked, row.name, row.activities), asked.cite(longest(row.activities)))


def _row_text(asked: Asked, name: str, activities: Sequence[Activity]) -> str:
    first, last = activities[0], activities[-1]
    start, end = clock_texts(first.start_us, last.end_us, first.moment.offset_s)
    day = "" if asked.is_one_day() else f"{day_text(first.start_us, first.moment.offset_s, asked.language)} "
    active = duration_text(sum(each.active_us for each in activities), asked.language)
    return asked.wording.stretch.format(day=day, start=start, end=end, window=name, active=active)


def _what(asked: Asked, activities: Sequence[Activity]) -> str:
    """Return what is measured, as the record names it: one window, the applications, or a category."""
    subject = asked.question.subject
    if subject.is_any:
        return "全部" if asked.language == "zh" else "In all"
    if subject.category is not None:
        return asked.categories.name(subject.category, asked.language)
    windows = list(dict.fromkeys(each.window for each in activities))
    if len(windows) == 1:
        return window_text(windows[0], asked.language)
    apps = dict.fromkeys(each.app or asked.wording.unknown_window for each in windows)
    return ("、" if asked.language == "zh" else ", ").join(apps)
