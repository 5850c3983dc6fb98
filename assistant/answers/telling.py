"""What was done in a time: its windows when it is short, its days and sessions when it is long.

Called by record.py for questions that name a time and nothing in particular, or a program.
"""

from __future__ import annotations

from collections.abc import Sequence

from assistant.answers.making import Asked, RecordAnswer, longest
from assistant.digest_text import session_summary, what_text
from assistant.evidence import Evidence, Stretch, longest_stretches, stretches
from assistant.projects import project_of
from assistant.proof import cite
from assistant.quoting import best_quote
from assistant.sessions import Activity, sessions
from assistant.wording import (
    clock_texts,
    day_text,
    duration_text,
    month_text,
    reason_text,
    rounded_us,
    span_text,
    window_text,
)
from timeline.clock import SECOND_US
from timeline.model import Gap, Interval

LONG_US = 36 * 3600 * SECOND_US  # more than a day and a night is told by days
MONTHS_FROM_US = 45 * 24 * 3600 * SECOND_US  # from here on by months
MOST_SESSIONS = 6
MOST_GAPS = 3
LEAST_GAP_US = 60_000_000  # a minute: shorter ones say nothing about a day


def tell(made: RecordAnswer, asked: Asked, evidence: Sequence[Evidence]) -> None:
    """Tell what was on the screen in the time asked for, when and how long."""
    told = asked.told_interval
    if asked.question.interval is None and asked.question.subject.is_any:
        return
    if told.end_us - told.start_us > LONG_US and not asked.is_one_day():
        _tell_days(made, asked)
    else:
        _tell_windows(made, asked, evidence)


def _tell_windows(made: RecordAnswer, asked: Asked, evidence: Sequence[Evidence]) -> None:
    interval, language, words = asked.interval, asked.language, asked.wording
    moments = [each for each in asked.reader.moments(interval) if asked.is_meant(each.window)]
    if not moments:
        return
    every = stretches(moments, interval)
    span = span_text(asked.told_interval, language, asked.zone)
    made.add(words.stretches.format(span=span, active=active_text(asked, every), count=len(every)))
    proofs = {(each.window.app, each.window.title): each for each in evidence}
    kept = longest_stretches(every)
    for stretch in kept:
        proof = proofs.get((stretch.window.app, stretch.window.title))
        cited = cite(proof, best_quote(asked.question, proof.text).text) if proof else None
        made.add(_stretch_text(stretch, asked), cited)
    rest = [each for each in every if each not in kept]
    if rest:
        made.add(words.more.format(count=len(rest), active=active_text(asked, rest)))
    tell_gaps(made, asked)


def active_text(asked: Asked, every: Sequence[Stretch]) -> str:
    """Return how long these stretches were on the screen, added up from the durations that are shown of each."""
    return duration_text(sum(rounded_us(each.active_us) for each in every), asked.language)


def _stretch_text(stretch: Stretch, asked: Asked) -> str:
    start, end = clock_texts(stretch.start_us, stretch.end_us, stretch.offset_s)
    day = "" if asked.is_one_day() else f"{day_text(stretch.start_us, stretch.offset_s, asked.language)} "
    return asked.wording.stretch.format(
        day=day,
        start=start,
        end=end,
        window=window_text(stretch.window, asked.language),
        active=duration_text(stretch.active_us, asked.language),
    )


def _tell_days(made: RecordAnswer, asked: Asked) -> None:
    """Tell a long time by its categories and days, with the sessions that took most of it."""
    every, language = asked.matching, asked.language
    if not every:
        return
    total = sum(each.active_us for each in every)
    span = span_text(asked.told_interval, language, asked.zone)
    made.add(
        asked.wording.measured.format(what=_categories_text(asked), active=duration_text(total, language), span=span)
    )
    for name, inside in _by_day(every, asked).items():
        line = asked.wording.a_day.format(
            day=name,
            active=duration_text(sum(each.active_us for each in inside), language),
            what=what_text(inside, language),
        )
        made.add(line, asked.cite(longest(inside)))
    found = sessions(every, asked.categories.of, project_of)
    most = sorted(found, key=lambda each: -each.active_us)[:MOST_SESSIONS]
    for session in sorted(most, key=lambda each: each.start_us):
        first = session.activities[0].moment
        start, _ = clock_texts(session.start_us, session.end_us, first.offset_s)
        day_said = day_text(session.start_us, first.offset_s, language)
        summary = session_summary(session, asked.categories, language)
        made.add(f"{day_said} {start} {summary}", asked.cite(longest(session.activities)))


def _categories_text(asked: Asked) -> str:
    spent: dict[str, int] = {}
    for each in asked.matching:
        name = asked.categories.name(asked.categories.of(each.window), asked.language)
        spent[name] = spent.get(name, 0) + each.active_us
    shown = sorted(spent.items(), key=lambda pair: -pair[1])
    joint = "、" if asked.language == "zh" else ", "
    return joint.join(f"{name} {duration_text(us, asked.language)}" for name, us in shown)


def _by_day(every: Sequence[Activity], asked: Asked) -> dict[str, list[Activity]]:
    """Return the activities of each day; of a long time, of each month."""
    told = asked.told_interval
    by_month = told.end_us - told.start_us > MONTHS_FROM_US
    grouped: dict[str, list[Activity]] = {}
    for each in every:
        offset_s = each.moment.offset_s
        name = month_text if by_month else day_text
        grouped.setdefault(name(each.start_us, offset_s, asked.language), []).append(each)
    return grouped


def tell_gaps(made: RecordAnswer, asked: Asked) -> None:
    """Tell when nothing was recorded in the time asked for, and why."""
    interval, language = asked.interval, asked.language
    gaps = [(gap.reason, _cut(gap, interval)) for gap in asked.reader.gaps(interval)]
    long = [(reason, cut) for reason, cut in gaps if cut.end_us - cut.start_us >= LEAST_GAP_US]
    for reason, cut in long[:MOST_GAPS]:
        span = span_text(cut, language, asked.zone)
        made.add(asked.wording.gap.format(span=span, reason=reason_text(reason, language)))


def _cut(gap: Gap, interval: Interval) -> Interval:
    return Interval(max(gap.start_us, interval.start_us), min(gap.end_us, interval.end_us))
