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
_REASONS_ZH = {
    "stopped": "录制已停止", "the recorder was killed": "录制程序被终止", "the recorder failed": "录制程序出错",
    "no screen": "没有屏幕", "excluded": "已排除", "disk full": "磁盘已满", "paused": "已暂停", "forgotten": "已删除",
    "idle": "无人操作", "locked": "屏幕已锁定", "suspended": "已休眠", "the clock was changed": "时钟被更改",
    "the recorder was held up": "录制程序受阻", "the machine was shut down": "已关机",
}  # fmt: skip


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
    measured: str
    visits: str
    counted: str
    listed: str
    last_of: str
    first_of: str
    right_before: str
    right_after: str
    anchor: str
    nothing_before_it: str
    nothing_after_it: str
    anchor_missing: str
    compared: str
    added: str
    gone: str
    unchanged: str
    seen_once: str
    a_day: str
    things: dict[str, tuple[str, str]]


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
    measured="{what}: {active} on the screen, {span}.",
    visits="{what}: {times}, {span}.",
    counted="{count} {things}, {span}.",
    listed="{things}, {span}:",
    last_of="Last on the screen on {day} at {end}, {window} (since {start}).",
    first_of="First on the screen on {day} at {start}, {window} (until {end}).",
    right_before="Right before it, {day} {start}–{end}: {window}",
    right_after="Right after it, {day} {start}–{end}: {window}",
    anchor="On {day} at {start}: {window}",
    nothing_before_it="Nothing was recorded before it.",
    nothing_after_it="Nothing was recorded after it.",
    anchor_missing="What it should have come before or after is not in the record.",
    compared="{window}: {first} compared with {last}.",
    added="New: “{quote}”",
    gone="No longer there: “{quote}”",
    unchanged="No line of it has changed.",
    seen_once="It stood on the screen only once in that time, so there is nothing to compare it with.",
    a_day="{day}: {active}; {what}",
    things={
        "page": ("page", "pages"), "document": ("document", "documents"), "app": ("application", "applications"),
        "window": ("window", "windows"), "meeting": ("meeting", "meetings"), "session": ("session", "sessions"),
    },
)  # fmt: skip

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
    measured="{what}：屏幕上共 {active}（{span}）。",
    visits="{what}：{times}（{span}）。",
    counted="{count} 个{things}（{span}）。",
    listed="{things}（{span}）：",
    last_of="最后一次出现在屏幕上是 {day} {end}，{window}（从 {start} 起）。",
    first_of="第一次出现在屏幕上是 {day} {start}，{window}（到 {end} 为止）。",
    right_before="在此之前，{day} {start}–{end}：{window}",
    right_after="在此之后，{day} {start}–{end}：{window}",
    anchor="{day} {start}：{window}",
    nothing_before_it="在此之前没有任何记录。",
    nothing_after_it="在此之后没有任何记录。",
    anchor_missing="记录中找不到作为先后依据的内容。",
    compared="{window}：{first} 与 {last} 相比。",
    added="新增：“{quote}”",
    gone="不再出现：“{quote}”",
    unchanged="其中没有一行有变化。",
    seen_once="这段时间里它只在屏幕上出现过一次，没有可以比较的内容。",
    a_day="{day}：{active}；{what}",
    things={
        "page": ("网页", "网页"), "document": ("文档", "文档"), "app": ("应用", "应用"), "window": ("窗口", "窗口"),
        "meeting": ("会议", "会议"), "session": ("时段", "时段"),
    },
)  # fmt: skip


def wording(language: Language) -> Wording:
    """Return the sentences of a language."""
    return CHINESE if language == "zh" else ENGLISH


def day_text(at_us: int, offset_s: int, language: Language) -> str:
    """Return the local date of an instant: Tue 24 Nov 2026, 2026年11月24日周二."""
    day = at_offset(at_us, offset_s)
    if language == "zh":
        return f"{day.year}年{day.month}月{day.day}日周{_WEEKDAYS_ZH[day.weekday()]}"
    return f"{day:%a} {day.day} {day:%b %Y}"


def month_text(at_us: int, offset_s: int, language: Language) -> str:
    """Return the local month of an instant: Nov 2026, 2026年11月."""
    day = at_offset(at_us, offset_s)
    return f"{day.year}年{day.month}月" if language == "zh" else f"{day:%b %Y}"


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


def times_text(count: int, language: Language) -> str:
    """Return how often: once, twice, 3 times, 3 次."""
    if language == "zh":
        return f"{count} 次"
    return {1: "once", 2: "twice"}.get(count, f"{count} times")


def reason_text(reason: str, language: Language) -> str:
    """Return why nothing was recorded; "excluded: KeePassXC" keeps its name."""
    if language == "en":
        return reason
    kind, _, what = reason.partition(": ")
    return _REASONS_ZH.get(kind, kind) + (f"：{what}" if what else "")


def window_text(window: Window, language: Language) -> str:
    """Return a window by its application and title."""
    parts = [" ".join(part.split()) for part in (window.app, window.title) if part]
    return " · ".join(parts) or wording(language).unknown_window
