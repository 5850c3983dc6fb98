"""A day or a week in plain sentences, lines or Markdown, in English or Chinese; the same for the same record.

Owns the words and the form; what is told comes from digest.py.  Called by `dayreel day` and `dayreel week`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import tzinfo

from assistant.categories import Categories
from assistant.digest import Digest, Notable
from assistant.projects import plain_title
from assistant.question import Language
from assistant.sessions import Activity, Session, time_by
from assistant.wording import clock_text, clock_texts, day_text, duration_text, reason_text, span_text, wording
from timeline.clock import SECOND_US, offset_s
from timeline.model import Gap, Interval, Window

MOST_TITLES = 3
MOST_ROWS = 10
LEAST_GAP_US = 60 * SECOND_US
_MARKED = re.compile(r"([\\`*_\[\]<>#|~])")
_HEADINGS = {
    "en": ("Sessions", "By category", "By application", "By project", "Documents", "Pages", "Not recorded"),
    "zh": ("时段", "按类别", "按应用", "按项目", "文档", "网页", "没有记录"),
}
_TOTAL = {"en": "{when}: {active} at the screen", "zh": "{when}：屏幕前 {active}"}
_SUMMARY = {"en": "{category} for {active}: {what}", "zh": "{category} {active}：{what}"}
_NOTHING = {"en": "{when}: nothing was recorded.", "zh": "{when}：没有任何记录。"}


def session_summary(session: Session, categories: Categories, language: Language) -> str:
    """Return one line about a session: its category, how long, and the windows that had most of its time."""
    return _SUMMARY[language].format(
        category=categories.name(session.category, language),
        active=duration_text(session.active_us, language),
        what=what_text(session.activities, language),
    )


def what_text(activities: Sequence[Activity], language: Language) -> str:
    """Return the titles that had most of the time, the applications beside them where there are several."""
    windows = list(dict.fromkeys(time_by(activities, lambda each: Window(each.window.app, plain_title(each.window)))))
    several = len({each.app for each in windows[:MOST_TITLES]}) > 1
    shown = [printable(_name(each, language, with_app=several)) for each in windows[:MOST_TITLES]]
    titles = ("、" if language == "zh" else ", ").join(shown)
    return titles if several or not windows[0].app or not windows[0].title else f"{titles} ({windows[0].app})"


def _name(window: Window, language: Language, *, with_app: bool) -> str:
    if not window.title:
        return window.app or wording(language).unknown_window
    return f"{window.title} ({window.app})" if with_app and window.app else window.title


def lines_of(one: Digest, categories: Categories, language: Language, zone: tzinfo | None = None) -> list[str]:
    """Return a digest as lines for a terminal."""
    made = [_heading(one, language, zone)]
    for heading, rows in _parts(one, categories, language, zone):
        made += ["", heading, *(f"  {row}" for row in rows)]
    return made


def markdown_of(one: Digest, categories: Categories, language: Language, zone: tzinfo | None = None) -> str:
    """Return a digest as Markdown; nothing of the screen is markup in it."""
    made = [f"# {_escaped(_heading(one, language, zone))}"]
    for heading, rows in _parts(one, categories, language, zone):
        made += ["", f"## {heading}", "", *(f"- {_escaped(row)}" for row in rows)]
    return "\n".join(made) + "\n"


def printable(text: str) -> str:
    """Return a text of the screen on one line, without control characters."""
    return " ".join("".join(char if char.isprintable() else " " for char in text).split())


def _heading(one: Digest, language: Language, zone: tzinfo | None) -> str:
    start_us, end_us = one.interval.start_us, one.interval.end_us - 1
    first, last = (day_text(at, offset_s(at, zone), language) for at in (start_us, end_us))
    when = first if first == last else f"{first} – {last}"
    template = _TOTAL if one.active_us else _NOTHING
    return template[language].format(when=when, active=duration_text(one.active_us, language))


def _parts(
    one: Digest, categories: Categories, language: Language, zone: tzinfo | None
) -> Iterable[tuple[str, list[str]]]:
    rows = (
        [_session_row(each, one, categories, language) for each in one.sessions],
        _totals({categories.name(key, language): spent for key, spent in one.by_category.items()}, language),
        _totals({app or wording(language).unknown_window: spent for app, spent in one.by_app.items()}, language),
        _totals(one.by_project, language),
        [_notable_row(each, language) for each in one.documents],
        [_notable_row(each, language) for each in one.pages],
        [_gap_row(each, language, zone) for each in one.gaps if each.end_us - each.start_us >= LEAST_GAP_US],
    )
    return ((heading, part) for heading, part in zip(_HEADINGS[language], rows, strict=True) if part)


def _session_row(session: Session, one: Digest, categories: Categories, language: Language) -> str:
    first, last = session.activities[0].moment, session.activities[-1].moment
    start, end = clock_texts(session.start_us, session.end_us, first.offset_s, last.offset_s)
    day = day_text(session.start_us, first.offset_s, language)
    several = day != day_text(one.interval.end_us - 1, last.offset_s, language)
    when = f"{day} {start}–{end}" if several and _is_long(one) else f"{start}–{end}"
    return f"{when}  {session_summary(session, categories, language)}"


def _is_long(one: Digest) -> bool:
    return one.interval.end_us - one.interval.start_us > 2 * 86_400 * SECOND_US


def _totals(spent: Mapping[str, int], language: Language) -> list[str]:
    return [f"{printable(name)}: {duration_text(us, language)}" for name, us in list(spent.items())[:MOST_ROWS]]


def _notable_row(one: Notable, language: Language) -> str:
    first = clock_text(one.first_us, one.offset_s)
    return f"{printable(one.name)}: {duration_text(one.active_us, language)} ({first})"


def _gap_row(gap: Gap, language: Language, zone: tzinfo | None) -> str:
    return f"{span_text(Interval(gap.start_us, gap.end_us), language, zone)}: {reason_text(gap.reason, language)}"


def _escaped(row: str) -> str:
    return _MARKED.sub(r"\\\1", row)
