"""The sentences of answers that the record gives by itself, in English and Chinese.

Owns the words, the form of dates and durations, nothing else.  Called by record.py and answer.py.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import tzinfo

from assistant.question import Language
from timeline.clock import SECOND_US, at_offset, offset_s
from timeline.model import Interval, Window

_WEEKDAYS_ZH = "一二三四五六日"
_MINUTE_S = 60


@dataclass(frozen=True, slots=True)
class Wording:
    """The sentences of one language; each is filled in with str.format."""

    found: str
    sight: str
    last: str
    first: str
    stretches: str
    stretch: str
    more: str
    gap: str
    no_answer: str
    recorded_then: str
    nothing_then: str
    nothing_before: str
    nothing_then_because: str
    nothing_ever: str
    unknown_window: str


ENGLISH = Wording(
    found="This stood on the screen:",
    sight="{day} {start}–{end}, {window}: “{quote}”",
    last="Last on the screen on {day} at {end}, {window}: “{quote}”",
    first="First on the screen on {day} at {start}, {window}: “{quote}”",
    stretches="{span}: {active} on the screen; windows: {count}.",
    stretch="{day}{start}–{end}, {window}: {active}",
    more="Other windows ({count}): {active}.",
    gap="Nothing was recorded {span} ({reason}).",
    no_answer="The record holds no answer to this.",
    recorded_then="{active} were recorded {span}, and nothing there answers it.",
    nothing_then="Nothing was recorded {span}.",
    nothing_before="Nothing was recorded before {end}.",
    nothing_then_because="Nothing was recorded {span}: {reasons}.",
    nothing_ever="Nothing has been recorded yet.",
    unknown_window="an unknown window",
)

CHINESE = Wording(
    found="屏幕上出现过：",
    sight="{day} {start}–{end}，{window}：“{quote}”",
    last="最后一次出现在屏幕上是 {day} {end}，{window}：“{quote}”",
    first="第一次出现在屏幕上是 {day} {start}，{window}：“{quote}”",
    stretches="{span}：屏幕活动 {active}，共 {count} 个窗口。",
    stretch="{day}{start}–{end}，{window}：{active}",
    more="另有 {count} 个窗口：{active}。",
    gap="{span} 没有记录（{reason}）。",
    no_answer="记录中没有这个问题的答案。",
    recorded_then="{span} 有 {active} 的记录，但其中没有答案。",
    nothing_then="{span} 没有任何记录。",
    nothing_before="{end} 之前没有任何记录。",
    nothing_then_because="{span} 没有任何记录：{reasons}。",
    nothing_ever="还没有任何记录。",
    unknown_window="未知窗口",
)


def wording(language: Language) -> Wording:
    """Return the sentences of a language."""
    return CHINESE if language == "zh" else ENGLISH


def day_text(at_us: int, offset_s: int, language: Language) -> str:
    """Return the local date of an instant: Tue 24 Nov 2026, 2026年11月24日周二."""
    day = at_offset(at_us, offset_s)
    if language == "zh":
        return f"{day.year}年{day.month}月{day.day}日周{_WEEKDAYS_ZH[day.weekday()]}"
    return f"{day:%a} {day.day} {day:%b %Y}"


def clock_text(at_us: int, offset_s: int) -> str:
    """Return the local time of an instant: 14:05."""
    return f"{at_offset(at_us, offset_s):%H:%M}"


def clock_texts(start_us: int, end_us: int, offset_s: int, end_offset_s: int | None = None) -> tuple[str, str]:
    """Return the local times of a start and an end; with seconds when both are in one minute: 14:05:10, 14:05:40."""
    start, end = at_offset(start_us, offset_s), at_offset(end_us, offset_s if end_offset_s is None else end_offset_s)
    form = "%H:%M:%S" if f"{start:%F %R}" == f"{end:%F %R}" else "%H:%M"
    return start.strftime(form), end.strftime(form)


def span_text(interval: Interval, language: Language, zone: tzinfo | None) -> str:
    """Return a stretch of time, the day of its end only when it is another one."""
    starts_s, ends_s = offset_s(interval.start_us, zone), offset_s(interval.end_us, zone)
    first, last = day_text(interval.start_us, starts_s, language), day_text(interval.end_us, ends_s, language)
    start, end = clock_texts(interval.start_us, interval.end_us, starts_s, ends_s)
    return f"{first} {start} – {end if first == last else f'{last} {end}'}"


def duration_text(duration_us: int, language: Language) -> str:
    """Return a duration in the two units that tell most: 2 h 5 min, 1 min 40 s."""
    names = ("小时", "分钟", "秒") if language == "zh" else ("h", "min", "s")
    minutes, seconds = divmod(rounded_us(duration_us) // SECOND_US, _MINUTE_S)
    counts = (minutes // 60, minutes % 60, seconds)
    return " ".join(f"{count} {name}" for count, name in zip(counts, names, strict=True) if count) or f"0 {names[2]}"


def rounded_us(duration_us: int) -> int:
    """Return a duration as duration_text shows it: whole minutes, below two of them whole seconds."""
    seconds = max(round(duration_us / SECOND_US), 0)
    return (seconds if seconds < 2 * _MINUTE_S else round(seconds / _MINUTE_S) * _MINUTE_S) * SECOND_US


def window_text(window: Window, language: Language) -> str:
    """Return a window by its application and title."""
    parts = [" ".join(part.split()) for part in (window.app, window.title) if part]
    return " · ".join(parts) or wording(language).unknown_window
