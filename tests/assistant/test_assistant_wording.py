"""How answers show durations and spans."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from assistant.question import Language
from assistant.wording import clock_texts, duration_text, rounded_us, span_text
from timeline.clock import SECOND_US, to_us
from timeline.model import Interval

START_US = to_us(datetime(2026, 3, 10, 9, 2, 10, tzinfo=UTC))


@pytest.mark.parametrize(
    ("seconds", "language", "text"),
    [
        (0, "en", "0 s"),
        (40, "en", "40 s"),
        (60, "en", "1 min"),
        (100, "en", "1 min 40 s"),
        (100, "zh", "1 分钟 40 秒"),
        (119.6, "en", "2 min"),
        (160, "en", "3 min"),
        (3600, "en", "1 h"),
        (7500, "zh", "2 小时 5 分钟"),
    ],
)
def test_a_duration_has_at_most_two_units(seconds: float, language: Language, text: str) -> None:
    """Seconds count below two minutes."""
    assert duration_text(round(seconds * SECOND_US), language) == text


def test_a_rounded_duration_is_shown_as_it_is() -> None:
    """What is added up is what stands in the lines."""
    shown_us = rounded_us(145 * SECOND_US)
    assert (shown_us, duration_text(145 * SECOND_US, "en")) == (120 * SECOND_US, "2 min")


@pytest.mark.parametrize(
    ("seconds", "texts"), [(50, ("09:02", "09:03")), (30, ("09:02:10", "09:02:40")), (24 * 3600, ("09:02", "09:02"))]
)
def test_a_span_inside_one_minute_has_seconds(seconds: int, texts: tuple[str, str]) -> None:
    """The same time twice would say nothing."""
    assert clock_texts(START_US, START_US + seconds * SECOND_US, 0) == texts


def test_a_short_stretch_of_time_has_seconds() -> None:
    """The sentences of gaps and of what was recorded use the same times."""
    short = Interval(START_US, START_US + 20 * SECOND_US)
    assert span_text(short, "en", UTC) == "Tue 10 Mar 2026 09:02:10 – 09:02:30"
