"""What a question means after another one: "and the day before?", 那前天呢, "how long was that?".

Pure.  Owns which of the new words stand for themselves and what is kept of the question before: its time, its subject,
its kind.  Called by the interactive prompt; a question that stands for itself comes back as it is.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import datetime, timedelta, tzinfo

from assistant.kinds import Kind
from assistant.question import WEAK_WEIGHT, Question, understand
from timeline.clock import to_local, to_us
from timeline.model import Interval
from timeline.phrases import TimePhrase

_LEAD = re.compile(r"^\s*(?:and|also|what about|how about|then|but|ok(?:ay)?|那么?|还有|另外|以及|再)\b", re.IGNORECASE)
_CHINESE_LEAD = re.compile(r"^\s*(?:那么?|还有|另外|以及|再)|呢\s*[?？]?\s*$")
_POINTS_BACK = re.compile(
    r"\b(?:that|it|this|those|these|them|there|same)\b(?!\s+(?:week|month|year|morning|afternoon|evening|day)\b)"
    r"|它|那个|那些|这个|这些|那里|那儿|同样",
    re.IGNORECASE,
)
_NUMBER = r"(?:(?P<n>\d+|one|two|three|a couple of)\s+)?"
_UNIT = r"(?P<unit>days?|weeks?|hours?)"
_CHINESE_STEP = r"(?P<n>\d+|[一二两三])个?(?P<unit>天|周|星期|小时)"
_EARLIER = (
    re.compile(rf"\b(?:the |an? )?{_NUMBER}{_UNIT} (?:before(?! (?:yesterday|last)\b)|earlier)\b", re.IGNORECASE),
    re.compile(r"\bthe (?P<n>previous) (?P<unit>day|week|hour)\b", re.IGNORECASE),
    re.compile(rf"(?:再?往前|再?前(?!天)|早){_CHINESE_STEP}"),
)
_LATER = (
    re.compile(rf"\b(?:the |an? )?{_NUMBER}{_UNIT} (?:after|later)\b", re.IGNORECASE),
    re.compile(r"\bthe (?P<n>next|following) (?P<unit>day|week|hour)\b", re.IGNORECASE),
    re.compile(rf"(?:再?往后|再?后(?!天)|晚){_CHINESE_STEP}"),
    re.compile(r"(?P<n>第二|次|下一个?)(?P<unit>天|日|周|星期|小时)"),
)
_COUNTS = {"one": 1, "two": 2, "three": 3, "a couple of": 2, "一": 1, "两": 2, "二": 2, "三": 3}
_ORDERING: tuple[Kind, ...] = ("before", "after")


@dataclass(frozen=True, slots=True)
class _Step:
    """How far a follow-up moves the time of the question before, in days and hours of the wall clock."""

    days: int
    hours: int
    start: int
    end: int


def follow_up(
    text: str, previous: Question | None, now: datetime, zone: tzinfo | None = None, week_start: int = 0
) -> Question:
    """Return what a text asks for, after another question; what it leaves out is taken from that one."""
    alone = understand(text, now, zone, week_start)
    if previous is None:
        return alone
    step = _step(text) if previous.interval is not None else None
    own = understand(text[: step.start] + " " + text[step.end :], now, zone, week_start) if step else alone
    if not (step or _follows(text, own)):
        return alone
    merged = _merged(text, own, previous)
    if step is None or previous.interval is None:
        return merged
    moved = _moved(previous.interval, step, now, zone)
    return replace(merged, interval=moved, phrase=TimePhrase(moved, text[step.start : step.end].strip(), merged.text))


def _follows(text: str, own: Question) -> bool:
    """Tell whether a text leans on the question before it."""
    if _LEAD.match(text) or _CHINESE_LEAD.search(text):
        return True
    return not _names_something(own) and (_POINTS_BACK.search(text) is not None or own.phrase is None)


def _names_something(question: Question) -> bool:
    return any(word.weight > WEAK_WEIGHT for word in question.words) or not question.subject.is_any


def _merged(text: str, own: Question, previous: Question) -> Question:
    """Return the new question with what it does not say itself."""
    question = replace(
        own,
        text=text,
        phrase=own.phrase or previous.phrase,
        interval=own.interval if own.phrase is not None else previous.interval,
        thing=own.thing or previous.thing,
        kind=own.kind if _has_kind(own) else previous.kind,
    )
    if not _names_something(own):
        return replace(question, words=previous.words, subject=previous.subject, anchor=previous.anchor)
    if own.anchor is None and question.kind in _ORDERING:
        return replace(question, kind=own.kind)
    return replace(question, words=own.words if own.subject.words or question.kind == "find" else ())


def _has_kind(own: Question) -> bool:
    """Tell whether a text says itself what sort of answer it wants; to find and to tell are what is left otherwise."""
    return (
        own.kind not in ("find", "did")
        or re.search(r"\b(?:where|what did I|who)\b|哪里|做了什么", own.text) is not None
    )


def _step(text: str) -> _Step | None:
    for pattern, sign in [*((one, -1) for one in _EARLIER), *((one, 1) for one in _LATER)]:
        found = pattern.search(text)
        if found is not None:
            said, unit = (found["n"] or "1").lower(), found["unit"].lower()
            count = sign * (int(said) if said.isdecimal() else _COUNTS.get(said, 1))
            days = 7 if re.search(r"week|周|星期", unit) else 0 if re.search(r"hour|小时", unit) else 1
            return _Step(days * count, 0 if days else count, *found.span())
    return None


def _moved(interval: Interval, step: _Step, now: datetime, zone: tzinfo | None) -> Interval:
    """Return the time of the question before, moved by whole days of the wall clock or by hours; never cut at now."""
    start, end = (to_local(at_us, zone) for at_us in (interval.start_us, interval.end_us))
    if step.hours:
        hours = timedelta(hours=step.hours)
        return Interval(to_us(start + hours), to_us(end + hours))
    if step.days < 0 and abs(interval.end_us - to_us(now)) < 1_000_000:  # "today" was cut at now: its day is meant
        end = datetime.combine(end.date() + timedelta(days=1), datetime.min.time(), end.tzinfo)
    return Interval(_wall(start, step.days, zone), _wall(end, step.days, zone))


def _wall(moment: datetime, days: int, zone: tzinfo | None) -> int:
    """Return the same wall time so many days on, however the clocks were changed meanwhile."""
    return to_us((moment.replace(tzinfo=None) + timedelta(days=days)).replace(tzinfo=zone))
