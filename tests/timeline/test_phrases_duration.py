"""Lengths of time as they are said on the command line, in both languages."""

from __future__ import annotations

import pytest

from timeline.errors import WrongUsage
from timeline.phrases.duration import parse_duration


@pytest.mark.parametrize(
    ("said", "seconds"),
    [
        *(("30m", 1800), ("2h", 7200), ("90s", 90), ("1h30m", 5400), ("1h 30m", 5400), ("1.5h", 5400), ("1d", 86400)),
        *(("90 min", 5400), ("2 hours, 5 minutes", 7500), ("an hour and 10 seconds", 3610), ("half an hour", 1800)),
        *(("半小时", 1800), ("半个小时", 1800), ("两小时", 7200), ("一个半小时", 5400), ("一刻钟", 900)),
        *(("三十分钟", 1800), ("1小时20分", 4800), ("45 秒", 45), (" 10M ", 600)),
    ],
)
def test_a_length_is_understood(said: str, seconds: float) -> None:
    """Numbers and units, joined or apart."""
    assert parse_duration(said) == seconds


@pytest.mark.parametrize(
    "said", ["", "   ", "30", "m", "0m", "-5m", "30 parsecs", "1h30", "tomorrow", "1e5h", "10 mice", "h" * 5000]
)
def test_what_is_no_length_is_told_in_one_sentence(said: str) -> None:
    """With examples, and without repeating all of a long one."""
    with pytest.raises(
        WrongUsage, match=r"is not understood as a length of time; give 30m, 2h, 1h30m or 半小时\.$"
    ) as told:
        parse_duration(said)
    assert len(str(told.value)) < 150


@pytest.mark.parametrize("said", ["400d", "9" * 400 + "h"])
def test_more_than_a_year_is_refused(said: str) -> None:
    """Who wants no end gives none."""
    with pytest.raises(WrongUsage, match="longer than a year"):
        parse_duration(said)
